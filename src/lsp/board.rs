//! What was found, by the file that was judged and by the file that it is in: a policy's findings may lie in its
//! imports, and belong there.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use lsp_types::Diagnostic;

/// What was found in judging one file, by the files that it lies in.
pub(super) type Found = BTreeMap<String, Vec<Diagnostic>>;

/// All that was found.
#[derive(Default)]
pub(super) struct Board(BTreeMap<String, Found>);

impl Board {
    /// What was found in judging a file is this now; the files whose findings may be others. A file once named stays
    /// named, so that whoever was told of findings in it is told that there are none.
    pub(super) fn put(&mut self, judged: &str, mut found: Found) -> Vec<String> {
        let before = self.0.remove(judged).unwrap_or_default();
        for name in before.into_keys() {
            found.entry(name).or_default();
        }
        found.entry(judged.to_owned()).or_default();
        let names = found.keys().cloned().collect();
        self.0.insert(judged.to_owned(), found);
        names
    }

    /// Nothing is known of a file any more; the files whose findings may be others.
    pub(super) fn remove(&mut self, judged: &str) -> Vec<String> {
        self.0.remove(judged).unwrap_or_default().into_keys().collect()
    }

    /// The files that findings of one file lie in.
    pub(super) fn names(&self, judged: &str) -> impl Iterator<Item = &String> {
        self.0.get(judged).into_iter().flat_map(BTreeMap::keys)
    }

    /// All files that findings lie in.
    pub(super) fn all(&self) -> impl Iterator<Item = &String> {
        self.0.values().flat_map(BTreeMap::keys)
    }

    /// The findings in a file: its own, and those of whoever imports it, each once.
    pub(super) fn of(&self, name: &str) -> Vec<Diagnostic> {
        let mut out = self.0.get(name).and_then(|found| found.get(name)).cloned().unwrap_or_default();
        let others = self.0.iter().filter(|(judged, _)| *judged != name);
        for finding in others.filter_map(|(_, found)| found.get(name)).flatten() {
            let same =
                |it: &Diagnostic| it.range == finding.range && it.code == finding.code && it.message == finding.message;
            if !out.iter().any(same) {
                out.push(finding.clone());
            }
        }
        out
    }
}

/// What findings are known by: the same ones have the same mark.
pub(super) fn mark(findings: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    // plain values always have a JSON form
    serde_json::to_string(findings).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
