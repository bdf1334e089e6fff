//! YAML 1.2 with its core types, from the events of `saphyr-parser`.
//!
//! What would let a text say more than it shows is refused: anchors, aliases, tags, merges, a second document. Plain
//! words that readers of YAML 1.1 take for truth values are texts here, and said.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as Marks};

use super::{Kind, build::Builder};
use crate::{
    diagnostic::{Diagnostic, codes},
    text::as_u32,
};

/// Words that YAML 1.1 reads as truth values and YAML 1.2 as texts.
const TRUTHS: [&str; 8] = ["yes", "no", "on", "off", "y", "n", "Yes", "No"];

pub(super) fn read(text: &str, builder: &mut Builder) {
    let mut reader = Reader { places: Places::new(text), builder, last: 0, documents: 0 };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, marks)) => reader.event(&event, marks),
            Err(error) => reader.fail(&error),
        }
        if reader.builder.is_broken() {
            return;
        }
    }
    if !builder.is_complete() {
        let span = builder.span(0, 0);
        builder.fail(
            Diagnostic::error(&codes::SYNTAX, span, "the file is empty").help("write `version`, `default` and `tools`"),
        );
    }
}

struct Reader<'r> {
    places: Places,
    builder: &'r mut Builder,
    /// Where the last value or bracket ended; a block ends there, not where the next line begins.
    last: u32,
    documents: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: &Event<'_>, marks: Marks) {
        let (start, end) = (self.places.byte(marks.start.index()), self.places.byte(marks.end.index()));
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.refuse(start, end, "a second document begins here", "keep one document in a file");
                }
            }
            Event::Alias(_) => {
                self.refuse(
                    start,
                    end,
                    "aliases are not read",
                    "write the value out: a policy says what it says where it stands",
                );
            }
            Event::Scalar(text, style, anchor, tag) => {
                if !self.marked(*anchor, tag.is_some(), start, end) {
                    self.scalar(text, *style, start, end.max(start));
                    self.last = self.last.max(end);
                }
            }
            Event::SequenceStart(anchor, tag) => {
                if !self.marked(*anchor, tag.is_some(), start, end) && self.is_value(start, end) {
                    self.builder.open_list(start);
                }
            }
            Event::MappingStart(anchor, tag) => {
                if !self.marked(*anchor, tag.is_some(), start, end) && self.is_value(start, end) {
                    self.builder.open_object(start);
                }
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if end > start {
                    self.last = end;
                }
                self.builder.close(self.last);
            }
        }
    }

    /// Whether a list or object may stand here: not as a name.
    fn is_value(&mut self, start: u32, end: u32) -> bool {
        let fine = !self.builder.in_object() || self.builder.has_key();
        if !fine {
            self.refuse(start, end, "a name is a list or an object here", "write the name as one word");
        }
        fine
    }

    fn marked(&mut self, anchor: usize, tagged: bool, start: u32, end: u32) -> bool {
        if anchor > 0 {
            self.refuse(start, end, "anchors are not read", "write the value out where it is used");
        } else if tagged {
            self.refuse(start, end, "tags are not read", "take the tag out; put texts in quotes");
        }
        self.builder.is_broken()
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, start: u32, end: u32) {
        if self.builder.in_object() && !self.builder.has_key() {
            if text == "<<" && style == ScalarStyle::Plain {
                self.refuse(start, end, "merges are not read", "write the members out");
                return;
            }
            self.builder.key(text, start, end);
            return;
        }
        if style != ScalarStyle::Plain {
            self.builder.value(Kind::Text(text.into()), start, end);
            return;
        }
        if TRUTHS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
            let message = format!("`{text}` is a text in YAML 1.2, and a truth value for readers of YAML 1.1");
            let span = self.builder.span(start, end);
            let help = format!("write `\"{text}\"` for the text, or `true` or `false`");
            self.builder.problem(Diagnostic::info(&codes::AMBIGUOUS_SCALAR, span, message).help(help));
        }
        match plain(text) {
            Some(kind) => self.builder.value(kind, start, end),
            None => self.refuse(start, end, "this number is too large", "numbers are doubles; put a text in quotes"),
        }
    }

    fn refuse(&mut self, start: u32, end: u32, message: &str, help: &str) {
        let span = self.builder.span(start, end.max(start));
        self.builder.fail(Diagnostic::error(&codes::SYNTAX, span, message).help(help));
    }

    fn fail(&mut self, error: &ScanError) {
        let at = self.places.byte(error.marker().index());
        let info = error.info().to_lowercase();
        let message = format!("this is not YAML: {}", info.trim_end_matches('.').replace('`', "'"));
        self.refuse(at, at, &message, "look at the indentation and the quotes around this place");
    }
}

/// A plain scalar by the core schema; `None` where it is a number that is infinite or not one.
fn plain(text: &str) -> Option<Kind> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Kind::Null),
        "true" | "True" | "TRUE" => return Some(Kind::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Kind::Bool(false)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let special = |word: &str| [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&word);
    if special(unsigned) {
        return None;
    }
    let radix = |digits: Option<&str>, radix: u32| digits.and_then(|digits| i64::from_str_radix(digits, radix).ok());
    if let Some(number) = radix(text.strip_prefix("0o"), 8).or_else(|| radix(text.strip_prefix("0x"), 16)) {
        return Some(Kind::Integer(number));
    }
    let numeric = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.bytes().any(|byte| byte.is_ascii_digit())
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if numeric {
        if let Ok(number) = text.parse() {
            return Some(Kind::Integer(number));
        }
        if let Ok(number) = text.parse::<f64>() {
            return number.is_finite().then_some(Kind::Float(number));
        }
    }
    Some(Kind::Text(text.into()))
}

/// From the characters in which the parser counts to bytes.
struct Places {
    /// The byte of each character and of the end; empty where the two are the same.
    bytes: Vec<u32>,
    length: u32,
}

impl Places {
    fn new(text: &str) -> Self {
        let length = as_u32(text.len());
        if text.is_ascii() {
            return Self { bytes: Vec::new(), length };
        }
        let mut bytes: Vec<u32> = text.char_indices().map(|(at, _)| as_u32(at)).collect();
        bytes.push(length);
        Self { bytes, length }
    }

    fn byte(&self, index: usize) -> u32 {
        match self.bytes.is_empty() {
            true => as_u32(index).min(self.length),
            false => self.bytes.get(index).copied().unwrap_or(self.length),
        }
    }
}
