//! Why a call is decided as it is: every step of the table that concerns the tool, with what it came to, in words.

use serde_json::Value;

use super::{
    Call, Decision, Evaluator, Unknown, Used, Verdict,
    table::Found,
    why::{seen, why},
};
use crate::hir::checked::Rule;

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
    /// Decides a call and says why.
    pub fn trace(&self, call: &Call<'_>, used: &dyn Used) -> Trace<'a> {
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
            steps.push(Step { rule, outcome, why: self.why(rule, &found, call) });
            std::ops::ControlFlow::<()>::Continue(())
        });
        let nothing = || Err(Unknown { what: format!("what decides about `{}`", call.tool) });
        Trace { verdict: verdict.unwrap_or_else(nothing), steps }
    }

    fn why(&self, rule: Option<&Rule>, found: &Found, call: &Call<'_>) -> String {
        let most = |rule: &Rule| rule.rate().map_or(0, |rate| rate.max);
        match (found, rule) {
            (Found::Unknown(unknown), _) => format!("not known: {unknown}"),
            (Found::Room(used) | Found::Full(used), Some(rule)) => format!("{used} of {} used", most(rule)),
            (Found::Passes, None) => format!("`{}` is granted", call.tool),
            (Found::Decides(_) | Found::Passes | Found::NoAmount, Some(rule)) => self.because(rule, call.arguments),
            _ => String::new(),
        }
    }

    /// What made a rule what it came to.
    fn because(&self, rule: &Rule, arguments: &Value) -> String {
        if let Some(path) = rule.rate().and_then(|rate| rate.argument.as_ref()) {
            return format!("{}, no amount", seen(&path.segments, arguments));
        }
        let Some(condition) = rule.condition() else { return String::new() };
        let holds = self.judge.holds(condition, arguments) == Ok(true);
        why(condition, holds, arguments, &self.judge)
    }
}
