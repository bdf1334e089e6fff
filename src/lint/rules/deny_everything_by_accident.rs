use crate::{
    diagnostic::{Class, Code, Label, Level},
    hir::{
        checked::Standing,
        origin::{Fact, Note},
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::count,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "deny-everything-by-accident",
        class: Class::Lint,
        summary: "no tool of the server stays callable",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("deny_everything_by_accident.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let callable = |id| matches!(policy.standing(id), Standing::Callable | Standing::Asks);
    // where a person is asked about the rest, nothing is blocked by saying nothing
    let is_emptied = |note: &Note| matches!(note.fact, Fact::EmptyList { .. });
    // an empty list has a rule of its own
    if policy.origin().asks_about_the_rest() || policy.notes().iter().any(is_emptied) {
        return;
    }
    if !policy.is_closed() || policy.is_included() || policy.tools().any(callable) {
        return;
    }
    let everything = match policy.server() {
        Some(server) => format!("all {} of `{}`", count(server.tools.len(), "tool"), server.id),
        None if policy.server_name().text.is_empty() => "every tool of its server".to_owned(),
        None => format!("every tool of `{}`", policy.server_name().text),
    };
    let grants =
        policy.rules().iter().any(|rule| matches!(rule.kind, crate::hir::RuleKind::Allow | crate::hir::RuleKind::Ask));
    let why = if grants { "everything that is granted is also denied or hidden" } else { "nothing is granted" };
    let mut finding =
        findings.finding(Level::Error, policy.name_span(), format!("`{}` blocks {everything}: {why}", policy.name()));
    finding.labels.push(Label { span: policy.fallback_span(), text: "refuses whatever nothing grants".to_owned() });
    finding.help = Some(match policy.origin().manners() {
        Some(manners) => manners.grant.to_owned(),
        None => "grant what the agent needs, for example `allow @read`; where the rest of the server should stay open, write `default allow`"
            .to_owned(),
    });
    findings.add(finding);
}
