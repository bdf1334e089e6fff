//! What is told of the word under the pointer.

use lsp_types::{Hover, HoverContents, HoverParams, HoverProviderCapability, MarkupContent, MarkupKind};

use super::{Feature, answer};
use crate::ide;

pub(super) const HOVER: Feature = Feature {
    method: "textDocument/hover",
    offer: |_, offers| offers.hover_provider = Some(HoverProviderCapability::Simple(true)),
    answer: |state, params| {
        answer(params, |params: HoverParams| {
            let place = params.text_document_position_params;
            let (open, view) = state.view(&place.text_document.uri)?;
            let hover = ide::hover::hover(&view, open.index.offset(&open.text, place.position))?;
            let sets = state.client.lists("/textDocument/hover/contentFormat", "markdown");
            // it reads well without being set, too
            let kind = if sets { MarkupKind::Markdown } else { MarkupKind::PlainText };
            let contents = MarkupContent { kind, value: hover.markdown };
            let range = Some(open.index.range(&open.text, hover.span));
            Some(Hover { contents: HoverContents::Markup(contents), range })
        })
    },
};
