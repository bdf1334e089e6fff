//! How texts read: a tree for each construct, and for each mistake the page that its author sees.
//!
//! `syntax/ok` and `syntax/err` hold one file for each, and beside it what comes of it.

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::LazyLock,
};

use mcppol::{
    catalog::{self, Catalogs},
    diagnostic::{Applicability, Class, Diagnostic, Level},
    hir::{Environment, NoImports, Source, analyze},
    syntax::{Node, SyntaxKind, is_reserved, literal::Date, parse_chunk, split, verb_for},
    text::{Edit, FileId, Lines, apply},
};

/// A small server of our own, so that the pages do not change with the shipped catalogs.
const SHOP: &str = r#"{
  "format": 1, "id": "shop", "name": "Shop", "source": "made up",
  "tools": [
    {"name": "create_refund", "category": "financial", "risk": "critical", "signals": [], "why": "refunds", "params": [
      {"name": "amount", "type": ["integer"], "required": true},
      {"name": "payment_intent", "type": ["string"], "required": true},
      {"name": "reason", "type": ["string"], "required": false, "enum": ["duplicate", "fraudulent"]}]},
    {"name": "delete_order", "category": "destructive", "risk": "high", "signals": [], "why": "deletes", "params": [
      {"name": "order_id", "type": ["string"], "required": true}]},
    {"name": "get", "category": "read", "risk": "low", "signals": [], "why": "reads", "params": []},
    {"name": "list_orders", "category": "read", "risk": "low", "signals": [], "why": "reads", "params": [
      {"name": "limit", "type": ["integer"], "required": false},
      {"name": "labels", "type": ["array"], "required": false, "items": ["string"]},
      {"name": "archived", "type": ["boolean"], "required": false}]},
    {"name": "read_file", "category": "read", "risk": "low", "signals": [], "why": "reads", "params": [
      {"name": "path", "type": ["string"], "required": true}]},
    {"name": "fetch_url", "category": "read", "risk": "low", "signals": [], "why": "reads", "params": [
      {"name": "url", "type": ["string"], "required": true}]},
    {"name": "put", "category": "write", "risk": "medium", "signals": [], "why": "writes", "params": []},
    {"name": "set", "category": "write", "risk": "medium", "signals": [], "why": "writes", "params": []}
  ]
}"#;

static CATALOGS: LazyLock<Catalogs> =
    LazyLock::new(|| Catalogs::embedded().with(catalog::parse(SHOP.as_bytes()).unwrap()));

fn diagnostics(text: &str) -> Vec<Diagnostic> {
    let source = Source { name: "policy.mcp".to_owned(), text: text.to_owned() };
    let today = Date { year: 2026, month: 11, day: 20 };
    analyze(source, &NoImports, Environment { catalogs: &CATALOGS, today }).diagnostics
}

fn syntax_errors(text: &str) -> usize {
    diagnostics(text).iter().filter(|d| d.code.class == Class::Syntax && d.level == Level::Error).count()
}

/// The files of a folder beside this one, by name.
fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax").join(folder);
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "mcp") {
            out.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    out.sort();
    assert!(!out.is_empty());
    out
}

/// Compares what comes of each file with the snapshot beside it, and tells of all that differ.
fn compare(folder: &str, render: impl Fn(&str) -> String) {
    let mut failed = Vec::new();
    for (path, text) in files(folder) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let check = || settings.bind(|| insta::assert_snapshot!(name, render(&text)));
        if catch_unwind(AssertUnwindSafe(check)).is_err() {
            failed.push(name.to_owned());
        }
    }
    assert!(failed.is_empty(), "these differ: {failed:?}");
}

/// Every snapshot belongs to a file.
fn assert_none_left_over(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax").join(folder);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "snap") {
            assert!(path.with_extension("mcp").exists(), "{} is left over", path.display());
        }
    }
}

// ---------------------------------------------------------------- what reads

/// A node on a line; the tokens of one that has only tokens on the same line.
fn dump(node: Node<'_>, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let token = |node: Node<'_>| match node.kind() {
        SyntaxKind::Keyword => node.text().to_owned(),
        kind => format!("{kind:?}({})", node.text()),
    };
    if node.children().next().is_none() {
        writeln!(out, "{indent}{}", token(node)).unwrap();
    } else if node.children().all(|child| child.children().next().is_none()) {
        let tokens: Vec<String> = node.children().map(token).collect();
        writeln!(out, "{indent}{:?}: {}", node.kind(), tokens.join(" ")).unwrap();
    } else {
        writeln!(out, "{indent}{:?}", node.kind()).unwrap();
        for child in node.children() {
            dump(child, depth + 1, out);
        }
    }
}

fn tree(text: &str) -> String {
    let mut out = String::new();
    let starts = split(text);
    let ends = starts.iter().skip(1).map(|&start| start as usize).chain([text.len()]);
    for (&start, end) in starts.iter().zip(ends) {
        let part = &text[start as usize..end];
        let chunk = parse_chunk(FileId(0), part);
        for node in chunk.tree.roots(part, FileId(0), start).filter(|node| node.kind() != SyntaxKind::End) {
            dump(node, 0, &mut out);
        }
    }
    out
}

#[test]
fn what_is_right_reads() {
    for (path, text) in files("ok") {
        let found = diagnostics(&text);
        let wrong = found
            .iter()
            .find(|d| d.code.class == Class::Syntax || d.level == Level::Error && d.code.name != "import-failed");
        assert!(wrong.is_none(), "{}: {wrong:#?}", path.display());
    }
    compare("ok", tree);
    assert_none_left_over("ok");
}

#[test]
fn every_kind_is_read_somewhere() {
    let mut seen = BTreeSet::new();
    for (_, text) in files("ok").into_iter().chain(files("err")) {
        let starts = split(&text);
        let ends = starts.iter().skip(1).map(|&start| start as usize).chain([text.len()]);
        for (&start, end) in starts.iter().zip(ends) {
            let part = &text[start as usize..end];
            let chunk = parse_chunk(FileId(0), part);
            seen.extend(chunk.tree.all(part, FileId(0), start).map(|node| format!("{:?}", node.kind())));
        }
    }
    let kinds =
        include_str!("../src/syntax/kind.rs").lines().filter_map(|line| line.strip_prefix("    ")?.split_once(" = "));
    let kinds: Vec<&str> = kinds.map(|(kind, _)| kind).filter(|kind| kind.chars().all(char::is_alphanumeric)).collect();
    assert!(kinds.len() > 90, "{kinds:?}");
    let unseen: Vec<_> = kinds.iter().filter(|kind| !seen.contains(**kind)).collect();
    assert!(unseen.is_empty(), "no file under tests/syntax holds {unseen:?}");
}

// ---------------------------------------------------------------- what does not

/// A line as it can be shown, with invisible characters by their numbers.
fn shown(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        match c {
            '\t' => out.push('→'),
            '\u{a0}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => {
                write!(out, "<U+{:04X}>", u32::from(c)).unwrap();
            }
            c if c.is_control() => write!(out, "<U+{:04X}>", u32::from(c)).unwrap(),
            c => out.push(c),
        }
    }
    out
}

/// The lines that edits change, as they are afterwards.
fn changed(text: &str, edits: &[Edit]) -> Vec<String> {
    let after = apply(text, edits);
    let (old, new): (Vec<&str>, Vec<&str>) = (text.split('\n').collect(), after.split('\n').collect());
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = old[same..].iter().rev().zip(new[same..].iter().rev()).take_while(|(old, new)| old == new).count();
    new[same..new.len() - rest].iter().map(|line| shown(line)).collect()
}

/// The text with everything that is said about it under the lines.
fn page(text: &str) -> String {
    let lines = Lines::new(text);
    let found = diagnostics(text);
    let mut out = String::new();
    for (number, line) in (0..).zip(text.split('\n')) {
        let start = lines.range(text, number).start;
        let before = out.len();
        writeln!(out, "{}", shown(line)).unwrap();
        if out[before..].trim().is_empty() {
            out.replace_range(before.., "\n");
        }
        for diagnostic in found.iter().filter(|diagnostic| lines.line_of(diagnostic.span.start) == number) {
            let range = diagnostic.span.range();
            let end = range.end.min(start + line.len()).max(range.start);
            let width = |part: &str| shown(part).chars().count();
            let blank = " ".repeat(width(&text[start..range.start]));
            writeln!(out, "{blank}{}", "^".repeat(width(&text[range.start..end]).max(1))).unwrap();
            describe(diagnostic, text, &lines, &mut out);
        }
    }
    out
}

fn describe(diagnostic: &Diagnostic, text: &str, lines: &Lines, out: &mut String) {
    let place = |offset: u32| {
        let position = lines.position(text, offset);
        format!("{}:{}", position.line, position.column)
    };
    let (level, name) = (diagnostic.level.name(), diagnostic.code.name);
    writeln!(out, "| {} {level}[{name}]: {}", place(diagnostic.span.start), diagnostic.message).unwrap();
    if !diagnostic.remark.is_empty() {
        writeln!(out, "|   here: {}", diagnostic.remark).unwrap();
    }
    for label in &diagnostic.labels {
        let there = shown(text.get(label.span.range()).unwrap());
        let there = if there.is_empty() { there } else { format!(" `{there}`") };
        writeln!(out, "|   {}{there}: {}", place(label.span.start), label.text).unwrap();
    }
    let fix = diagnostic.fix.as_ref();
    if let Some(help) = diagnostic.help.as_ref().filter(|help| fix.is_none_or(|fix| fix.title != **help)) {
        writeln!(out, "|   help: {help}").unwrap();
    }
    if let Some(fix) = fix {
        let sure = if fix.applicability == Applicability::Safe { "safe fix" } else { "fix to choose" };
        writeln!(out, "|   {sure}: {}", fix.title).unwrap();
        for line in changed(text, &fix.edits) {
            writeln!(out, "|   > {line}").unwrap();
        }
    }
}

#[test]
fn what_is_wrong_is_answered() {
    for (path, text) in files("err") {
        let found = diagnostics(&text);
        assert!(found.iter().any(Diagnostic::is_fatal), "{} has no error", path.display());
        for diagnostic in found {
            assert_is_sentence(&diagnostic.message);
            assert!(diagnostic.help.is_some(), "{}: says not what to do: {}", path.display(), diagnostic.message);
            diagnostic.help.iter().for_each(|help| assert_is_sentence(help));
            diagnostic.labels.iter().for_each(|label| assert_is_sentence(&label.text));
        }
    }
    compare("err", page);
    assert_none_left_over("err");
}

/// Lower case, no full stop, one line.
fn assert_is_sentence(message: &str) {
    let first = message.chars().next().unwrap();
    assert!(first.is_lowercase() || !first.is_alphabetic(), "{message}");
    assert!(!message.ends_with(['.', ' ', ':']) && !message.contains("  ") && !message.contains('\n'), "{message}");
}

#[test]
fn fixes_mend() {
    for (path, text) in files("err") {
        let before = syntax_errors(&text);
        let found = diagnostics(&text);
        let fixes: Vec<_> =
            found.iter().filter_map(|diagnostic| Some((diagnostic, diagnostic.fix.as_ref()?))).collect();
        for (diagnostic, fix) in &fixes {
            let after = apply(&text, &fix.edits);
            // it may bring to light what stands behind it in the same statement
            assert!(syntax_errors(&after) <= before, "{}: `{}` makes it worse:\n{after}", path.display(), fix.title);
            let same = |text| {
                let mut found = diagnostics(text);
                found.retain(|other| other.message == diagnostic.message);
                (found.len(), found.iter().any(|other| other.span.start == diagnostic.span.start))
            };
            let (left, here) = same(&after);
            assert!(!here || left < same(&text).0, "{}: `{}` mends nothing:\n{after}", path.display(), fix.title);
        }
        let safe: Vec<_> = fixes.iter().filter(|(_, fix)| fix.applicability == Applicability::Safe).collect();
        let mends = safe.iter().any(|(diagnostic, _)| diagnostic.code.class == Class::Syntax);
        let edits: Vec<Edit> = safe.iter().flat_map(|(_, fix)| fix.edits.clone()).collect();
        let after = apply(&text, &edits);
        let left = syntax_errors(&after);
        assert!(
            left < before || left == before && !mends,
            "{}: all safe fixes leave\n{}",
            path.display(),
            page(&after)
        );
    }
}

/// The grammar and the messages know the same words.
#[test]
fn words_are_the_grammars() {
    let grammar = include_str!("../grammar/mcppol.pest");
    let words = |text: &'static str| -> BTreeSet<&str> {
        let quoted = text.split('"').skip(1).step_by(2);
        quoted.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).collect()
    };
    let rule = |name: &str| words(grammar.split(&format!("\n{name} ")).nth(1).unwrap().split("\n}\n").next().unwrap());
    let line = |name: &str| words(grammar.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap());
    let reserved = rule("reserved");
    assert!(reserved.iter().all(|word| is_reserved(word)), "{reserved:?}");
    let keywords = grammar.lines().filter(|line| line.starts_with("kw_")).flat_map(words);
    let missing: Vec<_> = keywords.filter(|word| is_reserved(word) && !reserved.contains(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(line("foreign_verb").iter().all(|word| verb_for(word).is_some()));
}
