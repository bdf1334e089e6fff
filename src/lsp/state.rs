//! What the server knows between two messages.

use lsp_types::{InitializeParams, Uri};

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
    /// Texts that it writes may have places to fill in.
    pub(super) snippets: bool,
}

impl Client {
    pub(super) fn new(params: &InitializeParams) -> Self {
        let general = params.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or_default();
        let document = params.capabilities.text_document.as_ref();
        let completion = document.and_then(|document| document.completion.as_ref()?.completion_item.as_ref());
        Self {
            encoding: Encoding::negotiated(offered),
            pulls: document.is_some_and(|document| document.diagnostic.is_some()),
            snippets: completion.is_some_and(|item| item.snippet_support == Some(true)),
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
