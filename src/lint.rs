//! Findings about policies that read and compile, and are probably mistakes.
//!
//! Rules look at policies that are sound in themselves, with their server's catalog, and at nothing else: no text, no
//! target, no file. A rule is a file of code, a page of documentation beside it, and one line in `rules.rs`.

mod rules;
mod suppress;

pub use rules::ALL;
pub use suppress::apply as suppress;

use crate::{
    diagnostic::{Code, Diagnostic, Level},
    hir::checked::Policy,
    text::Span,
};

/// A lint rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name and summary.
    pub code: Code,
    /// Its page: why, a bad example, a good one. The tests run both examples.
    pub page: &'static str,
    check: fn(&Policy, &mut Findings),
}

/// The findings of one rule.
#[derive(Debug)]
pub struct Findings {
    rule: &'static Rule,
    out: Vec<Diagnostic>,
}

impl Findings {
    /// Adds a finding.
    fn add(&mut self, finding: Diagnostic) {
        self.out.push(finding);
    }

    /// A finding of this rule, to be completed and added.
    fn finding(&self, level: Level, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&self.rule.code, level, span, message)
    }
}

/// Every kind of diagnostic that there is: the lints and all others.
pub fn codes() -> impl Iterator<Item = &'static Code> {
    ALL.iter().map(|rule| &rule.code).chain(crate::diagnostic::codes::ALL.iter().copied())
}

/// What all rules find in a policy.
pub fn lint(policy: &Policy) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for rule in ALL {
        let mut findings = Findings { rule, out: Vec::new() };
        (rule.check)(policy, &mut findings);
        out.append(&mut findings.out);
    }
    out
}
