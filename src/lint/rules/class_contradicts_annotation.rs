use crate::{
    catalog::{Category, Tool},
    diagnostic::{Class, Code, Level},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code { name: "class-contradicts-annotation", class: Class::Lint, summary: "a server says of a tool the opposite of its class" },
    level: Level::Warning,
    persona: Persona::Audit,
    confidence: Confidence::Medium,
    page: include_str!("class_contradicts_annotation.md"),
    check: Check::Policy(check),
};

/// What the server says, and the words for it, of one tool and of several.
const KINDS: [(fn(&Tool) -> bool, &str, &str); 2] = [
    (worse, "is classed as reading, and the server calls it destructive", "are classed as reading, and the server calls them destructive"),
    (milder, "is classed as changing something, and the server says that it only reads", "are classed as changing something, and the server says that they only read"),
];

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for (contradicted, one, several) in KINDS {
        let tools = policy.callable().filter(|id| policy.entry(*id).is_some_and(contradicted));
        for (place, tools) in policy.by_grant(tools) {
            let words = if tools.len() == 1 { one } else { several };
            let message = format!("{} {words}", quoted_list(&policy.names(&tools), 3));
            findings.add(
                findings
                    .finding(Level::Warning, place, message)
                    .help("see what it does, and give its class in an overlay, or narrow the grant"),
            );
        }
    }
}

fn worse(tool: &Tool) -> bool {
    tool.category == Category::Read && tool.hints.destructive == Some(true) && tool.hints.read_only != Some(true)
}

fn milder(tool: &Tool) -> bool {
    !matches!(tool.category, Category::Read | Category::Other) && tool.hints.read_only == Some(true)
}
