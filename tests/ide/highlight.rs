//! What lights up beside the word under the cursor.

use mcppol::ide::highlight::highlight;

use super::Fixture;

/// The text with all that lights up: `«used»` and `«=defined»`.
fn lit(marked: &str) -> String {
    let fixture = Fixture::new(marked);
    let mut text = fixture.document.text().to_owned();
    for (span, defines) in highlight(&fixture.view(), fixture.cursor()).into_iter().rev() {
        let name = &text[span.range()];
        let name = if defines { format!("«={name}»") } else { format!("«{name}»") };
        text.replace_range(span.range(), &name);
    }
    text
}

const TEXT: &str = r#"set auth = clear_auth, start_device_auth
policy p for trakt {
  default deny
  allow fetch_history, clear_auth
  on @auth except clear_auth { require args.a == 1 and args.a.b == 2 }
  deny clear_auth if args.a == 2
}
policy r for trakt {
  default deny
  include p
  on clear_auth { require args.a == 1 }
}
policy plex for plex { default deny allow clear_auth }
test "x" for p { call clear_auth { a: 1 } -> deny }
grant "me" uses p
"#;

fn at(before: &str) -> String {
    let offset = TEXT.find(before).unwrap() + before.len();
    let (head, tail) = TEXT.split_at(offset);
    lit(&format!("{head}<|>{tail}"))
}

#[test]
fn words_that_speak_of_the_same() {
    insta::assert_snapshot!("a_set", at("on @au"));
    insta::assert_snapshot!("a_policy", at("include "));
    insta::assert_snapshot!("a_tool_of_a_server", at("fetch_history, cl"));
    insta::assert_snapshot!("a_tool_in_a_set", at("set auth = cl"));
    insta::assert_snapshot!("an_argument", at("{ require args."));
    insta::assert_snapshot!("a_server", at("policy p for tr"));
    assert_eq!(at("default d"), TEXT, "a keyword is no name");
}
