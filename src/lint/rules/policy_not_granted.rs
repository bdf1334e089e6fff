use crate::{
    diagnostic::{Class, Code, Level},
    hir::model::Name,
    lint::{Check, Confidence, File, Findings, Persona, Rule},
};

pub(super) static RULE: Rule = Rule {
    code: Code { name: "policy-not-granted", class: Class::Lint, summary: "a file grants policies, and nobody uses this one" },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    page: include_str!("policy_not_granted.md"),
    check: Check::File(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    let Some(grant) = file.outline.grants.first() else { return };
    for policy in file.policies.iter().filter(|policy| !policy.is_included()) {
        let is_this = |name: &Name| *name.text == *policy.name();
        let granted = file.outline.grants.iter().any(|grant| grant.policies.iter().any(is_this));
        let tested = file.outline.tests.iter().any(|test| test.policy.as_ref().is_some_and(is_this));
        if granted || tested {
            continue;
        }
        let message = format!("no grant of this file uses `{}`", policy.name());
        findings.add(
            findings
                .finding(Level::Warning, policy.name_span(), message)
                .label(grant.identity.span, "the first grant")
                .help("name it in a grant, or keep what others import in a file without grants"),
        );
    }
}
