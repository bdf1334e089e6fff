//! What can be folded: whole lines, whatever the client can.

use lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams, FoldingRangeProviderCapability};

use super::{Feature, answer};
use crate::ide::folding::{Fold, FoldKind, folds};

pub(super) const FOLDING_RANGE: Feature = Feature {
    method: "textDocument/foldingRange",
    offer: |_, offers| offers.folding_range_provider = Some(FoldingRangeProviderCapability::Simple(true)),
    answer: |state, params| {
        answer(params, |params: FoldingRangeParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            let line = |place| open.index.position(&open.text, place).line;
            let range = |fold: Fold| FoldingRange {
                start_line: line(fold.first),
                end_line: line(fold.last),
                kind: match fold.kind {
                    FoldKind::Region => None,
                    FoldKind::Comment => Some(FoldingRangeKind::Comment),
                    FoldKind::Imports => Some(FoldingRangeKind::Imports),
                },
                ..FoldingRange::default()
            };
            Some(folds(&view).into_iter().map(range).collect::<Vec<_>>())
        })
    },
};
