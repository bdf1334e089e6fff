//! Texts that are no files: the pages of servers.

use lsp_types::TextDocumentIdentifier;
use serde_json::json;

use super::{Feature, answer};
use crate::lsp::catalog;

/// Offered in [`catalog::offer`], for the crate of types does not know it.
pub(super) const TEXT_DOCUMENT_CONTENT: Feature = Feature {
    method: "workspace/textDocumentContent",
    offer: |_, _| {},
    answer: |state, params| {
        answer(params, |params: TextDocumentIdentifier| {
            catalog::text(state, &params.uri).map(|text| json!({ "text": text }))
        })
    },
};
