//! Whether a comment explains a place.

use crate::{
    syntax::comments,
    text::{Span, line_start, slice},
};

/// Whether a comment stands on the lines of a place, or on the line above it.
pub(super) fn explain(text: &str, place: Span) -> bool {
    let before = slice(text, 0..place.start as usize);
    let line = before.rfind('\n').unwrap_or(0);
    let above = line_start(before, line);
    let after = slice(text, place.end as usize..text.len());
    let end = after.find('\n').unwrap_or(after.len());
    comments(slice(text, above..place.end as usize + end)).next().is_some()
}
