//! For random servers and policies: proposed tests read and pass, nothing is proposed twice, and what becomes of many
//! calls is what becomes of them one by one.

use std::collections::{BTreeMap, BTreeSet};

use mcppol::{
    catalog::{Catalogs, Server},
    eval::{Call, Counter, Decision, Evaluator, Verdict},
    hir::{Analysis, Environment, NoImports, RuleKind, Source, analyze, checked::CheckedPolicy},
    trial,
};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;

use crate::{
    examples::{CATALOGS, TODAY, analysis, files_below},
    laws::{source, world},
};

/// So many calls are made one by one.
const MOST: u64 = 200;

fn analysed(server: &Server, text: &str) -> Analysis {
    let catalogs = Catalogs::default().with(server.clone());
    let source = Source { name: "p.mcp".to_owned(), text: text.to_owned() };
    analyze(source, &NoImports, Environment { catalogs: &catalogs, today: TODAY })
}

/// Runs the tests of a file, each also call by call; how many calls were compared so.
fn tried(analysis: &Analysis) -> Result<u64, String> {
    let checked = analysis.checked().ok_or_else(|| {
        let fatal: Vec<_> = analysis.diagnostics.iter().filter(|it| it.is_fatal()).map(|it| &it.message).collect();
        format!("it has errors: {fatal:?}")
    })?;
    let mut compared = 0;
    for it in trial::run(checked, &analysis.sources, &|_| true) {
        for made in &it.calls {
            if let Some(failure) = &made.failure {
                return Err(format!("{}: {}", failure.message, made.call.arguments));
            }
            let (Some(policy), Ok(verdict)) = (it.policy, &made.got) else { return Err("nothing decided".to_owned()) };
            if made.call.times <= MOST {
                let wanted = one_by_one(policy, &made.call.tool.text, &made.call.arguments, made.call.times);
                if (wanted.decision, &wanted.message) != (verdict.decision, &verdict.message) {
                    return Err(format!("{verdict:#?} is not {wanted:#?}"));
                }
                compared += made.call.times;
            }
        }
    }
    Ok(compared)
}

/// The language's own words: each call that goes ahead is counted by all of its limits.
fn one_by_one<'a>(policy: CheckedPolicy<'a>, tool: &str, arguments: &Value, times: u64) -> Verdict<'a> {
    let evaluator = Evaluator::new(policy);
    let mut used: BTreeMap<String, u64> = BTreeMap::new();
    let mut last = None;
    for _ in 0..times {
        let amounts = |counter: &Counter<'_>| Some(used.get(&counter.to_string()).copied().unwrap_or(0));
        let verdict = evaluator.decide(&Call { tool, arguments }, &amounts).unwrap();
        if matches!(verdict.decision, Decision::Allow | Decision::Ask) {
            reserve(policy, tool, arguments, &mut used);
        }
        last = Some(verdict);
    }
    last.unwrap()
}

/// What a call that goes ahead takes from the counters.
fn reserve(policy: CheckedPolicy<'_>, tool: &str, arguments: &Value, used: &mut BTreeMap<String, u64>) {
    let rules = policy.tool(tool).into_iter().flat_map(|id| policy.get().rules_of(id)).map(|rule| (Some(tool), rule));
    let mut counted = BTreeSet::new();
    for (tool, rule) in rules.chain(policy.get().rules_of_all().map(|rule| (None, rule))) {
        let (RuleKind::Limit(rate) | RuleKind::LimitAll(rate)) = &rule.kind else { continue };
        let argument = rate.argument.as_ref().map(|path| &*path.segments);
        let amount = argument.map_or(1, |segments| arguments[&segments[0]].as_f64().unwrap() as u64);
        let counter = Counter { tool, seconds: rate.seconds, argument }.to_string();
        if counted.insert(counter.clone()) {
            *used.entry(counter).or_default() += amount;
        }
    }
}

/// Proposes tests for a file, puts them below it and runs them; how many calls there were.
fn proposed(before: &Analysis, again: &dyn Fn(&str) -> Analysis) -> Result<u64, String> {
    let Some(checked) = before.checked() else { return Ok(0) };
    let tests = trial::generate(checked, &before.sources, &|_| true);
    let text = before.sources[0].text.clone() + &tests;
    let after = again(&text);
    let found = tried(&after).map_err(|why| format!("{why}\n\n{text}"))?;
    let more = trial::generate(after.checked().unwrap(), &after.sources, &|_| true);
    if more.is_empty() { Ok(found) } else { Err(format!("proposed once more:\n{more}\n\n{text}")) }
}

#[test]
fn proposals_for_random_policies_pass() {
    let config = Config { cases: 1_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]));
    let calls = std::cell::Cell::new(0);
    let outcome = runner.run(&(world::tools(), source::policy()), |(tools, policy)| {
        let server = world::server(&tools);
        let again = |text: &str| analysed(&server, text);
        let found = proposed(&again(&source::write(&policy, &server).text), &again).map_err(TestCaseError::fail)?;
        calls.set(calls.get() + found);
        Ok(())
    });
    outcome.unwrap_or_else(|why| panic!("{why}"));
    assert!(calls.get() > 5_000, "{} calls", calls.get());
}

#[test]
fn proposals_for_examples_pass_and_show_everything() {
    for path in files_below("examples", ".mcp") {
        let before = analysis(&path);
        let again = |text: &str| {
            let source = Source { name: path.clone(), text: text.to_owned() };
            analyze(source, &crate::examples::Disk, Environment { catalogs: &CATALOGS, today: TODAY })
        };
        proposed(&before, &again).unwrap_or_else(|why| panic!("{path}: {why}"));
        let tests = trial::generate(before.checked().unwrap(), &before.sources, &|_| true);
        let after = again(&(before.sources[0].text.clone() + &tests));
        let checked = after.checked().unwrap();
        let coverage = trial::coverage(checked, &trial::run(checked, &after.sources, &|_| true), &|_| true);
        let missing: Vec<_> = coverage.statements.iter().filter(|it| !it.missing.is_empty()).collect();
        assert!(missing.is_empty(), "{path}: {missing:#?}");
        assert!(coverage.tools.iter().all(|it| it.critical.is_empty()), "{path}: {:#?}", coverage.tools);
    }
}
