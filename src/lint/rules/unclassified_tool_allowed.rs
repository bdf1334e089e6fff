use crate::{
    catalog::Confidence as Firmness,
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "unclassified-tool-allowed",
        class: Class::Lint,
        summary: "a tool whose class nobody knows is granted without being named",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("unclassified_tool_allowed.md"),
    check: Check::Form(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let unknown = |id: &ToolId| {
        let guess = policy.entry(*id).and_then(|tool| tool.confidence).is_some_and(|firm| firm <= Firmness::DEFAULT);
        guess && !policy.is_named(*id)
    };
    for (place, tools) in policy.by_grant(policy.callable().filter(unknown)) {
        let names = policy.names(&tools);
        let (is, its) = if names.len() == 1 { ("is", "its name says") } else { ("are", "their names say") };
        let message = format!("{} {is} granted unseen, and nothing in {its} what it does", quoted_list(&names, 3));
        let mut finding = findings.finding(Level::Warning, place, message);
        finding.help = Some(
            "find out what it does, then name it in a statement of its own, or give its class in an overlay".to_owned(),
        );
        finding.proof = tools.iter().find_map(|id| policy.open_call(*id)).map(|call| format!("{call} is allowed"));
        findings.add(finding);
    }
}
