//! Links: imported files.

use lsp_types::{DocumentLink, DocumentLinkOptions, DocumentLinkParams};

use super::{Feature, answer};
use crate::{
    ide::links::{Link, links},
    lsp::uri,
};

pub(super) const DOCUMENT_LINK: Feature = Feature {
    method: "textDocument/documentLink",
    offer: |_, offers| {
        let options = DocumentLinkOptions { resolve_provider: None, work_done_progress_options: Default::default() };
        offers.document_link_provider = Some(options);
    },
    answer: |state, params| {
        answer(params, |params: DocumentLinkParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            let name = &view.document.analysis().sources.first()?.name;
            let link = |link: Link| DocumentLink {
                range: open.index.range(&open.text, link.span),
                target: uri::of(&state.world.beside(name, &link.path)),
                tooltip: None,
                data: None,
            };
            Some(links(&view).into_iter().map(link).collect::<Vec<_>>())
        })
    },
};
