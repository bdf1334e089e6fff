//! Everything that there is to say about a file: the one list that the command line and editors show.

pub mod baseline;
mod fingerprint;
mod fix;
mod marks;

pub use fingerprint::Fingerprint;
pub use fix::{Fixed, fix};
pub use marks::{Marked, marked};

use crate::{
    diagnostic::{self, Diagnostic},
    hir::Analysis,
    lint::{self, Settings, Suppressed},
    lock::Lock,
    target::Target,
};

/// What a check takes besides the file.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// What the policies are compiled to.
    pub target: &'a Target,
    /// Which rules run, and how much their findings weigh.
    pub lints: &'a Settings,
    /// Whether ignore comments count.
    pub comments: bool,
    /// The reviewed tools, where there is a lock.
    pub review: Option<&'a Lock>,
    /// The one policy that lints and target speak of.
    pub only: Option<&'a str>,
}

impl<'a> Options<'a> {
    /// What everybody gets who asks for nothing else.
    pub fn new(target: &'a Target, lints: &'a Settings) -> Self {
        Self { target, lints, comments: true, review: None, only: None }
    }
}

/// What there is to say.
#[derive(Debug, Default)]
pub struct Report {
    /// What was found, in order.
    pub findings: Vec<Diagnostic>,
    /// What was found and is silenced by a comment, in order.
    pub suppressed: Vec<Suppressed>,
}

/// The diagnostics of an analysis, its lints, and what a target cannot express.
pub fn check(analysis: &Analysis, options: &Options<'_>) -> Report {
    let mut findings = analysis.diagnostics.clone();
    findings.extend(lint::lint(analysis, options.review, options.lints, options.only));
    for policy in analysis.checked().into_iter().flat_map(|checked| checked.policies()) {
        if options.only.is_none_or(|only| only == policy.name()) {
            findings.extend(options.target.lower(policy).diagnostics);
        }
    }
    diagnostic::sort(&mut findings);
    let suppressed = if options.comments {
        lint::suppress(&analysis.sources, options.lints, options.only.is_none(), &mut findings)
    } else {
        Vec::new()
    };
    options.lints.weigh(&mut findings);
    diagnostic::sort(&mut findings);
    Report { findings, suppressed }
}
