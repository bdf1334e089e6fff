//! The one style of a policy file: what is written in it stays, and where it stands is decided here.
//!
//! The result depends on tokens, comments and blank lines alone, and on the ends of lines of which an ignore comment
//! speaks (`pins.rs`). `walk.rs` goes through the trees and cuts them into what stands on lines of its own, `line.rs`
//! collects the tokens of one such line with their comments, `layout.rs` breaks it where it has to be broken. What comes
//! out is read again and compared (`same.rs`) before anybody gets it. `docs/format.md` is the style in words.

mod layout;
mod line;
mod order;
mod pins;
mod same;
mod walk;

pub use order::is_unit;

use crate::{
    diagnostic::{self, Diagnostic},
    syntax,
    text::{FileId, Placed, Shift, slice},
};

/// The longest line, in characters. What has no place to be broken is longer.
pub const WIDTH: usize = 100;

/// Why a text was not formatted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It does not read: its errors, in order.
    Errors(Vec<Diagnostic>),
    /// A mistake in here: the formatted text would not say what the text says.
    Unfaithful,
}

/// Whether lines end in CR LF: the first line's end is that of all.
pub fn is_crlf(text: &str) -> bool {
    text.find('\n').is_some_and(|end| slice(text, 0..end).ends_with('\r'))
}

/// The text in the one style.
///
/// # Errors
/// Where it does not read, or what was made of it does not say the same.
pub fn format(text: &str) -> Result<String, Refused> {
    if let Some(error) = syntax::too_large(FileId(0), text) {
        return Err(Refused::Errors(vec![error]));
    }
    let mut walk = walk::Walk::new(text);
    let mut said = same::Said::new(text);
    let mut errors = Vec::new();
    for (base, part) in syntax::pieces(text) {
        let mut chunk = syntax::parse_chunk(FileId(0), part);
        chunk.errors.shift(Shift::of_part(FileId(0), base));
        errors.append(&mut chunk.errors);
        if errors.is_empty() {
            said.hear(chunk.tree.roots(part, FileId(0), base));
            walk.items(chunk.tree.roots(part, FileId(0), base));
        }
    }
    if !errors.is_empty() {
        diagnostic::sort(&mut errors);
        return Err(Refused::Errors(errors));
    }
    let mut out = walk.finish();
    if is_crlf(text) {
        out = out.replace('\n', "\r\n");
    }
    if said.agrees_with(&out) { Ok(out) } else { Err(Refused::Unfaithful) }
}
