use crate::{
    diagnostic::{Class, Code, Level},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "hidden-instruction-in-description",
        class: Class::Lint,
        summary: "the description of a tool gives the model orders that have nothing to do with the tool",
    },
    level: Level::Warning,
    persona: Persona::Audit,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("hidden_instruction_in_description.md"),
    check: Check::Policy(check),
};

/// What a description says, in lower case, that wants to rule more than its own tool.
const ORDERS: [&str; 20] = [
    "<important>",
    "<secret>",
    "<system>",
    "always call this tool first",
    "before calling any other tool",
    "before using any other tool",
    "do not inform the user",
    "do not mention this",
    "do not tell the user",
    "don't tell the user",
    "hide this from the user",
    "ignore all previous",
    "ignore previous instructions",
    "instead of any other tool",
    "never tell the user",
    "override previous instructions",
    "without asking the user",
    "without informing the user",
    "without telling the user",
    "you must first read the file",
];

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for id in policy.usable() {
        let Some(description) = policy.entry(id).and_then(|tool| tool.description.as_ref()) else { continue };
        let words: Vec<&str> = description.split_whitespace().collect();
        let text = words.join(" ").to_lowercase().replace('\u{2019}', "'");
        let Some(order) = ORDERS.into_iter().find(|order| text.contains(order)) else { continue };
        let place = policy.grant(id).map_or(policy.fallback_span(), |rule| rule.tools_span);
        let message = format!("the description of `{}` tells the model `{order}`", policy.tool_name(id));
        findings.add(findings.finding(Level::Warning, place, message).help(
            policy.advise(Advice::Block(&[id]), || {
                "read all of it; a model follows it even where the tool is never called, so `hide` the tool".to_owned()
            }),
        ));
    }
}
