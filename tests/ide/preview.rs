//! What a document comes to, as plain values.

use mcppol::ide::preview::{compiled, decided, explained, overviews, tested};
use serde::Serialize;
use serde_json::json;

use super::{Fixture, damaged};

const POLICY: &str = r#"policy one for trakt {
  default deny
  allow add_to_history because "yours" {
    require args.history_type in ["movies", "episodes"]
    limit to 30 per minute
  }
  hide clear_auth
}

test "t" for one {
  call add_to_history { history_type: "movies", items: [] } -> allow
  call add_to_history { history_type: "shows", items: [] } -> allow
}
"#;

fn json(value: impl Serialize) -> String {
    serde_json::to_string_pretty(&value).unwrap()
}

#[test]
fn compiled_policies() {
    let fixture = Fixture::new(POLICY);
    let it = compiled(&fixture.view(), "one").unwrap();
    let value: serde_json::Value = serde_json::from_str(it.text.as_ref().unwrap()).unwrap();
    assert!(value.is_object() && it.problems.is_empty());
    insta::assert_snapshot!(compiled(&fixture.view(), "won").unwrap_err(), @"no policy is named `won`");
    let broken = Fixture::new(&POLICY.replace("hide clear_auth", "hide claer_*\n  alow x"));
    insta::assert_snapshot!(json(compiled(&broken.view(), "one").unwrap()), @r#"
    {
      "policy": "one",
      "target": "policylayer",
      "text": null,
      "problems": [
        {
          "file": "a.mcp",
          "line": 7,
          "column": 8,
          "code": "dead-pattern",
          "message": "the pattern `claer_*` matches none of the 77 tools of `trakt`, so nothing is blocked or narrowed by it",
          "help": "the server has `clear_auth`"
        },
        {
          "file": "a.mcp",
          "line": 8,
          "column": 3,
          "code": "syntax-error",
          "message": "`alow` does not begin a statement",
          "help": "did you mean `allow`?"
        }
      ]
    }
    "#);
}

#[test]
fn tests_that_were_run() {
    let fixture = Fixture::new(POLICY);
    insta::assert_snapshot!(json(tested(&fixture.view(), Some("t")).unwrap()), @r#"
    [
      {
        "name": "t",
        "policy": "one",
        "file": "a.mcp",
        "line": 10,
        "column": 6,
        "passed": false,
        "calls": [
          {
            "tool": "add_to_history",
            "line": 11,
            "expected": "allow",
            "decision": "allow",
            "message": "granted",
            "failure": null,
            "help": null
          },
          {
            "tool": "add_to_history",
            "line": 12,
            "expected": "allow",
            "decision": "deny",
            "message": "a requirement of `add_to_history` is not met",
            "failure": "`t`: expected `allow`, got `deny`",
            "help": "change this condition; if the policy is right, write `-> deny`"
          }
        ]
      }
    ]
    "#);
    assert_eq!(tested(&fixture.view(), None).unwrap().len(), 1);
    insta::assert_snapshot!(tested(&fixture.view(), Some("x")).unwrap_err(), @"no test is named `x`");
    let broken = Fixture::new(&POLICY.replace("hide", "hied"));
    insta::assert_snapshot!(tested(&broken.view(), None).unwrap_err(), @"the file has errors: no test of it was run");
}

#[test]
fn decisions() {
    let fixture = Fixture::new(POLICY);
    let view = fixture.view();
    insta::assert_snapshot!(json(decided(&view, "one", "clear_auth", None).unwrap()), @r#"
    {
      "policy": "one",
      "tool": "clear_auth",
      "decision": "hidden",
      "by": {
        "rule": "hide clear_auth",
        "because": null,
        "file": "a.mcp",
        "line": 7,
        "column": 3
      },
      "narrowed": [],
      "call": null
    }
    "#);
    let call = json!({ "history_type": "shows", "items": [] });
    insta::assert_snapshot!(json(decided(&view, "one", "add_to_history", Some(&call)).unwrap()), @r#"
    {
      "policy": "one",
      "tool": "add_to_history",
      "decision": "allow",
      "by": {
        "rule": "allow add_to_history",
        "because": "yours",
        "file": "a.mcp",
        "line": 3,
        "column": 3
      },
      "narrowed": [
        {
          "rule": "require args.history_type in [\"movies\", \"episodes\"]",
          "because": null,
          "file": "a.mcp",
          "line": 4,
          "column": 5
        },
        {
          "rule": "limit to 30 per minute",
          "because": null,
          "file": "a.mcp",
          "line": 5,
          "column": 5
        }
      ],
      "call": {
        "decision": "deny",
        "message": "a requirement of `add_to_history` is not met",
        "steps": [
          {
            "rule": "default deny",
            "file": "a.mcp",
            "line": 2,
            "column": 3,
            "outcome": "passed",
            "why": "`add_to_history` is granted"
          },
          {
            "rule": "require args.history_type in [\"movies\", \"episodes\"]",
            "file": "a.mcp",
            "line": 4,
            "column": 5,
            "outcome": "decided",
            "why": "`args.history_type` is \"shows\", not `in [\"movies\", \"episodes\"]`"
          },
          {
            "rule": "limit to 30 per minute",
            "file": "a.mcp",
            "line": 5,
            "column": 5,
            "outcome": "passed",
            "why": "0 of 30 used"
          },
          {
            "rule": "allow add_to_history",
            "file": "a.mcp",
            "line": 3,
            "column": 3,
            "outcome": "grants",
            "why": ""
          }
        ]
      }
    }
    "#);
    insta::assert_snapshot!(decided(&view, "one", "clear_aut", None).unwrap_err(), @"no tool is named `clear_aut`; did you mean `clear_auth`?");
    assert_eq!(explained(&view, "one", "clear_auth").unwrap().tool, "clear_auth");
    insta::assert_snapshot!(explained(&view, "one", "clear").unwrap_err(), @"no tool is named `clear`");
    let broken = Fixture::new(&POLICY.replace("hide", "hied"));
    insta::assert_snapshot!(explained(&broken.view(), "one", "clear_auth").unwrap_err(), @"`one` has errors: nothing is decided by it");
}

#[test]
fn total() {
    for fixture in damaged() {
        let view = fixture.view();
        let _ = overviews(&view);
        for name in ["p", "floor", ""] {
            for tool in ["add_to_history", "odd name", "", "clear_auth"] {
                let _ = (decided(&view, name, tool, Some(&json!({}))), explained(&view, name, tool));
            }
            let _ = (compiled(&view, name), tested(&view, Some(name)));
        }
    }
}

/// What is said of each tool at once is what is said of it alone.
#[test]
fn all_tools_of_a_policy() {
    let fixture = Fixture::new(POLICY);
    let view = fixture.view();
    let all = overviews(&view);
    let [policy] = &*all else { panic!("{all:?}") };
    assert_eq!((&*policy.policy, &*policy.server, policy.place.line), ("one", "trakt", 1));
    assert_eq!(policy.tools.len(), 77);
    for judged in &policy.tools {
        let alone = decided(&view, "one", &judged.bearing.tool, None).unwrap();
        assert_eq!(json(&judged.bearing), json(alone.bearing));
    }
    let risky = policy.tools.iter().filter(|judged| judged.risk == Some("critical"));
    let shown: Vec<String> = risky.map(|it| format!("{} {}", it.bearing.tool, it.bearing.decision)).collect();
    insta::assert_snapshot!(shown.join(", "), @"clear_auth hidden, remove_from_history deny, remove_playback_item deny, remove_user_ratings deny, remove_user_watchlist deny");
    assert!(overviews(&Fixture::new(&POLICY.replace("hide clear_auth", "hide claer_*\n  alow x")).view()).is_empty());
}
