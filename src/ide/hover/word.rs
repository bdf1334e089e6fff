//! What is told of the words of the language, and of the rules that an ignore comment names.

use super::Hover;
use super::argument::consequence;
use crate::{
    ide::{at::At, markdown::code, words},
    lint,
    syntax::{self, Node, SyntaxKind as K},
    text::{FileId, Span, as_u32, line_start, slice},
};

/// A keyword, an operator, or the word of a default.
pub(super) fn explained(at: &At<'_>, token: Node<'_>) -> Option<String> {
    let word = token.text();
    let is_default = at.inside(K::Default).is_some() && token.kind() == K::Word;
    let line = match token.kind() {
        K::Word if is_default => words::fallback(word)?,
        K::Keyword | K::KwOr | K::KwAll | K::KwTo | K::KwTotal | K::KwPer => words::keyword(word)?,
        K::Op | K::OpAlone => words::operator(word)?,
        _ => return None,
    };
    let mut out = format!("{}: {line}\n", code(word));
    let is_test = matches!(token.kind(), K::Op | K::OpAlone) && word != "missing";
    if let Some(what) = consequence(at).filter(|_| is_test) {
        out.push_str(&format!("\nOf an absent or null argument it is false: {what}\n"));
    }
    Some(out)
}

/// What is told of a place in a comment; `None` where it is in none.
pub(super) fn in_comment(text: &str, offset: u32) -> Option<Option<Hover>> {
    let at = offset as usize;
    let start = line_start(text, at);
    let after = slice(text, at..text.len());
    let end = at + after.find('\n').unwrap_or(after.len());
    let (within, comment) = syntax::comments(slice(text, start..end)).next()?;
    let base = start + within;
    (base <= at).then(|| rule(comment, base, at))
}

fn rule(comment: &str, base: usize, at: usize) -> Option<Hover> {
    let rest = syntax::directive(comment)?;
    rest.trim_start().strip_prefix("ignore")?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let at = at - base;
    let start = at - slice(comment, 0..at).chars().rev().take_while(|c| is_name(*c)).count();
    let end = at + slice(comment, at..comment.len()).chars().take_while(|c| is_name(*c)).count();
    let name = slice(comment, start..end);
    let about = lint::abouts().into_iter().find(|about| about.code.name == name)?;
    let span = Span::new(FileId(0), as_u32(base + start), as_u32(base + end));
    Some(Hover { span, markdown: about.page.to_owned() })
}
