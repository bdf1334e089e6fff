use std::collections::BTreeSet;

use crate::{
    catalog::{Category, Risk, Signal},
    diagnostic::{Class, Code, Level},
    hir::checked::{RuleKind, Standing, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, capability::code_param},
    text::{count, list, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "default-allow",
        class: Class::Lint,
        summary: "`default allow` leaves tools open that write or run something, and nothing narrows them",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("default_allow.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let narrowed = || policy.rules_of_all().any(|rule| matches!(rule.kind, RuleKind::LimitAll(_)));
    // the default of a policy that is included is not taken
    if policy.is_closed() || policy.is_included() || narrowed() {
        return;
    }
    let callable = || policy.tools().filter(|id| policy.standing(*id) == Standing::Callable);
    let critical = |id: ToolId| policy.entry(id).is_some_and(|tool| tool.risk == Risk::Critical);
    // `critical-tool-not-blocked` stands at this very place
    if callable().any(|id| critical(id) && !policy.is_narrowed(id)) {
        return;
    }
    let mut categories = BTreeSet::new();
    let mut tools = Vec::new();
    for id in callable().filter(|id| policy.rules_of(*id).next().is_none()) {
        let Some(tool) = policy.entry(id) else { continue };
        // of these other rules speak
        if code_param(tool).is_some() || tool.signals.contains(&Signal::Dispatch) {
            continue;
        }
        if matches!(tool.category, Category::Write | Category::Execute) {
            categories.insert(tool.category);
            tools.push(tool.name.as_str());
        }
    }
    if tools.is_empty() {
        return;
    }
    let does: Vec<&str> = categories
        .iter()
        .map(|it| if *it == Category::Write { "change something" } else { "start something" })
        .collect();
    let sets: Vec<String> = categories.iter().map(|category| format!("@{category}")).collect();
    let message = format!(
        "this leaves {} callable that can {}, and nothing narrows them: {}",
        count(tools.len(), "tool"),
        list(&does, "or"),
        quoted_list(&tools, 3)
    );
    let mut finding = findings.finding(Level::Warning, policy.fallback_span(), message);
    finding.proof = callable()
        .find(|id| tools.first() == Some(&policy.tool_name(*id)))
        .and_then(|id| policy.open_call(id))
        .map(|call| format!("{call} is allowed, and so is every tool that the server gains later"));
    finding.help = Some(policy.advise(Advice::Close, || format!(
        "write `default deny` and grant what the agent needs, for example `allow @read`; or narrow them: `limit {} to 30 per minute`",
        sets.join(", ")
    )));
    findings.add(finding);
}
