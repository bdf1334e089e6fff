use std::collections::BTreeMap;

use crate::{
    catalog::Risk,
    diagnostic::{Applicability, Class, Code, Level},
    hir::checked::{Standing, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice},
    syntax::literal::write_name,
    text::{Span, count, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "critical-tool-not-blocked",
        class: Class::Lint,
        summary: "a critical tool can be called and nothing narrows it",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    fix: Some(Applicability::Unsafe),
    page: include_str!("critical_tool_not_blocked.md"),
    check: Check::Policy(check),
};

/// From this many names on, `@critical` is easier to read.
const MANY: usize = 4;

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    // a floor's default decides nothing; what includes it is looked at
    if policy.is_included() {
        return;
    }
    // by what leaves them open: the statement that grants them, or the default
    let mut open: BTreeMap<(Span, bool), Vec<ToolId>> = BTreeMap::new();
    for id in policy.tools() {
        if !is_critical(policy, id) || policy.standing(id) != Standing::Callable || policy.is_narrowed(id) {
            continue;
        }
        // where a pattern or set grants it, `wildcard-allow-covers-critical` speaks
        let key = match policy.grant(id) {
            Some(rule) if policy.names_tool(rule, id) => (rule.statement, true),
            _ if !policy.is_closed() => (policy.fallback_span(), false),
            _ => continue,
        };
        open.entry(key).or_default().push(id);
    }
    for ((span, by_name), ids) in open {
        let first = ids.first().copied();
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let are = if tools.len() == 1 { "critical tool is" } else { "critical tools are" };
        let names: Vec<String> = tools.iter().map(|name| write_name(name)).collect();
        let (level, how) = if by_name {
            (
                Level::Warning,
                if policy.can_narrow() { "granted by name, without a condition or a limit" } else { "granted by name" },
            )
        } else {
            (Level::Error, "left callable")
        };
        let message = format!("{} {are} {how}: {}", tools.len(), quoted_list(&tools, 5));
        let every = policy.tools().filter(|id| is_critical(policy, *id)).count() == ids.len() && ids.len() >= MANY;
        let hide = if every { "hide @critical".to_owned() } else { format!("hide {}", names.join(", ")) };
        let mut finding = findings.finding(level, span, message);
        finding.remark =
            if by_name { String::new() } else { format!("reaches {}", count(tools.len(), "critical tool")) };
        finding.help = Some(policy.advise(Advice::Gate(&ids), || if by_name {
            format!(
                "write `ask {0}` to have a person approve each call, or narrow it: `allow {0} {{ require … limit to … }}`",
                names.join(", ")
            )
        } else {
            format!(
                "block them with `{hide}`, have a person approve them with `ask`, or name them in an `allow` of their own that narrows them"
            )
        }));
        finding.proof = first.and_then(|id| policy.open_call(id)).map(|call| format!("{call} is allowed"));
        if !by_name {
            finding.set_fix(Applicability::Unsafe, format!("add `{hide}`"), span.at_end(), format!("\n  {hide}"));
        }
        findings.add(finding);
    }
}

fn is_critical(policy: &Subject<'_>, id: ToolId) -> bool {
    policy.entry(id).is_some_and(|tool| tool.risk == Risk::Critical)
}
