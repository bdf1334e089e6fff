use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    hir::model::Verb,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    syntax::literal::write_name,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "prefer-exact-name",
        class: Class::Lint,
        summary: "a pattern that grants matches one tool alone",
    },
    level: Level::Info,
    persona: Persona::Pedantic,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("prefer_exact_name.md"),
    check: Check::Form(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    // what narrows is right to take in what comes later
    for pattern in policy.patterns().iter().filter(|pattern| pattern.verb == Verb::Allow) {
        let text = &*pattern.text.text;
        let mut tools = policy.matching(text);
        let (Some(only), None) = (tools.next(), tools.next()) else { continue };
        let name = write_name(policy.tool_name(only));
        let message = format!("`{text}` matches `{}` alone", policy.tool_name(only));
        findings.add(
            findings
                .finding(Level::Info, pattern.text.span, message)
                .help("write the name, so that a tool of a later version is not granted unseen")
                .fix(Applicability::Unsafe, format!("write `{name}`"), pattern.text.span, name),
        );
    }
}
