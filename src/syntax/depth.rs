//! The limit on nesting, kept before the grammar reads: it recurses for brackets alone, and never past this.

use std::borrow::Cow;

use super::words;
use crate::{
    diagnostic::{Diagnostic, codes},
    text::{FileId, Span, as_u32},
};

/// How deep brackets may nest within one statement.
pub const MAX_DEPTH: usize = 64;

/// Makes brackets deeper than the limit unreadable, and says so once a statement. Lengths stay, so places do too.
pub(super) fn limit<'a>(file: FileId, text: &'a str, errors: &mut Vec<Diagnostic>) -> Cow<'a, str> {
    let bytes = text.as_bytes();
    if is_shallow(bytes) {
        return Cow::Borrowed(text);
    }
    let mut masked: Option<Vec<u8>> = None;
    let mut mask = |at: usize| {
        if let Some(slot) = masked.get_or_insert_with(|| bytes.to_vec()).get_mut(at) {
            *slot = b'#';
        }
    };
    let mut depth = 0usize;
    let mut told = false;
    let mut line_start = true;
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let trivia = trivia(rest);
        if trivia > 0 {
            line_start |= rest.iter().take(trivia).any(|b| *b == b'\n');
            at += trivia;
            continue;
        }
        let begins_line = std::mem::replace(&mut line_start, false);
        let quoted = quoted(rest);
        if quoted > 0 {
            at += quoted;
            continue;
        }
        let word = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-.*?".contains(b)).count();
        if word > 0 {
            // a statement's keyword at the start of a line begins anew; as a member's name it does not
            if begins_line && resumes(rest, word) {
                depth = 0;
                told = false;
            }
            at += word;
            continue;
        }
        match rest.first() {
            Some(b'(' | b'[' | b'{') => {
                depth += 1;
                if depth > MAX_DEPTH {
                    mask(at);
                    if !std::mem::replace(&mut told, true) {
                        errors.push(too_deep(Span::new(file, as_u32(at), as_u32(at + 1))));
                    }
                }
            }
            Some(b')' | b']' | b'}') => {
                // with its bracket, so that what is left still pairs
                if depth > MAX_DEPTH {
                    mask(at);
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        at += 1;
    }
    match masked.map(String::from_utf8) {
        Some(Ok(text)) => Cow::Owned(text),
        _ => Cow::Borrowed(text),
    }
}

/// Whether no statement has more opening brackets than may nest, wherever they stand: the quick answer for nearly
/// every text.
fn is_shallow(bytes: &[u8]) -> bool {
    let mut openers = 0;
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line = rest.get(..length).unwrap_or_default();
        let indent = line.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        let first = rest.get(indent..).unwrap_or_default();
        let word = first.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-.*?".contains(b)).count();
        if word > 0 && resumes(first, word) {
            openers = 0;
        }
        openers += line.iter().filter(|b| matches!(b, b'(' | b'[' | b'{')).count();
        if openers > MAX_DEPTH {
            return false;
        }
        at += length;
    }
    true
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(&codes::NESTED_TOO_DEEPLY, span, format!("brackets nest more than {MAX_DEPTH} deep here"))
        .help("split the condition into several clauses; all of them apply together")
}

/// Whether the word of this length that begins `rest` is a statement's keyword and no member's name.
fn resumes(rest: &[u8], word: usize) -> bool {
    let (word, after) = rest.split_at_checked(word).unwrap_or_default();
    str::from_utf8(word).is_ok_and(words::resumes) && after.get(trivia(after)) != Some(&b':')
}

/// The length of the blanks and comments that begin `rest`.
fn trivia(rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(rest) = rest.get(at..) {
        match rest {
            [b' ' | b'\t' | b'\r' | b'\n', ..] => at += 1,
            [b'/', b'/', ..] => at += memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            _ => break,
        }
    }
    at
}

/// The length of the text in quotes of any kind that begins `rest`, as the grammar reads it: a bracket within is none.
fn quoted(rest: &[u8]) -> usize {
    let to = |open: usize, closers: &[&'static str]| {
        let mut at = open;
        while let Some(rest) = rest.get(at..).filter(|rest| !rest.is_empty() && !rest.starts_with(b"\n")) {
            if let Some(close) = closers.iter().find(|close| rest.starts_with(close.as_bytes())) {
                return Some((at + close.len(), *close));
            }
            at += 1;
        }
        None
    };
    let length = match rest {
        [b'r', b'"', ..] => to(2, &["\""]),
        [b'"', ..] => match straight(rest) {
            Some(length) => return length,
            // closed by a curly quote, or else it swallows its line
            None => match to(1, &["”", "\""]) {
                Some((length, "”")) => return length,
                _ => return memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            },
        },
        [b'\'', ..] => to(1, &["'"]),
        _ if rest.starts_with("“".as_bytes()) => to("“".len(), &["”", "“", "\""]),
        _ if rest.starts_with("‘".as_bytes()) => to("‘".len(), &["’", "‘"]),
        _ => None,
    };
    length.map_or(0, |(length, _)| length)
}

/// The length of a `"…"`, if it is closed on its line.
fn straight(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match rest.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' if matches!(rest.get(at + 1), Some(b'"' | b'\\')) => at += 2,
            b'\t' | b' '.. => at += 1,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_end_where_the_grammar_ends_them() {
        let lengths = [
            (r#""a\\" ("#, 5),
            (r#""a\" (" b"#, 7),
            (r#"r"a\" ("#, 5),
            ("\"abc” (", 7),
            ("\"abc (\nd\"", 6),
            ("'a\"b' (", 5),
            ("'a (\n'", 0),
            ("“a” (", 7),
            ("“a\" (", 5),
            ("‘a’ (", 7),
            ("r (", 0),
        ];
        for (text, length) in lengths {
            assert_eq!(quoted(text.as_bytes()), length, "{text}");
        }
    }

    #[test]
    fn nothing_hides_a_bracket() {
        let deep = "(".repeat(MAX_DEPTH + 1);
        for before in ["", "'\"'", "\"”", "“\"", "'//'", "bar\"\\\"\"", "a//b\n", "{ a: {\ndeny\n// c\n: {\ndeny_x: ["]
        {
            let mut errors = Vec::new();
            let text = format!("{before}{deep}");
            assert!(matches!(limit(FileId(0), &text, &mut errors), Cow::Owned(_)), "{text}");
            assert_eq!(errors.len(), 1, "{text}");
        }
        for around in [("\"", "\""), ("'", "'"), ("// ", ""), ("allow a {\n", "\nallow b {")] {
            let mut errors = Vec::new();
            limit(FileId(0), &format!("{}{}{}(", around.0, "(".repeat(MAX_DEPTH - 1), around.1), &mut errors);
            assert!(errors.is_empty(), "{around:?}");
        }
    }
}
