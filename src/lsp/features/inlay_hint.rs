//! Notes within the text.

use lsp_types::{InlayHint, InlayHintParams, InlayHintTooltip, MarkupContent, MarkupKind, OneOf};

use super::{Feature, answer};
use crate::{
    ide,
    text::{FileId, Span},
};

pub(super) const INLAY_HINT: Feature = Feature {
    method: "textDocument/inlayHint",
    offer: |_, offers| offers.inlay_hint_provider = Some(OneOf::Left(true)),
    answer: |state, params| {
        answer(params, |params: InlayHintParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            let offset = |position| open.index.offset(&open.text, position);
            let part = Span::new(FileId(0), offset(params.range.start), offset(params.range.end));
            let shown = |hint: ide::hints::Hint| {
                let tooltip = MarkupContent { kind: MarkupKind::Markdown, value: hint.tooltip };
                InlayHint {
                    position: open.index.position(&open.text, hint.offset),
                    label: hint.label.into(),
                    kind: None,
                    text_edits: None,
                    tooltip: (!tooltip.value.is_empty()).then_some(InlayHintTooltip::MarkupContent(tooltip)),
                    padding_left: Some(true),
                    padding_right: None,
                    data: None,
                }
            };
            Some(ide::hints::hints(&view, part).into_iter().map(shown).collect::<Vec<_>>())
        })
    },
};
