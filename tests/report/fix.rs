//! Fixes as the command applies them.

use std::fs;

use insta::assert_snapshot;

use super::FORMATS;
use crate::cli::Folder;

/// One safe fix and two unsafe ones.
const TEXT: &str = "\
policy p for trakt {
  default deny
  allow @read // mcppol: ignore[dead-pattern] -- old
  hide clear_autth
}

set left = fetch_history
";

#[test]
fn safe_fixes_are_applied() {
    let folder = Folder::new(&[("p.mcp", TEXT)]);
    assert_snapshot!(folder.run("check --fix p.mcp --format github"), @"
    exit 1
    [stdout]
    ::error file=p.mcp,line=4,endLine=4,col=8,endColumn=19,title=unknown-tool::`trakt` has no tool `clear_autth`, so this guards nothing that is known%0Ahelp: did you mean `clear_auth`?
    ::warning file=p.mcp,line=7,endLine=7,col=5,endColumn=9,title=unused-definition::the set `left` is not used in this file%0Ahelp: name it in a statement with `@` before it, remove it, or move it to a file of sets that others import
    1 error and 1 warning in 1 file
    [stderr]
    1 safe fix applied in 1 file
    ");
    assert_eq!(folder.read("p.mcp"), TEXT.replace(" // mcppol: ignore[dead-pattern] -- old", ""));
    assert_snapshot!(folder.run("check --unsafe-fixes p.mcp"), @"
    exit 0
    [stdout]
    no findings in 1 file
    [stderr]
    2 unsafe fixes applied in 1 file
    ");
    assert_eq!(folder.read("p.mcp"), "policy p for trakt {\n  default deny\n  allow @read\n  hide clear_auth\n}\n\n\n");
    assert_snapshot!(folder.run("check --fix p.mcp"), @"
    exit 0
    [stdout]
    no findings in 1 file
    [stderr]
    no fixes applied
    ");
}

#[test]
fn a_diff_writes_nothing() {
    let folder = Folder::new(&[("p.mcp", TEXT), ("q.mcp", "set a = fetch_history;")]);
    assert_snapshot!(folder.run("check --diff p.mcp q.mcp"), @r"
    exit 1
    [stdout]
    --- p.mcp
    +++ p.mcp
    @@ -1,6 +1,6 @@
     policy p for trakt {
       default deny
    -  allow @read // mcppol: ignore[dead-pattern] -- old
    +  allow @read
       hide clear_autth
     }
     
    --- q.mcp
    +++ q.mcp
    @@ -1 +1 @@
    -set a = fetch_history;
    \ No newline at end of file
    +set a = fetch_history
    \ No newline at end of file
    [stderr]
    2 safe fixes would be applied in 2 files
    1 error and 1 warning in 2 files
    ");
    assert_snapshot!(folder.run("check --diff --fix --unsafe-fixes p.mcp"), @"
    exit 0
    [stdout]
    --- p.mcp
    +++ p.mcp
    @@ -1,7 +1,7 @@
     policy p for trakt {
       default deny
    -  allow @read // mcppol: ignore[dead-pattern] -- old
    -  hide clear_autth
    +  allow @read
    +  hide clear_auth
     }
     
    -set left = fetch_history
    +
    [stderr]
    1 safe fix and 2 unsafe would be applied in 1 file
    no findings in 1 file
    ");
    assert_eq!(folder.read("p.mcp"), TEXT);
    fs::write(folder.path("p.mcp"), "set a = fetch_history\n").unwrap();
    assert_snapshot!(folder.run("check --diff p.mcp"), @"
    exit 0
    [stderr]
    no fixes would be applied
    no findings in 1 file
    ");
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let folder = Folder::new(&[]);
    for format in FORMATS {
        let output = folder.output(&format!("check --fix - --format {format}"), TEXT.as_bytes());
        let fixed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(fixed, TEXT.replace(" // mcppol: ignore[dead-pattern] -- old", ""));
        assert!(String::from_utf8(output.stderr).unwrap().contains("clear_autth"), "{format}");
        assert_eq!(output.status.code(), Some(1));
    }
    let clean = "policy p for plex {\r\n  default deny\r\n  allow get_on_deck\r\n}";
    assert_eq!(folder.output("check --fix -", clean.as_bytes()).stdout, clean.as_bytes());
}

#[test]
fn nothing_is_written_where_a_file_cannot_be_read() {
    let folder = Folder::new(&[("p.mcp", TEXT)]);
    assert_eq!(folder.exit("check --fix p.mcp none.mcp"), 2);
    assert_eq!(folder.read("p.mcp"), TEXT);
}

/// Only files that are named are written.
#[test]
fn imports_stay_as_they_are() {
    let sets = "set deck = get_on_deck;\n";
    let policy = "import \"sets.mcp\"\npolicy p for plex {\n  default deny\n  allow @deck;\n}\n";
    let folder = Folder::new(&[("p.mcp", policy), ("sets.mcp", sets)]);
    assert_eq!(folder.exit("check --fix p.mcp"), 1);
    assert_eq!((folder.read("p.mcp"), folder.read("sets.mcp")), (policy.replace("@deck;", "@deck"), sets.to_owned()));
    assert_eq!(folder.exit("check --fix p.mcp sets.mcp"), 0);
    assert_eq!(folder.read("sets.mcp"), "set deck = get_on_deck\n");
}

/// A fix after which the file would have an error that it has not now is left out; others are applied all the same.
#[test]
fn a_fix_that_brings_an_error_is_left_out() {
    let text = "policy p for trakt {\n  default deny\n  allow @read;\n  hide trakt/\n}\npolicy p2 for trakt { default deny; allow @raed }\n";
    let folder = Folder::new(&[("p.mcp", text)]);
    let errors = |folder: &Folder| folder.run("check p.mcp --format github").matches("::error").count();
    let before = errors(&folder);
    folder.run("check --unsafe-fixes p.mcp");
    assert!(errors(&folder) < before);
    // mending the word brings to light that there is no such set
    let hidden = "policy p for trakt {\n  default deny\n  alow @nothing\n}\n";
    let folder = Folder::new(&[("p.mcp", hidden)]);
    assert_snapshot!(folder.run("check --unsafe-fixes p.mcp --format github"), @"
    exit 1
    [stdout]
    ::error file=p.mcp,line=3,endLine=3,col=3,endColumn=7,title=syntax-error::`alow` does not begin a statement%0Ahelp: did you mean `allow`?
    1 error in 1 file
    [stderr]
    no fixes applied
    1 fix was left out: it would bring an error that is not there now
    ");
    assert_eq!(folder.read("p.mcp"), hidden);
}

/// What is known or silenced is not touched.
#[test]
fn what_does_not_count_is_not_fixed() {
    let text = "policy p for trakt {\n  default deny\n  allow @read\n  hide clear_autth\n  hide clear_atuh // mcppol: ignore[unknown-tool] -- x\n}\n";
    let folder = Folder::new(&[("p.mcp", text)]);
    assert_eq!(folder.exit("check --write-baseline=b.json p.mcp"), 0);
    assert_eq!(folder.exit("check --baseline b.json --unsafe-fixes p.mcp"), 0);
    assert_eq!(folder.read("p.mcp"), text);
}

#[test]
#[cfg(unix)]
fn links_are_followed() {
    let folder = Folder::new(&[("p.mcp", TEXT)]);
    std::os::unix::fs::symlink(folder.path("p.mcp"), folder.path("link.mcp")).unwrap();
    assert_eq!(folder.exit("check --fix link.mcp"), 1);
    assert!(folder.path("link.mcp").is_symlink() && !folder.read("p.mcp").contains("ignore"));
}
