use std::cmp::Reverse;

use crate::{
    diagnostic::{Class, Code, Level},
    hir::{checked::ToolId, model::Verb, origin::Fact},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::{count, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "broad-glob",
        class: Class::Lint,
        summary: "a pattern that grants tools says next to nothing of their names",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("broad_glob.md"),
    check: Check::Policy(check),
};

/// How many characters of the names a pattern has to give.
const FEWEST: usize = 3;

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for note in policy.notes() {
        if let Fact::EveryServer { text } = &note.fact {
            let message =
                format!("`{text}` lets every tool of every server pass that nothing else stops, and nobody is asked");
            findings.add(
                findings
                    .finding(Level::Warning, note.span, message)
                    .help("name the servers, and of each the tools that the agent needs; servers that are added later pass as well"),
            );
        }
    }
    // in other formats a list has no sets, and what it opens has its own findings
    if policy.origin().manners().is_some() {
        return;
    }
    for pattern in policy.patterns() {
        let text = &*pattern.text.text;
        let broad = match pattern.verb {
            Verb::Allow => true,
            // to ask about whatever there is is plainly meant
            Verb::Ask => text != "*",
            Verb::Deny | Verb::Hide | Verb::Limit | Verb::LimitAll | Verb::On | Verb::Include => false,
        };
        if !broad || text.chars().filter(|c| !matches!(c, '*' | '?')).count() >= FEWEST {
            continue;
        }
        let Some(server) = policy.server() else { continue };
        let by_this = |id: &ToolId| policy.grant(*id).is_some_and(|rule| rule.statement == pattern.statement);
        let mut tools: Vec<ToolId> = policy.matching(text).filter(by_this).collect();
        if tools.len() < 2 {
            continue;
        }
        tools.sort_by_key(|id| (Reverse(policy.entry(*id).map(|tool| tool.risk)), *id));
        let message = format!(
            "`{text}` grants {} of the {} of `{}`, among them {}",
            tools.len(),
            count(server.tools.len(), "tool"),
            server.id,
            quoted_list(&policy.names(tools.get(..2).unwrap_or_default()), 2)
        );
        let mut finding = findings.finding(Level::Warning, pattern.text.span, message);
        let later = match policy.origin().manners() {
            None => "the next compile grants what the catalog has gained by then",
            Some(_) => "this also grants what the server gains later",
        };
        finding.help = Some(format!("name the tools, use a set such as `@read`, or write more of the names; {later}"));
        finding.proof = tools.iter().find_map(|id| policy.open_call(*id)).map(|call| format!("{call} is allowed"));
        findings.add(finding);
    }
}
