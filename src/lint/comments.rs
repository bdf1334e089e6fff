//! The comments of a text.

use crate::text::{Span, slice};

/// The comments of a text, each with its offset; `//` within a string begins none.
pub(super) fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let bytes = line.as_bytes();
        let mut i = 0;
        while let Some(byte) = bytes.get(i) {
            match byte {
                b'/' if bytes.get(i + 1) == Some(&b'/') => return Some((start + i, slice(line, i..line.len()))),
                b'"' => {
                    let raw = i > 0 && bytes.get(i - 1) == Some(&b'r');
                    i += 1;
                    while let Some(byte) = bytes.get(i).filter(|byte| **byte != b'"') {
                        i += if *byte == b'\\' && !raw { 2 } else { 1 };
                    }
                }
                _ => {}
            }
            i += 1;
        }
        None
    })
}

/// Whether a comment stands on the lines of a place, or on the line above it.
pub(super) fn explain(text: &str, place: Span) -> bool {
    let before = slice(text, 0..place.start as usize);
    let line = before.rfind('\n').unwrap_or(0);
    let above = slice(before, 0..line).rfind('\n').map_or(0, |at| at + 1);
    let after = slice(text, place.end as usize..text.len());
    let end = after.find('\n').unwrap_or(after.len());
    comments(slice(text, above..place.end as usize + end)).next().is_some()
}
