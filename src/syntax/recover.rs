//! Lines that were right are kept: of what could not be read together, the statements that end before the line with
//! the mistake are read after all, and a line that begins with a misspelt keyword is a mistake of its own.
//!
//! The grammar cannot say this, because to it a line end is a blank like any other. A line counts as new where it is
//! not indented deeper than the part that it would continue.

use std::collections::BTreeMap;

use super::{SyntaxKind, Tree, parse::whole, tree::Raw, words};
use crate::text::{Lines, nearest, slice};

/// The same tree with its bad parts cut at lines.
pub(super) fn keep_lines(text: &str, tree: Tree) -> Tree {
    let mut lines = None;
    let mut cut: BTreeMap<usize, Vec<Raw>> = BTreeMap::new();
    for (index, raw) in tree.nodes.iter().enumerate() {
        let is_bad = matches!(
            raw.kind,
            SyntaxKind::BadStatement | SyntaxKind::BadClause | SyntaxKind::BadCall | SyntaxKind::BadItem
        );
        if is_bad && slice(text, raw.start as usize..raw.end as usize).contains('\n') {
            let lines = lines.get_or_insert_with(|| Lines::new(text));
            let tokens = tree.nodes.get(index + 1..index + raw.size as usize).unwrap_or_default();
            let parts = Cutter { text, lines, kind: raw.kind, out: Vec::new() }.cut(tokens);
            cut.insert(index, parts);
        }
    }
    if cut.is_empty() {
        return tree;
    }
    let mut nodes = Vec::with_capacity(tree.nodes.len());
    let mut next = 0;
    for (index, raw) in tree.nodes.iter().enumerate() {
        let end = index + raw.size as usize;
        if index < next {
            continue;
        }
        if let Some(parts) = cut.get(&index) {
            nodes.extend_from_slice(parts);
            next = end;
            continue;
        }
        let mut size = raw.size as usize;
        for (at, parts) in cut.range(index..end) {
            size = size + parts.len() - tree.nodes.get(*at).map_or(0, |bad| bad.size as usize);
        }
        nodes.push(Raw { size: crate::text::as_u32(size), ..*raw });
    }
    Tree { nodes }
}

struct Cutter<'a> {
    text: &'a str,
    lines: &'a Lines,
    kind: SyntaxKind,
    out: Vec<Raw>,
}

impl Cutter<'_> {
    /// The parts of a bad node with these tokens.
    fn cut(mut self, tokens: &[Raw]) -> Vec<Raw> {
        let mut rest = tokens;
        let mut depth = 0usize;
        // a part is tried at its first possible end only, so that every line is read once
        let mut tried = false;
        for (index, token) in tokens.iter().enumerate() {
            let first = tokens.len() - rest.len();
            if index > first && depth == 0 && self.begins_line(tokens, index, first) {
                let part = tokens.get(first..index).unwrap_or_default();
                if !std::mem::replace(&mut tried, true) && self.is_whole(part) {
                    rest = tokens.get(index..).unwrap_or_default();
                    tried = false;
                } else if self.is_misspelt(token) {
                    self.bad(part);
                    rest = tokens.get(index..).unwrap_or_default();
                    tried = false;
                }
            }
            depth = match token.kind {
                SyntaxKind::LBrace | SyntaxKind::LBracket | SyntaxKind::LParen => depth + 1,
                SyntaxKind::RBrace | SyntaxKind::RBracket | SyntaxKind::RParen => depth.saturating_sub(1),
                _ => depth,
            };
        }
        self.bad(rest);
        self.out
    }

    /// Whether a token begins a line that does not continue the part that begins with the token `first`.
    fn begins_line(&self, tokens: &[Raw], index: usize, first: usize) -> bool {
        let (Some(token), Some(before), Some(part)) = (tokens.get(index), tokens.get(index - 1), tokens.get(first))
        else {
            return false;
        };
        let continues = match token.kind {
            SyntaxKind::Keyword => {
                !words::resumes(self.word(token))
                    && tokens.get(index + 1).is_none_or(|next| next.kind != SyntaxKind::Colon)
            }
            SyntaxKind::LBrace => matches!(self.kind, SyntaxKind::BadStatement | SyntaxKind::BadCall),
            SyntaxKind::Arrow => self.kind == SyntaxKind::BadCall,
            SyntaxKind::Comma => true,
            _ => before.kind == SyntaxKind::Comma,
        };
        let line = self.lines.line_of(token.start);
        !continues && line != self.lines.line_of(before.start) && {
            let column =
                |raw: &Raw| raw.start as usize - self.lines.range(self.text, self.lines.line_of(raw.start)).start;
            column(token) <= column(part)
        }
    }

    fn word(&self, token: &Raw) -> &str {
        slice(self.text, token.start as usize..token.end as usize)
    }

    /// Whether a token is nearly a word that begins a part.
    fn is_misspelt(&self, token: &Raw) -> bool {
        nearest(self.word(token), words::verbs_of(self.kind).iter().copied()).is_some()
    }

    /// Reads a part after all, if it is whole.
    fn is_whole(&mut self, part: &[Raw]) -> bool {
        let (Some(first), Some(last)) = (part.first(), part.last()) else { return false };
        let text = slice(self.text, first.start as usize..last.end as usize);
        let Some(tree) = whole(self.kind, text) else { return false };
        // its block may hold bad clauses
        let tree = keep_lines(text, tree);
        let moved = |raw: &Raw| Raw { start: raw.start + first.start, end: raw.end + first.start, ..*raw };
        self.out.extend(tree.nodes.iter().map(moved));
        true
    }

    fn bad(&mut self, part: &[Raw]) {
        if let (Some(first), Some(last)) = (part.first(), part.last()) {
            let size = crate::text::as_u32(part.len() + 1);
            self.out.push(Raw { kind: self.kind, start: first.start, end: last.end, size });
            self.out.extend_from_slice(part);
        }
    }
}
