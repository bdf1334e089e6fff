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
    /// It opens the pages of servers by their own addresses.
    pub(super) opens_pages: bool,
    /// It asks what a rename is about before it asks for a new name.
    pub(super) prepares_renames: bool,
    /// It asks for the edits of a code action once that is chosen.
    pub(super) resolves_edits: bool,
    /// It reads edits that name the version of their document.
    pub(super) document_changes: bool,
    /// It reads edits that say where the cursor goes.
    pub(super) snippets: bool,
}

impl Client {
    /// The client that began with these parameters.
    pub(super) fn new(params: &Value) -> Self {
        let capabilities = params.get("capabilities").cloned().unwrap_or_default();
        let said = Self { capabilities, ..Self::default() };
        let utf8 = said.lists("/general/positionEncodings", Encoding::Utf8.name());
        Self {
            encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            pulls: said.told("/textDocument/diagnostic").is_object(),
            opens_pages: !said.told("/workspace/textDocumentContent").is_null(),
            prepares_renames: said.can("/textDocument/rename/prepareSupport"),
            resolves_edits: said.lists("/textDocument/codeAction/resolveSupport/properties", "edit")
                && said.can("/textDocument/codeAction/dataSupport"),
            document_changes: said.can("/workspace/workspaceEdit/documentChanges"),
            snippets: said.can("/workspace/workspaceEdit/snippetEditSupport"),
            ..said
        }
    }

    /// What it says at a place of its capabilities, which is written as a JSON pointer.
    fn told(&self, pointer: &str) -> &Value {
        self.capabilities.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// Whether it says yes at a place.
    pub(super) fn can(&self, pointer: &str) -> bool {
        *self.told(pointer) == Value::Bool(true)
    }

    /// Whether the list at a place has this member.
    pub(super) fn lists(&self, pointer: &str, member: impl Into<Value>) -> bool {
        let member = member.into();
        self.told(pointer).as_array().is_some_and(|list| list.contains(&member))
    }
}
