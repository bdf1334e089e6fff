//! Where what a word stands for is spoken of.

use lsp_types::{OneOf, ReferenceParams};

use super::{Feature, answer};
use crate::ide::references::references;

pub(super) const REFERENCES: Feature = Feature {
    method: "textDocument/references",
    offer: |_, offers| offers.references_provider = Some(OneOf::Left(true)),
    answer: |state, params| {
        answer(params, |params: ReferenceParams| {
            let (_, view, offset) = state.place(&params.text_document_position)?;
            let with_definitions = params.context.include_declaration;
            let places = references(&view, offset, with_definitions, &state.imports(), state.policies());
            Some(state.locations(&places))
        })
    },
};
