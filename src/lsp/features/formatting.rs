//! Formatting.

use lsp_types::{DocumentFormattingParams, OneOf, TextEdit};

use super::{Feature, answer};
use crate::ide;

pub(super) const DOCUMENT: Feature = Feature {
    method: "textDocument/formatting",
    offer: |_, offers| offers.document_formatting_provider = Some(OneOf::Left(true)),
    answer: |state, params| {
        answer(params, |params: DocumentFormattingParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            let edits = ide::formatting::document(&view);
            Some(edits.into_iter().map(|edit| open.edit(edit)).collect::<Vec<TextEdit>>())
        })
    },
};
