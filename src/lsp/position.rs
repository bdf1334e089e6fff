//! Places in bytes as the protocol counts them: lines, and columns in the negotiated units. Total: what points nowhere is
//! taken for the nearest place, and never for the inside of a character.

use lsp_types::{Position, Range};

use crate::text::{Span, as_u32, slice};

/// What columns count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16, which every client knows.
    #[default]
    Utf16,
}

impl Encoding {
    /// Its name in the protocol.
    pub(super) fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
        }
    }

    /// The units of a character.
    pub(super) fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        }
    }

    /// The units of a text.
    pub(super) fn units(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 if text.is_ascii() => text.len(),
            Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }
}

/// The places after the ends of lines, as the protocol counts lines: each ends with `\n`, `\r\n` or a lone `\r`.
pub(super) fn breaks(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let ends = move |at: &usize| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n');
    memchr::memchr2_iter(b'\n', b'\r', bytes).filter(ends).map(|at| at + 1)
}

/// The beginning of the character that a byte is in.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// How far two counts of units lie apart, in bytes, so that a line of any length is looked at for no longer than this.
const STEP: usize = 4096;

/// Where the lines of a text begin, and how many units stand before its parts.
#[derive(Debug, Clone)]
pub(super) struct Index {
    starts: Vec<u32>,
    /// The units before every [`STEP`]th byte; none where units are bytes.
    marks: Vec<u32>,
    encoding: Encoding,
}

impl Index {
    pub(super) fn new(text: &str, encoding: Encoding) -> Self {
        let starts = std::iter::once(0).chain(breaks(text).map(as_u32)).collect();
        let mut marks = Vec::new();
        if encoding == Encoding::Utf16 {
            let (mut units, mut from) = (0, 0);
            for at in (0..=text.len()).step_by(STEP) {
                let at = boundary(text, at);
                units += encoding.units(slice(text, from..at));
                marks.push(as_u32(units));
                from = at;
            }
        }
        Self { starts, marks, encoding }
    }

    /// How many units stand before a byte.
    fn units(&self, text: &str, offset: usize) -> usize {
        let Some(mark) = self.marks.get(offset / STEP) else { return offset };
        let from = boundary(text, offset / STEP * STEP);
        *mark as usize + self.encoding.units(slice(text, from..offset))
    }

    /// The byte at a position: at most the line's end, and never within a character.
    pub(super) fn offset(&self, text: &str, position: Position) -> u32 {
        let Some(&start) = self.starts.get(position.line as usize) else { return as_u32(text.len()) };
        let start = start as usize;
        let next = self.starts.get(position.line as usize + 1).map_or(text.len(), |next| *next as usize);
        let end = start + slice(text, start..next).trim_end_matches(['\n', '\r']).len();
        let wanted = self.units(text, start).saturating_add(position.character as usize);
        if wanted >= self.units(text, end) {
            return as_u32(end);
        }
        if self.marks.is_empty() {
            return as_u32(boundary(text, wanted));
        }
        let step = self.marks.partition_point(|units| *units as usize <= wanted).saturating_sub(1);
        let mut at = boundary(text, step * STEP).max(start);
        let mut units = self.units(text, at);
        for c in slice(text, at..end).chars() {
            units += self.encoding.width(c);
            if units > wanted {
                break;
            }
            at += c.len_utf8();
        }
        as_u32(at)
    }

    /// The position of a byte; a place past the end is the end.
    pub(super) fn position(&self, text: &str, offset: u32) -> Position {
        let offset = offset.min(as_u32(text.len()));
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let offset = boundary(text, offset as usize);
        let character = self.units(text, offset).saturating_sub(self.units(text, start as usize));
        Position { line: as_u32(line), character: as_u32(character) }
    }

    /// How many columns a part of a line takes.
    pub(super) fn columns(&self, part: &str) -> u32 {
        as_u32(self.encoding.units(part))
    }

    /// A span as a range.
    pub(super) fn range(&self, text: &str, span: Span) -> Range {
        Range { start: self.position(text, span.start), end: self.position(text, span.end) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the protocol says, word by word.
    fn told(text: &str, at: usize, encoding: Encoding) -> Position {
        let start = breaks(text).take_while(|start| *start <= at).last().unwrap_or(0);
        let line = breaks(text).take_while(|start| *start <= at).count();
        Position { line: as_u32(line), character: as_u32(encoding.units(slice(text, start..at))) }
    }

    #[test]
    fn lines_end_in_three_ways() {
        let ends = |text| breaks(text).collect::<Vec<_>>();
        assert_eq!(ends("a\r\nb\rc\nd"), [3, 5, 7]);
        assert_eq!(ends("\r\r\n\n\r"), [1, 3, 4, 5]);
        let at = |line, character| {
            Index::new("é🎈x\r\ny", Encoding::Utf16).offset("é🎈x\r\ny", Position { line, character })
        };
        assert_eq!(
            [at(0, 0), at(0, 1), at(0, 2), at(0, 3), at(0, 4), at(0, 9), at(1, 0), at(1, 9), at(7, 0)],
            [0, 2, 2, 6, 7, 7, 9, 10, 10]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn there_and_back(parts in prop::collection::vec("[a\u{e9}\u{20ac}\u{1f388}]|\n|\r|\r\n|[x🎈]{2000}", 0..12)) {
            let text = parts.concat();
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let index = Index::new(&text, encoding);
                for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)).step_by(1 + text.len() / 500) {
                    let position = index.position(&text, as_u32(at));
                    prop_assert_eq!(position, told(&text, at, encoding));
                    // the middle of `\r\n` is no place of its own: it is the line's end
                    let around = at.saturating_sub(1)..(at + 1).min(text.len());
                    let middle = text.as_bytes().get(around) == Some(b"\r\n");
                    prop_assert_eq!(index.offset(&text, position) as usize, if middle { at - 1 } else { at });
                }
            }
        }
    }
}
