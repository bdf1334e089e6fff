//! Formatting.

use lsp_types::{
    DocumentFormattingParams, DocumentOnTypeFormattingOptions, DocumentOnTypeFormattingParams,
    DocumentRangeFormattingParams, OneOf, TextEdit,
};

use super::{Feature, answer};
use crate::{
    ide::formatting,
    lsp::documents::Open,
    text::{Edit, FileId, Span},
};

pub(super) const DOCUMENT: Feature = Feature {
    method: "textDocument/formatting",
    offer: |_, offers| offers.document_formatting_provider = Some(OneOf::Left(true)),
    answer: |state, params| {
        answer(params, |params: DocumentFormattingParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            Some(edits(open, formatting::document(&view)))
        })
    },
};

pub(super) const RANGE: Feature = Feature {
    method: "textDocument/rangeFormatting",
    offer: |_, offers| offers.document_range_formatting_provider = Some(OneOf::Left(true)),
    answer: |state, params| {
        answer(params, |params: DocumentRangeFormattingParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            let offset = |position| open.index.offset(&open.text, position);
            let place = Span::new(FileId(0), offset(params.range.start), offset(params.range.end));
            Some(edits(open, formatting::range(&view, place)))
        })
    },
};

pub(super) const ON_TYPE: Feature = Feature {
    method: "textDocument/onTypeFormatting",
    offer: |_, offers| {
        offers.document_on_type_formatting_provider = Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: "}".to_owned(),
            more_trigger_character: Some(vec!["\n".to_owned()]),
        });
    },
    answer: |state, params| {
        answer(params, |params: DocumentOnTypeFormattingParams| {
            let place = params.text_document_position;
            let (open, view) = state.view(&place.text_document.uri)?;
            let offset = open.index.offset(&open.text, place.position);
            Some(edits(open, formatting::on_type(&view, offset, params.ch.chars().next()?)))
        })
    },
};

fn edits(open: &Open, edits: Vec<Edit>) -> Vec<TextEdit> {
    edits.into_iter().map(|edit| open.edit(edit)).collect()
}
