//! What a call must be like to get past the conditions of a policy.

use super::Wanted;
use crate::{
    hir::{
        checked::{Policy, Rule, RuleKind, ToolId},
        model::{Comparison, Condition, Op, Path},
    },
    text::Span,
};

/// So many conditions of one tool are compared with each other; the others are taken to be in order.
const MOST: usize = 24;

/// The conditions that speak of one tool, in source order.
#[derive(Debug, Default)]
pub struct Guards<'p> {
    /// What must hold.
    pub requires: Vec<&'p Rule>,
    /// What must not.
    pub denies: Vec<&'p Rule>,
    /// Where a person is asked.
    pub asks: Vec<&'p Rule>,
    /// Whether there are more.
    cut: bool,
}

impl<'p> Guards<'p> {
    /// Those of a tool.
    pub fn of(policy: &'p Policy, id: ToolId) -> Self {
        let mut out = Self::default();
        for rule in policy.rules_of(id) {
            match rule.kind {
                RuleKind::Require(_) if out.requires.len() < MOST => out.requires.push(rule),
                RuleKind::DenyIf(_) if out.denies.len() < MOST => out.denies.push(rule),
                RuleKind::AskIf(_) if out.asks.len() < MOST => out.asks.push(rule),
                RuleKind::Require(_) | RuleKind::DenyIf(_) | RuleKind::AskIf(_) => out.cut = true,
                _ => {}
            }
        }
        out
    }

    /// What a call must be like to get past all of them, without anybody being asked; `None` where there are too many.
    pub fn passing(&self) -> Option<Vec<Wanted<'p>>> {
        let mut wanted = self.unstopped()?;
        wanted.extend(self.asks.iter().filter_map(|rule| Some(fails(rule.condition()?))));
        Some(wanted)
    }

    /// What a call must be like that none of them refuses; `None` where there are too many.
    pub fn unstopped(&self) -> Option<Vec<Wanted<'p>>> {
        let requires = self.requires.iter().filter_map(|rule| Some(holds(rule.condition()?)));
        let denies = self.denies.iter().filter_map(|rule| Some(fails(rule.condition()?)));
        (!self.cut).then(|| requires.chain(denies).collect())
    }
}

/// Wanted to hold.
pub fn holds(condition: &Condition) -> Wanted<'_> {
    Wanted { condition, holds: true }
}

/// Wanted not to hold.
pub fn fails(condition: &Condition) -> Wanted<'_> {
    Wanted { condition, holds: false }
}

/// A test of one argument, to ask with.
pub fn test(segments: &[String], op: Op) -> Condition {
    let path = Path { segments: segments.into(), span: Span::default() };
    Condition::Test(Comparison { span: Span::default(), path, op, operand: Span::default() })
}
