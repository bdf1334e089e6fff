use crate::{
    catalog::{Category, JsonType, Param, Signal, Tool},
    diagnostic::{Applicability, Class, Code, Level},
    hir::checked::{RuleKind, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, capability::is_scope},
    syntax::literal::{write_name, write_path},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "bulk-operation-unscoped",
        class: Class::Lint,
        summary: "a tool that affects many things at once can be called without the argument that narrows it",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    fix: Some(Applicability::Unsafe),
    page: include_str!("bulk_operation_unscoped.md"),
    check: Check::Narrowing(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for id in policy.callable() {
        let Some(tool) = policy.entry(id).filter(|tool| is_bulk(policy, id, tool)) else { continue };
        let Some(param) = narrowing(tool).filter(|param| !policy.looks_at(id, &param.name)) else { continue };
        let span = policy.grant(id).map_or(policy.fallback_span(), |rule| rule.statement);
        let path = write_path(std::slice::from_ref(&param.name));
        let name = write_name(&tool.name);
        let message =
            format!("`{}` affects many things at once, and a call may leave out `{path}`, which narrows it", tool.name);
        let on = format!("on {name} {{\n    require {path} exists\n  }}");
        findings.add(
            findings
                .finding(Level::Warning, span, message)
                .proof_if(
                    policy.open_call(id).map(|call| format!("{call} is allowed, and takes in all that the server has")),
                )
                .help(policy.advise(Advice::Demand(&[id], &path), || {
                    format!("demand it: `on {name} {{ require {path} exists }}`")
                }))
                .fix(Applicability::Unsafe, format!("demand `{path}`"), span.at_end(), format!("\n  {on}")),
        );
    }
}

/// Whether it changes many things, and no limit shows that somebody thought of how often.
fn is_bulk(policy: &Subject<'_>, id: ToolId, tool: &Tool) -> bool {
    tool.signals.contains(&Signal::Bulk)
        && matches!(tool.category, Category::Write | Category::Destructive)
        && !policy.rules_of(id).any(|rule| matches!(rule.kind, RuleKind::Limit(_)))
}

/// The optional argument that says which things, where no required one does.
fn narrowing(tool: &Tool) -> Option<&Param> {
    let choice = |param: &&Param| param.types.admits_type(JsonType::String) || param.types.admits_type(JsonType::Array);
    if tool.params.iter().filter(|param| param.required).any(|param| choice(&param) && param.values.is_none()) {
        return None;
    }
    tool.params
        .iter()
        .filter(|param| !param.required && !param.types.is_any())
        .filter(choice)
        .find(|param| is_scope(&param.name))
}
