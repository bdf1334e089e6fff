//! What is selected when a selection grows: the text in quotes, the word, its part, the statement, and so on outward.

use super::{Kind, View, at::at, tokens::whole, trivia::comments};
use crate::{
    syntax::{Node, SyntaxKind as K},
    text::{Span, as_u32, slice},
};

/// What lies around a place, each within the next, the document last; nothing in a document of others.
pub fn around(view: &View<'_>, offset: u32) -> Vec<Span> {
    let document = view.document;
    if !matches!(document.kind(), Kind::Policy) {
        return Vec::new();
    }
    let at = at(document, offset);
    let mut comments = document.piece_at(offset).into_iter().flat_map(comments);
    let comment = comments.find(|comment| comment.start < offset && offset <= comment.end);
    let quoted = at.token().and_then(inside_quotes).filter(|inside| inside.start <= offset && offset <= inside.end);
    let nodes = at.path.iter().rev().map(|node| node.span()).filter(|span| span.start < span.end);
    let mut out: Vec<Span> = Vec::new();
    for span in comment.into_iter().chain(quoted).chain(nodes).chain([whole(document)]) {
        if out.last().is_none_or(|inner| span != *inner && span.start <= inner.start && inner.end <= span.end) {
            out.push(span);
        }
    }
    out
}

fn inside_quotes(token: Node<'_>) -> Option<Span> {
    let raw = match token.kind() {
        K::String => 0,
        K::RawString => 1,
        _ => return None,
    };
    let span = token.span();
    let inside = slice(token.text(), raw + 1..token.text().len().saturating_sub(1));
    let start = span.start + as_u32(raw + 1);
    Some(Span { start, end: start + as_u32(inside.len()), ..span })
}
