use crate::{
    catalog::Risk,
    diagnostic::{Applicability, Class, Code, Level},
    hir::checked::ToolId,
    lint::{Check, Confidence, File, Findings, Persona, Rule, Subject, advice::Advice, capability::Traits},
    syntax::literal::write_name,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "untrusted-input-with-destructive",
        class: Class::Lint,
        summary: "one agent takes in what strangers wrote and can destroy something without being asked",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Low,
    fix: Some(Applicability::Unsafe),
    page: include_str!("untrusted_input_with_destructive.md"),
    check: Check::File(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    for together in file.together() {
        let untrusted = together.tools(|policy, id| policy.traits(id).has(Traits::UNTRUSTED) && policy.is_ungated(id));
        let Some(&source) = untrusted.first() else { continue };
        let sources: Vec<&str> = untrusted.iter().map(|held| held.name()).collect();
        for policy in &together.policies {
            for (span, ids) in policy.by_grant(policy.tools().filter(|id| is_destructive(policy, *id))) {
                let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
                let names: Vec<String> = tools.iter().map(|name| write_name(name)).collect();
                let message = format!(
                    "{} takes in what strangers wrote ({}) and can use {}, whose effect is for good, without a person or a condition",
                    together.holder(),
                    quoted_list(&sources, 2),
                    quoted_list(&tools, 3)
                );
                let ask = format!("ask {}", names.join(", "));
                let mut finding = findings
                    .finding(Level::Warning, span, message)
                    .help(policy.advise(Advice::Gate(&ids), || {
                        format!("a limit does not say which call is right: have a person say it, `{ask}`")
                    }))
                    .fix(Applicability::Unsafe, format!("add `{ask}`"), span.at_end(), format!("\n  {ask}"));
                let calls = (source.policy.open_call(source.id), ids.first().and_then(|id| policy.open_call(*id)));
                if let (Some(one), Some(other)) = calls {
                    finding.proof = Some(format!("{one}, then {other}: both are allowed"));
                }
                findings.add(finding);
            }
        }
    }
}

/// A critical tool that nobody and no condition stands before. Where there is not even a limit that names it, other
/// rules speak.
fn is_destructive(policy: &Subject<'_>, id: ToolId) -> bool {
    let critical = policy.entry(id).is_some_and(|tool| tool.risk == Risk::Critical);
    critical && policy.is_ungated(id) && policy.is_narrowed(id)
}
