use crate::{
    catalog::{Category, Confidence as Firmness, Tool},
    diagnostic::{Class, Code, Level},
    hir::checked::Naming,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    syntax::literal::write_name,
    text::{count, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "annotation-only-trust",
        class: Class::Lint,
        summary: "a set grants a tool whose class rests on nothing but what the server says of it",
    },
    level: Level::Warning,
    persona: Persona::Audit,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("annotation_only_trust.md"),
    check: Check::Form(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let by_set = |id| policy.grant(id).is_some_and(|rule| rule.naming == Naming::Broad);
    let open =
        policy.tools().filter(|id| policy.entry(*id).is_some_and(on_its_word) && by_set(*id) && policy.is_ungated(*id));
    for (span, ids) in policy.by_grant(open) {
        let Some(tool) = ids.first().and_then(|id| policy.entry(*id)) else { continue };
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let (counts, is) = if tools.len() == 1 { ("counts", "its name does") } else { ("count", "their names do") };
        let message = format!(
            "{} {counts} as `read` on the server's word alone, for {is} not say so: {}",
            count(tools.len(), "tool"),
            quoted_list(&tools, 3)
        );
        let mut finding = findings.finding(Level::Warning, span, message).remark(format!("{}: {}", tool.name, tool.why)).help(
            format!(
                "look at what `{0}` does; then name it in an `allow` of its own, or say its class in an overlay; or `except {0}` here",
                write_name(&tool.name)
            ),
        );
        finding.proof = ids.first().and_then(|id| policy.open_call(*id)).map(|call| format!("{call} is allowed"));
        findings.add(finding);
    }
}

/// Whether the server's own text is all that makes the tool one that only reads.
fn on_its_word(tool: &Tool) -> bool {
    let theirs = tool.why.starts_with("description") || tool.why.starts_with("title");
    let weak = tool.confidence.is_some_and(|firm| firm <= Firmness::SAID);
    tool.category == Category::Read && weak && theirs
}
