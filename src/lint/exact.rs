//! What the exact rules share: which questions about the conditions of a tool are worth asking.

use serde_json::Value;

use crate::{
    catalog::{JsonType, Tool},
    hir::{
        checked::{Rule, RuleKind, ToolId},
        model::{Comparison, Condition, Literal, Op},
    },
    lint::{Subject, condition},
    region::{self, Answer, Wanted},
};

pub(super) use crate::region::{Guards, fails, holds};

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
    rule.condition().is_none_or(|condition| !plain(condition) && none(policy, id, &[stops(condition)]))
}

/// Such a call with this text as an argument.
pub(super) fn passing_text(policy: &Subject<'_>, id: ToolId, argument: &str, text: &str) -> Option<Value> {
    passing_as(policy, id, &[holds(&test(argument, Op::Equal(Literal::Text(text.into()))))])
}

/// A test of one argument, to ask with.
pub(super) fn test(argument: &str, op: Op) -> Condition {
    region::test(&[argument.to_owned()], op)
}
