//! What a selection grows to: from the innermost outward.

use mcppol::ide::selection::around;

use super::Fixture;

fn grown(marked: &str) -> String {
    let fixture = Fixture::new(marked);
    let text = fixture.document.text();
    let all = around(&fixture.view(), fixture.cursor());
    all.iter().map(|span| format!("{:?}\n", &text[span.range()])).collect()
}

#[test]
fn from_the_word_to_the_file() {
    insta::assert_snapshot!(grown(
        "set a = b\npolicy p for trakt {\n  allow x, y {\n    require args.a in [\"o<|>ne\", 2] and args.b == 1 because \"z\"\n  }\n}\n"
    ), @r#"
"one"
"\"one\""
"[\"one\", 2]"
"args.a in [\"one\", 2]"
"args.a in [\"one\", 2] and args.b == 1"
"require args.a in [\"one\", 2] and args.b == 1 because \"z\""
"{\n    require args.a in [\"one\", 2] and args.b == 1 because \"z\"\n  }"
"allow x, y {\n    require args.a in [\"one\", 2] and args.b == 1 because \"z\"\n  }"
"policy p for trakt {\n  allow x, y {\n    require args.a in [\"one\", 2] and args.b == 1 because \"z\"\n  }\n}"
"set a = b\npolicy p for trakt {\n  allow x, y {\n    require args.a in [\"one\", 2] and args.b == 1 because \"z\"\n  }\n}\n"
"#);
    insta::assert_snapshot!(grown("policy p for trakt {\n  allow x, y<|> except z\n}\n"), @r#"
"y"
"x, y except z"
"allow x, y except z"
"policy p for trakt {\n  allow x, y except z\n}"
"policy p for trakt {\n  allow x, y except z\n}\n"
"#);
    insta::assert_snapshot!(grown("test \"t\" for p {\n  call x { a: { b: [1, <|>2] } } -> deny\n}\n"), @r#"
"2"
"[1, 2]"
"b: [1, 2]"
"{ b: [1, 2] }"
"a: { b: [1, 2] }"
"{ a: { b: [1, 2] } }"
"call x { a: { b: [1, 2] } } -> deny"
"test \"t\" for p {\n  call x { a: { b: [1, 2] } } -> deny\n}"
"test \"t\" for p {\n  call x { a: { b: [1, 2] } } -> deny\n}\n"
"#);
}

#[test]
fn in_comments_gaps_and_what_does_not_read() {
    insta::assert_snapshot!(grown("set a = b // what <|>it is\nset c = d\n"), @r#"
"// what it is"
"set a = b // what it is\nset c = d\n"
"#);
    insta::assert_snapshot!(grown("policy p {\n  <|>\n  default deny\n}\n"), @r#"
"policy p {\n  \n  default deny\n}"
"policy p {\n  \n  default deny\n}\n"
"#);
    insta::assert_snapshot!(grown("policy p {\n  alow fet<|>ch because r\"x\"\n}\n"), @r#"
"fetch"
"alow fetch because r\"x\""
"policy p {\n  alow fetch because r\"x\"\n}"
"policy p {\n  alow fetch because r\"x\"\n}\n"
"#);
    insta::assert_snapshot!(grown("<|>"), @r#""""#);
}

#[test]
fn documents_of_others_are_left_to_their_editors() {
    let fixture =
        Fixture::with_imports(".claude/settings.json", r#"{ "permissions": { "deny": ["mcp__a__b"] } }"#, &[]);
    assert_eq!(around(&fixture.view(), 5), []);
}
