//! Intercept, the open-source proxy, at 77f0429: its engine (internal/engine) and its counters (internal/proxy,
//! internal/state), with a state store at hand and its SQLite store's 64-bit arithmetic.
//!
//! A refusal that hangs on a counter is [`Decision::Limited`] here; the engine itself has one kind of refusal.
//! Absent: approvals (a later version), the store, events, what happens after a call (rollback).

use serde_json::Value;

use super::condition::{Condition, Op};
use super::intercept_file::{self, File, Rule, State, scope_rules, split_state};
use super::value::{Go, at_path, quoted, truncated};
use super::{Call, Counter, Decision, EngineError, Unknown, Used, Verdict};

/// What [`Verdict::message`] says of a call whose arguments are neither an object nor null: Intercept cannot read it
/// (internal/transport/jsonrpc.go) and forwards it without asking its policy.
pub const FORWARDED: &str = "forwarded without asking the policy: the arguments are not an object";

/// What the engine answers where it cannot work out an amount.
const INTERNAL: &str = "Internal policy error";

/// A policy that can judge calls.
#[derive(Debug, Clone)]
pub struct Policy {
    file: File,
}

/// Reads a document.
///
/// # Errors
///
/// A member that is not known, a wrong type, or all that the engine's own `validate` says against it.
pub fn load(document: &Value) -> Result<Policy, EngineError> {
    intercept_file::read(document).map(|file| Policy { file })
}

/// A call under judgement.
struct Trial<'a> {
    policy: &'a Policy,
    call: &'a Call<'a>,
    used: &'a dyn Used,
}

impl Policy {
    /// Judges a call: `hide`, the default, the tool's rules and those of `*` in file order, then the counters.
    ///
    /// # Errors
    ///
    /// A counter that the call would need is not known.
    pub fn decide(&self, call: &Call<'_>, used: &dyn Used) -> Result<Verdict, Unknown> {
        if !call.args.is_object() && !call.args.is_null() {
            return Ok(Verdict { message: Some(FORWARDED.to_owned()), ..Verdict::allow() });
        }
        if self.hides(call.tool) {
            return Ok(Verdict::hidden(call.tool));
        }
        if !self.file.allow_unlisted && !self.file.tools.contains_key(call.tool) {
            return Ok(Verdict::default_deny(call.tool));
        }
        let trial = Trial { policy: self, call, used };
        match trial.evaluate()? {
            Some(refusal) => Ok(refusal),
            None => trial.reserve(),
        }
    }

    fn hides(&self, tool: &str) -> bool {
        self.file.hide.iter().any(|name| name == tool || name == "*")
    }

    /// Whether a rule that concerns the tool can look at a call's arguments.
    pub(super) fn reads_arguments(&self, tool: &str) -> bool {
        if self.hides(tool) || !self.file.allow_unlisted && !self.file.tools.contains_key(tool) {
            return false;
        }
        let mut rules = [tool, "*"].into_iter().flat_map(|name| self.file.tools.get(name)).flatten();
        rules.any(|rule| {
            let conditions = rule.conditions.iter().any(|condition| condition.path.starts_with("args."));
            conditions || rule.state.as_ref().is_some_and(|state| !state.increment_from.is_empty())
        })
    }

    /// Shows each counter that an allowed call of the tool adds to.
    pub(super) fn charges(&self, tool: &str, args: Option<&Value>, add: &mut dyn FnMut(&Counter<'_>, Option<i64>)) {
        for (scope, rule) in self.counted(tool) {
            let Some(state) = &rule.state else { continue };
            if limit(scope, rule, state).is_some() {
                add(&counter(scope, state), args.map_or_else(|| state.step(), |args| state.amount(args)));
            }
        }
    }

    /// The rules whose counters a call of the tool adds to, with their scopes, in file order.
    fn counted<'a>(&'a self, tool: &'a str) -> impl Iterator<Item = (&'a str, &'a Rule)> {
        let rules = |name: &str| self.file.tools.get(name).into_iter().flatten();
        // a tool named `*` is counted twice, as in the engine
        rules(tool).map(move |rule| (tool, rule)).chain(rules("*").map(|rule| ("_global", rule)))
    }

    pub(super) fn tools(&self) -> impl Iterator<Item = &str> {
        self.file.tools.keys().map(String::as_str)
    }
}

fn counter<'a>(scope: &'a str, state: &'a State) -> Counter<'a> {
    Counter {
        tool: Some(scope).filter(|scope| *scope != "_global"),
        name: &state.counter,
        window: state.window,
        argument: Some(state.increment_from.as_str()).filter(|path| !path.is_empty()),
    }
}

impl State {
    /// What every call adds to the counter, where no argument is added up.
    fn step(&self) -> Option<i64> {
        self.increment_from.is_empty().then_some(self.increment)
    }

    /// What a call adds to the counter; negative amounts are taken as they are.
    fn amount(&self, args: &Value) -> Option<i64> {
        let argument = || {
            let path = self.increment_from.strip_prefix("args.")?;
            at_path(args, path).and_then(|value| Go::of_call(value).number()).map(truncated)
        };
        self.step().or_else(argument)
    }
}

impl<'a> Trial<'a> {
    fn rules(&self, tool: &str) -> impl Iterator<Item = &'a Rule> + use<'a> {
        self.policy.file.tools.get(tool).into_iter().flatten()
    }

    /// engine.Evaluate after the default: the first `deny` or failing rule refuses.
    fn evaluate(&self) -> Result<Option<Verdict>, Unknown> {
        let every = if self.call.tool == "*" { "" } else { "*" };
        let wildcard = self.rules(every).filter(|_| !every.is_empty());
        for rule in self.rules(self.call.tool).chain(wildcard) {
            let message = || match rule.on_deny.as_str() {
                "" => format!("Denied by rule {}", quoted(&rule.name)),
                text => text.to_owned(),
            };
            if rule.deny {
                return Ok(Some(Verdict::new(Decision::Deny, rule.name.as_str(), message())));
            }
            for condition in &rule.conditions {
                let counted = condition.path.starts_with("state.");
                if !condition.holds(self.value(condition)?.as_ref()) {
                    let decision = if counted { Decision::Limited } else { Decision::Deny };
                    return Ok(Some(Verdict::new(decision, rule.name.as_str(), message())));
                }
            }
        }
        Ok(None)
    }

    /// What a condition looks at; a counter is read as it stands before the call.
    fn value(&self, condition: &Condition) -> Result<Option<Go>, Unknown> {
        if let Some(path) = condition.path.strip_prefix("args.") {
            return Ok(at_path(self.call.args, path).map(Go::of_call));
        }
        let found = split_state(&condition.path).and_then(|(scope, counter)| {
            let state = scope_rules(&self.policy.file.tools, scope).filter_map(|rule| rule.state.as_ref());
            Some((scope, state.into_iter().find(|state| state.counter == counter)?))
        });
        match found {
            Some((scope, state)) => self.used(scope, state).map(|amount| Some(Go::Int(amount))),
            // nothing writes such a key, and the store answers 0
            None => Ok(Some(Go::Int(0))),
        }
    }

    fn used(&self, scope: &str, state: &State) -> Result<i64, Unknown> {
        let counter = counter(scope, state);
        self.used.used(&counter).ok_or_else(|| Unknown::counter(&counter))
    }

    /// proxy.reserveAll: every rule with a counter, the tool's and those of `*`, in file order.
    fn reserve(&self) -> Result<Verdict, Unknown> {
        let mut reserved: Vec<(&str, &str, i64)> = Vec::new();
        for (scope, rule) in self.policy.counted(self.call.tool) {
            let Some(state) = &rule.state else { continue };
            // looked at before the limit, so that a rule without one can refuse, too
            let Some(amount) = state.amount(self.call.args) else {
                return Ok(Verdict { decision: Decision::Deny, rule: None, message: Some(INTERNAL.to_owned()) });
            };
            let Some(limit) = limit(scope, rule, state) else { continue };
            let same = |(other, counter, _): &&(&str, &str, i64)| *other == scope && *counter == state.counter;
            let before = reserved.iter().filter(same).fold(0, |sum: i64, (_, _, amount)| sum.wrapping_add(*amount));
            let value = self.used(scope, state)?.wrapping_add(before);
            // Go's addition wraps, too
            if value.wrapping_add(amount) > limit {
                let message = match rule.on_deny.as_str() {
                    "" => format!("Rate limit exceeded for {}", rule.name),
                    text => text.to_owned(),
                };
                // the engine's event names no rule here
                return Ok(Verdict { decision: Decision::Limited, rule: None, message: Some(message) });
            }
            reserved.push((scope, &state.counter, amount));
        }
        Ok(Verdict::allow())
    }
}

/// The limit of a counter: the first `lt` or `lte` on it in its own rule. Without one nothing is counted.
fn limit(scope: &str, rule: &Rule, state: &State) -> Option<i64> {
    let path = format!("state.{scope}.{}", state.counter);
    rule.conditions.iter().filter(|condition| condition.path == path).find_map(|condition| {
        let number = condition.value.number().map(truncated)?;
        match condition.op {
            Op::Lte => Some(number),
            Op::Lt => Some(number.wrapping_sub(1)),
            Op::Eq | Op::Neq | Op::In | Op::NotIn | Op::Gt | Op::Gte | Op::Exists(_) | Op::Contains | Op::Regex(_) => {
                None
            }
        }
    })
}

#[cfg(test)]
#[path = "intercept_tests.rs"]
mod tests;
