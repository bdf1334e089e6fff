use crate::{
    catalog::Category,
    diagnostic::{Class, Code, Level},
    hir::checked::{RuleKind, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "write-tool-without-limit",
        class: Class::Lint,
        summary: "a tool that changes something can be called without a limit",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("write_tool_without_limit.md"),
    check: Check::Narrowing(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    if policy.rules_of_all().any(|rule| matches!(rule.kind, RuleKind::LimitAll(_))) {
        return;
    }
    let unbounded = |id: &ToolId| {
        policy.entry(*id).is_some_and(|tool| !matches!(tool.category, Category::Read | Category::Other))
            && !policy.rules_of(*id).any(|rule| matches!(rule.kind, RuleKind::Limit(_)))
    };
    let mut groups = policy.by_grant(policy.callable().filter(unbounded));
    // documents of others have an entry for each tool, and one limit of all tools is what they want
    if policy.origin().manners().is_some()
        && let Some((place, _)) = groups.first_key_value()
    {
        groups = [(*place, groups.values().flatten().copied().collect())].into();
    }
    for (place, tools) in groups {
        let names = policy.names(&tools);
        let changes = if names.len() == 1 { "changes" } else { "change" };
        let message = format!("{} {changes} something and can be called without end", quoted_list(&names, 3));
        let mut finding = findings.finding(Level::Warning, place, message);
        finding.help =
            Some(policy.advise(Advice::Say("end a loop early: give it a limit, or all tools together"), || {
                "end a loop early: `limit to 30 per minute` in a block, or `limit all to …`".to_owned()
            }));
        finding.proof = tools
            .iter()
            .find_map(|id| policy.open_call(*id))
            .map(|call| format!("{call} is allowed, a thousand times a minute"));
        findings.add(finding);
    }
}
