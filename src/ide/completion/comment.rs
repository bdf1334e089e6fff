//! Rules in ignore comments.

use super::{Completions, Item, ItemKind, Key};
use crate::{
    ide::View,
    lint, syntax,
    text::{FileId, Span, as_u32, line_start, slice},
};

/// What may be written in a comment that begins at a place: names of rules within `ignore[…]`, those first that have
/// something to say there.
pub(super) fn complete(view: &View<'_>, start: u32, offset: u32) -> Completions {
    let mut out = Completions::default();
    let text = view.text();
    let comment = slice(text, start as usize..offset as usize);
    let Some(said) = syntax::directive(comment).map(str::trim_start) else { return out };
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let typed = as_u32(said.trim_end_matches(part).len());
    let word = Span::new(FileId(0), offset - (as_u32(said.len()) - typed), offset);
    let Some(rules) = said.strip_prefix("ignore").map(str::trim_start).and_then(|rest| rest.strip_prefix('[')) else {
        if "ignore".starts_with(said) {
            out.items.push(Item::new(ItemKind::Keyword, "ignore").detail("silences a finding, and says why"));
        }
        place(&mut out, word);
        return out;
    };
    if rules.contains(']') {
        return out;
    }
    let given: Vec<&str> = rules.split(',').map(str::trim).collect();
    let here = spoken(view, start);
    let mut codes: Vec<_> =
        lint::codes().filter(|code| !given.iter().rev().skip(1).any(|it| *it == code.name)).collect();
    codes.sort_by_key(|code| !here.contains(&code.name));
    for code in codes {
        let mut item = Item::new(ItemKind::Rule, code.name).detail(code.summary);
        item.origin = here.contains(&code.name).then(|| "found here".to_owned());
        item.key = lint::rule(code.name).map(|rule| Key::Rule { rule: rule.code.name.to_owned() });
        out.items.push(item);
    }
    place(&mut out, word);
    out
}

fn place(out: &mut Completions, word: Span) {
    for item in &mut out.items {
        item.edit.span = word;
    }
}

/// What is found on the line of a comment and on the next one, but in the comment itself.
fn spoken<'v>(view: &View<'v>, start: u32) -> Vec<&'v str> {
    let text = view.text();
    let line = line_start(text, start as usize);
    let rest = slice(text, line..text.len());
    let end = line + rest.split_inclusive('\n').take(2).map(str::len).sum::<usize>();
    let near =
        |span: Span| span.file == FileId(0) && span.start != start && (line..end).contains(&(span.start as usize));
    let findings = view.document.report().findings.iter().filter(|finding| near(finding.span) && !finding.is_fatal());
    findings.map(|finding| finding.code.name).collect()
}
