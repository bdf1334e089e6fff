//! What is told of the word under the pointer.

use mcppol::{ide::hover::hover, text::Span};

use super::{Fixture, damaged};

/// For each mark the line, what of it is told of, and what is told.
fn told(fixture: &Fixture) -> String {
    let (view, text) = (fixture.view(), fixture.document.text());
    let mut out = String::new();
    for cursor in &fixture.cursors {
        match hover(&view, *cursor) {
            Some(hover) => out.push_str(&format!("{}\n{}\n", underlined(text, hover.span), hover.markdown)),
            None => out.push_str(&format!("nothing at {cursor}\n\n")),
        }
    }
    out
}

fn underlined(text: &str, span: Span) -> String {
    let start = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap();
    let before = text[start..span.start as usize].chars().count();
    let within = text[span.start as usize..span.end as usize].chars().count();
    format!("===== {line}\n===== {}{}", " ".repeat(before), "^".repeat(within))
}

#[test]
fn tools() {
    let fixture = Fixture::new(
        r#"set logins = clear_<|>auth, start_device_auth

policy assistant for trakt {
  default deny
  allow add_to_<|>history because "it is yours" {
    require args.history_type in ["movies", "episodes"]
    limit to 30 per minute because "slow down"
  }
  ask remove_from_<|>history if args.history_type == "shows"
  hide @critical except remove_from_history
  deny clear_au<|>th
  allow search_mov<|>ies, no_such_to<|>ol
  limit all to 60 per minute
}

test "t" for assistant {
  call search<|>_movies -> allow
}
"#,
    );
    insta::assert_snapshot!(told(&fixture));
}

#[test]
fn a_tool_of_a_policy_with_errors() {
    let fixture = Fixture::new("policy p for plex {\n  default deny\n  allow delete_pla<|>ylist,,\n  alow x\n}\n");
    insta::assert_snapshot!(told(&fixture));
}

#[test]
fn patterns_and_sets() {
    let fixture = Fixture::with_imports(
        "a.mcp",
        r#"import "base.mcp"

set mine<|> = add_*, @log<|>ins except add_user_rating
set empty = nothing_*

policy assistant for trakt {
  default deny
  allow fetch_us<|>er_*, @re<|>ad except *_ratings<|>
  ask @mi<|>ne, @many-param<|>eters
  deny @em<|>pty
  hide @criti<|>cal
}
"#,
        &[("base.mcp", "set logins = start_device_auth, @auth\nset auth = clear_auth, @logins\n")],
    );
    insta::assert_snapshot!(told(&fixture));
}

#[test]
fn servers_and_policies() {
    let fixture = Fixture::with_imports(
        "a.mcp",
        r#"import "base.mcp"

/// Reads freely, [writes](http://x) *slowly*.
policy assist<|>ant for tra<|>kt {
  default hide
  include flo<|>or
  allow @read, @write
}

policy broken<|> for nobody<|> {
  default deny
  allow @read
}

grant "film-bot" uses assist<|>ant
"#,
        &[("base.mcp", "/// For everyone.\npolicy floor for trakt {\n  default allow\n  hide @critical\n}\n")],
    );
    insta::assert_snapshot!(told(&fixture));
}

#[test]
fn arguments() {
    let fixture = Fixture::new(
        r#"policy assistant for trakt {
  default deny
  allow fetch_* {
    require args.lim<|>it <= 50
  }
  allow add_to_history {
    deny if args.history_<|>type == "shows" or args.items.x<|> missing
  }
  ask search_movies if args.nothing<|> exists
}

test "t" for assistant {
  call add_to_history { history_<|>type: "movies", items: [{ trakt<|>: 1 }], strange<|>: 1 } -> allow
}
"#,
    );
    insta::assert_snapshot!(told(&fixture));
}

#[test]
fn words() {
    let fixture = Fixture::new(
        r#"pol<|>icy assistant for trakt {
  default<|> hi<|>de
  al<|>low add_to_history unt<|>il 2026-12-31 {
    requ<|>ire args.history_type i<|>n ["movies"]
    deny if args.history_type no<|>t matches r"x" o<|>r args.history_type miss<|>ing
    limit to<|> 10 pe<|>r minute
  }
  limit a<|>ll to 60 per minute
}
"#,
    );
    insta::assert_snapshot!(told(&fixture));
}

#[test]
fn calls_of_tests() {
    let fixture = Fixture::new(
        r#"policy p for trakt {
  default deny
  allow add_to_history {
    limit to 10 per minute because "slow *down*"
  }
}

test "t" for p {
  ca<|>ll add_to_history { history_type: "movies", items: [] } 11 ti<|>mes -> limi<|>ted
  call clear_auth -> all<|>ow
}
"#,
    );
    insta::assert_snapshot!(told(&fixture));
}

#[test]
fn rules_in_ignore_comments() {
    let fixture = Fixture::new(
        "policy p for trakt {\n  default deny\n  allow clear_auth // mcppol: ignore[critical-tool-<|>not-blocked, no-<|>such] -- a kio<|>sk\n}\n",
    );
    insta::assert_snapshot!(told(&fixture));
}

#[test]
fn documents_of_others() {
    let fixture = Fixture::with_imports(
        ".claude/settings.json",
        r#"{ "permissions": { "allow": ["mcp__trakt__search<|>_movies", "mcp__trakt__fetch<|>_*", "Ba<|>sh"], "deny": ["mcp__tra<|>kt__clear_auth"] } }"#,
        &[],
    );
    insta::assert_snapshot!(told(&fixture));
}

#[test]
fn total() {
    for fixture in damaged() {
        let text = fixture.document.text();
        for offset in 0..=u32::try_from(text.len()).unwrap() + 2 {
            if let Some(hover) = hover(&fixture.view(), offset) {
                let Span { start, end, .. } = hover.span;
                assert!(text.get(start as usize..end as usize).is_some_and(|word| !word.is_empty()), "{text}");
                assert!(start <= offset && offset <= end, "{text}");
                assert!(!hover.markdown.is_empty());
            }
        }
    }
}
