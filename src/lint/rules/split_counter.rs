use std::collections::BTreeMap;

use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::{RuleKind, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice},
    text::Span,
};

pub(super) static RULE: Rule = Rule {
    code: Code { name: "split-counter", class: Class::Lint, summary: "a tool and its form for many are counted apart" },
    level: Level::Info,
    persona: Persona::Pedantic,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("split_counter.md"),
    check: Check::Narrowing(check),
};

/// Words that say that one call does many things.
const MANY: [&str; 6] = ["batch", "bulk", "many", "mass", "multi", "multiple"];

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    if policy.rules_of_all().any(|rule| matches!(rule.kind, RuleKind::LimitAll(_))) {
        return;
    }
    let limit = |id: ToolId| -> Option<Span> {
        let mut limits = policy.rules_of(id).filter(|rule| matches!(rule.kind, RuleKind::Limit(_)));
        limits.next().map(|rule| rule.span)
    };
    let mut single: BTreeMap<Vec<String>, ToolId> = BTreeMap::new();
    let mut many: Vec<(Vec<String>, ToolId, Span)> = Vec::new();
    for id in policy.callable() {
        let Some(place) = limit(id) else { continue };
        let words: Vec<String> =
            policy.tool_name(id).split(|c: char| !c.is_ascii_alphanumeric()).map(singular).collect();
        if words.iter().any(|word| MANY.contains(&&**word)) {
            many.push((words.into_iter().filter(|word| !MANY.contains(&&**word)).collect(), id, place));
        } else {
            single.insert(words, id);
        }
    }
    for (words, id, place) in many {
        let Some(twin) = single.get(&words) else { continue };
        let (one, all) = (policy.tool_name(*twin), policy.tool_name(id));
        let message = format!("`{one}` and `{all}` do the same, and each has a counter of its own");
        findings.add(findings.finding(Level::Info, place, message).help(
            policy.advise(Advice::Say("grant one of the two, or put both below one limit of all tools"), || {
                "grant one of the two, or put both below one `limit all to …`".to_owned()
            }),
        ));
    }
}

/// A word without the ending of the plural.
fn singular(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').map(str::to_owned).unwrap_or(word),
    }
}
