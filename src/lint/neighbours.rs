//! What the rules about patterns that let their neighbours pass share: the tests to try, and how they are tried.

use std::collections::BTreeSet;

use crate::{
    hir::{
        checked::{Rule, ToolId},
        model::{Comparison, Condition, Literal, Op},
    },
    lint::{Subject, condition, exact},
};

/// The tests in what callable tools require of which this is found, each once, in the order of the tools.
pub(super) fn tried<'p, T>(
    policy: &'p Subject<'_>,
    open: impl Fn(&Subject<'_>, ToolId, &Comparison) -> Option<T>,
) -> Vec<(&'p Comparison, T)> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for id in policy.callable().filter(|id| policy.has_conditions(*id)) {
        for test in required(policy, id) {
            if seen.contains(&test.span) {
                continue;
            }
            if let Some(open) = open(policy, id, test) {
                seen.insert(test.span);
                out.push((test, open));
            }
        }
    }
    out
}

/// The tests in what a tool requires, in source order.
fn required<'p>(policy: &'p Subject<'_>, id: ToolId) -> Vec<&'p Comparison> {
    let requires = exact::Guards::of(policy, id).requires;
    requires.into_iter().filter_map(Rule::condition).flat_map(condition::tests).collect()
}

/// A call that a test of a text lets pass, and all else too.
pub(super) fn passing(policy: &Subject<'_>, id: ToolId, test: &Comparison, text: &str) -> Option<String> {
    let equal = Comparison { op: Op::Equal(Literal::Text(text.into())), ..test.clone() };
    let extra = Condition::All(vec![Condition::Test(test.clone()), Condition::Test(equal)]);
    exact::passing_as(policy, id, &[exact::holds(&extra)]).map(|arguments| policy.call(id, &arguments))
}

/// The text that a pattern begins with, up to the first part that is not one: `/srv/data` of `/srv/data(/.*)?`. A dot
/// that stands alone is itself as well.
pub(super) fn beginning(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern.strip_prefix("(?i)").unwrap_or(pattern).trim_start_matches('^').chars().peekable();
    while let Some(c) = rest.next() {
        let letter = match c {
            '\\' => rest.next().filter(|escaped| !escaped.is_ascii_alphanumeric()),
            '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => None,
            _ => Some(c),
        };
        let Some(letter) = letter else { break };
        match rest.peek() {
            Some('*' | '?' | '{') => break,
            Some('+') if c == '.' => break,
            _ => out.push(letter),
        }
    }
    out
}

/// A text within backticks.
pub(super) fn shown(text: &str) -> String {
    text.replace('`', "'")
}
