use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::{Naming, Rule as PolicyRule, RuleKind, Standing},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, standing},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "unreachable-statement",
        class: Class::Lint,
        summary: "a statement covers only tools that another statement has decided already, or that nothing grants",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("unreachable_statement.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    // what others include is looked at where it is included
    if policy.is_included() {
        return;
    }
    let mut last = None;
    for rule in policy.rules().iter().filter(|rule| !rule.included) {
        let covered = policy.covered(rule);
        // a statement is said once, for its clauses too
        if covered.len() == 0 || last.replace(rule.statement) == Some(rule.statement) {
            continue;
        }
        let mut by = None;
        let idle = covered.clone().all(|id| match (&rule.kind, policy.standing(id)) {
            (RuleKind::Hide, _) | (_, Standing::Callable | Standing::Asks) => false,
            (RuleKind::Deny, Standing::Denied | Standing::NotGranted) => false,
            (_, Standing::NotGranted) => true,
            (_, standing @ (Standing::Hidden | Standing::Denied)) => {
                by = by.or(policy.standing_rule(id, standing));
                true
            }
        });
        // by name on both sides, and exceptions by name, are matters of their own
        let grants = matches!(rule.kind, RuleKind::Allow | RuleKind::Ask);
        let elsewhere = |by: &PolicyRule| {
            rule.naming == Naming::Exact && rule.span == rule.statement && (grants || by.naming == Naming::Exact)
        };
        if !idle || by.is_some_and(elsewhere) {
            continue;
        }
        let all =
            if covered.len() == 1 { "its tool".to_owned() } else { format!("all of its {} tools", covered.len()) };
        let finding = |message| findings.finding(Level::Warning, rule.statement, message);
        findings.add(match by {
            Some(by) => finding(format!("this has no effect: another statement {} {all}", standing::words(by).1))
                .label(by.statement, "decides first")
                .help(policy.advise(Advice::Say("remove it, or take its tools out of the other entry"), || {
                    "remove it, or except its tools from the other statement".to_owned()
                })),
            None => finding(format!("this has no effect: nothing grants {all}, so no call gets here"))
                .help("remove it, or grant the tools with `allow` or `ask`"),
        });
    }
}
