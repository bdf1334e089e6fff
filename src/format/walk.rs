//! Through the trees: what begins a line, and in which order the parts of a statement stand.

use super::{
    layout::{LEVEL, Lead, Page},
    line::{Line, Reader},
    order,
};
use crate::{
    syntax::{Children, Node, SyntaxKind},
    text::slice,
};

/// A file on its way into the style.
#[derive(Debug)]
pub(super) struct Walk<'t> {
    text: &'t str,
    reader: Reader<'t>,
    line: Line<'t>,
    page: Page<'t>,
    /// Whether the item before has a block, if there is one.
    before: Option<bool>,
}

impl<'t> Walk<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let (line, page) = (Line::default(), Page::default());
        Self { text, reader: Reader::new(text), line, page, before: None }
    }

    /// Writes items, which follow those that are written.
    pub(super) fn items(&mut self, items: Children<'_>) {
        for item in items.filter(|item| item.kind() != SyntaxKind::End) {
            let block = matches!(item.kind(), SyntaxKind::Policy | SyntaxKind::Test);
            let lead = match self.before {
                None => Lead::File,
                Some(before) if before || block => Lead::Apart,
                Some(_) => Lead::Next,
            };
            self.before = Some(block);
            self.unit(item, lead, 0);
        }
    }

    pub(super) fn finish(mut self) -> String {
        let rest = self.reader.rest();
        self.page.finish(&rest)
    }

    /// Writes what begins a line: an item, a statement, a clause or a call.
    fn unit(&mut self, node: Node<'_>, mut lead: Lead, indent: usize) {
        self.line.clear();
        let parts = if order::is_kept(node) { None } else { self.reordered(node) };
        let Some(parts) = parts else {
            node.children().for_each(|part| self.part(part, &mut lead, indent));
            return self.page.line(&self.line, lead, indent);
        };
        let written_end = node.span().range().end;
        let (behind, end) = self.reader.behind(written_end);
        for (start, part) in parts {
            self.reader.at = start;
            self.part(part, &mut lead, indent);
            // what stands behind the last part as it was written stands behind the statement
            if part.span().range().end == written_end
                && let Some(last) = self.line.tokens.last_mut()
            {
                last.behind = None;
            }
        }
        self.page.line(&self.line, lead, indent);
        self.page.behind(behind);
        self.reader.at = end;
    }

    /// Reads a part onto the line; what stands in a block is written at once.
    fn part(&mut self, part: Node<'_>, lead: &mut Lead, indent: usize) {
        match part.kind() {
            SyntaxKind::Block => part.children().for_each(|part| self.part(part, lead, indent)),
            SyntaxKind::LBrace => {
                self.reader.push(&mut self.line, part, true);
                self.page.line(&self.line, *lead, indent);
                *lead = Lead::Open;
            }
            SyntaxKind::RBrace => {
                *lead = if *lead == Lead::Open { Lead::CloseEmpty } else { Lead::Close };
                self.line.clear();
                self.reader.push(&mut self.line, part, false);
            }
            kind if order::is_unit(kind) => {
                self.unit(part, *lead, indent + LEVEL);
                *lead = Lead::Next;
            }
            kind => {
                if order::is_part(kind) {
                    self.line.parts.push(self.line.tokens.len());
                }
                for token in part.tokens() {
                    let glued = matches!(token.kind(), SyntaxKind::Comma | SyntaxKind::Colon);
                    self.reader.push(&mut self.line, token, glued);
                }
            }
        }
    }

    /// The parts of a statement in their order, each with the place where what stands before it begins; `None` where
    /// a comment would move past another, or a line would change of which a comment speaks.
    fn reordered<'n>(&self, node: Node<'n>) -> Option<Vec<(usize, Node<'n>)>> {
        let place = node.span().range();
        if self.reader.pins.cut(self.text, place.clone()) {
            return None;
        }
        let mut parts = Vec::new();
        let mut start = self.reader.at;
        for part in node.children() {
            let mut at = start;
            let mut commented = false;
            for token in part.tokens() {
                let token = token.span().range();
                commented |= slice(self.text, at..token.start).contains("//");
                at = token.end;
            }
            let (behind, end) = self.reader.behind(at);
            let behind = behind.is_some() && at < place.end;
            parts.push(Part { node: part, start, commented: commented || behind, behind });
            start = end;
        }
        let written = parts.iter().filter(|part| part.commented).map(|part| part.start);
        let sorted: Vec<&Part<'_>> =
            order::parts(node).filter_map(|node| parts.iter().find(|part| part.node.span() == node.span())).collect();
        let stay = sorted.iter().filter(|part| part.commented).map(|part| part.start).eq(written);
        let two_behind = sorted.last().is_some_and(|last| last.behind) && self.reader.behind(place.end).0.is_some();
        (stay && !two_behind).then(|| sorted.iter().map(|part| (part.start, part.node)).collect())
    }
}

/// A part of a statement whose parts stand in another order.
struct Part<'n> {
    node: Node<'n>,
    /// Where what stands before it begins.
    start: usize,
    /// Whether it has comments, and one behind it.
    commented: bool,
    behind: bool,
}
