//! What is proposed: at marked places, at every place of texts that were broken, and before every word of the examples.

use std::fmt::Write as _;

use mcppol::{
    hir::Source,
    ide::{
        Document, Kind, Surroundings, View,
        completion::{Completions, Item, ItemKind, Options, complete, resolve},
    },
    lint::Settings,
    syntax::{self, Node, SyntaxKind as K},
    target,
    text::FileId,
};
use proptest::prelude::*;

use super::Fixture;
use crate::examples::{CATALOGS, Disk, TODAY, files_below, root};

fn asked(fixture: &Fixture, offset: u32) -> Completions {
    let imports = || vec!["floor.mcp".to_owned(), "team/common.mcp".to_owned()];
    complete(&fixture.view(), offset, &Options { snippets: true, imports: &imports })
}

/// What is proposed at the only mark.
fn at(marked: &str) -> Vec<Item> {
    let fixture = Fixture::new(marked);
    asked(&fixture, fixture.cursor()).items
}

fn labels(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.label.as_str()).collect()
}

/// The marked line, and what is proposed there, on one line and cut short.
fn table(around: (&str, &str), lines: &[&str]) -> String {
    const MOST: usize = 9;
    let mut out = String::new();
    for line in lines {
        let items = at(&format!("{}{line}{}", around.0, around.1));
        let mut shown = labels(&items);
        let more = shown.len().saturating_sub(MOST);
        shown.truncate(MOST);
        let more = if more > 0 { format!(" (+{more})") } else { String::new() };
        writeln!(out, "{}\n    {}{more}", line.replace('\n', "⏎").replace("<|>", "▮"), shown.join(" · ")).unwrap();
    }
    out
}

const SETS: &str = "set bookkeeping = add_to_history, checkin_to_*\n\npolicy floor for trakt {\n  default allow\n}\n\n";

#[test]
fn items() {
    let lines = [
        "<|>",
        "pol<|>",
        "import <|>",
        "import \"<|>",
        "import \"fl<|>\"",
        "policy <|>",
        "policy p <|>",
        "policy p for tr<|>",
        "policy p for \"tr<|>\" {",
        "policy p for trakt <|>",
        "policy p for trakt as \"<|>\"",
        "set <|>",
        "set x <|>",
        "set x = <|>",
        "set x = clear_auth, <|>",
        "set x = clear_auth\n<|>",
        "grant <|>",
        "grant \"me\" <|>",
        "grant \"me\" uses <|>",
        "grant \"me\" uses floor, <|>",
        "test <|>",
        "test \"t\" <|>",
        "test \"t\" for <|>",
        "test \"t\" for floor {\n  <|>",
        "test \"t\" for floor {\n  call <|>",
        "test \"t\" for floor {\n  call clear_auth <|>",
        "test \"t\" for floor {\n  call clear_auth 3 <|>",
        "test \"t\" for floor {\n  call clear_auth -> <|>",
        "test \"t\" for floor {\n  call clear_auth -> deny\n  <|>\n}",
        "test \"t\" for floor {\n  call add_to_history { <|> } -> deny\n}",
        "test \"t\" for floor {\n  call add_to_history { history_type: <|>",
        "test \"t\" for floor {\n  call add_to_history { history_type: \"mo<|>\" } -> allow\n}",
        "test \"t\" for floor {\n  call add_to_history { history_type: \"movies\", <|>",
        "test \"t\" for floor {\n  call add_to_history { \"<|>",
        "// <|>",
        "// mcppol: <|>",
        "// mcppol: ignore[de<|>",
        "// mcppol: ignore[default-allow, <|>",
        "// mcppol: ignore[default-allow] -- <|>",
    ];
    insta::assert_snapshot!(table((SETS, ""), &lines));
}

#[test]
fn statements() {
    let lines = [
        "<|>",
        "al<|>",
        "default <|>",
        "allow <|>",
        "allow get<|>",
        "allow \"get<|>\"",
        "allow @<|>",
        "allow fetch_history, <|>",
        "allow fetch_history,\n    <|>",
        "allow fetch_history <|>",
        "allow fetch_history\n  <|>",
        "allow @read except <|>",
        "deny <|>",
        "deny clear_auth <|>",
        "deny clear_auth because <|>",
        "deny clear_auth because \"<|>",
        "deny clear_auth because \"why\" <|>",
        "hide clear_auth <|>",
        "ask clear_auth until <|>",
        "ask add_to_history if <|>",
        "ask add_to_history if args.history_type <|>",
        "ask add_to_history if args.history_type == <|>",
        "limit <|>",
        "limit all <|>",
        "limit all to <|>",
        "limit all to 10 <|>",
        "limit all to 10 per <|>",
        "limit all to 10 per 2 <|>",
        "limit fetch_trending_shows total <|>",
        "limit fetch_trending_shows to 10 per min<|>",
        "on @read having <|>",
        "on @read having args.limit <|>",
        "include <|>",
        "allow x,, <|>",
        "// allow <|>",
        "allow fetch_history // <|>",
    ];
    let around = (&*format!("{SETS}policy p for trakt {{\n  default deny\n  "), "\n}\n");
    insta::assert_snapshot!(table(around, &lines));
}

#[test]
fn clauses() {
    let lines = [
        "<|>",
        "re<|>",
        "require <|>",
        "require ar<|>",
        "require args.<|>",
        "require lim<|>",
        "require (<|>",
        "require args.limit <|>",
        "require args.limit <<|>",
        "require args.limit <= <|>",
        "require args.limit <= 10 <|>",
        "require args.limit <= 10 and <|>",
        "require args.limit <= 10 because <|>",
        "deny <|>",
        "deny if args.limit not <|>",
        "deny if args.limit not i<|>",
        "require args.history_type <|>",
        "require args.history_type in <|>",
        "require args.history_type in [<|>",
        "require args.history_type in [\"movies\", <|>",
        "require args.history_type in [\"movies\", \"<|>\"]",
        "require args.history_type host <|>",
        "deny if args.history_type <|>",
        "limit <|>",
        "limit to 10 per minute\n    <|>",
        "limit total <|>",
        "require args[\"hi<|>",
    ];
    let around = (
        &*format!("{SETS}policy p for trakt {{\n  default deny\n  on @bookkeeping, fetch_history {{\n    "),
        "\n  }\n}\n",
    );
    insta::assert_snapshot!(table(around, &lines));
    // the same without any bracket behind it, and with statements behind it
    let open = (around.0, "");
    assert_eq!(table(open, &lines), table(around, &lines));
}

/// All of an item, on a few lines.
fn in_full(item: &Item) -> String {
    let Item { label, kind, signature, origin, detail, edit, snippet, filter, key } = item;
    let about = key.as_ref().and_then(|key| resolve(key, &CATALOGS));
    format!(
        "{label}{} | {} | {kind:?} | {}\n  writes {:?} over {}..{}, snippet: {snippet}, found by {filter:?}\n  {about:?}\n",
        signature.as_deref().unwrap_or_default(),
        origin.as_deref().unwrap_or_default(),
        detail.as_deref().unwrap_or_default(),
        edit.text,
        edit.span.start,
        edit.span.end,
    )
}

#[test]
fn items_in_full() {
    let policy = |line: &str| at(&format!("policy p for trakt {{\n  default deny\n  {line}\n}}\n"));
    let places = [
        ("clear_auth", policy("hide clear<|>, x")),
        ("clear_auth", policy("hide \"cle<|>\" because \"x\"")),
        ("start_device_auth", policy("allow st<|>")),
        ("@critical", policy("deny @crit<|>")),
        ("@financial", policy("deny @<|>")),
        ("trakt", at("policy p for tr<|>")),
        ("stripe", at("policy p for \"<|>")),
        ("args.limit", policy("on @read { require ar<|> }")),
        ("args.limit", policy("on @read { require lim<|> }")),
        ("args.limit", policy("on @read { require args[\"l<|> }")),
        ("args.history_type", policy("on add_to_history { require <|> }")),
        ("not in", policy("on add_to_history { require args.history_type not <|> }")),
        ("because", policy("hide clear_auth <|>")),
        ("allow … { limit … }", policy("<|>")),
        ("floor.mcp", at("import <|>")),
        ("default-allow", at("// mcppol: ignore[def<|>] -- x")),
        ("history_type", at("policy p for trakt { default deny }\ntest \"t\" for p {\n  call add_to_history { his<|>")),
    ];
    let shown = places.iter().map(|(label, items)| items.iter().find(|item| item.label == *label).expect(label));
    insta::assert_snapshot!(shown.map(in_full).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_tool_that_is_not_always_there_says_so() {
    let conditional = CATALOGS.ids().filter_map(|id| CATALOGS.find(&id)).find_map(|server| {
        let tool = server.tools.iter().find(|tool| tool.conditional.is_some())?;
        Some((server.id.clone(), tool.name.clone(), tool.conditional.clone()?))
    });
    let (server, tool, what) = conditional.expect("some server has one");
    let items = at(&format!("policy p for \"{server}\" {{\n  allow <|>"));
    let item = items.iter().find(|item| item.label == tool).unwrap();
    assert_eq!(item.origin, Some(format!("needs {what}")));
}

#[test]
fn without_snippets_texts_are_plain() {
    let fixture = Fixture::new("policy p for trakt {\n  default deny\n  <|>\n}\n");
    let options = Options { snippets: false, imports: &Vec::new };
    let items = complete(&fixture.view(), fixture.cursor(), &options).items;
    assert!(items.iter().all(|item| !item.snippet && !item.edit.text.contains('$')));
    let whole = items.iter().find(|item| item.label == "limit … to … per …").unwrap();
    assert_eq!(whole.edit.text, "limit TOOL to 30 per minute");
}

#[test]
fn words_for_decisions_are_those_of_the_language() {
    for item in at("policy p for trakt {\n  default <|>") {
        let text = format!("policy p for trakt {{\n  default {}\n}}\n", item.label);
        assert!(Fixture::new(&text).document.analysis().checked().is_some(), "{}", item.label);
    }
    let head = "policy p for trakt {\n  default deny\n}\ntest \"t\" for p {\n  call clear_auth ->";
    for item in at(&format!("{head} <|>")) {
        let text = format!("{head} {}\n}}\n", item.label);
        assert!(Fixture::new(&text).document.analysis().checked().is_some(), "{}", item.label);
    }
}

#[test]
fn imported_names_are_known() {
    let marked = "import \"floor.mcp\"\n\npolicy p for trakt {\n  include <|>\n  allow @<|>\n}\n";
    let floor = "set logins = clear_auth\n\npolicy floor for trakt { default allow }\n";
    let fixture = Fixture::with_imports("a.mcp", marked, &[("floor.mcp", floor)]);
    let shown: Vec<_> =
        fixture.cursors.iter().map(|cursor| labels(&asked(&fixture, *cursor).items)[0].to_owned()).collect();
    assert_eq!(shown, ["floor", "@logins"]);
}

/// Every span lies in the text, around the cursor and on one line.
fn sound(fixture: &Fixture) {
    let text = fixture.view().text();
    for offset in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        let offset = u32::try_from(offset).unwrap();
        for item in asked(fixture, offset).items {
            let span = item.edit.span;
            assert!(span.start <= offset && offset <= span.end, "{:?} around {offset} in {text:?}", item.label);
            let replaced = text.get(span.range()).expect("characters are whole");
            assert!(!replaced.contains('\n'), "{replaced:?} in {text:?}");
        }
    }
}

fn examples() -> Vec<String> {
    files_below("examples", ".mcp")
}

fn text_of(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5))]

    #[test]
    fn any_place_of_any_text(index in 0usize..100, from in 0usize..2000, len in 0usize..30, put in "[\"{}@,.\\[é \n]{0,3}") {
        let all = examples();
        let text = text_of(&all[index % all.len()]);
        let cut = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let from = cut(from % (text.len() + 1));
        sound(&Fixture::new(&format!("{}{put}{}", &text[..from], &text[cut(from + len)..])));
    }
}

/// The words of a text that somebody could be helped with: no signs, numbers, texts and names that are being made up.
fn words(text: &str) -> Vec<(u32, String)> {
    let mut out = Vec::new();
    for (start, part) in syntax::pieces(text) {
        let chunk = syntax::parse_chunk(FileId(0), part);
        let mut before = "";
        for token in chunk.tree.roots(part, FileId(0), start).flat_map(Node::tokens) {
            let is_pattern = token.text().contains(['*', '?']);
            let is_new = matches!(before, "policy" | "set");
            let is_word = match token.kind() {
                K::Ident | K::ToolName => !is_pattern && !is_new,
                K::Keyword | K::KwOr | K::KwAll | K::KwTo | K::KwTotal | K::KwPer | K::Word | K::Bool => true,
                K::SetRef | K::Path | K::Op | K::OpAlone | K::Unit | K::Key | K::Arrow => true,
                _ => false,
            };
            if is_word {
                out.push((token.span().start, token.text().to_owned()));
            }
            before = token.text();
        }
    }
    out
}

/// The words of an example that are not proposed where they stand; `cut` is what is kept of the text for a word.
fn missed(path: &str, cut: fn(&str, u32) -> String) -> (usize, Vec<String>) {
    let text = text_of(path);
    let (lints, imports) = (Settings::default(), Vec::new);
    let options = Options { snippets: false, imports: &imports };
    let around = Surroundings {
        catalogs: &CATALOGS,
        today: TODAY,
        target: target::DEFAULT,
        lints: &lints,
        review: None,
        server: None,
    };
    let words = words(&text);
    let mut out = Vec::new();
    let mut last: Option<(String, Document)> = None;
    for (start, word) in &words {
        let kept = cut(&text, *start);
        if last.as_ref().is_none_or(|(text, _)| *text != kept) {
            let source = Source { name: path.to_owned(), text: kept.clone() };
            last = Some((kept, Document::new(Kind::Policy, source, &Disk, &around)));
        }
        let (_, document) = last.as_ref().unwrap();
        let found = complete(&View { document, around }, *start, &options);
        let silent = found.items.iter().find(|item| item.kind == ItemKind::Keyword && item.detail.is_none());
        assert!(silent.is_none(), "{silent:?} says nothing of itself");
        if !found.items.iter().any(|item| item.label == *word || item.edit.text == *word) {
            out.push(word.clone());
        }
    }
    (words.len(), out)
}

#[test]
fn the_next_word_is_among_the_proposals() {
    let mut asked = 0;
    // of a server that no catalog knows there is nothing to propose
    for path in examples().into_iter().filter(|path| !path.ends_with("draft.mcp")) {
        let (words, missed) = missed(&path, |text, _| text.to_owned());
        assert_eq!(missed, [""; 0], "with the whole file");
        asked += words;
        let (_, mut missed) = self::missed(&path, |text, at| text[..at as usize].to_owned());
        // nor of a set's tools before a policy names a server
        let text = text_of(&path);
        missed.retain(|word| !text.lines().any(|line| line.starts_with("set ") && line.contains(word.as_str())));
        assert_eq!(missed, [""; 0], "with nothing behind the cursor");
    }
    assert!(asked > 400, "{asked}");
}
