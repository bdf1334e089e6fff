use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::Standing,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "ask-overload",
        class: Class::Lint,
        summary: "a person has to approve most of what the agent may do",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("ask_overload.md"),
    check: Check::Policy(check),
};

/// Fewer tools that ask are no burden, however large their share.
const FEWEST: usize = 10;

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let (mut all, mut asked) = (0, 0);
    for id in policy.usable() {
        all += 1;
        asked += usize::from(policy.standing(id) == Standing::Asks);
    }
    if asked < FEWEST || asked * 2 <= all {
        return;
    }
    let message = format!("a person has to approve {asked} of the {all} tools that `{}` grants", policy.name());
    findings.add(findings.finding(Level::Warning, policy.name_span(), message).help(policy.advise(
        Advice::Say("allow what only reads, block what is not needed, and keep approvals for the rest"),
        || {
            "allow what only reads, limit what can be undone, hide what is not needed, and keep `ask` for the rest"
                .to_owned()
        },
    )));
}
