//! The tests of policies, run: each call of each `test`, with what was expected and what the policy decides.
//!
//! A failure is a finding: what decided, why, and the statement nearest to what was expected. [`coverage`] says what no
//! test decides, and [`generate`] proposes tests. Pure: the evaluator decides everything.

mod boundary;
mod coverage;
mod explain;
mod generate;
mod nearest;
mod repeat;

use crate::{
    diagnostic::{Class, Code, Diagnostic},
    eval::{self, Evaluator, Unknown, Verdict},
    hir::{
        Source,
        checked::{Checked, CheckedPolicy},
        model::{Call, Test},
    },
    text::{Span, head, slice},
};

pub use coverage::{Coverage, Statement, Tools, coverage, percent};
pub use generate::{About, generate, tests_about};
pub use repeat::smallest;

/// A call of a test came out otherwise than expected.
pub static FAILED: Code =
    Code { name: "test-failed", class: Class::Lint, summary: "a call of a test is decided otherwise than it says" };

/// A test, run.
#[derive(Debug)]
pub struct Tried<'a> {
    /// The test.
    pub test: &'a Test,
    /// The policy that it is for; `None` where that stands in another file.
    pub policy: Option<CheckedPolicy<'a>>,
    /// Its calls.
    pub calls: Vec<Made<'a>>,
}

/// A call of a test, made.
#[derive(Debug)]
pub struct Made<'a> {
    /// The call.
    pub call: &'a Call,
    /// What the policy decides about the last of its calls.
    pub got: Result<Verdict<'a>, Unknown>,
    /// What is wrong, where that is not what was expected.
    pub failure: Option<Diagnostic>,
}

impl Tried<'_> {
    /// Whether every call came out as expected.
    pub fn passed(&self) -> bool {
        self.calls.iter().all(|made| made.failure.is_none())
    }
}

/// Runs the tests of a file that are wanted; its `sources` are those that its places are in.
pub fn run<'a>(checked: &'a Checked, sources: &[Source], wanted: &dyn Fn(&Test) -> bool) -> Vec<Tried<'a>> {
    // patterns are compiled once for each policy
    let evaluators: Vec<(CheckedPolicy<'a>, Evaluator<'a>)> =
        checked.policies().map(|policy| (policy, Evaluator::new(policy))).collect();
    let tests = checked.tests().iter().filter(|test| wanted(test));
    tests
        .map(|test| {
            let name = test.policy.as_ref().map_or("", |name| &name.text);
            let found = evaluators.iter().find(|(policy, _)| policy.name() == name);
            let calls = test.calls.iter().map(|call| match found {
                Some((_, evaluator)) => made(test, call, evaluator, sources),
                None => elsewhere(test, call, name),
            });
            Tried { test, policy: found.map(|(policy, _)| *policy), calls: calls.collect() }
        })
        .collect()
}

fn made<'a>(test: &Test, call: &'a Call, evaluator: &Evaluator<'a>, sources: &[Source]) -> Made<'a> {
    let of = eval::Call { tool: &call.tool.text, arguments: &call.arguments };
    match repeat::last(evaluator, &of, call.times) {
        Ok((verdict, before)) => {
            let as_said = verdict.decision.name() == &*call.expected.text;
            let same_text = call.message.as_ref().is_none_or(|message| *message.text == *verdict.message);
            let case = explain::Case { test, call, evaluator, verdict: &verdict, before, sources };
            let failure = match (as_said, same_text) {
                (true, true) => None,
                (true, false) => Some(case.other_message()),
                (false, _) => Some(case.other_decision()),
            };
            Made { call, got: Ok(verdict), failure }
        }
        Err(unknown) => {
            let failure = not_known(test, call, &unknown);
            Made { call, got: Err(unknown), failure: Some(failure) }
        }
    }
}

/// A call that is to be judged by a policy of another file.
fn elsewhere<'a>(test: &Test, call: &'a Call, policy: &str) -> Made<'a> {
    let unknown = Unknown { what: format!("what `{policy}` decides, which stands in another file") };
    let failure = not_known(test, call, &unknown).help("move the test to the file of its policy");
    Made { call, got: Err(unknown), failure: Some(failure) }
}

fn not_known(test: &Test, call: &Call, unknown: &Unknown) -> Diagnostic {
    Diagnostic::error(&FAILED, call.span, format!("`{}`: it is not known {unknown}", test.name.text))
}

/// A statement or clause in short: without its block and its reason, on one line.
pub fn title(sources: &[Source], span: Span) -> String {
    let text = head(written(sources, span));
    text.split_once(" because ").map_or(&*text, |(what, _)| what).to_owned()
}

/// What stands at a place.
fn written(sources: &[Source], span: Span) -> &str {
    sources.get(span.file.0 as usize).map_or("", |source| slice(&source.text, span.range()))
}
