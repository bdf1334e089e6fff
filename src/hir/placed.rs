//! The places in models and policies, all of them, to move.
//!
//! Absent are the statements of a model: they are let go once they are checked.

use std::sync::Arc;

use super::{
    checked::{Pattern, Policy, Rule, RuleKind, UnknownTool},
    model::{self, Call, Comparison, Condition, File, Grant, Name, Path, Rate, Selector, Set, Test, Tools},
};
use crate::text::{Placed, Shift};

/// What other policies hold too is moved apart from them: each moves its own.
fn shared<T: Placed + Clone>(part: &mut Arc<T>, shift: Shift) {
    Arc::make_mut(part).shift(shift);
}

impl Placed for Name {
    fn shift(&mut self, shift: Shift) {
        self.span.shift(shift);
    }
}

impl Placed for Selector {
    fn shift(&mut self, shift: Shift) {
        self.span.shift(shift);
    }
}

impl Placed for Tools {
    fn shift(&mut self, shift: Shift) {
        self.take.shift(shift);
        self.except.shift(shift);
        self.span.shift(shift);
    }
}

impl Placed for Set {
    fn shift(&mut self, shift: Shift) {
        self.name.shift(shift);
        self.tools.shift(shift);
        self.span.shift(shift);
    }
}

impl Placed for Grant {
    fn shift(&mut self, shift: Shift) {
        self.identity.shift(shift);
        self.policies.shift(shift);
    }
}

impl Placed for Test {
    fn shift(&mut self, shift: Shift) {
        self.name.shift(shift);
        self.policy.shift(shift);
        self.calls.shift(shift);
    }
}

impl Placed for Call {
    fn shift(&mut self, shift: Shift) {
        self.span.shift(shift);
        self.tool.shift(shift);
        self.expected.shift(shift);
        self.message.shift(shift);
    }
}

impl Placed for File {
    fn shift(&mut self, shift: Shift) {
        self.imports.shift(shift);
        self.sets.shift(shift);
        self.policies.shift(shift);
        self.grants.shift(shift);
        self.tests.shift(shift);
    }
}

impl Placed for model::Policy {
    fn shift(&mut self, shift: Shift) {
        self.name.shift(shift);
        self.server.shift(shift);
        self.alias.shift(shift);
        self.defaults.iter_mut().for_each(|(_, span)| span.shift(shift));
        self.head.shift(shift);
        self.span.shift(shift);
        self.notes.iter_mut().for_each(|note| note.span.shift(shift));
    }
}

impl Placed for Path {
    fn shift(&mut self, shift: Shift) {
        self.span.shift(shift);
    }
}

impl Placed for Rate {
    fn shift(&mut self, shift: Shift) {
        self.span.shift(shift);
        self.argument.shift(shift);
    }
}

impl Placed for Condition {
    fn shift(&mut self, shift: Shift) {
        match self {
            Condition::Test(test) => test.shift(shift),
            Condition::All(parts) | Condition::Any(parts) => parts.shift(shift),
        }
    }
}

impl Placed for Comparison {
    fn shift(&mut self, shift: Shift) {
        self.span.shift(shift);
        self.path.shift(shift);
        self.operand.shift(shift);
    }
}

impl Placed for Policy {
    fn shift(&mut self, shift: Shift) {
        self.name.shift(shift);
        self.server_name.shift(shift);
        self.alias.shift(shift);
        self.fallback.1.shift(shift);
        self.head.shift(shift);
        self.span.shift(shift);
        self.rules.shift(shift);
        self.unknown.shift(shift);
        self.patterns.shift(shift);
        let until = std::mem::take(&mut self.until).into_iter().map(|(mut statement, (date, mut span))| {
            statement.shift(shift);
            span.shift(shift);
            (statement, (date, span))
        });
        self.until = until.collect();
        self.notes.iter_mut().for_each(|note| note.span.shift(shift));
    }
}

impl Placed for Rule {
    fn shift(&mut self, shift: Shift) {
        match &mut self.kind {
            RuleKind::Require(condition) | RuleKind::DenyIf(condition) | RuleKind::AskIf(condition) => {
                shared(condition, shift);
            }
            RuleKind::Limit(rate) | RuleKind::LimitAll(rate) => shared(rate, shift),
            RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide => {}
        }
        self.span.shift(shift);
        self.because.iter_mut().for_each(|name| shared(name, shift));
        self.statement.shift(shift);
        self.tools_span.shift(shift);
    }
}

impl Placed for Pattern {
    fn shift(&mut self, shift: Shift) {
        self.text.shift(shift);
        self.statement.shift(shift);
    }
}

impl Placed for UnknownTool {
    fn shift(&mut self, shift: Shift) {
        self.name.shift(shift);
    }
}
