//! What each word is, in the protocol's numbers: whole, for a part, or as what is different from before.

use lsp_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensDelta,
    SemanticTokensDeltaParams, SemanticTokensEdit, SemanticTokensFullDeltaResult, SemanticTokensFullOptions,
    SemanticTokensLegend, SemanticTokensOptions, SemanticTokensParams, SemanticTokensRangeParams,
    SemanticTokensServerCapabilities,
};

use super::{Feature, answer};
use crate::{
    ide::tokens::{Modifier, Token, TokenType, tokens, whole},
    lsp::{documents::Open, state::State},
    text::{FileId, Span, as_u32, slice},
};

/// What the client was last told of a document.
#[derive(Debug, Default)]
pub(in crate::lsp) struct Tokens {
    /// How often it was told.
    number: u64,
    tokens: Vec<SemanticToken>,
}

impl Tokens {
    fn id(&self) -> String {
        self.number.to_string()
    }
}

pub(super) const FULL: Feature = Feature {
    method: "textDocument/semanticTokens/full",
    offer: |_, offers| {
        offers.semantic_tokens_provider =
            Some(SemanticTokensServerCapabilities::SemanticTokensOptions(SemanticTokensOptions {
                legend: legend(),
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                ..SemanticTokensOptions::default()
            }));
    },
    answer: |state, params| {
        answer(params, |params: SemanticTokensParams| {
            let (_, now) = renewed(state, &params.text_document.uri)?;
            Some(now)
        })
    },
};

pub(super) const DELTA: Feature = Feature {
    method: "textDocument/semanticTokens/full/delta",
    offer: |_, _| {},
    answer: |state, params| {
        answer(params, |params: SemanticTokensDeltaParams| {
            let (before, now) = renewed(state, &params.text_document.uri)?;
            if before.id() != params.previous_result_id {
                return Some(SemanticTokensFullDeltaResult::Tokens(now));
            }
            let edits = difference(&before.tokens, &now.data).into_iter().collect();
            let delta = SemanticTokensDelta { result_id: now.result_id, edits };
            Some(SemanticTokensFullDeltaResult::TokensDelta(delta))
        })
    },
};

pub(super) const RANGE: Feature = Feature {
    method: "textDocument/semanticTokens/range",
    offer: |_, _| {},
    answer: |state, params| {
        answer(params, |params: SemanticTokensRangeParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            let offset = |position| open.index.offset(&open.text, position);
            let within = Span::new(FileId(0), offset(params.range.start), offset(params.range.end));
            Some(SemanticTokens { result_id: None, data: encoded(open, &tokens(&view, within)) })
        })
    },
};

fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TokenType::ALL.iter().map(|kind| SemanticTokenType::new(kind.word())).collect(),
        token_modifiers: Modifier::ALL.iter().map(|it| SemanticTokenModifier::new(it.word())).collect(),
    }
}

/// What the client had of a document, and what it gets now.
fn renewed(state: &State<'_>, uri: &lsp_types::Uri) -> Option<(Tokens, SemanticTokens)> {
    let (open, view) = state.view(uri)?;
    let data = encoded(open, &tokens(&view, whole(view.document)));
    let before = open.tokens.take();
    let now = Tokens { number: before.number + 1, tokens: data.clone() };
    let result = SemanticTokens { result_id: Some(now.id()), data };
    open.tokens.set(now);
    Some((before, result))
}

/// Each token's place is told from the one before it.
fn encoded(open: &Open, tokens: &[Token]) -> Vec<SemanticToken> {
    let mut out = Vec::with_capacity(tokens.len());
    let (mut at, mut line, mut column) = (0, 0, 0);
    for token in tokens {
        let start = token.span.start;
        let between = slice(&open.text, at as usize..start as usize);
        let (delta_line, delta_start) = if between.contains(['\n', '\r']) || at == 0 {
            let place = open.index.position(&open.text, start);
            let delta = (place.line - line, place.character - if place.line == line { column } else { 0 });
            (line, column) = (place.line, place.character);
            delta
        } else {
            let width = open.index.columns(between);
            column += width;
            (0, width)
        };
        at = start;
        out.push(SemanticToken {
            delta_line,
            delta_start,
            length: open.index.columns(slice(&open.text, token.span.range())),
            token_type: token.kind as u32,
            token_modifiers_bitset: token.modifier.map_or(0, |modifier| 1 << modifier as u32),
        });
    }
    out
}

/// The one edit that makes `new` of `old`.
fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    const NUMBERS: usize = 5;
    let before = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    (old != new).then(|| SemanticTokensEdit {
        start: as_u32(NUMBERS * before),
        delete_count: as_u32(NUMBERS * (old.len() - before - after)),
        data: Some(new.get(before..new.len() - after).unwrap_or_default().to_vec()),
    })
}
