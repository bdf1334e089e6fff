//! Conditions: the eleven operators, with the checks of Intercept's `validate` (internal/config/validate.go and
//! internal/engine/operators.go at 77f0429); the hosted engine is assumed to read them alike.
//!
//! Absent: where a value comes from, which differs between arguments and counters.

use regex::Regex;

use super::EngineError;
use super::pattern;
use super::read::Node;
use super::value::{Go, quoted};

/// A condition as it is written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) path: String,
    pub(super) op: String,
    pub(super) value: Go,
}

impl Written {
    /// Reads `path`, `op`, `value`; where members may be left out, they are empty and nil, as Go has them.
    pub(super) fn read(node: &Node<'_>, all_required: bool) -> Result<Written, EngineError> {
        let object = node.object(&["path", "op", "value"])?;
        if all_required {
            for key in ["path", "op", "value"] {
                object.need(key)?;
            }
        }
        Ok(Written {
            path: object.text("path")?.unwrap_or_default().to_owned(),
            op: object.text("op")?.unwrap_or_default().to_owned(),
            value: object.get("value").map_or(Go::Nil, |value| Go::of_document(value.value)),
        })
    }

    /// The condition, or what the operator's checks say against it: one thing at most.
    pub(super) fn check(&self) -> Result<Condition, String> {
        Ok(Condition { path: self.path.clone(), op: self.operator()?, value: self.value.clone() })
    }

    fn operator(&self) -> Result<Op, String> {
        let name = quoted(&self.op);
        let need = |what: &str| format!("operator {name} requires a {what} value");
        let list = |op: Op| self.value.list().map(|_| op).ok_or_else(|| need("list"));
        let number = |op: Op| self.value.number().map(|_| op).ok_or_else(|| need("numeric"));
        match self.op.as_str() {
            "eq" => Ok(Op::Eq),
            "neq" => Ok(Op::Neq),
            "in" => list(Op::In),
            "not_in" => list(Op::NotIn),
            "lt" => number(Op::Lt),
            "lte" => number(Op::Lte),
            "gt" => number(Op::Gt),
            "gte" => number(Op::Gte),
            "exists" => {
                if let Go::Bool(expected) = self.value {
                    Ok(Op::Exists(expected))
                } else {
                    Err(need("boolean"))
                }
            }
            "contains" => Ok(Op::Contains),
            "regex" => {
                let text = self.value.text().ok_or("regex value must be a string")?;
                let regex = pattern::compile(text).map_err(|why| format!("invalid regex {}: {why}", quoted(text)))?;
                Ok(Op::Regex(Box::new(regex)))
            }
            _ => Err(format!("unknown operator {name}")),
        }
    }
}

/// A condition that passed the checks.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) path: String,
    pub(super) op: Op,
    pub(super) value: Go,
}

#[derive(Debug, Clone)]
pub(super) enum Op {
    Eq,
    Neq,
    In,
    NotIn,
    Lt,
    Lte,
    Gt,
    Gte,
    Exists(bool),
    Contains,
    Regex(Box<Regex>),
}

impl Op {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Op::Eq => "eq",
            Op::Neq => "neq",
            Op::In => "in",
            Op::NotIn => "not_in",
            Op::Lt => "lt",
            Op::Lte => "lte",
            Op::Gt => "gt",
            Op::Gte => "gte",
            Op::Exists(_) => "exists",
            Op::Contains => "contains",
            Op::Regex(_) => "regex",
        }
    }
}

impl Condition {
    /// Whether it holds of a value; `None` is a path that leads nowhere.
    pub(super) fn holds(&self, actual: Option<&Go>) -> bool {
        if let Op::Exists(expected) = self.op {
            return actual.is_some_and(|value| *value != Go::Nil) == expected;
        }
        // so a negative operator is false of a missing argument, too
        let Some(actual) = actual else {
            return false;
        };
        let numbers = || actual.number().zip(self.value.number());
        let listed = || self.value.list().is_some_and(|items| items.iter().any(|item| actual.same(item)));
        match &self.op {
            Op::Eq => actual.same(&self.value),
            Op::Neq => !actual.same(&self.value),
            Op::In => listed(),
            Op::NotIn => !listed(),
            Op::Lt => numbers().is_some_and(|(a, b)| a < b),
            Op::Lte => numbers().is_some_and(|(a, b)| a <= b),
            Op::Gt => numbers().is_some_and(|(a, b)| a > b),
            Op::Gte => numbers().is_some_and(|(a, b)| a >= b),
            Op::Exists(_) => false,
            Op::Contains => match actual {
                Go::Text(text) => self.value.text().is_some_and(|part| text.contains(part)),
                Go::List(items) => items.iter().any(|item| item.same(&self.value)),
                Go::Nil | Go::Bool(_) | Go::Int(_) | Go::Uint(_) | Go::Float(_) | Go::Map(_) => false,
            },
            Op::Regex(regex) => actual.text().is_some_and(|text| regex.is_match(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn condition(op: &str, value: &Value) -> Result<Condition, String> {
        Written { path: "args.x".to_owned(), op: op.to_owned(), value: Go::of_document(value) }.check()
    }

    #[test]
    fn operators_read_values_as_intercept_does() {
        // (argument, operator, value): whether it holds; each line is a corner that a lowering must know
        let table = [
            (json!("5"), "eq", json!(5), true),
            (json!(5), "eq", json!("5"), true),
            (json!("true"), "eq", json!(true), true),
            (json!(["main"]), "eq", json!("[main]"), true),
            (json!({"a": 1}), "eq", json!("map[a:1]"), true),
            (json!(null), "eq", json!("<nil>"), true),
            (json!(null), "eq", json!(null), true),
            (json!(5.0), "eq", json!(5), true),
            (json!(1_000_000), "eq", json!("1e+06"), true),
            (json!(1_000_000), "eq", json!("1000000"), false),
            (json!("1000000"), "eq", json!(1_000_000), true),
            (json!("1e+06"), "eq", json!(1_000_000.0), true),
            (json!([1]), "eq", json!([1]), true),
            (json!([1_000_000]), "eq", json!([1_000_000]), false),
            (json!(null), "neq", json!("main"), true),
            (json!("main"), "neq", json!("main"), false),
            (json!("5"), "in", json!([4, 5]), true),
            (json!([]), "in", json!([]), false),
            (json!("x"), "not_in", json!([]), true),
            (json!("5"), "not_in", json!([5]), false),
            (json!("5"), "lte", json!(9), false),
            (json!(true), "gte", json!(0), false),
            (json!(9), "lte", json!(9), true),
            (json!(9), "lt", json!(9), false),
            (json!(9.5), "gt", json!(9), true),
            (json!(9), "gte", json!(9.5), false),
            (json!(9), "gte", json!(-1e308), true),
            (json!(null), "exists", json!(true), false),
            (json!(null), "exists", json!(false), true),
            (json!(""), "exists", json!(true), true),
            (json!("domain"), "regex", json!("main"), true),
            (json!("domain"), "regex", json!("^(?:main)$"), false),
            (json!(5), "regex", json!(""), false),
            (json!("\u{664}"), "regex", json!("\\d"), false),
            (json!("domain"), "contains", json!("main"), true),
            (json!("a5"), "contains", json!(5), false),
            (json!(["5"]), "contains", json!(5), true),
            (json!(["domain"]), "contains", json!("main"), false),
            (json!({"main": 1}), "contains", json!("main"), false),
            (json!(5), "contains", json!("5"), false),
        ];
        for (actual, op, value, want) in table {
            let holds = condition(op, &value).map(|condition| condition.holds(Some(&Go::of_call(&actual))));
            assert_eq!(holds, Ok(want), "{actual} {op} {value}");
        }
    }

    #[test]
    fn of_nothing_only_exists_false_holds() {
        let table = [
            ("eq", json!(null)),
            ("neq", json!("x")),
            ("in", json!([null])),
            ("not_in", json!([])),
            ("lt", json!(1)),
            ("lte", json!(1)),
            ("gt", json!(-1)),
            ("gte", json!(0)),
            ("exists", json!(true)),
            ("contains", json!("")),
            ("regex", json!("")),
        ];
        for (op, value) in table {
            assert_eq!(condition(op, &value).map(|condition| condition.holds(None)), Ok(false), "{op}");
        }
        assert_eq!(condition("exists", &json!(false)).map(|condition| condition.holds(None)), Ok(true));
    }
}
