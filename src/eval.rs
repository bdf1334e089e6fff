//! The meaning of a policy, executed: a call and the used counters in, a decision and the rule that made it out.
//!
//! This is the decision table of the language reference, row by row. It knows no target, and it decides nothing that
//! it cannot decide: an amount that is not known gives [`Unknown`], never an allowed call.

mod condition;
mod why;

use std::{collections::BTreeSet, fmt};

use serde_json::Value;

use crate::{
    hir::{
        checked::{CheckedPolicy, Policy, Rule, RuleKind},
        model::{Condition, Fallback, Rate},
    },
    syntax::literal::write_path,
};

pub use crate::engine::Decision;
pub use condition::{ByPattern, Judge, equal, judged_by, lookup, pattern_of};
pub use why::why;

/// A call of a tool.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The tool's name.
    pub tool: &'a str,
    /// The arguments, usually an object.
    pub arguments: &'a Value,
}

/// What a counter counts. Two limits of one window on one tool count the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counter<'a> {
    /// The tool; `None` counts the calls of all.
    pub tool: Option<&'a str>,
    /// The window in seconds.
    pub seconds: u64,
    /// The argument that is added up, where calls are not counted.
    pub argument: Option<&'a [String]>,
}

impl fmt::Display for Counter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tool {
            Some(tool) => write!(f, "{tool}")?,
            None => write!(f, "all")?,
        }
        if let Some(argument) = self.argument {
            write!(f, " total {}", write_path(argument))?;
        }
        write!(f, " per {}", window(self.seconds))
    }
}

/// A window as the language writes it.
pub fn window(seconds: u64) -> String {
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60)];
    let (unit, size) = units.into_iter().find(|(_, size)| seconds.is_multiple_of(*size)).unwrap_or(("second", 1));
    if seconds == size { unit.to_owned() } else { crate::text::count((seconds / size) as usize, unit) }
}

/// Every counter that a policy has, sorted.
pub fn counters(policy: &Policy) -> BTreeSet<Counter<'_>> {
    let mut out = BTreeSet::new();
    for rule in policy.rules() {
        let (RuleKind::Limit(rate) | RuleKind::LimitAll(rate)) = &rule.kind else { continue };
        let argument = rate.argument.as_ref().map(|path| &*path.segments);
        if matches!(rule.kind, RuleKind::LimitAll(_)) {
            out.insert(Counter { tool: None, seconds: rate.seconds, argument });
        }
        for id in policy.covered(rule) {
            out.insert(Counter { tool: Some(policy.tool_name(id)), seconds: rate.seconds, argument });
        }
    }
    out
}

/// What is used of the counters in their current windows.
pub trait Used {
    /// The amount before this call; `None` where it is not known.
    fn used(&self, counter: &Counter<'_>) -> Option<u64>;
}

impl<F: Fn(&Counter<'_>) -> Option<u64>> Used for F {
    fn used(&self, counter: &Counter<'_>) -> Option<u64> {
        self(counter)
    }
}

/// A decision and what made it.
#[derive(Debug)]
pub struct Verdict<'a> {
    /// The decision.
    pub decision: Decision,
    /// The rule that decided; `None` for the default and for a call that nothing stopped by rule.
    pub rule: Option<&'a Rule>,
    /// What the agent is told, or what happened.
    pub message: String,
    /// Whether the server's catalog knows the tool.
    pub catalogued: bool,
}

/// Something that a decision depends on is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What is not known, as a sentence's end.
    pub what: String,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Unknown {}

/// Judges calls by one policy; patterns are compiled when first needed.
pub struct Evaluator<'a> {
    policy: &'a Policy,
    judge: Judge,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for a checked policy.
    pub fn new(policy: CheckedPolicy<'a>) -> Self {
        let mut judge = Judge::default();
        for rule in policy.get().rules() {
            if let Some(condition) = rule.condition() {
                judge.learn(condition);
            }
        }
        Self { policy: policy.get(), judge }
    }

    /// The policy that it judges by.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// What judges its conditions.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// Decides a call: the first row of the decision table that holds.
    ///
    /// # Errors
    /// Where a counter's used amount is not known.
    pub fn decide(&self, call: &Call<'_>, used: &dyn Used) -> Result<Verdict<'a>, Unknown> {
        let policy = self.policy;
        let id = policy.tool(call.tool);
        let catalogued = id.is_some_and(|id| policy.entry(id).is_some());
        let verdict =
            |decision, rule: Option<&'a Rule>, message: String| Verdict { decision, rule, message, catalogued };
        let rules = || id.into_iter().flat_map(move |id| policy.rules_of(id));
        let first = |wanted: fn(&RuleKind) -> bool| rules().find(|rule| wanted(&rule.kind));

        // 1: hidden
        if let Some(rule) = first(|kind| matches!(kind, RuleKind::Hide)) {
            return Ok(verdict(Decision::Hidden, Some(rule), reason(rule, || format!("`{}` is hidden", call.tool))));
        }
        let deny = first(|kind| matches!(kind, RuleKind::Deny));
        let granted = first(|kind| matches!(kind, RuleKind::Allow | RuleKind::Ask)).is_some();
        if policy.fallback() == Fallback::Hide && catalogued && !granted && deny.is_none() {
            return Ok(verdict(Decision::Hidden, None, format!("`{}` is hidden: nothing grants it", call.tool)));
        }
        // 2: denied
        if let Some(rule) = deny {
            return Ok(verdict(Decision::Deny, Some(rule), reason(rule, || format!("`{}` is denied", call.tool))));
        }
        // 3: not granted
        if !granted && policy.fallback() != Fallback::Allow {
            return Ok(verdict(Decision::Deny, None, format!("nothing grants `{}`", call.tool)));
        }
        // 4: a requirement that is not met
        for rule in rules() {
            if let RuleKind::Require(condition) = &rule.kind
                && !self.holds(condition, call.arguments)?
            {
                let message = reason(rule, || format!("a requirement of `{}` is not met", call.tool));
                return Ok(verdict(Decision::Deny, Some(rule), message));
            }
        }
        // 5: a condition that denies
        for rule in rules() {
            if let RuleKind::DenyIf(condition) = &rule.kind
                && self.holds(condition, call.arguments)?
            {
                let message = reason(rule, || format!("a condition denies this call of `{}`", call.tool));
                return Ok(verdict(Decision::Deny, Some(rule), message));
            }
        }
        // 6: counters
        for rule in rules() {
            let RuleKind::Limit(rate) = &rule.kind else { continue };
            let amount = match &rate.argument {
                None => 1,
                Some(path) => match amount(lookup(call.arguments, &path.segments)) {
                    Some(amount) => amount,
                    None => {
                        let path = write_path(&path.segments);
                        let message = reason(rule, || format!("`{path}` is no amount that can be counted"));
                        return Ok(verdict(Decision::Deny, Some(rule), message));
                    }
                },
            };
            if !has_room(rate, Some(call.tool), amount, used)? {
                return Ok(verdict(Decision::Limited, Some(rule), limit_reason(rule, rate)));
            }
        }
        for rule in policy.rules_of_all() {
            if let RuleKind::LimitAll(rate) = &rule.kind
                && !has_room(rate, None, 1, used)?
            {
                return Ok(verdict(Decision::Limited, Some(rule), limit_reason(rule, rate)));
            }
        }
        // 7: a person decides
        for rule in rules() {
            let asks = match &rule.kind {
                RuleKind::Ask => true,
                RuleKind::AskIf(condition) => self.holds(condition, call.arguments)?,
                RuleKind::Allow
                | RuleKind::Deny
                | RuleKind::DenyIf(_)
                | RuleKind::Hide
                | RuleKind::Require(_)
                | RuleKind::Limit(_)
                | RuleKind::LimitAll(_) => false,
            };
            if asks {
                let message = reason(rule, || format!("a person approves calls of `{}`", call.tool));
                return Ok(verdict(Decision::Ask, Some(rule), message));
            }
        }
        // 8: allowed
        let rule = first(|kind| matches!(kind, RuleKind::Allow));
        let message = if rule.is_some() { "granted" } else { "granted by the default" };
        Ok(verdict(Decision::Allow, rule, message.to_owned()))
    }

    fn holds(&self, condition: &Condition, arguments: &Value) -> Result<bool, Unknown> {
        self.judge.holds(condition, arguments)
    }
}

fn reason(rule: &Rule, otherwise: impl FnOnce() -> String) -> String {
    rule.because().map_or_else(otherwise, |because| because.text.to_string())
}

fn limit_reason(rule: &Rule, rate: &Rate) -> String {
    reason(rule, || format!("the limit of {} per {} is reached", rate.max, window(rate.seconds)))
}

fn has_room(rate: &Rate, tool: Option<&str>, amount: u64, used: &dyn Used) -> Result<bool, Unknown> {
    let argument = rate.argument.as_ref().map(|path| &*path.segments);
    let counter = Counter { tool, seconds: rate.seconds, argument };
    match used.used(&counter) {
        Some(used) => Ok(used.saturating_add(amount) <= rate.max),
        None => Err(Unknown { what: format!("how much is used of the counter `{counter}`") }),
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
