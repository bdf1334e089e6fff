//! Safe fixes change no decision: what a policy decides before them it decides after them. And fixing comes to an end,
//! after which there is nothing to fix and nothing that reads worse.

use std::cell::Cell;

use mcppol::{
    catalog::{Catalogs, Server},
    check::{Fixed, Options, check, fix},
    diagnostic::{Class, Diagnostic},
    eval::{self, Evaluator},
    hir::{Analysis, Environment, NoImports, Source, analyze, checked::CheckedPolicy},
    lint::{Persona, Settings, abouts},
    syntax::literal::Date,
    target,
};
use proptest::{
    collection::vec,
    prop_assert_eq,
    strategy::{Strategy as _, ValueTree as _},
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};

use super::{amount, calls, source, world};
use crate::rules::examples;

/// What says nothing, at the end of a line.
const NOISE: [&str; 6] = [
    "",
    ";",
    " // mcppol: ignore[unknown-tool] -- not yet",
    " // mcppol: ignore[dead-pattern, unknown-tool] -- not yet",
    "\n// mcppol: ignore[missing-argument-fallthrough] -- known",
    "\n  // a remark",
];

fn analysis(catalogs: &Catalogs, text: &str) -> Analysis {
    let source = Source { name: "laws.mcp".to_owned(), text: text.to_owned() };
    analyze(source, &NoImports, Environment { catalogs, today: Date { year: 2026, month: 11, day: 20 } })
}

fn findings(catalogs: &Catalogs, text: &str) -> Vec<Diagnostic> {
    let mut settings = Settings::default();
    settings.persona = Persona::Audit;
    check(&analysis(catalogs, text), &Options::new(target::ALL[0], &settings)).findings
}

fn mended(catalogs: &Catalogs, text: &str, unsafe_too: bool) -> Fixed {
    fix(text, unsafe_too, &mut |text| findings(catalogs, text))
}

fn syntax_errors(catalogs: &Catalogs, text: &str) -> usize {
    findings(catalogs, text).iter().filter(|found| found.code.class == Class::Syntax && found.is_fatal()).count()
}

/// A call, what is used of the counters, and the policy it is for, by its place in the file.
type Drawn = (usize, String, serde_json::Value, u64);

/// Calls near to what the policies of a text speak of.
fn drawn(analysis: &Analysis, specs: &[calls::CallSpec]) -> Vec<Drawn> {
    let policies = || analysis.checked().into_iter().flat_map(|checked| checked.policies());
    let one = |(nth, spec): (usize, &calls::CallSpec)| {
        let (tool, args) = calls::resolve(spec, policies().nth(nth).unwrap().get());
        (nth, tool, args, spec.used)
    };
    (0..policies().count()).flat_map(|nth| specs.iter().map(move |spec| (nth, spec))).map(one).collect()
}

/// What is decided about each call; `None` where the text has errors.
fn decisions(analysis: &Analysis, calls: &[Drawn]) -> Option<Vec<String>> {
    let policies: Vec<CheckedPolicy<'_>> = analysis.checked()?.policies().collect();
    let one = |(nth, tool, args, used): &Drawn| {
        let policy = policies[*nth];
        let counter = |counter: &eval::Counter<'_>| {
            Some(amount(*used, &format!("{:?} {} {:?}", counter.tool, counter.seconds, counter.argument)))
        };
        let decision = Evaluator::new(policy).decide(&eval::Call { tool, arguments: args }, &counter);
        let decision = decision.unwrap_or_else(|unknown| panic!("{unknown}")).decision;
        format!("{} {tool} {args}: {}", policy.name(), decision.name())
    };
    Some(calls.iter().map(one).collect())
}

/// Whether fixing this text keeps what it says, and ends.
fn judge(catalogs: &Catalogs, text: &str, specs: &[calls::CallSpec]) -> Result<Fixed, String> {
    let fixed = mended(catalogs, text, false);
    let (before, after) = (analysis(catalogs, text), analysis(catalogs, &fixed.text));
    let calls = drawn(&before, specs);
    if let (Some(before), Some(after)) = (decisions(&before, &calls), decisions(&after, &calls)) {
        let changed: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
        if !changed.is_empty() || before.len() != after.len() {
            return Err(format!("a safe fix changes what is decided: {changed:#?}"));
        }
    } else if before.checked().is_some() {
        return Err("a safe fix breaks the policy".to_owned());
    }
    for (unsafe_too, fixed) in [(false, fixed.clone()), (true, mended(catalogs, text, true))] {
        if syntax_errors(catalogs, &fixed.text) > syntax_errors(catalogs, text) {
            return Err(format!("it reads worse after its fixes:\n{}", fixed.text));
        }
        let again = mended(catalogs, &fixed.text, unsafe_too);
        if again.text != fixed.text {
            let left: Vec<_> = findings(catalogs, &fixed.text)
                .into_iter()
                .filter_map(|it| Some((it.code.name, it.message, it.fix?)))
                .collect();
            return Err(format!("it is not fixed at once:\n{}\nthen:\n{}\n{left:#?}", fixed.text, again.text));
        }
    }
    Ok(fixed)
}

#[test]
fn safe_fixes_change_no_decision() {
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]));
    let strategy = (world::tools(), source::policy(), vec(0..NOISE.len() * 3, 1..40), vec(calls::call(), 10..30));
    let (fixed, compared, built_in) = (Cell::new(0), Cell::new(0), Catalogs::embedded());
    let outcome = runner.run(&strategy, |(tools, policy, noise, specs)| {
        let server: Server = world::server(&tools);
        let catalogs = built_in.clone().with(server.clone());
        let plain = source::write(&policy, &server).text;
        let lines = plain.lines().zip(noise.iter().cycle());
        let noisy: String = lines.map(|(line, at)| format!("{line}{}\n", NOISE.get(*at).unwrap_or(&""))).collect();
        let fail = |why: String| TestCaseError::fail(format!("{why}\n\n{noisy}"));
        let result = judge(&catalogs, &noisy, &specs).map_err(fail)?;
        fixed.set(fixed.get() + result.safe);
        // the noise says nothing, so what is left says what the plain text says
        let plain = analysis(&catalogs, &plain);
        let calls = drawn(&plain, &specs);
        let wanted = decisions(&plain, &calls);
        let left = wanted.as_ref().and_then(|_| decisions(&analysis(&catalogs, &result.text), &calls));
        compared.set(compared.get() + usize::from(wanted.is_some()));
        prop_assert_eq!(left, wanted, "{}\n\n{}", noisy, result.text);
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{}", reason.message()),
        Err(other) => panic!("{other}"),
    }
    let (fixed, compared) = (fixed.get(), compared.get());
    assert!(fixed > 400 && compared > 150, "{fixed} fixes, and {compared} policies that are sound");
}

/// Every rule's own bad examples.
#[test]
fn examples_are_fixed_without_harm() {
    let catalogs = Catalogs::embedded();
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]));
    let specs = vec(calls::call(), 100..101).new_tree(&mut runner).unwrap().current();
    let mut fixed = 0;
    for about in abouts() {
        let bad = examples(about.page).into_iter().filter(|(heading, _)| *heading == "## Bad");
        for text in bad.filter(|(_, it)| it.file == "test.mcp").map(|(_, it)| it.text) {
            match judge(&catalogs, &text, &specs) {
                Ok(result) => fixed += result.safe,
                Err(why) => panic!("{}: {why}\n\n{text}", about.code.name),
            }
        }
    }
    assert!(fixed > 3, "{fixed} safe fixes in all examples");
}
