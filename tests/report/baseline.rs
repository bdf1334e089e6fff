//! Known findings: recorded, known again, and never more.

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use super::{FORMATS, stdout};
use crate::cli::Folder;

const OLD: &str = "policy p for trakt {\n  default deny\n  allow @read, fetch_nothing\n  hide clear_autth\n}\n";

#[test]
fn a_baseline_is_recorded_and_known_again() {
    let folder = Folder::new(&[("sub/p.mcp", OLD)]);
    assert_snapshot!(folder.run("check --write-baseline sub/p.mcp"), @"
    exit 0
    [stdout]
    no findings in 1 file; 2 known findings in the baseline
    [stderr]
    `mcppol-baseline.json`: recorded 2 findings
      help: use it with `--baseline mcppol-baseline.json`, or with `baseline` below `[lint]` in `mcppol.toml`
    ");
    assert_snapshot!(folder.read("mcppol-baseline.json"), @r#"
    {
      "format": 1,
      "findings": [
        {"file":"sub/p.mcp","rule":"unknown-tool","fingerprint":"9f8672a57a08f7de","message":"`trakt` has no tool `clear_autth`, so this guards nothing that is known"},
        {"file":"sub/p.mcp","rule":"unknown-tool","fingerprint":"a4025c853c8e08b4","message":"`trakt` has no tool `fetch_nothing`, so nothing known is covered by it"}
      ]
    }
    "#);
    let line = "check --baseline mcppol-baseline.json sub/p.mcp";
    assert_snapshot!(folder.run(line), @"
    exit 0
    [stdout]
    no findings in 1 file; 2 known findings in the baseline
    ");
    // lines move, and words around it change
    let moved = OLD.replace("  allow", "\n  // what is read\n\n    allow").replace("@read, ", "@read,\n      ");
    fs::write(folder.path("sub/p.mcp"), format!("set more = x\n{moved}policy q for plex {{ default allow }}\n"))
        .unwrap();
    let text = stdout(&folder, line);
    assert!(text.contains("critical-tool-not-blocked") && !text.contains("unknown-tool"), "{text}");
    assert!(text.ends_with("; 2 known findings in the baseline\n"), "{text}");
    for format in FORMATS {
        assert_eq!(folder.exit(&format!("{line} --format {format}")), 1, "{format}");
    }
    // a second of the same is a new one
    fs::write(folder.path("sub/p.mcp"), OLD.replace("clear_autth\n", "clear_autth\n  hide clear_autth, clear_auth\n"))
        .unwrap();
    let text = stdout(&folder, line);
    assert!(text.ends_with("1 error in 1 file; 2 known findings in the baseline\n"), "{text}");
}

/// Names in it are from its folder, so the working folder does not matter.
#[test]
fn a_baseline_works_from_any_folder() {
    let settings = "[lint]\nbaseline = \"ci/known.json\"\n";
    let folder = Folder::new(&[("a/p.mcp", OLD), ("b/x", ""), ("ci/x", ""), ("mcppol.toml", settings)]);
    assert_eq!(folder.exit("check --write-baseline a/p.mcp"), 0);
    assert!(folder.read("ci/known.json").contains("\"file\":\"../a/p.mcp\""), "{}", folder.read("ci/known.json"));
    for (from, file) in [("", "a/p.mcp"), ("", "./b/../a/p.mcp"), ("a", "p.mcp"), ("b", "../a/p.mcp")] {
        let output = folder.command(&format!("check {file}")).current_dir(folder.path(from)).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text, "no findings in 1 file; 2 known findings in the baseline\n", "{from} {file}");
    }
    assert_eq!(folder.exit("check a/p.mcp --no-baseline"), 1);
}

#[test]
fn what_is_found_no_more_can_only_be_taken_out() {
    let folder = Folder::new(&[("p.mcp", OLD), ("q.mcp", OLD), ("r.mcp", OLD)]);
    assert_eq!(folder.exit("check --write-baseline p.mcp q.mcp r.mcp"), 0);
    let new = OLD.replace("clear_autth", "clear_auth\n  hide clear_atuh");
    fs::write(folder.path("p.mcp"), &new).unwrap();
    fs::remove_file(folder.path("r.mcp")).unwrap();
    let line = "check --baseline mcppol-baseline.json p.mcp";
    assert_snapshot!(folder.run(&format!("{line} --format github")), @"
    exit 1
    [stdout]
    ::error file=p.mcp,line=5,endLine=5,col=8,endColumn=18,title=unknown-tool::`trakt` has no tool `clear_atuh`, so this guards nothing that is known%0Ahelp: did you mean `clear_auth`?
    1 error in 1 file; 1 known finding in the baseline
    [stderr]
    warning: 3 entries of `mcppol-baseline.json` are not found any more
      help: take them out, and nothing else: the same command with `--update-baseline`
    ");
    let log: Value = serde_json::from_str(&stdout(&folder, &format!("{line} --format sarif"))).unwrap();
    super::assert_sarif(&log);
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(notes[0]["message"]["text"].as_str().unwrap().starts_with("3 entries of"), "{notes}");
    let states = log["runs"][0]["results"].as_array().unwrap().iter();
    let states: Vec<_> =
        states.map(|it| (&it["baselineState"], it["suppressions"].as_array().unwrap().len())).collect();
    assert_eq!(states, [(&"unchanged".into(), 1), (&"new".into(), 0)]);
    assert_snapshot!(folder.run(&format!("{line} --update-baseline --format github")), @"
    exit 1
    [stdout]
    ::error file=p.mcp,line=5,endLine=5,col=8,endColumn=18,title=unknown-tool::`trakt` has no tool `clear_atuh`, so this guards nothing that is known%0Ahelp: did you mean `clear_auth`?
    1 error in 1 file; 1 known finding in the baseline
    [stderr]
    `mcppol-baseline.json`: 3 taken out, 3 left
    ");
    let left = folder.read("mcppol-baseline.json");
    assert_eq!(
        (left.matches("\"p.mcp\"").count(), left.matches("\"q.mcp\"").count(), left.contains("r.mcp")),
        (1, 2, false)
    );
    assert_eq!(folder.exit(&format!("{line} --update-baseline --format github")), 1);
    assert_eq!(folder.read("mcppol-baseline.json"), left, "nothing is added");
}

/// A file with errors does not show what else there is, and a rule that does not run finds nothing.
#[test]
fn what_cannot_be_looked_for_is_not_gone() {
    let folder = Folder::new(&[("p.mcp", OLD)]);
    assert_eq!(folder.exit("check --write-baseline p.mcp"), 0);
    let before = folder.read("mcppol-baseline.json");
    let line = "check --baseline mcppol-baseline.json --update-baseline p.mcp";
    assert_eq!(folder.exit(&format!("{line} --level unknown-tool=off")), 0);
    fs::write(folder.path("p.mcp"), OLD.replace("hide", "hid")).unwrap();
    assert_eq!(folder.exit(line), 1);
    assert_eq!(folder.read("mcppol-baseline.json"), before);
}

/// An error that keeps a policy from compiling is never known.
#[test]
fn errors_are_never_known() {
    let folder = Folder::new(&[("p.mcp", "policy p for trakt {\n  default deny;\n  allow @read, fetch_nothing\n}\n")]);
    assert_eq!(folder.exit("check --write-baseline=b.json p.mcp"), 1);
    let recorded = folder.read("b.json");
    assert!(recorded.contains("unknown-tool") && !recorded.contains("foreign-syntax"), "{recorded}");
    let text = stdout(&folder, "check --baseline b.json p.mcp");
    assert!(text.ends_with("1 error in 1 file; 1 known finding in the baseline\n"), "{text}");
}

#[test]
fn a_baseline_that_cannot_be_used_stops_the_command() {
    let folder = Folder::new(&[("p.mcp", OLD), ("bad.json", "[]"), ("next.json", "{\"format\": 2, \"findings\": []}")]);
    assert_snapshot!(folder.run("check --baseline none.json p.mcp"), @"
    exit 2
    [stderr]
    error: `none.json` cannot be read: there is no such file
      help: record one with `mcppol check --write-baseline`
    ");
    assert_snapshot!(folder.run("check --baseline next.json p.mcp"), @"
    exit 2
    [stderr]
    error: `next.json`: a baseline of format 2, and only 1 is read
      help: restore it from version control, or record it anew with `mcppol check --write-baseline`
    ");
    assert_eq!(folder.exit("check --baseline bad.json p.mcp"), 2);
    assert_eq!(folder.exit("check --update-baseline p.mcp"), 2);
    assert_eq!(folder.exit("check --write-baseline --update-baseline p.mcp"), 2);
}
