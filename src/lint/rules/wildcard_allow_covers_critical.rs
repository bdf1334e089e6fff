use std::collections::BTreeMap;

use crate::{
    catalog::Risk,
    diagnostic::{Applicability, Class, Code, Level},
    hir::checked::{Naming, Rule as PolicyRule, RuleKind, Standing, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice},
    syntax::literal::write_name,
    text::{Span, count, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "wildcard-allow-covers-critical",
        class: Class::Lint,
        summary: "a pattern or set grants a critical tool that nothing narrows",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    fix: Some(Applicability::Unsafe),
    page: include_str!("wildcard_allow_covers_critical.md"),
    check: Check::Policy(check),
};

/// From this many names on, `@critical` is easier to read.
const MANY: usize = 4;

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    // under `default allow` the default is what leaves the tool open
    if !policy.is_closed() {
        return;
    }
    let mut open: BTreeMap<Span, (&PolicyRule, Vec<ToolId>)> = BTreeMap::new();
    for id in policy.tools() {
        let critical = is_critical(policy, id) && policy.standing(id) == Standing::Callable;
        if !critical || policy.is_named(id) || policy.is_narrowed(id) {
            continue;
        }
        for rule in policy.rules_of(id).filter(|rule| matches!(rule.kind, RuleKind::Allow)) {
            open.entry(rule.statement).or_insert((rule, Vec::new())).1.push(id);
        }
    }
    for (rule, ids) in open.into_values() {
        say(policy, rule, &ids, findings);
    }
}

fn is_critical(policy: &Subject<'_>, id: ToolId) -> bool {
    policy.entry(id).is_some_and(|tool| tool.risk == Risk::Critical)
}

fn say(policy: &Subject<'_>, rule: &PolicyRule, ids: &[ToolId], findings: &mut Findings) {
    debug_assert!(rule.naming == Naming::Broad);
    let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
    let names: Vec<String> = tools.iter().map(|name| write_name(name)).collect();
    let critical = count(tools.len(), "critical tool");
    let them = if tools.len() == 1 { "it" } else { "them" };
    let message = format!("this grants {critical}, and nothing narrows {them}: {}", quoted_list(&tools, 5));
    let mut finding = findings.finding(Level::Error, rule.statement, message).remark(format!("reaches {critical}"));
    finding.proof = ids.first().and_then(|id| policy.open_call(*id)).map(|call| format!("{call} is allowed"));

    let list = policy.text(rule.tools_span);
    let word = |word: &str| word == "except";
    let excepts = list.split_ascii_whitespace().any(word);
    let taken = list.split([',', ' ', '\n', '\t', '\r']).take_while(|it| !word(it));
    let named = taken.into_iter().any(|token| names.iter().any(|name| name == token));
    let covered = policy.covered(rule).filter(|id| is_critical(policy, *id)).count();
    let verb = Span { end: rule.statement.start + 5, ..rule.statement };
    if policy.covered(rule).len() == ids.len() {
        finding.help =
            Some(format!("have a person approve {them}: `ask` instead of `allow`; or take the statement out"));
        if policy.text(verb) == "allow" {
            finding.set_fix(Applicability::Unsafe, "write `ask` instead of `allow`", verb, "ask");
        }
    } else if named {
        finding.help = Some(format!("take {them} out of this list, and write `ask {}`", names.join(", ")));
    } else {
        let all = ids.len() >= MANY && covered == ids.len();
        let except = if all { "@critical".to_owned() } else { names.join(", ") };
        let text = if excepts { format!(", {except}") } else { format!(" except {except}") };
        finding.help = Some(format!(
            "write `except {except}` behind the list; where the agent needs one, `ask {}` below it",
            names.first().map_or("TOOL", String::as_str)
        ));
        finding.set_fix(Applicability::Unsafe, format!("add `except {except}`"), rule.tools_span.at_end(), text);
    }
    finding.help = finding.help.map(|ours| policy.advise(Advice::Gate(ids), || ours));
    findings.add(finding);
}
