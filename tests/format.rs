//! The one style: each construct as it is written and as it becomes, and what holds of every text.

mod cases;
mod command;
mod laws;

use std::fs;

use mcppol::{
    catalog::Catalogs,
    format::{Refused, WIDTH, format},
    recommend,
};

use crate::examples::{files_below, root};

pub(crate) fn formatted(text: &str) -> String {
    format(text).unwrap_or_else(|refused| panic!("{refused:#?}\n\n{text}"))
}

/// What this project shows is in the style: the examples, and the policies on its pages.
#[test]
fn what_is_shown_is_in_the_style() {
    let mut wrong = Vec::new();
    let mut look = |place: &str, text: &str| {
        if let Ok(new) = format(text)
            && new != text
        {
            wrong.push(format!("{place}:\n{new}"));
        }
    };
    for path in files_below("examples", ".mcp") {
        look(&path, &fs::read_to_string(root().join(&path)).unwrap());
    }
    let mut blocks = 0;
    for folder in ["docs", "src/lint/rules", "src/diagnostic/pages", "examples"] {
        for path in files_below(folder, ".md") {
            let page = fs::read_to_string(root().join(&path)).unwrap();
            for block in page.split("\n```mcp\n").skip(1) {
                look(&path, &format!("{}\n", block.split("\n```").next().unwrap()));
                blocks += 1;
            }
        }
    }
    assert!(blocks > 200, "{blocks}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is written for people to begin from.
#[test]
fn recommended_policies_are_in_the_style() {
    let catalogs = Catalogs::embedded();
    let mut servers = 0;
    for path in files_below("catalogs", ".json") {
        let id = path.strip_prefix("catalogs/").unwrap().strip_suffix(".json").unwrap();
        let Some(server) = catalogs.find(id) else { continue };
        servers += 1;
        for hide_rest in [false, true] {
            let options = recommend::Options { hide_rest, ..recommend::Options::default() };
            let text = recommend::recommend(&server, &options);
            assert_eq!(formatted(&text), text, "{id}");
            let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > WIDTH).collect();
            assert!(long.iter().all(|line| line.split_whitespace().count() < 4), "{id}: {long:#?}");
        }
        for tool in &server.tools {
            let text = recommend::rule(&server, tool);
            assert_eq!(formatted(&text), text, "{id}");
        }
    }
    assert_eq!(servers, 69);
}

#[test]
fn what_does_not_read_is_refused() {
    let Err(Refused::Errors(errors)) = format("policy p for x {\n  alow y\n}\n\nset = a\n") else { panic!("it reads") };
    assert_eq!(errors.iter().map(|error| error.span.start).collect::<Vec<_>>(), [19, 33]);
    // what a newcomer writes reads with an error, and is for `check --fix`
    assert!(format("policy p for x { default deny; }").is_err());
    let large = " ".repeat(mcppol::syntax::MAX_BYTES + 1);
    assert!(matches!(format(&large), Err(Refused::Errors(errors)) if errors[0].code.name == "file-too-large"));
    // errors of names and types are no matter of style
    assert!(format("policy p for x { allow @nobody }").is_ok());
}
