//! A policy as rules see it: with the standing of every tool known, since most rules ask for it.

use std::{collections::BTreeMap, ops::Deref};

use super::call;
use crate::{
    hir::checked::{Naming, Policy, Rule, RuleKind, Standing, ToolId},
    text::Span,
};

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

    /// The same, and those that a person approves.
    pub fn usable(&self) -> impl Iterator<Item = ToolId> {
        self.policy.tools().filter(|id| matches!(self.standing(*id), Standing::Callable | Standing::Asks))
    }

    /// The tools that are always listed for the agent, whether or not it may call them.
    pub fn listed(&self) -> impl Iterator<Item = ToolId> {
        let always = |id: &ToolId| self.policy.entry(*id).is_some_and(|tool| tool.conditional.is_none());
        self.policy.tools().filter(move |id| self.standing(*id) != Standing::Hidden && always(id))
    }

    /// The rule that grants a tool, one that names it before others; `None` where the default does, or nothing.
    pub fn grant(&self, id: ToolId) -> Option<&'a Rule> {
        let grants = || self.policy.rules_of(id).filter(|rule| matches!(rule.kind, RuleKind::Allow | RuleKind::Ask));
        grants().find(|rule| rule.naming == Naming::Exact).or_else(|| grants().next())
    }

    /// Tools by the list of tools that grants them, or the default.
    pub fn by_grant(&self, tools: impl Iterator<Item = ToolId>) -> BTreeMap<Span, Vec<ToolId>> {
        let mut out: BTreeMap<Span, Vec<ToolId>> = BTreeMap::new();
        for id in tools {
            let place = self.grant(id).map_or(self.policy.fallback_span(), |rule| rule.tools_span);
            out.entry(place).or_default().push(id);
        }
        out
    }

    /// The names of tools.
    pub fn names(&self, tools: &[ToolId]) -> Vec<&'a str> {
        tools.iter().map(|id| self.policy.tool_name(*id)).collect()
    }
}

impl Deref for Subject<'_> {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        self.policy
    }
}
