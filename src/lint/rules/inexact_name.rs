use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::same_letters,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "inexact-name",
        class: Class::Lint,
        summary: "a tool's name differs from the server's only in letter case, or in `-` and `_`",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("inexact_name.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let Some(server) = policy.server() else { return };
    for unknown in policy.unknown_tools() {
        let name = &unknown.name;
        let Some(tool) = server.tools.iter().find(|tool| same_letters(&tool.name, &name.text)) else { continue };
        let (level, effect) = match unknown.guards {
            true => (Level::Error, "so this guards nothing"),
            false => (Level::Warning, "so nothing is covered by it"),
        };
        let message =
            format!("the tool of `{}` is `{}`, letter by letter, not `{}`, {effect}", server.id, tool.name, name.text);
        let mut finding = findings.finding(level, name.span, message);
        let written = policy.written(&tool.name);
        finding.set_fix(Applicability::Unsafe, format!("write `{written}`"), name.span, written);
        findings.add(finding);
    }
}
