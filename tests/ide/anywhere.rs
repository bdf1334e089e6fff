//! What holds of how texts look, fold and are selected and formatted, at every place of examples that were changed at
//! random: places lie in the text and in order, and no edit says anything new.

use std::fs;

use mcppol::{
    format::format,
    ide::{
        View,
        folding::folds,
        formatting::{document, on_type, range},
        links::links,
        selection::around,
        tokens::{tokens, whole},
    },
    syntax::{self, SyntaxKind},
    text::{Edit, FileId, Span, apply},
};

use super::Fixture;
use crate::examples::{files_below, root};

const DENSE: &str = r#"import "shared.mcp"
set reads = @read, fetch_*, "odd name" except fetch_history // é🎈
/// Reads freely.
policy assistant for trakt as "my trakt" {
	default deny
  allow @read,  fetch_user_ratings because "x" until 2026-12-31
  allow add_to_history {
    require args.season <= 10_000 and (args.message matches r"[a-z]\d+" or args["odd \"key"].a-b exists) because "why"
    // mcppol: ignore[mixed-and-or] -- é
    deny if args.show_id in ["a", "b\u00e9",]
  }
}
test "reads" for assistant {
  call add_to_history { a: "x", "b c": [1, -2.5e3, {}], d: null } 2 times -> deny "why"
}
"#;

/// A small source of choices, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

const PARTS: [&str; 16] = [
    "{",
    "}",
    "\"",
    "//",
    "\n",
    "\r",
    "\n\n  ",
    ",",
    "[",
    ")",
    "policy ",
    "deny ",
    "🎈",
    " because \"b\" ",
    "r\"",
    " ",
];

/// Takes something out, puts something in, or both.
fn changed(text: &str, dice: &mut Dice) -> String {
    let mut out = text.to_owned();
    for _ in 0..=dice.roll(3) {
        let places: Vec<usize> = out.char_indices().map(|(at, _)| at).chain([out.len()]).collect();
        let start = dice.roll(places.len());
        let end = (start + dice.roll(2) * dice.roll(12)).min(places.len() - 1);
        let part = if dice.roll(3) > 0 { PARTS[dice.roll(PARTS.len())] } else { "" };
        out.replace_range(places[start]..places[end], part);
    }
    out
}

fn said(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (base, part) in syntax::pieces(text) {
        let chunk = syntax::parse_chunk(FileId(0), part);
        let tokens = chunk.tree.all(part, FileId(0), base).filter(|node| node.children().next().is_none());
        out.extend(tokens.filter(|node| node.kind() != SyntaxKind::End).map(|node| node.text().to_owned()));
    }
    out.extend(syntax::comments(text).map(|(_, comment)| comment.trim_end().to_owned()));
    out
}

fn assert_edits(text: &str, edits: &[Edit]) -> String {
    assert!(edits.iter().all(|edit| text.get(edit.span.range()).is_some()), "{edits:?}\n{text}");
    assert!(edits.is_sorted_by(|a, b| a.span.end < b.span.start), "{edits:?}\n{text}");
    apply(text, edits)
}

fn assert_look(view: &View<'_>) {
    let (text, all) = (view.text(), tokens(view, whole(view.document)));
    assert!(all.is_sorted_by(|a, b| a.span.end <= b.span.start), "{all:?}\n{text}");
    for token in &all {
        let word = text.get(token.span.range()).unwrap_or_default();
        assert!(!word.is_empty() && !word.contains(['\n', '\r']), "{token:?}\n{text}");
    }
    let folds = folds(view);
    for (index, fold) in folds.iter().enumerate() {
        assert!(text[fold.first as usize..fold.last as usize].contains('\n'), "{fold:?}\n{text}");
        let others = folds.iter().skip(index + 1);
        assert!(others.clone().all(|other| other.first > fold.first), "{folds:?}\n{text}");
        assert!(
            others.clone().all(|other| other.last <= fold.last || other.first > fold.last),
            "{fold:?} is crossed\n{text}"
        );
    }
    assert!(links(view).iter().all(|link| text.get(link.span.range()).is_some()), "{text}");
    let new = assert_edits(text, &document(view));
    assert_eq!(new, format(text).unwrap_or_else(|_| text.to_owned()));
}

fn assert_at(view: &View<'_>, offset: u32) {
    let text = view.text();
    let spans = around(view, offset);
    let grows = |a: &Span, b: &Span| a != b && b.start <= a.start && a.end <= b.end;
    assert!(spans.is_sorted_by(grows) && spans.last() == Some(&whole(view.document)), "{spans:?} at {offset}\n{text}");
    assert!(spans.iter().all(|span| text.get(span.range()).is_some()), "{spans:?} at {offset}\n{text}");
    for typed in ['\n', '}'] {
        let edits = on_type(view, offset, typed);
        if edits.is_empty() {
            continue;
        }
        let new = assert_edits(text, &edits);
        assert_eq!(said(&new), said(text), "{typed:?} at {offset}\n{text}\n---\n{new}");
        if let Some(behind) = text.get(offset as usize..) {
            assert!(new.ends_with(behind), "{typed:?} at {offset}\n{text}\n---\n{new}");
        }
    }
}

fn assert_between(view: &View<'_>, place: Span) {
    let text = view.text();
    let all = tokens(view, whole(view.document));
    let some = tokens(view, place);
    let wanted = all.iter().filter(|token| token.span.start < place.end && place.start < token.span.end);
    assert!(wanted.clone().all(|token| some.contains(token)), "{place:?}\n{text}");
    assert!(some.iter().all(|token| all.contains(token)), "{place:?}\n{text}");
    let new = assert_edits(text, &range(view, place));
    match format(text) {
        Ok(whole) => assert_eq!(format(&new), Ok(whole), "{place:?}\n{text}\n---\n{new}"),
        Err(_) => {
            let sorted = |text: &str| {
                let mut all = said(text);
                all.retain(|token| token != ",");
                all.sort();
                all
            };
            assert_eq!(sorted(&new), sorted(text), "{place:?}\n{text}\n---\n{new}");
        }
    }
}

#[test]
fn every_place_of_changed_examples() {
    let mut texts: Vec<String> =
        files_below("examples", ".mcp").iter().map(|path| fs::read_to_string(root().join(path)).unwrap()).collect();
    texts.retain(|text| text.len() < 1_500);
    assert!(texts.len() > 3, "{}", texts.len());
    let mut dice = Dice(7);
    for round in 0..40 {
        let text = if round % 2 == 0 { DENSE } else { &texts[dice.roll(texts.len())] };
        let text = if round < 2 { text.to_owned() } else { changed(text, &mut dice) };
        let fixture = Fixture::new(&text);
        let view = fixture.view();
        assert_look(&view);
        let length = u32::try_from(text.len()).unwrap();
        let step = if round < 2 { 1 } else { 1 + dice.roll(20) };
        for offset in (0..=length + 2).step_by(step) {
            assert_at(&view, offset);
        }
        for _ in 0..4 {
            let start = u32::try_from(dice.roll(text.len() + 1)).unwrap();
            let end = start + u32::try_from(dice.roll(200)).unwrap();
            assert_between(&view, Span::new(FileId(0), start, end.min(length)));
        }
    }
}

/// Formatting all lines is formatting the document, and what is formatted stays.
#[test]
fn all_lines_are_the_document() {
    for path in files_below("tests/syntax/ok", ".mcp") {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        let fixture = Fixture::new(&text);
        let view = fixture.view();
        let edits = document(&view);
        if format(&text).is_ok() {
            let new = apply(&text, &range(&view, whole(view.document)));
            assert_eq!(new.trim_end(), apply(&text, &edits).trim_end(), "{path}");
        }
        let again = Fixture::new(&apply(&text, &edits));
        assert_eq!(document(&again.view()), [], "{path}");
    }
}
