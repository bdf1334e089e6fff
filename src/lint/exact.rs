//! What the exact rules share: which conditions speak of a tool, and which questions about them are worth asking.

use serde_json::Value;

use crate::{
    catalog::{JsonType, Tool},
    hir::{
        checked::{Rule, RuleKind, ToolId},
        model::{Comparison, Condition, Literal, Op, Path},
    },
    lint::{Subject, condition},
    region::{Answer, Wanted},
    text::Span,
};

/// So many conditions of one tool are compared with each other; the others are taken to be in order.
pub(super) const MOST: usize = 24;

/// The conditions that speak of one tool, in source order.
#[derive(Default)]
pub(super) struct Guards<'p> {
    pub(super) requires: Vec<&'p Rule>,
    pub(super) denies: Vec<&'p Rule>,
    pub(super) asks: Vec<&'p Rule>,
    /// Whether there are more.
    cut: bool,
}

impl<'p> Guards<'p> {
    pub(super) fn of(policy: &'p Subject<'_>, id: ToolId) -> Self {
        let mut out = Self::default();
        for rule in policy.rules_of(id) {
            match rule.kind {
                RuleKind::Require(_) if out.requires.len() < MOST => out.requires.push(rule),
                RuleKind::DenyIf(_) if out.denies.len() < MOST => out.denies.push(rule),
                RuleKind::AskIf(_) if out.asks.len() < MOST => out.asks.push(rule),
                RuleKind::Require(_) | RuleKind::DenyIf(_) | RuleKind::AskIf(_) => out.cut = true,
                _ => {}
            }
        }
        out
    }

    /// What a call must be like to get past all of them, without anybody being asked; `None` where there are too many.
    pub(super) fn passing(&self) -> Option<Vec<Wanted<'p>>> {
        let mut wanted = self.unstopped()?;
        wanted.extend(self.asks.iter().filter_map(|rule| Some(fails(condition::of(rule)?))));
        Some(wanted)
    }

    /// What a call must be like that none of them refuses; `None` where there are too many.
    pub(super) fn unstopped(&self) -> Option<Vec<Wanted<'p>>> {
        let requires = self.requires.iter().filter_map(|rule| Some(holds(condition::of(rule)?)));
        let denies = self.denies.iter().filter_map(|rule| Some(fails(condition::of(rule)?)));
        (!self.cut).then(|| requires.chain(denies).collect())
    }
}

pub(super) fn holds(condition: &Condition) -> Wanted<'_> {
    Wanted { condition, holds: true }
}

pub(super) fn fails(condition: &Condition) -> Wanted<'_> {
    Wanted { condition, holds: false }
}

/// Whether it is proved that no call of the tool is as wanted.
pub(super) fn none(policy: &Subject<'_>, id: ToolId, wanted: &[Wanted<'_>]) -> bool {
    policy.find(id, wanted) == Answer::None
}

/// Whether some calls of the tool surely have the condition and some surely have not, which is plain to see for most.
pub(super) fn is_contingent(condition: &Condition, tool: Option<&Tool>) -> bool {
    match condition {
        Condition::Test(test) => is_free(test, tool),
        Condition::All(parts) | Condition::Any(parts) => {
            let apart = |(index, part): (usize, &Condition)| {
                is_contingent(part, tool) && !parts.iter().skip(index + 1).any(|other| condition::meet(part, other))
            };
            parts.len() <= 4 && parts.iter().enumerate().all(apart)
        }
    }
}

/// Whether the argument can have any value of a large type, as far as the catalog tells. That a pattern may match
/// nothing, or everything, is left out of account.
fn is_free(test: &Comparison, tool: Option<&Tool>) -> bool {
    let Some(tool) = tool else { return true };
    let Some(param) = test.path.segments.first().and_then(|name| tool.param(name)) else { return true };
    let large = [JsonType::Integer, JsonType::Number, JsonType::String, JsonType::Array];
    match test.op {
        Op::Exists | Op::Missing => !param.required,
        _ if param.values.is_some() || tool.schema.is_some() => false,
        _ => large.iter().any(|kind| param.types.admits_type(*kind)),
    }
}

/// Whether a condition of another format compares values of different types, which its engine may take for equal, or
/// has no counterpart in ours.
pub(super) fn compares_by_print(policy: &Subject<'_>, condition: &Condition, tool: Option<&Tool>) -> bool {
    condition::any(condition, &mut |test| {
        let param = match &*test.path.segments {
            [name] => tool.and_then(|tool| tool.param(name)),
            _ => None,
        };
        let takes = |kind| param.is_some_and(|param| param.types.admits_type(kind));
        let fits = |literal: &Literal| match literal {
            Literal::Text(_) => takes(JsonType::String),
            Literal::Number(_) => takes(JsonType::Integer),
            Literal::Bool(_) => takes(JsonType::Boolean),
        };
        !match &test.op {
            Op::Equal(literal) | Op::NotEqual(literal) => fits(literal),
            Op::In(literals) | Op::NotIn(literals) => literals.iter().all(fits),
            Op::Less(_) | Op::AtMost(_) | Op::Greater(_) | Op::AtLeast(_) => takes(JsonType::Integer),
            Op::Exists => policy.text(test.operand) == "true",
            _ => true,
        }
    })
}

/// A call that nothing stops and nobody is asked about, and that is besides as wanted.
pub(super) fn passing_as(policy: &Subject<'_>, id: ToolId, extra: &[Wanted<'_>]) -> Option<Value> {
    let guards = Guards::of(policy, id);
    let mut wanted = guards.passing()?;
    wanted.extend_from_slice(extra);
    match policy.find(id, &wanted) {
        Answer::Call(arguments) => Some(arguments),
        Answer::None | Answer::Unknown => None,
    }
}

/// Whether a `require`, `deny if` or `ask if` stops no call that the server would take.
pub(super) fn is_idle(policy: &Subject<'_>, id: ToolId, rule: &Rule) -> bool {
    let stops = |condition| Wanted { condition, holds: !matches!(rule.kind, RuleKind::Require(_)) };
    let pattern = |test: &Comparison| matches!(test.op, Op::Matches(_) | Op::NotMatches(_));
    let plain =
        |condition| !condition::any(condition, &mut |test| pattern(test)) && is_contingent(condition, policy.entry(id));
    condition::of(rule).is_none_or(|condition| !plain(condition) && none(policy, id, &[stops(condition)]))
}

/// Such a call with this text as an argument.
pub(super) fn passing_text(policy: &Subject<'_>, id: ToolId, argument: &str, text: &str) -> Option<Value> {
    passing_as(policy, id, &[holds(&test(argument, Op::Equal(Literal::Text(text.into()))))])
}

/// A test of one argument, to ask with.
pub(super) fn test(argument: &str, op: Op) -> Condition {
    let path = Path { segments: [argument.to_owned()].into(), span: Span::default() };
    Condition::Test(Comparison { span: Span::default(), path, op, operand: Span::default() })
}
