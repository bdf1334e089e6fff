//! What is imported is what the document said: compiling, importing and compiling again gives the same bytes; and of
//! documents that nobody here wrote, the engine decides each call by the imported policy as by the original, or more
//! strictly where a note speaks of the tool.

use std::{cell::RefCell, collections::BTreeMap};

use mcppol::{
    catalog::{Catalogs, Server},
    diagnostic::Diagnostic,
    engine::{self, Decision},
    foreign,
    hir::{Analysis, Environment, NoImports, Source, analyze, model::Literal},
    import::{self, Imported, Options},
    syntax::literal::Date,
    target,
};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseError};
use serde_json::{Map, Value, json};

use super::{
    calls,
    law::Engine,
    source,
    traps::{NUMBERS, PATTERNS, PLACES, TEXTS, json_number, number, wild},
    world::{self, SERVER, TOOLS},
};

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

fn imported(text: &str, target: &str, catalogs: &Catalogs, server: Option<&str>) -> Result<Imported, String> {
    let source = Source { name: format!("it.{target}.json"), text: text.to_owned() };
    let format = foreign::recognise(&source.name, text).ok_or("of no format")?;
    assert_eq!(format.name, target);
    let environment = Environment { catalogs, today: TODAY };
    import::import(&source, format, Options { server, policy: None }, environment)
        .map_err(|problems| format!("{problems:#?}"))
}

fn analysed(text: &str, catalogs: &Catalogs) -> Analysis {
    let source = Source { name: "imported.mcp".to_owned(), text: text.to_owned() };
    analyze(source, &NoImports, Environment { catalogs, today: TODAY })
}

#[test]
fn compiled_documents_come_back_as_they_were() {
    let catalogs = Catalogs::embedded();
    let seen: RefCell<BTreeMap<(&str, bool), usize>> = RefCell::default();
    let strategy = (world::tools(), source::policy());
    super::tried(CASES, 11, &strategy, |(tools, policy)| {
        let server = world::server(&tools);
        let catalogs = catalogs.clone().with(server.clone());
        let written = source::write(&policy, &server);
        let analysis = analysed(&written.text, &catalogs);
        let Some(checked) = analysis.checked() else { return Ok(()) };
        for policy in checked.policies() {
            for target in target::ALL {
                let Some(document) = target.lower(policy).text() else { continue };
                let named = Some(&*policy.get().server_name().text);
                again(&document, target, &catalogs, named).map_err(|why| {
                    TestCaseError::fail(format!("{}: {why}\n\n{document}\n{}", target.name, written.text))
                })?;
                let narrowed = document.contains("conditions");
                *seen.borrow_mut().entry((target.name, narrowed)).or_default() += 1;
            }
        }
        Ok(())
    });
    let seen = seen.into_inner();
    for one in [("policylayer", true), ("policylayer", false), ("intercept", true), ("rules", false)] {
        assert!(seen.get(&one).is_some_and(|count| *count > 20), "{one:?}: {seen:?}");
    }
}

fn again(document: &str, target: &target::Target, catalogs: &Catalogs, server: Option<&str>) -> Result<(), String> {
    let imported = imported(document, target.name, catalogs, server)?;
    let analysis = analysed(&imported.text, catalogs);
    let text = &imported.text;
    let checked = analysis.checked().ok_or_else(|| format!("does not check\n{text}\n{:#?}", analysis.diagnostics))?;
    let policy = checked.policies().next().unwrap();
    let lowered = target.lower(policy);
    let second = lowered.text().ok_or_else(|| format!("does not compile\n{text}\n{:#?}", lowered.diagnostics))?;
    if second != document {
        return Err(format!("another document\n{text}\n{second}\n{:#?}", imported.notes));
    }
    if imported.stricter() > 0 || !imported.same_document {
        return Err(format!("the same document, and yet\n{text}\n{:#?}", imported.notes));
    }
    Ok(())
}

const CASES: u32 = 400;

/// Choices by number, so that failures shrink.
struct Choices<'c>(std::slice::Iter<'c, usize>);

impl Choices<'_> {
    fn of(&mut self, most: usize) -> usize {
        self.0.next().map_or(0, |choice| choice % most)
    }

    fn among<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.of(all.len())].clone()
    }
}

fn scalar(choices: &mut Choices<'_>) -> Value {
    match choices.of(8) {
        0..=2 => json!(choices.among(&TEXTS)),
        3..=4 => json_number(number(choices.among(&NUMBERS))),
        5 => json!(choices.of(2) == 0),
        6 => json!(choices.among(&["main", "open", "/srv/data"])),
        _ => wild(choices.of(64)),
    }
}

const OWN: [&str; 12] = [
    "main",
    "^main$",
    "^ma|in$",
    "(?m:^main)",
    r"\Amain",
    "^(?:main|open)$",
    r"\pL+",
    "(?i)^MAIN",
    "main$",
    "(?s:.*)x",
    "^/srv/data",
    "^https://api\\.example\\.com/",
];

fn condition(choices: &mut Choices<'_>) -> Value {
    let path = choices.among(&["name", "amount", "flag", "any", "cfg.deep", "labels", "price"]);
    let list = |choices: &mut Choices<'_>| {
        let length = choices.of(4);
        (0..length).map(|_| scalar(choices)).collect::<Value>()
    };
    let (op, value) = match choices.of(12) {
        0 => ("eq", scalar(choices)),
        1 => ("neq", scalar(choices)),
        2 => ("in", list(choices)),
        3 => ("not_in", list(choices)),
        4 => ("lt", json_number(number(choices.among(&NUMBERS)))),
        5 => ("lte", json_number(number(choices.among(&NUMBERS)))),
        6 => ("gt", json_number(number(choices.among(&NUMBERS)))),
        7 => ("gte", json_number(number(choices.among(&NUMBERS)))),
        8 => ("exists", json!(choices.of(2) == 0)),
        9 => ("contains", scalar(choices)),
        10 => ("regex", json!(choices.among(&PATTERNS))),
        _ => ("regex", json!(choices.among(&OWN))),
    };
    json!({ "path": format!("args.{path}"), "op": op, "value": value })
}

fn conditions(choices: &mut Choices<'_>, least: usize) -> Value {
    let length = least + choices.of(3);
    let mut out: Vec<Value> = (0..length).map(|_| condition(choices)).collect();
    // halves of what the compiler writes
    if choices.of(4) == 0
        && let Some(first) = out.first().cloned()
    {
        out.insert(0, json!({ "path": first["path"], "op": "exists", "value": true }));
    }
    Value::Array(out)
}

fn with_reason(choices: &mut Choices<'_>, mut rule: Value) -> Value {
    match choices.of(5) {
        0 => rule["on_deny"] = json!("no"),
        1 => rule["on_deny"] = json!("Requires human approval: ask"),
        2 => rule["on_deny"] = json!(""),
        _ => {}
    }
    rule
}

fn policylayer(choices: &mut Choices<'_>) -> Value {
    let mut tools = Map::new();
    for nth in 0..1 + choices.of(4) {
        let mut entry = Map::new();
        for list in ["require", "deny_if"] {
            let least = usize::from(choices.of(12) > 0);
            let entries: Vec<Value> = (0..choices.of(4))
                .map(|_| {
                    let rule = json!({ "conditions": conditions(choices, least) });
                    with_reason(choices, rule)
                })
                .collect();
            if !entries.is_empty() {
                entry.insert(list.to_owned(), entries.into());
            }
        }
        let limits: Vec<Value> = (0..choices.of(3))
            .map(|limit| {
                let window = choices.among(&["minute", "hour", "day"]);
                let counter = if choices.of(20) == 0 { "shared".to_owned() } else { format!("{nth}-{limit}") };
                json!({ "counter": counter, "window": window, "max": 1 + choices.of(5), "scope": "grant" })
            })
            .collect();
        if !limits.is_empty() {
            entry.insert("limits".to_owned(), limits.into());
        }
        if choices.of(24) == 0 {
            entry.insert("rules".to_owned(), json!([]));
        }
        tools.insert(choices.among(&TOOLS[..16]).to_owned(), entry.into());
    }
    let mut out = json!({ "version": "1", "default": choices.among(&["deny", "allow"]), "tools": tools });
    if choices.of(3) == 0 {
        out["hide"] = json!([choices.among(&TOOLS[..16])]);
    }
    if choices.of(24) == 0 {
        out["hide"] = json!(["*", "send"]);
    }
    if choices.of(4) == 0 {
        out["all_tools"] = json!({"limits": [{"counter": "all", "window": "hour", "max": 3, "scope": "grant"}]});
    }
    out
}

fn intercept(choices: &mut Choices<'_>) -> Value {
    let mut tools = Map::new();
    for _ in 0..1 + choices.of(4) {
        let name = if choices.of(8) == 0 { "*" } else { choices.among(&TOOLS[..16]) };
        let scope = if name == "*" { "_global" } else { name };
        let rules: Vec<Value> = (0..choices.of(4))
            .map(|nth| {
                let label = if choices.of(3) == 0 { format!("deny-if-{}", nth + 1) } else { format!("r{nth}") };
                let rule = match choices.of(10) {
                    0 => json!({ "name": label, "action": "deny" }),
                    1..=2 if !name.contains('.') => json!({ "rate_limit": format!("{}/{}", 1 + choices.of(4), choices.among(&["minute", "hour"])), "name": label }),
                    3 if !name.contains('.') => {
                        let op = choices.among(&["lte", "lt", "gte"]);
                        let mut all = conditions(choices, 0);
                        all.as_array_mut().unwrap().push(json!({ "path": format!("state.{scope}.c{nth}"), "op": op, "value": choices.of(5) }));
                        json!({ "name": label, "conditions": all, "state": { "counter": format!("c{nth}"), "window": "day" } })
                    }
                    _ => json!({ "name": label, "conditions": conditions(choices, 1) }),
                };
                with_reason(choices, rule)
            })
            .collect();
        tools.insert(name.to_owned(), json!({ "rules": rules }));
    }
    let mut out = json!({ "version": "1", "default": choices.among(&["deny", "allow"]), "tools": tools });
    if choices.of(4) == 0 {
        out["hide"] = json!([choices.among(&TOOLS[..16])]);
    }
    out
}

fn rules(choices: &mut Choices<'_>) -> Value {
    let mut tools = Map::new();
    for _ in 0..1 + choices.of(4) {
        let rules: Vec<Value> = (0..choices.of(3))
            .map(|_| {
                let action = choices.among(&["allow", "allow", "require_approval", "deny"]);
                let mut rule = json!({ "action": action });
                if action != "deny" && choices.of(2) == 0 {
                    rule["rate_limit"] =
                        json!({ "max": 1 + choices.of(5), "window": choices.among(&[1, 60, 90, 3600]) });
                }
                rule
            })
            .collect();
        tools.insert(choices.among(&TOOLS[..16]).to_owned(), json!({ "rules": rules }));
    }
    json!({ "version": "1", "default": choices.among(&["deny", "allow"]), "tools": tools })
}

/// A call that is about the conditions of a document.
fn call(document: &Value, choices: &mut Choices<'_>) -> (String, Value) {
    let tools = document["tools"].as_object().unwrap();
    let names: Vec<&String> = tools.keys().filter(|name| *name != "*").collect();
    let name = match choices.of(8) {
        0 => choices.among(&["send", "unknown", "delete", "calls"]).to_owned(),
        _ if names.is_empty() => "send".to_owned(),
        _ => names[choices.of(names.len())].clone(),
    };
    let mut found: Vec<&Value> = Vec::new();
    for entry in [tools.get(&name), tools.get("*")].into_iter().flatten() {
        let all = ["require", "deny_if", "rules"].into_iter().filter_map(|list| entry.get(list)?.as_array());
        found.extend(all.flatten().filter_map(|rule| rule["conditions"].as_array()).flatten());
    }
    let mut args = json!({});
    for condition in found {
        let Some(path) = condition["path"].as_str().and_then(|path| path.strip_prefix("args.")) else { continue };
        let value = &condition["value"];
        let operand = match value {
            Value::Array(items) if !items.is_empty() && condition["op"] != "eq" => &items[choices.of(items.len())],
            other => other,
        };
        let literal = match operand {
            Value::String(text) => Some(Literal::Text(text.as_str().into())),
            Value::Bool(value) => Some(Literal::Bool(*value)),
            Value::Number(number) => number.as_f64().map(Literal::Number),
            _ => None,
        };
        let value = match (choices.of(10), &literal) {
            (0, _) => continue,
            (1, _) => json!(null),
            (2, _) => wild(choices.of(64)),
            (3, _) => json!(choices.among(&PLACES)),
            (4, _) => json!(choices.among(&["main", "xmainx", "main\n", "open", "\nmain"])),
            (5, _) => json!([operand]),
            (_, Some(literal)) => calls::alike(literal, choices.of(96)),
            (_, None) => operand.clone(),
        };
        match path.split_once('.') {
            Some((outer, inner)) => args[outer] = json!({ inner: value }),
            None => args[path] = value,
        }
    }
    (name, args)
}

#[test]
fn other_documents_become_no_wider() {
    let embedded = Catalogs::embedded();
    let seen: RefCell<BTreeMap<(&str, &str), usize>> = RefCell::default();
    let strategy = (0..3_usize, any::<bool>(), world::tools(), vec(any::<usize>(), 20..400), any::<u64>());
    super::tried(CASES, 12, &strategy, |(kind, known, tools, choices, seed)| {
        let mut choices = Choices(choices.iter());
        let (target, document) = match kind {
            0 => ("policylayer", policylayer(&mut choices)),
            1 => ("intercept", intercept(&mut choices)),
            _ => ("rules", rules(&mut choices)),
        };
        let server = world::server(&tools);
        let catalogs = if known { embedded.clone().with(server.clone()) } else { embedded.clone() };
        case(target, &document, &catalogs, known.then_some(&server), &mut choices, seed, &seen)
            .map_err(|why| TestCaseError::fail(format!("{target}: {why}\n\n{document:#}")))
    });
    let seen = seen.into_inner();
    for one in ["policylayer", "intercept", "rules"] {
        let count = |what| seen.get(&(one, what)).copied().unwrap_or_default();
        assert!(count("exact") > 5 && count("same") > 500, "{seen:?}");
        assert!(one == "rules" || count("stricter") > 5, "{seen:?}");
    }
}

fn case(
    target: &'static str,
    document: &Value,
    catalogs: &Catalogs,
    server: Option<&Server>,
    choices: &mut Choices<'_>,
    seed: u64,
    seen: &RefCell<BTreeMap<(&'static str, &'static str), usize>>,
) -> Result<(), String> {
    let count = |what| *seen.borrow_mut().entry((target, what)).or_default() += 1;
    let text = serde_json::to_string_pretty(document).unwrap();
    let imported = match imported(&text, target, catalogs, server.map(|_| SERVER)) {
        Ok(imported) => imported,
        Err(_) => {
            count("refused");
            return Ok(());
        }
    };
    let analysis = analysed(&imported.text, catalogs);
    let at = |why: &str| format!("{why}\n\n{}\n{:#?}", imported.text, imported.notes);
    let checked = analysis.checked().ok_or_else(|| at(&format!("does not check: {:#?}", analysis.diagnostics)))?;
    let policy = checked.policies().next().unwrap();
    let compiled = target::named(target).unwrap().lower(policy);
    let compiled = compiled.document().ok_or_else(|| at(&format!("does not compile: {:#?}", compiled.diagnostics)))?;
    let after = Engine::load(target, compiled).map_err(|error| at(&error.to_string()))?;
    let exact = imported.stricter() == 0;
    if exact {
        count("exact");
    }
    // a document whose engine does not take it has no decisions
    let before = match Engine::load(target, document) {
        Ok(before) => before,
        Err(_) if !exact => return Ok(()),
        Err(error) => return Err(at(&format!("imported, and its engine says {error}"))),
    };
    for _ in 0..12 {
        let (tool, args) = call(document, choices);
        let used = |tool: Option<&str>, seconds, argument: Option<&str>| {
            super::amount(seed, &format!("{tool:?} {seconds} {argument:?}"))
        };
        let (was, is) = {
            let call = engine::Call { tool: &tool, args: &args };
            (before.decide(&call, &used).decision, after.decide(&call, &used).decision)
        };
        let passes = |decision| matches!(decision, Decision::Allow | Decision::Ask);
        let about = |note: &&Diagnostic| {
            [format!("`{tool}`").as_str(), "`*`", "every tool", "tools that"]
                .iter()
                .any(|what| note.message.contains(*what))
        };
        let speaks = imported.notes.iter().any(|note| about(&note));
        match (passes(was), passes(is)) {
            (false, true) => return Err(at(&format!("wider: {tool} {args} was {was:?}, is {is:?}"))),
            (true, true) if was == is => count("same"),
            (true, true) => return Err(at(&format!("{tool} {args} was {was:?}, is {is:?}"))),
            (false, false) => count("same"),
            (true, false) if exact => return Err(at(&format!("stricter: {tool} {args} was {was:?}, is {is:?}"))),
            (true, false) if !speaks => return Err(at(&format!("no note: {tool} {args} was {was:?}, is {is:?}"))),
            (true, false) => count("stricter"),
        }
    }
    Ok(())
}
