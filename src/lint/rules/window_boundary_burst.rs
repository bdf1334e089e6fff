use crate::{
    catalog::Risk,
    diagnostic::{Class, Code, Level},
    hir::checked::{RuleKind, Standing, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "window-boundary-burst",
        class: Class::Lint,
        summary: "a limit on a critical tool may let twice as many calls through at the end of a window",
    },
    level: Level::Info,
    persona: Persona::Audit,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("window_boundary_burst.md"),
    check: Check::Narrowing(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let critical = |id: &ToolId| {
        policy.standing(*id) == Standing::Callable && policy.entry(*id).is_some_and(|tool| tool.risk == Risk::Critical)
    };
    for rule in policy.rules() {
        let RuleKind::Limit(rate) = &rule.kind else { continue };
        let tools: Vec<ToolId> = policy.covered(rule).filter(critical).collect();
        if tools.is_empty() {
            continue;
        }
        let (twice, what) = (rate.max.saturating_mul(2), if rate.argument.is_some() { "in all" } else { "calls" });
        let message = format!(
            "where windows follow each other, {twice} {what} of {} fit around the end of one",
            quoted_list(&policy.names(&tools), 3)
        );
        findings.add(
            findings
                .finding(Level::Info, rate.span, message)
                .help("write half as much, or add a limit over a longer window"),
        );
    }
}
