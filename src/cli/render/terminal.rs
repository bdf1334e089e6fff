//! Diagnostics for people, drawn by miette; infos as plain lines below, so that they do not hide the rest.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters,
};
use terminal_size::{Width, terminal_size_of};

use super::{
    Summary,
    report::{End, Format, Judged, conclusion},
};
use crate::{
    diagnostic::{Diagnostic, Level},
    hir::Source,
    text::{FileId, Lines, as_u32, count, list, slice, visible},
};

/// How many findings are drawn where nothing else is asked for; the rest is counted.
pub(in crate::cli) const MOST: usize = 200;

/// The longest line that is drawn, in bytes; what is wrong with a longer one is said without it.
const LONGEST_LINE: usize = 2_000;

/// Where the drawing goes, which decides on colours and width.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    pub(super) fn colours(self) -> bool {
        // the user's word against colours outweighs every other sign
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let stream = match self {
            Stream::Stdout => supports_color::Stream::Stdout,
            Stream::Stderr => supports_color::Stream::Stderr,
        };
        !refused && supports_color::on(stream).is_some()
    }

    fn unicode(self) -> bool {
        supports_unicode::on(match self {
            Stream::Stdout => supports_unicode::Stream::Stdout,
            Stream::Stderr => supports_unicode::Stream::Stderr,
        })
    }

    /// How wide text should be.
    pub(super) fn width(self) -> usize {
        let size = match self {
            Stream::Stdout => terminal_size_of(std::io::stdout()),
            Stream::Stderr => terminal_size_of(std::io::stderr()),
        };
        // what goes to a file or another program has one width everywhere
        size.map_or(110, |(Width(columns), _)| usize::from(columns)).clamp(40, 140)
    }
}

/// A run for people.
pub(in crate::cli) struct Text {
    stream: Stream,
    out: String,
}

impl Text {
    pub(in crate::cli) fn new(stream: Stream) -> Self {
        Self { stream, out: String::new() }
    }
}

impl Format for Text {
    fn add(&mut self, file: &Judged<'_>) {
        self.out.push_str(&drawn(file.sources, &file.lines, file.open().map(|item| item.found), self.stream));
    }

    fn finish(self: Box<Self>, end: &End) -> String {
        let mut out = self.out;
        if end.omitted > 0 {
            out.push_str(&format!("… and {} more\n\n", end.omitted));
        }
        out.push_str(&format!("{}\n", conclusion(end)));
        out
    }
}

/// Draws diagnostics as one text.
pub(in crate::cli) fn draw(sources: &[Source], diagnostics: &[Diagnostic], stream: Stream) -> String {
    let lines: Vec<Lines> = sources.iter().map(|source| Lines::new(&source.text)).collect();
    let mut out = drawn(sources, &lines, diagnostics.iter().take(MOST), stream);
    if let Some(rest) = diagnostics.len().checked_sub(MOST).filter(|rest| *rest > 0) {
        out.push_str(&format!("… and {rest} more\n\n"));
    }
    out
}

fn drawn<'d>(
    sources: &[Source],
    lines: &[Lines],
    diagnostics: impl Iterator<Item = &'d Diagnostic>,
    stream: Stream,
) -> String {
    let handler = handler(stream);
    let mut out = String::new();
    let mut infos = String::new();
    for diagnostic in diagnostics {
        let index = diagnostic.span.file.0 as usize;
        let (Some(source), Some(lines)) = (sources.get(index), lines.get(index)) else { continue };
        if diagnostic.level == Level::Info {
            infos.push_str(&line(diagnostic, source, lines));
            continue;
        }
        let shown = lines.range(&source.text, lines.line_of(diagnostic.span.start));
        if shown.len() > LONGEST_LINE {
            out.push_str(&line(diagnostic, source, lines));
            out.extend(advice(diagnostic).map(|text| format!("  help: {}\n", visible(&text))));
            continue;
        }
        let report = Report { diagnostic, code: File { source, lines } };
        // writing to a string does not fail
        let _ = handler.render_report(&mut out, &report);
        out.push('\n');
    }
    out.push_str(&infos);
    out
}

/// What to do, and below it the call that shows it.
fn advice(diagnostic: &Diagnostic) -> Option<String> {
    let proof = diagnostic.proof.as_ref().map(|proof| format!("for example, {proof}"));
    match (&diagnostic.help, proof) {
        (Some(help), Some(proof)) => Some(format!("{help}\n{proof}")),
        (help, proof) => help.clone().or(proof),
    }
}

/// A diagnostic on one line.
fn line(diagnostic: &Diagnostic, source: &Source, lines: &Lines) -> String {
    let at = lines.position(&source.text, diagnostic.span.start);
    let message = visible(&diagnostic.message);
    let (level, name) = (diagnostic.level.name(), diagnostic.code.name);
    format!("{level}[{name}] {}:{}:{}: {message}\n", source.name, at.line, at.column)
}

/// `2 errors and 1 warning`, or nothing.
pub(in crate::cli) fn summary(summary: Summary) -> Option<String> {
    let parts: Vec<String> = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "info")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, noun)| count(n, noun))
        .collect();
    (!parts.is_empty()).then(|| list(&parts, "and"))
}

fn handler(stream: Stream) -> GraphicalReportHandler {
    let theme = match (stream.colours(), stream.unicode()) {
        (true, true) => GraphicalTheme::unicode(),
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (true, false) => GraphicalTheme { characters: ThemeCharacters::ascii(), ..GraphicalTheme::unicode() },
        (false, false) => GraphicalTheme::none(),
    };
    GraphicalReportHandler::new_themed(theme).with_width(stream.width()).with_links(false).with_context_lines(1)
}

/// A diagnostic as miette wants it.
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    code: File<'a>,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.diagnostic.message))
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(format!("{}[{}]", self.diagnostic.level.name(), self.diagnostic.code.name)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.level {
            Level::Error => miette::Severity::Error,
            Level::Warning => miette::Severity::Warning,
            Level::Info => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        advice(self.diagnostic).map(|text| Box::new(visible(&text)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.code)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let text = |text: &str| (!text.is_empty()).then(|| visible(text));
        let main = &self.diagnostic;
        let first = LabeledSpan::new_primary_with_span(text(&main.remark), main.span.range());
        // places in other files are named in the message; miette draws one file
        let here = |file: FileId| file == main.span.file;
        let others = main.labels.iter().filter(move |label| here(label.span.file));
        let others = others.map(move |label| LabeledSpan::new_with_span(text(&label.text), label.span.range()));
        Some(Box::new(std::iter::once(first).chain(others)))
    }
}

/// A source with its lines known, so that a place deep in a large file costs nothing.
struct File<'a> {
    source: &'a Source,
    lines: &'a Lines,
}

impl SourceCode for File<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &self.source.text;
        let first = self.lines.line_of(as_u32(span.offset()));
        let last = self.lines.line_of(as_u32(span.offset() + span.len().saturating_sub(1)));
        let from = first.saturating_sub(as_u32(before));
        // without context miette asks where the span itself begins
        let start = if before == 0 { span.offset() } else { self.lines.range(text, from).start };
        let end = self.lines.range(text, last.saturating_add(as_u32(after))).end;
        let data = slice(text, start..end.max(start));
        let column = self.lines.position(text, as_u32(start)).column as usize - 1;
        Ok(Box::new(MietteSpanContents::new_named(
            self.source.name.clone(),
            data.as_bytes(),
            (start, data.len()).into(),
            from as usize,
            column,
            last as usize - from as usize + 1,
        )))
    }
}
