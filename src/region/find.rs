//! Conditions taken apart into demands on single values, one choice after the other.

use serde_json::Value;

use super::{
    Answer, Wanted,
    object::{Found, Members},
    text::Texts,
};
use crate::{
    catalog::Tool,
    eval::Judge,
    hir::model::{Condition, Op},
};

/// How much work is done for one question, in values that are compared.
const WORK: usize = 1 << 19;
/// What it takes to find a value for one demand.
const DEMAND: usize = 16;
/// How many choices are open at once.
const CHOICES: usize = 128;

/// One test, and whether it is to hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demand<'q> {
    pub(super) path: &'q [String],
    pub(super) op: &'q Op,
    pub(super) holds: bool,
}

impl Demand<'_> {
    /// Whether an absent value is as demanded.
    pub(super) fn admits_absent(&self) -> bool {
        matches!(self.op, Op::Missing) == self.holds
    }
}

/// At least one of the conditions is to be so.
type Choice<'q> = (&'q [Condition], bool);

/// One question while it is answered.
pub(super) struct Finder<'q> {
    pub(super) judge: &'q Judge,
    pub(super) texts: &'q mut Texts,
    pub(super) tool: Option<&'q Tool>,
    pub(super) wanted: &'q [Wanted<'q>],
    work: usize,
    /// Whether something was left out for which there may be a call.
    unknown: bool,
}

pub(super) fn find<'q>(
    judge: &'q Judge,
    texts: &'q mut Texts,
    tool: Option<&'q Tool>,
    wanted: &'q [Wanted<'q>],
) -> Answer {
    let (mut demands, mut choices) = (Vec::new(), Vec::new());
    for it in wanted {
        spread(it.condition, it.holds, &mut demands, &mut choices);
    }
    let mut finder = Finder { judge, texts, tool, wanted, work: WORK, unknown: false };
    match finder.explore(demands, &choices, 0) {
        Some(call) => Answer::Call(call),
        None if finder.unknown => Answer::Unknown,
        None => Answer::None,
    }
}

/// Takes a condition apart as far as there is nothing to choose.
fn spread<'q>(condition: &'q Condition, holds: bool, demands: &mut Vec<Demand<'q>>, choices: &mut Vec<Choice<'q>>) {
    match (condition, holds) {
        (Condition::Test(test), _) => demands.push(Demand { path: &test.path.segments, op: &test.op, holds }),
        (Condition::All(parts), true) | (Condition::Any(parts), false) => {
            for part in parts {
                spread(part, holds, demands, choices);
            }
        }
        (Condition::All(parts), false) | (Condition::Any(parts), true) => match parts.as_slice() {
            [part] => spread(part, holds, demands, choices),
            parts => choices.push((parts, holds)),
        },
    }
}

impl<'q> Finder<'q> {
    /// A call that is as demanded and for which each choice can be made.
    fn explore(&mut self, mut demands: Vec<Demand<'q>>, choices: &[Choice<'q>], depth: usize) -> Option<Value> {
        if !self.spend(DEMAND * (1 + demands.len())) {
            return None;
        }
        demands.sort_by(|a, b| a.path.cmp(b.path));
        match self.object(&demands, 0, Members::Arguments(self.tool)) {
            Found::None => return None,
            // what is demanded alone may do for the choices too
            Found::Value(call) if self.is_right(&call) => return Some(call),
            Found::Value(_) | Found::Absent | Found::Unknown => {}
        }
        let Some(((parts, holds), rest)) = choices.split_last().filter(|_| depth < CHOICES) else {
            self.unknown = true;
            return None;
        };
        for part in *parts {
            let (mut demands, mut choices) = (demands.clone(), rest.to_vec());
            spread(part, *holds, &mut demands, &mut choices);
            let call = self.explore(demands, &choices, depth + 1);
            if call.is_some() {
                return call;
            }
            if self.work == 0 {
                self.unknown = true;
                return None;
            }
        }
        None
    }

    /// Takes from the work that is left; false where there is not enough.
    pub(super) fn spend(&mut self, work: usize) -> bool {
        let left = self.work.checked_sub(work);
        self.unknown |= left.is_none();
        self.work = left.unwrap_or(0);
        left.is_some()
    }

    /// Whether the call is as wanted, and valid as far as that is promised.
    fn is_right(&mut self, call: &Value) -> bool {
        let judge = self.judge;
        let judged = |it: &Wanted<'_>| judge.holds(it.condition, call).is_ok_and(|holds| holds == it.holds);
        self.wanted.iter().all(judged) && self.is_valid(call)
    }
}
