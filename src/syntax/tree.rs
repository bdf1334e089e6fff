//! The tree: nodes in order of their text, in one flat array, and a cursor to walk them.
//!
//! Tokens are the nodes without children; what lies between two tokens is trivia (blanks and comments). Places in
//! the tree count from the chunk's first byte, so that a chunk that only moved keeps its tree.

use super::SyntaxKind;
use crate::text::{FileId, Span, slice};

/// A node of the array. `size` counts the nodes of the subtree, itself included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) kind: SyntaxKind,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) size: u32,
}

/// The tree of one chunk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    pub(super) nodes: Vec<Raw>,
}

impl Tree {
    /// The nodes at the top, for a chunk with this text that begins at `base` of `file`.
    pub fn roots<'a>(&'a self, text: &'a str, file: FileId, base: u32) -> Children<'a> {
        Children { at: Place { tree: self, text, file, base }, next: 0, end: self.nodes.len() }
    }

    /// All nodes, in order of their first token.
    pub fn all<'a>(&'a self, text: &'a str, file: FileId, base: u32) -> impl Iterator<Item = Node<'a>> {
        let at = Place { tree: self, text, file, base };
        self.nodes.iter().enumerate().map(move |(index, &raw)| Node { at, raw, index })
    }
}

#[derive(Clone, Copy)]
struct Place<'a> {
    tree: &'a Tree,
    text: &'a str,
    file: FileId,
    base: u32,
}

/// A node with its text.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    at: Place<'a>,
    raw: Raw,
    index: usize,
}

impl<'a> Node<'a> {
    /// What it is.
    pub fn kind(self) -> SyntaxKind {
        self.raw.kind
    }

    /// Where it is in the file, from its first token to its last.
    pub fn span(self) -> Span {
        Span::new(self.at.file, self.raw.start, self.raw.end).shifted(self.at.base)
    }

    /// Its text.
    pub fn text(self) -> &'a str {
        slice(self.at.text, self.raw.start as usize..self.raw.end as usize)
    }

    /// The nodes directly below.
    pub fn children(self) -> Children<'a> {
        Children { at: self.at, next: self.index + 1, end: self.index + self.raw.size as usize }
    }

    /// The first node of a kind directly below.
    pub fn child(self, kind: SyntaxKind) -> Option<Node<'a>> {
        self.children().find(|node| node.kind() == kind)
    }

    /// Whether a node of a kind is directly below.
    pub fn has(self, kind: SyntaxKind) -> bool {
        self.child(kind).is_some()
    }

    /// All tokens below, in order; a token is its own only token.
    pub fn tokens(self) -> impl Iterator<Item = Node<'a>> {
        let at = self.at;
        let range = self.index..self.index + self.raw.size as usize;
        range.filter_map(move |index| {
            let raw = *at.tree.nodes.get(index)?;
            (raw.size == 1).then_some(Node { at, raw, index })
        })
    }

    /// The first token below.
    pub fn first_token(self) -> Option<Node<'a>> {
        self.tokens().next()
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}@{}..{}", self.raw.kind, self.raw.start, self.raw.end)
    }
}

/// The nodes on one level.
#[derive(Clone)]
pub struct Children<'a> {
    at: Place<'a>,
    next: usize,
    end: usize,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.next >= self.end {
            return None;
        }
        let raw = *self.at.tree.nodes.get(self.next)?;
        let node = Node { at: self.at, raw, index: self.next };
        self.next += raw.size.max(1) as usize;
        Some(node)
    }
}
