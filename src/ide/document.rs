//! A text with all that is known of it.

use super::Surroundings;
use crate::{
    check::{self, Options, Report},
    foreign::{self, Format},
    hir::{Analysis, Environment, Imports, Source, analyze},
    syntax::{self, Chunk, Node},
    text::{FileId, slice},
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
#[derive(Debug)]
pub struct Piece {
    /// Where it begins in the text.
    pub start: u32,
    /// How many bytes it has.
    pub len: u32,
    /// What it reads as; places count from its first byte.
    pub chunk: Chunk,
}

/// A document that was judged.
#[derive(Debug)]
pub struct Document {
    kind: Kind,
    pieces: Vec<Piece>,
    analysis: Analysis,
    report: Report,
}

impl Document {
    /// Judges a text.
    pub fn new(kind: Kind, source: Source, imports: &dyn Imports, around: &Surroundings<'_>) -> Self {
        let environment = Environment { catalogs: around.catalogs, today: around.today };
        let (analysis, pieces) = match kind {
            Kind::Policy => {
                let pieces = pieces(&source.text);
                (analyze(source, imports, environment), pieces)
            }
            Kind::Foreign(format) => {
                let server = around.server.filter(|_| format.needs_server());
                (foreign::analyze(source, format, server, environment), Vec::new())
            }
        };
        let options = Options { review: around.review, ..Options::new(around.target, around.lints) };
        let report = check::check(&analysis, &options);
        Self { kind, pieces, analysis, report }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.analysis.sources.first().map_or("", |source| &source.text)
    }

    /// What it means, and its imports.
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// What there is to say about it.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Its chunks, in order; none in a document of others.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The chunk that holds a place: of two that meet there the later one, which begins with a word.
    pub fn piece_at(&self, offset: u32) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.start <= offset);
        self.pieces.get(after.checked_sub(1)?)
    }

    /// The items of its text, chunk by chunk.
    pub fn items(&self) -> impl Iterator<Item = Node<'_>> {
        self.pieces.iter().flat_map(|piece| self.roots(piece))
    }

    /// The items of a chunk.
    pub fn roots<'a>(&'a self, piece: &'a Piece) -> impl Iterator<Item = Node<'a>> {
        let start = piece.start as usize;
        piece.chunk.tree.roots(slice(self.text(), start..start + piece.len as usize), FileId(0), piece.start)
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    if syntax::too_large(FileId(0), text).is_some() {
        return Vec::new();
    }
    let read = |(start, part): (u32, &str)| Piece {
        start,
        len: crate::text::as_u32(part.len()),
        chunk: syntax::parse_chunk(FileId(0), part),
    };
    syntax::pieces(text).map(read).collect()
}
