//! What becomes of the tools of a policy's server, counted.

use std::fmt;

use super::bearing::decision;
use crate::{eval::Decision, hir::checked::Policy, text::count};

/// How many tools there are, and what becomes of their calls before any condition and limit. It counts every tool that
/// the catalog or the policy names, also those that a server offers only when it is set up for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    /// All of them.
    tools: usize,
    /// Those that may be called.
    allowed: usize,
    /// Those whose calls a person approves.
    asked: usize,
    /// Those whose calls are refused, and which the agent sees.
    denied: usize,
    /// Those that the agent does not see.
    hidden: usize,
}

impl Counts {
    /// Counts the tools of a policy.
    pub(super) fn of(policy: &Policy) -> Self {
        let mut out = Self::default();
        for id in policy.tools() {
            out.tools += 1;
            match decision(policy, policy.standing(id)) {
                Decision::Allow => out.allowed += 1,
                Decision::Ask => out.asked += 1,
                Decision::Hidden => out.hidden += 1,
                Decision::Deny | Decision::Limited => out.denied += 1,
            }
        }
        out
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tools, allowed, asked, denied, hidden } = *self;
        let parts = [(allowed, "allowed"), (asked, "ask"), (denied, "denied"), (hidden, "hidden")];
        let told: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        write!(f, "{}", count(tools, "tool"))?;
        if told.is_empty() { Ok(()) } else { write!(f, ": {}", told.join(", ")) }
    }
}
