//! What a check found, as every format takes it.

use super::Summary;
use crate::{
    check::{self, Fingerprint, Marked, Report, baseline::Known},
    diagnostic::{Diagnostic, Level},
    hir::{Analysis, Source},
    text::{FileId, Lines, Position, Span, count, visible},
};

/// A file with its imports, judged.
pub(in crate::cli) struct Judged<'a> {
    /// The file and its imports.
    pub(in crate::cli) sources: &'a [Source],
    /// Where their lines begin.
    pub(in crate::cli) lines: Vec<Lines>,
    /// What was found, in order.
    pub(in crate::cli) items: Vec<Item<'a>>,
}

/// One finding.
pub(in crate::cli) struct Item<'a> {
    pub(in crate::cli) found: &'a Diagnostic,
    pub(in crate::cli) fingerprint: Fingerprint,
    /// The policy that it belongs to.
    pub(in crate::cli) policy: Option<&'a str>,
    pub(in crate::cli) state: State<'a>,
}

impl Item<'_> {
    /// Whether a comment silences it.
    pub(in crate::cli) fn is_suppressed(&self) -> bool {
        matches!(self.state, State::Suppressed(_))
    }
}

/// Whether a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum State<'a> {
    Open,
    /// It is in the baseline.
    Known,
    /// A comment silences it, for this reason.
    Suppressed(&'a str),
}

/// A place as people name it.
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl<'a> Judged<'a> {
    /// What a check found in an analysed file, each with its mark.
    pub(in crate::cli) fn new(analysis: &'a Analysis, report: &'a Report) -> Self {
        let here = |found: &Diagnostic| found.span.file == FileId(0);
        let items = check::marked(analysis, report).into_iter().map(|Marked { found, reason, fingerprint }| {
            let state = reason.map_or(State::Open, State::Suppressed);
            let policy = analysis.outline.policy_at(found.span).filter(|_| here(found));
            Item { found, fingerprint, policy: policy.map(|name| &*name.text), state }
        });
        let lines = analysis.sources.iter().map(|source| Lines::new(&source.text)).collect();
        Self { sources: &analysis.sources, lines, items: items.collect() }
    }

    /// The file that was asked for.
    pub(super) fn name(&self) -> &'a str {
        self.sources.first().map_or("", |source| &source.name)
    }

    /// Where a span is.
    pub(super) fn place(&self, span: Span) -> Option<Place<'a>> {
        let index = span.file.0 as usize;
        let (source, lines) = (self.sources.get(index)?, self.lines.get(index)?);
        let at = |offset| lines.position(&source.text, offset);
        Some(Place { file: &source.name, start: at(span.start), end: at(span.end) })
    }

    /// The findings that count.
    pub(in crate::cli) fn open(&self) -> impl Iterator<Item = &Item<'a>> {
        self.items.iter().filter(|item| item.state == State::Open)
    }

    /// Keeps at most so many of the findings that count, the heaviest, and says how many went.
    pub(in crate::cli) fn keep(&mut self, most: usize) -> usize {
        let mut open: Vec<(Level, usize)> = Vec::new();
        for (at, item) in self.items.iter().enumerate().filter(|(_, item)| item.state == State::Open) {
            open.push((item.found.level, at));
        }
        let Some(more) = open.len().checked_sub(most).filter(|more| *more > 0) else { return 0 };
        open.sort_by_key(|(level, at)| (std::cmp::Reverse(*level), *at));
        let mut gone: Vec<usize> = open.into_iter().skip(most).map(|(_, at)| at).collect();
        gone.sort_unstable();
        let mut at = 0;
        self.items.retain(|_| {
            at += 1;
            gone.binary_search(&(at - 1)).is_err()
        });
        more
    }
}

/// A format of a whole run: files are added as they are judged.
pub(in crate::cli) trait Format {
    fn add(&mut self, file: &Judged<'_>);
    /// The output.
    fn finish(self: Box<Self>, end: &End) -> String;
}

/// What is known when all files are judged.
#[derive(Debug, Default)]
pub(in crate::cli) struct End {
    /// How many files were named.
    pub(in crate::cli) files: usize,
    /// How many findings count, shown or not.
    pub(in crate::cli) summary: Summary,
    /// How many of them were left out of the output on request.
    pub(in crate::cli) omitted: usize,
    /// How many are silenced by comments.
    pub(in crate::cli) suppressed: usize,
    pub(in crate::cli) baseline: Option<BaselineEnd>,
}

/// What became of the baseline.
#[derive(Debug)]
pub(in crate::cli) struct BaselineEnd {
    pub(in crate::cli) file: String,
    /// How many findings it knows.
    pub(in crate::cli) known: usize,
    /// What it has and nobody finds any more, with the messages.
    pub(in crate::cli) stale: Vec<(Known, String)>,
}

impl BaselineEnd {
    /// What is to be said of entries that nobody finds any more.
    pub(in crate::cli) fn stale_note(&self) -> Option<(String, &'static str)> {
        let n = self.stale.len();
        let entries = counted(n, "entry", "entries");
        let message = format!("{entries} of `{}` {} not found any more", self.file, if n == 1 { "is" } else { "are" });
        (n > 0).then_some((message, "take them out, and nothing else: the same command with `--update-baseline`"))
    }
}

/// `1 entry`, `2 entries`.
pub(in crate::cli) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `1 error in 2 files; 3 known findings in the baseline`
pub(in crate::cli) fn conclusion(end: &End) -> String {
    let found = super::terminal::summary(end.summary).unwrap_or_else(|| "no findings".to_owned());
    let known = end.baseline.as_ref().map(|baseline| baseline.known).filter(|known| *known > 0);
    let known = known.map_or(String::new(), |known| format!("; {} in the baseline", count(known, "known finding")));
    format!("{found} in {}{known}", count(end.files, "file"))
}

/// A finding in plain lines, with what to do and the call that shows it.
pub(super) fn long_text(found: &Diagnostic) -> String {
    let help = found.help.as_ref().map_or(String::new(), |help| format!("\nhelp: {help}"));
    let proof = found.proof.as_ref().map_or(String::new(), |proof| format!("\nfor example, {proof}"));
    visible(&format!("{}{help}{proof}", found.message))
}
