//! Listings: what a server answers to `tools/list`, as the facts that a catalog holds.
//!
//! Tolerant where a catalog is strict, since these bytes are a stranger's: members that no catalog holds are passed over,
//! but anything that would change what a tool is (no name, one name twice, a schema that is none) is an error. Asking a
//! server is absent, and so is judging a tool.

mod judge;
mod merge;
mod normal;
mod params;

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use crate::catalog::{Hints, MAX_BYTES, MAX_NAME_CHARS, MAX_PARAMS, MAX_TOOLS, Param};

pub use judge::{Keep, judged};
pub use merge::merge;
pub use normal::normal;
pub use params::params;

/// The most characters a server's text about one tool may have.
pub const MAX_TEXT_CHARS: usize = 200_000;

/// One tool, as its server tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The name in a `tools/call`, verbatim.
    pub name: String,
    /// `title`, or that among the annotations.
    pub title: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// The four hints among the `annotations`.
    pub hints: Hints,
    /// The input schema, without what only people read; see [`normal`].
    pub schema: Value,
    /// Its arguments; see [`params`].
    pub params: Vec<Param>,
}

/// Why bytes are not a listing.
#[derive(Debug)]
#[non_exhaustive]
pub enum ListingError {
    /// More than [`MAX_BYTES`].
    TooLarge {
        /// The bytes there are.
        bytes: usize,
    },
    /// Not JSON.
    Json(serde_json::Error),
    /// JSON, but no list of tools.
    NoTools,
    /// More than [`MAX_TOOLS`].
    TooManyTools {
        /// The tools there are.
        count: usize,
    },
    /// A tool is not what a tool has to be.
    Tool {
        /// Its place in the list, from 1.
        place: usize,
        /// Its name, where it has one.
        name: Option<String>,
        /// What is wrong.
        what: String,
    },
}

impl fmt::Display for ListingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => write!(f, "the listing has {bytes} bytes, at most {MAX_BYTES} are read"),
            Self::Json(error) => write!(f, "not JSON: {error}"),
            Self::NoTools => f.write_str("no list of tools: neither an answer to `tools/list` nor an array"),
            Self::TooManyTools { count } => write!(f, "the listing has {count} tools, at most {MAX_TOOLS} are read"),
            Self::Tool { name: Some(name), what, .. } => write!(f, "the tool `{name}` {what}"),
            Self::Tool { place, what, .. } => write!(f, "tool {place} of the listing {what}"),
        }
    }
}

impl std::error::Error for ListingError {}

/// Reads an answer to `tools/list`: the JSON-RPC message, its `result`, or the array of tools alone.
///
/// The tools keep their order; one that is listed twice in the same words counts once.
///
/// # Errors
///
/// Where the bytes are not that, or beyond the limits.
pub fn read(bytes: &[u8]) -> Result<Vec<Listed>, ListingError> {
    if bytes.len() > MAX_BYTES {
        return Err(ListingError::TooLarge { bytes: bytes.len() });
    }
    let value: Value = serde_json::from_slice(bytes).map_err(ListingError::Json)?;
    let body = value.get("result").unwrap_or(&value);
    let tools = body.get("tools").unwrap_or(body).as_array().ok_or(ListingError::NoTools)?;
    from_values(tools)
}

/// As [`read`], from the tools themselves.
///
/// # Errors
///
/// As there.
pub fn from_values(tools: &[Value]) -> Result<Vec<Listed>, ListingError> {
    if tools.len() > MAX_TOOLS {
        return Err(ListingError::TooManyTools { count: tools.len() });
    }
    let mut out: Vec<Listed> = Vec::with_capacity(tools.len());
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, value) in tools.iter().enumerate() {
        let error = |name: Option<&str>, what: String| ListingError::Tool {
            place: place + 1,
            name: name.map(str::to_owned),
            what,
        };
        let tool = listed(value).map_err(|(name, what)| error(name, what))?;
        match places.get(&tool.name).and_then(|place| out.get(*place)) {
            Some(first) if *first == tool => {}
            Some(_) => return Err(error(Some(&tool.name), "is listed twice, in different words".to_owned())),
            None => {
                places.insert(tool.name.clone(), out.len());
                out.push(tool);
            }
        }
    }
    Ok(out)
}

type Wrong<'a> = (Option<&'a str>, String);

fn listed(value: &Value) -> Result<Listed, Wrong<'_>> {
    let Some(members) = value.as_object() else {
        return Err((None, "is not an object".to_owned()));
    };
    let name = match members.get("name") {
        Some(Value::String(name)) if !name.is_empty() => name.as_str(),
        Some(Value::String(_)) => return Err((None, "has an empty name".to_owned())),
        _ => return Err((None, "has no `name`".to_owned())),
    };
    let chars = name.chars().count();
    if chars > MAX_NAME_CHARS {
        let start: String = name.chars().take(40).collect();
        let what = format!("has a name of {chars} characters, at most {MAX_NAME_CHARS} are allowed: `{start}…`");
        return Err((None, what));
    }
    let wrong = |what: String| (Some(name), what);
    let description = text(members, "description").map_err(wrong)?;
    let annotations = members.get("annotations").and_then(Value::as_object);
    let title = match text(members, "title").map_err(wrong)? {
        None => annotations.and_then(|it| it.get("title")?.as_str()).map(str::to_owned),
        title => title,
    };
    let hint = |name: &str| annotations.and_then(|it| it.get(name)?.as_bool());
    let schema = match members.get("inputSchema").or_else(|| members.get("input_schema")) {
        None | Some(Value::Null) => Value::Object(Map::new()),
        Some(schema @ (Value::Object(_) | Value::Bool(_))) => normal(schema),
        Some(_) => return Err(wrong("has an `inputSchema` that is not an object".to_owned())),
    };
    let params = params(&schema);
    if params.len() > MAX_PARAMS {
        return Err(wrong(format!("has {} arguments, at most {MAX_PARAMS} are allowed", params.len())));
    }
    if let Some(param) = params.iter().find(|it| it.name.is_empty() || it.name.chars().count() > MAX_NAME_CHARS) {
        let chars = param.name.chars().count();
        return Err(wrong(format!(
            "has an argument whose name has {chars} characters, 1 to {MAX_NAME_CHARS} are allowed"
        )));
    }
    let hints = Hints {
        read_only: hint("readOnlyHint"),
        destructive: hint("destructiveHint"),
        idempotent: hint("idempotentHint"),
        open_world: hint("openWorldHint"),
    };
    Ok(Listed { name: name.to_owned(), title, description, hints, schema, params })
}

/// A text that may be missing, null or empty.
fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            let chars = text.chars().count();
            if chars > MAX_TEXT_CHARS {
                return Err(format!("has a `{name}` of {chars} characters, at most {MAX_TEXT_CHARS} are read"));
            }
            Ok((!text.is_empty()).then(|| text.clone()))
        }
        Some(_) => Err(format!("has a `{name}` that is not a text")),
    }
}

#[cfg(test)]
mod tests;
