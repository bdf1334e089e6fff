//! Where rules stand, and how they are shown.

use crate::{
    eval::Evaluator,
    hir::{Source, checked::Rule},
    replay::Judge,
    text::{Lines, Span, head, slice},
};

/// The texts that a judge was read from.
pub(super) struct Places<'a> {
    pub(super) sources: &'a [Source],
    lines: Vec<Lines>,
    /// What the policy is called.
    pub(super) policy: &'a str,
    /// What should be known of every decision.
    pub(super) notes: Vec<String>,
}

/// A rule as it is shown.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    /// The statement or clause on one line, without its block.
    pub(super) rule: String,
    pub(super) file: &'a str,
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Place<'_> {
    /// `p.mcp:3:5`
    pub(super) fn at(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }
}

impl<'a> Places<'a> {
    pub(super) fn new(sources: &'a [Source], policy: &'a str, notes: Vec<String>) -> Self {
        let lines = sources.iter().map(|source| Lines::new(&source.text)).collect();
        Self { sources, lines, policy, notes }
    }

    pub(super) fn of(&self, span: Span) -> Option<Place<'a>> {
        let index = span.file.0 as usize;
        let (source, lines) = (self.sources.get(index)?, self.lines.get(index)?);
        let place = lines.position(&source.text, span.start);
        let rule = head(slice(&source.text, span.range()));
        Some(Place { rule, file: &source.name, line: place.line, column: place.column })
    }

    /// The place of a rule, or of the default.
    pub(super) fn of_step(&self, rule: Option<&Rule>, evaluator: &Evaluator<'_>) -> Option<Place<'a>> {
        self.of(rule.map_or(evaluator.policy().fallback_span(), |rule| rule.span))
    }

    /// What should be known besides of a decision about a tool.
    pub(super) fn notes(&self, judge: &Judge<'_>, tool: &str) -> Vec<String> {
        let mut notes = self.notes.clone();
        if let Judge::Policy(evaluator) = judge
            && !evaluator.knows(tool)
        {
            notes.push(match evaluator.policy().server() {
                Some(server) => format!("the catalog of `{}` does not know `{tool}`", server.id),
                None => format!("no catalog knows the server `{}`", evaluator.policy().server_name().text),
            });
        }
        notes
    }
}
