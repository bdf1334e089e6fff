use crate::{
    catalog::Tool,
    diagnostic::{Class, Code, Level},
    lint::{Check, Confidence, File, Findings, Persona, Rule, Subject, advice::Advice},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "tool-context-budget",
        class: Class::Lint,
        summary: "what a model reads of the tools takes much of its context",
    },
    level: Level::Info,
    persona: Persona::Audit,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("tool_context_budget.md"),
    check: Check::File(check),
};

/// The tokens that tools may take before they are spoken of.
const BUDGET: usize = 25_000;
/// What a tool takes besides its own texts: its frame, and a description of which the length is not known.
const FRAME: usize = 60;
/// What an argument takes in a schema with its description.
const ARGUMENT: usize = 25;
/// The bytes of a token of English text.
const BYTES: usize = 4;

/// The same where there is no such word.
const NEUTRAL: &str = "take what is not needed out of what the server offers: a model chooses better among few";

fn check(file: &File<'_>, findings: &mut Findings) {
    let help = "take tools out of the list with `hide`, or write `default hide`";
    for policy in &file.policies {
        let tokens = of_policy(policy);
        if tokens > BUDGET {
            let message =
                format!("the tools that `{}` shows take about {} tokens of a model", policy.name(), written(tokens));
            findings.add(
                findings
                    .finding(Level::Info, policy.name_span(), message)
                    .help(policy.advise(Advice::Say(NEUTRAL), || help.to_owned())),
            );
        }
    }
    for (grant, policies) in file.grants().filter(|(_, policies)| policies.len() > 1) {
        let tokens: usize = policies.iter().map(|policy| of_policy(policy)).sum();
        if tokens > BUDGET {
            let identity = &grant.identity;
            let message =
                format!("the tools that `{}` sees take about {} tokens of a model", identity.text, written(tokens));
            findings.add(findings.finding(Level::Info, identity.span, message).help(help));
        }
    }
}

/// An estimate, to the thousand: `56,000`.
fn written(tokens: usize) -> String {
    format!("{},000", tokens.div_ceil(1_000))
}

fn of_policy(policy: &Subject<'_>) -> usize {
    policy.listed().filter_map(|id| policy.entry(id)).map(of_tool).sum()
}

fn of_tool(tool: &Tool) -> usize {
    let texts = tool.name.len() + tool.description.as_ref().map_or(0, String::len);
    FRAME + texts / BYTES + tool.params.len() * ARGUMENT
}
