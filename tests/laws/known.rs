//! Cases that once were wrong, or that the random ones should not be trusted to find, each put to both laws.

use mcppol::{catalog::Server, hir::model::Literal, syntax::literal::quote};
use serde_json::{Value, json};

use super::{
    Referee,
    calls::alike,
    traps::{NUMBERS, TEXTS, number, wild},
    world,
};

/// A server with one tool of arguments of many types, all optional, and one each of other names.
fn server(names: &[&str]) -> Server {
    let params = json!([
        {"name": "text", "type": ["string"], "required": false},
        {"name": "amount", "type": ["integer"], "required": false},
        {"name": "flag", "type": ["boolean"], "required": false},
        {"name": "any", "required": false}
    ]);
    let tool = |name: &&str| json!({"name": name, "category": "write", "risk": "medium", "signals": [], "why": "made up", "params": params});
    let tools: Vec<Value> = names.iter().map(tool).collect();
    let file = json!({"format": 1, "id": world::SERVER, "name": "Odd", "source": "made up", "tools": tools});
    mcppol::catalog::parse(file.to_string().as_bytes()).unwrap()
}

/// Puts a policy to both laws under every target, with these calls and some amounts used; the answer is the targets
/// that take it.
fn taken(text: &str, names: &[&str], calls: &[(&str, Value)]) -> Vec<&'static str> {
    let calls: Vec<(String, Value, u64)> =
        calls.iter().flat_map(|(tool, args)| (0..200).map(|used| ((*tool).to_owned(), args.clone(), used))).collect();
    let referee = Referee::default();
    judge(&referee, &server(names), text, &calls);
    let tally = referee.tally.into_inner();
    tally.taken.into_iter().filter(|(_, count)| *count > 0).map(|(target, _)| target).collect()
}

fn judge(referee: &Referee, server: &Server, text: &str, calls: &[(String, Value, u64)]) {
    let text = format!("policy main for {} {{\n{text}\n}}\n", world::SERVER);
    let analysis = referee.analyze(server, &text);
    let Some(checked) = analysis.checked() else { panic!("{text}\n{:#?}", analysis.diagnostics) };
    for policy in checked.policies() {
        if let Err(why) = referee.policy(policy, calls) {
            panic!("{why}\n\n{text}");
        }
    }
}

/// Every literal in every test of it in every clause, on what is equal to it or looks like it. The argument's schema
/// admits anything, so that law 1 holds for each of these calls.
#[test]
fn every_literal_in_every_test() {
    let texts = TEXTS.iter().map(|text| (quote(text), Literal::Text((*text).into())));
    let numbers = NUMBERS.iter().map(|text| ((*text).to_owned(), Literal::Number(number(text))));
    let bools = [true, false].map(|b| (b.to_string(), Literal::Bool(b)));
    let (referee, server) = (Referee::default(), server(&["t"]));
    for (written, literal) in texts.chain(numbers).chain(bools) {
        let mut values: Vec<Value> = (0..12).map(|what| alike(&literal, what)).chain((0..24).map(wild)).collect();
        values.extend([json!(["x", alike(&literal, 0)]), json!(["x", alike(&literal, 4)]), json!("x"), json!(5)]);
        let mut calls: Vec<(String, Value, u64)> =
            values.into_iter().map(|value| ("t".to_owned(), json!({"any": value}), 0)).collect();
        calls.push(("t".to_owned(), json!({}), 0));
        let list = |other: &str| format!("[{written}, {other}]");
        let mut tests = vec![
            format!("== {written}"),
            format!("!= {written}"),
            format!("contains {written}"),
            format!("not contains {written}"),
        ];
        for list in [list("\"x\""), list("5"), list("true"), list("\"5\"")] {
            tests.extend([format!("in {list}"), format!("not in {list}")]);
        }
        if matches!(literal, Literal::Number(_)) {
            tests.extend(["<", "<=", ">", ">="].map(|op| format!("{op} {written}")));
        }
        for test in tests {
            for clause in ["require", "deny if", "ask if"] {
                let text = format!("default deny allow t {{ {clause} args.any {test} because \"reason 1\" }}");
                judge(&referee, &server, &text, &calls);
            }
        }
    }
    let tally = referee.tally.into_inner();
    assert!(tally.taken["policylayer"] > 1_200 && tally.taken["intercept"] > 1_000, "{:?}", tally.taken);
}

#[test]
fn totals_come_after_conditions() {
    let policy = "default deny allow t { limit total args.amount to 1 per minute require args.flag == true }";
    let policy = policy.replace("args.flag == true", "args.text == \"main\"");
    let calls = [
        ("t", json!({"amount": 1, "text": "x"})),
        ("t", json!({"amount": 1, "text": "main"})),
        ("t", json!({"amount": -1, "text": "main"})),
        ("t", json!({"text": "main"})),
    ];
    assert_eq!(taken(&policy, &["t"], &calls), ["intercept"]);
}

#[test]
fn a_file_is_yaml_as_well() {
    // U+0085 is a line break there, so the text would be another one, and what it denies would be let through
    let odd = "a\u{7F}\u{85}\u{2028} b\u{FEFF}";
    let policy = format!("default deny allow t {{ deny if args.text == {} }}", json!(odd));
    let calls = [("t", json!({"text": odd})), ("t", json!({"text": "a b"}))];
    assert_eq!(taken(&policy, &["t"], &calls), ["intercept", "policylayer"]);
}

#[test]
fn the_counters_of_all_tools_are_not_a_tools() {
    let both = ["_global", "t"];
    let calls = [("_global", json!({})), ("t", json!({})), ("u", json!({}))];
    // the proxy keeps what all tools use under `_global`
    let limited = "default deny allow * limit _global to 1 per minute limit t to 30 per minute";
    assert_eq!(taken(limited, &both, &calls), ["policylayer", "rules"]);
    let all = "default allow limit all to 2 per minute allow _global { require args.flag == true }";
    assert_eq!(taken(&all.replace("flag == true", "text == \"main\""), &both, &calls), ["policylayer"]);
    let elsewhere = "default deny allow * except _global limit all to 2 per minute";
    assert_eq!(taken(elsewhere, &both, &calls), ["intercept", "policylayer"]);
}

#[test]
fn a_star_is_no_tool() {
    let calls = [("*", json!({})), ("t", json!({}))];
    // as a key of `tools` it would open the tool
    let all = "default deny allow t limit all to 2 per minute";
    assert_eq!(taken(all, &["*", "t"], &calls), ["policylayer"]);
    assert_eq!(taken("default deny allow t deny \"*\"", &["*", "t"], &calls), [] as [&str; 0]);
    assert_eq!(taken("default deny allow t", &["*", "t"], &calls), ["intercept", "policylayer", "rules"]);
}

#[test]
fn a_blank_name_is_not_hidden() {
    let calls = [(" ", json!({})), ("t", json!({}))];
    assert_eq!(taken("default deny allow t hide \" \"", &[" ", "t"], &calls), ["rules"]);
    assert_eq!(taken("default hide allow t", &[" ", "t"], &calls), ["rules"]);
    assert_eq!(taken("default deny allow *", &[" ", "t"], &calls), ["intercept", "policylayer", "rules"]);
}

#[test]
fn what_asks_too_often_says_so() {
    // turned round, the condition refuses a call without the argument, too, which nobody would be asked about
    let absent = "default deny allow t { ask if args.amount > 5 because \"a lot\" }";
    let calls = [("t", json!({})), ("t", json!({"amount": 5})), ("t", json!({"amount": 6}))];
    assert_eq!(taken(absent, &["t"], &calls), ["intercept", "policylayer"]);
    let alike = "default deny allow t { ask if args.any == 5 }";
    let calls = [("t", json!({"any": "5"})), ("t", json!({"any": 5.0})), ("t", json!({"any": [5]}))];
    assert_eq!(taken(alike, &["t"], &calls), ["intercept", "policylayer"]);
}
