//! Conditions as gateways write them: `path`, `op`, `value`.
//!
//! What has no counterpart in the model, such as a comparison with null or a list, is taken for a look at the argument.

use std::sync::Arc;

use super::reading::Reading;
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    document::{Kind, Value},
    hir::{
        model::{Comparison, Condition, Literal, Name, Op, Path},
        origin::{Fact, Note},
    },
    pattern,
    syntax::literal::write_path,
    text::{Span, nearest, quoted_list},
};

/// The operators, by name.
const OPS: [&str; 11] = ["eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "exists", "contains", "regex"];

/// How other languages write them.
const OTHERS: [(&str, &str); 14] = [
    ("==", "eq"),
    ("=", "eq"),
    ("equals", "eq"),
    ("!=", "neq"),
    ("ne", "neq"),
    ("not_equals", "neq"),
    ("<", "lt"),
    ("<=", "lte"),
    (">", "gt"),
    (">=", "gte"),
    ("ge", "gte"),
    ("le", "lte"),
    ("matches", "regex"),
    ("=~", "regex"),
];

/// The conditions of a predicate that look at arguments, as one; `None` where there is none. With `demands` a pattern
/// that does not reach to the ends of its text is worth a note.
pub(super) fn conditions(
    list: &[Value],
    demands: bool,
    reading: &mut Reading<'_>,
    notes: &mut Vec<Note>,
) -> Option<Arc<Condition>> {
    let mut parts: Vec<Condition> = Vec::new();
    for value in list {
        if let Some(test) = condition(value, reading) {
            if demands {
                note(value, &test, reading, notes);
            }
            parts.push(Condition::Test(test));
        }
    }
    match parts.len() {
        0 => None,
        1 => parts.pop().map(Arc::new),
        _ => Some(Arc::new(Condition::All(parts))),
    }
}

/// One condition over an argument; what the format does not take has its error, here or from its engine.
fn condition(value: &Value, reading: &mut Reading<'_>) -> Option<Comparison> {
    if !reading.is_object(value, "conditions") {
        return None;
    }
    reading.known(value, "a condition", &["path", "op", "value"], &|_| None);
    let op = reading.name(value.get("op")?, "`op`")?;
    if !OPS.contains(&&*op.text) {
        unknown_op(&op, reading);
        return None;
    }
    let path = value.get("path")?;
    let name = reading.name(path, "`path`")?;
    let segments: Box<[String]> = name.text.strip_prefix("args.")?.split('.').map(str::to_owned).collect();
    let operand = value.get("value")?;
    Some(Comparison {
        span: value.span,
        path: Path { segments, span: name.span },
        op: self::op(&op.text, operand),
        operand: operand.span,
    })
}

fn unknown_op(op: &Name, reading: &mut Reading<'_>) {
    let error = Diagnostic::error(&codes::INVALID_DOCUMENT, op.span, format!("there is no operator `{}`", op.text));
    let other = OTHERS.iter().find(|(word, _)| **word == *op.text).map(|(_, ours)| *ours);
    reading.error(match other.or_else(|| nearest(&op.text, OPS)) {
        Some(near) => error.fix(Applicability::Unsafe, format!("did you mean `{near}`?"), op.span, near),
        None => error.help(format!("there are {}", quoted_list(&OPS, OPS.len()))),
    });
}

fn op(name: &str, value: &Value) -> Op {
    let literals = || value.items().iter().map(literal).collect::<Option<Vec<_>>>().filter(|list| !list.is_empty());
    let number = match value.kind {
        Kind::Integer(number) => Some(number as f64),
        Kind::Float(number) => Some(number),
        _ => None,
    };
    let op = match name {
        "eq" => literal(value).map(Op::Equal),
        "neq" => literal(value).map(Op::NotEqual),
        "in" => literals().map(Op::In),
        "not_in" => literals().map(Op::NotIn),
        "lt" => number.map(Op::Less),
        "lte" => number.map(Op::AtMost),
        "gt" => number.map(Op::Greater),
        "gte" => number.map(Op::AtLeast),
        "contains" => literal(value).map(Op::Contains),
        "regex" => value.text().and_then(pattern::searched).map(|search| Op::Matches(search.whole.into())),
        "exists" if value.kind == Kind::Bool(false) => Some(Op::Missing),
        _ => None,
    };
    op.unwrap_or(Op::Exists)
}

fn literal(value: &Value) -> Option<Literal> {
    match &value.kind {
        Kind::Text(text) => Some(Literal::Text(text.clone())),
        Kind::Bool(value) => Some(Literal::Bool(*value)),
        Kind::Integer(number) => Some(Literal::Number(*number as f64)),
        Kind::Float(number) => Some(Literal::Number(*number)),
        Kind::Null | Kind::List(_) | Kind::Object(_) => None,
    }
}

/// A pattern that lets through what it seems to keep out.
fn note(value: &Value, test: &Comparison, reading: &Reading<'_>, notes: &mut Vec<Note>) {
    let regex = value.get("op").and_then(Value::text) == Some("regex");
    let Some(text) = value.get("value").and_then(Value::text).filter(|_| regex) else { return };
    let Some(search) = pattern::searched(text) else { return };
    let span: Span = reading.content(test.operand, text);
    let path = write_path(&test.path.segments);
    let fact = match (search.open_directory, search.slips) {
        (Some(directory), _) => Fact::OpenPrefix {
            path,
            closed: format!("^{}(?:/|$)", pattern::literal(&directory)),
            slips: format!("{directory}-evil"),
            directory,
        },
        (None, Some(slips)) => Fact::LooseRegex { path, pattern: text.to_owned(), anchored: search.anchored, slips },
        (None, None) => return,
    };
    notes.push(Note { span, fact });
}
