//! The arguments of tools, each on one line.

use serde_json::Value;

use super::markdown::{code, plain};
use crate::{catalog::Tool, page::Argument};

/// How many values of an enumeration are shown.
const MOST: usize = 12;

/// An argument of a tool: its types, whether each call has it, and what its values may be.
pub(super) fn line(tool: &Tool, argument: &Argument) -> String {
    format!("{}: {}", code(&argument.name), about(tool, argument))
}

/// The same without its name.
pub(super) fn about(tool: &Tool, argument: &Argument) -> String {
    let mut out = argument.types.clone();
    out.push_str(if argument.required { ", required" } else { ", optional" });
    if let Some(values) = &argument.values {
        let more = values.len().saturating_sub(MOST);
        let mut words: Vec<String> = values.iter().take(MOST).map(|value| code(&value.to_string())).collect();
        if more > 0 {
            words.push(format!("{more} more"));
        }
        out.push_str(&format!("; one of {}", crate::text::list(&words, "or")));
    }
    let bounds = bounds(tool, &argument.name);
    if !bounds.is_empty() {
        out.push_str(&format!("; {}", bounds.join(", ")));
    }
    if let Some(switch) = &argument.conditional {
        out.push_str(&format!("; only with {}", plain(switch)));
    }
    out
}

/// What the schema says of the values besides, in words.
fn bounds(tool: &Tool, name: &str) -> Vec<String> {
    const WORDS: &[(&str, &str, &str)] = &[
        ("minimum", "at least ", ""),
        ("exclusiveMinimum", "above ", ""),
        ("maximum", "at most ", ""),
        ("exclusiveMaximum", "below ", ""),
        ("multipleOf", "a multiple of ", ""),
        ("minLength", "at least ", " characters"),
        ("maxLength", "at most ", " characters"),
        ("minItems", "at least ", " elements"),
        ("maxItems", "at most ", " elements"),
        ("pattern", "with a match of ", ""),
        ("format", "in the format ", ""),
    ];
    let schema = tool.schema.as_ref().and_then(|schema| schema.get("properties")?.get(name));
    let told = |(word, before, after): &(&str, &str, &str)| match schema?.get(word)? {
        Value::Number(number) => Some(format!("{before}{number}{after}")),
        Value::String(text) => Some(format!("{before}{}{after}", code(text))),
        _ => None,
    };
    WORDS.iter().filter_map(told).collect()
}
