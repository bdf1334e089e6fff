//! The one style as edits: how small they are, and what they leave alone.

use mcppol::{
    format::format,
    ide::formatting::{document, minimal, on_type, range},
    text::{Edit, FileId, Span, apply},
};
use proptest::{prelude::*, test_runner::Config};

use super::Fixture;

/// The edits, each as what it replaces and by what, and what comes of them.
fn told(text: &str, edits: &[Edit]) -> String {
    let each =
        edits.iter().map(|edit| format!("{}: {:?} -> {:?}\n", edit.span.start, &text[edit.span.range()], edit.text));
    each.collect::<String>() + &apply(text, edits)
}

#[test]
fn what_is_right_already_is_not_touched() {
    let text = "set  a = b,c\n\n\n\npolicy p {\n\tdefault deny\n  allow x because \"y\"   until 2026-01-01\n}";
    let fixture = Fixture::new(text);
    insta::assert_snapshot!(told(text, &document(&fixture.view())), @r#"
4: " " -> ""
11: "" -> " "
14: "\n\n" -> ""
27: "\t" -> "  "
51: "because \"y\"   " -> ""
81: "" -> " because \"y\""
83: "" -> "\n"
set a = b, c

policy p {
  default deny
  allow x until 2026-01-01 because "y"
}
"#);
    assert_eq!(document(&Fixture::new("set a = b\n").view()), []);
    assert_eq!(document(&Fixture::new("set  a = \n").view()), [], "it has errors");
}

fn in_range(marked: &str) -> String {
    let fixture = Fixture::new(marked);
    let text = fixture.document.text();
    let [start, end] = fixture.cursors[..] else { panic!("two marks") };
    told(text, &range(&fixture.view(), Span::new(FileId(0), start, end)))
}

#[test]
fn a_range_is_its_lines() {
    insta::assert_snapshot!(in_range("set  a = b\nset  c<|> = d\nset <|> e = f\nset  g = h\n"), @r#"
15: " " -> ""
26: " " -> ""
set  a = b
set c = d
set e = f
set  g = h
"#);
    insta::assert_snapshot!(in_range("set  a = b\n<|>set  c = d\n<|>set  e = f\n"), @r#"
15: " " -> ""
set  a = b
set c = d
set  e = f
"#);
    insta::assert_snapshot!(in_range("policy  p {\n<|> allow  x\n<|>\tdeny  y\n}\n"), @r#"
13: "" -> " "
19: " " -> ""
policy  p {
  allow x
	deny  y
}
"#);
}

/// Where a part moves to these lines from others, the whole statement is formatted.
#[test]
fn a_range_within_a_statement() {
    insta::assert_snapshot!(in_range("policy p {\n  deny  z\n  allow x\n    because \"y\"\n    <|> until 2026-01-01<|>\n}\n"), @r#"
30: "\n    because \"y\"\n    " -> ""
68: "" -> " because \"y\""
policy p {
  deny  z
  allow x until 2026-01-01 because "y"
}
"#);
    insta::assert_snapshot!(in_range("policy p {\n  allow  z {\n      limit  to 1 per day because<|> \"a\"<|>\n   deny if args.x  exists\n}\n}\n"), @r#"
28: "  " -> ""
36: " " -> ""
policy p {
  allow  z {
    limit to 1 per day because "a"
   deny if args.x  exists
}
}
"#);
}

/// In a text with errors each statement that reads is formatted by itself.
#[test]
fn a_range_in_broken_text() {
    insta::assert_snapshot!(in_range(
        "<|>set  a = b\nset  c\npolicy  p {\n default   deny\n alow   x\n allow  y { // z\n  limit  to 1 per day\n  limit  to\n deny if args.x  exists\n }\n allow a;  deny  b\n\
         // mcppol: ignore[x] -- y\n allow  c\n}\ntest  \"t\" for p {\n call  x  -> deny<|>\n"
    ), @r#"
4: " " -> ""
31: "" -> " "
39: "  " -> ""
75: "" -> "  "
81: " " -> ""
108: "" -> "   "
123: " " -> ""
210: "" -> " "
215: " " -> ""
218: " " -> ""
set a = b
set  c
policy  p {
  default deny
 alow   x
 allow  y { // z
    limit to 1 per day
  limit  to
    deny if args.x exists
 }
 allow a;  deny  b
// mcppol: ignore[x] -- y
 allow  c
}
test  "t" for p {
  call x -> deny
"#);
}

fn typed(marked: &str, c: char) -> String {
    let fixture = Fixture::new(marked);
    told(fixture.document.text(), &on_type(&fixture.view(), fixture.cursor(), c))
}

#[test]
fn a_line_end_finishes_a_statement() {
    insta::assert_snapshot!(typed("policy p {\n\tallow  x,y // z\n  <|>", '\n'), @r#"
11: "\t" -> "  "
18: " " -> ""
21: "" -> " "
policy p {
  allow x, y // z
"#);
    insta::assert_snapshot!(typed("policy p {\n  on x {\n  require  args.x==1\n<|>because \"y\"  }\n", '\n'), @r#"
policy p {
  on x {
  require  args.x==1
because "y"  }
"#);
    insta::assert_snapshot!(typed("set  a = b,\n  c\n<|>  d", '\n'), @r#"
set  a = b,
  c
  d
"#);
    insta::assert_snapshot!(typed("set  a = b,\n<|>  c", '\n'), @r#"
set  a = b,
  c
"#);
    insta::assert_snapshot!(typed("policy p {\n  alow  x\n<|>", '\n'), @r#"
policy p {
  alow  x
"#);
    insta::assert_snapshot!(typed("policy p {\n  allow  x because \"y\" until 2026-01-01\n<|>}", '\n'), @r#"
policy p {
  allow  x because "y" until 2026-01-01
}
"#);
    insta::assert_snapshot!(typed("policy  p {\n  default   deny\n  }\n<|>", '\n'), @r#"
29: "  " -> ""
policy  p {
  default   deny
}
"#);
    insta::assert_snapshot!(typed("set  a = b\r\n<|>set  c = d\r\n", '\n'), @r#"
4: " " -> ""
set a = b
set  c = d
"#);
}

#[test]
fn a_brace_finishes_its_block() {
    insta::assert_snapshot!(typed("policy p {\n  deny  x\n  allow  y {\n  limit  to 1 per day\n}<|>  deny  z\n}", '}'), @r#"
policy p {
  deny  x
  allow  y {
  limit  to 1 per day
}  deny  z
}
"#);
    insta::assert_snapshot!(typed("policy p {\n  deny  x\n  allow  y {\n  limit  to 1 per day\n}<|>\n", '}'), @r#"
29: " " -> ""
36: "" -> "  "
42: " " -> ""
56: "" -> "  "
policy p {
  deny  x
  allow y {
    limit to 1 per day
  }
"#);
    insta::assert_snapshot!(typed("policy  p {\n  deny  x\n   }<|>\n", '}'), @r#"
22: "   " -> ""
policy  p {
  deny  x
}
"#);
    insta::assert_snapshot!(typed("policy p {\n  call  x {\n}<|>", '}'), @r#"
policy p {
  call  x {
}
"#);
    insta::assert_snapshot!(typed("// }<|>", '}'), @"// }");
}

/// A line end of two characters is replaced whole or not at all.
#[test]
fn line_ends() {
    for (old, new) in [("a\nb\r\nc", "a\nb\nc"), ("a\r\nb\nc", "a\r\nb\r\nc"), ("a\rb", "a\r\nb"), ("a\r\nb", "a\rb")] {
        let edits = minimal(old, new);
        assert_eq!(apply(old, &edits), new);
        let cut = |at: u32| old[..at as usize].ends_with('\r') && old[at as usize..].starts_with('\n');
        assert!(!edits.iter().any(|edit| cut(edit.span.start) || cut(edit.span.end)), "{old:?}: {edits:?}");
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn edits_make_the_one_of_the_other(old in "[ab é\r\n{,]{0,24}", new in "[ab é\r\n{,]{0,24}") {
        let edits = minimal(&old, &new);
        prop_assert_eq!(apply(&old, &edits), new);
        prop_assert!(edits.is_sorted_by(|a, b| a.span.end < b.span.start), "{:?}", edits);
    }
}

/// However many lines there are, each is mended by itself.
#[test]
fn large_documents() {
    let good: String = (0..600).map(|n| format!("policy p{n} {{\n  allow a, b\n}}\n\n")).collect();
    let text = good.replace("  allow a, b", "\tallow a,b");
    let edits = document(&Fixture::new(&text).view());
    assert_eq!(apply(&text, &edits), format(&text).unwrap());
    assert_eq!(edits.len(), 1_201);
    assert!(edits.iter().all(|edit| edit.span.end - edit.span.start <= 1));
}
