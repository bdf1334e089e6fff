//! Documents that others define (JSON, JSON with comments, YAML, TOML) as trees of values with their places.
//!
//! Reading never fails: what does not read is a problem with a place, and the tree is absent then. What the values
//! mean is not known here. Limits: [`MAX_BYTES`] and [`MAX_DEPTH`] of the language, whatever the syntax.

mod build;
mod json;
mod toml;
mod yaml;

use serde_json::{Map, Number};

use crate::{
    diagnostic::{Diagnostic, codes},
    syntax::{MAX_BYTES, MAX_DEPTH},
    text::{FileId, Span, as_u32, slice},
};

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// JSON to the letter: a comment or a trailing comma is an error.
    Json,
    /// JSON with comments and trailing commas, as editors keep their settings.
    Jsonc,
    /// YAML 1.2 with its core types; one document, without anchors, aliases, tags and merges.
    Yaml,
    /// TOML.
    Toml,
}

/// What a text says.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The whole value; `None` where the text does not read.
    pub root: Option<Value>,
    /// What is wrong with the text.
    pub problems: Vec<Diagnostic>,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The value.
    pub kind: Kind,
    /// All of it, quotes and brackets included.
    pub span: Span,
}

/// The kinds of values.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number that is written without a fraction.
    Integer(i64),
    /// Any other number; never infinite.
    Float(f64),
    /// A text.
    Text(Box<str>),
    /// A list.
    List(Vec<Value>),
    /// Names with values, in the order of the text; no name stands twice.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its name.
    pub key: Box<str>,
    /// Where the name stands, quotes included.
    pub key_span: Span,
    /// Its value.
    pub value: Value,
}

/// Reads a text.
pub fn read(text: &str, syntax: Syntax) -> Document {
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes; at most {MAX_BYTES} are read", text.len());
        let problem = Diagnostic::error(&codes::FILE_TOO_LARGE, Span::default(), message).help("split it");
        return Document { root: None, problems: vec![problem] };
    }
    // a byte order mark is no part of the text
    let skip = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut builder = build::Builder::new(as_u32(skip));
    let body = slice(text, skip..text.len());
    match syntax {
        Syntax::Json => json::read(body, false, &mut builder),
        Syntax::Jsonc => json::read(body, true, &mut builder),
        Syntax::Yaml => yaml::read(body, &mut builder),
        Syntax::Toml => toml::read(body, &mut builder),
    }
    builder.finish()
}

impl Value {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Value] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[Member] {
        if let Kind::Object(members) = &self.kind { members } else { &[] }
    }

    /// The member of a name.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| &*member.key == key)
    }

    /// The value of the member of a name.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.member(key).map(|member| &member.value)
    }

    /// What kind of value it is, with its article.
    pub fn what(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a truth value",
            Kind::Integer(_) => "a number",
            Kind::Float(_) => "a number with a fraction",
            Kind::Text(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Object(_) => "an object",
        }
    }

    /// The same as JSON, without places.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.kind {
            Kind::Null => serde_json::Value::Null,
            Kind::Bool(value) => (*value).into(),
            Kind::Integer(value) => (*value).into(),
            Kind::Float(value) => Number::from_f64(*value).map_or(serde_json::Value::Null, Into::into),
            Kind::Text(text) => serde_json::Value::String(text.to_string()),
            Kind::List(items) => items.iter().map(Value::to_json).collect(),
            Kind::Object(members) => {
                let members = members.iter().map(|member| (member.key.to_string(), member.value.to_json()));
                serde_json::Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }

    /// The value at a JSON Pointer (RFC 6901), as far as the path leads.
    pub fn at(&self, pointer: &str) -> &Value {
        let mut value = self;
        for part in pointer.split('/').skip(1) {
            let key = part.replace("~1", "/").replace("~0", "~");
            let item = || key.parse().ok().and_then(|index: usize| value.items().get(index));
            match value.get(&key).or_else(item) {
                Some(next) => value = next,
                None => break,
            }
        }
        value
    }
}

/// Where `content` stands within the token at `span`, without its quotes; the whole token where it is written with
/// escapes.
pub fn content_span(source: &str, span: Span, content: &str) -> Span {
    let token = slice(source, span.range());
    let quoted = token.len() == content.len() + 2 && token.starts_with(['"', '\'']);
    match quoted && slice(token, 1..1 + content.len()) == content {
        true => Span { start: span.start + 1, end: span.start + 1 + as_u32(content.len()), ..span },
        false => span,
    }
}

/// A place in the one text that a document is read from.
fn place(start: u32, end: u32) -> Span {
    Span::new(FileId(0), start, end)
}

/// The error for nesting past [`MAX_DEPTH`].
fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lists and objects nest more than {MAX_DEPTH} deep here");
    Diagnostic::error(&codes::NESTED_TOO_DEEPLY, span, message).help("no policy nests that deep; is it the right file?")
}
