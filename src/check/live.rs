//! A file that is edited, with everything that there is to say about it at any time.

use super::{Memory, Options, Report};
use crate::{
    hir::{self, Analysis, Environment, Imports, Source},
    syntax::Tree,
};

/// A file that is edited: what an edit did not touch is not looked at again.
///
/// The catalogs are taken to be the same for every update; for others, a new one is made.
pub struct Live {
    file: hir::Live,
    memory: Memory,
    report: Report,
}

impl Live {
    /// Looks at a file for the first time.
    pub fn new(root: Source, imports: &dyn Imports, environment: Environment<'_>, options: &Options<'_>) -> Self {
        let mut memory = Memory::default();
        let file = hir::Live::new(root, imports, environment);
        let report = memory.check(file.analysis(), options);
        Self { file, memory, report }
    }

    /// Looks at the file as it is now.
    pub fn update(&mut self, root: Source, imports: &dyn Imports, environment: Environment<'_>, options: &Options<'_>) {
        let changes = self.file.update(root, imports, environment);
        self.memory.keep(&changes);
        self.report = self.memory.check(self.file.analysis(), options);
    }

    /// What is known of the file: the same that [`analyze`](crate::hir::analyze) says of its text.
    pub fn analysis(&self) -> &Analysis {
        self.file.analysis()
    }

    /// What there is to say: the same that [`check`](super::check) says of its analysis.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The chunks of the file, each with its place and its text.
    pub fn chunks(&self) -> impl Iterator<Item = (u32, &str, &Tree)> {
        self.file.chunks()
    }
}
