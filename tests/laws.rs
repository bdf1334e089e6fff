//! The compiler is right: what a policy means is what its compiled documents do.
//!
//! Two laws, for random servers, policies and calls. On a call that is valid for the tool's schema, the document
//! decides as the policy does, but where a narrowing was announced and for that reason only. On any call whatsoever it
//! is never wider. The policy's meaning is the evaluator's; the document's is that of its engine's referee, which
//! shares no code with the compiler.
//!
//! `MCPPOL_LAWS_CASES` sets the number of cases, `MCPPOL_LAWS_SEED` begins elsewhere; the same numbers are the same run.

mod calls;
mod fixes;
mod import;
mod known;
mod law;
mod replayed;
pub(crate) mod source;
mod tally;
mod traps;
pub(crate) mod world;

use std::{cell::RefCell, env};

use mcppol::{
    catalog::{Catalogs, Server},
    diagnostic::Class,
    engine, eval,
    eval::Evaluator,
    hir::{Analysis, Environment, NoImports, Source, analyze, checked::CheckedPolicy},
    syntax::literal::Date,
    target,
};
use proptest::{
    collection::vec,
    strategy::Strategy,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use serde_json::Value;

use law::{Engine, Trial};
use tally::Tally;

/// How many cases are tried where nothing else is asked for, and how many calls of each.
const CASES: u32 = 5_000;
const CALLS: usize = 20;

#[test]
fn compiled_documents_keep_both_laws() {
    let number = |name| env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let cases = number("MCPPOL_LAWS_CASES").unwrap_or(CASES);
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number("MCPPOL_LAWS_SEED").unwrap_or(0).to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 50_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let referee = Referee::default();
    let strategy = (world::tools(), source::policy(), vec(calls::call(), CALLS / 2..CALLS * 3 / 2));
    let outcome = runner.run(&strategy, |(tools, policy, calls)| {
        let server = world::server(&tools);
        referee.case(&server, &source::write(&policy, &server), &calls).map_err(TestCaseError::fail)
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{}", reason.message()),
        Err(other) => panic!("{other}"),
    }
    let tally = referee.tally.into_inner();
    if cases > CASES {
        #[expect(clippy::print_stderr, reason = "whoever asks for more cases wants to know what they reached")]
        {
            eprintln!("{tally:#?}");
        }
    }
    tally.check();
}

/// Tries so many cases of a strategy, the same ones each time.
fn tried<S: Strategy>(cases: u32, seed: u8, strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let cases = env::var("MCPPOL_LAWS_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 1_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    match runner.run(strategy, test) {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{}", reason.message()),
        Err(other) => panic!("{other}"),
    }
}

/// Judges cases and counts them.
struct Referee {
    schemas: [(&'static str, jsonschema::Validator); 3],
    catalogs: Catalogs,
    tally: RefCell<Tally>,
}

impl Default for Referee {
    fn default() -> Self {
        let schema = |text| jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap();
        Referee {
            schemas: [
                ("policylayer", schema(include_str!("../schemas/policylayer.schema.json"))),
                ("rules", schema(include_str!("../schemas/rules.schema.json"))),
                ("intercept", schema(include_str!("../schemas/intercept.schema.json"))),
            ],
            catalogs: Catalogs::embedded(),
            tally: RefCell::default(),
        }
    }
}

impl Referee {
    fn analyze(&self, server: &Server, text: &str) -> Analysis {
        let catalogs = self.catalogs.clone().with(server.clone());
        let source = Source { name: "laws.mcp".to_owned(), text: text.to_owned() };
        let environment = Environment { catalogs: &catalogs, today: Date { year: 2026, month: 11, day: 20 } };
        analyze(source, &NoImports, environment)
    }

    fn case(&self, server: &Server, written: &source::Written, calls: &[calls::CallSpec]) -> Result<(), String> {
        let text = &written.text;
        self.tally.borrow_mut().cases += 1;
        let analysis = self.analyze(server, text);
        for error in analysis.diagnostics.iter().filter(|error| error.is_fatal()) {
            if error.code.class == Class::Syntax {
                return Err(format!("what is drawn must read: {error:#?}\n\n{text}"));
            }
            *self.tally.borrow_mut().errors.entry(error.code.name).or_default() += 1;
        }
        let Some(checked) = analysis.checked() else { return Ok(()) };
        self.tally.borrow_mut().sound += 1;
        for policy in checked.policies() {
            self.tally.borrow_mut().policies += 1;
            for rule in policy.rules() {
                let at = rule.statement.start as usize;
                let wanted = written.covers.iter().find(|(start, _)| *start == at).map(|(_, tools)| tools);
                let covered = policy.covered(rule).map(|id| policy.tool_name(id).to_owned()).collect();
                if wanted.is_some_and(|wanted| *wanted != covered) {
                    return Err(format!("a rule covers {covered:?} instead of {wanted:?}: {rule:?}\n\n{text}"));
                }
            }
            let resolved: Vec<(String, Value, u64)> = calls
                .iter()
                .map(|call| {
                    let (tool, args) = calls::resolve(call, policy.get());
                    (tool, args, call.used)
                })
                .collect();
            self.policy(policy, &resolved).map_err(|why| {
                let tools: String = server.tools.iter().map(|t| format!("{:?} {:?}\n", t.name, t.params)).collect();
                format!("{why}\n\npolicy {}:\n{text}\n{tools}", policy.get().name())
            })?;
        }
        Ok(())
    }

    /// Compiles a policy for every target, and compares the decisions on every call.
    fn policy(&self, policy: CheckedPolicy<'_>, calls: &[(String, Value, u64)]) -> Result<(), String> {
        let evaluator = Evaluator::new(policy);
        for target in target::ALL {
            let lowered = target.lower(policy);
            let document = lowered.text();
            self.tally.borrow_mut().policy(target.name, &policy, document.is_some());
            let Some(document) = document else { continue };
            if target.lower(policy).text().as_ref() != Some(&document) {
                return Err(format!("`{}`: compiling twice gives two documents", target.name));
            }
            // what counts is the file: as its bytes read, not as they were meant
            let value: Value = serde_json::from_str(&document).unwrap();
            let at = |why: &str| format!("`{}`: {why}\n\n{document}", target.name);
            if lowered.document() != Some(&value) {
                return Err(at("the document and its file differ"));
            }
            // Intercept reads it as YAML, where these are refused or are line breaks
            let raw = ['\u{7F}', '\u{80}', '\u{85}', '\u{2028}', '\u{2029}', '\u{FEFF}'];
            if document.contains(raw) {
                return Err(at("a character is not escaped"));
            }
            let schema = self.schemas.iter().find(|(name, _)| *name == target.name);
            let schema = schema.ok_or_else(|| at("there is no schema"))?;
            schema.1.validate(&value).map_err(|error| at(&format!("the schema refuses it: {error}")))?;
            let engine =
                Engine::load(target.name, &value).map_err(|error| at(&format!("it does not load: {error}")))?;
            for (tool, args, seed) in calls {
                let trial = Trial {
                    target: target.name,
                    policy: policy.get(),
                    lowered: &lowered,
                    tool,
                    args,
                    valid: world::valid(policy.get().server().and_then(|server| server.tool(tool)), args),
                };
                let used = |tool: Option<&str>, seconds, argument: Option<&str>| {
                    amount(*seed, &format!("{tool:?} {seconds} {argument:?}"))
                };
                let meant = evaluator
                    .decide(&eval::Call { tool, arguments: args }, &|counter: &eval::Counter<'_>| {
                        Some(used(
                            counter.tool,
                            counter.seconds,
                            counter.argument.map(|path| path.join(".")).as_deref(),
                        ))
                    })
                    .map_err(|unknown| at(&unknown.to_string()))?;
                let got = engine.decide(&engine::Call { tool, args }, &used);
                let agreement = trial.judge(&meant, &got).map_err(|why| {
                    at(&format!("{why}\n\n{tool} {args} (used: {seed})\nmeant {meant:?}\ngot {got:?}"))
                })?;
                let mut tally = self.tally.borrow_mut();
                *tally.calls.entry((target.name, agreement)).or_default() += 1;
                *tally.decisions.entry((target.name, meant.decision.name(), got.decision.name())).or_default() += 1;
            }
        }
        Ok(())
    }
}

/// What is used of a counter: a number near to the limits that occur, the same each time.
fn amount(seed: u64, counter: &str) -> u64 {
    if seed == 0 {
        return 0;
    }
    let mut hash = seed;
    for byte in counter.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let near =
        [0, 0, 0, 0, 1, 2, 3, 4, 5, 29, 30, 31, 99, 100, 999, 1_000, 9_007_199_254_740_991, i64::MAX.unsigned_abs()];
    near[usize::try_from((hash >> 32) % near.len() as u64).unwrap()]
}
