//! What the conditions of a tool say of one argument, and whether a text passes them all.

use crate::{
    hir::{
        checked::{Policy, Rule, RuleKind, ToolId},
        model::{Comparison, Condition, Literal, Op},
    },
    pattern::{Matcher, guard},
};

/// The condition of a rule, if it has one.
pub(super) fn condition(rule: &Rule) -> Option<&Condition> {
    match &rule.kind {
        RuleKind::Require(condition) | RuleKind::DenyIf(condition) | RuleKind::AskIf(condition) => Some(condition),
        RuleKind::Allow
        | RuleKind::Ask
        | RuleKind::Deny
        | RuleKind::Hide
        | RuleKind::Limit(_)
        | RuleKind::LimitAll(_) => None,
    }
}

/// Whether a condition looks at an argument, or into it.
pub(super) fn mentions(condition: &Condition, argument: &str) -> bool {
    any(condition, &mut |test| test.path.segments.first().is_some_and(|name| name == argument))
}

/// Whether a condition has a test of this kind.
pub(super) fn any<'c>(condition: &'c Condition, wanted: &mut impl FnMut(&'c Comparison) -> bool) -> bool {
    match condition {
        Condition::Test(test) => wanted(test),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| any(part, wanted)),
    }
}

/// Whether every condition of the tool that looks at this argument certainly lets the text through, unasked.
pub(super) fn passes(policy: &Policy, id: ToolId, argument: &str, text: &str) -> bool {
    policy.rules_of(id).all(|rule| match &rule.kind {
        RuleKind::Require(condition) => {
            !mentions(condition, argument) || holds(condition, argument, text) == Some(true)
        }
        RuleKind::DenyIf(condition) | RuleKind::AskIf(condition) => {
            !mentions(condition, argument) || holds(condition, argument, text) == Some(false)
        }
        RuleKind::Allow
        | RuleKind::Ask
        | RuleKind::Deny
        | RuleKind::Hide
        | RuleKind::Limit(_)
        | RuleKind::LimitAll(_) => true,
    })
}

/// What becomes of a condition where the argument is this text; `None` where other arguments decide.
fn holds(condition: &Condition, argument: &str, text: &str) -> Option<bool> {
    match condition {
        Condition::Test(test) => match &*test.path.segments {
            [name] if name == argument => fits(&test.op, text),
            _ => None,
        },
        Condition::All(parts) => together(parts, argument, text, false),
        Condition::Any(parts) => together(parts, argument, text, true),
    }
}

/// `decisive` in one part decides the whole; otherwise all parts must be known.
fn together(parts: &[Condition], argument: &str, text: &str, decisive: bool) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match holds(part, argument, text) {
            Some(held) if held == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}

fn fits(op: &Op, text: &str) -> Option<bool> {
    let same = |literal: &Literal| matches!(literal, Literal::Text(wanted) if **wanted == *text);
    let matches = |pattern: &str| Matcher::new(pattern).ok().map(|matcher| matcher.is_match(text));
    let part = |literal: &Literal| matches!(literal, Literal::Text(part) if text.contains(&**part));
    match op {
        Op::Equal(literal) => Some(same(literal)),
        Op::NotEqual(literal) => Some(!same(literal)),
        Op::In(literals) => Some(literals.iter().any(same)),
        Op::NotIn(literals) => Some(!literals.iter().any(same)),
        Op::Matches(pattern) => matches(pattern),
        Op::NotMatches(pattern) => matches(pattern).map(|it| !it),
        Op::Contains(literal) => Some(part(literal)),
        Op::NotContains(literal) => Some(!part(literal)),
        Op::Exists => Some(true),
        Op::Missing | Op::Less(_) | Op::AtMost(_) | Op::Greater(_) | Op::AtLeast(_) => Some(false),
        Op::Under(dir) => matches(&guard::under(dir).ok()?),
        Op::NotUnder(dir) => {
            let below = matches(&guard::under(dir).ok()?)?;
            matches(&guard::any_path()).map(|judged| judged && !below)
        }
        Op::HostIn(_) | Op::HostNotIn(_) => None,
    }
}
