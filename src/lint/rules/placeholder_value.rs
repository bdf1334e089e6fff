use crate::{
    diagnostic::{Class, Code, Level},
    hir::{
        checked::RuleKind,
        model::{Comparison, Op},
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, condition},
    syntax::literal::write_path,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "placeholder-value",
        class: Class::Lint,
        summary: "a condition compares with a value that was there to be replaced",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("placeholder_value.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules() {
        // to refuse such a value is in order
        let (RuleKind::Require(condition) | RuleKind::AskIf(condition)) = &rule.kind else { continue };
        for test in condition::tests(condition) {
            if !matches!(test.op, Op::Equal(_) | Op::In(_) | Op::Contains(_) | Op::Under(_) | Op::HostIn(_)) {
                continue;
            }
            let found = condition::texts(&test.op).into_iter().find_map(|text| Some((text, judge(text)?)));
            let Some((text, level)) = found else { continue };
            if !policy.holds(test.span) || is_known(policy, rule, test, text) {
                continue;
            }
            let path = write_path(&test.path.segments);
            let message = format!("`{text}` looks like a value that was there to be replaced");
            findings.add(
                findings
                    .finding(level, test.operand, message)
                    .help(format!("write the value that `{path}` really has to have here")),
            );
        }
    }
}

/// Whether the server itself has such a value.
fn is_known(policy: &Subject<'_>, rule: &crate::hir::Rule, test: &Comparison, text: &str) -> bool {
    let Some(name) = test.path.segments.first() else { return false };
    let mut values = policy.covered(rule).filter_map(|id| policy.entry(id)?.param(name)?.values.as_ref());
    values.any(|values| values.iter().any(|value| value.as_str() == Some(text)))
}

/// How much a text weighs; none where it is a value like others.
fn judge(text: &str) -> Option<Level> {
    let lower = text.to_ascii_lowercase();
    let names_nobody = |part: &str| {
        let host =
            part.strip_suffix(".com").or(part.strip_suffix(".org")).or(part.strip_suffix(".net")).unwrap_or(part);
        host != part && (host == "example" || host.ends_with(".example")) || part.ends_with(".example")
    };
    if lower.split(['/', '@', ':']).any(names_nobody) {
        // reserved for documentation: nobody is there, so nothing stays open
        return Some(Level::Info);
    }
    let whole =
        ["changeme", "change-me", "change_me", "foo", "foobar", "foo/bar", "owner/repo", "org/repo", "/path/to"];
    let begun = |part: &str| part.starts_with("your-") || part.starts_with("your_");
    let is =
        whole.contains(&&*lower) || lower.starts_with("/path/to/") || lower.split(['/', '@', '.', ':', '<']).any(begun);
    is.then_some(Level::Warning)
}
