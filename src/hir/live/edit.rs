//! Which chunks an edit replaces, and what was said in them.

use std::{collections::BTreeSet, ops::Range};

use super::{
    super::{
        analyze::Verdict,
        model::{File, Policy},
    },
    ROOT,
};
use crate::{
    diagnostic::Diagnostic,
    syntax::{self, Tree},
    text::{Shift, as_u32, slice},
};

/// A chunk of the root.
pub(super) struct Piece {
    pub(super) length: usize,
    pub(super) tree: Tree,
    /// Whether the grammar has nothing against it.
    pub(super) reads: bool,
    pub(super) errors: Vec<Diagnostic>,
    /// How much of the model is of this chunk.
    pub(super) sizes: Sizes,
}

/// The texts of chunks, with their places.
pub(super) fn cut<'t>(text: &'t str, pieces: &[Piece]) -> impl Iterator<Item = (u32, &'t str)> {
    let mut at = syntax::mark(text);
    pieces.iter().map(move |piece| {
        let base = at;
        at += piece.length;
        (as_u32(base), slice(text, base..at))
    })
}

/// One edit: some chunks in the place of others.
pub(super) struct Edit<'t> {
    /// The numbers of those that are gone.
    pub(super) old: Range<usize>,
    /// Those that are gone, with their places.
    pub(super) gone: Vec<(u32, &'t str)>,
    /// Those that are new, with their places.
    pub(super) new: Vec<(u32, &'t str)>,
    /// How the places behind them move.
    pub(super) shift: Shift,
}

impl<'t> Edit<'t> {
    pub(super) fn new(old: &[(u32, &'t str)], text: &'t str) -> Self {
        let mut new: Vec<_> = match syntax::too_large(ROOT, text) {
            Some(_) => Vec::new(),
            None => syntax::pieces(text).collect(),
        };
        let mut before = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let rest = old.len().min(new.len()) - before;
        let same_text = |pair: &(&(u32, &str), &(u32, &str))| pair.0.1 == pair.1.1;
        let mut after = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(same_text).count();
        // where nothing is gone, it would not be clear whether an empty place is before or behind what is new
        if before + after == old.len() {
            if after > 0 { after -= 1 } else { before = before.saturating_sub(1) }
        }
        let end = |chunks: &[(u32, &str)]| chunks.last().map_or(0, |(base, part)| as_u32(part.len()) + base);
        let old_end = old.len() - after;
        let from = old.get(..old_end).map_or(0, end);
        let shift = Shift::new(ROOT, from, i64::from(end(&new)) - i64::from(end(old)));
        new.truncate(new.len() - after);
        new.drain(..before);
        let gone = old.get(before..old_end).map(<[_]>::to_vec).unwrap_or_default();
        Self { old: before..old_end, gone, new, shift }
    }
}

/// How much a chunk adds to a model.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sizes {
    imports: usize,
    sets: usize,
    pub(super) policies: usize,
    grants: usize,
    tests: usize,
}

impl Sizes {
    pub(super) fn of(file: &File) -> Self {
        Self {
            imports: file.imports.len(),
            sets: file.sets.len(),
            policies: file.policies.len(),
            grants: file.grants.len(),
            tests: file.tests.len(),
        }
    }

    pub(super) fn sum<'p>(pieces: impl Iterator<Item = &'p Piece>) -> Self {
        pieces.fold(Self::default(), |sum, piece| Self {
            imports: sum.imports + piece.sizes.imports,
            sets: sum.sets + piece.sizes.sets,
            policies: sum.policies + piece.sizes.policies,
            grants: sum.grants + piece.sizes.grants,
            tests: sum.tests + piece.sizes.tests,
        })
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self {
            imports: self.imports - other.imports,
            sets: self.sets - other.sets,
            policies: self.policies - other.policies,
            grants: self.grants - other.grants,
            tests: self.tests - other.tests,
        }
    }
}

/// What an edit touched that policies elsewhere may rest on.
pub(super) struct Touched {
    sets: bool,
    /// Whether policies came, went or have another name.
    names: bool,
    policies: BTreeSet<Box<str>>,
}

impl Touched {
    /// Puts what is new into a model, in the place of what is gone.
    pub(super) fn replace(model: &mut File, at: Sizes, gone: Sizes, new: File) -> Self {
        fn put<T>(into: &mut Vec<T>, at: usize, gone: usize, new: Vec<T>) -> Vec<T> {
            into.splice(at..at + gone, new).collect()
        }
        let names = |policies: &[Policy]| -> Vec<_> {
            policies.iter().filter_map(|policy| policy.name.as_ref()).map(|name| name.text.clone()).collect()
        };
        let sets = gone.sets > 0 || !new.sets.is_empty();
        let new_names = names(&new.policies);
        put(&mut model.imports, at.imports, gone.imports, new.imports);
        put(&mut model.sets, at.sets, gone.sets, new.sets);
        let old_names = names(&put(&mut model.policies, at.policies, gone.policies, new.policies));
        put(&mut model.grants, at.grants, gone.grants, new.grants);
        put(&mut model.tests, at.tests, gone.tests, new.tests);
        let renamed = old_names != new_names;
        Self { sets, names: renamed, policies: old_names.into_iter().chain(new_names).collect() }
    }

    /// Whether a policy may rest on it; `included` are the policies that any policy includes.
    pub(super) fn concerns(&self, verdict: &Verdict, included: &BTreeSet<Box<str>>) -> bool {
        let includes = !verdict.includes.is_empty();
        (self.sets && (includes || verdict.sets.any_own()))
            || (includes && (self.names || self.policies.iter().any(|name| included.contains(name))))
    }
}
