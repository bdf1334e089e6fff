//! Which statements and clauses tests decide by, and which tools they call.

use std::collections::{BTreeMap, BTreeSet};

use super::{Tried, repeat};
use crate::{
    catalog::Risk,
    eval::{Decision, Evaluator, Verdict},
    hir::{
        checked::{Checked, CheckedPolicy, Policy, Rule, RuleKind, Standing, ToolId},
        model::{Call, Fallback},
    },
    text::Span,
};

/// What the tests of a file cover.
#[derive(Debug)]
pub struct Coverage<'a> {
    /// The statements and clauses that tests can decide by, by place.
    pub statements: Vec<Statement<'a>>,
    /// The tools, by policy.
    pub tools: Vec<Tools<'a>>,
}

/// A statement or clause, and what no test shows of it.
#[derive(Debug)]
pub struct Statement<'a> {
    /// The policy that it stands in.
    pub policy: &'a str,
    /// Its place.
    pub span: Span,
    /// What is missing, in words; empty where it is covered.
    pub missing: Vec<&'static str>,
}

/// The tools of a policy's server.
#[derive(Debug)]
pub struct Tools<'a> {
    /// The policy.
    pub policy: &'a str,
    /// The server.
    pub server: &'a str,
    /// How many tools it has.
    pub all: usize,
    /// How many of them some test of the policy calls.
    pub called: usize,
    /// The critical ones that no test calls.
    pub critical: Vec<&'a str>,
}

impl Coverage<'_> {
    /// How many statements are covered.
    pub fn covered(&self) -> usize {
        self.statements.iter().filter(|statement| statement.missing.is_empty()).count()
    }
}

/// So many of a hundred, rounded down: 100 is all. Of nothing, all is covered.
pub fn percent(covered: usize, all: usize) -> usize {
    (covered * 100).checked_div(all).unwrap_or(100)
}

/// The two sides of a statement that tests can show.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    stops: bool,
    passes: bool,
}

/// What the calls of tests cover, of the policies that are wanted.
pub fn coverage<'a>(checked: &'a Checked, tried: &[Tried<'a>], wanted: &dyn Fn(&str) -> bool) -> Coverage<'a> {
    // a floor's statement is shown by tests of all that include it
    let mut shown: BTreeMap<Span, Shown> = BTreeMap::new();
    for policy in checked.policies() {
        let evaluator = Evaluator::new(policy);
        for (call, verdict) in calls(tried, policy.get()) {
            for rule in touched(policy.get(), &call.tool.text) {
                let it = shown.entry(rule.span).or_default();
                let now = shows(rule, verdict, call, &evaluator);
                *it = Shown { stops: it.stops | now.stops, passes: it.passes | now.passes };
            }
            if verdict.rule.is_none() {
                shown.insert(policy.get().fallback_span(), Shown { stops: true, passes: true });
            }
        }
    }
    let policies: Vec<CheckedPolicy<'a>> = checked.policies().filter(|policy| wanted(policy.name())).collect();
    let mut statements: Vec<Statement<'a>> = Vec::new();
    for policy in policies.iter().map(|policy| policy.get()) {
        let of = |span, kind| {
            let shown = shown.get(&span).copied().unwrap_or_default();
            Statement { policy: policy.name(), span, missing: missing(kind, shown) }
        };
        statements.push(of(policy.fallback_span(), Kind::Default(policy.fallback())));
        let own = policy.rules().iter().filter(|rule| !rule.included && can_be_shown(policy, rule));
        statements.extend(own.map(|rule| of(rule.span, Kind::Rule(&rule.kind))));
    }
    statements.sort_by_key(|statement| statement.span);
    let tools = policies.iter().filter_map(|policy| tools(policy.get(), tried));
    Coverage { statements, tools: tools.collect() }
}

/// The calls of a policy's tests.
fn calls<'r, 'a>(tried: &'r [Tried<'a>], policy: &'a Policy) -> impl Iterator<Item = (&'a Call, &'r Verdict<'a>)> {
    let of_this = move |it: &&Tried<'a>| it.policy.is_some_and(|other| other.name() == policy.name());
    let made = tried.iter().filter(of_this).flat_map(|it| &it.calls);
    made.filter_map(|made| Some((made.call, made.got.as_ref().ok()?)))
}

/// The rules that a call of a tool may meet.
fn touched<'a>(policy: &'a Policy, tool: &str) -> impl Iterator<Item = &'a Rule> {
    policy.tool(tool).into_iter().flat_map(|id| policy.rules_of(id)).chain(policy.rules_of_all())
}

/// What a call shows of a rule that covers its tool.
fn shows(rule: &Rule, verdict: &Verdict<'_>, call: &Call, evaluator: &Evaluator<'_>) -> Shown {
    let decided = verdict.rule.is_some_and(|by| by.span == rule.span);
    let goes = matches!(verdict.decision, Decision::Allow | Decision::Ask);
    let holds = || {
        let condition = rule.condition();
        condition.and_then(|it| evaluator.judge().holds(it, &call.arguments).ok()).unwrap_or(false)
    };
    let same_kind =
        || verdict.rule.is_some_and(|by| std::mem::discriminant(&by.kind) == std::mem::discriminant(&rule.kind));
    match rule.kind {
        RuleKind::Allow => Shown { stops: false, passes: goes },
        RuleKind::Ask => Shown { stops: verdict.decision == Decision::Ask, passes: false },
        // two that say the same of a tool are shown by one call, though only the first speaks
        RuleKind::Deny | RuleKind::Hide => Shown { stops: same_kind(), passes: false },
        RuleKind::Require(_) => Shown { stops: decided, passes: goes && holds() },
        RuleKind::DenyIf(_) => Shown { stops: decided, passes: goes },
        RuleKind::AskIf(_) => Shown { stops: verdict.decision == Decision::Ask && holds(), passes: goes && !holds() },
        RuleKind::Limit(_) | RuleKind::LimitAll(_) => Shown { stops: decided, passes: false },
    }
}

/// What a statement is, as far as it matters here.
enum Kind<'k> {
    Default(Fallback),
    Rule(&'k RuleKind),
}

fn missing(kind: Kind<'_>, shown: Shown) -> Vec<&'static str> {
    let (stops, passes) = match kind {
        Kind::Default(Fallback::Allow) => (None, Some("no test passes by it")),
        Kind::Default(Fallback::Deny | Fallback::Hide) => (Some("no test is refused by it"), None),
        Kind::Rule(RuleKind::Allow) => (None, Some("no test passes by it")),
        Kind::Rule(RuleKind::Ask) => (Some("no test is asked by it"), None),
        Kind::Rule(RuleKind::Deny | RuleKind::Hide) => (Some("no test is refused by it"), None),
        Kind::Rule(RuleKind::Require(_) | RuleKind::DenyIf(_)) => {
            (Some("no test is refused by it"), Some("no test passes it"))
        }
        Kind::Rule(RuleKind::AskIf(_)) => (Some("no test is asked by it"), Some("no test passes it unasked")),
        Kind::Rule(RuleKind::Limit(_) | RuleKind::LimitAll(_)) => (Some("no test reaches it"), None),
    };
    [stops.filter(|_| !shown.stops), passes.filter(|_| !shown.passes)].into_iter().flatten().collect()
}

/// Whether a test can show a rule at all. No time passes in a test, so of several limits of a tool only the smallest
/// can be reached; the others count as neither covered nor missing.
fn can_be_shown(policy: &Policy, rule: &Rule) -> bool {
    let counts_calls = rule.rate().is_some_and(|rate| rate.argument.is_none());
    !counts_calls || reaches(policy, rule).next().is_some()
}

/// The callable tools that reach a limit of calls first.
pub(super) fn reaches<'p>(policy: &'p Policy, limit: &'p Rule) -> impl Iterator<Item = ToolId> + 'p {
    let callable = |id: &ToolId| matches!(policy.standing(*id), Standing::Callable | Standing::Asks);
    let first = |id: &ToolId| repeat::smallest(policy, *id).is_some_and(|first| first.span == limit.span);
    let over_all = matches!(limit.kind, RuleKind::LimitAll(_));
    let all = over_all.then(|| policy.tools()).into_iter().flatten();
    all.chain(policy.covered(limit)).filter(callable).filter(first)
}

fn tools<'a>(policy: &'a Policy, tried: &[Tried<'a>]) -> Option<Tools<'a>> {
    let server = policy.server()?;
    let called: BTreeSet<&str> = calls(tried, policy).map(|(call, _)| &*call.tool.text).collect();
    let is_called = |name: &str| called.contains(name);
    let missing = server.tools.iter().filter(|tool| tool.risk == Risk::Critical && !is_called(&tool.name));
    Some(Tools {
        policy: policy.name(),
        server: &server.id,
        all: server.tools.len(),
        called: server.tools.iter().filter(|tool| is_called(&tool.name)).count(),
        critical: missing.map(|tool| &*tool.name).collect(),
    })
}
