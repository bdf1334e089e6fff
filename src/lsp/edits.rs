//! Changes that a client sends, one after the other: a text in blocks, so that a thousand changes of a large text cost
//! little more than one.

use std::fmt::Write as _;

use lsp_types::{Position, TextDocumentContentChangeEvent};

use super::position::{Encoding, boundary, breaks};
use crate::text::slice;

/// The text after changes. Each range is of the text that the changes before it left; what points nowhere is taken for
/// the nearest place, and a range that ends before it begins is empty.
pub(super) fn apply(text: &str, changes: &[TextDocumentContentChangeEvent], encoding: Encoding) -> String {
    let mut blocks = Blocks { blocks: cut(text, encoding), encoding };
    for change in changes {
        match change.range {
            None => blocks.blocks = cut(&change.text, encoding),
            Some(range) => {
                let start = blocks.place(range.start);
                let end = blocks.place(range.end).max(start);
                blocks.replace(start, end, &change.text);
            }
        }
    }
    blocks.blocks.iter().map(|block| block.text.as_str()).collect()
}

/// How many bytes a block has, more or less.
const SIZE: usize = 16 * 1024;

/// A part of the text: never empty, and `\r\n` is never in two of them.
struct Block {
    text: String,
    breaks: usize,
    units: usize,
}

impl Block {
    fn new(text: &str, encoding: Encoding) -> Self {
        Self { breaks: breaks(text).count(), units: encoding.units(text), text: text.to_owned() }
    }
}

fn cut(text: &str, encoding: Encoding) -> Vec<Block> {
    let mut out = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let mut end = boundary(text, start + SIZE);
        let rest = slice(text, end..text.len());
        if rest.starts_with('\n') && slice(text, start..end).ends_with('\r') {
            end += 1;
        }
        out.push(Block::new(slice(text, start..end), encoding));
        start = end;
    }
    out
}

/// A block, and a byte in it.
type Place = (usize, usize);

struct Blocks {
    blocks: Vec<Block>,
    encoding: Encoding,
}

impl Blocks {
    fn place(&self, position: Position) -> Place {
        let Some((at, start)) = self.line(position.line as usize) else { return (self.blocks.len(), 0) };
        self.column(at, start, position.character as usize)
    }

    /// Where a line begins.
    fn line(&self, mut line: usize) -> Option<Place> {
        for (at, block) in self.blocks.iter().enumerate() {
            match line.checked_sub(1) {
                None => return Some((at, 0)),
                Some(nth) if nth < block.breaks => return Some((at, breaks(&block.text).nth(nth)?)),
                Some(_) => line -= block.breaks,
            }
        }
        None
    }

    /// So many units on, within the line.
    fn column(&self, first: usize, mut start: usize, mut units: usize) -> Place {
        for (at, block) in self.blocks.iter().enumerate().skip(first) {
            if start == 0 && block.breaks == 0 && block.units <= units {
                units -= block.units;
                continue;
            }
            let mut offset = start;
            for c in slice(&block.text, start..block.text.len()).chars() {
                let width = self.encoding.width(c);
                if matches!(c, '\n' | '\r') || width > units {
                    return (at, offset);
                }
                units -= width;
                offset += c.len_utf8();
            }
            start = 0;
        }
        (self.blocks.len(), 0)
    }

    fn replace(&mut self, start: Place, end: Place, text: &str) {
        let part = |at: usize| self.blocks.get(at).map_or("", |block| block.text.as_str());
        let (head, tail) = (slice(part(start.0), 0..start.1), slice(part(end.0), end.1..part(end.0).len()));
        let mut whole = String::with_capacity(head.len() + text.len() + tail.len());
        // writing to a string does not fail
        let _ = write!(whole, "{head}{text}{tail}");
        let new = cut(&whole, self.encoding);
        let after = start.0 + new.len();
        self.blocks.splice(start.0..(end.0 + 1).min(self.blocks.len()), new);
        self.close(after);
        self.close(start.0);
    }

    /// Sees to it that no `\r\n` is cut where a block begins.
    fn close(&mut self, at: usize) {
        let encoding = self.encoding;
        let Some((before, from)) = self.blocks.split_at_mut_checked(at) else { return };
        let (Some(before), Some(block)) = (before.last_mut(), from.first_mut()) else { return };
        if !before.text.ends_with('\r') || !block.text.starts_with('\n') {
            return;
        }
        *before = Block::new(&format!("{}\n", before.text), encoding);
        *block = Block::new(slice(&block.text, 1..block.text.len()), encoding);
        if block.text.is_empty() {
            self.blocks.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use lsp_types::Range;
    use proptest::prelude::*;

    use super::*;
    use crate::{lsp::position::Index, text::as_u32};

    /// The same, the simple way.
    fn simply(text: &str, changes: &[TextDocumentContentChangeEvent], encoding: Encoding) -> String {
        let mut text = text.to_owned();
        for change in changes {
            let Some(range) = change.range else {
                text.clone_from(&change.text);
                continue;
            };
            let index = Index::new(&text, encoding);
            let start = index.offset(&text, range.start) as usize;
            let end = (index.offset(&text, range.end) as usize).max(start);
            text.replace_range(start..end, &change.text);
        }
        text
    }

    fn texts() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            4 => "[a\u{e9}\u{20ac}\u{1f388}]{0,3}".boxed(),
            3 => "\n|\r|\r\n".boxed(),
            1 => (SIZE - 2..SIZE + 2).prop_map(|n| "x".repeat(n)).boxed(),
        ];
        prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
    }

    fn changes() -> impl Strategy<Value = TextDocumentContentChangeEvent> {
        let place = || (0u32..8, prop_oneof![0u32..8, as_u32(SIZE - 3)..as_u32(SIZE + 3), Just(u32::MAX)]);
        let range = (place(), place()).prop_map(|(start, end)| Range {
            start: Position { line: start.0, character: start.1 },
            end: Position { line: end.0, character: end.1 },
        });
        let range = prop_oneof![9 => range.prop_map(Some), 1 => Just(None)];
        (range, texts()).prop_map(|(range, text)| TextDocumentContentChangeEvent { range, range_length: None, text })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn blocks_are_one_text(text in texts(), changes in prop::collection::vec(changes(), 0..8)) {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                prop_assert!(apply(&text, &changes, encoding) == simply(&text, &changes, encoding), "{text:?} {changes:?}");
            }
        }
    }
}
