use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::{RuleKind, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, condition, exact},
};

pub(super) static RULE: Rule = Rule {
    code: Code { name: "needless-requirement", class: Class::Lint, summary: "every call satisfies a `require`" },
    level: Level::Info,
    persona: Persona::Pedantic,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("needless_requirement.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules().iter().filter(|rule| !rule.included) {
        let RuleKind::Require(condition) = &rule.kind else { continue };
        let always = |id: ToolId| {
            !exact::is_contingent(condition, policy.entry(id)) && exact::none(policy, id, &[exact::fails(condition)])
        };
        let mut covered = policy.covered(rule);
        if covered.len() == 0 || !covered.all(always) {
            continue;
        }
        let message = "every call that the server accepts satisfies this, so it refuses nothing";
        findings.add(
            findings
                .finding(Level::Info, condition::span(condition), message)
                .help("remove it, or keep it against a server that checks less than its schema says"),
        );
    }
}
