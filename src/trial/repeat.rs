//! Equal calls, one after the other: what becomes of the last one.

use crate::{
    eval::{Call, Counter, Decision, Evaluator, Unknown, Verdict, amount, lookup},
    hir::checked::{Policy, Rule, ToolId},
};

/// The verdict on the last of so many equal calls, the first of which finds fresh counters, and how many were counted
/// before it.
///
/// What goes ahead is counted by all limits, and what a limit refuses by none: the first refusal is the same as all
/// later ones. So two decisions are enough, however often the call is made.
pub(super) fn last<'a>(evaluator: &Evaluator<'a>, call: &Call<'_>, times: u64) -> Result<(Verdict<'a>, u64), Unknown> {
    let after = |calls: u64| {
        let used = |counter: &Counter<'_>| Some(calls.saturating_mul(share(call, counter.argument)));
        evaluator.decide(call, &used)
    };
    let first = after(0)?;
    if times <= 1 || !matches!(first.decision, Decision::Allow | Decision::Ask) {
        return Ok((first, 0));
    }
    let before = room(evaluator.policy(), call).map_or(times - 1, |room| room.min(times - 1));
    Ok((after(before)?, before))
}

/// What one call takes from a counter.
pub(super) fn share(call: &Call<'_>, argument: Option<&[String]>) -> u64 {
    argument.map_or(1, |path| amount(lookup(call.arguments, path)).unwrap_or(0))
}

/// How many such calls all limits have room for together; `None` where there is no end.
fn room(policy: &Policy, call: &Call<'_>) -> Option<u64> {
    let rates = limits(policy, policy.tool(call.tool)).filter_map(Rule::rate);
    let room = |max: u64, argument: Option<&[String]>| max.checked_div(share(call, argument));
    rates.filter_map(|rate| room(rate.max, rate.argument.as_ref().map(|path| &*path.segments))).min()
}

/// The limits that count calls of a tool, in the order in which they are asked.
pub(super) fn limits(policy: &Policy, id: Option<ToolId>) -> impl Iterator<Item = &Rule> {
    let own = id.into_iter().flat_map(|id| policy.rules_of(id));
    own.chain(policy.rules_of_all()).filter(|rule| rule.rate().is_some())
}

/// The limit of calls that is reached first by calling one tool again and again.
///
/// In a test no time passes, so that of several limits only the smallest is ever reached.
pub fn smallest(policy: &Policy, id: ToolId) -> Option<&Rule> {
    let counts = limits(policy, Some(id)).filter(|rule| rule.rate().is_some_and(|rate| rate.argument.is_none()));
    // of equals the first speaks
    counts.min_by_key(|rule| rule.rate().map(|rate| rate.max))
}
