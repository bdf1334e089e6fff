//! Conditions and JSON arguments, from trees to values.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{
    lower::Lowerer,
    model::{Comparison, Condition, Literal, Op},
};
use crate::{
    diagnostic::{Diagnostic, codes},
    syntax::{Node, SyntaxKind, literal},
};

/// The condition that a tree says; `None` where a part of it is missing or wrong, which has been said.
pub(super) fn lower(lowerer: &mut Lowerer<'_>, node: Node<'_>) -> Option<Arc<Condition>> {
    condition(lowerer, node).map(Arc::new)
}

/// Groups the flat list of tests: `and` binds tighter than `or`.
fn condition(lowerer: &mut Lowerer<'_>, node: Node<'_>) -> Option<Condition> {
    // nearly every condition is one test
    let mut children = node.children();
    if let (Some(only), None) = (children.next(), children.next()) {
        return atom(lowerer, only);
    }
    let mut any: Vec<Condition> = Vec::new();
    let mut all: Vec<Condition> = Vec::new();
    let mut complete = true;
    let (mut ands, mut or) = (false, None);
    for child in node.children() {
        match child.kind() {
            SyntaxKind::KwOr => or = Some(child),
            SyntaxKind::WrongLogic if child.text() == "||" => or = Some(child),
            SyntaxKind::Keyword | SyntaxKind::WrongLogic => {
                ands = true;
                continue;
            }
            _ => {
                match atom(lowerer, child) {
                    Some(atom) => all.push(atom),
                    None => complete = false,
                }
                continue;
            }
        }
        any.push(group(std::mem::take(&mut all), Condition::All));
    }
    if let Some(or) = or.filter(|_| ands) {
        mixed(lowerer, or);
    }
    any.push(group(all, Condition::All));
    complete.then(|| group(any, Condition::Any))
}

fn group(mut parts: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            many(parts)
        }
    }
}

fn atom(lowerer: &mut Lowerer<'_>, node: Node<'_>) -> Option<Condition> {
    match node.kind() {
        SyntaxKind::Comparison => comparison(lowerer, node).map(Condition::Test),
        SyntaxKind::Paren => condition(lowerer, node.child(SyntaxKind::Condition)?),
        SyntaxKind::ListTest => list_test(lowerer, node),
        _ => None,
    }
}

// said outside of the functions that recurse, whose frames stay small

fn mixed(lowerer: &mut Lowerer<'_>, or: Node<'_>) {
    lowerer.error(
        Diagnostic::warning(&codes::MIXED_LOGIC, or.span(), "`and` and `or` are mixed without parentheses")
            .help("`and` binds tighter; put parentheses around the part that belongs together"),
    );
}

fn list_test(lowerer: &mut Lowerer<'_>, node: Node<'_>) -> Option<Condition> {
    let word = node.first_token().map_or("", Node::text);
    lowerer.error(
        Diagnostic::error(
            &codes::LIST_TEST,
            node.span(),
            format!("`{word}` is reserved: no target can look into a list yet"),
        )
        .help("deny or ask the tool, or test the whole list with `contains`"),
    );
    None
}

fn comparison(lowerer: &mut Lowerer<'_>, node: Node<'_>) -> Option<Comparison> {
    let mut parts = node.children();
    let path = lowerer.path(parts.next()?)?;
    let op_token = parts.next()?;
    let op_text = lowerer.op_text(op_token)?;
    let operand = parts.next();
    let value = match operand {
        Some(operand) => Some(value(lowerer, operand)?),
        None => None,
    };
    let place = operand.unwrap_or(op_token).span();
    let mut wrong = |wanted: &str| {
        let message = format!("`{op_text}` is followed by {wanted}");
        lowerer.error(
            Diagnostic::error(&codes::TYPE_MISMATCH, place, message)
                .help(format!("write it like `{}`", example(&op_text))),
        );
        None
    };
    let op = match (op_text.as_str(), value) {
        ("exists", _) => Op::Exists,
        ("missing", _) => Op::Missing,
        ("==", Some(Operand::One(value))) => Op::Equal(value),
        ("!=", Some(Operand::One(value))) => Op::NotEqual(value),
        ("==" | "!=", Some(Operand::Null)) => {
            let instead = if op_text == "==" { "missing" } else { "exists" };
            lowerer.error(
                Diagnostic::error(
                    &codes::TYPE_MISMATCH,
                    place,
                    "null and absent are the same, and have a test of their own",
                )
                .help(format!("write `{} {instead}`", literal::write_path(&path.segments))),
            );
            return None;
        }
        ("==" | "!=", Some(Operand::Many(_))) => return wrong("one value; for one of several write `in [...]`"),
        ("<", Some(Operand::One(Literal::Number(n)))) => Op::Less(n),
        ("<=", Some(Operand::One(Literal::Number(n)))) => Op::AtMost(n),
        (">", Some(Operand::One(Literal::Number(n)))) => Op::Greater(n),
        (">=", Some(Operand::One(Literal::Number(n)))) => Op::AtLeast(n),
        ("<" | "<=" | ">" | ">=", _) => return wrong("a number"),
        ("in", Some(Operand::Many(values))) => Op::In(values),
        ("not in", Some(Operand::Many(values))) => Op::NotIn(values),
        ("in" | "not in", _) => return wrong("a list in `[` `]`"),
        ("matches", Some(Operand::One(Literal::Text(pattern)))) => Op::Matches(pattern),
        ("not matches", Some(Operand::One(Literal::Text(pattern)))) => Op::NotMatches(pattern),
        ("matches" | "not matches", _) => return wrong("a pattern in quotes"),
        ("contains", Some(Operand::One(value))) => Op::Contains(value),
        ("not contains", Some(Operand::One(value))) => Op::NotContains(value),
        ("contains" | "not contains", _) => return wrong("one value"),
        ("under", Some(Operand::One(Literal::Text(dir)))) => Op::Under(dir),
        ("not under", Some(Operand::One(Literal::Text(dir)))) => Op::NotUnder(dir),
        ("under" | "not under", _) => return wrong("a directory in quotes"),
        ("host in" | "host not in", Some(Operand::Many(values))) => {
            let hosts: Option<Vec<Box<str>>> = values
                .into_iter()
                .map(|value| match value {
                    Literal::Text(host) => Some(host),
                    Literal::Number(_) | Literal::Bool(_) => None,
                })
                .collect();
            match hosts {
                Some(hosts) if op_text == "host in" => Op::HostIn(hosts),
                Some(hosts) => Op::HostNotIn(hosts),
                None => return wrong("a list of hosts in quotes"),
            }
        }
        _ => return wrong("a list of hosts in quotes"),
    };
    if let Op::In(values) | Op::NotIn(values) = &op
        && values.is_empty()
    {
        return wrong("at least one value");
    }
    if let Op::HostIn(hosts) | Op::HostNotIn(hosts) = &op
        && hosts.is_empty()
    {
        return wrong("at least one host");
    }
    Some(Comparison { span: node.span(), path, op, operand: place })
}

fn example(op: &str) -> &'static str {
    match op {
        "<" | "<=" | ">" | ">=" => "args.amount <= 100",
        "in" | "not in" => "args.state in [\"open\", \"closed\"]",
        "matches" | "not matches" => "args.id matches r\"[a-z]+-[0-9]+\"",
        "contains" | "not contains" => "args.labels contains \"urgent\"",
        "under" | "not under" => "args.path under \"/srv/data\"",
        "host in" | "host not in" => "args.url host in [\"api.example.com\"]",
        _ => "args.state == \"open\"",
    }
}

enum Operand {
    One(Literal),
    Many(Vec<Literal>),
    Null,
}

fn value(lowerer: &mut Lowerer<'_>, node: Node<'_>) -> Option<Operand> {
    Some(match node.kind() {
        SyntaxKind::String | SyntaxKind::RawString | SyntaxKind::WrongString => {
            Operand::One(Literal::Text(lowerer.text_token(node)?.text))
        }
        SyntaxKind::Number => Operand::One(Literal::Number(number(lowerer, node)?)),
        SyntaxKind::Bool => Operand::One(Literal::Bool(node.text() == "true")),
        SyntaxKind::Null => Operand::Null,
        SyntaxKind::List => {
            let mut values = Vec::new();
            for item in node.children() {
                if matches!(item.kind(), SyntaxKind::LBracket | SyntaxKind::RBracket | SyntaxKind::Comma) {
                    continue;
                }
                match value(lowerer, item)? {
                    Operand::One(value) => values.push(value),
                    Operand::Many(_) | Operand::Null => {
                        lowerer.error(
                            Diagnostic::error(
                                &codes::TYPE_MISMATCH,
                                item.span(),
                                "a list holds texts, numbers and truth values",
                            )
                            .help("for null write `missing`; lists in lists cannot be tested"),
                        );
                        return None;
                    }
                }
            }
            Operand::Many(values)
        }
        _ => return None,
    })
}

fn number(lowerer: &mut Lowerer<'_>, token: Node<'_>) -> Option<f64> {
    let number = literal::number(token.text());
    if number.is_none() {
        lowerer.error(
            Diagnostic::error(
                &codes::INVALID_LITERAL,
                token.span(),
                format!("`{}` is not exactly a number that JSON readers agree on", token.text()),
            )
            .help("numbers are doubles: whole numbers are exact up to 9007199254740992"),
        );
    }
    number
}

/// The JSON value of a test's arguments. Loops, where iterators would read as well: they cost stack on every level.
pub(super) fn json(lowerer: &mut Lowerer<'_>, node: Node<'_>) -> Option<Value> {
    match node.kind() {
        SyntaxKind::Object => {
            let mut map = Map::new();
            for member in node.children() {
                if let Some((key, value)) = (member.kind() == SyntaxKind::Member).then(|| parts(member)).flatten() {
                    let value = json(lowerer, value)?;
                    insert(lowerer, &mut map, key, value)?;
                }
            }
            Some(Value::Object(map))
        }
        SyntaxKind::Array => {
            let mut values = Vec::new();
            for item in node.children() {
                if !matches!(item.kind(), SyntaxKind::LBracket | SyntaxKind::RBracket | SyntaxKind::Comma) {
                    values.push(json(lowerer, item)?);
                }
            }
            Some(Value::Array(values))
        }
        _ => scalar(lowerer, node),
    }
}

/// The key and the value of a member.
fn parts(member: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let mut parts = member.children();
    Some((parts.next()?, parts.nth(1)?))
}

fn insert(lowerer: &mut Lowerer<'_>, map: &mut Map<String, Value>, key: Node<'_>, value: Value) -> Option<()> {
    let name = match key.kind() == SyntaxKind::Key {
        true => key.text().to_owned(),
        false => lowerer.text_token(key)?.text.into(),
    };
    if map.insert(name, value).is_some() {
        lowerer.error(
            Diagnostic::error(&codes::DUPLICATE_PART, key.span(), "this argument is given twice")
                .help("keep one of the two"),
        );
    }
    Some(())
}

fn scalar(lowerer: &mut Lowerer<'_>, node: Node<'_>) -> Option<Value> {
    Some(match node.kind() {
        SyntaxKind::Null => Value::Null,
        SyntaxKind::Bool => Value::Bool(node.text() == "true"),
        SyntaxKind::Number => {
            let number = number(lowerer, node)?;
            // a whole number stays one, so that it prints as it was written
            if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 {
                Value::from(number as i64)
            } else {
                Value::from(number)
            }
        }
        _ => Value::String(lowerer.text_token(node)?.text.into()),
    })
}
