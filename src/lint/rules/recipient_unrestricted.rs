use crate::{
    catalog::{Param, Tool},
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject,
        advice::Advice,
        capability::{Traits, narrowed, recipient_param},
    },
    syntax::literal::write_name,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "recipient-unrestricted",
        class: Class::Lint,
        summary: "a tool that sends messages can be called with any recipient",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("recipient_unrestricted.md"),
    check: Check::Narrowing(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for (span, ids) in policy.by_grant(policy.callable().filter(|id| free(policy, *id).is_some())) {
        let Some((tool, param)) = ids.first().and_then(|id| free(policy, *id)) else { continue };
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let message = format!("{} can send to anybody", quoted_list(&tools, 3));
        let whom = if param.name.eq_ignore_ascii_case("to") { "stranger@example.com" } else { "somebody-else" };
        let proof = ids.first().and_then(|id| policy.open_call_with(*id, param, whom));
        let name = write_name(&tool.name);
        let help = match narrowed(param, "in [\"…\"]") {
            Some(require) => format!(
                "name the recipients, `on {name} {{ {require} }}`, or have a person approve each call: `ask {name}`"
            ),
            None => format!("no condition reaches into a list: have a person approve each call, `ask {name}`"),
        };
        let finding = findings.finding(Level::Warning, span, message).help(policy.advise(Advice::Gate(&ids), || help));
        findings.add(finding.proof_if(proof.map(|call| format!("{call} is allowed"))));
    }
}

/// The recipient of a tool that sends, where no condition looks at it.
fn free<'p>(policy: &'p Subject<'_>, id: ToolId) -> Option<(&'p Tool, &'p Param)> {
    let tool = policy.entry(id)?;
    let param = recipient_param(tool).filter(|_| policy.traits(id).has(Traits::SEND))?;
    (!policy.looks_at(id, &param.name)).then_some((tool, param))
}
