//! A text with all that is known of it.

use super::Surroundings;
use crate::{
    check::{self, Live, Options, Report},
    foreign::{self, Format},
    hir::{Analysis, Environment, Imports, Source},
    syntax::{Node, Tree},
    text::{FileId, as_u32},
};

/// What a document is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A policy of our language.
    Policy,
    /// A policy in a format of others.
    Foreign(&'static Format),
}

impl Kind {
    /// What a file is, by its name and shape; `None` where it is nothing of ours.
    pub fn of(name: &str, text: &str) -> Option<Self> {
        if name.ends_with(".mcp") {
            return Some(Kind::Policy);
        }
        foreign::recognise(name, text).map(Kind::Foreign)
    }
}

/// One chunk of a policy's text, with its tree.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// Where it begins in the document.
    pub start: u32,
    /// Its text.
    pub text: &'a str,
    /// What it reads as; places count from its first byte.
    tree: &'a Tree,
}

impl<'a> Piece<'a> {
    /// The place after its last byte.
    pub fn end(self) -> u32 {
        self.start + as_u32(self.text.len())
    }

    /// Its items.
    pub fn roots(self) -> impl Iterator<Item = Node<'a>> {
        self.tree.roots(self.text, FileId(0), self.start)
    }
}

/// A document that was judged.
pub struct Document {
    kind: Kind,
    known: Known,
}

/// What is known of a document.
enum Known {
    /// Of a policy of ours, which is edited here.
    Ours(Box<Live>),
    /// Of a document of others.
    Theirs(Box<(Analysis, Report)>),
}

impl Document {
    /// Judges a text.
    pub fn new(kind: Kind, source: Source, imports: &dyn Imports, around: &Surroundings<'_>) -> Self {
        let (environment, options) = (environment(around), options(around));
        let known = match kind {
            Kind::Policy => Known::Ours(Box::new(Live::new(source, imports, environment, &options))),
            Kind::Foreign(format) => {
                let server = around.server.filter(|_| format.needs_server());
                let analysis = foreign::analyze(source, format, server, environment);
                let report = check::check(&analysis, &options);
                Known::Theirs(Box::new((analysis, report)))
            }
        };
        Self { kind, known }
    }

    /// Judges the document as it is now, by the same catalogs as before: in a policy of ours, what did not change is
    /// not judged again.
    pub fn update(&mut self, kind: Kind, source: Source, imports: &dyn Imports, around: &Surroundings<'_>) {
        match (kind, &mut self.known) {
            (Kind::Policy, Known::Ours(live)) => live.update(source, imports, environment(around), &options(around)),
            _ => *self = Self::new(kind, source, imports, around),
        }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.analysis().sources.first().map_or("", |source| &source.text)
    }

    /// What it means, and its imports.
    pub fn analysis(&self) -> &Analysis {
        match &self.known {
            Known::Ours(live) => live.analysis(),
            Known::Theirs(known) => &known.0,
        }
    }

    /// What there is to say about it.
    pub fn report(&self) -> &Report {
        match &self.known {
            Known::Ours(live) => live.report(),
            Known::Theirs(known) => &known.1,
        }
    }

    /// Its chunks, in order; none in a document of others.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let live = match &self.known {
            Known::Ours(live) => Some(live),
            Known::Theirs(_) => None,
        };
        live.into_iter().flat_map(|live| live.chunks()).map(|(start, text, tree)| Piece { start, text, tree })
    }

    /// The chunk that holds a place: of two that meet there the later one, which begins with a word.
    pub fn piece_at(&self, offset: u32) -> Option<Piece<'_>> {
        self.pieces().take_while(|piece| piece.start <= offset).last()
    }

    /// The items of its text, chunk by chunk.
    pub fn items(&self) -> impl Iterator<Item = Node<'_>> {
        self.pieces().flat_map(Piece::roots)
    }
}

fn environment<'a>(around: &Surroundings<'a>) -> Environment<'a> {
    Environment { catalogs: around.catalogs, today: around.today }
}

fn options<'a>(around: &Surroundings<'a>) -> Options<'a> {
    Options { review: around.review, ..Options::new(around.target, around.lints) }
}
