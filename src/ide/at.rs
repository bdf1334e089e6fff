//! What stands at a place: the nodes around it, from the item inward.

use super::Document;
use crate::{
    syntax::{Node, SyntaxKind},
    text::Span,
};

/// A place in a policy's text.
#[derive(Debug, Clone)]
pub struct At<'a> {
    /// The nodes that hold the place, the item first; the last is the token, where the place is in or beside one.
    pub path: Vec<Node<'a>>,
    /// The place, in bytes.
    pub offset: u32,
}

impl<'a> At<'a> {
    /// The token at the place; of two that meet there the one that is no punctuation, else the later one.
    pub fn token(&self) -> Option<Node<'a>> {
        self.path.last().copied().filter(|node| node.children().next().is_none())
    }

    /// The nearest node of a kind around the place.
    pub fn inside(&self, kind: SyntaxKind) -> Option<Node<'a>> {
        self.path.iter().rev().find(|node| node.kind() == kind).copied()
    }

    /// The item that the place is in.
    pub fn item(&self) -> Option<Node<'a>> {
        self.path.first().copied()
    }
}

/// What stands at a place of a document.
pub fn at(document: &Document, offset: u32) -> At<'_> {
    let mut path = Vec::new();
    if let Some(piece) = document.piece_at(offset) {
        descend(piece.roots(), offset, &mut path);
    }
    At { path, offset }
}

fn descend<'a>(level: impl Iterator<Item = Node<'a>>, offset: u32, path: &mut Vec<Node<'a>>) {
    let touching: Vec<Node<'a>> = level.filter(|node| touches(node.span(), offset)).collect();
    let says_something = |node: &&Node<'a>| node.children().next().is_some() || !is_punctuation(node.kind());
    let Some(node) = touching.iter().rev().find(says_something).or(touching.last()).copied() else { return };
    path.push(node);
    descend(node.children(), offset, path);
}

fn touches(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

fn is_punctuation(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::LBrace
            | K::RBrace
            | K::LBracket
            | K::RBracket
            | K::LParen
            | K::RParen
            | K::Comma
            | K::Colon
            | K::Assign
            | K::Arrow
            | K::Bang
            | K::WrongSemi
            | K::WrongComma
            | K::MissingBrace
            | K::End
    )
}
