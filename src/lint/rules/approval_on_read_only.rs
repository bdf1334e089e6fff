use crate::{
    catalog::{Category, Confidence as Firmness, Risk, Signal},
    diagnostic::{Class, Code, Level},
    hir::checked::{RuleKind, Standing, ToolId},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "approval-on-read-only",
        class: Class::Lint,
        summary: "a person has to approve what only reads",
    },
    level: Level::Info,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("approval_on_read_only.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let harmless = |id: &ToolId| {
        policy.standing(*id) == Standing::Asks
            && policy.entry(*id).is_some_and(|tool| {
                tool.category == Category::Read
                    && tool.risk == Risk::Low
                    && tool.confidence.is_none_or(|firm| firm >= Firmness::SAID)
                    && tool.signals.iter().all(|it| matches!(it, Signal::ManyParameters | Signal::SingleTarget))
            })
    };
    for rule in policy.rules().iter().filter(|rule| matches!(rule.kind, RuleKind::Ask)) {
        let tools: Vec<ToolId> = policy.covered(rule).filter(harmless).collect();
        if tools.is_empty() {
            continue;
        }
        let (reads, is) = if tools.len() == 1 { ("reads", "it") } else { ("read", "them") };
        let message = format!(
            "{} only {reads}, and a person has to approve each call of {is}",
            quoted_list(&policy.names(&tools), 3)
        );
        findings.add(findings.finding(Level::Info, rule.tools_span, message).help(
            policy.advise(Advice::Say("let it pass without; who is asked too often stops reading"), || {
                "write `allow`, perhaps with a limit; who is asked too often stops reading".to_owned()
            }),
        ));
    }
}
