//! What became of many calls, counted: by decision, by what made it, and against what was recorded.

use std::collections::BTreeMap;

use super::{By, Decided};
use crate::{engine::Decision, text::Span};

/// How many lines are kept of each group.
pub const SHOWN: usize = 3;

/// Calls that something is true of.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// How many there are.
    pub count: u64,
    /// The lines of the first.
    pub lines: Vec<u64>,
}

impl Group {
    fn add(&mut self, line: u64) {
        self.count += 1;
        if self.lines.len() < SHOWN {
            self.lines.push(line);
        }
    }
}

/// What calls are counted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The rule at a place.
    Rule(Span),
    /// The engine's name of a rule.
    Named(String),
    /// The default, or no rule.
    Default,
    /// What is not known.
    Unknown(String),
}

/// The counts.
#[derive(Debug, Default)]
pub struct Tally {
    /// All calls.
    pub calls: u64,
    groups: BTreeMap<(&'static str, Key), Group>,
    /// Calls whose record says what became of them then.
    pub recorded: u64,
    /// Those that passed then and would be refused now.
    pub now_refused: Group,
    /// Those that were refused then and would pass now.
    pub now_passed: Group,
    /// Calls of other servers, which nothing was decided about.
    pub elsewhere: Group,
    /// Lines that are no calls.
    pub others: u64,
}

impl Tally {
    /// Counts a call.
    pub fn add(&mut self, line: u64, decided: Decided<'_>, passed: Option<bool>) {
        self.calls += 1;
        if let Some(passed) = passed {
            self.recorded += 1;
            match (passed, decided.decision) {
                (true, Some(Decision::Deny | Decision::Hidden | Decision::Limited)) => self.now_refused.add(line),
                (false, Some(Decision::Allow | Decision::Ask)) => self.now_passed.add(line),
                _ => {}
            }
        }
        let name = decided.name();
        let key = match decided.by {
            By::Rule(rule) => Key::Rule(rule.span),
            By::Named(name) => Key::Named(name),
            By::Default => Key::Default,
            By::Unknown => Key::Unknown(decided.message.into_owned()),
        };
        self.groups.entry((name, key)).or_default().add(line);
    }

    /// Counts a call of another server.
    pub fn elsewhere(&mut self, line: u64) {
        self.elsewhere.add(line);
    }

    /// The calls that had a decision of that word, by what made it.
    pub fn of(&self, decision: &str) -> impl Iterator<Item = (&Key, &Group)> {
        let groups = self.groups.iter().filter(move |((name, _), _)| *name == decision);
        groups.map(|((_, key), group)| (key, group))
    }

    /// How many calls had a decision of that word.
    pub fn count(&self, decision: &str) -> u64 {
        self.of(decision).map(|(_, group)| group.count).sum()
    }
}
