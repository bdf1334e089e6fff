//! The command: what it writes, prints and says.
#![cfg(feature = "cli")]

use insta::assert_snapshot;

use crate::cli::Folder;

const UGLY: &str = "policy p for plex{default deny allow get_on_deck}";
const NEAT: &str = "policy p for plex {\n  default deny\n  allow get_on_deck\n}\n";
const BROKEN: &str = "policy p for plex {\n  default deny\n  alow get_on_deck\n}\n";

#[test]
fn looking_writes_nothing() {
    let folder = Folder::new(&[("a.mcp", UGLY), ("b.mcp", NEAT)]);
    assert_snapshot!(folder.run("fmt --check a.mcp b.mcp"), @r##"
    exit 1
    [stdout]
    a.mcp
    [stderr]
    1 file would be formatted, 1 unchanged
    "##);
    assert_snapshot!(folder.run("fmt --diff"), @r##"
    exit 1
    [stdout]
    --- a.mcp
    +++ a.mcp
    @@ -1 +1,4 @@
    -policy p for plex{default deny allow get_on_deck}
    \ No newline at end of file
    +policy p for plex {
    +  default deny
    +  allow get_on_deck
    +}
    [stderr]
    1 file would be formatted, 1 unchanged
    "##);
    assert_eq!(folder.exit("fmt --check b.mcp"), 0);
    assert_eq!(folder.exit("fmt --diff b.mcp"), 0);
    assert_eq!(folder.read("a.mcp"), UGLY);
}

#[test]
fn a_folder_is_written_but_for_files_with_errors() {
    let folder = Folder::new(&[("a.mcp", UGLY), ("sub/b.mcp", NEAT), ("c.mcp", BROKEN), ("d.json", "{}")]);
    assert_snapshot!(folder.run("fmt"), @r##"
    exit 1
    [stderr]
    error[syntax-error]

      × `alow` does not begin a statement
       ╭─[c.mcp:3:3]
     2 │   default deny
     3 │   alow get_on_deck
       ·   ────
     4 │ }
       ╰────
      help: did you mean `allow`?

    1 file formatted, 1 unchanged, 1 left alone because of errors
    "##);
    assert_eq!((folder.read("a.mcp").as_str(), folder.read("c.mcp").as_str()), (NEAT, BROKEN));
    assert_snapshot!(folder.run("fmt a.mcp sub/b.mcp"), @r##"
    exit 0
    [stderr]
    2 files unchanged
    "##);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::new(&[]);
    let output = folder.output("fmt -", UGLY.as_bytes());
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), NEAT.as_bytes()));
    let output = folder.output("fmt -", BROKEN.as_bytes());
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), b"".as_slice()));
}

#[test]
fn what_cannot_be_read_leaves_all_files_as_they_are() {
    let folder = Folder::new(&[("a.mcp", UGLY)]);
    assert_snapshot!(folder.run("fmt a.mcp missing.mcp"), @r##"
    exit 2
    [stderr]
    error: `missing.mcp` cannot be read: there is no such file
    "##);
    assert_eq!(folder.read("a.mcp"), UGLY);
    assert_snapshot!(Folder::new(&[("d.json", "{}")]).run("fmt"), @r"
    exit 2
    [stderr]
    error: of 1 file below this folder none ends in `.mcp`
      help: name a file, or begin with `mcppol init`
    ");
}
