use crate::{
    diagnostic::{Applicability, Class, Code, Level},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, capability::Traits},
    syntax::literal::write_name,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "credential-tool-allowed",
        class: Class::Lint,
        summary: "a tool that hands out secrets can be called without a person or a condition",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Low,
    fix: Some(Applicability::Unsafe),
    page: include_str!("credential_tool_allowed.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let open = policy.tools().filter(|id| policy.traits(*id).has(Traits::SECRET) && policy.is_ungated(*id));
    for (span, ids) in policy.by_grant(open) {
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let names: Vec<String> = tools.iter().map(|name| write_name(name)).collect();
        let (hands, what) = if tools.len() == 1 { ("hands", "it returns") } else { ("hand", "they return") };
        let message = format!(
            "{} {hands} out secrets: what {what} stays in the conversation, and in its logs",
            quoted_list(&tools, 3)
        );
        let ask = format!("ask {}", names.join(", "));
        let mut finding = findings
            .finding(Level::Warning, span, message)
            .help(policy.advise(Advice::Gate(&ids), || {
                format!("have a person approve it, `{ask}`, or say which secrets with `require … in […]`")
            }))
            .fix(Applicability::Unsafe, format!("add `{ask}`"), span.at_end(), format!("\n  {ask}"));
        finding.proof = ids.first().and_then(|id| policy.open_call(*id)).map(|call| format!("{call} is allowed"));
        findings.add(finding);
    }
}
