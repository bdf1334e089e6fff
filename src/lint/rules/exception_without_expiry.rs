use crate::{
    catalog::Risk,
    diagnostic::{Class, Code, Level},
    hir::checked::{Naming, RuleKind, Standing, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "exception-without-expiry",
        class: Class::Lint,
        summary: "a critical tool is granted by name, and the grant never ends",
    },
    level: Level::Info,
    persona: Persona::Audit,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("exception_without_expiry.md"),
    check: Check::Form(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let critical = |id: &ToolId| {
        policy.standing(*id) == Standing::Callable && policy.entry(*id).is_some_and(|tool| tool.risk == Risk::Critical)
    };
    for rule in policy.rules() {
        let named = matches!(rule.kind, RuleKind::Allow) && rule.naming == Naming::Exact;
        if !named || policy.until(rule).is_some() {
            continue;
        }
        let tools: Vec<ToolId> = policy.covered(rule).filter(critical).collect();
        if tools.is_empty() {
            continue;
        }
        let is = if tools.len() == 1 { "is" } else { "are" };
        let message = format!("{} {is} critical, and this grant never ends", quoted_list(&policy.names(&tools), 3));
        findings.add(
            findings.finding(Level::Info, rule.tools_span, message).help(
                "end an exception with `until` and a day; have a person approve with `ask` what is needed for good",
            ),
        );
    }
}
