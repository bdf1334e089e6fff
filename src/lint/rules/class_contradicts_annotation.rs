use crate::{
    catalog::{Category, Tool},
    diagnostic::{Class, Code, Level},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "class-contradicts-annotation",
        class: Class::Lint,
        summary: "a server says of a tool the opposite of its class",
    },
    level: Level::Warning,
    persona: Persona::Audit,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("class_contradicts_annotation.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    report(policy, worse, Level::Warning, ["reading", "destructive"], findings);
    // the class is the stricter of the two
    report(policy, milder, Level::Info, ["changing something", "read-only"], findings);
}

fn report(
    policy: &Subject<'_>,
    contradicted: fn(&Tool) -> bool,
    level: Level,
    [class, hint]: [&str; 2],
    findings: &mut Findings,
) {
    let tools = policy.callable().filter(|id| policy.entry(*id).is_some_and(contradicted));
    for (place, tools) in policy.by_grant(tools) {
        let (is, it) = if tools.len() == 1 { ("is", "it") } else { ("are", "them") };
        let names = quoted_list(&policy.names(&tools), 3);
        let message = format!("{names} {is} classed as {class}, and the server calls {it} {hint}");
        findings.add(
            findings
                .finding(level, place, message)
                .help("see what it does, and give its class in an overlay, or narrow the grant"),
        );
    }
}

fn worse(tool: &Tool) -> bool {
    tool.category == Category::Read && tool.hints.destructive == Some(true) && tool.hints.read_only != Some(true)
}

fn milder(tool: &Tool) -> bool {
    !matches!(tool.category, Category::Read | Category::Other) && tool.hints.read_only == Some(true)
}
