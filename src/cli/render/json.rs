//! The machine-readable shape of `check`: documented, with a schema, stable.

use serde::Serialize;

use super::Summary;
use crate::{
    diagnostic::Diagnostic,
    hir::Source,
    text::{Lines, is_hidden},
};

#[derive(Debug, Serialize)]
pub(in crate::cli) struct Report {
    diagnostics: Vec<Entry>,
    summary: Counts,
}

#[derive(Debug, Serialize)]
struct Entry {
    name: &'static str,
    level: &'static str,
    message: String,
    proof: Option<String>,
    help: Option<String>,
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Debug, Serialize)]
struct Counts {
    files: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
}

impl Report {
    pub(in crate::cli) fn new() -> Self {
        Self { diagnostics: Vec::new(), summary: Counts { files: 0, errors: 0, warnings: 0, infos: 0 } }
    }

    /// Adds what was found in one file and its imports.
    pub(in crate::cli) fn add(&mut self, sources: &[Source], diagnostics: &[Diagnostic]) {
        let lines: Vec<Lines> = sources.iter().map(|source| Lines::new(&source.text)).collect();
        for diagnostic in diagnostics {
            let index = diagnostic.span.file.0 as usize;
            let (Some(source), Some(lines)) = (sources.get(index), lines.get(index)) else { continue };
            let start = lines.position(&source.text, diagnostic.span.start);
            let end = lines.position(&source.text, diagnostic.span.end);
            self.diagnostics.push(Entry {
                name: diagnostic.code.name,
                level: diagnostic.level.name(),
                message: diagnostic.message.clone(),
                proof: diagnostic.proof.clone(),
                help: diagnostic.help.clone(),
                file: source.name.clone(),
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
            });
        }
    }

    /// The report as text.
    pub(in crate::cli) fn finish(mut self, files: usize, summary: Summary) -> String {
        let Summary { errors, warnings, infos } = summary;
        self.summary = Counts { files, errors, warnings, infos };
        text(&self)
    }
}

/// A value as indented JSON with a final newline. Characters that could draw on a terminal are escaped, which JSON
/// allows for any; outside of texts there are none.
pub(in crate::cli) fn text(value: &impl Serialize) -> String {
    // plain structs of texts and numbers always have a JSON form
    let written = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(written.len() + 1);
    for c in written.chars() {
        if is_hidden(c) && c != '\n' {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}
