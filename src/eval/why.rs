//! Why a condition holds or does not, in words: the test that made it so, and the value that the call has there.

use serde_json::Value;

use super::{Judge, lookup};
use crate::{
    hir::model::{Comparison, Condition, Literal, Op},
    syntax::literal::{quote, write_path, write_value},
};

/// How much of a value or of a list is shown, in characters, and how many tests are told of.
const LONGEST: usize = 60;
const TESTS: usize = 3;

/// Why a condition holds, or does not, for a call with these arguments: "`args.amount` is 50000, not `<= 10000`".
pub fn why(condition: &Condition, holds: bool, arguments: &Value, judge: &Judge) -> String {
    let mut out = Vec::new();
    tell(condition, holds, arguments, judge, &mut out);
    let more = out.len().saturating_sub(TESTS);
    out.truncate(TESTS);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{more}", out.join("; "))
}

fn tell(condition: &Condition, holds: bool, arguments: &Value, judge: &Judge, out: &mut Vec<String>) {
    match (condition, holds) {
        (Condition::Test(test), _) => {
            let said = one(test, holds, arguments);
            if !out.contains(&said) {
                out.push(said);
            }
        }
        // all of these made it so
        (Condition::All(parts), true) | (Condition::Any(parts), false) => {
            for part in parts {
                tell(part, holds, arguments, judge, out);
            }
        }
        // the first of these did
        (Condition::All(parts), false) | (Condition::Any(parts), true) => {
            let decides = |part: &&Condition| judge.holds(part, arguments).is_ok_and(|it| it == holds);
            if let Some(part) = parts.iter().find(decides) {
                tell(part, holds, arguments, judge, out);
            }
        }
    }
}

fn one(test: &Comparison, holds: bool, arguments: &Value) -> String {
    let path = &test.path.segments;
    let seen = seen(path, arguments);
    if lookup(arguments, path).is_none() {
        return seen;
    }
    if matches!(test.op, Op::Exists | Op::Missing) {
        return format!("`{}` is there", write_path(path));
    }
    let op = written(&test.op);
    let negative = ["!=", "not ", "host not "].iter().any(|word| op.starts_with(word));
    match (holds, negative) {
        (true, _) => format!("{seen}, and so `{op}`"),
        (false, false) => format!("{seen}, not `{op}`"),
        (false, true) => format!("{seen}, so `{op}` does not hold"),
    }
}

/// What a call has at a path: "`args.amount` is 50000".
pub(super) fn seen(path: &[String], arguments: &Value) -> String {
    let name = write_path(path);
    match lookup(arguments, path) {
        None => format!("`{name}` is absent"),
        Some(value) => format!("`{name}` is {}", shortened(&write_value(value))),
    }
}

/// A test without its path, as the language writes it.
fn written(op: &Op) -> String {
    let (word, operand) = match op {
        Op::Equal(value) => ("==", literal(value)),
        Op::NotEqual(value) => ("!=", literal(value)),
        Op::Less(bound) => ("<", bound.to_string()),
        Op::AtMost(bound) => ("<=", bound.to_string()),
        Op::Greater(bound) => (">", bound.to_string()),
        Op::AtLeast(bound) => (">=", bound.to_string()),
        Op::In(values) => ("in", list(values.iter().map(literal))),
        Op::NotIn(values) => ("not in", list(values.iter().map(literal))),
        Op::Matches(pattern) => ("matches", shortened(&format!("r\"{pattern}\""))),
        Op::NotMatches(pattern) => ("not matches", shortened(&format!("r\"{pattern}\""))),
        Op::Contains(value) => ("contains", literal(value)),
        Op::NotContains(value) => ("not contains", literal(value)),
        Op::Exists => return "exists".to_owned(),
        Op::Missing => return "missing".to_owned(),
        Op::Under(directory) => ("under", quote(directory)),
        Op::NotUnder(directory) => ("not under", quote(directory)),
        Op::HostIn(hosts) => ("host in", list(hosts.iter().map(|host| quote(host)))),
        Op::HostNotIn(hosts) => ("host not in", list(hosts.iter().map(|host| quote(host)))),
    };
    format!("{word} {operand}")
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Text(text) => shortened(&quote(text)),
        Literal::Number(number) => number.to_string(),
        Literal::Bool(value) => value.to_string(),
    }
}

fn list(values: impl Iterator<Item = String>) -> String {
    shortened(&format!("[{}]", values.collect::<Vec<_>>().join(", ")))
}

/// The beginning of a text that is too long to be shown whole.
fn shortened(text: &str) -> String {
    if text.chars().count() > LONGEST { text.chars().take(LONGEST).chain(['…']).collect() } else { text.to_owned() }
}
