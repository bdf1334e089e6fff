//! Exact reasoning about the arguments of calls: one question, answered with a call.
//!
//! The question is whether there is a call for which each of some conditions holds, or does not, as wanted. Whether a
//! condition can hold, always holds, follows from another or overlaps with it are all this question: A implies B where
//! no call has A and not B. An answer is a call that was tried with the evaluator's own judge, or that there is none,
//! which is proved; or that it is not known, where a fixed limit is reached. Absent on purpose: counters, the order of
//! rules, and anything about text beyond what regular expressions say.

mod find;
mod guards;
mod list;
mod number;
mod object;
mod search;
mod shape;
mod text;
mod valid;

use serde_json::Value;

pub use guards::{Guards, fails, holds, test};
pub use number::value as number;
pub use object::literal_value;

use crate::{catalog::Tool, eval::Judge, hir::model::Condition};

/// A condition, and whether it is to hold.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The condition.
    pub condition: &'a Condition,
    /// Whether it is to hold.
    pub holds: bool,
}

/// What is known of the calls for which conditions are as wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// There is one, with these arguments: an object.
    Call(Value),
    /// There is none.
    None,
    /// A limit was reached, or a schema says more than is understood.
    Unknown,
}

/// Answers questions about calls; patterns are compiled once.
#[derive(Debug, Default)]
pub struct Regions {
    judge: Judge,
    texts: text::Texts,
}

impl Regions {
    /// Without any pattern yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A call of the tool for which every condition is as wanted; of any tool where there is none.
    ///
    /// The call is valid for what a catalog tells of the tool's arguments. Where it has the whole schema, that is true
    /// of the arguments that the conditions name; others that are required stand there with a value of their type.
    /// As little as possible is given: an argument is left out where that is as wanted.
    pub fn find(&mut self, tool: Option<&Tool>, wanted: &[Wanted<'_>]) -> Answer {
        for it in wanted {
            self.judge.learn(it.condition);
        }
        find::find(&self.judge, &mut self.texts, tool, wanted)
    }

    /// Whether a call of the tool has the condition; `None` where it is not known.
    pub fn satisfiable(&mut self, tool: Option<&Tool>, condition: &Condition) -> Option<bool> {
        self.is_some(tool, &[Wanted { condition, holds: true }])
    }

    /// Whether every call of the tool that has the first condition has the second; `None` where it is not known.
    pub fn implies(&mut self, tool: Option<&Tool>, first: &Condition, second: &Condition) -> Option<bool> {
        let wanted = [Wanted { condition: first, holds: true }, Wanted { condition: second, holds: false }];
        self.is_some(tool, &wanted).map(|is| !is)
    }

    fn is_some(&mut self, tool: Option<&Tool>, wanted: &[Wanted<'_>]) -> Option<bool> {
        match self.find(tool, wanted) {
            Answer::Call(_) => Some(true),
            Answer::None => Some(false),
            Answer::Unknown => None,
        }
    }
}
