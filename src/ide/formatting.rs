//! The one style, as edits: small ones, so that cursors, marks and folds stay where they are.

use std::ops::Range;

use super::{Kind, Piece, View, trivia::lines};
use crate::{
    format::{self, format, is_unit},
    syntax::{Node, SyntaxKind as K, directive},
    text::{Edit, FileId, Span, apply, as_u32, common, line_start, slice},
};

/// What makes the document look as it should; nothing where it does, or where it has errors and is left alone.
pub fn document(view: &View<'_>) -> Vec<Edit> {
    formatted(view).map(|new| minimal(view.text(), &new)).unwrap_or_default()
}

fn formatted(view: &View<'_>) -> Option<String> {
    let policy = matches!(view.document.kind(), Kind::Policy);
    policy.then(|| format(view.text()).ok()).flatten()
}

/// As [`document`], for the lines of a place alone. Where the document has errors, or where what is on these lines goes
/// together with what is on others, each statement or item is taken by itself, if it reads.
pub fn range(view: &View<'_>, place: Span) -> Vec<Edit> {
    let text = view.text();
    let place = lines(text, place);
    if let Some(new) = formatted(view) {
        let mut edits = minimal(text, &new);
        edits.retain(|edit| place.start <= edit.span.start && edit.span.end <= place.end);
        if edits.is_empty() || format(&apply(text, &edits)) == Ok(new) {
            return edits;
        }
    }
    let mut out = Vec::new();
    let pieces = view.document.pieces();
    let touched = pieces.filter(|piece| piece.start <= place.end && place.start <= piece.end());
    for item in touched.flat_map(Piece::roots) {
        each(text, item, place, &mut out);
    }
    out
}

/// The edits of the outermost units within a place that read.
fn each(text: &str, node: Node<'_>, place: Span, out: &mut Vec<Edit>) {
    let span = node.span();
    if span.end < place.start || place.end < span.start {
        return;
    }
    let whole = place.start <= span.start && span.end <= place.end;
    let edits = if whole || inner(node).next().is_none() { alone(text, node) } else { None };
    match edits {
        Some(edits) => out.extend(edits),
        None => inner(node).for_each(|inner| each(text, inner, place, out)),
    }
}

/// What follows from a `}` or a line end that was just typed, which ends at `offset`: the statement that is finished by it
/// gets its blanks; words and what stands behind them are left alone.
pub fn on_type(view: &View<'_>, offset: u32, typed: char) -> Vec<Edit> {
    let text = view.text();
    let before = slice(text, 0..offset as usize);
    let (start, end) = match typed {
        '\n' => {
            let Some(end) = before.rfind('\n') else { return Vec::new() };
            (line_start(before, end), end)
        }
        _ if before.ends_with(typed) => (before.len(), before.len()),
        _ => return Vec::new(),
    };
    let ends = as_u32(start)..as_u32(end) + 1;
    let Some(piece) = view.document.piece_at(as_u32(end)) else { return Vec::new() };
    let finished = piece.roots().find_map(|item| finished(item, &ends));
    let edits = finished.and_then(|node| match node.kind() {
        K::Policy | K::Test => closed(text, node),
        _ => alone(text, node),
    });
    let is_blank = |text: &str| text.trim_matches([' ', '\t', '\r', '\n']).is_empty();
    let harmless =
        |edit: &Edit| edit.span.end < ends.end && is_blank(&edit.text) && is_blank(slice(text, edit.span.range()));
    edits.filter(|edits| edits.iter().all(harmless)).unwrap_or_default()
}

/// The outermost unit that ends in a place; a policy or test only where nothing within it does.
fn finished<'n>(node: Node<'n>, ends: &Range<u32>) -> Option<Node<'n>> {
    let span = node.span();
    if span.end < ends.start || ends.end <= span.start {
        return None;
    }
    let here = ends.contains(&span.end).then_some(node);
    match node.kind() {
        K::Policy | K::Test => inner(node).find_map(|inner| finished(inner, ends)).or(here),
        _ => here.or_else(|| inner(node).find_map(|inner| finished(inner, ends))),
    }
}

/// The brace that closes an item has no blanks before it.
fn closed(text: &str, item: Node<'_>) -> Option<Vec<Edit>> {
    let brace = item.children().last().filter(|last| last.kind() == K::RBrace)?.span();
    let start = lines(text, brace).start;
    let blank = slice(text, start as usize..brace.start as usize).trim().is_empty();
    let edit = Edit { span: Span { start, end: brace.start, ..brace }, text: String::new() };
    (blank && start < brace.start).then(|| vec![edit])
}

/// The units directly within a node.
fn inner<'n>(node: Node<'n>) -> impl Iterator<Item = Node<'n>> {
    node.child(K::Block).unwrap_or(node).children().filter(|child| is_unit(child.kind()))
}

/// What makes one unit look as it should, taken by itself; `None` where it does not read, where others share its lines,
/// or where an ignore comment speaks of them.
fn alone(text: &str, unit: Node<'_>) -> Option<Vec<Edit>> {
    let (open, close) = shell(unit.kind())?;
    let span = unit.span();
    let place = lines(text, span);
    let behind = slice(text, span.end as usize..place.end as usize).trim_start();
    let before = slice(text, place.start as usize..span.start as usize);
    let above = slice(text, 0..place.start as usize).lines().next_back().unwrap_or_default();
    let apart = before.trim().is_empty() && (behind.is_empty() || behind.starts_with("//"));
    if !apart || directive(above.trim_start()).is_some() {
        return None;
    }
    let body = slice(text, place.range());
    let new = format(&format!("{open}{body}\n{close}")).ok()?.replace("\r\n", "\n");
    let new = new.strip_prefix(open)?.strip_suffix(close)?.strip_suffix('\n')?;
    let new = if format::is_crlf(text) { new.replace('\n', "\r\n") } else { new.to_owned() };
    let shifted = |edit: Edit| Edit { span: edit.span.shifted(place.start), ..edit };
    Some(minimal(body, &new).into_iter().map(shifted).collect())
}

/// What a unit stands in, in the style: what is before it, and what behind it.
fn shell(kind: K) -> Option<(&'static str, &'static str)> {
    match kind {
        K::Policy | K::Test | K::SetDef | K::Grant | K::Import => Some(("", "")),
        K::Call => Some(("test \"t\" for p {\n", "}\n")),
        K::Require | K::DenyIf | K::AskIf | K::LimitTo => Some(("policy p {\n  on t {\n", "  }\n}\n")),
        kind => is_unit(kind).then_some(("policy p {\n", "}\n")),
    }
}

/// The edits that make `new` of `old`, which has mostly the same words: each is as small as can be.
pub fn minimal(old: &str, new: &str) -> Vec<Edit> {
    let ((old_starts, old_words), (new_starts, new_words)) = (words(old), words(new));
    let mut out = Vec::new();
    let (mut at, mut to) = (0, 0);
    for (x, y) in common(&old_words, &new_words).into_iter().chain([(old_words.len(), new_words.len())]) {
        let start = |starts: &[usize], at: usize, text: &str| starts.get(at).copied().unwrap_or(text.len());
        let (left, right) = (start(&old_starts, x, old), start(&new_starts, y, new));
        out.extend(replaced(at, slice(old, at..left), slice(new, to..right)));
        let length = old_words.get(x).map_or(0, |word| word.len());
        (at, to) = (left + length, right + length);
    }
    out
}

/// The words of a text and where they begin: letters and digits together, anything else but blanks by itself.
fn words(text: &str) -> (Vec<usize>, Vec<&str>) {
    let class = |c: char| match c {
        ' ' | '\t' | '\r' | '\n' => 0,
        c if c.is_alphanumeric() || c == '_' => 1,
        _ => 2,
    };
    let mut out = (Vec::new(), Vec::new());
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        while let Some((at, c)) = chars.next_if(|(_, next)| class(c) == 1 && class(*next) == 1) {
            end = at + c.len_utf8();
        }
        if class(c) > 0 {
            out.0.push(start);
            out.1.push(slice(text, start..end));
        }
    }
    out
}

/// The edit of what differs between two parts, which begin at `at`; never between the two halves of a line end.
fn replaced(at: usize, old: &str, new: &str) -> Option<Edit> {
    let length = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum()
    };
    let mut before = length(&mut old.chars().zip(new.chars()));
    if slice(old, 0..before).ends_with('\r') {
        before -= 1;
    }
    let (old, new) = (slice(old, before..old.len()), slice(new, before..new.len()));
    let mut after = length(&mut old.chars().rev().zip(new.chars().rev()));
    let tail = slice(old, old.len() - after..old.len());
    if tail.starts_with('\n') && slice(old, 0..old.len() - after).ends_with('\r') {
        after -= 1;
    }
    let (old, new) = (slice(old, 0..old.len() - after), slice(new, 0..new.len() - after));
    let start = as_u32(at + before);
    let span = Span::new(FileId(0), start, start + as_u32(old.len()));
    (old != new).then(|| Edit { span, text: new.to_owned() })
}
