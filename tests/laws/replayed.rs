//! A decision is one, however it is come by: alone, with its trace, from a record in any form, by a compiled document.

use std::collections::BTreeMap;

use mcppol::{
    engine::{self, Decision},
    eval::{Call, Counter, Evaluator, Outcome, counters},
    record,
    replay::{Counting, Decided, Judge, Replay},
    target,
};
use proptest::{
    collection::vec,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::{Value, json};

use super::{Referee, amount, calls, source, world};

#[test]
fn decisions_do_not_hang_on_how_they_are_asked_for() {
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]));
    let referee = Referee::default();
    let seen = std::cell::RefCell::new(BTreeMap::<&str, usize>::new());
    let strategy = (world::tools(), source::policy(), vec(calls::call(), 5..10));
    let outcome = runner.run(&strategy, |(tools, policy, specs)| {
        let server = world::server(&tools);
        let text = source::write(&policy, &server).text;
        let analysis = referee.analyze(&server, &text);
        let Some(checked) = analysis.checked() else { return Ok(()) };
        for policy in checked.policies() {
            for spec in &specs {
                let (tool, arguments) = calls::resolve(spec, policy.get());
                let used: BTreeMap<String, u64> = counters(policy.get())
                    .iter()
                    .map(|counter| (counter.to_string(), amount(spec.used, &counter.to_string())))
                    .collect();
                let why = |what: String| TestCaseError::fail(format!("{what}\n{tool} {arguments}\n{text}"));
                // alone, with its trace
                let evaluator = Evaluator::new(policy);
                let call = Call { tool: &tool, arguments: &arguments };
                let known = |counter: &Counter<'_>| used.get(&counter.to_string()).copied();
                let alone = evaluator.decide(&call, &known).unwrap();
                let trace = evaluator.trace(&call, &known);
                let traced = trace.verdict.unwrap();
                if format!("{alone:?}") != format!("{traced:?}") {
                    return Err(why(format!("{alone:?} is traced as {traced:?}")));
                }
                let deciding: Vec<_> = trace.steps.iter().filter(|step| step.outcome == Outcome::Decided).collect();
                if deciding.len() != 1 || deciding[0].rule.map(|rule| rule.span) != alone.rule.map(|rule| rule.span) {
                    return Err(why(format!("{:?} does not show what decided", trace.steps)));
                }
                if trace.steps.iter().filter(|step| step.rule.is_none()).count() != 1 {
                    return Err(why("the default comes once".to_owned()));
                }
                *seen.borrow_mut().entry(alone.decision.name()).or_default() += 1;
                // nothing known of counters: the same, or not known
                let blind = evaluator.decide(&call, &|_: &Counter<'_>| None);
                if let Ok(blind) = &blind
                    && blind.decision != alone.decision
                {
                    return Err(why(format!("without counters it is {blind:?}")));
                }
                // a record has an object, and no prefix of the policy's own server
                if !arguments.is_object() || tool.starts_with("mcp__") {
                    continue;
                }
                // from a record
                let start = Some((&used, Counting::OneWindow));
                for form in forms(&tool, &arguments, &policy.server_name().text) {
                    let judge = || Judge::Policy(Evaluator::new(policy));
                    let got = replayed(judge(), start, &form);
                    if (got.decision, &got.message) != (Some(alone.decision), &alone.message) {
                        return Err(why(format!("{form} is {got:?}, not {alone:?}")));
                    }
                    let got = replayed(judge(), None, &form);
                    if got.decision != blind.as_ref().ok().map(|verdict| verdict.decision) {
                        return Err(why(format!("{form} without counters is {got:?}, not {blind:?}")));
                    }
                    *seen.borrow_mut().entry(got.name()).or_default() += usize::from(got.decision.is_none());
                }
                for target in target::ALL {
                    let Some(document) = target.lower(policy).text() else { continue };
                    let document = serde_json::from_str(&document).unwrap();
                    let engine = engine::Policy::load(target.name, &document).unwrap().unwrap();
                    let call = engine::Call { tool: &tool, args: &arguments };
                    let alone = engine.decide(&call, &|_: &engine::Counter<'_>| Some(0)).unwrap();
                    let blind = engine.decide(&call, &|_: &engine::Counter<'_>| None);
                    for form in forms(&tool, &arguments, &policy.server_name().text) {
                        let got = replayed(
                            Judge::Engine(engine.clone()),
                            Some((&BTreeMap::new(), Counting::OneWindow)),
                            &form,
                        );
                        let message = alone.message.as_deref().unwrap_or("no rule refuses it");
                        if (got.decision, &*got.message) != (Some(alone.decision), message) {
                            return Err(why(format!("`{}`: {form} is {got:?}, not {alone:?}", target.name)));
                        }
                        let got = replayed(Judge::Engine(engine.clone()), None, &form);
                        if got.decision != blind.as_ref().ok().map(|verdict| verdict.decision) {
                            return Err(why(format!("`{}`: {form} is {got:?}, not {blind:?}", target.name)));
                        }
                    }
                }
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let seen = seen.into_inner();
    for decision in ["allow", "ask", "deny", "hidden", "limited", "unknown"] {
        assert!(seen.get(decision).is_some_and(|count| *count > 10), "{seen:?}");
    }
}

/// A call in every form in which it can be recorded.
fn forms(tool: &str, arguments: &Value, server: &str) -> Vec<String> {
    let message =
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}});
    let plain = json!({"tool": tool, "args": arguments});
    vec![
        plain.to_string(),
        json!({"id": 5, "arguments": arguments, "tool": tool, "server": server}).to_string(),
        message.to_string(),
        json!({"direction": "in", "message": message}).to_string(),
        json!([{"jsonrpc": "2.0", "method": "ping"}, message]).to_string(),
        serde_json::to_string_pretty(&[plain]).unwrap(),
    ]
}

/// A call by itself; without a start nothing is known of counters.
fn replayed<'a>(judge: Judge<'a>, start: Option<(&BTreeMap<String, u64>, Counting)>, line: &str) -> Decided<'a> {
    let none = BTreeMap::new();
    let (start, counting) = start.unwrap_or((&none, Counting::Times));
    let mut replay = Replay::new(judge, counting, start).unwrap_or_else(|known| panic!("{start:?}: {known:?}"));
    let mut out = Vec::new();
    record::read(line, &mut |_, record| {
        let record = record.unwrap();
        let tool = replay.tool(&record).unwrap().to_owned();
        out.push(replay.decide(&tool, &record));
    });
    assert_eq!(out.len(), 1, "{line}");
    out.pop().unwrap()
}

/// No line whatever becomes a permission that its call would not have.
#[test]
fn garbage_is_never_allowed() {
    let referee = Referee::default();
    let server = world::server(&[]);
    let analysis = referee.analyze(&server, "policy p for odd {\n  default allow\n  on x { require args.a == 1 }\n}\n");
    let policy = analysis.checked().unwrap().policies().next().unwrap();
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 3_000, failure_persistence: None, ..Config::default() },
        TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]),
    );
    let strategy = ("(?s).{0,40}", proptest::option::of(0..400_usize));
    let outcome = runner.run(&strategy, |(noise, cut)| {
        let good = r#"{"tool":"x","args":{"a":1,"b":[1e5,"\u00e9",{"c":null}]},"time":"2026-01-01T00:00:00Z"}"#;
        let line = match cut {
            Some(at) => {
                let at = (0..=at % good.len()).rev().find(|at| good.is_char_boundary(*at)).unwrap_or(0);
                format!("{}{noise}{}", &good[..at], &good[at..])
            }
            None => noise,
        };
        let mut replay = Replay::new(Judge::Policy(Evaluator::new(policy)), Counting::Fresh, &BTreeMap::new()).unwrap();
        record::read(&line, &mut |_, record| {
            let Ok(record) = record else { return };
            let tool = replay.tool(&record).unwrap_or("x").to_owned();
            let decided = replay.decide(&tool, &record);
            // what is allowed is JSON, and of the one tool that a condition guards it is what the condition demands
            let whole: Result<Value, _> = serde_json::from_str(line.trim_matches(['\u{feff}', ' ', '\n', '\r', '\t']));
            if decided.decision == Some(Decision::Allow) && tool == "x" {
                assert_eq!(whole.unwrap()["args"]["a"], 1, "{line}");
            }
        });
        Ok(())
    });
    outcome.unwrap_or_else(|error: proptest::test_runner::TestError<_>| panic!("{error}"));
}
