//! A policy as rules see it: with the standing of every tool known, since most rules ask for it.

use std::ops::Deref;

use super::call;
use crate::hir::checked::{Naming, Policy, RuleKind, Standing, ToolId};

/// A policy under the rules' eyes.
pub struct Subject<'a> {
    policy: &'a Policy,
    tools: Vec<Facts>,
}

/// What most rules ask of a tool.
#[derive(Clone, Copy)]
struct Facts {
    standing: Standing,
    conditions: bool,
}

impl<'a> Subject<'a> {
    pub(super) fn new(policy: &'a Policy) -> Self {
        let facts = |id| Facts {
            standing: policy.standing(id),
            conditions: policy
                .rules_of(id)
                .any(|rule| matches!(rule.kind, RuleKind::Require(_) | RuleKind::DenyIf(_) | RuleKind::AskIf(_))),
        };
        Self { policy, tools: policy.tools().map(facts).collect() }
    }

    /// The policy itself.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// What becomes of calls of a tool before any condition or counter is looked at.
    pub fn standing(&self, id: ToolId) -> Standing {
        self.tools.get(id.index()).map_or(Standing::NotGranted, |facts| facts.standing)
    }

    /// Whether a `require`, `deny if` or `ask if` speaks of the tool.
    pub fn has_conditions(&self, id: ToolId) -> bool {
        self.tools.get(id.index()).is_some_and(|facts| facts.conditions)
    }

    /// A call of the tool that nothing stops, as policy text; `None` where conditions speak of it.
    pub fn open_call(&self, id: ToolId) -> Option<String> {
        let arguments = match self.policy.entry(id) {
            _ if self.standing(id) != Standing::Callable || self.has_conditions(id) => return None,
            Some(tool) => call::least(tool),
            None => serde_json::Value::Null,
        };
        Some(call::write(self.policy.tool_name(id), &arguments))
    }

    /// Whether a statement or limit speaks of this tool by its own name: somebody thought of it.
    pub fn is_named(&self, id: ToolId) -> bool {
        self.policy.rules_of(id).any(|rule| rule.naming == Naming::Exact)
    }

    /// The tools that can be called without a person's approval, whatever conditions and counters then say.
    pub fn callable(&self) -> impl Iterator<Item = ToolId> {
        self.policy.tools().filter(|id| self.standing(*id) == Standing::Callable)
    }
}

impl Deref for Subject<'_> {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        self.policy
    }
}
