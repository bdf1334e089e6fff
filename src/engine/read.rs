//! Strict reading of a document: every member is known, every value has its type, and a fault has its place.
//!
//! Stops at the first fault of shape. Absent: what the values mean.

use serde_json::{Map, Value};

use super::{EngineError, Fault};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node<'d> {
    pub(super) value: &'d Value,
    /// JSON Pointer.
    pub(super) at: String,
}

/// The pointer of a member or an item below `at` (RFC 6901, section 3).
pub(super) fn below(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}

impl<'d> Node<'d> {
    pub(super) fn root(value: &'d Value) -> Node<'d> {
        Node { value, at: String::new() }
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> EngineError {
        EngineError { faults: vec![Fault { at: self.at.clone(), message: message.into() }] }
    }

    fn map(&self) -> Result<&'d Map<String, Value>, EngineError> {
        self.value.as_object().ok_or_else(|| self.expected("an object"))
    }

    /// An object that has no other members than these.
    pub(super) fn object(&self, known: &[&str]) -> Result<Object<'d>, EngineError> {
        let map = self.map()?;
        if let Some(key) = map.keys().find(|key| !known.contains(&key.as_str())) {
            // an ignored member is how a policy turns out open
            return Err(self.fault(format!("unknown member `{key}`")));
        }
        Ok(Object { node: self.clone(), map })
    }

    /// The members of an object whose keys are free.
    pub(super) fn members(&self) -> Result<Vec<(&'d str, Node<'d>)>, EngineError> {
        let member = |(key, value): (&'d String, &'d Value)| (key.as_str(), Node { value, at: below(&self.at, key) });
        Ok(self.map()?.iter().map(member).collect())
    }

    pub(super) fn items(&self) -> Result<Vec<Node<'d>>, EngineError> {
        let list = self.value.as_array().ok_or_else(|| self.expected("a list"))?;
        let item = |(i, value): (usize, &'d Value)| Node { value, at: below(&self.at, &i.to_string()) };
        Ok(list.iter().enumerate().map(item).collect())
    }

    pub(super) fn text(&self) -> Result<&'d str, EngineError> {
        self.value.as_str().ok_or_else(|| self.expected("a string"))
    }

    pub(super) fn integer(&self) -> Result<i64, EngineError> {
        self.value.as_i64().ok_or_else(|| self.expected("an integer"))
    }

    pub(super) fn positive(&self) -> Result<i64, EngineError> {
        let number = self.integer()?;
        if number > 0 { Ok(number) } else { Err(self.fault("expected a positive integer")) }
    }

    fn expected(&self, what: &str) -> EngineError {
        self.fault(format!("expected {what}, found {}", kind(self.value)))
    }
}

/// An object whose members are all known.
pub(super) struct Object<'d> {
    pub(super) node: Node<'d>,
    map: &'d Map<String, Value>,
}

impl<'d> Object<'d> {
    pub(super) fn get(&self, key: &str) -> Option<Node<'d>> {
        self.map.get(key).map(|value| Node { value, at: below(&self.node.at, key) })
    }

    pub(super) fn need(&self, key: &str) -> Result<Node<'d>, EngineError> {
        self.get(key).ok_or_else(|| self.node.fault(format!("missing member `{key}`")))
    }

    /// A string, or nothing.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'d str>, EngineError> {
        self.get(key).map(|node| node.text()).transpose()
    }

    /// A list; an absent one is empty.
    pub(super) fn items(&self, key: &str) -> Result<Vec<Node<'d>>, EngineError> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |node| node.items())
    }

    /// The members of an inner object with free keys; an absent one is empty.
    pub(super) fn members(&self, key: &str) -> Result<Vec<(&'d str, Node<'d>)>, EngineError> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |node| node.members())
    }

    /// `version` and `default` of the two formats that require both.
    pub(super) fn head(&self) -> Result<bool, EngineError> {
        let version = self.need("version")?;
        if version.text()? != "1" {
            return Err(version.fault("expected \"1\", the only version there is"));
        }
        let default = self.need("default")?;
        match default.text()? {
            "allow" => Ok(true),
            "deny" => Ok(false),
            other => Err(default.fault(format!("expected \"allow\" or \"deny\", found `{other}`"))),
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number that is not an integer",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
