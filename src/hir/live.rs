//! A file between edits: what an edit did not touch is neither read nor checked again.
//!
//! An edit replaces some chunks by others, and places behind them move. A policy is checked again if its own chunk was
//! replaced, or a set or policy that it may rest on was; which, is decided coarsely. Scopes, grants, tests and the
//! outline are made anew each time.

mod edit;
mod known;

use super::{
    analyze::{Analysis, Environment, Imports, Source, included, judge},
    lower,
    model::File,
    read::{Text, Texts},
};
use crate::{
    syntax::{self, Chunk, Tree},
    text::{FileId, Placed, Shift},
};
use edit::{Edit, Piece, Sizes, Touched, cut};
use known::Known;

const ROOT: FileId = FileId(0);

/// A file that is edited, and what is known of it.
///
/// The catalogs are taken to be the same for every update; for others, a new one is made.
pub struct Live {
    analysis: Analysis,
    /// The chunks of the root.
    pieces: Vec<Piece>,
    /// Without sources, which the analysis has, and without the statements of the root.
    texts: Texts,
    /// What is known of the policies of the root.
    known: Known,
}

/// What an update did to the policies of an analysis.
#[derive(Debug, Clone)]
pub struct Changes {
    /// How places moved.
    pub shift: Shift,
    /// For each policy, which of the former ones it is, where nothing but places has changed in it.
    pub kept: Vec<Option<usize>>,
}

impl Live {
    /// Reads and checks a file for the first time.
    pub fn new(root: Source, imports: &dyn Imports, environment: Environment<'_>) -> Self {
        let mut out = Self {
            analysis: Analysis::empty(environment.today),
            pieces: Vec::new(),
            texts: Texts::default(),
            known: Known::default(),
        };
        out.update(root, imports, environment);
        out
    }

    /// What is known: the same that [`analyze`](super::analyze) says of the text.
    pub fn analysis(&self) -> &Analysis {
        &self.analysis
    }

    /// The chunks of the file, each with its place and its text.
    pub fn chunks(&self) -> impl Iterator<Item = (u32, &str, &Tree)> {
        let text = self.analysis.sources.first().map_or("", |root| &root.text);
        cut(text, &self.pieces).zip(&self.pieces).map(|((base, part), piece)| (base, part, &piece.tree))
    }

    /// Reads and checks the file as it is now.
    pub fn update(&mut self, root: Source, imports: &dyn Imports, environment: Environment<'_>) -> Changes {
        let former = std::mem::replace(&mut self.analysis, Analysis::empty(environment.today));
        let same_day = former.today == environment.today;
        let (sources, policies) = former.into_parts();
        self.known.take_back(policies);
        let old = sources.first().map_or("", |root| &root.text);
        let edit = Edit::new(&cut(old, &self.pieces).collect::<Vec<_>>(), &root.text);
        let (model, touched) = self.replace(&edit);
        let shift = edit.shift;

        let errors = syntax::too_large(ROOT, &root.text).into_iter();
        let errors = errors.chain(self.pieces.iter().flat_map(|piece| &piece.errors).cloned()).collect();
        self.texts.sources = sources;
        let mut former = std::mem::take(&mut self.texts);
        let mut texts = Texts::new(root, Text { model, errors }, imports, &mut former);
        if same_day && texts.imports_as(&former) {
            let included = self.known.included(&texts.models);
            self.known.forget(|verdict| touched.concerns(verdict, &included));
        } else {
            self.known.forget(|_| true);
        }
        self.lower_again(&mut texts);

        let errors = texts.all_errors();
        let judged = judge(&mut texts.models, &texts.graph, errors, self.known.verdicts(), environment);
        for policy in texts.models.iter_mut().take(1).flat_map(|root| &mut root.policies) {
            policy.statements = Vec::new();
        }
        self.analysis = Analysis::new(std::mem::take(&mut texts.sources), judged.findings, environment.today);
        self.texts = texts;
        Changes { shift, kept: self.known.learn(judged.verdicts, self.analysis.policies()) }
    }

    /// Reads the chunks that are new, and puts what they say in the place of what is gone; the rest moves.
    fn replace(&mut self, edit: &Edit<'_>) -> (File, Touched) {
        let mut model = self.texts.models.first_mut().map(std::mem::take).unwrap_or_default();
        if edit.shift.moves() {
            model.shift(edit.shift);
            self.known.shift(edit.shift);
            self.pieces.iter_mut().skip(edit.old.end).for_each(|piece| piece.errors.shift(edit.shift));
        }
        let at = Sizes::sum(self.pieces.iter().take(edit.old.start));
        let gone = Sizes::sum(self.pieces.iter().take(edit.old.end).skip(edit.old.start));
        let mut read = Text::default();
        let mut pieces = Vec::new();
        for (base, part) in &edit.new {
            let before = Sizes::of(&read.model);
            let chunk = self.read_again(edit, part).unwrap_or_else(|| syntax::parse_chunk(ROOT, part));
            read.add(ROOT, *base, part, &chunk);
            let errors = std::mem::take(&mut read.errors);
            let sizes = Sizes::of(&read.model).without(before);
            pieces.push(Piece { length: part.len(), reads: chunk.errors.is_empty(), tree: chunk.tree, errors, sizes });
        }
        self.pieces.splice(edit.old.clone(), pieces);
        self.known.replace(at.policies..at.policies + gone.policies, read.model.policies.len());
        let touched = Touched::replace(&mut model, at, gone, read.model);
        (model, touched)
    }

    /// Reads a chunk by the tree of the one in whose place it is.
    fn read_again(&self, edit: &Edit<'_>, part: &str) -> Option<Chunk> {
        let ([(_, old)], [_]) = (edit.gone.as_slice(), edit.new.as_slice()) else { return None };
        let piece = self.pieces.get(edit.old.start).filter(|piece| piece.reads)?;
        Some(Chunk { tree: syntax::reparse(&piece.tree, old, part)?, errors: Vec::new() })
    }

    /// Gives the policies that are to be checked their statements, and those that these include.
    fn lower_again(&self, texts: &mut Texts) {
        self.lower(texts, |policy, _| !self.known.knows(policy));
        let included = included(&texts.models);
        if !included.is_empty() {
            self.lower(texts, |_, name| name.is_some_and(|name| included.contains(name)));
        }
    }

    /// Gives policies statements that have none.
    fn lower(&self, texts: &mut Texts, wanted: impl Fn(usize, Option<&str>) -> bool) {
        let (Some(source), Some(root)) = (texts.sources.first(), texts.models.first_mut()) else { return };
        let mut number = 0;
        let mut rest = root.policies.as_mut_slice();
        for ((base, part), piece) in cut(&source.text, &self.pieces).zip(&self.pieces) {
            let Some((these, others)) = rest.split_at_mut_checked(piece.sizes.policies) else { return };
            rest = others;
            let lacks = these.iter().enumerate().any(|(index, policy)| {
                let name = policy.name.as_ref().map(|name| &*name.text);
                policy.statements.is_empty() && wanted(number + index, name)
            });
            if lacks {
                let mut again = File::default();
                lower::lower(&piece.tree, part, ROOT, base, &mut again, &mut Vec::new());
                for (policy, again) in these.iter_mut().zip(again.policies) {
                    policy.statements = again.statements;
                }
            }
            number += piece.sizes.policies;
        }
    }
}
