use crate::{
    diagnostic::{Class, Code, Level},
    hir::origin::Fact,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "unstable-server-id",
        class: Class::Lint,
        summary: "a server is named by an id that a program made up",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("unstable_server_id.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for note in policy.notes() {
        let Fact::MadeUpServer { name } = &note.fact else { continue };
        let message = format!("`{name}` is an id that a program made up, and may be another one tomorrow");
        let mut finding = findings.finding(Level::Warning, note.span, message);
        finding.help =
            Some("add the server under a name of your own in the client's configuration, and use that name".to_owned());
        findings.add(finding);
    }
}
