//! Conditions in normal form: as a conjunction of alternatives, or as alternatives of conjunctions.

use crate::hir::model::{Comparison, Condition};

/// How many parts a normal form may have.
pub(super) const MAX_PARTS: usize = 64;

/// For `require`: all of the outer, at least one of each inner. `None` past the limit.
pub(super) fn conjunctive(condition: &Condition) -> Option<Vec<Vec<&Comparison>>> {
    match condition {
        Condition::Test(test) => Some(vec![vec![test]]),
        Condition::All(parts) => concat(parts.iter().map(conjunctive)),
        Condition::Any(parts) => product(parts.iter().map(conjunctive)),
    }
}

/// For `deny if`: at least one of the outer, all of each inner. `None` past the limit.
pub(super) fn disjunctive(condition: &Condition) -> Option<Vec<Vec<&Comparison>>> {
    match condition {
        Condition::Test(test) => Some(vec![vec![test]]),
        Condition::Any(parts) => concat(parts.iter().map(disjunctive)),
        Condition::All(parts) => product(parts.iter().map(disjunctive)),
    }
}

fn concat<T>(parts: impl Iterator<Item = Option<Vec<Vec<T>>>>) -> Option<Vec<Vec<T>>> {
    let mut out = Vec::new();
    for part in parts {
        out.extend(part?);
    }
    (out.len() <= MAX_PARTS).then_some(out)
}

/// Every way to take one alternative of each part, joined.
pub(super) fn product<T: Clone>(parts: impl Iterator<Item = Option<Vec<Vec<T>>>>) -> Option<Vec<Vec<T>>> {
    let mut out: Vec<Vec<T>> = vec![Vec::new()];
    for part in parts {
        let part = part?;
        // one alternative lengthens what is there; copying it for each test of a long `and` would be quadratic
        if let [only] = part.as_slice() {
            out.iter_mut().for_each(|head| head.extend(only.iter().cloned()));
            continue;
        }
        if out.len().checked_mul(part.len())? > MAX_PARTS {
            return None;
        }
        out = out.iter().flat_map(|head| part.iter().map(|tail| head.iter().chain(tail).cloned().collect())).collect();
    }
    Some(out)
}
