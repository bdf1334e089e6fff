//! Places in bytes as the protocol counts them: lines, and columns in the negotiated units. Total: what points nowhere is
//! taken for the nearest place, and never for the inside of a character.

use lsp_types::{Position, PositionEncodingKind, Range};

use crate::text::{Span, as_u32, slice};

/// What columns count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16, which every client knows.
    Utf16,
}

impl Encoding {
    /// The best of those that a client offers.
    pub(super) fn negotiated(knows_utf8: bool) -> Self {
        if knows_utf8 { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        }
    }
}

/// Where the lines of a text begin, as the protocol counts lines: each ends with `\n`, `\r\n` or a lone `\r`.
#[derive(Debug, Clone)]
pub(super) struct Index {
    starts: Vec<u32>,
    encoding: Encoding,
}

impl Index {
    pub(super) fn new(text: &str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let lone = bytes.get(at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n');
            if lone {
                starts.push(as_u32(at + 1));
            }
        }
        Self { starts, encoding }
    }

    /// The byte at a position: at most the line's end, and never within a character.
    pub(super) fn offset(&self, text: &str, position: Position) -> u32 {
        let Some(&start) = self.starts.get(position.line as usize) else { return as_u32(text.len()) };
        let end = self.starts.get(position.line as usize + 1).map_or(text.len(), |next| *next as usize);
        let line = slice(text, start as usize..end).trim_end_matches(['\n', '\r']);
        let (mut column, mut bytes) = (0, 0);
        for c in line.chars() {
            column += self.encoding.width(c);
            if column > position.character as usize {
                break;
            }
            bytes += c.len_utf8();
        }
        start + as_u32(bytes)
    }

    /// The position of a byte; a place past the end is the end.
    pub(super) fn position(&self, text: &str, offset: u32) -> Position {
        let offset = offset.min(as_u32(text.len()));
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = slice(text, start as usize..offset as usize);
        Position { line: as_u32(line), character: self.columns(before) }
    }

    /// How many columns a part of a line takes.
    pub(super) fn columns(&self, part: &str) -> u32 {
        as_u32(match self.encoding {
            Encoding::Utf8 => part.len(),
            Encoding::Utf16 if part.is_ascii() => part.len(),
            Encoding::Utf16 => part.chars().map(char::len_utf16).sum(),
        })
    }

    /// A span as a range.
    pub(super) fn range(&self, text: &str, span: Span) -> Range {
        Range { start: self.position(text, span.start), end: self.position(text, span.end) }
    }
}
