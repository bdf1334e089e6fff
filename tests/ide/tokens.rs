//! What each word is, drawn under the lines.

use mcppol::{
    ide::tokens::{Modifier, Token, TokenType, tokens, whole},
    text::{FileId, Span},
};

use super::Fixture;

/// Each line, the letters of its tokens, and those of what is special about them where something is.
fn drawn(text: &str, tokens: &[Token]) -> String {
    let kind = |token: &Token| match token.kind {
        TokenType::Keyword => 'K',
        TokenType::Operator => 'O',
        TokenType::String => 'S',
        TokenType::Regexp => 'R',
        TokenType::Number => 'N',
        TokenType::Comment => 'C',
        TokenType::Macro => 'M',
        TokenType::EnumMember => 'L',
        TokenType::Type => 'T',
        TokenType::Class => 'P',
        TokenType::Namespace => 'V',
        TokenType::Function => 'F',
        TokenType::Property => 'A',
    };
    let modifier = |token: &Token| match token.modifier {
        None => ' ',
        Some(Modifier::Definition) => 'd',
        Some(Modifier::Documentation) => '/',
        Some(Modifier::DefaultLibrary) => 'b',
        Some(Modifier::Critical) => '!',
        Some(Modifier::Unknown) => '?',
    };
    let (mut out, mut at) = (String::new(), 0);
    for line in text.split_inclusive('\n') {
        let letters = |of: &dyn Fn(&Token) -> char| -> String {
            let at_place = |(offset, _)| {
                let place = u32::try_from(at + offset).unwrap();
                tokens.iter().find(|token| token.span.start <= place && place < token.span.end).map_or(' ', of)
            };
            line.trim_end().char_indices().map(at_place).collect::<String>().trim_end().to_owned()
        };
        out.push_str(format!("| {}", line.trim_end()).trim_end());
        for row in [letters(&kind), letters(&modifier)] {
            if !row.is_empty() {
                out.push_str(&format!("\n  {row}"));
            }
        }
        out.push('\n');
        at += line.len();
    }
    out
}

fn shown(marked: &str) -> String {
    let fixture = Fixture::with_imports("a.mcp", marked, &[("floor.mcp", "policy floor for trakt { default deny }")]);
    let within = match fixture.cursors[..] {
        [start, end] => Span::new(FileId(0), start, end),
        _ => whole(&fixture.document),
    };
    drawn(fixture.document.text(), &tokens(&fixture.view(), within))
}

const ALL: &str = r#"// what a policy can hold 🎈
import "floor.mcp"
set reads = @read, fetch_*, "odd name" except fetch_history

/// Reads freely.
policy assistant for trakt as "my trakt" {
  default deny
  allow @reads, fetch_historie until 2026-12-31
  allow add_to_history { // a comment
    require args.season <= 10_000 and (args["odd \"key"].a-b exists or args.message matches r"[a-z]\d+")
        because "é🎈: why"
    deny if not any args.items in ["a", "b"] or args.public == true
    limit total args.episode to 5 per 90 seconds
  }
  // mcppol: ignore[dead-pattern, no-such-rule , mixed-and-or] -- reviewed
  ask remove_user_ratings if args.rating_type not matches "^m" // mcppol: off
  hide @critical
  allow clear_auth
  include floor
}

grant "support-bot" uses assistant, floor

test "reads" for assistant {
  call add_to_history { "season": "x", b: [1, -2.5e3, { c: null }] } 3 times -> deny "why"
  call fetch_histor -> hidden
}
"#;

#[test]
fn every_kind_of_word() {
    insta::assert_snapshot!(shown(ALL));
}

/// What is still known in what does not read keeps its colour; any other word has none.
#[test]
fn broken_statements() {
    insta::assert_snapshot!(shown(
        "policy p for trakt {\n  alow fetch_history, fetch_histori because \"x\" (\n  deny fetch_history; limit 'a' to ten per day\n  \
         block clear_auth when amount = 3 && !args.x exists\n  deny \"x\n  /* no */ # no\n"
    ), @r#"
| policy p for trakt {
  KKKKKK P KKK VVVVV
         d
|   alow fetch_history, fetch_histori because "x" (
         FFFFFFFFFFFFF                KKKKKKK SSS
|   deny fetch_history; limit 'a' to ten per day
    KKKK FFFFFFFFFFFFF  KKKKK SSS KK     KKK
|   block clear_auth when amount = 3 && !args.x exists
    KKKKK FFFFFFFFFF KKKK AAAAAA O N OO OAAAAAA OOOOOO
          !!!!!!!!!!
|   deny "x
    KKKK SS
|   /* no */ # no
"#);
}

#[test]
fn without_a_catalog_no_tool_is_unknown() {
    insta::assert_snapshot!(shown("policy p for nobody { allow x, y* }\npolicy q { allow z }\n"), @r#"
| policy p for nobody { allow x, y* }
  KKKKKK P KKK VVVVVV   KKKKK F  FF
         d
| policy q { allow z }
  KKKKKK P   KKKKK F
         d
"#);
}

/// A part costs a part: what does not touch it is left out.
#[test]
fn a_part() {
    insta::assert_snapshot!(shown(
        "// a\nset s = a, b\npolicy p for trakt {\n  default deny\n<|>  allow @read // b\n<|>  deny x\n  // c\n}\nset t = c\n"
    ), @r#"
| // a
| set s = a, b
| policy p for trakt {
|   default deny
|   allow @read // b
    KKKKK TTTTT CCCC
          bbbbb
|   deny x
|   // c
| }
| set t = c
"#);
}

#[test]
fn a_lone_carriage_return_ends_a_line() {
    let fixture = Fixture::new("// a\rb\r\nset s = r\"a\rb\"");
    let words = tokens(&fixture.view(), whole(&fixture.document));
    let words: Vec<&str> = words.iter().map(|token| &fixture.document.text()[token.span.range()]).collect();
    assert_eq!(words, ["// a", "b", "set", "s", "=", "r\"a", "b\""]);
}

#[test]
fn documents_of_others_have_colours_of_their_own() {
    let fixture =
        Fixture::with_imports(".claude/settings.json", r#"{ "permissions": { "deny": ["mcp__a__b"] } }"#, &[]);
    assert_eq!(tokens(&fixture.view(), whole(&fixture.document)), []);
}

/// What editors are told at the beginning: themes are written for these names.
#[test]
fn the_legend() {
    let kinds = TokenType::ALL.iter().map(|kind| (kind.word(), kind.says()));
    let modifiers = Modifier::ALL.iter().map(|it| (it.word(), it.says()));
    let rows: String = kinds.chain(modifiers).map(|(word, says)| format!("| `{word}` | {says} |\n")).collect();
    insta::assert_snapshot!(rows);
    assert!(TokenType::ALL.iter().enumerate().all(|(at, kind)| *kind as usize == at), "numbers are places");
}
