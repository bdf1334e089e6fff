//! What stands around the policies of a file: its sets, grants and tests, and where each policy is.

use std::collections::BTreeSet;

use super::model::{File, Grant, Name, Selector, SelectorKind, Statement, Test};
use crate::{catalog::built_in_set, text::Span};

/// The parts of a file, as far as they could be read.
#[derive(Debug, Default)]
pub struct Outline {
    /// Its own sets, in source order.
    pub sets: Vec<SetOutline>,
    /// Its policies with a name, sound or not, in source order.
    pub policies: Vec<(Name, Span)>,
    /// Its grants.
    pub grants: Vec<Grant>,
    /// Its tests.
    pub tests: Vec<Test>,
}

/// A set of a file's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetOutline {
    /// Its name, without `@`.
    pub name: Name,
    /// All of it.
    pub span: Span,
    /// Whether the file itself uses it; others may import it.
    pub used: bool,
}

impl Outline {
    pub(super) fn new<'u>(file: &File, uses: impl Iterator<Item = &'u Uses>) -> Self {
        let in_sets = Uses::of_sets(file);
        let mut used: BTreeSet<&str> = uses.flat_map(Uses::names).collect();
        used.extend(in_sets.names());
        let sets = file.sets.iter().map(|set| SetOutline {
            name: set.name.clone(),
            span: set.span,
            used: used.contains(&*set.name.text),
        });
        let policies = file.policies.iter().filter_map(|policy| Some((policy.name.clone()?, policy.span)));
        Self {
            sets: sets.collect(),
            policies: policies.collect(),
            grants: file.grants.clone(),
            tests: file.tests.clone(),
        }
    }

    /// The policy that a place belongs to.
    pub fn policy_at(&self, span: Span) -> Option<&Name> {
        let after = self.policies.partition_point(|(_, policy)| policy.at_start() <= span.at_start());
        let (name, policy) = self.policies.get(after.checked_sub(1)?)?;
        (span.file == policy.file && span.start < policy.end).then_some(name)
    }
}

/// The own sets that statements and other sets name.
#[derive(Default)]
pub(super) struct Uses(BTreeSet<Box<str>>);

impl Uses {
    fn of_sets(file: &File) -> Self {
        let mut out = Self::default();
        for set in &file.sets {
            out.add(set.tools.take.iter().chain(&set.tools.except));
        }
        out
    }

    /// Whether one of them is not built in.
    pub(super) fn any_own(&self) -> bool {
        self.names().any(|name| built_in_set(name).is_none())
    }

    /// Their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|name| &**name)
    }

    pub(super) fn of_statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.add(statement.tools.take.iter().chain(&statement.tools.except));
        }
    }

    fn add<'s>(&mut self, selectors: impl Iterator<Item = &'s Selector>) {
        for selector in selectors.filter(|selector| selector.kind == SelectorKind::Set) {
            if !self.0.contains(&selector.text) {
                self.0.insert(selector.text.clone());
            }
        }
    }
}
