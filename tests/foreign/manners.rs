//! What is said of a document in another format is said in its words, and what is offered leaves it a document.

use std::collections::BTreeMap;

use mcppol::{
    check::{Options, check},
    diagnostic::{Diagnostic, Level},
    foreign, lint,
    lint::{Persona, Settings},
    target, text,
};

use super::analysis;
use crate::rules::examples;

/// How statements of ours begin.
const OURS: [&str; 13] = [
    "`hide ",
    "`deny ",
    "`ask ",
    "`allow ",
    "`limit ",
    "`on ",
    "`require args",
    "`except ",
    "`default deny",
    "`default hide",
    "`because`",
    "`grant`",
    "`test`",
];

/// What the most curious are told.
fn all(path: &str, text: &str, server: Option<&str>) -> Vec<Diagnostic> {
    let mut settings = Settings::default();
    settings.persona = Persona::Audit;
    check(&analysis(path, text, server), &Options::new(target::ALL[0], &settings)).findings
}

/// How often each kind of error is found.
fn errors(findings: &[Diagnostic]) -> BTreeMap<&str, usize> {
    let mut out = BTreeMap::new();
    for found in findings.iter().filter(|found| found.level == Level::Error) {
        *out.entry(found.code.name).or_default() += 1;
    }
    out
}

pub(super) fn are_kept(path: &str, document: &str, server: Option<&str>) {
    let findings = all(path, document, server);
    let before = errors(&findings);
    for found in &findings {
        let help = found.help.iter().chain(found.fix.as_ref().map(|fix| &fix.title));
        for text in help.chain([&found.message]) {
            assert!(!OURS.iter().any(|word| text.contains(word)), "{path}: {found:#?}");
        }
        let Some(fix) = &found.fix else { continue };
        let fixed = text::apply(document, &fix.edits);
        for (name, count) in errors(&all(path, &fixed, server)) {
            // with the right name more can be said of a tool
            let more = name == "invalid-document" && count > before.get(name).copied().unwrap_or_default();
            assert!(!more, "{path}: {found:#?}\nleaves {name}:\n{fixed}");
        }
    }
}

#[test]
fn on_the_pages() {
    let mut read = 0;
    for rule in lint::ALL {
        for (_, example) in examples(rule.page) {
            if foreign::recognise(&example.file, &example.text).is_some() {
                are_kept(&example.file, &example.text, None);
                read += 1;
            }
        }
    }
    assert!(read > 10, "{read}");
}
