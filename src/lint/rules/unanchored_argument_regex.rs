use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    hir::origin::Fact,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "unanchored-argument-regex",
        class: Class::Lint,
        summary: "a pattern that an argument must match is only searched for in it",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("unanchored_argument_regex.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for note in policy.notes() {
        let Fact::LooseRegex { path, pattern, anchored, slips } = &note.fact else { continue };
        let message = format!("`{path}` need not match `{}` as a whole: `{}` passes too", shown(pattern), shown(slips));
        let mut finding = findings.finding(Level::Warning, note.span, message);
        if anchored.contains(['"', '\\']) {
            finding.help = Some(format!("write `{}`, with both anchors", shown(anchored)));
        } else {
            let title = format!("write `{}`, with both anchors", shown(anchored));
            finding.set_fix(Applicability::Unsafe, title, note.span, anchored.as_str());
        }
        findings.add(finding);
    }
}

/// A pattern within backticks.
fn shown(text: &str) -> String {
    text.replace('`', "'")
}
