use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    hir::{
        checked::{Rule as PolicyRule, RuleKind, ToolId},
        model::Rate,
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, condition},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "duplicate-statement",
        class: Class::Lint,
        summary: "a statement or clause says again what another says",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Safe),
    page: include_str!("duplicate_statement.md"),
    check: Check::Form(check),
};

/// So many earlier rules of a tool are looked at.
const MOST: usize = 32;

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let until = |rule: &PolicyRule| policy.until(rule).map(|(day, _)| day);
    for rule in policy.rules().iter().filter(|rule| !rule.included) {
        let mut covered = policy.covered(rule);
        let Some(first) = covered.next() else { continue };
        // a statement with a block says more than its first rule
        if has_block(policy, rule, first) {
            continue;
        }
        let earlier = policy.rules_of(first).take(MOST).take_while(|other| other.span < rule.span);
        let Some(other) = earlier
            .filter(|other| !other.included)
            .find(|other| policy.covers_same(rule, other) && says_same(rule, other) && until(rule) == until(other))
        else {
            continue;
        };
        let what = if rule.span == rule.statement { "statement" } else { "clause" };
        findings.add(
            findings
                .finding(
                    Level::Warning,
                    rule.span,
                    format!("this {what} says again what another says of the same tools"),
                )
                .label(other.span, "says it first")
                .help("remove it")
                .fix(Applicability::Safe, format!("remove the {what}"), policy.lines(rule.span), ""),
        );
    }
}

fn has_block(policy: &Subject<'_>, rule: &PolicyRule, id: ToolId) -> bool {
    rule.span == rule.statement
        && policy.rules_of(id).any(|other| other.statement == rule.statement && other.span != rule.span)
}

/// Whether the first of the two already does what the second would, its words to the agent included.
fn says_same(rule: &PolicyRule, other: &PolicyRule) -> bool {
    let kind = match (&rule.kind, &other.kind) {
        (RuleKind::Require(a), RuleKind::Require(b))
        | (RuleKind::DenyIf(a), RuleKind::DenyIf(b))
        | (RuleKind::AskIf(a), RuleKind::AskIf(b)) => condition::same(a, b),
        (RuleKind::Limit(a), RuleKind::Limit(b)) => {
            let path = |rate: &Rate| rate.argument.as_ref().map(|path| path.segments.clone());
            a.max == b.max && a.seconds == b.seconds && path(a) == path(b)
        }
        (RuleKind::Allow, RuleKind::Allow)
        | (RuleKind::Ask, RuleKind::Ask)
        | (RuleKind::Deny, RuleKind::Deny)
        | (RuleKind::Hide, RuleKind::Hide) => true,
        _ => false,
    };
    let reason = |rule: &PolicyRule| rule.because().map(|because| because.text.clone());
    kind && (reason(rule).is_none() || reason(rule) == reason(other))
}
