use crate::{
    catalog::{Category, Risk},
    diagnostic::{Class, Code, Level},
    hir::checked::{Naming, RuleKind, ToolId},
    lint::{Check, Confidence, File, Findings, Persona, Rule, comments},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "undocumented-grant",
        class: Class::Lint,
        summary: "a tool that changes something is granted by name, and nobody says why",
    },
    level: Level::Info,
    persona: Persona::Audit,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("undocumented_grant.md"),
    check: Check::FormOfFile(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    for policy in &file.policies {
        let changes = |id: &ToolId| {
            policy
                .entry(*id)
                .is_some_and(|tool| tool.risk > Risk::Low || !matches!(tool.category, Category::Read | Category::Other))
        };
        for rule in policy.rules() {
            let grants = matches!(rule.kind, RuleKind::Allow | RuleKind::Ask) && rule.naming == Naming::Exact;
            if !grants || rule.because().is_some() || comments::explain(file.text(rule.statement), rule.statement) {
                continue;
            }
            let tools: Vec<ToolId> = policy.covered(rule).filter(changes).collect();
            if tools.is_empty() {
                continue;
            }
            let message =
                format!("nobody says why `{}` grants {}", policy.name(), quoted_list(&policy.names(&tools), 3));
            findings.add(
                findings
                    .finding(Level::Info, rule.tools_span, message)
                    .help("say it with `because`, or in a comment on the line above"),
            );
        }
    }
}
