//! What the random cases have reached: a law that was never put to the test proves nothing.

use std::collections::BTreeMap;

use mcppol::{
    hir::{
        RuleKind,
        checked::{Policy, Standing},
        model::Op,
    },
    target,
};

use super::{calls::tests_of, law::Agreement};

/// Counts of one run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) cases: u64,
    /// Cases without an error.
    pub(super) sound: u64,
    /// What is wrong with the others.
    pub(super) errors: BTreeMap<&'static str, u64>,
    /// By target: policies that it takes.
    pub(super) taken: BTreeMap<&'static str, u64>,
    pub(super) policies: u64,
    /// By target: calls of each kind of agreement.
    pub(super) calls: BTreeMap<(&'static str, Agreement), u64>,
    /// By target: pairs of decisions, the policy's and the engine's.
    pub(super) decisions: BTreeMap<(&'static str, &'static str, &'static str), u64>,
    /// By target and verb: rules of it, and those in policies that the target takes.
    rules: BTreeMap<(&'static str, &'static str), (u64, u64)>,
    /// By target, clause and operator: policies with it, and those that the target takes.
    tests: BTreeMap<(&'static str, &'static str, &'static str), (u64, u64)>,
}

pub(super) const OPS: [&str; 18] = [
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "not in",
    "matches",
    "not matches",
    "contains",
    "not contains",
    "exists",
    "missing",
    "under",
    "not under",
    "host in",
    "host not in",
];

fn name(op: &Op) -> &'static str {
    let at = match op {
        Op::Equal(_) => 0,
        Op::NotEqual(_) => 1,
        Op::Less(_) => 2,
        Op::AtMost(_) => 3,
        Op::Greater(_) => 4,
        Op::AtLeast(_) => 5,
        Op::In(_) => 6,
        Op::NotIn(_) => 7,
        Op::Matches(_) => 8,
        Op::NotMatches(_) => 9,
        Op::Contains(_) => 10,
        Op::NotContains(_) => 11,
        Op::Exists => 12,
        Op::Missing => 13,
        Op::Under(_) => 14,
        Op::NotUnder(_) => 15,
        Op::HostIn(_) => 16,
        Op::HostNotIn(_) => 17,
    };
    OPS[at]
}

impl Tally {
    pub(super) fn policy(&mut self, target: &'static str, policy: &Policy, taken: bool) {
        *self.taken.entry(target).or_default() += u64::from(taken);
        for rule in policy.rules() {
            let verb = match &rule.kind {
                RuleKind::Allow => "allow",
                RuleKind::Ask => "ask",
                RuleKind::Deny => "deny",
                RuleKind::Hide => "hide",
                RuleKind::LimitAll(_) => "limit all",
                RuleKind::Limit(rate) if rate.argument.is_some() => "limit total",
                RuleKind::Limit(_) => "limit",
                RuleKind::Require(_) | RuleKind::DenyIf(_) | RuleKind::AskIf(_) => "with a condition",
            };
            let count = self.rules.entry((target, verb)).or_default();
            count.0 += 1;
            count.1 += u64::from(taken);
            let (clause, condition) = match &rule.kind {
                RuleKind::Require(condition) => ("require", condition),
                RuleKind::DenyIf(condition) => ("deny if", condition),
                RuleKind::AskIf(condition) => ("ask if", condition),
                RuleKind::Allow
                | RuleKind::Ask
                | RuleKind::Deny
                | RuleKind::Hide
                | RuleKind::Limit(_)
                | RuleKind::LimitAll(_) => continue,
            };
            // elsewhere a condition has nothing to decide
            if !policy.covered(rule).any(|id| policy.standing(id) == Standing::Callable) {
                continue;
            }
            let mut tests = Vec::new();
            tests_of(condition, &mut tests);
            for test in tests {
                let count = self.tests.entry((target, clause, name(&test.op))).or_default();
                count.0 += 1;
                count.1 += u64::from(taken);
            }
        }
    }

    /// Every operator in every clause is often compiled by every target, or never, because it cannot be.
    pub(super) fn check(&self) {
        let share = |part: u64, whole: u64| part * 100 / whole.max(1);
        assert!(share(self.sound, self.cases) >= 60, "too few sound cases: {self:#?}");
        let least = self.sound / 2_500;
        for target in target::ALL {
            let taken = self.taken.get(target.name).copied().unwrap_or(0);
            assert!(share(taken, self.policies) >= 40, "`{}` takes too few: {self:#?}", target.name);
            for verb in ["allow", "ask", "deny", "hide", "limit", "limit all", "limit total"] {
                let (tried, taken) = self.rules.get(&(target.name, verb)).copied().unwrap_or_default();
                let never = match target.name {
                    "rules" => ["limit all", "limit total"].contains(&verb),
                    "policylayer" => verb == "limit total",
                    _ => false,
                };
                let place = format!("`{}`, {verb}: {taken} of {tried}", target.name);
                assert!(tried >= least * 5 && (never || taken >= least), "{place}: too few");
            }
            for clause in ["require", "deny if", "ask if"] {
                for op in OPS {
                    let guard = op.contains("under") || op.contains("host");
                    let (tried, taken) = self.tests.get(&(target.name, clause, op)).copied().unwrap_or_default();
                    let place = format!("`{}`, {clause}, {op}: {taken} of {tried}", target.name);
                    if guard && clause != "require" {
                        assert_eq!(tried, 0, "{place}: a guard outside `require` is an error");
                        continue;
                    }
                    assert!(tried >= least * 2, "{place}: too few");
                    let always_refused = match target.name {
                        "rules" => true,
                        "intercept" if clause == "require" => {
                            ["not matches", "not contains", "not under", "host not in"].contains(&op)
                        }
                        "intercept" => ["matches", "contains"].contains(&op),
                        _ => clause != "require" && ["not matches", "not contains"].contains(&op),
                    };
                    assert_eq!(always_refused, taken == 0, "{place}");
                    assert!(always_refused || taken >= least, "{place}: too few");
                }
            }
            for agreement in [Agreement::Same, Agreement::Announced, Agreement::Invalid] {
                let calls = self.calls.get(&(target.name, agreement)).copied().unwrap_or(0);
                let none = target.name == "rules" && agreement == Agreement::Invalid;
                assert_eq!(calls == 0, none, "`{}`, {agreement:?}: {self:#?}", target.name);
            }
        }
    }
}
