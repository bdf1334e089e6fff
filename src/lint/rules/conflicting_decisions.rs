use std::collections::BTreeMap;

use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::{Naming, Rule as PolicyRule, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, standing},
    text::{Span, quoted_list},
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
    for rule in policy.rules().iter().filter(|rule| !rule.included && rule.naming == Naming::Exact) {
        // by the statement that is stronger
        let mut stopped: BTreeMap<Span, (Vec<ToolId>, &PolicyRule)> = BTreeMap::new();
        for id in policy.covered(rule) {
            if let Some(by) = standing::stronger(policy, rule, id).filter(|by| by.naming == Naming::Exact) {
                stopped.entry(by.statement).or_insert_with(|| (Vec::new(), by)).0.push(id);
            }
        }
        for (ids, by) in stopped.into_values() {
            let tools = quoted_list(&policy.names(&ids), 3);
            let ((weak, _), (strong, _)) = (standing::words(rule), standing::words(by));
            let (is, place) = (
                if ids.len() == 1 { "is" } else { "are" },
                if by.included { "in a policy that this one includes" } else { "elsewhere" },
            );
            let message = format!(
                "{tools} {is} named under `{weak}` here and under `{strong}` {place}, and `{strong}` is stronger"
            );
            let mut finding = findings
                .finding(standing::weight(by), rule.statement, message)
                .label(by.statement, "counts instead")
                .help(format!("take {tools} out of one of the two"));
            finding.proof = standing::proof(policy, ids.first().copied());
            findings.add(finding);
        }
    }
}
