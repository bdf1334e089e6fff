//! Policies in formats of others: what is found in them, where, and in which words; and that they mean what their
//! engines do with them.

mod clients;
#[cfg(feature = "cli")]
mod discovery;
mod documents;
mod gateways;
mod manners;
mod meaning;

use mcppol::{
    check::{Options, check},
    diagnostic::Diagnostic,
    foreign,
    hir::{Analysis, Environment, Source},
    lint::Settings,
    target,
    text::{Lines, slice},
};

use crate::examples::{CATALOGS, TODAY};

/// The analysis of a document, for a server where one is named.
pub(crate) fn analysis(path: &str, text: &str, server: Option<&str>) -> Analysis {
    let format = foreign::recognise(path, text).unwrap_or_else(|| panic!("{path} is of no format:\n{text}"));
    let source = Source { name: path.to_owned(), text: text.to_owned() };
    foreign::analyze(source, format, server, Environment { catalogs: &CATALOGS, today: TODAY })
}

pub(crate) fn findings(path: &str, text: &str, server: Option<&str>) -> Vec<Diagnostic> {
    manners::are_kept(path, text, server);
    said(&analysis(path, text, server))
}

/// Findings as `LINE:COLUMN level[name] message`, what stands there, and what to do.
fn found(path: &str, text: &str) -> String {
    rendered(text, &findings(path, text, None))
}

fn rendered(text: &str, findings: &[Diagnostic]) -> String {
    let lines = Lines::new(text);
    let line = |found: &Diagnostic| {
        let at = lines.position(text, found.span.start);
        let place = slice(text, found.span.range()).lines().next().unwrap_or_default();
        let help = found.help.as_ref().map_or(String::new(), |help| format!("\n    help: {help}"));
        let fix = found.fix.as_ref().map_or(String::new(), |fix| {
            assert_eq!(fix.edits.len(), 1);
            format!("\n    fix: {} -> {}", slice(text, fix.edits[0].span.range()), fix.edits[0].text)
        });
        let (level, name) = (found.level.name(), found.code.name);
        format!("{}:{} {level}[{name}] at {place}\n    {}{help}{fix}", at.line, at.column, found.message)
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What everybody is told of an analysis.
fn said(analysis: &Analysis) -> Vec<Diagnostic> {
    check(analysis, &Options::new(target::ALL[0], &Settings::default())).findings
}
