//! What a text says: its tokens, each statement's parts in their one order and lists without a last comma, and its
//! comments. Two texts that say the same are one policy.

use super::{
    line::{gap, spelled},
    order,
};
use crate::{
    syntax::{self, Children, Node, SyntaxKind},
    text::{FileId, slice},
};

/// What a text says.
#[derive(Debug)]
pub(super) struct Said<'t> {
    text: &'t str,
    tokens: Vec<&'t str>,
    comments: Vec<&'t str>,
    /// The end of the last token in the text.
    at: usize,
}

impl<'t> Said<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, tokens: Vec::new(), comments: Vec::new(), at: syntax::mark(text) }
    }

    /// What a formatted text says; `None` where it does not read.
    fn of(text: &'t str) -> Option<Self> {
        let mut out = Self::new(text);
        for (base, part) in syntax::pieces(text) {
            let chunk = syntax::parse_chunk(FileId(0), part);
            if !chunk.errors.is_empty() {
                return None;
            }
            out.hear(chunk.tree.roots(part, FileId(0), base));
        }
        Some(out)
    }

    /// Takes in items.
    pub(super) fn hear(&mut self, items: Children<'_>) {
        for item in items.filter(|item| item.kind() != SyntaxKind::End) {
            self.node(item);
            for token in item.tokens() {
                let place = token.span().range();
                self.comments_to(place.start);
                self.at = place.end;
            }
        }
    }

    fn comments_to(&mut self, end: usize) {
        let mut comments = Vec::new();
        gap(slice(self.text, self.at..end), &mut comments);
        self.comments.extend(comments.iter().map(|comment| comment.text));
    }

    fn node(&mut self, node: Node<'_>) {
        let mut children = node.children().peekable();
        if children.peek().is_none() {
            let closes = matches!(node.kind(), SyntaxKind::RBracket | SyntaxKind::RBrace);
            if closes && self.tokens.last() == Some(&",") {
                self.tokens.pop();
            }
            self.tokens.push(spelled(self.text, node));
        } else if order::is_kept(node) {
            children.for_each(|child| self.node(child));
        } else {
            order::parts(node).for_each(|part| self.node(part));
        }
    }

    /// Whether a formatted text says the same.
    pub(super) fn agrees_with(mut self, formatted: &str) -> bool {
        self.comments_to(self.text.len());
        Said::of(formatted).is_some_and(|mut other| {
            other.comments_to(formatted.len());
            self.tokens == other.tokens && self.comments == other.comments
        })
    }
}
