//! What stands above policies and tests.

use mcppol::ide::lenses::{About, lenses, state};

use super::{Fixture, damaged};

fn shown(fixture: &Fixture) -> String {
    let view = fixture.view();
    let text = fixture.document.text();
    let lines = lenses(&view).into_iter().map(|lens| {
        let over = &text[lens.span.start as usize..lens.span.end as usize];
        match lens.about {
            About::Counts(counts) => format!("{over}: {counts}\n"),
            About::Compiled(policy) => format!("{over}: compile {policy}\n"),
            About::Test(test) => format!("{over}: {}\n", state(&view, &test)),
        }
    });
    lines.collect()
}

const POLICY: &str = r#"policy one for trakt {
  default hide
  allow @read
  ask remove_from_history
  deny clear_auth
}

policy two for nobody {
  default deny
  allow a
}

test "passes" for one {
  call clear_auth -> deny
  call search_movies -> allow
}
test "fails" for one {
  call clear_auth -> allow
  call search_movies -> allow
}
"#;

#[test]
fn policies_and_tests() {
    insta::assert_snapshot!(shown(&Fixture::new(POLICY)), @r#"
    one: 77 tools: 63 allowed, 1 ask, 1 denied, 12 hidden
    one: compile one
    two: 1 tool: 1 allowed
    two: compile two
    "passes": ✓ passes: 2 calls
    "fails": ✗ fails: 1 of 2 calls
    "#);
}

#[test]
fn the_same_lines_while_there_are_errors() {
    insta::assert_snapshot!(shown(&Fixture::new(&POLICY.replace("  allow a\n", "  alow a\n"))), @r#"
    one: 77 tools: 63 allowed, 1 ask, 1 denied, 12 hidden
    one: compile one
    two: not judged while it has errors
    two: compile two
    "passes": not run while the file has errors
    "fails": not run while the file has errors
    "#);
    insta::assert_snapshot!(shown(&Fixture::new(&POLICY.replace("deny clear_auth", "deny clear_*, cler_*"))), @r#"
    one: 77 tools: 63 allowed, 1 ask, 1 denied, 12 hidden
    one: compile one
    two: 1 tool: 1 allowed
    two: compile two
    "passes": not run while the file has errors
    "fails": not run while the file has errors
    "#);
}

#[test]
fn documents_of_others() {
    let text = r#"{ "permissions": { "allow": ["mcp__trakt__fetch_*"], "deny": ["mcp__trakt__clear_auth"] } }"#;
    insta::assert_snapshot!(shown(&Fixture::with_imports(".claude/settings.json", text, &[])), @"trakt: 77 tools: 60 allowed, 16 ask, 1 denied");
}

#[test]
fn total() {
    for fixture in damaged() {
        let text = fixture.document.text();
        for lens in lenses(&fixture.view()) {
            assert!(text.get(lens.span.start as usize..lens.span.end as usize).is_some(), "{text}");
            if let About::Test(test) = lens.about {
                assert!(!state(&fixture.view(), &test).is_empty());
            }
        }
    }
}
