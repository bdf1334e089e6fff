//! Places in texts: byte spans, lines and columns, edits, and the few word helpers that messages share.
//!
//! No file access and no protocol here. Inside the program a place is a half-open byte range; lines and columns
//! exist only where people read them.

mod diff;
mod hidden;
mod shift;
mod suggest;
mod words;

use std::ops::Range;

pub use diff::{common, unified};
pub use hidden::{is_hidden, visible};
pub use shift::{Placed, Shift};
pub use suggest::{nearest, same_letters};
pub use words::{count, list, quoted_list};

/// One of the texts of an analysis: 0 is the file that was asked for, the others are its imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// A span over `start..end` of `file`.
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest span that holds both; `other` is taken to be of the same file.
    pub fn to(self, other: Span) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same place after `by` bytes were put in front of it.
    pub fn shifted(self, by: u32) -> Self {
        Self { file: self.file, start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// The byte range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The empty span at its beginning.
    pub fn at_start(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// The empty span at its end.
    pub fn at_end(self) -> Self {
        Self { start: self.end, ..self }
    }
}

/// The part of `text` at `range`, empty where the range does not fall on characters.
pub fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// Where the line begins that a byte is in.
pub fn line_start(text: &str, at: usize) -> usize {
    slice(text, 0..at).rfind('\n').map_or(0, |end| end + 1)
}

/// A statement without its block, on one line.
pub fn head(text: &str) -> String {
    // a `{` in a text begins no block; only in `"…"` is a quote ever escaped
    let (mut open, mut raw, mut last, mut end) = (false, false, ' ', text.len());
    for (at, c) in text.char_indices() {
        match c {
            '"' if open && (raw || last != '\\') => open = false,
            '"' if !open => (open, raw) = (true, last == 'r'),
            '{' if !open => {
                end = at;
                break;
            }
            _ => {}
        }
        last = if last == '\\' && !raw { ' ' } else { c };
    }
    slice(text, 0..end).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line and a column as people count them: from one, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from one.
    pub line: u32,
    /// The column in characters, from one.
    pub column: u32,
}

/// Where the lines of a text begin.
#[derive(Debug, Clone)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Reads the line starts of `text`; a line ends with `\n`.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| as_u32(i + 1)));
        Self { starts }
    }

    /// The position of a byte offset in the same `text`; an offset past the end is the end.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = offset.min(as_u32(text.len()));
        let line = self.starts.partition_point(|&start| start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = slice(text, start as usize..offset as usize);
        Position { line: as_u32(line + 1), column: as_u32(before.chars().count() + 1) }
    }

    /// The byte range of a line (from zero) without its line end.
    pub fn range(&self, text: &str, line: u32) -> Range<usize> {
        let line = line as usize;
        let start = self.starts.get(line).map_or(text.len(), |&s| s as usize);
        let end = self.starts.get(line + 1).map_or(text.len(), |&s| s as usize - 1).max(start);
        start..start + slice(text, start..end).trim_end_matches('\r').len()
    }

    /// The line (from zero) that holds a byte offset.
    pub fn line_of(&self, offset: u32) -> u32 {
        as_u32(self.starts.partition_point(|&start| start <= offset).saturating_sub(1))
    }
}

/// A place with the blanks before it, and with its line where it stands alone: what goes when it is removed.
pub fn with_its_line(text: &str, span: Span) -> Span {
    let before = slice(text, 0..span.start as usize);
    let kept = before.trim_end_matches([' ', '\t']);
    let after = slice(text, span.end as usize..text.len());
    let rest = after.split_inclusive('\n').next().unwrap_or_default();
    let alone = (kept.is_empty() || kept.ends_with('\n')) && rest.trim().is_empty();
    let end = if alone { rest.len() } else { 0 };
    Span { start: as_u32(kept.len()), end: span.end + as_u32(end), ..span }
}

/// A length as the 32 bits in which places are kept; texts are limited far below that.
pub fn as_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// One replacement of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// Applies edits to one text. They may come in any order; of two that overlap the earlier one is applied.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in sorted {
        let range = edit.span.range();
        if range.start < at {
            continue;
        }
        out.push_str(slice(text, at..range.start));
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(slice(text, at..text.len()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\né🎈x\r\n";
        let lines = Lines::new(text);
        let at = |offset| {
            let p = lines.position(text, offset);
            (p.line, p.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(1), (1, 2));
        assert_eq!(at(2), (2, 1));
        assert_eq!(at(8), (2, 3));
        assert_eq!(at(99), (3, 1));
    }

    #[test]
    fn heads_of_statements() {
        assert_eq!(head("allow a,\n  b {\n  limit to 1 per day\n}"), "allow a, b");
        assert_eq!(
            head(r#"require args.x matches r"\d{3}\" because "a \" { b" { c"#),
            r#"require args.x matches r"\d{3}\" because "a \" { b""#
        );
        assert_eq!(head(r#"deny "x\\" { y"#), r#"deny "x\\""#);
    }

    #[test]
    fn edits_in_any_order() {
        let edit = |start, end, text: &str| Edit { span: Span::new(FileId(0), start, end), text: text.into() };
        assert_eq!(apply("abcd", &[edit(3, 4, "D"), edit(0, 1, "A"), edit(2, 2, "-")]), "Ab-cD");
        assert_eq!(apply("abcd", &[edit(0, 3, "x"), edit(1, 2, "y")]), "xd");
    }
}
