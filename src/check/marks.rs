//! Findings with their marks, silenced ones among them.

use super::{Fingerprint, Report};
use crate::{diagnostic::Diagnostic, hir::Analysis};

/// A finding with its mark.
#[derive(Debug, Clone, Copy)]
pub struct Marked<'a> {
    /// The finding.
    pub found: &'a Diagnostic,
    /// Why a comment silences it, where one does.
    pub reason: Option<&'a str>,
    /// Its mark.
    pub fingerprint: Fingerprint,
}

/// All findings by their places, whether silenced or not, so that a comment changes no mark.
pub fn marked<'a>(analysis: &Analysis, report: &'a Report) -> Vec<Marked<'a>> {
    let open = report.findings.iter().map(|found| (found, None));
    let silenced = report.suppressed.iter().map(|it| (&it.diagnostic, Some(it.reason.as_str())));
    let mut all: Vec<(&Diagnostic, Option<&str>)> = open.chain(silenced).collect();
    all.sort_by_key(|(found, _)| found.span.at_start());
    let marks = Fingerprint::of(analysis, all.iter().map(|(found, _)| *found));
    let marked = all.into_iter().zip(marks);
    marked.map(|((found, reason), fingerprint)| Marked { found, reason, fingerprint }).collect()
}
