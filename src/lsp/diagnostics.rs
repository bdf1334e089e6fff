//! Findings, as the protocol has them: those that `check` prints, in its words.

use std::cell::OnceCell;

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString, Range,
};

use super::{board::Found, convert::severity, judge::Subject, position::Index, state::State, uri};
use crate::{
    check::{self, baseline::Known},
    diagnostic::{self, Class, Label},
    hir::{Analysis, Source},
    ide::View,
    text::{Span, visible},
};

/// The most that is said of one file, the heaviest first: an editor can show no more.
const MOST: usize = 1_000;

/// What can go without a change of meaning; editors show it faded.
const UNNECESSARY: [&str; 9] = [
    "duplicate-statement",
    "ignored-entry",
    "limit-never-binds",
    "needless-requirement",
    "redundant-condition",
    "redundant-default",
    "unreachable-statement",
    "unused-definition",
    "unused-suppression",
];

/// What was found in judging a file, in all files that it lies in.
pub(super) fn found(subject: &Subject, state: &State<'_>) -> Found {
    let mut out = Found::new();
    let Some(view) = subject.view() else { return out };
    let analysis = view.document.analysis();
    let places = Places::new(state, analysis);
    let mut add = |finding: &diagnostic::Diagnostic| {
        if let Some((name, finding)) = places.finding(finding) {
            out.entry(name).or_default().push(finding);
        }
    };
    match subject.trouble() {
        None => open(subject, state).into_iter().for_each(add),
        Some(trouble) => {
            // how a text reads rests on no settings
            let reading = |it: &&diagnostic::Diagnostic| it.code.class == Class::Syntax && it.is_fatal();
            analysis.diagnostics.iter().filter(reading).for_each(&mut add);
            out.entry(subject.name.clone()).or_default().insert(0, refusal(&trouble));
        }
    }
    for source in analysis.sources.iter().skip(1) {
        out.entry(source.name.clone()).or_default();
    }
    out.values_mut().for_each(heaviest);
    out
}

/// What says findings of an open document as the protocol has them.
pub(super) fn teller<'a>(
    view: &View<'a>,
    state: &'a State<'_>,
) -> impl Fn(&diagnostic::Diagnostic) -> Option<Diagnostic> + 'a {
    let places = Places::new(state, view.document.analysis());
    move |finding| places.finding(finding).map(|(_, finding)| finding)
}

/// The findings that count: comments do not silence them, and the baseline does not know them.
fn open<'s>(subject: &'s Subject, state: &State<'_>) -> Vec<&'s diagnostic::Diagnostic> {
    let Some(view) = subject.view() else { return Vec::new() };
    let report = view.document.report();
    let Some(baseline) = &subject.basis.project.baseline else { return report.findings.iter().collect() };
    let analysis = view.document.analysis();
    let project_of = std::path::Path::new(&subject.name);
    let name = |source: &Source| state.world.name_in_baseline(project_of, &source.name);
    let names: Vec<String> = analysis.sources.iter().map(name).collect();
    let is_known = |it: &check::Marked<'_>| {
        let name = names.get(it.found.span.file.0 as usize);
        let known = name.and_then(|name| Known::new(name, it.found, it.fingerprint));
        known.is_some_and(|known| baseline.has(&known, &it.found.message))
    };
    let marked = check::marked(analysis, report).into_iter().filter(|it| it.reason.is_none() && !is_known(it));
    marked.map(|it| it.found).collect()
}

/// Says that a file is not judged, at its top.
fn refusal(trouble: &str) -> Diagnostic {
    Diagnostic {
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some("mcppol".to_owned()),
        message: format!("this file is not judged: {}", visible(trouble)),
        ..Diagnostic::default()
    }
}

fn heaviest(findings: &mut Vec<Diagnostic>) {
    if findings.len() > MOST {
        findings.sort_by_key(|it| it.severity);
        findings.truncate(MOST);
    }
}

/// The texts that places are in.
struct Places<'a, 'w> {
    state: &'a State<'w>,
    sources: &'a [Source],
    indexes: Vec<OnceCell<Index>>,
}

impl<'a, 'w> Places<'a, 'w> {
    fn new(state: &'a State<'w>, analysis: &'a Analysis) -> Self {
        let indexes = analysis.sources.iter().map(|_| OnceCell::new()).collect();
        Self { state, sources: &analysis.sources, indexes }
    }

    /// A finding, and the file that it lies in.
    fn finding(&self, it: &diagnostic::Diagnostic) -> Option<(String, Diagnostic)> {
        let source = self.sources.get(it.span.file.0 as usize)?;
        let client = &self.state.client;
        let mut lines = vec![it.message.clone()];
        lines.extend((!it.remark.is_empty()).then(|| it.remark.clone()));
        let related = client.can("/textDocument/publishDiagnostics/relatedInformation")
            || client.can("/textDocument/diagnostic/relatedInformation");
        if !related {
            lines.extend(it.labels.iter().map(|label| self.label_in_words(label)));
        }
        lines.extend(it.help.as_ref().map(|help| format!("help: {help}")));
        lines.extend(it.proof.as_ref().map(|proof| format!("for example, {proof}")));
        let labels: Vec<_> = it.labels.iter().filter(|_| related).filter_map(|label| self.label(label)).collect();
        let unnecessary = UNNECESSARY.contains(&it.code.name) && self.fades();
        let out = Diagnostic {
            range: self.range(it.span)?,
            severity: Some(severity(it.level)),
            code: Some(NumberOrString::String(it.code.name.to_owned())),
            source: Some("mcppol".to_owned()),
            message: visible(&lines.join("\n")),
            related_information: (!labels.is_empty()).then_some(labels),
            tags: unnecessary.then(|| vec![DiagnosticTag::UNNECESSARY]),
            ..Diagnostic::default()
        };
        Some((source.name.clone(), out))
    }

    fn fades(&self) -> bool {
        let list = |at: &str| self.state.client.lists(&format!("/textDocument/{at}/tagSupport/valueSet"), 1);
        list("publishDiagnostics") || list("diagnostic")
    }

    fn range(&self, span: Span) -> Option<Range> {
        let at = span.file.0 as usize;
        let text = &self.sources.get(at)?.text;
        let index = self.indexes.get(at)?.get_or_init(|| Index::new(text, self.state.client.encoding));
        Some(index.range(text, span))
    }

    fn label(&self, label: &Label) -> Option<DiagnosticRelatedInformation> {
        let name = &self.sources.get(label.span.file.0 as usize)?.name;
        let location = Location { uri: self.state.address(name)?, range: self.range(label.span)? };
        Some(DiagnosticRelatedInformation { location, message: visible(&label.text) })
    }

    /// Another place in words, for clients that show one place only.
    fn label_in_words(&self, label: &Label) -> String {
        let name = self.sources.get(label.span.file.0 as usize).map_or("", |source| &source.name);
        let line = self.range(label.span).map_or(0, |range| range.start.line) + 1;
        format!("{}: {}, line {line}", label.text, uri::last(name))
    }
}
