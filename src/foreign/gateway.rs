//! What the documents of gateways share: the list `hide`, names with a `*` in it, and what becomes of the rest.

use super::reading::{Frame, Reading, exactly, listed};
use crate::{
    document::{Member, Value},
    hir::{
        model::{Fallback, Selector, SelectorKind, Statement, Tools, Verb},
        origin::{Fact, Note, Unlisted},
    },
    text::Span,
};

/// What a pass over a document has gathered.
#[derive(Default)]
pub(super) struct Gathered<'v> {
    pub(super) statements: Vec<Statement>,
    pub(super) notes: Vec<Note>,
    /// The tools that the document names.
    pub(super) named: Vec<&'v str>,
    /// Whether every tool is hidden.
    pub(super) everything: bool,
    /// Whether members were met that a later version may know.
    pub(super) later: bool,
}

impl<'v> Gathered<'v> {
    /// Reads `hide`.
    pub(super) fn hide(&mut self, root: &'v Value, reading: &mut Reading<'_>) {
        for value in reading.list(root, "hide") {
            let Some(name) = reading.name(value, "an entry of `hide`") else { continue };
            if &*name.text == "*" {
                self.everything = true;
                self.statements.push(Statement::new(Verb::Hide, every(name.span), value.span));
            } else if name.text.contains('*') {
                let text = name.text.to_string();
                self.notes.push(Note { span: name.span, fact: Fact::Glob { within: "hide", guards: true, text } });
            } else {
                self.named.extend(value.text());
                self.statements.push(Statement::new(Verb::Hide, exactly([name]), value.span));
            }
        }
    }

    /// Notes a key of `tools` with a `*`, where keys are compared letter by letter.
    pub(super) fn glob(&mut self, member: &Member, fallback: Fallback, reading: &Reading<'_>) {
        let fact = Fact::Glob { within: "tools", guards: fallback == Fallback::Allow, text: member.key.to_string() };
        self.notes.push(Note { span: reading.content(member.key_span, &member.key), fact });
    }

    /// Makes the policy.
    pub(super) fn finish(self, root: &Value, fallback: (Fallback, Span), reading: &mut Reading<'_>) {
        let closed = fallback.0 == Fallback::Deny || self.everything;
        let frame = Frame {
            root,
            fallback: if self.everything { (Fallback::Deny, fallback.1) } else { fallback },
            unlisted: if closed { Unlisted::Refused } else { Unlisted::Allowed },
        };
        reading.policy(frame, self.statements, self.notes, &self.named);
    }
}

/// All tools.
pub(super) fn every(span: Span) -> Tools {
    listed([Selector { kind: SelectorKind::Pattern, text: "*".into(), span }].into())
}
