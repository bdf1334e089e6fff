use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    hir::checked::RuleKind,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, condition},
    syntax::literal::write_path,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "deny-without-reason",
        class: Class::Lint,
        summary: "a call is refused by its arguments, and the agent is not told why",
    },
    level: Level::Info,
    persona: Persona::Pedantic,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("deny_without_reason.md"),
    check: Check::Form(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules() {
        let RuleKind::DenyIf(condition) = &rule.kind else { continue };
        if rule.because().is_some() || !policy.holds(rule.span) {
            continue;
        }
        let tests = condition::tests(condition);
        let Some(path) = tests.first().map(|test| write_path(&test.path.segments)) else { continue };
        let message = format!("an agent whose call is refused for `{path}` does not learn what to write instead");
        let reason = " because \"say what to write instead\"";
        findings.add(
            findings
                .finding(Level::Info, rule.span, message)
                .help("say with `because` what to write instead: an agent without a reason tries again, or gives up")
                .fix(Applicability::Unsafe, "add a `because`", rule.span.at_end(), reason),
        );
    }
}
