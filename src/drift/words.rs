//! The words of others in our sentences: names and values between backticks, short, and without backticks of their own.
//!
//! A renderer may rely on that: what stands between two backticks of a message is data, all else is ours. Characters
//! that could draw on a terminal are left to the renderer.

use std::fmt;

use serde_json::Value;

use super::schema::Step;
use crate::syntax::literal::write_path;

/// The most characters of a text that a message repeats.
const SHOWN: usize = 120;
/// The most values of a list that it repeats.
const VALUES: usize = 8;

/// A word of somebody else's, between backticks.
pub(super) fn word(text: &str) -> String {
    let mut out = String::from("`");
    for c in text.chars().take(SHOWN) {
        match c {
            '`' => out.push_str("\\u{60}"),
            c => out.push(c),
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out.push('`');
    out
}

/// A value between backticks.
pub(super) fn json_word(value: &Value) -> String {
    word(&value.to_string())
}

/// What may be missing.
pub(super) fn optional(value: Option<impl fmt::Display>) -> String {
    value.map_or_else(|| "none".to_owned(), |it| it.to_string())
}

/// A few values, and how many more there are.
pub(super) struct ValueList<'a>(pub(super) &'a [&'a Value]);

impl fmt::Display for ValueList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().take(VALUES).enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{}", json_word(value))?;
        }
        match self.0.len().checked_sub(VALUES) {
            Some(more) if more > 0 => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}

/// A path as the language writes it, with `[]` for the elements of a list and `.*` for other members.
pub(super) fn path(steps: &[Step]) -> String {
    let mut out = String::from("args");
    for step in steps {
        match step {
            Step::Member(name) => {
                let written = write_path(std::slice::from_ref(name));
                out.push_str(written.strip_prefix("args").unwrap_or(&written));
            }
            Step::OtherMembers => out.push_str(".*"),
            Step::Element => out.push_str("[]"),
        }
    }
    out
}
