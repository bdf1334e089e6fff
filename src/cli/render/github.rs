//! Findings as annotations of GitHub Actions: a command a line, and at the end a line for people.

use super::report::{End, Format, Judged, conclusion, long_text};
use crate::{cli::files::Root, diagnostic::Level, text::visible};

#[derive(Debug)]
pub(in crate::cli) struct Github {
    out: String,
    root: Root,
}

impl Github {
    pub(in crate::cli) fn new(root: Root) -> Self {
        Self { out: String::new(), root }
    }
}

impl Format for Github {
    fn add(&mut self, file: &Judged<'_>) {
        for item in file.open() {
            let found = item.found;
            let Some(at) = file.place(found.span) else { continue };
            let command = match found.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Info => "notice",
            };
            let name = self.root.name(at.file).unwrap_or_else(|| at.file.to_owned());
            let (line, end_line) = (at.start.line, at.end.line);
            self.out
                .push_str(&format!("::{command} file={},line={line},endLine={end_line}", property(&visible(&name))));
            // columns mean nothing where the lines differ
            if line == end_line {
                self.out.push_str(&format!(",col={},endColumn={}", at.start.column, at.end.column));
            }
            self.out.push_str(&format!(",title={}::{}\n", property(found.code.name), data(&long_text(found))));
        }
    }

    fn finish(self: Box<Self>, end: &End) -> String {
        let mut out = self.out;
        if end.omitted > 0 {
            out.push_str(&format!("… and {} more\n", end.omitted));
        }
        out.push_str(&format!("{}\n", conclusion(end)));
        out
    }
}

/// What stands after `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands after `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
