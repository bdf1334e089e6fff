use crate::{
    diagnostic::{Class, Code, Level},
    hir::origin::Fact,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "empty-allow-list",
        class: Class::Lint,
        summary: "a list of what is allowed is there, and empty",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("empty_allow_list.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for note in policy.notes() {
        let Fact::EmptyList { list, means, instead } = &note.fact else { continue };
        let mut finding = findings.finding(Level::Warning, note.span, format!("`{list}` is empty, so {means}"));
        finding.help = Some((*instead).to_owned());
        findings.add(finding);
    }
}
