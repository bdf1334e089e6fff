//! Places as people count them, in any of the texts of a document.

use std::collections::BTreeMap;

use serde::Serialize;

use super::View;
use crate::{
    hir::Source,
    text::{FileId, Lines, Span},
};

/// A place as people count it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from one.
    pub line: u32,
    /// The column in characters, from one.
    pub column: u32,
}

/// The texts of a document, with their lines counted once.
pub(super) struct Places<'v> {
    pub(super) sources: &'v [Source],
    lines: BTreeMap<FileId, Lines>,
}

impl<'v> Places<'v> {
    pub(super) fn new(view: &View<'v>) -> Self {
        Self { sources: &view.document.analysis().sources, lines: BTreeMap::new() }
    }

    pub(super) fn of(&mut self, span: Span) -> Place {
        let source = self.sources.get(span.file.0 as usize);
        let (file, text) = source.map_or(("", ""), |source| (&*source.name, &*source.text));
        let lines = self.lines.entry(span.file).or_insert_with(|| Lines::new(text));
        let at = lines.position(text, span.start);
        Place { file: file.to_owned(), line: at.line, column: at.column }
    }
}
