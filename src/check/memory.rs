//! Gathers what there is to say, and remembers it of policies that did not change since.

use super::{Options, Report};
use crate::{
    diagnostic::{self, Diagnostic},
    hir::{Analysis, Changes},
    lint,
    text::Placed,
};

/// What is known of policies from one check to the next. It is true for the same catalogs.
#[derive(Default)]
pub(super) struct Memory {
    lints: lint::Memory,
    target: &'static str,
    /// For each policy, what the target has to say; `None` where it was not asked yet.
    targets: Vec<Option<Vec<Diagnostic>>>,
}

impl Memory {
    /// Keeps what is known of the policies that did not change.
    pub(super) fn keep(&mut self, changes: &Changes) {
        self.lints.keep(changes);
        let mut former = std::mem::take(&mut self.targets);
        self.targets = changes.kept.iter().map(|number| former.get_mut((*number)?)?.take()).collect();
        self.targets.iter_mut().flatten().for_each(|said| said.shift(changes.shift));
    }

    pub(super) fn check(&mut self, analysis: &Analysis, options: &Options<'_>) -> Report {
        let mut findings = analysis.diagnostics.clone();
        findings.extend(self.lints.lint(analysis, options.review, options.lints, options.only));
        if self.target != options.target.name {
            self.target = options.target.name;
            self.targets.clear();
        }
        self.targets.resize_with(analysis.policies().len(), || None);
        let checked = analysis.checked().into_iter().flat_map(|checked| checked.policies());
        for (policy, said) in checked.zip(&mut self.targets) {
            if options.only.is_none_or(|only| only == policy.name()) {
                let said = said.get_or_insert_with(|| options.target.lower(policy).diagnostics);
                findings.extend(said.iter().cloned());
            }
        }
        diagnostic::sort(&mut findings);
        // what has errors is not looked at by lints, so nobody knows what a comment there would silence
        let whole = options.only.is_none() && !analysis.diagnostics.iter().any(Diagnostic::is_fatal);
        let suppressed = if options.comments {
            lint::suppress(&analysis.sources, options.lints, whole, &mut findings)
        } else {
            Vec::new()
        };
        options.lints.weigh(&mut findings);
        diagnostic::sort(&mut findings);
        Report { findings, suppressed }
    }
}
