use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::{Rule as PolicyRule, RuleKind, ToolId},
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject, condition,
        exact::{self, Guards},
    },
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "redundant-condition",
        class: Class::Lint,
        summary: "another condition of the tool already decides every call that this one could",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("redundant_condition.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules().iter().filter(|rule| !rule.included) {
        // one with a reason of its own speaks to the agent, where it comes first
        if !matches!(rule.kind, RuleKind::Require(_) | RuleKind::DenyIf(_)) || rule.because().is_some() {
            continue;
        }
        let mut by = None;
        let mut covered = policy.covered(rule).filter(|id| policy.is_usable(*id)).peekable();
        let some = covered.peek().is_some();
        let redundant = some
            && covered.all(|id| {
                let other = decided_by(policy, id, rule);
                by = by.or(other);
                other.is_some()
            });
        let Some(other) = by.filter(|_| redundant) else { continue };
        let (Some(condition), true) = (rule.condition(), other.span != rule.span) else { continue };
        let message = match (&rule.kind, &other.kind) {
            _ if policy.origin().manners().is_some() => {
                "another condition of the tool decides every call that this could"
            }
            (RuleKind::Require(_), _) => "every call that gets past the other `require` satisfies this too",
            (_, RuleKind::Require(_)) => "no call gets here: the `require` refuses all that this would deny",
            _ => "the other `deny if` denies every call that this would",
        };
        findings.add(
            findings
                .finding(Level::Warning, condition::span(condition), message)
                .label(other.span, "decides it already")
                .help("remove it, or correct the one that was meant otherwise"),
        );
    }
}

/// Another condition that decides for this tool whatever `rule` could.
fn decided_by<'p>(policy: &'p Subject<'_>, id: ToolId, rule: &PolicyRule) -> Option<&'p PolicyRule> {
    let condition = rule.condition()?;
    let guards = Guards::of(policy, id);
    // one that nothing satisfies is a matter of its own
    if !exact::is_contingent(condition, policy.entry(id)) && exact::none(policy, id, &[exact::holds(condition)]) {
        return None;
    }
    let denies = matches!(rule.kind, RuleKind::DenyIf(_));
    let implied = |other: &&PolicyRule| {
        let Some(by) = other.condition() else { return false };
        // the same words twice are a matter of their own
        if other.span == rule.span || !condition::meet(condition, by) || condition::same(condition, by) {
            return false;
        }
        let (strong, weak) = if denies { (condition, by) } else { (by, condition) };
        exact::none(policy, id, &[exact::holds(strong), exact::fails(weak)])
            // of two that say the same the first stays
            && (other.span < rule.span || !exact::none(policy, id, &[exact::holds(weak), exact::fails(strong)]))
    };
    let alike = if denies { &guards.denies } else { &guards.requires };
    if let Some(other) = alike.iter().copied().find(implied) {
        return Some(other);
    }
    // a `deny if` that a `require` forestalls
    let forestalls = |require: &&PolicyRule| {
        require.condition().is_some_and(|by| {
            condition::meet(condition, by) && exact::none(policy, id, &[exact::holds(by), exact::holds(condition)])
        })
    };
    let possible =
        |require: &&PolicyRule| require.condition().is_some_and(|by| !exact::none(policy, id, &[exact::holds(by)]));
    guards.requires.iter().copied().filter(|_| denies).find(|by| forestalls(by) && possible(by))
}
