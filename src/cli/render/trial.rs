//! What came out of tests, as people and programs read it.

use serde::Serialize;
use serde_json::Value;

use super::{
    json,
    junit::{self, Tally},
    one_line,
    terminal::{self, Stream},
};
use crate::{
    diagnostic::Diagnostic,
    hir::Source,
    text::{Lines, Position, Span, count, quoted_list},
    trial::{self, Made, Tried},
};

/// How many failures are drawn, and how many uncovered statements are listed; the rest is counted. JSON has all.
const MOST: usize = 100;
/// How many critical tools are named.
const TOOLS: usize = 6;

/// A run of tests: files are added as they are tried.
#[derive(Debug)]
pub(in crate::cli) struct Printed {
    document: Document,
    drawn: String,
    shown: usize,
}

/// The machine-readable shape of `test`: documented, with a schema, stable.
#[derive(Debug, Serialize)]
struct Document {
    tests: Vec<Test>,
    broken: Vec<String>,
    coverage: Option<Coverage>,
    summary: Summary,
}

#[derive(Debug, Serialize)]
struct Test {
    #[serde(flatten)]
    place: Place,
    name: String,
    policy: String,
    passed: bool,
    calls: Vec<Call>,
}

#[derive(Debug, Clone, Serialize)]
struct Place {
    file: String,
    line: u32,
    column: u32,
}

#[derive(Debug, Serialize)]
struct Call {
    line: u32,
    column: u32,
    tool: String,
    arguments: Value,
    times: u64,
    expected: String,
    expected_message: Option<String>,
    decision: &'static str,
    message: String,
    rule: Option<Place>,
    passed: bool,
    failure: Option<String>,
    notes: Vec<String>,
    help: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct Coverage {
    statements: usize,
    covered: usize,
    percent: usize,
    uncovered: Vec<Uncovered>,
    tools: Vec<Tools>,
}

#[derive(Debug, Serialize)]
struct Uncovered {
    #[serde(flatten)]
    place: Place,
    policy: String,
    statement: String,
    missing: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Tools {
    file: String,
    policy: String,
    server: String,
    tools: usize,
    called: usize,
    critical_not_called: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
struct Summary {
    files: usize,
    tests: usize,
    calls: usize,
    failed: usize,
}

/// A file's texts, with their lines known.
struct Places<'s> {
    sources: &'s [Source],
    lines: Vec<Lines>,
}

impl<'s> Places<'s> {
    fn new(sources: &'s [Source]) -> Self {
        Self { sources, lines: sources.iter().map(|source| Lines::new(&source.text)).collect() }
    }

    fn at(&self, span: Span) -> Place {
        let index = span.file.0 as usize;
        let position = |(source, lines): (&Source, &Lines)| lines.position(&source.text, span.start);
        let source = self.sources.get(index);
        let Position { line, column } =
            source.zip(self.lines.get(index)).map_or(Position { line: 1, column: 1 }, position);
        Place { file: source.map_or(String::new(), |source| source.name.clone()), line, column }
    }
}

impl Printed {
    pub(in crate::cli) fn new(files: usize, with_coverage: bool) -> Self {
        let coverage = with_coverage.then(|| Coverage { percent: 100, ..Coverage::default() });
        let summary = Summary { files, ..Summary::default() };
        let document = Document { tests: Vec::new(), broken: Vec::new(), coverage, summary };
        Self { document, drawn: String::new(), shown: 0 }
    }

    /// Whether no test was run.
    pub(in crate::cli) fn is_empty(&self) -> bool {
        self.document.tests.is_empty()
    }

    /// Whether a file has errors.
    pub(in crate::cli) fn is_broken(&self) -> bool {
        !self.document.broken.is_empty()
    }

    /// Whether nothing keeps the exit code from 0.
    pub(in crate::cli) fn passed(&self, least: Option<usize>) -> bool {
        let low = self.document.coverage.as_ref().is_some_and(|it| least.is_some_and(|least| it.percent < least));
        self.document.summary.failed == 0 && !self.is_broken() && !low
    }

    /// A file whose errors keep its tests from running.
    pub(in crate::cli) fn broken(&mut self, sources: &[Source]) {
        self.document.broken.extend(sources.first().map(|source| source.name.clone()));
    }

    /// The tests of a file.
    pub(in crate::cli) fn add(&mut self, sources: &[Source], tried: &[Tried<'_>]) {
        let places = Places::new(sources);
        let summary = &mut self.document.summary;
        summary.tests += tried.len();
        let mut failures: Vec<Diagnostic> = Vec::new();
        for it in tried {
            summary.calls += it.calls.len();
            failures.extend(it.calls.iter().filter_map(|made| made.failure.clone()));
            self.document.tests.push(Test {
                place: places.at(it.test.name.span),
                name: it.test.name.text.to_string(),
                policy: it.test.policy.as_ref().map_or(String::new(), |name| name.text.to_string()),
                passed: it.passed(),
                calls: it.calls.iter().map(|made| call(&places, made)).collect(),
            });
        }
        summary.failed += failures.len();
        failures.truncate(MOST.saturating_sub(self.shown));
        self.shown += failures.len();
        self.drawn.push_str(&terminal::draw(sources, &failures, Stream::Stdout));
    }

    /// What they cover.
    pub(in crate::cli) fn cover(&mut self, sources: &[Source], coverage: &trial::Coverage<'_>) {
        let places = Places::new(sources);
        let Some(all) = &mut self.document.coverage else { return };
        all.statements += coverage.statements.len();
        all.covered += coverage.covered();
        all.percent = trial::percent(all.covered, all.statements);
        all.uncovered.extend(coverage.statements.iter().filter(|it| !it.missing.is_empty()).map(|it| Uncovered {
            place: places.at(it.span),
            policy: it.policy.to_owned(),
            statement: trial::title(sources, it.span),
            missing: it.missing.clone(),
        }));
        all.tools.extend(coverage.tools.iter().map(|it| Tools {
            file: sources.first().map_or(String::new(), |source| source.name.clone()),
            policy: it.policy.to_owned(),
            server: it.server.to_owned(),
            tools: it.all,
            called: it.called,
            critical_not_called: it.critical.iter().map(|&tool| tool.to_owned()).collect(),
        }));
    }

    /// For people: what failed, what is not covered, and a conclusion.
    pub(in crate::cli) fn text(&self, least: Option<usize>) -> String {
        let Summary { tests, calls, failed, .. } = self.document.summary;
        let mut out = self.drawn.clone();
        if let Some(more) = failed.checked_sub(self.shown).filter(|more| *more > 0) {
            out.push_str(&format!("… and {more} more\n\n"));
        }
        if let Some(coverage) = &self.document.coverage {
            out.push_str(&coverage.text(least));
        }
        let failed = match (tests, failed) {
            (0, _) => String::new(),
            (_, 0) => ": all passed".to_owned(),
            _ => format!(": {failed} failed"),
        };
        out.push_str(&format!("{}, {}{failed}\n", count(tests, "test"), count(calls, "call")));
        match self.document.broken.as_slice() {
            [] => {}
            broken => {
                let (verb, them) = if broken.len() == 1 { ("has", "it") } else { ("have", "them") };
                let files = count(broken.len(), "file");
                out.push_str(&format!("{files} {verb} errors: no test of {them} was run\n"));
            }
        }
        out
    }

    pub(in crate::cli) fn json(&self) -> String {
        json::text(&self.document)
    }

    /// A suite for each file, a case for each test.
    pub(in crate::cli) fn junit(&self) -> String {
        let (mut suites, mut all) = (String::new(), Tally::default());
        for tests in self.document.tests.chunk_by(|a, b| a.place.file == b.place.file) {
            let Some(file) = tests.first().map(|test| &test.place.file) else { continue };
            let cases: String = tests.iter().map(case).collect();
            let failures = tests.iter().filter(|test| !test.passed).count();
            let tally = Tally { tests: tests.len(), failures, skipped: 0 };
            suites.push_str(&junit::suite(file, tally, &cases));
            all.add(tally);
        }
        for file in &self.document.broken {
            let tally = Tally { tests: 1, failures: 1, skipped: 0 };
            let text = "the file has errors: no test of it was run";
            suites.push_str(&junit::suite(
                file,
                tally,
                &junit::case("reads", file, &junit::failure("error", text, text)),
            ));
            all.add(tally);
        }
        junit::document(&suites, all, "")
    }
}

fn call(places: &Places<'_>, made: &Made<'_>) -> Call {
    let Place { line, column, .. } = places.at(made.call.span);
    let (decision, message) = match &made.got {
        Ok(verdict) => (verdict.decision.name(), verdict.message.to_string()),
        Err(unknown) => ("unknown", unknown.to_string()),
    };
    let rule = made.got.as_ref().ok().and_then(|verdict| verdict.rule);
    let note = |span, text: &str| {
        let Place { file, line, column } = places.at(span);
        format!("{file}:{line}:{column}: {text}")
    };
    let failure = made.failure.as_ref();
    Call {
        line,
        column,
        tool: made.call.tool.text.to_string(),
        arguments: made.call.arguments.clone(),
        times: made.call.times,
        expected: made.call.expected.text.to_string(),
        expected_message: made.call.message.as_ref().map(|message| message.text.to_string()),
        decision,
        message,
        rule: rule.map(|rule| places.at(rule.span)),
        passed: failure.is_none(),
        failure: failure.map(|it| it.message.clone()),
        notes: failure.into_iter().flat_map(|it| &it.labels).map(|it| note(it.span, &it.text)).collect(),
        help: failure.and_then(|it| it.help.clone()),
    }
}

impl Coverage {
    /// `9 of 12 statements are covered (75 %)`, after what is missing.
    fn text(&self, least: Option<usize>) -> String {
        let mut out = String::new();
        for it in self.uncovered.iter().take(MOST) {
            let Place { file, line, column } = &it.place;
            let (file, statement) = (one_line(file), one_line(&it.statement));
            out.push_str(&format!("{file}:{line}:{column}: {}: `{statement}`\n", it.missing.join(", ")));
        }
        if let Some(more) = self.uncovered.len().checked_sub(MOST).filter(|more| *more > 0) {
            out.push_str(&format!("… and {more} more\n"));
        }
        for it in &self.tools {
            let Tools { policy, server, tools, called, critical_not_called: critical, .. } = it;
            let critical = match critical.as_slice() {
                [] => String::new(),
                names => format!("; not the critical {}", quoted_list(names, TOOLS)),
            };
            let text = format!("`{policy}` calls {called} of the {} of `{server}`{critical}", count(*tools, "tool"));
            out.push_str(&format!("{}\n", one_line(&text)));
        }
        if self.statements == 0 {
            return out;
        }
        let low = least.filter(|least| self.percent < *least);
        let low = low.map_or(String::new(), |least| format!(", and {least} % are asked for"));
        let (covered, all) = (self.covered, count(self.statements, "statement"));
        out.push_str(&format!("{covered} of {all} covered: {} %{low}\n", self.percent));
        out
    }
}

fn case(test: &Test) -> String {
    let mut text = String::new();
    for call in test.calls.iter().filter(|call| !call.passed) {
        let place = format!("{}:{}:{}", test.place.file, call.line, call.column);
        text.push_str(&format!("{place}: {}\n", call.failure.as_deref().unwrap_or_default()));
        for note in &call.notes {
            text.push_str(&format!("  {note}\n"));
        }
        if let Some(help) = &call.help {
            text.push_str(&format!("  help: {help}\n"));
        }
    }
    let first = test.calls.iter().find_map(|call| call.failure.as_deref()).unwrap_or_default();
    let body = if test.passed { String::new() } else { junit::failure(trial::FAILED.name, first, text.trim_end()) };
    let name = if test.policy.is_empty() { test.name.clone() } else { format!("{}: {}", test.policy, test.name) };
    junit::case(&name, &test.place.file, &body)
}
