use crate::{
    catalog::{Confidence as Firmness, Tool},
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "low-confidence-classification",
        class: Class::Lint,
        summary: "a set grants a tool by a class that is little more than a guess",
    },
    level: Level::Info,
    persona: Persona::Audit,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("low_confidence_classification.md"),
    check: Check::Form(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let weak = |tool: &Tool| tool.confidence.is_some_and(|firm| firm.hundredths() < 50 && firm > Firmness::DEFAULT);
    let by_set = |id: &ToolId| {
        let broad = !policy.is_named(*id) && policy.grant(*id).is_some();
        broad && policy.entry(*id).is_some_and(weak) && !by_pattern(policy, *id)
    };
    for (place, tools) in policy.by_grant(policy.callable().filter(by_set)) {
        let names = policy.names(&tools);
        let (is, class) = if names.len() == 1 { ("is", "a class that is") } else { ("are", "classes that are") };
        let message = format!("{} {is} granted by {class} little more than a guess", quoted_list(&names, 3));
        findings.add(
            findings.finding(Level::Info, place, message).help(
                "`mcppol catalog show` says what a class rests on; name the tool, or give its class in an overlay",
            ),
        );
    }
}

/// Whether a pattern of the granting statement matches the tool, so that no class decides.
fn by_pattern(policy: &Subject<'_>, id: ToolId) -> bool {
    let Some(grant) = policy.grant(id) else { return false };
    let mut patterns = policy.patterns().iter().filter(|pattern| pattern.statement == grant.statement);
    patterns.any(|pattern| policy.fits(&pattern.text.text, id))
}
