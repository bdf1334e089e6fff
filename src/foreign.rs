//! Policies that people have in formats of others: gateways' documents and the permission lists of MCP clients.
//!
//! A document becomes a model with its places in the document's own text, and is then judged like a policy of ours. It
//! is never compiled or enforced by this way: [`hir::analyze_model`] gives nothing that could be, and the model of a
//! condition is not exact enough for it. What can be is made by `import`. What each construct
//! is taken for, and what is assumed, is in `docs/foreign.md`.

mod claude_code;
mod client;
mod codex;
mod cursor;
mod gateway;
mod intercept;
mod policylayer;
mod predicate;
mod reading;
mod rules;
mod shape;
mod words;

use crate::{
    catalog::Catalogs,
    diagnostic::Diagnostic,
    document::{self, Document, Syntax, Value},
    hir::{
        self, Analysis, Environment, Source,
        model::{File, Policy},
        origin::Manners,
    },
};
use reading::Reading;

/// A format that is read.
#[derive(Debug)]
pub struct Format {
    /// Its short name.
    pub name: &'static str,
    /// What it is, for lists.
    pub title: &'static str,
    /// How the paths of its files end, `*` being any part of a name; empty where they may have any name.
    pub files: &'static [&'static str],
    /// How it is written, by the ending of the file's name where that tells.
    syntax: Syntax,
    /// Whether a document of any name has its shape.
    shape: Option<fn(&Value) -> bool>,
    manners: &'static Manners,
    /// Whether what its engine takes is known from the engine itself.
    engine_is_public: bool,
    read: fn(&Value, &mut Reading<'_>),
}

/// All of them. Of several whose shape fits, the first counts.
pub static ALL: &[&Format] =
    &[&claude_code::FORMAT, &codex::FORMAT, &cursor::FORMAT, &rules::FORMAT, &intercept::FORMAT, &policylayer::FORMAT];

impl Format {
    /// Whether its documents leave open which server they are for.
    pub fn needs_server(&self) -> bool {
        self.shape.is_some()
    }

    /// Reads a document as this format is written.
    pub fn document(&self, source: &Source) -> Document {
        document::read(&source.text, self.syntax(&source.name))
    }

    fn syntax(&self, path: &str) -> Syntax {
        match ending(path) {
            "yaml" | "yml" => Syntax::Yaml,
            "json" if self.syntax == Syntax::Yaml => Syntax::Json,
            _ => self.syntax,
        }
    }
}

/// The format of a file by its path alone.
pub fn by_name(path: &str) -> Option<&'static Format> {
    ALL.iter().find(|format| format.files.iter().any(|pattern| shape::fits(path, pattern))).copied()
}

/// Whether a file of that name may hold a format that shows in its shape.
pub fn may_have_shape(path: &str) -> bool {
    matches!(ending(path), "json" | "yaml" | "yml")
}

/// The format of a file: by its path, else by its shape.
pub fn recognise(path: &str, text: &str) -> Option<&'static Format> {
    by_name(path).or_else(|| shape::recognise(path, text))
}

fn ending(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// A document that was read.
#[derive(Debug)]
pub struct Read {
    /// Its values; `None` where the text does not read.
    pub root: Option<Value>,
    /// What it is taken for.
    pub policies: Vec<Policy>,
    /// What is wrong with it.
    pub problems: Vec<Diagnostic>,
}

/// Reads a document. `server` is the one that it is for, where its format leaves that open and someone said it.
pub fn read(source: &Source, format: &'static Format, server: Option<&str>, catalogs: &Catalogs) -> Read {
    let document = format.document(source);
    let mut reading = Reading::new(source, format, server, catalogs, document.problems);
    if let Some(root) = &document.root {
        (format.read)(root, &mut reading);
    }
    let (policies, problems) = reading.finish();
    Read { root: document.root, policies, problems }
}

/// Reads and judges a document, as [`read`].
pub fn analyze(
    source: Source,
    format: &'static Format,
    server: Option<&str>,
    environment: Environment<'_>,
) -> Analysis {
    let Read { policies, problems, .. } = read(&source, format, server, environment.catalogs);
    let file = File { policies, ..File::default() };
    let mut analysis = hir::analyze_model(source, file, problems, environment);
    words::reword(&mut analysis.diagnostics);
    analysis
}
