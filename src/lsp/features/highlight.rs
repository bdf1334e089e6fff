//! The other places of a document that speak of the same.

use lsp_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, OneOf};

use super::{Feature, answer};
use crate::ide::highlight::highlight;

pub(super) const HIGHLIGHT: Feature = Feature {
    method: "textDocument/documentHighlight",
    offer: |_, offers| offers.document_highlight_provider = Some(OneOf::Left(true)),
    answer: |state, params| {
        answer(params, |params: DocumentHighlightParams| {
            let (open, view, offset) = state.place(&params.text_document_position_params)?;
            let places = highlight(&view, offset).into_iter().map(|(span, defines)| DocumentHighlight {
                range: open.index.range(&open.text, span),
                kind: Some(if defines { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
            });
            Some(places.collect::<Vec<_>>())
        })
    },
};
