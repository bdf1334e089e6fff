//! What a selection grows to.

use lsp_types::{SelectionRange, SelectionRangeParams, SelectionRangeProviderCapability};

use super::{Feature, answer};
use crate::ide::selection;

pub(super) const SELECTION_RANGE: Feature = Feature {
    method: "textDocument/selectionRange",
    offer: |_, offers| offers.selection_range_provider = Some(SelectionRangeProviderCapability::Simple(true)),
    answer: |state, params| {
        answer(params, |params: SelectionRangeParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            let around = |position| {
                let spans = selection::around(&view, open.index.offset(&open.text, position));
                spans.into_iter().rev().fold(None, |parent, span| {
                    Some(SelectionRange { range: open.index.range(&open.text, span), parent: parent.map(Box::new) })
                })
            };
            // one for each position, or none at all
            params.positions.into_iter().map(around).collect::<Option<Vec<_>>>()
        })
    },
};
