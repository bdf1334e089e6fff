//! The checked policy: names resolved, tools listed, conditions typed, and no error anywhere in its file.
//!
//! [`Checked`] has no public constructor: the only way to one is an analysis without errors. Targets and the
//! evaluator accept nothing else.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    model::{Condition, Fallback, Grant, Name, Rate, Test, Verb},
    origin::{Note, Origin},
};
use crate::{
    catalog::{Server, Tool},
    pattern::glob,
    syntax::literal::Date,
    text::Span,
};

/// A file without errors.
#[derive(Debug)]
pub struct Checked {
    pub(super) policies: Vec<Policy>,
    pub(super) grants: Vec<Grant>,
    pub(super) tests: Vec<Test>,
}

impl Checked {
    /// Its policies, in source order.
    pub fn policies(&self) -> impl ExactSizeIterator<Item = CheckedPolicy<'_>> {
        self.policies.iter().map(CheckedPolicy)
    }

    /// The policy of a name.
    pub fn policy(&self, name: &str) -> Option<CheckedPolicy<'_>> {
        self.policies().find(|policy| policy.name() == name)
    }

    /// Its grants.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Its tests.
    pub fn tests(&self) -> &[Test] {
        &self.tests
    }
}

/// A policy of a checked file: the one thing that targets and the evaluator accept.
#[derive(Debug, Clone, Copy)]
pub struct CheckedPolicy<'a>(&'a Policy);

impl<'a> CheckedPolicy<'a> {
    /// The policy itself.
    pub fn get(self) -> &'a Policy {
        self.0
    }
}

impl<'a> std::ops::Deref for CheckedPolicy<'a> {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        self.0
    }
}

/// A tool of one policy: an index into its table of tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolId(pub(super) u32);

impl ToolId {
    /// Its place in the table.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A policy whose own statements are in order. Lints read it; what is enforced is a [`CheckedPolicy`].
#[derive(Debug)]
pub struct Policy {
    pub(super) name: Name,
    pub(super) server_name: Name,
    pub(super) server: Option<Arc<Server>>,
    pub(super) alias: Option<Name>,
    pub(super) fallback: (Fallback, Span),
    pub(super) head: Span,
    pub(super) span: Span,
    /// Exact names that the catalog does not know, after the catalog's tools in the table.
    pub(super) extras: Vec<Box<str>>,
    /// The places of these names in the table.
    pub(super) extra_ids: BTreeMap<Box<str>, u32>,
    pub(super) rules: Vec<Rule>,
    /// For each tool, where its rules begin in `tool_rules`; one more entry than there are tools.
    pub(super) starts: Vec<u32>,
    pub(super) tool_rules: Vec<u32>,
    /// The rules over every call.
    pub(super) all_rules: Vec<u32>,
    /// Names that no catalog knows, as they were used.
    pub(super) unknown: Vec<UnknownTool>,
    /// The patterns of its own statements.
    pub(super) patterns: Vec<Pattern>,
    /// The last days of grants, by their statements.
    pub(super) until: BTreeMap<Span, (Date, Span)>,
    /// Whether another policy includes this one, so that it need not grant anything itself.
    pub(super) included: bool,
    pub(super) origin: Origin,
    pub(super) notes: Vec<Note>,
}

/// A pattern in the list of a statement, not in its `except` and not in a set.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The pattern and its place.
    pub text: Name,
    /// What its statement does.
    pub verb: Verb,
    /// The statement.
    pub statement: Span,
}

/// A use of a name that the server's catalog does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownTool {
    /// The name and its place.
    pub name: Name,
    /// Whether the name stands where a mistake leaves something open: not under `allow`, or in an `except` of one.
    pub guards: bool,
    /// Whether it stands in the definition of a set, which other policies may use for other servers.
    pub in_set: bool,
}

/// One rule: a statement or a clause of it, with the tools it covers.
#[derive(Debug)]
pub struct Rule {
    /// What it does.
    pub kind: RuleKind,
    /// The statement or clause.
    pub span: Span,
    pub(super) because: Option<Arc<Name>>,
    /// The statement that the rule belongs to.
    pub statement: Span,
    pub(super) covers: Covers,
    /// How the tools were named.
    pub naming: Naming,
    /// Of a list with patterns or sets, the tools that it names besides.
    pub(super) named: Box<[u32]>,
    /// The list of tools as written.
    pub tools_span: Span,
    /// Whether it comes from a policy that this one includes.
    pub included: bool,
}

impl Rule {
    /// The reason.
    pub fn because(&self) -> Option<&Name> {
        self.because.as_deref()
    }

    /// The condition of a `require`, `deny if` or `ask if`.
    pub fn condition(&self) -> Option<&Condition> {
        match &self.kind {
            RuleKind::Require(condition) | RuleKind::DenyIf(condition) | RuleKind::AskIf(condition) => Some(condition),
            RuleKind::Allow
            | RuleKind::Ask
            | RuleKind::Deny
            | RuleKind::Hide
            | RuleKind::Limit(_)
            | RuleKind::LimitAll(_) => None,
        }
    }

    /// The rate of a limit, of one tool or of all.
    pub fn rate(&self) -> Option<&Rate> {
        match &self.kind {
            RuleKind::Limit(rate) | RuleKind::LimitAll(rate) => Some(rate),
            _ => None,
        }
    }
}

/// How a statement names its tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// Each by its own name.
    Exact,
    /// At least one by a pattern or set.
    Broad,
}

/// What a rule does.
#[derive(Debug)]
pub enum RuleKind {
    /// Grants.
    Allow,
    /// Grants, with a person's approval.
    Ask,
    /// A person is asked where the condition holds.
    AskIf(Arc<Condition>),
    /// Refuses.
    Deny,
    /// Refuses where the condition holds.
    DenyIf(Arc<Condition>),
    /// Refuses and takes out of the list.
    Hide,
    /// Refuses where the condition does not hold.
    Require(Arc<Condition>),
    /// Counts the calls of each tool, or an argument of them.
    Limit(Arc<Rate>),
    /// Counts the calls of all tools together.
    LimitAll(Arc<Rate>),
}

/// The tools that a rule covers.
#[derive(Debug, Clone)]
pub(super) enum Covers {
    /// Every call, whatever the tool.
    All,
    /// One tool.
    One(u32),
    /// Several, ascending.
    Many(Arc<[u32]>),
}

impl Covers {
    pub(super) fn of(tools: &[u32]) -> Self {
        match tools {
            [one] => Covers::One(*one),
            many => Covers::Many(many.into()),
        }
    }

    pub(super) fn ids(&self) -> &[u32] {
        match self {
            Covers::All => &[],
            Covers::One(one) => std::slice::from_ref(one),
            Covers::Many(many) => many,
        }
    }
}

impl Policy {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name.text
    }

    /// Where its name stands.
    pub fn name_span(&self) -> Span {
        self.name.span
    }

    /// Its head.
    pub fn head(&self) -> Span {
        self.head
    }

    /// Whether a place is within the policy, rather than in one that it includes.
    pub fn holds(&self, place: Span) -> bool {
        place.file == self.span.file && self.span.start <= place.start && place.end <= self.span.end
    }

    /// The server's name as the policy writes it.
    pub fn server_name(&self) -> &Name {
        &self.server_name
    }

    /// The server's catalog, where one is known.
    pub fn server(&self) -> Option<&Server> {
        self.server.as_deref()
    }

    /// The server's name in a client's configuration.
    pub fn alias(&self) -> Option<&Name> {
        self.alias.as_ref()
    }

    /// What decides calls that nothing grants or denies.
    pub fn fallback(&self) -> Fallback {
        self.fallback.0
    }

    /// Whether calls that nothing decides are refused.
    pub fn is_closed(&self) -> bool {
        self.fallback() != Fallback::Allow
    }

    /// Where the default stands.
    pub fn fallback_span(&self) -> Span {
        self.fallback.1
    }

    /// Whether another policy includes this one.
    pub fn is_included(&self) -> bool {
        self.included
    }

    /// Whose language it is written in.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// What a foreign text says besides.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Its rules in source order; those of included policies stand where the `include` does.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Uses of names that no catalog knows.
    pub fn unknown_tools(&self) -> &[UnknownTool] {
        &self.unknown
    }

    /// The patterns of its own statements, in source order.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// The tools of the catalog that a pattern matches, ascending.
    pub fn matching(&self, pattern: &str) -> impl Iterator<Item = ToolId> {
        let tools = self.server().map_or(&[][..], |server| &server.tools);
        let matching = tools.iter().enumerate().filter(move |(_, tool)| glob::matches(pattern, &tool.name));
        matching.map(|(index, _)| ToolId(crate::text::as_u32(index)))
    }

    /// Whether a pattern matches a tool.
    pub fn fits(&self, pattern: &str, id: ToolId) -> bool {
        glob::matches(pattern, self.tool_name(id))
    }

    /// The last day of the grant that a rule belongs to, with its place.
    pub fn until(&self, rule: &Rule) -> Option<(Date, Span)> {
        self.until.get(&rule.statement).copied()
    }

    fn catalogued(&self) -> u32 {
        self.server.as_ref().map_or(0, |server| crate::text::as_u32(server.tools.len()))
    }

    /// All tools that the catalog or the policy names.
    pub fn tools(&self) -> impl Iterator<Item = ToolId> + use<> {
        (0..self.catalogued() + crate::text::as_u32(self.extras.len())).map(ToolId)
    }

    /// The same, by the bytes of their names: the order of outputs.
    pub fn tools_by_name(&self) -> Vec<ToolId> {
        let mut ids: Vec<ToolId> = self.tools().collect();
        ids.sort_by(|a, b| self.tool_name(*a).cmp(self.tool_name(*b)));
        ids
    }

    /// The tool of a name.
    pub fn tool(&self, name: &str) -> Option<ToolId> {
        if let Some(index) = self.server().and_then(|server| server.tool_index(name)) {
            return Some(ToolId(crate::text::as_u32(index)));
        }
        self.extra_ids.get(name).map(|id| ToolId(*id))
    }

    /// A tool's name.
    pub fn tool_name(&self, id: ToolId) -> &str {
        if let Some(tool) = self.entry(id) {
            return &tool.name;
        }
        self.extras.get(id.0.saturating_sub(self.catalogued()) as usize).map_or("", |name| name)
    }

    /// What the catalog knows of a tool.
    pub fn entry(&self, id: ToolId) -> Option<&Tool> {
        self.server().and_then(|server| server.tools.get(id.0 as usize))
    }

    /// The rules that cover a tool by name, in source order; rules over all tools are not among them.
    pub fn rules_of(&self, id: ToolId) -> impl Iterator<Item = &Rule> + Clone {
        let bound = |index: u32| self.starts.get(index as usize).copied().unwrap_or(0) as usize;
        let range = bound(id.0)..bound(id.0 + 1).max(bound(id.0));
        let rules = self.tool_rules.get(range).unwrap_or_default();
        rules.iter().filter_map(|&rule| self.rules.get(rule as usize))
    }

    /// The rules over every call.
    pub fn rules_of_all(&self) -> impl Iterator<Item = &Rule> + Clone {
        self.all_rules.iter().filter_map(|&rule| self.rules.get(rule as usize))
    }

    /// The tools that a rule covers by name, ascending.
    pub fn covered(&self, rule: &Rule) -> impl ExactSizeIterator<Item = ToolId> + Clone {
        rule.covers.ids().to_vec().into_iter().map(ToolId)
    }

    /// Whether a rule covers a tool by the tool's own name.
    pub fn names_tool(&self, rule: &Rule, id: ToolId) -> bool {
        rule.naming == Naming::Exact || rule.named.contains(&id.0)
    }

    /// Whether two rules cover the same tools.
    pub fn covers_same(&self, a: &Rule, b: &Rule) -> bool {
        a.covers.ids() == b.covers.ids() && matches!(a.covers, Covers::All) == matches!(b.covers, Covers::All)
    }

    /// What becomes of calls of a tool before any condition or counter is looked at.
    pub fn standing(&self, id: ToolId) -> Standing {
        let mut granted = self.fallback() == Fallback::Allow;
        let mut standing = Standing::Callable;
        for rule in self.rules_of(id) {
            match rule.kind {
                RuleKind::Hide => return Standing::Hidden,
                RuleKind::Deny => standing = Standing::Denied,
                RuleKind::Ask => {
                    granted = true;
                    if standing == Standing::Callable {
                        standing = Standing::Asks;
                    }
                }
                RuleKind::Allow => granted = true,
                RuleKind::AskIf(_)
                | RuleKind::DenyIf(_)
                | RuleKind::Require(_)
                | RuleKind::Limit(_)
                | RuleKind::LimitAll(_) => {}
            }
        }
        match standing {
            Standing::Denied => Standing::Denied,
            _ if granted => standing,
            _ if self.fallback() == Fallback::Hide && self.entry(id).is_some() => Standing::Hidden,
            _ => Standing::NotGranted,
        }
    }

    /// The rule that gave a tool its standing: the first that hides, denies or asks; none where no rule did.
    pub fn standing_rule(&self, id: ToolId, standing: Standing) -> Option<&Rule> {
        self.rules_of(id).find(|rule| {
            matches!(
                (standing, &rule.kind),
                (Standing::Hidden, RuleKind::Hide)
                    | (Standing::Denied, RuleKind::Deny)
                    | (Standing::Asks, RuleKind::Ask)
            )
        })
    }

    /// Fills the table of rules by tool.
    pub(super) fn index(&mut self) {
        let tools = self.catalogued() as usize + self.extras.len();
        let mut counts = vec![0u32; tools + 1];
        for id in self.rules.iter().flat_map(|rule| rule.covers.ids()) {
            if let Some(count) = counts.get_mut(*id as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut counts {
            sum += *count;
            *count = sum;
        }
        self.starts.clone_from(&counts);
        self.tool_rules = vec![0; sum as usize];
        for (index, rule) in self.rules.iter().enumerate() {
            if matches!(rule.covers, Covers::All) {
                self.all_rules.push(crate::text::as_u32(index));
            }
            for id in rule.covers.ids() {
                let Some(next) = counts.get_mut(*id as usize) else { continue };
                if let Some(slot) = self.tool_rules.get_mut(*next as usize) {
                    *slot = crate::text::as_u32(index);
                }
                *next += 1;
            }
        }
    }
}

/// What becomes of calls of a tool before any condition or counter is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Neither listed nor callable.
    Hidden,
    /// Refused by a `deny`.
    Denied,
    /// Refused because nothing grants it.
    NotGranted,
    /// A person approves each call.
    Asks,
    /// Granted; conditions and counters may still refuse a call.
    Callable,
}
