//! Values as a Go program holds them, compared and printed as Go does.
//!
//! Intercept (internal/conv, internal/engine at 77f0429) compares two numbers as `float64` and anything else by what
//! `fmt.Sprintf("%v")` prints; so `"5"` equals 5 there, and `["main"]` equals `"[main]"`.
//! Exact but for one thing: [`quoted`] leaves invisible format characters alone that Go's `%q` would escape.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Number, Value};

/// A Go value in an `interface{}`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Go {
    Nil,
    Bool(bool),
    /// From YAML, or a counter.
    Int(i64),
    /// From YAML, beyond `int64`: the engine does not take it for a number.
    Uint(u64),
    Float(f64),
    Text(String),
    List(Vec<Go>),
    /// Printed in the order of its keys' bytes.
    Map(BTreeMap<String, Go>),
}

impl Go {
    /// A value of a call: `encoding/json` makes every number a `float64`.
    pub(super) fn of_call(value: &Value) -> Go {
        Go::with(value, &|number| number.as_f64().map_or(Go::Nil, Go::Float))
    }

    /// A value of a policy file: yaml.v3 keeps integers.
    pub(super) fn of_document(value: &Value) -> Go {
        Go::with(value, &|number| match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => Go::Int(int),
            (None, Some(uint)) => Go::Uint(uint),
            (None, None) => number.as_f64().map_or(Go::Nil, Go::Float),
        })
    }

    fn with(value: &Value, number: &impl Fn(&Number) -> Go) -> Go {
        match value {
            Value::Null => Go::Nil,
            Value::Bool(b) => Go::Bool(*b),
            Value::Number(n) => number(n),
            Value::String(s) => Go::Text(s.clone()),
            Value::Array(items) => Go::List(items.iter().map(|item| Go::with(item, number)).collect()),
            Value::Object(map) => {
                Go::Map(map.iter().map(|(key, item)| (key.clone(), Go::with(item, number))).collect())
            }
        }
    }

    /// conv.ToFloat64.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Go::Int(int) => Some(*int as f64),
            Go::Float(float) => Some(*float),
            Go::Nil | Go::Bool(_) | Go::Uint(_) | Go::Text(_) | Go::List(_) | Go::Map(_) => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Go::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn list(&self) -> Option<&[Go]> {
        if let Go::List(items) = self { Some(items) } else { None }
    }

    /// evalEq: numbers by value, everything else by its printed form.
    pub(super) fn same(&self, other: &Go) -> bool {
        match (self.number(), other.number()) {
            (Some(a), Some(b)) => a == b,
            (None, _) | (_, None) => self.to_string() == other.to_string(),
        }
    }
}

/// `fmt.Sprintf("%v", value)`.
impl fmt::Display for Go {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Go::Nil => f.write_str("<nil>"),
            Go::Bool(b) => write!(f, "{b}"),
            Go::Int(int) => write!(f, "{int}"),
            Go::Uint(uint) => write!(f, "{uint}"),
            Go::Float(float) => write_float(*float, f),
            Go::Text(text) => f.write_str(text),
            Go::List(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i == 0 { "" } else { " " })?;
                }
                f.write_str("]")
            }
            Go::Map(map) => {
                f.write_str("map[")?;
                for (i, (key, item)) in map.iter().enumerate() {
                    write!(f, "{}{key}:{item}", if i == 0 { "" } else { " " })?;
                }
                f.write_str("]")
            }
        }
    }
}

/// `strconv.FormatFloat(float, 'g', -1, 64)`: the shortest digits that read back, with an exponent below -4 and from
/// 6 on (a million is `1e+06`), of at least two digits.
fn write_float(float: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return write!(f, "{float}");
    }
    write!(f, "{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs())
}

/// `int64(float)` as Go's amd64 code does it: toward zero, and the least integer for what does not fit.
pub(super) fn truncated(float: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&float) { float as i64 } else { i64::MIN }
}

/// What stands at a path, split at its dots (engine.ResolveArgs): no list index, no escape.
pub(super) fn at_path<'v>(args: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(args, |value, key| value.as_object()?.get(key))
}

/// A string as Go's `%q` writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            ' ' => out.push(' '),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if c.is_control() || c.is_whitespace() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn prints_as_go_does() {
        let table = [
            (json!(null), "<nil>"),
            (json!(true), "true"),
            (json!("a b"), "a b"),
            (json!(5), "5"),
            (json!(-0.0), "-0"),
            (json!(0.1), "0.1"),
            (json!(100_000), "100000"),
            (json!(999_999.5), "999999.5"),
            (json!(1_000_000), "1e+06"),
            (json!(1_234_567), "1.234567e+06"),
            (json!(-123_456_789), "-1.23456789e+08"),
            (json!(0.0001), "0.0001"),
            (json!(0.00001), "1e-05"),
            (json!(1e21), "1e+21"),
            (json!(1e300), "1e+300"),
            (json!(5e-324), "5e-324"),
            (json!([]), "[]"),
            (json!(["main"]), "[main]"),
            (json!([1, null, ["x", false]]), "[1 <nil> [x false]]"),
            (json!({}), "map[]"),
            (json!({"b": 1, "a": {"B": "x"}}), "map[a:map[B:x] b:1]"),
        ];
        for (value, want) in table {
            assert_eq!(Go::of_call(&value).to_string(), want, "{value}");
        }
    }

    #[test]
    fn a_document_keeps_its_integers() {
        let table = [
            (json!(1_000_000), "1000000"),
            (json!(1_000_000.0), "1e+06"),
            (json!(-3), "-3"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!([2.5]), "[2.5]"),
        ];
        for (value, want) in table {
            assert_eq!(Go::of_document(&value).to_string(), want, "{value}");
        }
        assert_eq!(Go::of_document(&json!(u64::MAX)).number(), None);
    }

    #[test]
    fn converts_to_int64_as_amd64_does() {
        let table = [
            (0.99, 0),
            (-0.99, 0),
            (2.5, 2),
            (-7.9, -7),
            (1e300, i64::MIN),
            (-1e300, i64::MIN),
            (9_223_372_036_854_775_808.0, i64::MIN),
            (-9_223_372_036_854_775_808.0, i64::MIN),
            (9_223_372_036_854_774_784.0, 9_223_372_036_854_774_784),
        ];
        for (float, want) in table {
            assert_eq!(truncated(float), want, "{float}");
        }
    }

    #[test]
    fn paths_walk_objects_only() {
        let args = json!({"a": {"b": 1}, "c.d": 2, "l": [3], "": {"": 4}});
        assert_eq!(at_path(&args, "a.b"), Some(&json!(1)));
        assert_eq!(at_path(&args, "."), Some(&json!(4)));
        for path in ["c.d", "l.0", "a.b.c", "x", "a."] {
            assert_eq!(at_path(&args, path), None, "{path}");
        }
    }

    #[test]
    fn quotes_as_go_does() {
        assert_eq!(quoted("a\"b\\\n\t\u{1}\u{7}\u{a0}é"), "\"a\\\"b\\\\\\n\\t\\x01\\a\\u00a0é\"");
    }
}
