//! Recorded calls, as programs write them: one line, or one JSON document, in; the calls that it tells of out.
//!
//! A call is `{"tool": …, "args": {…}}`, a JSON-RPC request `tools/call`, one of these within a wrapper, an event of
//! Intercept's log, or a list of such. What is plainly something else (an answer, another method) is passed over;
//! what cannot be told is a [`Problem`]. Arguments stay text until somebody looks at them. No policy is known here.

mod time;

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;
use serde_json::{Map, Value, error::Category, value::RawValue};

/// The longest line and the longest document that are read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// How many wrappers may stand around a message.
const WRAPPERS: usize = 3;

/// A call that was recorded.
#[derive(Debug, Clone)]
pub struct Record<'l> {
    /// The tool's name, as it was recorded.
    pub tool: Cow<'l, str>,
    /// Its arguments.
    pub arguments: Arguments<'l>,
    /// When it was, in seconds since 1970 UTC.
    pub time: Option<i64>,
    /// The server that it went to, where the record says so.
    pub server: Option<Cow<'l, str>>,
    /// Whether it passed or was refused then, where the record says so.
    pub passed: Option<bool>,
    /// What was used of counters before it, where the record says so.
    pub used: BTreeMap<String, u64>,
}

impl<'l> Record<'l> {
    /// A call of which no more is known.
    pub fn of(tool: impl Into<Cow<'l, str>>, arguments: Arguments<'l>) -> Self {
        Self { tool: tool.into(), arguments, time: None, server: None, passed: None, used: BTreeMap::new() }
    }
}

/// The arguments of a recorded call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arguments<'l> {
    /// None were given.
    None,
    /// The text of an object.
    Text(&'l str),
    /// There were some, but only a hash was kept.
    Hashed,
}

impl Arguments<'_> {
    /// The arguments as an object.
    ///
    /// # Errors
    /// They were not kept, or do not read.
    pub fn value(&self) -> Result<Value, Problem> {
        match self {
            Arguments::None => Ok(Value::Object(Map::new())),
            Arguments::Text(text) => serde_json::from_str(text)
                .map_err(|error| Problem(format!("the arguments do not read: {}", without_place(&error)))),
            Arguments::Hashed => Err(Problem("the record has only a hash of the arguments".to_owned())),
        }
    }
}

/// Why something is no record, as a sentence's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(pub String);

/// The members that may say something; all other members are passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Members<'l> {
    #[serde(borrow)]
    tool: Option<&'l RawValue>,
    args: Option<&'l RawValue>,
    arguments: Option<&'l RawValue>,
    args_hash: Option<&'l RawValue>,
    server: Option<&'l RawValue>,
    #[serde(alias = "timestamp", alias = "ts")]
    time: Option<&'l RawValue>,
    used: Option<&'l RawValue>,
    #[serde(alias = "result")]
    decision: Option<&'l RawValue>,
    r#type: Option<&'l RawValue>,
    jsonrpc: Option<&'l RawValue>,
    method: Option<&'l RawValue>,
    params: Option<&'l RawValue>,
    #[serde(alias = "request", alias = "payload", alias = "data")]
    message: Option<&'l RawValue>,
}

/// The parameters of `tools/call`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Params<'l> {
    #[serde(borrow)]
    name: Option<&'l RawValue>,
    arguments: Option<&'l RawValue>,
}

/// Reads a line or a document, and shows every call in it and everything that might be one, with the number of line
/// ends before it.
pub fn read<'l>(text: &'l str, each: &mut dyn FnMut(u64, Result<Record<'l>, Problem>)) {
    let text = text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if !text.starts_with('[') {
        if let Some(found) = message(text, WRAPPERS).transpose() {
            each(0, found);
        }
        return;
    }
    let items: Vec<&RawValue> = match serde_json::from_str(text) {
        Ok(items) => items,
        Err(error) => return each(0, Err(not_json(&error))),
    };
    let (mut before, mut line) = (0, 0);
    for item in items {
        // where it stands, by the one thing that is left of it: the text itself
        let at = (item.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        line +=
            text.as_bytes().get(before..at).map_or(0, |passed| passed.iter().filter(|byte| **byte == b'\n').count());
        before = at;
        if let Some(found) = message(item.get(), WRAPPERS).transpose() {
            each(line as u64, found);
        }
    }
}

/// One message: a call, or `None` where it is plainly something else.
fn message(text: &str, wrappers: usize) -> Result<Option<Record<'_>>, Problem> {
    let members: Members<'_> = object(text).map_err(|error| not_json(&error))?;
    let mut record = if let Some(method) = members.method {
        if text_of(method, "method")? != "tools/call" {
            return Ok(None);
        }
        let params = members.params.ok_or_else(|| problem("`tools/call` has no `params`"))?;
        let params: Params<'_> = object(params.get())
            .map_err(|error| Problem(format!("`params` of `tools/call` is wrong: {}", without_place(&error))))?;
        let name = params.name.ok_or_else(|| problem("`params` of `tools/call` has no `name`"))?;
        Record::of(text_of(name, "name")?, arguments(params.arguments)?)
    } else if let Some(tool) = members.tool {
        let given = match (members.args, members.arguments) {
            (Some(_), Some(_)) => return Err(problem("it has both `args` and `arguments`")),
            (one, other) => one.or(other),
        };
        let arguments = match (given, members.args_hash) {
            (None, Some(_)) => Arguments::Hashed,
            (given, _) => arguments(given)?,
        };
        Record::of(text_of(tool, "tool")?, arguments)
    } else if let Some(inner) = members.message.filter(|inner| inner.get().starts_with('{')) {
        let left = wrappers.checked_sub(1).ok_or_else(|| problem("too many wrappers stand around its message"))?;
        let Some(record) = message(inner.get(), left)? else { return Ok(None) };
        record
    } else if members.jsonrpc.is_some() || members.r#type.is_some_and(|kind| kind.get() != "\"tool_call\"") {
        return Ok(None);
    } else {
        return Err(problem("it has neither `tool` nor `method`"));
    };
    if let Some(time) = members.time {
        record.time = time::read(time.get());
    }
    if let Some(server) = members.server {
        record.server = Some(text_of(server, "server")?);
    }
    if let Some(used) = members.used {
        record.used = serde_json::from_str(used.get())
            .map_err(|_| problem("`used` is no object of counters with whole numbers"))?;
    }
    record.passed = members.decision.and_then(passed).or(record.passed);
    Ok(Some(record))
}

/// Reads an object; a list of the right length is none.
fn object<'l, T: Deserialize<'l> + Default>(text: &'l str) -> serde_json::Result<T> {
    if text.starts_with('[') { Ok(T::default()) } else { serde_json::from_str(text) }
}

fn arguments<'l>(raw: Option<&'l RawValue>) -> Result<Arguments<'l>, Problem> {
    match raw.map(RawValue::get) {
        None => Ok(Arguments::None),
        Some(text) if text.starts_with('{') => Ok(Arguments::Text(text)),
        Some(_) => Err(problem("the arguments are no object")),
    }
}

/// What the record says became of the call; answers of servers and other words say nothing.
fn passed(raw: &RawValue) -> Option<bool> {
    match raw.get() {
        "\"allowed\"" | "\"allow\"" => Some(true),
        "\"denied\"" | "\"deny\"" | "\"hidden\"" | "\"limited\"" => Some(false),
        _ => None,
    }
}

fn text_of<'l>(raw: &'l RawValue, name: &str) -> Result<Cow<'l, str>, Problem> {
    let quoted = raw.get();
    match quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(text) if !text.contains('\\') => Ok(Cow::Borrowed(text)),
        _ => serde_json::from_str(quoted).map(Cow::Owned).map_err(|_| Problem(format!("`{name}` is no text"))),
    }
}

fn problem(why: &str) -> Problem {
    Problem(why.to_owned())
}

fn not_json(error: &serde_json::Error) -> Problem {
    let text = without_place(error);
    Problem(match (error.classify(), text.strip_prefix("duplicate field ")) {
        (_, Some(member)) => format!("the member {member} stands twice"),
        (Category::Data, None) => "it is no object".to_owned(),
        (Category::Eof, None) => format!("it is not JSON: {text}"),
        (Category::Syntax | Category::Io, None) => "it is not JSON".to_owned(),
    })
}

/// What is wrong, without the column: what is wrong with many lines is one thing.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    text.replace("EOF while parsing", "it ends within")
}
