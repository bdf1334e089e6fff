//! Findings as JUnit XML: a suite for each file, a case for each finding.

use super::report::{End, Format, Judged, State, long_text};
use crate::{diagnostic::Level, text::visible};

#[derive(Debug, Default)]
pub(in crate::cli) struct Junit {
    suites: String,
    all: Tally,
}

/// How many cases there are, and what became of them.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) tests: usize,
    pub(super) failures: usize,
    pub(super) skipped: usize,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.skipped += other.skipped;
    }

    /// As attributes.
    fn text(self) -> String {
        let Self { tests, failures, skipped } = self;
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"")
    }
}

impl Format for Junit {
    fn add(&mut self, file: &Judged<'_>) {
        let mut tally = Tally::default();
        let mut cases = String::new();
        for item in file.items.iter().filter(|item| item.state != State::Known) {
            let found = item.found;
            let Some(at) = file.place(found.span) else { continue };
            let place = format!("{}:{}:{}", at.file, at.start.line, at.start.column);
            let (rule, level) = (found.code.name, found.level);
            let text = format!("{place}: {}[{rule}] {}", level.name(), long_text(found));
            let body = match item.state {
                State::Suppressed(reason) => {
                    tally.skipped += 1;
                    format!("<skipped message=\"{}\"/>", escaped(&visible(reason)))
                }
                // what is only worth knowing fails nothing
                _ if level == Level::Info => format!("<system-out>{}</system-out>", escaped(&text)),
                _ => {
                    tally.failures += 1;
                    failure(rule, &found.message, &text)
                }
            };
            tally.tests += 1;
            cases.push_str(&case(&format!("{rule} {place}"), file.name(), &body));
        }
        if tally.tests == 0 {
            // a suite without a case counts as one that did not run
            tally.tests = 1;
            cases = case("no findings", file.name(), "");
        }
        self.suites.push_str(&suite(file.name(), tally, &cases));
        self.all.add(tally);
    }

    fn finish(self: Box<Self>, end: &End) -> String {
        let note = match end.omitted {
            0 => String::new(),
            n => format!("  <!-- and {n} more -->\n"),
        };
        document(&self.suites, self.all, &note)
    }
}

/// The whole text.
pub(super) fn document(suites: &str, all: Tally, note: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mcppol\" {}>\n{suites}{note}</testsuites>\n",
        all.text()
    )
}

/// The cases of a file.
pub(super) fn suite(file: &str, tally: Tally, cases: &str) -> String {
    format!("  <testsuite name=\"{}\" {}>\n{cases}  </testsuite>\n", escaped(file), tally.text())
}

/// A case with what is in it; an empty one passes.
pub(super) fn case(name: &str, file: &str, body: &str) -> String {
    let head = format!("    <testcase name=\"{}\" classname=\"{}\"", escaped(name), escaped(file));
    if body.is_empty() { format!("{head}/>\n") } else { format!("{head}>{body}</testcase>\n") }
}

/// Why a case fails.
pub(super) fn failure(kind: &str, message: &str, text: &str) -> String {
    format!("<failure type=\"{kind}\" message=\"{}\">{}</failure>", escaped(&visible(message)), escaped(text))
}

/// Text for an attribute or an element; characters that XML cannot hold are spelt out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push_str(&visible(c.encode_utf8(&mut [0; 4]))),
        }
    }
    out
}
