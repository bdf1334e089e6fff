use crate::{
    diagnostic::{Class, Code, Level},
    hir::origin::Fact,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    pattern::glob,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "glob-in-exact-target",
        class: Class::Lint,
        summary: "a pattern stands where names are compared letter by letter",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("glob_in_exact_target.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for note in policy.notes() {
        let Fact::Glob { within, guards, text } = &note.fact else { continue };
        let (level, effect) = match guards {
            true => (Level::Error, "so it blocks nothing"),
            false => (Level::Warning, "so it grants nothing"),
        };
        let message = format!("`{within}` compares names letter by letter, and no tool is named `{text}`, {effect}");
        let tools = policy.server().map_or(&[][..], |server| &server.tools);
        let meant: Vec<&str> =
            tools.iter().map(|tool| tool.name.as_str()).filter(|name| glob::matches(text, name)).collect();
        let mut finding = findings.finding(level, note.span, message);
        finding.help = Some(match meant.as_slice() {
            [] => "name each tool by itself; a policy of ours has patterns, and compiles to the names".to_owned(),
            meant => format!("name each tool by itself: {}", quoted_list(meant, 8)),
        });
        findings.add(finding);
    }
}
