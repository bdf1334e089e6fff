use crate::{
    catalog::Risk,
    diagnostic::{Class, Code, Level},
    hir::{
        checked::{Standing, ToolId},
        model::Name,
    },
    lint::{Check, Confidence, File, Findings, Persona, Rule},
    syntax::literal::write_name,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "untested-critical-deny",
        class: Class::Lint,
        summary: "no test names the critical tools that a policy keeps from the agent",
    },
    level: Level::Info,
    persona: Persona::Audit,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("untested_critical_deny.md"),
    check: Check::FormOfFile(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    for policy in &file.policies {
        let of_this = |name: &Name| *name.text == *policy.name();
        let tests = || file.outline.tests.iter().filter(|test| test.policy.as_ref().is_some_and(of_this));
        let tested = |name: &str| tests().any(|test| test.calls.iter().any(|call| *call.tool.text == *name));
        let kept = |id: &ToolId| {
            let guarded = matches!(policy.standing(*id), Standing::Hidden | Standing::Denied | Standing::Asks);
            guarded
                && policy.entry(*id).is_some_and(|tool| tool.risk == Risk::Critical)
                && !tested(policy.tool_name(*id))
        };
        let tools: Vec<ToolId> = policy.tools().filter(kept).collect();
        let Some(first) = tools.first() else { continue };
        let names = policy.names(&tools);
        let message = format!("no test of `{}` shows what becomes of {}", policy.name(), quoted_list(&names, 3));
        let decision = match policy.standing(*first) {
            Standing::Hidden => "hidden",
            Standing::Asks => "ask",
            Standing::Denied | Standing::NotGranted | Standing::Callable => "deny",
        };
        let line = format!("call {} -> {decision}", write_name(policy.tool_name(*first)));
        findings.add(
            findings
                .finding(Level::Info, policy.name_span(), message)
                .help(format!("add a `test` for the policy with `{line}`")),
        );
    }
}
