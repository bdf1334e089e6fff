use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    hir::{
        checked::{RuleKind, Standing, ToolId},
        model::Fallback,
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::{Span, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "deny-visible-not-hidden",
        class: Class::Lint,
        summary: "a tool is always refused without a reason, and the agent still sees it",
    },
    level: Level::Info,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("deny_visible_not_hidden.md"),
    check: Check::Form(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    // under `default hide` a `deny` is what keeps a tool listed
    if policy.fallback() == Fallback::Hide {
        return;
    }
    for rule in policy.rules() {
        if !matches!(rule.kind, RuleKind::Deny) || rule.because().is_some() || !policy.holds(rule.statement) {
            continue;
        }
        // what nothing grants is refused in any case: `redundant-default` speaks of it
        let granted = |id: ToolId| !policy.is_closed() || policy.grant(id).is_some();
        let refused: Vec<ToolId> =
            policy.covered(rule).filter(|id| policy.standing(*id) == Standing::Denied && granted(*id)).collect();
        if refused.is_empty() {
            continue;
        }
        let names = policy.names(&refused);
        let (is, its) = if names.len() == 1 { ("is", "it") } else { ("are", "them") };
        let message = format!("{} {is} always refused, and the agent still sees {its}", quoted_list(&names, 3));
        let verb = Span { end: rule.tools_span.start, ..rule.statement };
        findings.add(
            findings
                .finding(Level::Info, rule.tools_span, message)
                .help("write `hide`, so that the agent does not try; or say with `because` what it should do instead")
                .fix(Applicability::Unsafe, "write `hide`", verb, "hide "),
        );
    }
}
