//! What the server knows between two messages.

use lsp_types::{InitializeParams, Uri};
use serde_json::Value;

use super::{
    World,
    documents::{Documents, Open},
    position::Encoding,
};
use crate::ide::View;

/// What the client can do, as far as it matters here.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// It asks for diagnostics; they are not pushed besides.
    pub(super) pulls: bool,
    /// It asks for the edits of a code action once that is chosen.
    pub(super) resolves_edits: bool,
    /// It reads edits that name the version of their document.
    pub(super) document_changes: bool,
    /// It reads edits that say where the cursor goes.
    pub(super) snippets: bool,
}

impl Client {
    /// `said` is what the client says of itself, as it was sent.
    pub(super) fn new(said: &Value) -> Self {
        let params: InitializeParams = serde_json::from_value(said.clone()).unwrap_or_default();
        let general = params.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
        let document = params.capabilities.text_document.as_ref();
        // newer than the types here
        let can = |what: &str| said.pointer(&format!("/capabilities/{what}")).cloned().unwrap_or_default();
        let lazy = can("textDocument/codeAction/resolveSupport/properties");
        Self {
            encoding: Encoding::negotiated(offered),
            pulls: document.is_some_and(|document| document.diagnostic.is_some()),
            resolves_edits: lazy.as_array().is_some_and(|it| it.contains(&"edit".into()))
                && can("textDocument/codeAction/dataSupport") == true,
            document_changes: can("workspace/workspaceEdit/documentChanges") == true,
            snippets: can("workspace/workspaceEdit/snippetEditSupport") == true,
        }
    }
}

/// All of it.
pub(super) struct State<'w> {
    pub(super) client: Client,
    pub(super) world: &'w mut dyn World,
    pub(super) documents: Documents,
}

impl State<'_> {
    /// An open document of ours, judged, and what it is judged by.
    pub(super) fn view(&self, uri: &Uri) -> Option<(&Open, View<'_>)> {
        let open = self.documents.get(uri)?;
        Some((open, open.view(&*self.world)?))
    }
}
