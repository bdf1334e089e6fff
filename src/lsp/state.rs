//! What the server knows between two messages.

use std::path::PathBuf;

use lsp_types::{InitializeParams, Uri};
use serde_json::Value;

use super::{
    World,
    documents::{Documents, Open},
    position::Encoding,
    uri,
};
use crate::ide::View;

/// What the client can do, as far as it matters here.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// It asks for diagnostics; they are not pushed besides.
    pub(super) pulls: bool,
    /// It opens the pages of servers by their own addresses.
    pub(super) opens_pages: bool,
    /// It asks what a rename is about before it asks for a new name.
    pub(super) prepares_renames: bool,
}

impl Client {
    pub(super) fn new(params: &InitializeParams, opens_pages: bool) -> Self {
    /// It asks for the edits of a code action once that is chosen.
    pub(super) resolves_edits: bool,
    /// It reads edits that name the version of their document.
    pub(super) document_changes: bool,
    /// It reads edits that say where the cursor goes.
    pub(super) snippets: bool,
}

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
            opens_pages,
            prepares_renames: document
                .and_then(|document| document.rename.as_ref()?.prepare_support)
                .unwrap_or_default(),
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
    /// The folders that the client works in.
    pub(super) roots: Vec<PathBuf>,
}

/// The folders that a client names at the beginning.
#[expect(deprecated, reason = "clients without folders name a root")]
pub(super) fn roots(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.as_deref().filter(|folders| !folders.is_empty());
    match folders {
        Some(folders) => folders.iter().filter_map(|folder| uri::path(&folder.uri)).collect(),
        None => params.root_uri.iter().filter_map(uri::path).collect(),
    }
}

impl State<'_> {
    /// An open document of ours, judged, and what it is judged by.
    pub(super) fn view(&self, uri: &Uri) -> Option<(&Open, View<'_>)> {
        let open = self.documents.get(uri)?;
        Some((open, open.view(&*self.world)?))
    }
}
