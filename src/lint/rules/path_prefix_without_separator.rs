use crate::{
    diagnostic::{Class, Code, Level},
    hir::origin::Fact,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "path-prefix-without-separator",
        class: Class::Lint,
        summary: "a pattern that keeps paths below a directory lets its neighbours pass",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("path_prefix_without_separator.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for note in policy.notes() {
        let Fact::OpenPrefix { path, directory, closed, slips } = &note.fact else { continue };
        let message = format!("`{path}` may be any path that begins with `{directory}`: `{slips}` passes too");
        let mut finding = findings.finding(Level::Warning, note.span, message);
        finding.help = Some(format!(
            "end the name of the directory: `{closed}`; `..` still leads out of it, so refuse that with a `deny_if` or a second pattern"
        ));
        findings.add(finding);
    }
}
