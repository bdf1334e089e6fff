//! The comments of a text.

use std::collections::BTreeSet;

use crate::text::{Lines, Span, as_u32, slice};

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

/// The lines of a text that have comments.
pub(super) struct Commented {
    lines: Lines,
    with: BTreeSet<u32>,
}

impl Commented {
    pub(super) fn new(text: &str) -> Self {
        let lines = Lines::new(text);
        let with = comments(text).map(|(start, _)| lines.line_of(as_u32(start))).collect();
        Self { lines, with }
    }

    /// Whether a comment stands on the lines of a place, or on the line above it.
    pub(super) fn at(&self, place: Span) -> bool {
        let (first, last) = (self.lines.line_of(place.start), self.lines.line_of(place.end));
        self.with.range(first.saturating_sub(1)..=last).next().is_some()
    }
}
