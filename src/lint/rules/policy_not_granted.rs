use std::collections::BTreeSet;

use crate::{
    diagnostic::{Class, Code, Level},
    lint::{Check, Confidence, File, Findings, Persona, Rule},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "policy-not-granted",
        class: Class::Lint,
        summary: "a file grants policies, and nobody uses this one",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("policy_not_granted.md"),
    check: Check::FormOfFile(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    let Some(grant) = file.outline.grants.first() else { return };
    let granted = file.outline.grants.iter().flat_map(|grant| &grant.policies);
    let tested = file.outline.tests.iter().filter_map(|test| test.policy.as_ref());
    let used: BTreeSet<&str> = granted.chain(tested).map(|name| &*name.text).collect();
    for policy in file.policies.iter().filter(|policy| !policy.is_included() && !used.contains(policy.name())) {
        let message = format!("no grant of this file uses `{}`", policy.name());
        findings.add(
            findings
                .finding(Level::Warning, policy.name_span(), message)
                .label(grant.identity.span, "the first grant")
                .help("name it in a grant, or keep what others import in a file without grants"),
        );
    }
}
