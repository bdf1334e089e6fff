use crate::{
    diagnostic::{Class, Code, Level},
    eval::window,
    hir::{
        checked::{Rule as PolicyRule, RuleKind},
        model::Rate,
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
};

pub(super) static RULE: Rule = Rule {
    code: Code { name: "limit-never-binds", class: Class::Lint, summary: "another limit is always reached first" },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("limit_never_binds.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules().iter().filter(|rule| !rule.included) {
        let Some(rate) = rule.rate() else { continue };
        let all = policy.rules_of_all().filter_map(|other| Some((other, other.rate()?)));
        let mut by = all.clone().find(|(other, first)| comes_first(rule, rate, other, first)).map(|(other, _)| other);
        if by.is_none() && matches!(rule.kind, RuleKind::Limit(_)) {
            // for each of its tools some limit has to be reached first
            let mut covered = policy.covered(rule);
            let some = covered.len() > 0;
            let each = some
                && covered.all(|id| {
                    let own = policy.rules_of(id).take(MOST).filter_map(|other| Some((other, other.rate()?)));
                    let first = own.into_iter().find(|(other, first)| comes_first(rule, rate, other, first));
                    by = by.or(first.map(|(other, _)| other));
                    first.is_some()
                });
            by = by.filter(|_| each);
        }
        let (Some(other), true) = (by, true) else { continue };
        let Some(first) = other.rate() else { continue };
        let message = format!(
            "{} per {} is never reached: {} per {} stops calls before",
            rate.max,
            window(rate.seconds),
            first.max,
            window(first.seconds)
        );
        findings.add(
            findings
                .finding(Level::Warning, rate.span, message)
                .label(first.span, "is reached first")
                .help("remove this limit, or make it smaller than what the other lets through"),
        );
    }
}

/// So many rules of a tool are looked at.
const MOST: usize = 32;

/// Whether `first` lets so little through that `rate` is never reached. Windows are compared only where one divides
/// the other, for then this holds however an engine aligns them.
fn comes_first(rule: &PolicyRule, rate: &Rate, other: &PolicyRule, first: &Rate) -> bool {
    let path = |rate: &Rate| rate.argument.as_ref().map(|path| path.segments.clone());
    if rule.span == other.span || path(rate) != path(first) {
        return false;
    }
    let same = first.max == rate.max && first.seconds == rate.seconds;
    if same {
        // the same words twice are a matter of their own; one for all tools is stricter than one for each
        return matches!((&rule.kind, &other.kind), (RuleKind::Limit(_), RuleKind::LimitAll(_)));
    }
    if first.seconds >= rate.seconds {
        return first.seconds.is_multiple_of(rate.seconds) && first.max <= rate.max;
    }
    let times = rate.seconds / first.seconds;
    rate.seconds.is_multiple_of(first.seconds) && first.max.saturating_mul(times) <= rate.max
}
