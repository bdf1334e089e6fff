//! What conditions say: their tests, the arguments that they look at, the texts in them.

use crate::{
    hir::model::{Comparison, Condition, Literal, Op},
    text::Span,
};

/// Whether a condition has a test that is so.
pub(super) fn any<'c>(condition: &'c Condition, wanted: &mut dyn FnMut(&'c Comparison) -> bool) -> bool {
    match condition {
        Condition::Test(test) => wanted(test),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| any(part, wanted)),
    }
}

/// Whether a condition looks at an argument, or into it.
pub(super) fn mentions(condition: &Condition, argument: &str) -> bool {
    any(condition, &mut |test| test.path.segments.first().is_some_and(|name| name == argument))
}

/// Whether two conditions look at one argument.
pub(super) fn meet(a: &Condition, b: &Condition) -> bool {
    any(a, &mut |one| any(b, &mut |other| one.path.segments.first() == other.path.segments.first()))
}

/// From the first test of a condition to the last.
pub(super) fn span(condition: &Condition) -> Span {
    let mut out: Option<Span> = None;
    any(condition, &mut |test| {
        out = Some(out.map_or(test.span, |span| span.to(test.span)));
        false
    });
    out.unwrap_or_default()
}

/// Whether two conditions say the same in the same words, wherever they stand.
pub(super) fn same(a: &Condition, b: &Condition) -> bool {
    match (a, b) {
        (Condition::Test(a), Condition::Test(b)) => a.path.segments == b.path.segments && a.op == b.op,
        (Condition::All(a), Condition::All(b)) | (Condition::Any(a), Condition::Any(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        _ => false,
    }
}

/// The tests of a condition, in source order.
pub(super) fn tests(condition: &Condition) -> Vec<&Comparison> {
    let mut out = Vec::new();
    any(condition, &mut |test| {
        out.push(test);
        false
    });
    out
}

/// The texts that a test compares with; a regex is none.
pub(super) fn texts(op: &Op) -> Vec<&str> {
    match op {
        Op::Equal(literal) | Op::NotEqual(literal) | Op::Contains(literal) | Op::NotContains(literal) => {
            text_of(literal).into_iter().collect()
        }
        Op::In(literals) | Op::NotIn(literals) => literals.iter().filter_map(text_of).collect(),
        Op::Under(directory) | Op::NotUnder(directory) => vec![directory],
        Op::HostIn(hosts) | Op::HostNotIn(hosts) => hosts.iter().map(AsRef::as_ref).collect(),
        Op::Less(_)
        | Op::AtMost(_)
        | Op::Greater(_)
        | Op::AtLeast(_)
        | Op::Matches(_)
        | Op::NotMatches(_)
        | Op::Exists
        | Op::Missing => Vec::new(),
    }
}

fn text_of(literal: &Literal) -> Option<&str> {
    match literal {
        Literal::Text(text) => Some(text),
        Literal::Number(_) | Literal::Bool(_) => None,
    }
}
