//! What a checked policy becomes for an engine.
//!
//! Two laws hold for every target. On calls that are valid for the tool's schema, the output decides as the policy does,
//! except where a narrowing was announced. On any call whatsoever it is never wider. What a target cannot express so
//! is an error at its place.
//!
//! A target is one file here and one line in [`ALL`].

mod intercept;
mod literals;
mod logic;
mod notes;
mod policylayer;
mod predicate;
mod rules;

use std::{cell::OnceCell, collections::BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::{
    diagnostic::{Diagnostic, Level},
    hir::checked::{CheckedPolicy, Policy, ToolId},
};
pub use literals::is_plain;
use notes::Notes;

/// A form that policies can be compiled to.
#[derive(Debug)]
pub struct Target {
    /// The name on the command line.
    pub name: &'static str,
    /// One sentence for lists.
    pub summary: &'static str,
    lower: for<'a> fn(CheckedPolicy<'a>, &mut Notes<'a>) -> Box<dyn Document + 'a>,
}

/// All targets; the first is the default.
pub static ALL: &[&Target] = &[&policylayer::TARGET, &rules::TARGET, &intercept::TARGET];

/// What is compiled to where nothing else is asked for.
pub static DEFAULT: &Target = &policylayer::TARGET;

/// The target of a name.
pub fn named(name: &str) -> Option<&'static Target> {
    ALL.iter().find(|target| target.name == name).copied()
}

/// What every target writes for a policy's default: hiding what nothing grants is left to the list of hidden tools.
fn default_word(policy: &Policy) -> &'static str {
    if policy.is_closed() { "deny" } else { "allow" }
}

/// What a target writes; serialised only when someone wants to read it.
trait Document {
    fn value(&self) -> Value;
    fn text(&self) -> String;
}

impl<T: Serialize> Document for T {
    fn value(&self) -> Value {
        // documents are lists and maps of texts and numbers, which always have a JSON form
        serde_json::to_value(self).unwrap_or_default()
    }

    fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        escaped(text)
    }
}

/// The same JSON without raw characters that a YAML reader, such as Intercept's, refuses or takes for line breaks and
/// so for a space: in a condition, another text. None of them stands outside of strings.
fn escaped(text: String) -> String {
    let raw =
        |c: char| matches!(c, '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}');
    if text.bytes().all(|byte| byte < 0x7F) || !text.contains(raw) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if raw(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// A policy compiled for a target.
pub struct Lowered<'a> {
    document: Box<dyn Document + 'a>,
    value: OnceCell<Value>,
    /// What the target cannot express, and where it is stricter than the policy.
    pub diagnostics: Vec<Diagnostic>,
    /// The tools on which the output is stricter than the policy.
    pub narrowed: BTreeSet<ToolId>,
}

impl Lowered<'_> {
    /// Whether the target can express the whole policy.
    pub fn is_complete(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.level != Level::Error)
    }

    /// The document; `None` while the target cannot express something.
    pub fn document(&self) -> Option<&Value> {
        self.is_complete().then(|| self.value.get_or_init(|| self.document.value()))
    }

    /// The document as the bytes of its file: two spaces of indent and a final newline.
    pub fn text(&self) -> Option<String> {
        self.is_complete().then(|| self.document.text())
    }
}

impl Target {
    /// Compiles a checked policy.
    pub fn lower<'a>(&self, policy: CheckedPolicy<'a>) -> Lowered<'a> {
        let mut notes = Notes::new(policy.get(), self.name);
        let document = (self.lower)(policy, &mut notes);
        let (diagnostics, narrowed) = notes.finish();
        Lowered { document, value: OnceCell::new(), diagnostics, narrowed }
    }
}
