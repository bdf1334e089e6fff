use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    hir::checked::Policy,
    lint::{Findings, Rule},
    text::same_letters,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "inexact-name",
        class: Class::Lint,
        summary: "a tool's name differs from the server's only in letter case, or in `-` and `_`",
    },
    page: include_str!("inexact_name.md"),
    check,
};

fn check(policy: &Policy, findings: &mut Findings) {
    let Some(server) = policy.server() else { return };
    for unknown in policy.unknown_tools() {
        let name = &unknown.name;
        let Some(tool) = server.tools.iter().find(|tool| same_letters(&tool.name, &name.text)) else { continue };
        let (level, effect) = match unknown.guards {
            true => (Level::Error, "so this guards nothing"),
            false => (Level::Warning, "so nothing is covered by it"),
        };
        let message = format!("the tool of `{}` is `{}`, letter by letter, not `{}`, {effect}", server.id, tool.name, name.text);
        let mut finding = findings.finding(level, name.span, message);
        let written = super::written(policy, &tool.name);
        finding.set_fix(Applicability::Unsafe, format!("write `{written}`"), name.span, written);
        findings.add(finding);
    }
}
