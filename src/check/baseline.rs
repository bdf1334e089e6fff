//! Known findings: those that were there on the day on which a project began to look, so that only new ones count.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::Fingerprint;
use crate::{diagnostic::Diagnostic, text::visible};

/// What the file is called where nobody says otherwise.
pub const FILE_NAME: &str = "mcppol-baseline.json";
/// The most bytes that a baseline may have.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// What a known finding is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// The file, from the folder of the baseline, with `/` between its parts.
    pub file: String,
    /// The name of the rule.
    pub rule: String,
    /// Its mark in the file.
    pub fingerprint: Fingerprint,
}

impl Known {
    /// What a finding in a file would be known by; `None` where it keeps a policy from compiling, and never is known.
    pub fn new(file: &str, found: &Diagnostic, fingerprint: Fingerprint) -> Option<Self> {
        let rule = found.code.name.to_owned();
        (!found.is_fatal()).then(|| Self { file: file.to_owned(), rule, fingerprint })
    }
}

/// Known findings, each with its message: a finding that says something else, of one more tool perhaps, is a new one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<Known, String>);

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    rule: String,
    fingerprint: String,
    message: String,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// Where the bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let document: Document = serde_json::from_slice(bytes)
            .map_err(|error| format!("not a baseline: {}", visible(&error.to_string())))?;
        if document.format != 1 {
            return Err(format!("a baseline of format {}, and only 1 is read", document.format));
        }
        let entry = |entry: Entry| {
            let fingerprint = Fingerprint::parse(&entry.fingerprint)
                .ok_or_else(|| format!("not a baseline: `{}` is no fingerprint", visible(&entry.fingerprint)))?;
            Ok((Known { file: entry.file, rule: entry.rule, fingerprint }, entry.message))
        };
        document.findings.into_iter().map(entry).collect::<Result<_, String>>().map(Self)
    }

    /// Adds a finding.
    pub fn add(&mut self, known: Known, message: &str) {
        self.0.insert(known, visible(message));
    }

    /// Whether a finding with these words is one of them.
    pub fn has(&self, known: &Known, message: &str) -> bool {
        self.0.get(known).is_some_and(|then| *then == visible(message))
    }

    /// The findings, sorted, with their messages.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&Known, &str)> {
        self.0.iter().map(|(known, message)| (known, message.as_str()))
    }

    /// Keeps those of which this is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&Known) -> bool) {
        self.0.retain(|known, _| keep(known));
    }
}

/// The file: one finding a line, so that a change of it can be reviewed.
impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{\n  \"format\": 1,\n  \"findings\": [")?;
        for (nth, (known, message)) in self.0.iter().enumerate() {
            let entry = Entry {
                file: known.file.clone(),
                rule: known.rule.clone(),
                fingerprint: known.fingerprint.to_string(),
                message: message.clone(),
            };
            // plain texts always have a JSON form
            let line = serde_json::to_string(&entry).unwrap_or_default();
            write!(f, "{}\n    {line}", if nth == 0 { "" } else { "," })?;
        }
        f.write_str(if self.0.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut baseline = Baseline::default();
        assert_eq!(Baseline::parse(baseline.to_string().as_bytes()), Ok(baseline.clone()));
        for (file, mark) in [("b.mcp", "00000000000000ff"), ("a.mcp", "ff00000000000000")] {
            let fingerprint = Fingerprint::parse(mark).unwrap();
            baseline.add(Known { file: file.to_owned(), rule: "cycle".to_owned(), fingerprint }, "a \"b\"\nc");
        }
        assert_eq!(Baseline::parse(baseline.to_string().as_bytes()), Ok(baseline.clone()));
        let text = baseline.to_string();
        assert!(text.find("a.mcp") < text.find("b.mcp"), "{text}");
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "[]",
            "{\"format\": 2, \"findings\": []}",
            "{\"format\": 1, \"findings\": [], \"more\": 1}",
            "{\"format\": 1, \"findings\": [{\"file\": \"a\", \"rule\": \"b\", \"fingerprint\": \"1\", \"message\": \"\"}]}",
        ] {
            assert!(Baseline::parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
