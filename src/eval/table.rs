//! The decision table, step by step, in the order of its rows.

use std::{borrow::Cow, ops::ControlFlow};

use serde_json::Value;

use super::{Call, Counter, Decision, Evaluator, Unknown, Used, Verdict, counted, lookup, window};
use crate::{
    hir::{
        checked::{Rule, RuleKind},
        model::{Condition, Fallback, Rate},
    },
    syntax::literal::write_path,
};

/// What a step comes to, by itself.
#[derive(Debug)]
pub(super) enum Found {
    /// It decides a call that no earlier step decided.
    Decides(Decision),
    /// It leaves the call to the next step.
    Passes,
    /// It is a limit with room; so much is used.
    Room(u64),
    /// It is a limit without room; so much is used.
    Full(u64),
    /// It is a limit that adds up an argument, and that is no amount.
    NoAmount,
    /// What it hangs on is not known.
    Unknown(Unknown),
}

impl Found {
    /// The decision of a call that comes so far; an error where nobody knows.
    pub(super) fn decision(&self) -> Result<Option<Decision>, &Unknown> {
        match self {
            Found::Decides(decision) => Ok(Some(*decision)),
            Found::Passes | Found::Room(_) => Ok(None),
            Found::Full(_) => Ok(Some(Decision::Limited)),
            Found::NoAmount => Ok(Some(Decision::Deny)),
            Found::Unknown(unknown) => Err(unknown),
        }
    }
}

impl From<Result<Option<Decision>, Unknown>> for Found {
    fn from(result: Result<Option<Decision>, Unknown>) -> Self {
        match result {
            Ok(Some(decision)) => Found::Decides(decision),
            Ok(None) => Found::Passes,
            Err(unknown) => Found::Unknown(unknown),
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The first step that decides.
    pub(super) fn first(&self, call: &Call<'_>, used: &dyn Used) -> Result<Verdict<'a>, Unknown> {
        let stopped = self.walk(call, used, &mut |rule, found| match found.decision() {
            Ok(None) => ControlFlow::Continue(()),
            Ok(Some(decision)) => ControlFlow::Break(Ok(Self::verdict(decision, rule, &found, call.tool))),
            Err(unknown) => ControlFlow::Break(Err(unknown.clone())),
        });
        match stopped {
            ControlFlow::Break(decided) => decided,
            ControlFlow::Continue(()) => Err(Unknown { what: format!("what decides about `{}`", call.tool) }),
        }
    }

    /// Shows each step that concerns the tool, in the order of the table, until the visitor has enough. The default
    /// is a step without a rule, and comes once.
    pub(super) fn walk<B>(
        &self,
        call: &Call<'_>,
        used: &dyn Used,
        visit: &mut impl FnMut(Option<&'a Rule>, Found) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let policy = self.policy;
        let id = policy.tool(call.tool);
        let rules = || id.into_iter().flat_map(move |id| policy.rules_of(id));
        let holds = |condition: &Condition| self.judge.holds(condition, call.arguments);
        let (mut granted, mut denied) = (false, false);
        for rule in rules() {
            granted |= matches!(rule.kind, RuleKind::Allow | RuleKind::Ask);
            denied |= matches!(rule.kind, RuleKind::Deny);
            // 1: hidden
            if matches!(rule.kind, RuleKind::Hide) {
                visit(Some(rule), Found::Decides(Decision::Hidden))?;
            }
        }
        let fallback = policy.fallback();
        let unlisted =
            fallback == Fallback::Hide && !granted && !denied && id.is_some_and(|id| policy.entry(id).is_some());
        if unlisted {
            visit(None, Found::Decides(Decision::Hidden))?;
        }
        // 2: denied
        for rule in rules().filter(|rule| matches!(rule.kind, RuleKind::Deny)) {
            visit(Some(rule), Found::Decides(Decision::Deny))?;
        }
        // 3: not granted
        if fallback != Fallback::Allow && !unlisted {
            visit(None, if granted { Found::Passes } else { Found::Decides(Decision::Deny) })?;
        }
        // 4: a requirement that is not met
        for rule in rules() {
            if let RuleKind::Require(condition) = &rule.kind {
                visit(Some(rule), holds(condition).map(|holds| (!holds).then_some(Decision::Deny)).into())?;
            }
        }
        // 5: a condition that denies
        for rule in rules() {
            if let RuleKind::DenyIf(condition) = &rule.kind {
                visit(Some(rule), holds(condition).map(|holds| holds.then_some(Decision::Deny)).into())?;
            }
        }
        // 6: counters
        for rule in rules() {
            if let RuleKind::Limit(rate) = &rule.kind {
                visit(Some(rule), room(rate, Some(call.tool), call.arguments, used))?;
            }
        }
        for rule in &self.over_all {
            if let RuleKind::LimitAll(rate) = &rule.kind {
                visit(Some(rule), room(rate, None, call.arguments, used))?;
            }
        }
        // 7: a person decides
        for rule in rules() {
            match &rule.kind {
                RuleKind::Ask => visit(Some(rule), Found::Decides(Decision::Ask))?,
                RuleKind::AskIf(condition) => {
                    visit(Some(rule), holds(condition).map(|holds| holds.then_some(Decision::Ask)).into())?;
                }
                RuleKind::Allow
                | RuleKind::Deny
                | RuleKind::DenyIf(_)
                | RuleKind::Hide
                | RuleKind::Require(_)
                | RuleKind::Limit(_)
                | RuleKind::LimitAll(_) => {}
            }
        }
        // 8: allowed
        for rule in rules().filter(|rule| matches!(rule.kind, RuleKind::Allow)) {
            visit(Some(rule), Found::Decides(Decision::Allow))?;
        }
        if fallback == Fallback::Allow {
            visit(None, Found::Decides(Decision::Allow))?;
        }
        ControlFlow::Continue(())
    }

    /// The verdict of a step that decides.
    pub(super) fn verdict(decision: Decision, rule: Option<&'a Rule>, found: &Found, tool: &str) -> Verdict<'a> {
        // what an `allow` is for is documentation
        let because = rule.filter(|_| decision != Decision::Allow).and_then(Rule::because);
        let message = match because {
            Some(because) => Cow::Borrowed(&*because.text),
            None => message(decision, rule, found, tool),
        };
        Verdict { decision, rule, message }
    }
}

fn message(decision: Decision, rule: Option<&Rule>, found: &Found, tool: &str) -> Cow<'static, str> {
    let Some(rule) = rule else {
        return match decision {
            Decision::Hidden => format!("`{tool}` is hidden: nothing grants it").into(),
            Decision::Allow => "granted by the default".into(),
            Decision::Ask | Decision::Deny | Decision::Limited => format!("nothing grants `{tool}`").into(),
        };
    };
    match &rule.kind {
        RuleKind::Hide => format!("`{tool}` is hidden"),
        RuleKind::Deny => format!("`{tool}` is denied"),
        RuleKind::Require(_) => format!("a requirement of `{tool}` is not met"),
        RuleKind::DenyIf(_) => format!("a condition denies this call of `{tool}`"),
        RuleKind::Limit(rate) | RuleKind::LimitAll(rate) => match (found, counted(rate)) {
            (Found::NoAmount, Some(path)) => format!("`{}` is no amount that can be counted", write_path(path)),
            _ => format!("the limit of {} per {} is reached", rate.max, window(rate.seconds)),
        },
        RuleKind::Ask | RuleKind::AskIf(_) => format!("a person approves calls of `{tool}`"),
        RuleKind::Allow => return "granted".into(),
    }
    .into()
}

fn room(rate: &Rate, tool: Option<&str>, arguments: &Value, used: &dyn Used) -> Found {
    let argument = counted(rate);
    let amount = match argument {
        None => Some(1),
        Some(path) => amount(lookup(arguments, path)),
    };
    let Some(amount) = amount else { return Found::NoAmount };
    let counter = Counter { tool, seconds: rate.seconds, argument };
    match used.used(&counter) {
        Some(used) if used.saturating_add(amount) <= rate.max => Found::Room(used),
        Some(used) => Found::Full(used),
        None => Found::Unknown(Unknown { what: format!("how much is used of the counter `{counter}`") }),
    }
}

/// An argument as an amount: a whole number, not negative. Beyond 64 bits it is more than any limit.
pub fn amount(value: Option<&Value>) -> Option<u64> {
    let number = value?;
    if let Some(whole) = number.as_u64() {
        return Some(whole);
    }
    let number = number.as_f64().filter(|n| n.fract() == 0.0 && *n >= 0.0)?;
    Some(number as u64)
}
