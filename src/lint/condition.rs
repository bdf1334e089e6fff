//! The tests of conditions, and the texts in them.

use crate::hir::model::{Comparison, Condition, Literal, Op};

/// The tests of a condition, in source order.
pub(super) fn tests(condition: &Condition) -> Vec<&Comparison> {
    let mut out = Vec::new();
    gather(condition, &mut out);
    out
}

fn gather<'c>(condition: &'c Condition, out: &mut Vec<&'c Comparison>) {
    match condition {
        Condition::Test(test) => out.push(test),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| gather(part, out)),
    }
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
