//! Findings as SARIF 2.1.0, for code scanning.

use std::collections::BTreeMap;

use super::{
    explain, json,
    report::{End, Format, Item, Judged, State, long_text},
};
use crate::{
    cli::files::Root,
    diagnostic::{Fix, Level},
    lint::{About, Confidence, abouts},
    text::{Span, visible},
};

mod model;

use model::*;

/// The name of our marks among those of other tools.
const MARK: &str = "mcppol/v1";
/// The folder that paths are relative to.
const ROOT: &str = "%SRCROOT%";

pub(in crate::cli) struct Sarif {
    root: Root,
    /// Each result with its rule, whose number is known at the end.
    results: Vec<Finding>,
    /// Whether there is a baseline.
    compared: bool,
}

impl Sarif {
    pub(in crate::cli) fn new(root: Root, compared: bool) -> Self {
        Self { root, results: Vec::new(), compared }
    }

    fn result(&self, file: &Judged<'_>, item: &Item<'_>) -> Option<Finding> {
        let found = item.found;
        let suppressions = match item.state {
            State::Open => Vec::new(),
            State::Known => vec![Suppression { kind: "external", justification: "it is in the baseline".to_owned() }],
            State::Suppressed(reason) => vec![Suppression { kind: "inSource", justification: visible(reason) }],
        };
        let state = if item.state == State::Known { "unchanged" } else { "new" };
        let related = found.labels.iter().enumerate().filter_map(|(nth, label)| {
            let location = self.location(file, label.span)?;
            Some(Location { id: Some(nth + 1), message: Some(message(&label.text)), ..location })
        });
        Some(Finding {
            rule_id: found.code.name,
            rule_index: 0,
            level: level(found.level),
            message: message(&long_text(found)),
            locations: vec![self.location(file, found.span)?],
            related_locations: related.collect(),
            partial_fingerprints: BTreeMap::from([(MARK, item.fingerprint.to_string())]),
            fixes: found.fix.iter().filter_map(|fix| self.fix(file, fix)).collect(),
            suppressions,
            baseline_state: self.compared.then_some(state),
        })
    }

    fn location(&self, file: &Judged<'_>, span: Span) -> Option<Location> {
        let artifact_location = self.artifact(file.place(span)?.file);
        let physical_location = PhysicalLocation { artifact_location, region: region(file, span)? };
        Some(Location { id: None, physical_location, message: None })
    }

    fn artifact(&self, name: &str) -> ArtifactLocation {
        match self.root.name(name) {
            Some(name) => ArtifactLocation { uri: encoded(&name), uri_base_id: Some(ROOT) },
            None => ArtifactLocation { uri: self.root.address(name), uri_base_id: None },
        }
    }

    fn fix(&self, file: &Judged<'_>, fix: &Fix) -> Option<Mend> {
        let name = file.place(fix.edits.first()?.span)?.file;
        let replacement = |edit: &crate::text::Edit| {
            let inserted = (!edit.text.is_empty()).then(|| Content { text: edit.text.clone() });
            Some(Replacement { deleted_region: region(file, edit.span)?, inserted_content: inserted })
        };
        let replacements = fix.edits.iter().filter_map(replacement).collect();
        let artifact_changes = vec![ArtifactChange { artifact_location: self.artifact(name), replacements }];
        Some(Mend { description: message(&visible(&fix.title)), artifact_changes })
    }
}

impl Format for Sarif {
    fn add(&mut self, file: &Judged<'_>) {
        let results: Vec<Finding> = file.items.iter().filter_map(|item| self.result(file, item)).collect();
        self.results.extend(results);
    }

    fn finish(self: Box<Self>, end: &End) -> String {
        let mut results = self.results;
        let mut used: Vec<&str> = results.iter().map(|result| result.rule_id).collect();
        used.sort_unstable();
        used.dedup();
        for result in &mut results {
            result.rule_index = used.binary_search(&result.rule_id).unwrap_or_default();
        }
        let rules = abouts().iter().filter(|about| used.binary_search(&about.code.name).is_ok()).map(rule).collect();
        let stale = end.baseline.as_ref().and_then(|baseline| baseline.stale_note());
        let notifications = stale.map(|(text, help)| Notification {
            level: "warning",
            message: message(&format!("{}\nhelp: {help}", visible(&text))),
        });
        let driver = Driver { name: "mcppol", version: env!("CARGO_PKG_VERSION"), rules };
        let run = Run {
            tool: Tool { driver },
            invocations: vec![Invocation {
                execution_successful: true,
                tool_execution_notifications: notifications.into_iter().collect(),
            }],
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: BTreeMap::from([(
                ROOT,
                Base { description: message("the repository, or without one the working folder") },
            )]),
            results,
            properties: (end.omitted > 0).then_some(Omitted { omitted: end.omitted }),
        };
        json::text(&Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: vec![run] })
    }
}

fn rule(about: &About) -> Rule {
    let precision = match about.confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    let severity = match about.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "recommendation",
    };
    Rule {
        id: about.code.name,
        short_description: message(about.code.summary),
        full_description: message(&explain::why(about.page)),
        default_configuration: Configuration { level: level(about.level) },
        help: Help { text: explain::plain(about.page), markdown: about.page },
        properties: Properties { tags: vec!["security", about.code.class.name()], precision, severity },
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

/// A text in which nothing is a link: a stranger's words may look like one.
fn message(text: &str) -> Message {
    Message { text: visible(text).replace("](", "] (") }
}

fn region(file: &Judged<'_>, span: Span) -> Option<Region> {
    let at = file.place(span)?;
    Some(Region {
        start_line: at.start.line,
        start_column: at.start.column,
        end_line: at.end.line,
        end_column: at.end.column,
    })
}

/// A path as a relative URI reference.
pub(in crate::cli) fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
