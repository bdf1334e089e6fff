//! The comments of a policy's text: what its trees leave out.

use super::Piece;
use crate::{
    syntax::Node,
    text::{FileId, Span, as_u32, line_start, slice},
};

/// The comments of a chunk, in order, each without the blanks at its end.
pub(super) fn comments(piece: Piece<'_>) -> impl Iterator<Item = Span> {
    let end = piece.end();
    let tokens = piece.roots().flat_map(Node::tokens).map(Node::span);
    let mut at = piece.start;
    let gaps = tokens.chain([Span::new(FileId(0), end, end)]).map(move |next| {
        let gap = Span { start: at, end: next.start, ..next };
        at = next.end;
        gap
    });
    gaps.flat_map(move |gap| in_gap(piece, gap))
}

fn in_gap(piece: Piece<'_>, gap: Span) -> impl Iterator<Item = Span> {
    let mut at = gap.start;
    slice(piece.text, (gap.start - piece.start) as usize..(gap.end - piece.start) as usize)
        .split_inclusive('\n')
        .filter_map(move |line| {
            let start = at;
            at += as_u32(line.len());
            let comment = start + as_u32(line.find("//")?);
            Some(Span { start: comment, end: start + as_u32(line.trim_end().len()), ..gap })
        })
}

/// The whole lines that a place touches, without the end of the last one. What ends where a line begins does not touch it.
pub(super) fn lines(text: &str, span: Span) -> Span {
    let start = line_start(text, span.start as usize);
    let inside = slice(text, span.range());
    if let Some(inside) = inside.strip_suffix('\n') {
        let end = span.start as usize + inside.trim_end_matches('\r').len();
        return Span { start: as_u32(start), end: as_u32(end), ..span };
    }
    let rest = slice(text, span.end as usize..text.len());
    let rest = rest.split('\n').next().unwrap_or_default();
    let end = span.end as usize + rest.trim_end_matches('\r').len();
    Span { start: as_u32(start), end: as_u32(end), ..span }
}
