//! Everything that there is to say about a file: the one list that the command line and editors show.

pub mod baseline;
mod fingerprint;
mod fix;
mod live;
mod marks;
mod memory;

pub use fingerprint::Fingerprint;
pub use fix::{Fixed, fix};
pub use live::Live;
pub use marks::{Marked, marked};
use memory::Memory;

use crate::{
    diagnostic::Diagnostic,
    hir::Analysis,
    lint::{Settings, Suppressed},
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
    Memory::default().check(analysis, options)
}
