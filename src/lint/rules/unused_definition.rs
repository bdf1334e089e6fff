use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    lint::{Check, Confidence, File, Findings, Persona, Rule},
};

pub(super) static RULE: Rule = Rule {
    code: Code { name: "unused-definition", class: Class::Lint, summary: "a set is defined and not used" },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("unused_definition.md"),
    check: Check::FormOfFile(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    // a file without policies is there to be imported
    if file.outline.policies.is_empty() {
        return;
    }
    for set in file.outline.sets.iter().filter(|set| !set.used) {
        let message = format!("the set `{}` is not used in this file", set.name.text);
        findings.add(
            findings
                .finding(Level::Warning, set.name.span, message)
                .help("name it in a statement with `@` before it, remove it, or move it to a file of sets that others import")
                .fix(Applicability::Unsafe, "remove the set", set.span, ""),
        );
    }
}
