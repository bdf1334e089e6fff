//! Why a call is decided as it is: every step of the table that concerns the tool, with what it came to, in words.

use serde_json::Value;

use super::{Call, Decision, Evaluator, Unknown, Used, Verdict, lookup, table::Found};
use crate::{
    hir::{
        Source,
        checked::{Rule, RuleKind},
        model::{Comparison, Condition, Op},
    },
    syntax::literal::write_path,
    text::{Span, list, slice},
};

/// How many characters of a value are shown.
const SHOWN: usize = 60;

/// A decision with all that had to do with it.
#[derive(Debug)]
pub struct Trace<'a> {
    /// The same that [`Evaluator::decide`] says.
    pub verdict: Result<Verdict<'a>, Unknown>,
    /// The steps in the order of the decision table.
    pub steps: Vec<Step<'a>>,
}

/// One step of the table.
#[derive(Debug)]
pub struct Step<'a> {
    /// The rule; `None` is the default.
    pub rule: Option<&'a Rule>,
    /// What it came to.
    pub outcome: Outcome,
    /// Why, in words; empty where the outcome says it all.
    pub why: String,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It made the decision.
    Decided,
    /// It would have made this one, but an earlier step decided.
    Overruled(Decision),
    /// It left the call to the next.
    Passed,
    /// It grants the tool, and something narrower decided.
    Grants,
    /// The decision hangs on it, and what it hangs on is not known.
    Unknown,
    /// It was not asked any more, and what it would say is not known.
    NotReached,
}

impl Outcome {
    /// The word for it in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Decided => "decided",
            Outcome::Overruled(_) => "overruled",
            Outcome::Passed => "passed",
            Outcome::Grants => "grants",
            Outcome::Unknown => "unknown",
            Outcome::NotReached => "not-reached",
        }
    }
}

impl<'a> Evaluator<'a> {
    /// Decides a call and says why; `sources` are the texts that the policy was read from.
    pub fn trace(&self, call: &Call<'_>, used: &dyn Used, sources: &[Source]) -> Trace<'a> {
        let mut verdict = None;
        let mut steps = Vec::new();
        let _ = self.walk(call, used, &mut |rule, found| {
            let decision = found.decision();
            let outcome = match (&decision, verdict.is_some()) {
                (Err(_), true) => Outcome::NotReached,
                (Err(_), false) => Outcome::Unknown,
                (Ok(None), _) => Outcome::Passed,
                (Ok(Some(_)), false) => Outcome::Decided,
                (Ok(Some(Decision::Allow)), true) => Outcome::Grants,
                (Ok(Some(decision)), true) => Outcome::Overruled(*decision),
            };
            match decision {
                Ok(None) => {}
                Ok(Some(decision)) => {
                    verdict.get_or_insert_with(|| Ok(Self::verdict(decision, rule, &found, call.tool)));
                }
                Err(unknown) => {
                    verdict.get_or_insert_with(|| Err(unknown.clone()));
                }
            }
            steps.push(Step { rule, outcome, why: self.why(rule, &found, call, sources) });
            std::ops::ControlFlow::<()>::Continue(())
        });
        let nothing = || Err(Unknown { what: format!("what decides about `{}`", call.tool) });
        Trace { verdict: verdict.unwrap_or_else(nothing), steps }
    }

    fn why(&self, rule: Option<&Rule>, found: &Found, call: &Call<'_>, sources: &[Source]) -> String {
        let rate = |rule: &Rule| match &rule.kind {
            RuleKind::Limit(rate) | RuleKind::LimitAll(rate) => rate.max,
            _ => 0,
        };
        match (found, rule) {
            (Found::Unknown(unknown), _) => format!("not known: {unknown}"),
            (Found::Room(used), Some(rule)) => format!("{used} of {} used", rate(rule)),
            (Found::Full(used), Some(rule)) => format!("{used} of {} used", rate(rule)),
            (Found::Passes, None) => format!("`{}` is granted", call.tool),
            (Found::Decides(_) | Found::Passes | Found::NoAmount, Some(rule)) => {
                self.because(rule, call.arguments, sources)
            }
            _ => String::new(),
        }
    }

    /// The tests that made a condition what it is, with the values that they saw.
    fn because(&self, rule: &Rule, arguments: &Value, sources: &[Source]) -> String {
        let condition = match &rule.kind {
            RuleKind::Require(condition) | RuleKind::DenyIf(condition) | RuleKind::AskIf(condition) => condition,
            RuleKind::Limit(rate) => {
                let path = rate.argument.as_ref().map_or(&[][..], |path| &path.segments);
                return format!("{}, no amount", seen(path, arguments));
            }
            _ => return String::new(),
        };
        let holds = self.judge.holds(condition, arguments) == Ok(true);
        let mut tests = Vec::new();
        self.decisive(condition, arguments, holds, &mut tests);
        let mut said: Vec<String> = Vec::new();
        for test in tests {
            let words = about(test, arguments, holds, sources);
            if !said.contains(&words) {
                said.push(words);
            }
        }
        list(&said, "and")
    }

    /// The tests that suffice for the condition to hold, or not to.
    fn decisive<'c>(&self, condition: &'c Condition, arguments: &Value, holds: bool, out: &mut Vec<&'c Comparison>) {
        let (parts, all) = match condition {
            Condition::Test(test) => return out.push(test),
            Condition::All(parts) => (parts, holds),
            Condition::Any(parts) => (parts, !holds),
        };
        for part in parts.iter().filter(|part| self.judge.holds(part, arguments) == Ok(holds)) {
            self.decisive(part, arguments, holds, out);
            if !all {
                return;
            }
        }
    }
}

/// `` `args.amount` is 50000, not <= 10000 ``
fn about(test: &Comparison, arguments: &Value, holds: bool, sources: &[Source]) -> String {
    let path = &test.path.segments;
    let seen = seen(path, arguments);
    if lookup(arguments, path).is_none() || matches!(test.op, Op::Exists | Op::Missing) {
        return seen;
    }
    // the test without its path, as it is written
    let rest = Span { start: test.path.span.end, ..test.span };
    let text = sources.get(rest.file.0 as usize).map_or("", |source| slice(&source.text, rest.range()));
    let written = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{seen},{} {written}", if holds { "" } else { " not" })
}

/// `` `args.amount` is 50000 ``
fn seen(path: &[String], arguments: &Value) -> String {
    let name = write_path(path);
    match lookup(arguments, path) {
        None => format!("`{name}` is absent"),
        Some(value) => {
            let text = value.to_string();
            match text.char_indices().nth(SHOWN) {
                Some((end, _)) => format!("`{name}` is {}…", slice(&text, 0..end)),
                None => format!("`{name}` is {text}"),
            }
        }
    }
}
