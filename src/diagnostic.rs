//! What the program has to say about a text: facts with a place, a name, a message, and what to do.
//!
//! No rendering here: colours, columns and JSON belong to the command line.

pub mod codes;

use crate::text::{Edit, Placed, Shift, Span};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; never fails a check by itself.
    Info,
    /// Probably not what was meant.
    Warning,
    /// Certainly wrong.
    Error,
}

impl Level {
    /// All of them, lightest first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// The word for it in outputs and options.
    pub fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// What kind of rule a diagnostic belongs to. Errors of every class but [`Class::Lint`] keep a policy from being
/// checked, and nothing but a checked policy is compiled; lints can be silenced where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The text does not read.
    Syntax,
    /// A name means nothing, or two things.
    Name,
    /// A condition does not fit the tool's arguments.
    Type,
    /// The chosen output cannot say it.
    Target,
    /// It reads and compiles, and is probably a mistake.
    Lint,
}

impl Class {
    /// The word for it in the documentation.
    pub fn name(self) -> &'static str {
        match self {
            Class::Syntax => "syntax",
            Class::Name => "names",
            Class::Type => "types",
            Class::Target => "targets",
            Class::Lint => "lints",
        }
    }
}

/// A kind of diagnostic: its stable name and what it stands for.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The stable kebab-case name.
    pub name: &'static str,
    /// The class it belongs to.
    pub class: Class,
    /// One sentence for lists.
    pub summary: &'static str,
}

/// A second place that helps to understand the first, with a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The remark.
    pub text: String,
}

/// Whether a fix may be applied without a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// Says the same in the right words; changes no decision.
    Safe,
    /// A likely intention; a person decides.
    Unsafe,
}

impl Applicability {
    /// The word for it in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        }
    }
}

/// Edits that do away with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the fix does, as an editor's menu would say it.
    pub title: String,
    /// The edits, all in one file.
    pub edits: Vec<Edit>,
    /// Whether it may be applied without a look.
    pub applicability: Applicability,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind.
    pub code: &'static Code,
    /// How much it weighs here.
    pub level: Level,
    /// What is wrong: lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What stands at the place, in a few words; empty where the message says it all.
    pub remark: String,
    /// Other places.
    pub labels: Vec<Label>,
    /// A call that shows it, and what becomes of that call, as a sentence without its end.
    pub proof: Option<String>,
    /// What to do now.
    pub help: Option<String>,
    /// What would do it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic of a kind and level at a place.
    pub fn new(code: &'static Code, level: Level, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            level,
            message: message.into(),
            span,
            remark: String::new(),
            labels: Vec::new(),
            proof: None,
            help: None,
            fix: None,
        }
    }

    /// An error.
    pub fn error(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Level::Error, span, message)
    }

    /// A warning.
    pub fn warning(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Level::Warning, span, message)
    }

    /// Something worth knowing.
    pub fn info(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Level::Info, span, message)
    }

    /// With what to do now.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With a few words at the place itself.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = remark.into();
        self
    }

    /// With another place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// With a call that shows it.
    #[must_use]
    pub fn proof(mut self, proof: impl Into<String>) -> Self {
        self.proof = Some(proof.into());
        self
    }

    /// With a call that shows it, where one is known.
    #[must_use]
    pub fn proof_if(mut self, proof: Option<String>) -> Self {
        self.proof = proof;
        self
    }

    /// With one edit that mends it; the help says the same in words where there is none yet.
    #[must_use]
    pub fn fix(
        mut self,
        applicability: Applicability,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        self.set_fix(applicability, title, span, text);
        self
    }

    /// As [`Diagnostic::fix`], in place.
    pub fn set_fix(
        &mut self,
        applicability: Applicability,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) {
        let title = title.into();
        if self.help.is_none() {
            self.help = Some(title.clone());
        }
        self.fix = Some(Fix { title, edits: vec![Edit { span, text: text.into() }], applicability });
    }

    /// Whether it keeps a policy from being checked.
    pub fn is_fatal(&self) -> bool {
        self.level == Level::Error && self.code.class != Class::Lint
    }
}

impl Placed for Diagnostic {
    fn shift(&mut self, shift: Shift) {
        self.span.shift(shift);
        for label in &mut self.labels {
            label.span.shift(shift);
        }
        for edit in self.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span.shift(shift);
        }
    }
}

/// Puts diagnostics into their one order: by place, then by weight, then by name and words; exact repeats go.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (a.span.file, a.span.start, std::cmp::Reverse(a.level), a.code.name, a.span.end, &a.message).cmp(&(
            b.span.file,
            b.span.start,
            std::cmp::Reverse(b.level),
            b.code.name,
            b.span.end,
            &b.message,
        ))
    });
    diagnostics.dedup();
}
