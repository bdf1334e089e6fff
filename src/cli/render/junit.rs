//! Findings as JUnit XML: a suite for each file, a case for each finding.

use super::report::{End, Format, Judged, State, long_text};
use crate::{diagnostic::Level, text::visible};

#[derive(Debug, Default)]
pub(in crate::cli) struct Junit {
    suites: String,
    all: Tally,
}

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    tests: usize,
    failures: usize,
    skipped: usize,
}

impl Tally {
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
            let text = escaped(&format!("{place}: {}[{rule}] {}", level.name(), long_text(found)));
            let body = match item.state {
                State::Suppressed(reason) => {
                    tally.skipped += 1;
                    format!("<skipped message=\"{}\"/>", escaped(&visible(reason)))
                }
                // what is only worth knowing fails nothing
                _ if level == Level::Info => format!("<system-out>{text}</system-out>"),
                _ => {
                    tally.failures += 1;
                    let message = escaped(&visible(&found.message));
                    format!("<failure type=\"{rule}\" message=\"{message}\">{text}</failure>")
                }
            };
            tally.tests += 1;
            let (name, class) = (escaped(&format!("{rule} {place}")), escaped(file.name()));
            cases.push_str(&format!("    <testcase name=\"{name}\" classname=\"{class}\">{body}</testcase>\n"));
        }
        let name = escaped(file.name());
        if tally.tests == 0 {
            // a suite without a case counts as one that did not run
            tally.tests = 1;
            cases = format!("    <testcase name=\"no findings\" classname=\"{name}\"/>\n");
        }
        self.suites.push_str(&format!("  <testsuite name=\"{name}\" {}>\n{cases}  </testsuite>\n", tally.text()));
        self.all.tests += tally.tests;
        self.all.failures += tally.failures;
        self.all.skipped += tally.skipped;
    }

    fn finish(self: Box<Self>, end: &End) -> String {
        let note = match end.omitted {
            0 => String::new(),
            n => format!("  <!-- and {n} more -->\n"),
        };
        let Self { suites, all } = *self;
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mcppol\" {}>\n{suites}{note}</testsuites>\n",
            all.text()
        )
    }
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
