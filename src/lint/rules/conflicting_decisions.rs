use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::Naming,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, standing},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "conflicting-decisions",
        class: Class::Lint,
        summary: "two statements name one tool and decide differently",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("conflicting_decisions.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules() {
        if rule.included || rule.naming != Naming::Exact {
            continue;
        }
        for id in policy.covered(rule) {
            let Some(by) = standing::stronger(policy, rule, id) else { continue };
            if by.naming != Naming::Exact || by.included {
                continue;
            }
            let name = policy.tool_name(id);
            let ((weak, _), (strong, _)) = (standing::words(rule), standing::words(by));
            let message = format!(
                "`{name}` is named under `{weak}` here and under `{strong}` elsewhere, and `{strong}` is stronger"
            );
            let mut finding = findings
                .finding(standing::weight(by), rule.statement, message)
                .label(by.statement, format!("so `{name}` has this"))
                .help(format!("take `{name}` out of one of the two"));
            finding.proof = standing::proof(policy, Some(id));
            findings.add(finding);
        }
    }
}
