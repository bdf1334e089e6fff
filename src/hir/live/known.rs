//! What is known of the policies of a file, from one edit to the next.

use std::{collections::BTreeSet, ops::Range};

use super::super::{
    analyze::{Verdict, included},
    checked::{Policy, UnknownTool},
    model::File,
};
use crate::text::{Placed, Shift};

/// In the order of the policies.
#[derive(Default)]
pub(super) struct Known(Vec<Row>);

#[derive(Default)]
struct Row {
    /// What came of the policy; `None` while it is to be checked.
    verdict: Option<Verdict>,
    /// How the former analysis had it, where it did.
    former: Option<Former>,
}

struct Former {
    /// Which of its policies it was.
    number: usize,
    unknown: Vec<UnknownTool>,
    included: bool,
}

impl Known {
    /// The policies that the analysis had come back, as they were checked.
    pub(super) fn take_back(&mut self, policies: Vec<Policy>) {
        let mut policies = policies.into_iter().enumerate();
        for row in &mut self.0 {
            let Some(verdict) = row.verdict.as_mut().filter(|verdict| verdict.given) else { continue };
            let Some((number, mut policy)) = policies.next() else { return };
            let unknown = std::mem::replace(&mut policy.unknown, verdict.unknown.clone());
            row.former = Some(Former { number, unknown, included: policy.included });
            verdict.policy = Some(policy);
            verdict.given = false;
        }
    }

    /// New policies, of which nothing is known, in the place of others.
    pub(super) fn replace(&mut self, gone: Range<usize>, new: usize) {
        self.0.splice(gone, std::iter::repeat_with(Row::default).take(new));
    }

    /// Forgets what is no longer so.
    pub(super) fn forget(&mut self, gone: impl Fn(&Verdict) -> bool) {
        for row in &mut self.0 {
            if row.verdict.as_ref().is_some_and(&gone) {
                *row = Row::default();
            }
        }
    }

    pub(super) fn knows(&self, policy: usize) -> bool {
        self.0.get(policy).is_some_and(|row| row.verdict.is_some())
    }

    /// The policies that some policy includes.
    pub(super) fn included(&self, models: &[File]) -> BTreeSet<Box<str>> {
        let mut out = included(models);
        let verdicts = self.0.iter().filter_map(|row| row.verdict.as_ref());
        out.extend(verdicts.flat_map(|verdict| verdict.includes.iter().cloned()));
        out
    }

    /// Gives what is known to be judged.
    pub(super) fn verdicts(&mut self) -> Vec<Option<Verdict>> {
        self.0.iter_mut().map(|row| row.verdict.take()).collect()
    }

    /// What came of all policies, of which an analysis has some now; for each of these, which of the former ones it is.
    pub(super) fn learn(&mut self, verdicts: Vec<Verdict>, policies: &[Policy]) -> Vec<Option<usize>> {
        let mut kept = Vec::with_capacity(policies.len());
        let mut policies = policies.iter();
        for (row, verdict) in self.0.iter_mut().zip(verdicts) {
            let former = row.former.take();
            if verdict.given
                && let Some(policy) = policies.next()
            {
                let same = |former: &Former| former.unknown == policy.unknown && former.included == policy.included;
                kept.push(former.filter(same).map(|former| former.number));
            }
            row.verdict = Some(verdict);
        }
        kept
    }
}

impl Placed for Known {
    fn shift(&mut self, shift: Shift) {
        for row in &mut self.0 {
            if let Some(verdict) = &mut row.verdict {
                verdict.policy.shift(shift);
                verdict.errors.shift(shift);
                verdict.unknown.shift(shift);
            }
            if let Some(former) = &mut row.former {
                former.unknown.shift(shift);
            }
        }
    }
}
