//! The comments of a text, also of one that does not read.

use crate::text::slice;

/// The comments of a text, each with its offset; `//` within a string begins none.
pub fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
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

/// What a comment says to this program, behind `// mcppol:`.
pub fn directive(comment: &str) -> Option<&str> {
    comment.trim_start_matches('/').trim_start().strip_prefix("mcppol:")
}
