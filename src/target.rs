//! What a checked policy becomes for an engine.
//!
//! Two laws hold for every target. On calls that are valid for the tool's schema, the output decides as the policy does,
//! except where a narrowing was announced. On any call whatsoever it is never wider. What a target cannot express so
//! is an error at its place.
//!
//! A target is one file here and one line in [`ALL`].

mod intercept;
mod logic;
mod notes;
mod policylayer;
mod predicate;
mod rules;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Level},
    hir::checked::{CheckedPolicy, ToolId},
};
use notes::Notes;

/// A form that policies can be compiled to.
#[derive(Debug)]
pub struct Target {
    /// The name on the command line.
    pub name: &'static str,
    /// One sentence for lists.
    pub summary: &'static str,
    lower: fn(CheckedPolicy<'_>, &mut Notes<'_>) -> Value,
}

/// All targets; the first is the default.
pub static ALL: &[&Target] = &[&policylayer::TARGET, &rules::TARGET, &intercept::TARGET];

/// The target of a name.
pub fn named(name: &str) -> Option<&'static Target> {
    ALL.iter().find(|target| target.name == name).copied()
}

/// A policy compiled for a target.
#[derive(Debug)]
pub struct Lowered {
    document: Value,
    /// What the target cannot express, and where it is stricter than the policy.
    pub diagnostics: Vec<Diagnostic>,
    /// The tools on which the output is stricter than the policy.
    pub narrowed: BTreeSet<ToolId>,
}

impl Lowered {
    /// The document; `None` while the target cannot express something.
    pub fn document(&self) -> Option<&Value> {
        let fails = self.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error);
        (!fails).then_some(&self.document)
    }

    /// The document as the bytes of its file: two spaces of indent and a final newline.
    pub fn text(&self) -> Option<String> {
        Some(format!("{:#}\n", self.document()?))
    }
}

impl Target {
    /// Compiles a checked policy.
    pub fn lower(&self, policy: CheckedPolicy<'_>) -> Lowered {
        let mut notes = Notes::new(policy.get(), self.name);
        let document = (self.lower)(policy, &mut notes);
        let (diagnostics, narrowed) = notes.finish();
        Lowered { document, diagnostics, narrowed }
    }
}
