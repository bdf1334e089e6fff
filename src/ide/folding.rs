//! What can be folded away: items, blocks, lists and texts of comments over several lines.

use super::{Document, View, trivia::comments};
use crate::{
    format,
    syntax::{Node, SyntaxKind as K},
    text::{Lines, Span, as_u32, slice},
};

/// What is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    /// A part of a policy.
    Region,
    /// Comments, one a line.
    Comment,
    /// Imports, one below the other.
    Imports,
}

/// Lines that can be folded into the first of them. A closing bracket is not among them: it stays in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// The place of the first line's beginning.
    pub first: u32,
    /// The place of the last line's end.
    pub last: u32,
    /// What it is.
    pub kind: FoldKind,
}

/// What can be folded, in order of the first lines; each lies within another one or apart from it.
pub fn folds(view: &View<'_>) -> Vec<Fold> {
    let document = view.document;
    let mut folder = Folder { lines: Lines::new(view.text()), out: Vec::new() };
    document.items().for_each(|item| folder.node(item));
    folder.comments(document);
    folder.imports(document);
    let Folder { lines, out } = folder;
    let place = |(first, last, kind): (u32, u32, FoldKind)| {
        let place = |line| lines.range(document.text(), line);
        Fold { first: as_u32(place(first).start), last: as_u32(place(last).end), kind }
    };
    nested(out).into_iter().map(place).collect()
}

/// Lines from zero, the first and the last.
type Range = (u32, u32, FoldKind);

struct Folder {
    lines: Lines,
    out: Vec<Range>,
}

impl Folder {
    fn add(&mut self, first: u32, last: u32, kind: FoldKind) {
        if first < last {
            self.out.push((first, last, kind));
        }
    }

    fn first_line(&self, span: Span) -> u32 {
        self.lines.line_of(span.start)
    }

    fn last_line(&self, span: Span) -> u32 {
        self.lines.line_of(span.end)
    }

    fn node(&mut self, node: Node<'_>) {
        if let Some(last) = self.end(node) {
            self.add(self.first_line(node.span()), last, FoldKind::Region);
        }
        node.children().for_each(|child| self.node(child));
    }

    /// The last line of what a node folds to.
    fn end(&self, node: Node<'_>) -> Option<u32> {
        let kind = node.kind();
        let unit = format::is_unit(kind) || matches!(kind, K::Policy | K::Test | K::SetDef);
        if !(unit || matches!(kind, K::List | K::Array | K::Object | K::Paren)) {
            return None;
        }
        let block = node.child(K::Block).unwrap_or(node);
        let close = block
            .children()
            .last()
            .filter(|last| matches!(last.kind(), K::RBrace | K::RBracket | K::RParen | K::MissingBrace));
        match close {
            // what lacks its brace goes on to the end of what is in it
            Some(close) if close.kind() == K::MissingBrace => {
                let inner = block.children().take_while(|child| child.kind() != K::MissingBrace);
                inner.last().map(|last| self.last_line(last.span()))
            }
            Some(close) => self.first_line(close.span()).checked_sub(1),
            None => node.child(K::Tools).map(|tools| self.last_line(tools.span())),
        }
    }

    /// Comments with lines of their own, one below the other.
    fn comments(&mut self, document: &Document) {
        let text = document.text();
        let mut run: Option<(u32, u32)> = None;
        for comment in document.pieces().flat_map(comments) {
            let line = self.first_line(comment);
            let start = self.lines.range(text, line).start;
            if !slice(text, start..comment.start as usize).trim().is_empty() {
                continue;
            }
            run = match run {
                Some((first, last)) if last + 1 == line => Some((first, line)),
                _ => {
                    run.into_iter().for_each(|(first, last)| self.add(first, last, FoldKind::Comment));
                    Some((line, line))
                }
            };
        }
        run.into_iter().for_each(|(first, last)| self.add(first, last, FoldKind::Comment));
    }

    /// Imports that no other item parts.
    fn imports(&mut self, document: &Document) {
        let items: Vec<Node<'_>> = document.items().filter(|item| item.kind() != K::End).collect();
        for run in items.chunk_by(|a, b| (a.kind() == K::Import) == (b.kind() == K::Import)) {
            if let (Some(first), Some(last)) = (run.first(), run.last())
                && first.kind() == K::Import
            {
                self.add(self.first_line(first.span()), self.last_line(last.span()), FoldKind::Imports);
            }
        }
    }
}

/// Of ranges that begin on one line the longest, and none that reaches out of the one around it.
fn nested(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_by_key(|(first, last, _)| (*first, std::cmp::Reverse(*last)));
    let mut around: Vec<(u32, u32)> = Vec::new();
    ranges.retain(|(first, last, _)| {
        while around.last().is_some_and(|outer| outer.1 < *first) {
            around.pop();
        }
        let fits = around.last().is_none_or(|outer| outer.0 < *first && *last <= outer.1);
        if fits {
            around.push((*first, *last));
        }
        fits
    });
    ranges
}
