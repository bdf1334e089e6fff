//! What the server knows between two messages.

use std::path::PathBuf;

use lsp_types::Uri;
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
    /// It asks for the edits of a code action once that is chosen.
    pub(super) resolves_edits: bool,
    /// It reads edits that name the version of their document.
    pub(super) document_changes: bool,
    /// It reads edits that say where the cursor goes.
    pub(super) snippets: bool,
}

impl Client {
    /// `said` is what the client says at the beginning, as it was sent: whatever is odd about it is taken for not said.
    pub(super) fn new(said: &Value) -> Self {
        let told = |what: &str| said.pointer(&format!("/capabilities/{what}")).unwrap_or(&Value::Null);
        let lists = |what: &str, word: &str| told(what).as_array().is_some_and(|all| all.iter().any(|it| it == word));
        Self {
            encoding: Encoding::negotiated(lists("general/positionEncodings", "utf-8")),
            pulls: told("textDocument/diagnostic").is_object(),
            opens_pages: !told("workspace/textDocumentContent").is_null(),
            prepares_renames: told("textDocument/rename/prepareSupport") == true,
            resolves_edits: lists("textDocument/codeAction/resolveSupport/properties", "edit")
                && told("textDocument/codeAction/dataSupport") == true,
            document_changes: told("workspace/workspaceEdit/documentChanges") == true,
            snippets: told("workspace/workspaceEdit/snippetEditSupport") == true,
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
pub(super) fn roots(said: &Value) -> Vec<PathBuf> {
    let path = |uri: &Value| uri::path(&uri.as_str()?.parse::<Uri>().ok()?);
    let folders = said.get("workspaceFolders").and_then(Value::as_array).filter(|folders| !folders.is_empty());
    match folders {
        Some(folders) => folders.iter().filter_map(|folder| path(folder.get("uri")?)).collect(),
        None => said.get("rootUri").and_then(path).into_iter().collect(),
    }
}

impl State<'_> {
    /// An open document of ours, judged, and what it is judged by.
    pub(super) fn view(&self, uri: &Uri) -> Option<(&Open, View<'_>)> {
        let open = self.documents.get(uri)?;
        Some((open, open.view(&*self.world)?))
    }
}
