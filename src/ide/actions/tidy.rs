//! Edits that leave an item in the style that it was in.

use super::ended_as;
use crate::{
    format::format,
    ide::{Piece, View},
    text::{self, Edit, FileId, Span, as_u32, slice},
};

/// The same edits, all of one item; where that item is as the formatter writes it, it is so afterwards too.
pub(super) fn tidy(view: &View<'_>, edits: &[Edit]) -> Vec<Edit> {
    let piece = edits.first().and_then(|edit| view.document.piece_at(edit.span.start));
    let formatted = piece.and_then(|piece| in_style(piece, edits));
    let as_they_are = || edits.iter().map(|edit| ended_as(view.text(), edit.clone())).collect();
    formatted.map_or_else(as_they_are, |edit| vec![edit])
}

fn in_style(piece: Piece<'_>, edits: &[Edit]) -> Option<Edit> {
    let before = piece.text;
    let inside = |edit: &Edit| piece.start <= edit.span.start && edit.span.end <= piece.end();
    if !edits.iter().all(inside) || !is_formatted(before) {
        return None;
    }
    let moved = |edit: &Edit| Edit {
        span: Span::new(FileId(0), edit.span.start - piece.start, edit.span.end - piece.start),
        text: edit.text.clone(),
    };
    let after = text::apply(before, &edits.iter().map(moved).collect::<Vec<_>>());
    let end = slice(&after, after.trim_end().len()..after.len());
    let after = format!("{}{end}", format(&after).ok()?.trim_end());
    Some(smallest(before, &after, piece.start))
}

/// Blank lines at its end belong to what follows.
fn is_formatted(text: &str) -> bool {
    format(text).is_ok_and(|formatted| formatted.trim_end() == text.trim_end())
}

/// The edit from one text to another that leaves alone what they begin and end with.
pub(super) fn smallest(before: &str, after: &str, base: u32) -> Edit {
    let same = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = same(&mut before.chars().zip(after.chars()));
    let (old, new) = (slice(before, start..before.len()), slice(after, start..after.len()));
    let end = same(&mut old.chars().rev().zip(new.chars().rev()));
    let span = Span::new(FileId(0), as_u32(start), as_u32(before.len() - end)).shifted(base);
    Edit { span, text: slice(new, 0..new.len() - end).to_owned() }
}
