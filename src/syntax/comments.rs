//! The comments of a text, also of one that does not read.

use crate::text::slice;

/// What a line is in the middle of where it ends, in bytes from its beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inside {
    /// Where a comment begins.
    pub comment: Option<usize>,
    /// Where a text begins that is not closed; of `r"…"` the quote.
    pub text: Option<usize>,
}

/// What the end of a line, or of the beginning of one, is inside of. No token goes on past its line.
pub fn inside(line: &str) -> Inside {
    let bytes = line.as_bytes();
    let mut i = 0;
    while let Some(byte) = bytes.get(i) {
        match byte {
            b'/' if bytes.get(i + 1) == Some(&b'/') => return Inside { comment: Some(i), text: None },
            b'"' => {
                let (start, raw) = (i, i > 0 && bytes.get(i - 1) == Some(&b'r'));
                i += 1;
                while let Some(byte) = bytes.get(i).filter(|byte| **byte != b'"') {
                    i += if *byte == b'\\' && !raw { 2 } else { 1 };
                }
                if i >= bytes.len() {
                    return Inside { comment: None, text: Some(start) };
                }
            }
            _ => {}
        }
        i += 1;
    }
    Inside::default()
}

/// The comments of a text, each with its offset; `//` within a string begins none.
pub fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let comment = inside(line).comment?;
        Some((start + comment, slice(line, comment..line.len())))
    })
}

/// What a comment says to this program, behind `// mcppol:`.
pub fn directive(comment: &str) -> Option<&str> {
    comment.trim_start_matches('/').trim_start().strip_prefix("mcppol:")
}
