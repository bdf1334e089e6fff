//! Reading never fails and never costs more than it should: mutants of a good file here, statements broken one at a
//! time and inputs made to hurt in modules of their own.

mod alone;
mod hostile;

use std::{collections::BTreeSet, sync::LazyLock};

use mcppol::{
    catalog::Catalogs,
    diagnostic::{Class, Diagnostic, Level},
    hir::{Analysis, Environment, NoImports, Source, analyze},
    syntax::{SyntaxKind, literal::Date, parse_chunk, split},
    text::{FileId, Span},
};

const SAMPLE: &str = r#"// what a policy file can hold
import "shared.mcp"
set reads = @read, fetch_*, "odd name" except fetch_history

/// Reads freely.
policy assistant for trakt as "my trakt" {
  default deny
  allow @read, @reads except fetch_user_ratings until 2026-12-31
  allow add_to_history, checkin_to_* {
    require args.season <= 10_000 and (args.message matches r"[a-z]\d+" or args["odd \"key"].a-b exists) because "why"
    deny if args.show_id in ["a", "b\u00e9"] // a comment
    ask if args.share_twitter == true
    limit to 30 per minute because "slow down: 🎈"
    limit total args.episode to 5 per 90 seconds
  }
  ask remove_from_history because "history cannot be restored"
  ask remove_user_ratings if args.rating_type not in ["movies"]
  on fetch_* having args.limit { require args.limit <= 100 }
  deny clear_auth if args.x host not in ["*.example.org"] or args.y missing
  hide @critical except remove_from_history
  limit all to 60 per 2 hours
  include floor
}

grant "support-bot" uses assistant, floor

test "reads" for assistant {
  call add_to_history { a: "x", "b c": [1, -2.5e3, {}], d: null, e: true } -> deny "why"
  call fetch_history 11 times -> limited
}
policy floor for trakt { default allow hide clear_auth }
"#;

static CATALOGS: LazyLock<Catalogs> = LazyLock::new(Catalogs::embedded);
const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// Reads and checks a text that stands alone.
fn check(text: &str) -> Analysis {
    let source = Source { name: "test.mcp".to_owned(), text: text.to_owned() };
    analyze(source, &NoImports, Environment { catalogs: &CATALOGS, today: TODAY })
}

fn errors(text: &str) -> Vec<Diagnostic> {
    let mut found = check(text).diagnostics;
    found.retain(|diagnostic| diagnostic.level == Level::Error);
    found
}

/// The chunks of a text with the places where they begin.
fn chunks(text: &str) -> Vec<(u32, &str)> {
    let starts = split(text);
    assert_eq!(starts.first(), Some(&0), "{text:?}");
    assert!(starts.is_sorted_by(|a, b| a < b), "{text:?}: {starts:?}");
    let ends = starts.iter().skip(1).map(|&start| start as usize).chain([text.len()]);
    let out: Vec<_> = starts.iter().zip(ends).map(|(&start, end)| (start, &text[start as usize..end])).collect();
    assert_eq!(out.iter().map(|(_, part)| *part).collect::<String>(), text, "the chunks tile the text");
    out
}

/// Whether a text is nothing but blanks and comments.
fn is_trivia(gap: &str) -> bool {
    let mut rest = gap.trim_start_matches([' ', '\t', '\r', '\n']);
    while let Some(comment) = rest.strip_prefix("//") {
        let end = comment.find('\n').unwrap_or(comment.len());
        rest = comment[end..].trim_start_matches([' ', '\t', '\r', '\n']);
    }
    rest.is_empty()
}

/// Every promise that the reader makes about any text.
fn assert_sound(text: &str) {
    for (_, part) in chunks(text) {
        let chunk = parse_chunk(FileId(0), part);
        let mut at = 0;
        for node in chunk.tree.all(part, FileId(0), 0) {
            let span = node.span();
            let mut inner = span.start;
            let mut leaf = true;
            for child in node.children() {
                leaf = false;
                let child = child.span();
                assert!(child.start >= inner && child.end <= span.end, "{node:?} does not hold its child in {part:?}");
                inner = child.end;
            }
            if leaf {
                assert!(span.start >= at && span.end >= span.start, "{node:?} overlaps in {part:?}");
                let gap = &part[at as usize..span.start as usize];
                assert!(is_trivia(gap), "{gap:?} before {node:?} is lost in {part:?}");
                at = span.end;
            }
        }
        assert!(is_trivia(&part[at as usize..]), "the end of {part:?} is lost");
        assert_places(&chunk.errors, part);
    }
    let found = check(text).diagnostics;
    assert_places(&found, text);
    assert!(found.is_sorted_by_key(|d| (d.span.file, d.span.start)), "not in order: {found:#?}\n{text}");
}

fn assert_places(found: &[Diagnostic], text: &str) {
    let inside = |span: Span| span.file == FileId(0) && text.get(span.range()).is_some();
    for diagnostic in found {
        let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        let labels = diagnostic.labels.iter().map(|label| label.span);
        for span in edits.chain(labels).chain([diagnostic.span]) {
            assert!(inside(span), "{span:?} of {diagnostic:#?} is no part of {text:?}");
        }
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.ends_with('.'), "{}", diagnostic.message);
    }
}

/// Marsaglia's xorshift, with a fixed seed: the same mutants on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % n.max(1)
    }

    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

const INSERTS: &[&str] = &[
    "\"",
    "'",
    "“",
    "”",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ":",
    "@",
    "*",
    "\\",
    "/",
    "//",
    "///",
    "->",
    "=",
    "==",
    "!=",
    "!",
    "&&",
    "||",
    "-",
    ".",
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "\u{200b}",
    "\u{a0}",
    "🎈",
    "é",
    "\u{2028}",
    "0",
    "00000000",
    "9e999",
    "_",
    "args",
    "args.",
    "args[",
    "args.x",
    "r\"",
    "#",
    "policy ",
    "set ",
    "import ",
    "grant ",
    "test ",
    "call ",
    "allow ",
    "\nallow ",
    "\n  deny ",
    "\n}\n",
    "\npolicy x for y {\n",
    "deny if ",
    "ask ",
    "hide ",
    "limit ",
    "limit to ",
    "on ",
    "include ",
    "default ",
    "require ",
    "if ",
    "unless ",
    "when ",
    "until ",
    "because ",
    "having ",
    "except ",
    "and ",
    "or ",
    "not ",
    "any ",
    "every ",
    "count ",
    "all ",
    "to ",
    "per ",
    "total ",
    "times ",
    "for ",
    "as ",
    "uses ",
    "in ",
    "host in ",
    "matches ",
    "exists ",
    "null ",
    "true ",
    "block ",
    "rate_limit ",
    "mcp__a__b",
    "a/b",
    "10/minute",
    "\ntest: ",
    "\ndeny: ",
];

fn mutate(random: &mut Random, text: &mut String) {
    let at = random.place(text);
    match random.below(12) {
        0..=4 => text.insert_str(at, INSERTS[random.below(INSERTS.len())]),
        5..=6 => {
            let (a, b) = (at, random.place(text));
            let end = b.max(a).min(a.min(b) + 24);
            let end = (end..=text.len()).find(|&end| text.is_char_boundary(end)).unwrap();
            text.replace_range(a.min(b)..end, "");
        }
        7 => {
            if let Some(c) = text[at..].chars().next() {
                text.replace_range(at..at + c.len_utf8(), "");
            }
        }
        8 => {
            // a line twice, or a line gone
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let line = random.below(lines.len());
            let copies = 2 * random.below(2);
            let copied =
                lines.iter().enumerate().flat_map(|(i, l)| std::iter::repeat_n(*l, if i == line { copies } else { 1 }));
            *text = copied.collect();
        }
        9 => {
            let (a, b) = (at, random.place(text));
            let part = text[a.min(b)..a.max(b)].to_owned();
            let to = random.place(text);
            if part.len() < 200 {
                text.insert_str(to, &part);
            }
        }
        10 if random.below(4) == 0 => text.truncate(at),
        _ => {
            if let Some(c) = text[at..].chars().next() {
                text.replace_range(at..at + c.len_utf8(), INSERTS[random.below(INSERTS.len())]);
            }
        }
    }
}

#[test]
fn the_sample_is_good() {
    assert_sound(SAMPLE);
    let found: Vec<_> = errors(SAMPLE).into_iter().filter(|d| d.code.class == Class::Syntax).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn any_text_reads() {
    let mut random = Random(0x5eed_2026);
    for _ in 0..6_000 {
        // a part of the sample, so that each mutation weighs
        let parts = chunks(SAMPLE);
        let mut text = match random.below(2 * parts.len()) {
            0 => SAMPLE.to_owned(),
            n => parts[n % parts.len()].1.to_owned(),
        };
        for _ in 0..=random.below(6) {
            mutate(&mut random, &mut text);
        }
        assert_sound(&text);
    }
}

/// A file that checks, so that a mutant of it may check too.
const CHECKED: &str = r#"policy assistant for trakt {
  default deny
  allow fetch_history {
    require args.page <= 10 and args.page >= 1 because "why"
    limit to 30 per 2 minutes
  }
  allow search_movies until 2026-12-31 {
    deny if args.limit > 50
    ask if args.limit > 20
    limit total args.limit to 500 per 90 seconds
  }
  ask remove_from_history because "history cannot be restored"
  ask remove_user_ratings if args.rating_type == "movies"
  on fetch_* having args.limit { require args.limit <= 100 }
  deny clear_auth because "no"
  hide start_device_auth
  limit search_shows to 60 per minute
  limit all to 60 per 2 hours
}
"#;

/// What checks is enforced whole: each statement and clause of the text is a rule of the policy.
#[test]
fn nothing_is_dropped_in_silence() {
    const RULES: &[SyntaxKind] = &[
        SyntaxKind::Allow,
        SyntaxKind::Ask,
        SyntaxKind::Deny,
        SyntaxKind::Hide,
        SyntaxKind::Limit,
        SyntaxKind::Require,
        SyntaxKind::DenyIf,
        SyntaxKind::AskIf,
        SyntaxKind::LimitTo,
    ];
    assert!(check(CHECKED).checked().is_some(), "{:#?}", errors(CHECKED));
    let mut random = Random(0x0051_1e47);
    let mut checked = 0;
    for _ in 0..3_000 {
        let mut text = CHECKED.to_owned();
        mutate(&mut random, &mut text);
        let analysis = check(&text);
        if analysis.checked().is_none() {
            continue;
        }
        checked += 1;
        let rules: BTreeSet<Span> =
            analysis.policies().iter().flat_map(|policy| policy.rules()).map(|rule| rule.span).collect();
        for (start, part) in chunks(&text) {
            let tree = parse_chunk(FileId(0), part).tree;
            for node in tree.all(part, FileId(0), start).filter(|node| RULES.contains(&node.kind())) {
                assert!(rules.contains(&node.span()), "`{}` is no rule of\n{text}", node.text());
            }
        }
    }
    assert!(checked > 300, "{checked}");
}
