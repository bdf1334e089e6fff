//! The shipped catalog files: each is as the program would write it, and holds facts alone.

use std::{fmt::Write as _, fs};

use mcppol::catalog::{Category, parse, write};

use crate::examples::{compare, files_below, root};

/// Differences in review are by line, and a file that a person edited must not come back in another shape.
#[test]
fn files_are_as_they_would_be_written() {
    for file in files_below("catalogs", ".json") {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        let server = parse(text.as_bytes()).unwrap_or_else(|error| panic!("{file}: {error}"));
        let written = write(&server);
        assert!(
            written == text,
            "{file} is not as it would be written: make it again, or write it with blanks as there"
        );
        assert!(server.tools.iter().all(|tool| tool.description.is_none() && tool.schema.is_none()), "{file}");
    }
}

/// The README of the folder lists what is in it.
#[test]
fn the_table_is_true() {
    let mut table = String::from("| file | server | version | tools | conditional |");
    for category in Category::ALL.into_iter().filter(|it| *it != Category::Other) {
        write!(table, " {category} |").unwrap();
    }
    table.push_str("\n|---|---|---|---|---|---|---|---|---|---|\n");
    let (mut servers, mut tools) = (0, 0);
    for file in files_below("catalogs", ".json") {
        let server = parse(&fs::read(root().join(&file)).unwrap()).unwrap();
        let name = file.strip_prefix("catalogs/").unwrap();
        let from = server.package.as_ref().or(server.repository.as_ref()).unwrap();
        let version = server.version.as_ref().or(server.commit.as_ref()).unwrap();
        let conditional = server.tools.iter().filter(|tool| tool.conditional.is_some()).count();
        write!(table, "| `{name}` | {from} | {version} | {} | {conditional} |", server.tools.len()).unwrap();
        for category in Category::ALL.into_iter().filter(|it| *it != Category::Other) {
            write!(table, " {} |", server.tools.iter().filter(|tool| tool.category == category).count()).unwrap();
        }
        table.push('\n');
        servers += 1;
        tools += server.tools.len();
    }
    let path = root().join("catalogs/README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (start, end) = ("<!-- table: generated -->\n", "<!-- end of the table -->");
    let before = text.split_once(start).unwrap().0;
    let after = text.split_once(end).unwrap().1;
    let all = format!("{before}{start}{table}{end}{after}");
    compare(&path, &all);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let known =
        format!("[{servers} are built in](catalogs/README.md), with {},{:03} tools", tools / 1000, tools % 1000);
    assert!(readme.contains(&known), "the README should say `{known}`");
}
