//! What is read back from a compiled document is what the policy meant, and what the document's engine does.

use std::fs;

use mcppol::{
    engine::{self, Counter, Decision},
    hir::{
        Policy, RuleKind,
        checked::Standing,
        model::{Comparison, Condition, Literal, Op},
    },
    pattern::Matcher,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::examples::{analysis, files_below, root};

/// A policy of ours, the document that it compiles to, and what is read from that.
struct Trip {
    file: String,
    source: mcppol::hir::Analysis,
    back: mcppol::hir::Analysis,
    document: Value,
}

fn trips() -> Vec<Trip> {
    let files = files_below("examples", ".policylayer.json");
    let files = files.into_iter().filter(|file| file.matches('.').count() == 2);
    files
        .map(|file| {
            let source = analysis(&format!("{}.mcp", file.split('.').next().unwrap()));
            let server = source.policies()[0].server_name().text.to_string();
            let text = fs::read_to_string(root().join(&file)).unwrap();
            let back = super::analysis(&file, &text, Some(&server));
            Trip { document: serde_json::from_str(&text).unwrap(), file, source, back }
        })
        .collect()
}

/// Approvals become refusals there; a default that hides becomes a list.
#[test]
fn every_tool_keeps_its_standing() {
    let mut seen = 0;
    for trip in trips() {
        let (source, back) = (&trip.source.policies()[0], &trip.back.policies()[0]);
        for id in source.tools() {
            let name = source.tool_name(id);
            let wanted = match source.standing(id) {
                Standing::Asks => Standing::Denied,
                other => other,
            };
            let found = back.tool(name).map_or(Standing::NotGranted, |id| back.standing(id));
            assert_eq!(found, wanted, "{}: {name}", trip.file);
            seen += 1;
        }
    }
    assert!(seen > 200, "{seen}");
}

fn at<'v>(arguments: &'v Value, segments: &[String]) -> Option<&'v Value> {
    segments.iter().try_fold(arguments, |value, segment| value.get(segment))
}

fn same(value: &Value, literal: &Literal) -> bool {
    match literal {
        Literal::Text(text) => value.as_str() == Some(text),
        Literal::Number(number) => value.as_f64() == Some(*number),
        Literal::Bool(wanted) => value.as_bool() == Some(*wanted),
    }
}

/// The semantics of a test as the language reference has it.
fn holds(condition: &Condition, arguments: &Value) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, arguments)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, arguments)),
        Condition::Test(test) => test_holds(test, arguments),
    }
}

fn test_holds(test: &Comparison, arguments: &Value) -> bool {
    let value = at(arguments, &test.path.segments).filter(|value| !value.is_null());
    let Some(value) = value else { return test.op == Op::Missing };
    let number = |fits: &dyn Fn(f64) -> bool| value.as_f64().is_some_and(fits);
    match &test.op {
        Op::Equal(literal) => same(value, literal),
        Op::NotEqual(literal) => !same(value, literal),
        Op::Less(bound) => number(&|n| n < *bound),
        Op::AtMost(bound) => number(&|n| n <= *bound),
        Op::Greater(bound) => number(&|n| n > *bound),
        Op::AtLeast(bound) => number(&|n| n >= *bound),
        Op::In(list) => list.iter().any(|literal| same(value, literal)),
        Op::NotIn(list) => !list.iter().any(|literal| same(value, literal)),
        Op::Matches(pattern) => value.as_str().is_some_and(|text| Matcher::new(pattern).unwrap().is_match(text)),
        Op::Exists => true,
        Op::Missing => false,
        other => panic!("{other:?} is never read from this format"),
    }
}

/// The decision by what was read, counters left out.
fn decide(policy: &Policy, tool: &str, arguments: &Value) -> Decision {
    let Some(id) = policy.tool(tool) else {
        return if policy.is_closed() { Decision::Deny } else { Decision::Allow };
    };
    match policy.standing(id) {
        Standing::Hidden => return Decision::Hidden,
        Standing::Denied | Standing::NotGranted => return Decision::Deny,
        Standing::Asks => return Decision::Ask,
        Standing::Callable => {}
    }
    let refused = policy.rules_of(id).any(|rule| match &rule.kind {
        RuleKind::Require(condition) => !holds(condition, arguments),
        RuleKind::DenyIf(condition) => holds(condition, arguments),
        _ => false,
    });
    if refused { Decision::Deny } else { Decision::Allow }
}

fn argument() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec!["pi_1", "pi_", "movies", "episodes", "shows", "", "x", "/srv/data", "npm test"])
            .prop_map(|text| json!(text)),
        prop::sample::select(vec![0.5, -1.0, 2.0, 100.0, 10_000.0, 10_001.0]).prop_map(|number| json!(number)),
        any::<bool>().prop_map(|value| json!(value)),
        Just(Value::Null),
        Just(json!(["movies"])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_decides_as_what_is_read(values in prop::collection::vec(prop::option::of(argument()), 6)) {
        for trip in trips() {
            let engine = engine::policylayer::load(&trip.document).unwrap();
            let policy = &trip.back.policies()[0];
            let mut tools: Vec<String> = policy.tools().map(|id| policy.tool_name(id).to_owned()).collect();
            tools.push("no_such_tool".to_owned());
            for tool in tools {
                let id = policy.tool(&tool);
                let mut names: Vec<String> = id.and_then(|id| policy.entry(id)).map_or(Vec::new(), |tool| tool.params.iter().map(|param| param.name.clone()).collect());
                names.extend(["amount", "payment_intent"].map(str::to_owned));
                let arguments: Value = names.iter().zip(values.iter().cycle()).filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect::<serde_json::Map<_, _>>().into();
                let call = engine::Call { tool: &tool, args: &arguments };
                let verdict = engine.decide(&call, &|_: &Counter<'_>| Some(0)).unwrap();
                prop_assert_eq!(decide(policy, &tool, &arguments), verdict.decision, "{}: {} {}", trip.file, tool, arguments);
            }
        }
    }
}
