//! A policy as rules see it: with the standing of every tool known, since most rules ask for it.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    ops::Deref,
    sync::Arc,
};

use serde_json::Value;

use super::{call, capability::Traits, condition, exact};
use crate::{
    catalog::{JsonType, Param},
    hir::{
        Source,
        checked::{Policy, Rule, RuleKind, Standing, ToolId},
        model::{Condition, Literal, Op, Rate},
        origin::Origin,
    },
    region::{Answer, Regions, Wanted},
    syntax::literal::write_name,
    text::{Span, slice, with_its_line},
};

/// A policy under the rules' eyes.
pub struct Subject<'a> {
    policy: &'a Policy,
    tools: &'a [Facts],
    known: &'a Known,
    sources: &'a [Source],
    shared: &'a Shared,
}

/// What is worked out of one policy, and true as long as nothing but places changes in it.
#[derive(Default)]
pub(super) struct Known {
    tools: OnceCell<Vec<Facts>>,
    traits: OnceCell<Arc<[Traits]>>,
    restricted: RefCell<BTreeMap<ToolId, bool>>,
}

/// So many calls a minute are no limit that a loop would reach soon.
const MANY: u64 = 600;

/// What is worked out once for all policies, as long as the catalogs are the same.
#[derive(Default)]
pub(super) struct Shared {
    regions: RefCell<Regions>,
    /// By the ids of servers.
    traits: RefCell<BTreeMap<String, Arc<[Traits]>>>,
}

impl Shared {
    /// Lets the compiled patterns go: whoever types one leaves many behind.
    pub(super) fn let_patterns_go(&mut self) {
        self.regions = RefCell::default();
    }
}

/// What most rules ask of a tool.
#[derive(Clone, Copy)]
struct Facts {
    standing: Standing,
    conditions: bool,
}

impl<'a> Subject<'a> {
    pub(super) fn new(policy: &'a Policy, known: &'a Known, sources: &'a [Source], shared: &'a Shared) -> Self {
        let facts = |id| Facts {
            standing: policy.standing(id),
            conditions: policy.rules_of(id).any(|rule| rule.condition().is_some()),
        };
        let tools = known.tools.get_or_init(|| policy.tools().map(facts).collect());
        Self { policy, tools, known, sources, shared }
    }

    /// The policy itself.
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// What is known of calls of the tool for which conditions are as wanted.
    pub fn find(&self, id: ToolId, wanted: &[Wanted<'_>]) -> Answer {
        let is_foreign = self.policy.origin().manners().is_some();
        if is_foreign && wanted.iter().any(|it| exact::compares_by_print(self, it.condition, self.policy.entry(id))) {
            return Answer::Unknown;
        }
        self.shared.regions.borrow_mut().find(self.policy.entry(id), wanted)
    }

    /// Whether some arguments, of any types, have the condition.
    pub fn can_hold(&self, condition: &Condition) -> bool {
        self.shared.regions.borrow_mut().satisfiable(None, condition) != Some(false)
    }

    /// A call as policy text.
    pub fn call(&self, id: ToolId, arguments: &Value) -> String {
        call::write(self.policy.tool_name(id), arguments)
    }

    /// A tool's name as it stands in the policy's own text, for edits.
    pub fn written(&self, tool: &str) -> String {
        match self.policy.origin() {
            Origin::Language => write_name(tool),
            Origin::Foreign(_) => tool.to_owned(),
        }
    }

    /// Whether the policy's language has conditions or limits.
    pub fn can_narrow(&self) -> bool {
        self.policy.origin().manners().is_none_or(|manners| manners.narrow.is_some())
    }

    /// What stands at a place.
    pub fn text(&self, span: Span) -> &'a str {
        self.sources.get(span.file.0 as usize).map_or("", |source| slice(&source.text, span.range()))
    }

    /// The place of a statement or clause with what goes when it is removed.
    pub fn lines(&self, span: Span) -> Span {
        self.sources.get(span.file.0 as usize).map_or(span, |source| with_its_line(&source.text, span))
    }

    /// What becomes of calls of a tool before any condition or counter is looked at.
    pub fn standing(&self, id: ToolId) -> Standing {
        self.tools.get(id.index()).map_or(Standing::NotGranted, |facts| facts.standing)
    }

    /// Whether a `require`, `deny if` or `ask if` speaks of the tool.
    pub fn has_conditions(&self, id: ToolId) -> bool {
        self.tools.get(id.index()).is_some_and(|facts| facts.conditions)
    }

    /// A call of the tool that nothing stops and nobody is asked about, as policy text; `None` where none is known.
    pub fn open_call(&self, id: ToolId) -> Option<String> {
        if self.standing(id) != Standing::Callable {
            return None;
        }
        let arguments = if self.has_conditions(id) {
            exact::passing_as(self, id, &[])?
        } else {
            self.policy.entry(id).map(call::least).unwrap_or_default()
        };
        Some(self.call(id, &arguments))
    }

    /// Whether a statement or limit speaks of this tool by its own name: somebody thought of it.
    pub fn is_named(&self, id: ToolId) -> bool {
        self.policy.rules_of(id).any(|rule| self.policy.names_tool(rule, id))
    }

    /// Whether a statement's list of tools has an `except`.
    pub fn has_except(&self, rule: &Rule) -> bool {
        self.text(rule.tools_span).split_whitespace().any(|word| word == "except")
    }

    /// Whether the tool can be called, perhaps with a person's approval.
    pub fn is_usable(&self, id: ToolId) -> bool {
        matches!(self.standing(id), Standing::Callable | Standing::Asks)
    }

    /// The tools that can be called, those that a person approves included.
    pub fn usable(&self) -> impl Iterator<Item = ToolId> {
        self.policy.tools().filter(|id| self.is_usable(*id))
    }

    /// Whether a condition stops some call that the server would take, or a limit that names the tool is within reason:
    /// somebody thought of what it may do.
    pub fn is_narrowed(&self, id: ToolId) -> bool {
        self.is_restricted(id) || self.is_limited(id)
    }

    /// Whether a limit names the tool that a loop would reach.
    pub fn is_limited(&self, id: ToolId) -> bool {
        let low = |rate: &Rate| rate.max.saturating_mul(60) <= rate.seconds.saturating_mul(MANY);
        self.policy
            .rules_of(id)
            .any(|rule| matches!(&rule.kind, RuleKind::Limit(rate) if low(rate)) && self.policy.names_tool(rule, id))
    }

    /// Whether a condition stops some call that the server would take.
    pub fn is_restricted(&self, id: ToolId) -> bool {
        self.has_conditions(id)
            && *self
                .known
                .restricted
                .borrow_mut()
                .entry(id)
                .or_insert_with(|| self.policy.rules_of(id).any(|rule| !exact::is_idle(self, id, rule)))
    }

    /// Whether the tool can be called and neither a person nor a condition has a say in it.
    pub fn is_ungated(&self, id: ToolId) -> bool {
        self.standing(id) == Standing::Callable && !self.is_restricted(id)
    }

    /// Whether a condition that looks at this argument stops some call that the server would take.
    pub fn looks_at(&self, id: ToolId, argument: &str) -> bool {
        let looks = |rule: &&Rule| rule.condition().is_some_and(|test| condition::mentions(test, argument));
        self.has_conditions(id) && self.policy.rules_of(id).filter(looks).any(|rule| !exact::is_idle(self, id, rule))
    }

    /// A call with this text as an argument that nothing stops, as policy text; `None` where none is known.
    pub fn open_call_with(&self, id: ToolId, param: &Param, text: &str) -> Option<String> {
        let text = Literal::Text(text.into());
        let listed = !param.types.admits_type(JsonType::String) && param.types.admits_type(JsonType::Array);
        let op = if listed { Op::Contains(text) } else { Op::Equal(text) };
        let arguments = exact::passing_as(self, id, &[exact::holds(&exact::test(&param.name, op))])?;
        Some(self.call(id, &arguments))
    }

    /// What the catalog's facts say that a tool can do.
    pub fn traits(&self, id: ToolId) -> Traits {
        let all = || {
            let Some(server) = self.policy.server() else { return [].into() };
            let mut known = self.shared.traits.borrow_mut();
            let about = || {
                let words = Traits::of_server(server);
                server.tools.iter().map(|tool| Traits::of(words, tool)).collect()
            };
            Arc::clone(known.entry(server.id.clone()).or_insert_with(about))
        };
        self.known.traits.get_or_init(all).get(id.index()).copied().unwrap_or_default()
    }

    /// The tools that can be called without a person's approval, whatever conditions and counters then say.
    pub fn callable(&self) -> impl Iterator<Item = ToolId> {
        self.policy.tools().filter(|id| self.standing(*id) == Standing::Callable)
    }

    /// The tools that are always listed for the agent, whether or not it may call them.
    pub fn listed(&self) -> impl Iterator<Item = ToolId> {
        let always = |id: &ToolId| self.policy.entry(*id).is_some_and(|tool| tool.conditional.is_none());
        self.policy.tools().filter(move |id| self.standing(*id) != Standing::Hidden && always(id))
    }

    /// The rule that grants a tool, one that names it before others; `None` where the default does, or nothing.
    pub fn grant(&self, id: ToolId) -> Option<&'a Rule> {
        let grants = || self.policy.rules_of(id).filter(|rule| matches!(rule.kind, RuleKind::Allow | RuleKind::Ask));
        grants().find(|rule| self.policy.names_tool(rule, id)).or_else(|| grants().next())
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
