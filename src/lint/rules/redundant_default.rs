use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    hir::{
        checked::{Naming, RuleKind, Standing, ToolId},
        model::Fallback,
    },
    lint::{Check, Confidence, File, Findings, Persona, Rule, comments},
    text::{quoted_list, slice, with_its_line},
};

pub(super) static RULE: Rule = Rule {
    code: Code { name: "redundant-default", class: Class::Lint, summary: "a `deny` repeats the default" },
    level: Level::Info,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Safe),
    page: include_str!("redundant_default.md"),
    check: Check::FormOfFile(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    for policy in &file.policies {
        // who includes it has a default of its own
        if policy.fallback() != Fallback::Deny || policy.is_included() {
            continue;
        }
        let idle = |id: &ToolId| {
            policy.standing(*id) == Standing::Denied && policy.grant(*id).is_none() && policy.entry(*id).is_some()
        };
        for rule in policy.rules() {
            // a pattern or set also refuses what a grant may add later
            let plain = matches!(rule.kind, RuleKind::Deny) && rule.naming == Naming::Exact;
            if !plain || rule.because().is_some() || !policy.holds(rule.statement) {
                continue;
            }
            let mut tools = policy.covered(rule);
            if tools.len() == 0 || !tools.all(|id| idle(&id)) {
                continue;
            }
            let text = file.text(rule.statement);
            // the word of another language has a finding of its own
            if !slice(text, rule.statement.range()).starts_with("deny") || comments::explain(text, rule.statement) {
                continue;
            }
            let tools: Vec<ToolId> = policy.covered(rule).collect();
            let message = format!(
                "this changes nothing: nothing grants {}, and the default refuses {}",
                quoted_list(&policy.names(&tools), 3),
                if tools.len() == 1 { "it" } else { "them" }
            );
            findings.add(
                findings
                    .finding(Level::Info, rule.statement, message)
                    .label(policy.fallback_span(), "refuses whatever nothing grants")
                    .help("remove it; or say with `because` what to do instead, or `hide` it")
                    .fix(Applicability::Safe, "remove it", with_its_line(text, rule.statement), ""),
            );
        }
    }
}
