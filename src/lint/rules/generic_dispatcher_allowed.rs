use crate::{
    catalog::{Category, Signal},
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, capability::inner_param},
    syntax::literal::{write_name, write_path},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "generic-dispatcher-allowed",
        class: Class::Lint,
        summary: "a tool that calls other tools can be called and no condition says which",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("generic_dispatcher_allowed.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    // the default of a policy that is included is not taken
    if policy.is_included() && !policy.is_closed() {
        return;
    }
    let open = policy.callable().filter(|id| {
        let Some(tool) = policy.entry(*id) else { return false };
        let dispatches = tool.signals.contains(&Signal::Dispatch) && weighty(tool.category);
        dispatches && inner_param(tool).is_some_and(|param| !chosen(policy, *id, &param.name))
    });
    for (span, ids) in policy.by_grant(open) {
        let Some(tool) = ids.first().and_then(|id| policy.entry(*id)) else { continue };
        let Some(param) = inner_param(tool) else { continue };
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let path = write_path(std::slice::from_ref(&param.name));
        let (calls, verb) = if tools.len() == 1 { ("calls", "is") } else { ("call", "are") };
        let message = format!(
            "{} {calls} other tools, and {verb} left free to choose which: what this policy says of them does not hold there",
            quoted_list(&tools, 3)
        );
        let proof = ids.first().and_then(|id| policy.open_call_with(*id, param, "delete_everything"));
        findings.add(
            findings
                .finding(Level::Warning, span, message)
                .proof_if(proof.map(|call| format!("{call} is allowed, whatever it names")))
                .help(policy.advise(Advice::Gate(&ids), || format!(
                    "say which may be called, `allow {} {{ require {path} in [\"…\"] }}`, or have a person approve each call with `ask`",
                    write_name(&tool.name)
                ))),
        );
    }
}

/// Whether a condition looks at what is called, or a limit that names the dispatcher shows that somebody thought of it.
fn chosen(policy: &Subject<'_>, id: ToolId, inner: &str) -> bool {
    policy.looks_at(id, inner) || !policy.has_conditions(id) && policy.is_narrowed(id)
}

/// Whether what the dispatcher calls does more than read, or write what can be undone.
fn weighty(category: Category) -> bool {
    matches!(category, Category::Execute | Category::Financial | Category::Destructive)
}
