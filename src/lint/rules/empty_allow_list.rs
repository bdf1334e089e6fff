use crate::{
    diagnostic::{Class, Code, Level},
    hir::{checked::Policy, origin::Fact},
    lint::{Findings, Rule},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "empty-allow-list",
        class: Class::Lint,
        summary: "a list of what is allowed is there, and empty",
    },
    page: include_str!("empty_allow_list.md"),
    check,
};

fn check(policy: &Policy, findings: &mut Findings) {
    for note in policy.notes() {
        let Fact::EmptyList { list, means, instead } = &note.fact else { continue };
        let mut finding = findings.finding(Level::Warning, note.span, format!("`{list}` is empty, so {means}"));
        finding.help = Some((*instead).to_owned());
        findings.add(finding);
    }
}
