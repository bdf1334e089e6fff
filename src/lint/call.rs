//! Calls as findings show them: the words of the language, and the least that a server would accept.

use serde_json::{Map, Value};

use crate::{
    catalog::{JsonType, Param, Tool},
    syntax::literal::write_call,
};

/// How long a shown call may be.
const LONGEST: usize = 120;

/// A call as a `test` writes it, shortened: "`create_refund { amount: 5000 }`".
pub(super) fn write(tool: &str, arguments: &Value) -> String {
    let mut out = write_call(tool, arguments, &short);
    if out.chars().count() > LONGEST {
        out = out.chars().take(LONGEST).chain(['…']).collect();
    }
    format!("`{}`", out.replace('`', "'"))
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > LONGEST / 2 { text.chars().take(LONGEST / 2).chain(['…']).collect() } else { text }
}

/// The least arguments that a tool takes: those that it requires, each with the first value that fits.
pub(super) fn least(tool: &Tool) -> Value {
    let required = tool.params.iter().filter(|param| param.required);
    Value::Object(required.map(|param| (param.name.clone(), value(param))).collect())
}

/// The same with one argument of the rule's choice, as policy text.
pub(super) fn with(tool: &Tool, argument: &str, value: impl Into<Value>) -> String {
    let mut arguments = least(tool);
    if let Some(members) = arguments.as_object_mut() {
        members.insert(argument.to_owned(), value.into());
    }
    write(&tool.name, &arguments)
}

fn value(param: &Param) -> Value {
    if let Some(first) = param.values.as_ref().and_then(|values| values.first()) {
        return first.clone();
    }
    let has = |ty| param.types.admits_type(ty);
    if has(JsonType::String) {
        Value::from("…")
    } else if has(JsonType::Integer) {
        Value::from(1)
    } else if has(JsonType::Boolean) {
        Value::from(true)
    } else if has(JsonType::Array) {
        Value::Array(Vec::new())
    } else if has(JsonType::Object) {
        Value::Object(Map::new())
    } else {
        Value::Null
    }
}
