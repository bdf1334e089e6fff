//! Which of several statements over one tool counts, and the words for it.

use crate::{
    diagnostic::Level,
    hir::checked::{Rule, RuleKind, Standing, ToolId},
    lint::{Subject, call},
};

/// The statement that takes from this one what it says of a tool, if one does.
pub(super) fn stronger<'p>(policy: &'p Subject<'_>, rule: &Rule, id: ToolId) -> Option<&'p Rule> {
    let standing = policy.standing(id);
    let by = policy.standing_rule(id, standing)?;
    let rank = |kind: &RuleKind| match kind {
        RuleKind::Allow => Some(0),
        RuleKind::Ask => Some(1),
        RuleKind::Deny => Some(2),
        RuleKind::Hide => Some(3),
        _ => None,
    };
    // an entry that has the block within itself means it
    let inner = rule.statement != by.statement
        && rule.statement.start <= by.statement.start
        && by.statement.end <= rule.statement.end;
    let weaker = rank(&rule.kind)? < rank(&by.kind)?;
    // a block on what a person approves anyway narrows it further
    let narrows = matches!((&rule.kind, standing), (RuleKind::Allow, Standing::Asks))
        && policy.rules_of(id).any(|other| other.statement == rule.statement && other.span != rule.span);
    (weaker && !narrows && !inner).then_some(by)
}

/// The word of a statement, and what it does to its tools.
pub(super) fn words(rule: &Rule) -> (&'static str, &'static str) {
    match rule.kind {
        RuleKind::Hide => ("hide", "hides"),
        RuleKind::Deny => ("deny", "denies"),
        RuleKind::Ask => ("ask", "asks for"),
        _ => ("allow", "grants"),
    }
}

/// A grant that is taken away is an error; one that asks all the same leaves the tool usable.
pub(super) fn weight(by: &Rule) -> Level {
    if matches!(by.kind, RuleKind::Ask) { Level::Warning } else { Level::Error }
}

/// What becomes of a call of the tool, whatever its arguments.
pub(super) fn proof(policy: &Subject<'_>, id: Option<ToolId>) -> Option<String> {
    let id = id?;
    let becomes = match policy.standing(id) {
        Standing::Hidden => "is hidden",
        Standing::Denied => "is denied",
        Standing::Asks => "waits for approval",
        Standing::NotGranted | Standing::Callable => return None,
    };
    let arguments = policy.entry(id).map(call::least).unwrap_or_default();
    Some(format!("{} {becomes}", policy.call(id, &arguments)))
}
