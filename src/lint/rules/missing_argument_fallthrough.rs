use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    catalog::JsonType,
    diagnostic::{Class, Code, Level},
    hir::{
        checked::{Policy, Rule as PolicyRule, RuleKind, Standing, ToolId},
        model::{Comparison, Condition, Op},
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, condition, exact},
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

fn check(policy: &Subject<'_>, findings: &mut Findings) {
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
        let mut said = BTreeSet::new();
        for test in &tests {
            if !falls_through(&test.op) || spoken_of.contains(path(test)) {
                continue;
            }
            let lacks = Condition::Test(Comparison { op: Op::Missing, ..(*test).clone() });
            let call = |id: ToolId| {
                let may = policy.standing(id) == Standing::Callable
                    && may_lack(policy, id, test)
                    && !policy.rules_of(id).any(|rule| demands(rule, path(test)));
                may.then(|| exact::passing_as(policy, id, &[exact::holds(&lacks)])).flatten()
            };
            let passing: Vec<(ToolId, Value)> =
                policy.covered(rule).filter_map(|id| call(id).map(|arguments| (id, arguments))).collect();
            let Some((first, arguments)) = passing.first() else { continue };
            // one argument is said once
            if !said.insert(path(test)) {
                continue;
            }
            let open: Vec<ToolId> = passing.iter().map(|(id, _)| *id).collect();
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
            finding.proof = Some(format!("{} is allowed", policy.call(*first, arguments)));
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
    // what is within an object is as good as never required
    if test.path.segments.len() > 1 {
        return true;
    }
    let param = test.path.segments.first().and_then(|name| tool.param(name));
    param.is_some_and(|param| !param.required || param.types.admits_type(JsonType::Null) && !param.types.is_any())
}

/// Whether a requirement plainly asks for the argument, which spares a longer look.
fn demands(rule: &PolicyRule, path: &[String]) -> bool {
    matches!(&rule.kind, RuleKind::Require(condition)
        if matches!(&**condition, Condition::Test(test) if test.op != Op::Missing && *test.path.segments == *path))
}
