//! A schema without what only people read, its members in one order: two schemas that mean the same are the same more
//! often, and none of a server's sentences stay.

use serde_json::{Map, Value};

/// Keywords that hold text for people or change nothing of what a schema admits. A `default` changes nothing of that
/// either, but what a call does that leaves the argument out.
const NOTES: [&str; 9] =
    ["title", "description", "examples", "example", "$comment", "$schema", "deprecated", "readOnly", "writeOnly"];

/// Keywords whose value maps names to schemas: the names are not keywords.
const NAMED: [&str; 5] = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/// Keywords whose value is data: what stands in it is not a schema.
const DATA: [&str; 4] = ["enum", "const", "required", "default"];

/// The schema without notes, members sorted by name. What it admits is the same.
///
/// ```
/// # use mcppol::listing::normal;
/// let schema = serde_json::json!({"type": "object", "title": "T", "properties": {"title": {"description": "d"}}});
/// assert_eq!(normal(&schema), serde_json::json!({"properties": {"title": {}}, "type": "object"}));
/// ```
#[must_use]
pub fn normal(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => Value::Object(sorted(members.iter().filter_map(|(name, value)| {
            // vendors' own keywords mean nothing to a validator
            if NOTES.contains(&name.as_str()) || name.starts_with("x-") {
                return None;
            }
            let value = match value {
                Value::Object(named) if NAMED.contains(&name.as_str()) => {
                    Value::Object(ordered(named.iter().map(|(name, schema)| (name.clone(), normal(schema)))))
                }
                _ if DATA.contains(&name.as_str()) => value.clone(),
                _ => normal(value),
            };
            Some((name.clone(), value))
        }))),
        Value::Array(items) => Value::Array(items.iter().map(normal).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => schema.clone(),
    }
}

fn sorted(members: impl Iterator<Item = (String, Value)>) -> Map<String, Value> {
    let mut members: Vec<_> = members.collect();
    members.sort_by(|a, b| a.0.cmp(&b.0));
    members.into_iter().collect()
}

/// Arguments keep their order: people read a signature in it.
fn ordered(members: impl Iterator<Item = (String, Value)>) -> Map<String, Value> {
    members.collect()
}
