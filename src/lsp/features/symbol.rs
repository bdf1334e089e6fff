//! What a document consists of, and what a workspace has that is named.

use lsp_types::{DocumentSymbolParams, Location, OneOf, Range, SymbolKind, WorkspaceSymbolParams};
use serde::Serialize;
use serde_json::json;

use super::{Feature, answer};
use crate::{
    ide::symbols::{self, Part, Symbol},
    lsp::documents::Open,
    text::Span,
};

pub(super) const DOCUMENT: Feature = Feature {
    method: "textDocument/documentSymbol",
    offer: |_, offers| offers.document_symbol_provider = Some(OneOf::Left(true)),
    answer: |state, params| {
        answer(params, |params: DocumentSymbolParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            Some(symbols::document(&view).into_iter().map(|symbol| outlined(open, symbol)).collect::<Vec<_>>())
        })
    },
};

pub(super) const WORKSPACE: Feature = Feature {
    method: "workspace/symbol",
    offer: |_, offers| offers.workspace_symbol_provider = Some(OneOf::Left(true)),
    answer: |state, params| {
        answer(params, |params: WorkspaceSymbolParams| {
            let mut out = Vec::new();
            for (source, symbols) in symbols::workspace(state.policies(), &params.query) {
                let spans: Vec<Span> = symbols.iter().map(|symbol| symbol.name_span).collect();
                let Some((uri, ranges)) = state.ranges(&source, &spans) else { continue };
                let found = symbols.into_iter().zip(ranges).map(|(symbol, range)| {
                    let location = Location { uri: uri.clone(), range };
                    json!({ "name": symbol.name, "kind": kind(symbol.part), "location": location })
                });
                out.extend(found);
            }
            Some(out)
        })
    },
};

/// A part of the outline. Written here, since the protocol's type has a member that it gave up and still asks for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outlined {
    name: String,
    detail: String,
    kind: SymbolKind,
    range: Range,
    selection_range: Range,
    children: Vec<Self>,
}

fn outlined(open: &Open, symbol: Symbol) -> Outlined {
    let range = |span| open.index.range(&open.text, span);
    Outlined {
        name: symbol.name,
        detail: symbol.detail,
        kind: kind(symbol.part),
        range: range(symbol.span),
        selection_range: range(symbol.name_span),
        children: symbol.children.into_iter().map(|child| outlined(open, child)).collect(),
    }
}

/// Of the kinds that the protocol has, those whose pictures tell ours apart.
fn kind(part: Part) -> SymbolKind {
    match part {
        Part::Import => SymbolKind::MODULE,
        Part::Set => SymbolKind::ARRAY,
        Part::Policy => SymbolKind::CLASS,
        Part::Grant => SymbolKind::KEY,
        Part::Test => SymbolKind::METHOD,
        Part::Statement => SymbolKind::PROPERTY,
        Part::Call => SymbolKind::FUNCTION,
    }
}
