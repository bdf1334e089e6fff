//! The meaning of a policy, executed: a call and the used counters in, a decision and the rule that made it out.
//!
//! This is the decision table of the language reference. Its steps stand once, in `table.rs`: a decision is the first
//! step that decides, a trace is all of them. It knows no target, and it decides nothing that it cannot decide: an
//! amount that is not known gives [`Unknown`], never an allowed call.

mod condition;
mod table;
mod trace;
mod why;

use std::{borrow::Cow, collections::BTreeSet, fmt};

use serde_json::Value;

use crate::{
    hir::{
        checked::{CheckedPolicy, Policy, Rule, RuleKind, Standing},
        model::Rate,
    },
    syntax::literal::write_path,
};

pub use crate::engine::Decision;
pub use condition::{ByPattern, Judge, equal, judged_by, lookup, pattern_of};
pub use table::amount;
pub use trace::{Outcome, Step, Trace};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
        let argument = counted(rate);
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
#[derive(Debug, Clone)]
pub struct Verdict<'a> {
    /// The decision.
    pub decision: Decision,
    /// The rule that decided; `None` for the default and for a call that nothing stopped by rule.
    pub rule: Option<&'a Rule>,
    /// What the agent is told, or what happened.
    pub message: Cow<'a, str>,
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
    /// The limits over the calls of all tools.
    over_all: Vec<&'a Rule>,
    judge: Judge,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for a checked policy.
    pub fn new(policy: CheckedPolicy<'a>) -> Self {
        let policy = policy.get();
        let mut judge = Judge::default();
        for rule in policy.rules() {
            if let Some(condition) = rule.condition() {
                judge.learn(condition);
            }
        }
        Self { policy, over_all: policy.rules_of_all().collect(), judge }
    }

    /// The policy.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// Whether the server's catalog knows a tool.
    pub fn knows(&self, tool: &str) -> bool {
        self.policy.tool(tool).is_some_and(|id| self.policy.entry(id).is_some())
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
        self.first(call, used)
    }

    /// Whether what is decided about calls of a tool can hang on their arguments.
    pub fn reads_arguments(&self, tool: &str) -> bool {
        let Some(id) = self.policy.tool(tool) else { return false };
        if !matches!(self.policy.standing(id), Standing::Asks | Standing::Callable) {
            return false;
        }
        self.policy.rules_of(id).any(|rule| match &rule.kind {
            RuleKind::Require(_) | RuleKind::DenyIf(_) | RuleKind::AskIf(_) => true,
            RuleKind::Limit(rate) => rate.argument.is_some(),
            RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide | RuleKind::LimitAll(_) => false,
        })
    }

    /// The counters that a call adds to if it is allowed or asked, each once, with what it adds; `None` where the
    /// arguments are not known or have no such amount.
    pub fn charges(&self, tool: &str, arguments: Option<&Value>, add: &mut dyn FnMut(&Counter<'_>, Option<u64>)) {
        let id = self.policy.tool(tool);
        let own = id.into_iter().flat_map(|id| self.policy.rules_of(id));
        let own = own.filter_map(|rule| if let RuleKind::Limit(rate) = &rule.kind { Some(rate) } else { None });
        // two limits of one window share a counter
        for (nth, rate) in own.clone().enumerate() {
            let same = |other: &Rate| rate.seconds == other.seconds && counted(rate) == counted(other);
            if !own.clone().take(nth).any(|other| same(other)) {
                let amount = match counted(rate) {
                    None => Some(1),
                    Some(path) => arguments.and_then(|arguments| amount(lookup(arguments, path))),
                };
                add(&Counter { tool: Some(tool), seconds: rate.seconds, argument: counted(rate) }, amount);
            }
        }
        let all = self.over_all.iter().filter_map(|rule| seconds_of_all(rule));
        for (nth, seconds) in all.clone().enumerate() {
            if !all.clone().take(nth).any(|other| other == seconds) {
                add(&Counter { tool: None, seconds, argument: None }, Some(1));
            }
        }
    }
}

/// The argument that a rate adds up.
fn counted(rate: &Rate) -> Option<&[String]> {
    rate.argument.as_ref().map(|path| &*path.segments)
}

fn seconds_of_all(rule: &Rule) -> Option<u64> {
    if let RuleKind::LimitAll(rate) = &rule.kind { Some(rate.seconds) } else { None }
}
