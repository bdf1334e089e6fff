//! From texts to models: a file, and everything that it imports.
//!
//! What was read of an imported file is used again where its text is the same. The root is read by who asks.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    analyze::{ImportError, Imports, Source, is_importable},
    lower, model,
};
use crate::{
    diagnostic::{Diagnostic, codes},
    syntax::{self, Chunk},
    text::{FileId, Placed, Shift, as_u32, count},
};

/// How many files one analysis reads.
const MAX_FILES: usize = 256;

/// What a text says, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) model: model::File,
    pub(super) errors: Vec<Diagnostic>,
}

impl Text {
    /// Reads a text chunk by chunk, so that only one tree is held at a time.
    pub(super) fn new(id: FileId, text: &str) -> Self {
        let mut out = Self::default();
        if let Some(error) = syntax::too_large(id, text) {
            out.errors.push(error);
            return out;
        }
        for (base, part) in syntax::pieces(text) {
            out.add(id, base, part, &syntax::parse_chunk(id, part));
        }
        out
    }

    /// Adds what the tree of a chunk says, and what is wrong with it.
    pub(super) fn add(&mut self, id: FileId, base: u32, part: &str, chunk: &Chunk) {
        let at = self.errors.len();
        self.errors.extend(chunk.errors.iter().cloned());
        self.errors.iter_mut().skip(at).for_each(|error| error.shift(Shift::of_part(id, base)));
        lower::lower(&chunk.tree, part, id, base, &mut self.model, &mut self.errors);
    }
}

/// A file with its imports, breadth first; the first is the root.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) sources: Vec<Source>,
    pub(super) models: Vec<model::File>,
    /// For each file, those it imports.
    pub(super) graph: Vec<Vec<FileId>>,
    /// For each file, what is wrong with its text.
    pub(super) errors: Vec<Vec<Diagnostic>>,
    /// What is wrong with the imports themselves.
    pub(super) failures: Vec<Diagnostic>,
}

impl Texts {
    /// Reads what a root imports; `former` is what was read before.
    pub(super) fn new(source: Source, root: Text, imports: &dyn Imports, former: &mut Texts) -> Self {
        let mut reader = Reader { out: Self::default(), known: BTreeMap::new(), former };
        reader.known.insert(source.name.clone(), FileId(0));
        reader.add(source, root);
        let mut next = 0;
        while let Some(file) = reader.out.models.get(next) {
            let wanted = file.imports.clone();
            let from = reader.out.sources.get(next).map_or(String::new(), |source| source.name.clone());
            for path in wanted {
                if let Some(id) = reader.import(&from, &path, imports)
                    && let Some(edges) = reader.out.graph.get_mut(next)
                {
                    edges.push(id);
                }
            }
            next += 1;
        }
        reader.out.import_cycles();
        reader.out
    }

    /// All that is wrong so far.
    pub(super) fn all_errors(&self) -> Vec<Diagnostic> {
        self.errors.iter().flatten().chain(&self.failures).cloned().collect()
    }

    /// Whether the root imports the same texts.
    pub(super) fn imports_as(&self, other: &Self) -> bool {
        self.graph == other.graph && self.sources.iter().skip(1).eq(other.sources.iter().skip(1))
    }

    fn imported(&mut self, id: usize, source: &Source) -> Option<Text> {
        if id == 0 || self.sources.get(id) != Some(source) {
            return None;
        }
        let (model, errors) = (self.models.get_mut(id)?, self.errors.get_mut(id)?);
        Some(Text { model: std::mem::take(model), errors: std::mem::take(errors) })
    }

    /// Files that import each other in a circle are refused, whether or not they use each other's names.
    fn import_cycles(&mut self) {
        for (index, edges) in self.graph.iter().enumerate() {
            let start = FileId(as_u32(index));
            let mut seen: BTreeSet<FileId> = BTreeSet::new();
            let mut queue: Vec<FileId> = edges.clone();
            while let Some(file) = queue.pop() {
                if seen.insert(file) {
                    queue.extend(self.graph.get(file.0 as usize).into_iter().flatten());
                }
            }
            let Some(file) = self.models.get(index).filter(|_| seen.contains(&start)) else { continue };
            let Some(import) = file.imports.first() else { continue };
            self.failures.push(
                Diagnostic::error(
                    &codes::CYCLE,
                    import.span,
                    "this file and its imports import each other in a circle",
                )
                .help("move what both need into a third file"),
            );
        }
    }
}

struct Reader<'f> {
    out: Texts,
    known: BTreeMap<String, FileId>,
    former: &'f mut Texts,
}

impl Reader<'_> {
    fn add(&mut self, source: Source, text: Text) -> FileId {
        let id = FileId(as_u32(self.out.sources.len()));
        self.out.sources.push(source);
        self.out.models.push(text.model);
        self.out.errors.push(text.errors);
        self.out.graph.push(Vec::new());
        id
    }

    fn import(&mut self, from: &str, path: &model::Name, imports: &dyn Imports) -> Option<FileId> {
        let fail =
            |message: String, help: &str| Diagnostic::error(&codes::IMPORT_FAILED, path.span, message).help(help);
        if !is_importable(&path.text) {
            let message = format!("`{}` is not a path that can be imported", path.text);
            self.out.failures.push(fail(message, "imports are relative paths to `.mcp` files"));
            return None;
        }
        let next = self.out.sources.len();
        if next >= MAX_FILES {
            let message = format!("more than {} are read", count(MAX_FILES, "file"));
            self.out.failures.push(fail(message, "import fewer files"));
            return None;
        }
        let source = match imports.load(from, &path.text) {
            Ok(source) => source,
            Err(ImportError(why)) => {
                let message = format!("`{}` cannot be read: {why}", path.text);
                self.out.failures.push(fail(message, "the path is relative to the file that imports"));
                return None;
            }
        };
        if let Some(id) = self.known.get(&source.name) {
            return Some(*id);
        }
        let id = FileId(as_u32(next));
        self.known.insert(source.name.clone(), id);
        let text = self.former.imported(next, &source).unwrap_or_else(|| Text::new(id, &source.text));
        Some(self.add(source, text))
    }
}
