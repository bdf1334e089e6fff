//! A policy as rules see it: with the standing of every tool known, since most rules ask for it.

use std::{cell::OnceCell, collections::BTreeMap, ops::Deref};

use super::{call, capability::Traits, guard};
use crate::{
    hir::checked::{Naming, Policy, Rule, RuleKind, Standing, ToolId},
    text::Span,
};

/// A policy under the rules' eyes.
pub struct Subject<'a> {
    policy: &'a Policy,
    tools: Vec<Facts>,
    traits: OnceCell<Vec<Traits>>,
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
        Self { policy, tools: policy.tools().map(facts).collect(), traits: OnceCell::new() }
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

    /// Whether a condition covers the tool, or a limit that names it: somebody thought of what it may do.
    pub fn is_narrowed(&self, id: ToolId) -> bool {
        let limited = |rule: &Rule| matches!(rule.kind, RuleKind::Limit(_)) && rule.naming == Naming::Exact;
        self.has_conditions(id) || self.policy.rules_of(id).any(limited)
    }

    /// Whether the tool can be called and neither a person nor a condition has a say in it.
    pub fn is_ungated(&self, id: ToolId) -> bool {
        self.standing(id) == Standing::Callable && !self.has_conditions(id)
    }

    /// Whether a condition that covers the tool looks at this argument.
    pub fn looks_at(&self, id: ToolId, argument: &str) -> bool {
        self.has_conditions(id)
            && self.policy.rules_of(id).filter_map(guard::condition).any(|test| guard::mentions(test, argument))
    }

    /// The `allow` that leaves the tool open: one that names it, or else the first; none where the default does it.
    pub fn grant(&self, id: ToolId) -> Option<&'a Rule> {
        let grants = || self.policy.rules_of(id).filter(|rule| matches!(rule.kind, RuleKind::Allow));
        grants().find(|rule| rule.naming == Naming::Exact).or_else(|| grants().next())
    }

    /// Tools by what leaves them open: the statement that grants them, or the default.
    pub fn by_grant(&self, ids: impl Iterator<Item = ToolId>) -> BTreeMap<Span, Vec<ToolId>> {
        let mut out: BTreeMap<Span, Vec<ToolId>> = BTreeMap::new();
        for id in ids {
            let span = self.grant(id).map_or(self.policy.fallback_span(), |rule| rule.statement);
            out.entry(span).or_default().push(id);
        }
        out
    }

    /// What the catalog's facts say that a tool can do.
    pub fn traits(&self, id: ToolId) -> Traits {
        let all = || {
            let server = self.policy.server();
            let about = server.map(Traits::of_server).unwrap_or_default();
            server.into_iter().flat_map(|server| &server.tools).map(|tool| Traits::of(about, tool)).collect()
        };
        self.traits.get_or_init(all).get(id.index()).copied().unwrap_or_default()
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
