//! The machine-readable shape of `check`: documented, with a schema, stable.

use serde::Serialize;

use super::report::{End, Format, Item, Judged, State};
use crate::{
    diagnostic::Fix,
    lint::confidence,
    text::{Span, is_hidden},
};

#[derive(Debug, Default)]
pub(in crate::cli) struct Json {
    diagnostics: Vec<Entry>,
    suppressed: Vec<Silenced>,
}

#[derive(Debug, Serialize)]
struct Document {
    diagnostics: Vec<Entry>,
    suppressed: Vec<Silenced>,
    baseline: Option<Known>,
    summary: Counts,
}

#[derive(Debug, Serialize)]
struct Entry {
    name: &'static str,
    level: &'static str,
    confidence: &'static str,
    message: String,
    proof: Option<String>,
    help: Option<String>,
    policy: Option<String>,
    #[serde(flatten)]
    place: Place,
    labels: Vec<Label>,
    fix: Option<Mend>,
    fingerprint: String,
}

#[derive(Debug, Serialize)]
struct Silenced {
    #[serde(flatten)]
    entry: Entry,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Place {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Debug, Serialize)]
struct Label {
    #[serde(flatten)]
    place: Place,
    text: String,
}

#[derive(Debug, Serialize)]
struct Mend {
    title: String,
    applicability: &'static str,
    edits: Vec<Label>,
}

#[derive(Debug, Serialize)]
struct Known {
    file: String,
    known: usize,
    stale: Vec<Stale>,
}

#[derive(Debug, Serialize)]
struct Stale {
    file: String,
    name: String,
    fingerprint: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct Counts {
    files: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    omitted: usize,
}

impl Format for Json {
    fn add(&mut self, file: &Judged<'_>) {
        for item in &file.items {
            let Some(entry) = entry(file, item) else { continue };
            match item.state {
                State::Open => self.diagnostics.push(entry),
                State::Known => {}
                State::Suppressed(reason) => self.suppressed.push(Silenced { entry, reason: reason.to_owned() }),
            }
        }
    }

    fn finish(self: Box<Self>, end: &End) -> String {
        let baseline = end.baseline.as_ref().map(|baseline| Known {
            file: baseline.file.clone(),
            known: baseline.known,
            stale: baseline
                .stale
                .iter()
                .map(|(known, message)| Stale {
                    file: known.file.clone(),
                    name: known.rule.clone(),
                    fingerprint: known.fingerprint.to_string(),
                    message: message.clone(),
                })
                .collect(),
        });
        let summary = Counts {
            files: end.files,
            errors: end.summary.errors,
            warnings: end.summary.warnings,
            infos: end.summary.infos,
            suppressed: end.suppressed,
            omitted: end.omitted,
        };
        text(&Document { diagnostics: self.diagnostics, suppressed: self.suppressed, baseline, summary })
    }
}

fn entry(file: &Judged<'_>, item: &Item<'_>) -> Option<Entry> {
    let found = item.found;
    let labels = found.labels.iter();
    Some(Entry {
        name: found.code.name,
        level: found.level.name(),
        confidence: confidence(found.code.name).name(),
        message: found.message.clone(),
        proof: found.proof.clone(),
        help: found.help.clone(),
        policy: item.policy.map(str::to_owned),
        place: place(file, found.span)?,
        labels: labels.filter_map(|it| Some(Label { place: place(file, it.span)?, text: it.text.clone() })).collect(),
        fix: found.fix.as_ref().map(|fix| mend(file, fix)),
        fingerprint: item.fingerprint.to_string(),
    })
}

fn mend(file: &Judged<'_>, fix: &Fix) -> Mend {
    let edits = fix.edits.iter();
    Mend {
        title: fix.title.clone(),
        applicability: fix.applicability.name(),
        edits: edits.filter_map(|it| Some(Label { place: place(file, it.span)?, text: it.text.clone() })).collect(),
    }
}

fn place(file: &Judged<'_>, span: Span) -> Option<Place> {
    let at = file.place(span)?;
    Some(Place {
        file: at.file.to_owned(),
        line: at.start.line,
        column: at.start.column,
        end_line: at.end.line,
        end_column: at.end.column,
    })
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
