use std::collections::{BTreeMap, BTreeSet};

use crate::{
    catalog::JsonType,
    diagnostic::{Class, Code, Level},
    hir::{
        checked::{Policy, RuleKind, Standing, ToolId},
        model::{Comparison, Condition, Op},
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, condition},
    syntax::literal::write_path,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "missing-argument-fallthrough",
        class: Class::Lint,
        summary: "a `deny if` or `ask if` reads an argument that a call may leave out",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("missing_argument_fallthrough.md"),
    check: Check::Policy(check),
};

/// What is asked of one tool again and again.
struct Facts<'p> {
    callable: bool,
    /// The arguments without which a `require` refuses the call anyway.
    required: BTreeSet<&'p [String]>,
}

impl<'p> Facts<'p> {
    fn of(policy: &'p Policy, id: ToolId) -> Self {
        let requirements = policy.rules_of(id).filter_map(|rule| match &rule.kind {
            RuleKind::Require(condition) => Some(demanded(condition)),
            _ => None,
        });
        Self { callable: policy.standing(id) == Standing::Callable, required: requirements.flatten().collect() }
    }
}

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let mut facts: BTreeMap<ToolId, Facts<'_>> = BTreeMap::new();
    for rule in policy.rules() {
        let (condition, clause) = match &rule.kind {
            RuleKind::DenyIf(condition) => (condition, "deny"),
            RuleKind::AskIf(condition) => (condition, "ask"),
            RuleKind::Allow
            | RuleKind::Ask
            | RuleKind::Deny
            | RuleKind::Hide
            | RuleKind::Require(_)
            | RuleKind::Limit(_)
            | RuleKind::LimitAll(_) => continue,
        };
        let tests = condition::tests(condition);
        let spoken_of: BTreeSet<&[String]> =
            tests.iter().filter(|test| matches!(test.op, Op::Exists | Op::Missing)).map(|test| path(test)).collect();
        for test in &tests {
            if !falls_through(&test.op) || spoken_of.contains(path(test)) {
                continue;
            }
            let mut passes = |id: &ToolId| {
                let facts = facts.entry(*id).or_insert_with(|| Facts::of(policy, *id));
                facts.callable && may_lack(policy, *id, test) && !facts.required.contains(path(test))
            };
            let open: Vec<ToolId> = policy.covered(rule).filter(&mut passes).collect();
            if open.is_empty() {
                continue;
            }
            let path = write_path(path(test));
            let message = format!(
                "a call of {} without `{path}` passes: this does not {clause} what it cannot read",
                quoted_list(&policy.names(&open), 3)
            );
            let mut finding = findings.finding(Level::Warning, test.span, message);
            let means = policy.advise(Advice::Demand(&open, &path), || {
                format!("`require {path} exists`, or `{clause} if {path} missing or …`")
            });
            finding.help = Some(format!("say what absence means: {means}"));
            findings.add(finding);
        }
    }
}

/// Bounds and negative tests: those that people read as if they covered absence.
fn falls_through(op: &Op) -> bool {
    matches!(
        op,
        Op::NotEqual(_)
            | Op::Less(_)
            | Op::AtMost(_)
            | Op::Greater(_)
            | Op::AtLeast(_)
            | Op::NotIn(_)
            | Op::NotMatches(_)
            | Op::NotContains(_)
    )
}

fn path(test: &Comparison) -> &[String] {
    &test.path.segments
}

fn may_lack(policy: &Policy, id: ToolId, test: &Comparison) -> bool {
    let Some(tool) = policy.entry(id) else { return false };
    let param = test.path.segments.first().and_then(|name| tool.param(name));
    param.is_some_and(|param| !param.required || param.types.admits_type(JsonType::Null) && !param.types.is_any())
}

/// The arguments that a call must have for a requirement to hold.
fn demanded(condition: &Condition) -> BTreeSet<&[String]> {
    match condition {
        Condition::Test(test) if test.op == Op::Missing => BTreeSet::new(),
        Condition::Test(test) => BTreeSet::from([path(test)]),
        Condition::All(parts) => parts.iter().flat_map(demanded).collect(),
        Condition::Any(parts) => {
            let mut parts = parts.iter().map(demanded);
            let first = parts.next().unwrap_or_default();
            parts.fold(first, |all, part| all.intersection(&part).copied().collect())
        }
    }
}
