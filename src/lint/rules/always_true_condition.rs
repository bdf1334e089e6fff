use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::{RuleKind, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, condition, exact},
    region::Answer,
    syntax::literal::write_name,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "always-true-condition",
        class: Class::Lint,
        summary: "every call satisfies a `deny if` or `ask if`",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("always_true_condition.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules().iter().filter(|rule| !rule.included) {
        let (verb, condition) = match &rule.kind {
            RuleKind::DenyIf(condition) => ("deny", condition),
            RuleKind::AskIf(condition) => ("ask", condition),
            _ => continue,
        };
        let always = |id: &ToolId| {
            !exact::is_contingent(condition, policy.entry(*id)) && exact::none(policy, *id, &[exact::fails(condition)])
        };
        let ids: Vec<ToolId> = policy.covered(rule).filter(always).collect();
        let Some(first) = ids.first() else { continue };
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let names: Vec<String> = tools.iter().map(|tool| write_name(tool)).collect();
        let effect = if verb == "deny" { "is denied" } else { "needs approval" };
        let message = format!("every call of {} satisfies this, so every call {effect}", quoted_list(&tools, 3));
        let mut finding = findings.finding(Level::Warning, condition::span(condition), message);
        finding.help = Some(
            policy.advise(Advice::Say("block the tool outright if that is meant, else correct the condition"), || {
                format!("write `{verb} {}` if that is meant, else correct the condition", names.join(", "))
            }),
        );
        if let Answer::Call(arguments) = policy.find(*first, &[exact::holds(condition)]) {
            finding.proof = Some(format!("{} {effect}", policy.call(*first, &arguments)));
        }
        findings.add(finding);
    }
}
