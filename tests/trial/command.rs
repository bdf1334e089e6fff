//! `mcppol test` as people and CI run it: what it prints, in each format, and its exit codes.

use std::fs;

use insta::assert_snapshot;
use proptest::{
    collection::vec,
    sample::select,
    strategy::{Strategy as _, ValueTree as _},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::Value;

use super::FLOOR;
use crate::{cli::Folder, report::xml, schemas::assert_valid};

/// A policy with a test that holds and one that does not.
const MIXED: &str = "policy p for trakt {
  default deny
  allow add_to_history {
    require args.history_type in [\"movies\"] because \"films only\"
  }
  hide clear_auth
}
test \"films\" for p {
  call add_to_history { history_type: \"movies\", items: [] } -> allow
}
test \"shows & <more>\" for p {
  call add_to_history { history_type: \"shows\", items: [] } -> allow
  call clear_auth -> hidden
}
";
const GOOD: &str = "policy q for plex {\n  default deny\n  allow get_on_deck\n}\ntest \"deck\" for q {\n  call get_on_deck -> allow\n}\n";
const UNTESTED: &str = "policy r for plex {\n  default deny\n  allow get_on_deck\n}\n";
const BROKEN: &str =
    "policy s for plex {\n  default deny\n  alow get_on_deck\n}\ntest \"t\" for s {\n  call a -> deny\n}\n";

/// What texts of hostile files are made of.
const PIECES: &[&str] =
    &["<", "&", "]]>", "--", "\u{1b}[31m", "\u{202e}", "\"", "\\", "\u{0}", "`", "é", "🎈", "{", "//", "%", "'", "\n"];

#[test]
fn a_failure_is_drawn() {
    let folder = Folder::new(&[("p.mcp", MIXED)]);
    assert_snapshot!(folder.run("test p.mcp"), @r#"
    exit 1
    [stdout]
    error[test-failed]

      × `shows & <more>`: expected `allow`, got `deny`
       ╭─[p.mcp:4:5]
     3 │   allow add_to_history {
     4 │     require args.history_type in ["movies"] because "films only"
       ·     ──────────────────────────────┬─────────────────────────────
       ·                                   ╰── `args.history_type` is "shows", not `in ["movies"]`
     5 │   }
       ╰────
        ╭─[p.mcp:12:63]
     11 │ test "shows & <more>" for p {
     12 │   call add_to_history { history_type: "shows", items: [] } -> allow
        ·                                                               ──┬──
        ·                                                                 ╰── films only
     13 │   call clear_auth -> hidden
        ╰────
      help: change this condition; if the policy is right, write `-> deny`

    2 tests, 3 calls: 1 failed
    "#);
    assert_snapshot!(folder.run("test p.mcp --filter films"), @"
    exit 0
    [stdout]
    1 test, 1 call: all passed
    ");
}

/// Without files, all below the folder; a file without tests is in order, one with errors is not.
#[test]
fn a_folder() {
    let folder = Folder::new(&[("a/q.mcp", GOOD), ("r.mcp", UNTESTED)]);
    assert_snapshot!(folder.run("test"), @"
    exit 0
    [stdout]
    1 test, 1 call: all passed
    ");
    fs::write(folder.path("s.mcp"), BROKEN).unwrap();
    assert_snapshot!(folder.run("test"), @"
    exit 1
    [stdout]
    1 test, 1 call: all passed
    1 file has errors: no test of it was run
    [stderr]
    error[syntax-error]

      × `alow` does not begin a statement
       ╭─[s.mcp:3:3]
     2 │   default deny
     3 │   alow get_on_deck
       ·   ────
     4 │ }
       ╰────
      help: did you mean `allow`?
    ");
}

#[test]
fn what_is_run_can_be_chosen() {
    let folder = Folder::new(&[("p.mcp", MIXED), ("q.mcp", GOOD)]);
    assert_snapshot!(folder.run("test --policy q"), @"
    exit 0
    [stdout]
    1 test, 1 call: all passed
    ");
    assert_snapshot!(folder.run("test --filter '*e*k'"), @"
    exit 0
    [stdout]
    1 test, 1 call: all passed
    ");
    assert_snapshot!(folder.run("test --filter q"), @"
    exit 0
    [stdout]
    1 test, 1 call: all passed
    ");
    assert_snapshot!(folder.run("test --filter film"), @"
    exit 0
    [stdout]
    1 test, 1 call: all passed
    ");
}

/// That nothing was run is no success.
#[test]
fn nothing_to_run() {
    let folder = Folder::new(&[("p.mcp", MIXED), ("r.mcp", UNTESTED), ("p.json", "{}")]);
    assert_snapshot!(folder.run("test r.mcp"), @r#"
    exit 2
    [stderr]
    error: there is no test to run
      help: write `test "…" for POLICY { call TOOL -> deny }`, or let `--generate` propose some
    "#);
    assert_snapshot!(folder.run("test p.mcp --filter flims"), @"
    exit 2
    [stderr]
    error: no test has `flims` in its name or its policy's
      help: did you mean `films`?
    ");
    assert_snapshot!(folder.run("test p.mcp --filter nothing_of_it"), @"
    exit 2
    [stderr]
    error: no test has `nothing_of_it` in its name or its policy's
      help: there are `films` and `shows & <more>`
    ");
    assert_snapshot!(folder.run("test p.mcp --policy pp"), @"
    exit 2
    [stderr]
    error: no policy is named `pp`
      help: did you mean `p`?
    ");
    assert_snapshot!(folder.run("test missing.mcp"), @"
    exit 2
    [stderr]
    error: `missing.mcp` cannot be read: there is no such file
    ");
    assert_snapshot!(folder.run("test --min-coverage 101"), @"
    exit 2
    [stderr]
    error: invalid value '101' for '--min-coverage <PERCENT>': it is a whole number from 0 to 100

    For more information, try '--help'.
    ");
    assert_snapshot!(Folder::new(&[("a.txt", "")]).run("test"), @r"
    exit 2
    [stderr]
    error: of 1 file below this folder none ends in `.mcp`
      help: name a file, or begin with `mcppol init`
    ");
}

#[test]
fn coverage() {
    let folder = Folder::new(&[("p.mcp", MIXED), ("r.mcp", UNTESTED)]);
    assert_snapshot!(folder.run("test --coverage --filter films p.mcp r.mcp"), @r#"
    exit 0
    [stdout]
    p.mcp:2:3: no test is refused by it: `default deny`
    p.mcp:4:5: no test is refused by it: `require args.history_type in ["movies"]`
    p.mcp:6:3: no test is refused by it: `hide clear_auth`
    r.mcp:2:3: no test is refused by it: `default deny`
    r.mcp:3:3: no test passes by it: `allow get_on_deck`
    `p` calls 1 of the 77 tools of `trakt`; not the critical `clear_auth`, `remove_from_history`, `remove_playback_item`, `remove_user_ratings` and `remove_user_watchlist`
    `r` calls 0 of the 22 tools of `plex`; not the critical `clear_auth` and `delete_playlist`
    1 of 6 statements covered: 16 %
    1 test, 1 call: all passed
    "#);
    assert_eq!(folder.exit("test --filter films --min-coverage 16 p.mcp r.mcp"), 0);
    assert_eq!(folder.exit("test --filter films --min-coverage 17 p.mcp r.mcp"), 1);
    assert_snapshot!(folder.run("test --filter films --min-coverage 90 p.mcp"), @r#"
    exit 1
    [stdout]
    p.mcp:2:3: no test is refused by it: `default deny`
    p.mcp:4:5: no test is refused by it: `require args.history_type in ["movies"]`
    p.mcp:6:3: no test is refused by it: `hide clear_auth`
    `p` calls 1 of the 77 tools of `trakt`; not the critical `clear_auth`, `remove_from_history`, `remove_playback_item`, `remove_user_ratings` and `remove_user_watchlist`
    1 of 4 statements covered: 25 %, and 90 % are asked for
    1 test, 1 call: all passed
    "#);
    // a file without tests is covered by nothing, which is an answer
    assert_eq!(folder.exit("test --coverage r.mcp"), 0);
    assert_eq!(folder.exit("test --min-coverage 1 r.mcp"), 1);
}

#[test]
fn proposals() {
    let folder = Folder::new(&[("p.mcp", MIXED), ("r.mcp", UNTESTED), ("s.mcp", BROKEN)]);
    assert_snapshot!(folder.run("test --generate p.mcp"), @r#"
    exit 0
    [stdout]

    test "add_to_history: require args.history_type in ['movies']" for p {
      call add_to_history { items: [] } -> deny "films only"
    }

    test "default deny" for p {
      call add_user_ratings -> deny
    }

    test "critical tools" for p {
      call remove_from_history -> deny
      call remove_playback_item -> deny
      call remove_user_ratings -> deny
      call remove_user_watchlist -> deny
    }
    "#);
    assert_snapshot!(folder.run("test --generate p.mcp r.mcp"), @"
    exit 2
    [stderr]
    error: tests are proposed for one file at a time, and there are 2
      help: name one: `mcppol test --generate FILE`
    ");
    assert_eq!(folder.exit("test --generate s.mcp"), 1);
    let proposed = String::from_utf8(folder.output("test --generate r.mcp", b"").stdout).unwrap();
    fs::write(folder.path("r.mcp"), UNTESTED.to_owned() + &proposed).unwrap();
    assert_eq!(folder.exit("test --min-coverage 100 r.mcp"), 0);
    assert_snapshot!(folder.run("test --generate r.mcp"), @"
    exit 0
    [stderr]
    `r.mcp` has a test for everything that would be proposed
    ");
}

#[test]
fn junit() {
    let folder = Folder::new(&[("p.mcp", MIXED), ("q.mcp", GOOD), ("s.mcp", BROKEN)]);
    let text = String::from_utf8(folder.output("test --format junit", b"").stdout).unwrap();
    assert_snapshot!(text, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="mcppol" tests="4" failures="2" errors="0" skipped="0">
      <testsuite name="p.mcp" tests="2" failures="1" errors="0" skipped="0">
        <testcase name="p: films" classname="p.mcp"/>
        <testcase name="p: shows &amp; &lt;more&gt;" classname="p.mcp"><failure type="test-failed" message="`shows &amp; &lt;more&gt;`: expected `allow`, got `deny`">p.mcp:12:3: `shows &amp; &lt;more&gt;`: expected `allow`, got `deny`&#10;  p.mcp:4:5: `args.history_type` is &quot;shows&quot;, not `in [&quot;movies&quot;]`&#10;  help: change this condition; if the policy is right, write `-&gt; deny`</failure></testcase>
      </testsuite>
      <testsuite name="q.mcp" tests="1" failures="0" errors="0" skipped="0">
        <testcase name="q: deck" classname="q.mcp"/>
      </testsuite>
      <testsuite name="s.mcp" tests="1" failures="1" errors="0" skipped="0">
        <testcase name="reads" classname="s.mcp"><failure type="error" message="the file has errors: no test of it was run">the file has errors: no test of it was run</failure></testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn json() {
    let folder = Folder::new(&[
        ("p.mcp", MIXED),
        ("s.mcp", BROKEN),
        ("floor.mcp", FLOOR),
        ("u.mcp", "import \"floor.mcp\"\ntest \"t\" for floor {\n  call a -> deny\n}\n"),
    ]);
    for line in ["test", "test --coverage", "test p.mcp", "test --filter films", "test --coverage floor.mcp"] {
        let output = folder.output(&format!("{line} --format json"), b"");
        assert_valid("test", &serde_json::from_slice(&output.stdout).unwrap(), line);
    }
    let output = folder.output("test p.mcp --format json", b"");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_snapshot!(format!("{:#}", found["tests"][1]["calls"][0]), @r#"
    {
      "line": 12,
      "column": 3,
      "tool": "add_to_history",
      "arguments": {
        "history_type": "shows",
        "items": []
      },
      "times": 1,
      "expected": "allow",
      "expected_message": null,
      "decision": "deny",
      "message": "films only",
      "rule": {
        "file": "p.mcp",
        "line": 4,
        "column": 5
      },
      "passed": false,
      "failure": "`shows & <more>`: expected `allow`, got `deny`",
      "notes": [
        "p.mcp:4:5: `args.history_type` is \"shows\", not `in [\"movies\"]`"
      ],
      "help": "change this condition; if the policy is right, write `-> deny`"
    }
    "#);
    let output = folder.output("test u.mcp --format json", b"");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["tests"][0]["calls"][0]["decision"], "unknown");
}

/// Names, reasons and arguments of any letters stay within what each format can hold, and nothing draws on a terminal.
#[test]
fn hostile_texts_are_escaped() {
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]));
    let mut text = String::from("policy p for nobody {\n  default deny\n");
    let (mut tests, mut calls) = (String::new(), 0);
    for nth in 0..60 {
        let mut quoted = || {
            let text = vec(select(PIECES), 1..8).new_tree(&mut runner).unwrap().current().concat();
            mcppol::syntax::literal::quote(&text)
        };
        let (tool, reason, name) = (format!("t{nth}"), quoted(), quoted());
        text.push_str(&format!(
            "  allow {tool} {{\n    require args[{}] == {} because {reason}\n  }}\n",
            quoted(),
            quoted()
        ));
        tests.push_str(&format!(
            "test {name} for p {{\n  call {tool} {{ {}: {} }} -> allow\n  call {} -> deny {}\n}}\n",
            quoted(),
            quoted(),
            quoted(),
            quoted()
        ));
        calls += 2;
    }
    text.push_str(&format!("}}\n{tests}"));
    let folder = Folder::new(&[("<&>'.mcp", &text)]);
    for format in ["text", "json", "junit"] {
        let output = folder.output(&format!("test --coverage --format {format}"), b"");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(!printed.chars().any(|c| c != '\n' && mcppol::text::is_hidden(c)), "{format}");
        match format {
            "json" => {
                let found: Value = serde_json::from_str(&printed).unwrap();
                assert_valid("test", &found, "hostile texts");
                assert_eq!(found["summary"]["failed"], calls);
            }
            "junit" => {
                let tree = xml::read(&printed).unwrap_or_else(|why| panic!("{why}"));
                assert_eq!(tree.iter().filter(|name| *name == "testcase").count(), 60);
            }
            _ => assert!(printed.ends_with(&format!("60 tests, {calls} calls: {calls} failed\n")), "{printed}"),
        }
    }
    let output = folder.output("test --generate -", text.as_bytes());
    assert!(output.stdout.len() > 5_000, "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!String::from_utf8(output.stdout).unwrap().chars().any(|c| c != '\n' && mcppol::text::is_hidden(c)));
}
