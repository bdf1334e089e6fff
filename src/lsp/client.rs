//! What the client can do, as far as it matters here. What it says that the protocol does not know means nothing.

use serde_json::Value;

use super::position::Encoding;

/// A client.
#[derive(Debug, Default)]
pub(super) struct Client {
    capabilities: Value,
    pub(super) encoding: Encoding,
    /// It asks for diagnostics; they are not pushed besides.
    pub(super) pulls: bool,
}

impl Client {
    /// The client that began with these parameters.
    pub(super) fn new(params: &Value) -> Self {
        let capabilities = params.get("capabilities").cloned().unwrap_or_default();
        let mut out = Self { capabilities, ..Self::default() };
        if out.lists("/general/positionEncodings", Encoding::Utf8.name()) {
            out.encoding = Encoding::Utf8;
        }
        out.pulls = out.capabilities.pointer("/textDocument/diagnostic").is_some_and(Value::is_object);
        out
    }

    /// Whether it says yes at this place of its capabilities, which is written as a JSON pointer.
    pub(super) fn can(&self, pointer: &str) -> bool {
        self.capabilities.pointer(pointer) == Some(&Value::Bool(true))
    }

    /// Whether the list at a place of its capabilities has this member.
    pub(super) fn lists(&self, pointer: &str, member: impl Into<Value>) -> bool {
        let list = self.capabilities.pointer(pointer).and_then(Value::as_array);
        list.is_some_and(|list| list.contains(&member.into()))
    }
}
