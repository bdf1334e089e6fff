//! The shipped catalog files: each is as the program would write it, and holds facts alone.

use std::fs;

use mcppol::catalog::{parse, write};

use crate::examples::{files_below, root};

/// Differences in review are by line, and a file that a person edited must not come back in another shape.
#[test]
fn files_are_as_they_would_be_written() {
    for file in files_below("catalogs", ".json") {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        let server = parse(text.as_bytes()).unwrap_or_else(|error| panic!("{file}: {error}"));
        let written = write(&server);
        if std::env::var_os("MCPPOL_UPDATE").is_some() {
            fs::write(root().join(&file), &written).unwrap();
        } else {
            assert!(written == text, "{file} is not as it would be written: run the tests with MCPPOL_UPDATE=1");
        }
        assert!(server.tools.iter().all(|tool| tool.description.is_none() && tool.schema.is_none()), "{file}");
    }
}
