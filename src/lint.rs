//! Findings about policies that read and compile, and are probably mistakes.
//!
//! Rules look at policies that are sound in themselves, with their server's catalog, and at what stands around them in
//! the file; at no target and no other file. A rule is a file of code, a page of documentation beside it, and one line
//! in `rules.rs`.

mod about;
mod advice;
mod call;
mod capability;
mod comments;
mod condition;
mod exact;
mod memory;
mod neighbours;
mod rules;
mod settings;
mod standing;
mod subject;
mod suppress;
mod together;
mod unrestricted;

pub use about::{About, abouts};
pub use memory::Memory;
pub use rules::ALL;
pub use settings::{Choice, Settings, UnknownRule, confidence};
pub use subject::Subject;
pub use suppress::{Suppressed, apply as suppress};

use std::collections::BTreeMap;

use crate::{
    catalog::Server,
    diagnostic::{Applicability, Code, Diagnostic, Level, codes},
    hir::{Analysis, Outline, Source, model::Grant},
    lock::Lock,
    syntax::literal::Date,
    text::Span,
};

/// A lint rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name and summary.
    pub code: Code,
    /// The heaviest that its findings weigh, unless settings say otherwise.
    pub level: Level,
    /// Whom its findings are for.
    pub persona: Persona,
    /// How sure its findings are.
    pub confidence: Confidence,
    /// The most careful fix that a finding can have.
    pub fix: Option<Applicability>,
    /// Its page: why, a bad example, a good one. The tests run both examples.
    pub page: &'static str,
    check: Check,
}

/// What a rule looks at.
#[derive(Debug)]
enum Check {
    /// One policy.
    Policy(fn(&Subject<'_>, &mut Findings)),
    /// One policy, as far as its language can narrow what it grants.
    Narrowing(fn(&Subject<'_>, &mut Findings)),
    /// How one policy of our own language is written.
    Form(fn(&Subject<'_>, &mut Findings)),
    /// All policies of a file together, and what stands around them.
    File(fn(&File<'_>, &mut Findings)),
    /// How a file of our own language is written.
    FormOfFile(fn(&File<'_>, &mut Findings)),
}

/// Whom a finding is for: what is a help to one is noise to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Persona {
    /// Everybody who writes a policy.
    #[default]
    Default,
    /// Those who want a policy without a flaw.
    Pedantic,
    /// Those who look for everything that could matter, and judge for themselves.
    Audit,
}

impl Persona {
    /// All of them; each sees what those before it see.
    pub const ALL: [Self; 3] = [Self::Default, Self::Pedantic, Self::Audit];

    /// The word for it in settings, options and documentation.
    pub fn name(self) -> &'static str {
        match self {
            Persona::Default => "default",
            Persona::Pedantic => "pedantic",
            Persona::Audit => "audit",
        }
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It goes by words, and they may mislead.
    Low,
    /// It goes by classes, which somebody judged.
    Medium,
    /// It follows from the policy and the catalog.
    High,
}

impl Confidence {
    /// The word for it in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// The file that rules look at.
pub struct File<'a> {
    /// The policies that are sound in themselves.
    pub policies: Vec<Subject<'a>>,
    /// What stands around them.
    pub outline: &'a Outline,
    /// The text and its imports.
    pub sources: &'a [Source],
    /// The reviewed tools, where there is a lock.
    pub review: Option<&'a Lock>,
    /// The day on which the file is judged.
    pub today: Date,
}

impl<'a> File<'a> {
    /// The policies whose server was reviewed, each with the server as it was then.
    fn reviewed(&self) -> impl Iterator<Item = (&Subject<'a>, &'a Server)> {
        let reviewed = |policy: &Subject<'_>| self.review?.server(&policy.server()?.id).map(AsRef::as_ref);
        self.policies.iter().filter_map(move |policy| Some((policy, reviewed(policy)?)))
    }

    /// The policies of each grant, as far as they are sound.
    fn grants(&self) -> impl Iterator<Item = (&'a Grant, Vec<&Subject<'a>>)> {
        let by_name: BTreeMap<&str, &Subject<'a>> =
            self.policies.iter().map(|policy| (policy.name(), policy)).collect();
        self.outline.grants.iter().map(move |grant| {
            (grant, grant.policies.iter().filter_map(|name| by_name.get(&*name.text).copied()).collect())
        })
    }

    /// The text that a place is in.
    fn text(&self, place: Span) -> &'a str {
        text_of(self.sources, place)
    }
}

/// The text that a place is in.
fn text_of(sources: &[Source], place: Span) -> &str {
    sources.get(place.file.0 as usize).map_or("", |source| &source.text)
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
    ALL.iter().map(|rule| &rule.code).chain(codes::ALL.iter().map(|kind| kind.code))
}

/// The rule of a name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    ALL.binary_search_by(|rule| rule.code.name.cmp(name)).ok().and_then(|at| ALL.get(at)).copied()
}

/// What the rules find in a file that settings let run. With `only`, rules over one policy speak of that policy alone.
pub fn lint(analysis: &Analysis, review: Option<&Lock>, settings: &Settings, only: Option<&str>) -> Vec<Diagnostic> {
    Memory::default().lint(analysis, review, settings, only)
}
