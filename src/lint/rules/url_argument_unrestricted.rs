use crate::{
    catalog::{Param, Tool},
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject,
        advice::Advice,
        capability::{Traits, free_url_param, narrowed},
    },
    syntax::literal::write_name,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "url-argument-unrestricted",
        class: Class::Lint,
        summary: "a tool that asks servers can be called with any address",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("url_argument_unrestricted.md"),
    check: Check::Narrowing(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for (span, ids) in policy.by_grant(policy.callable().filter(|id| free(policy, *id).is_some())) {
        let Some((tool, param)) = ids.first().and_then(|id| free(policy, *id)) else { continue };
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let message = format!(
            "{} can be called with any address: the network behind the firewall is open to it, and an address can carry data away",
            quoted_list(&tools, 3)
        );
        let proof =
            ids.first().and_then(|id| policy.open_call_with(*id, param, "http://169.254.169.254/latest/meta-data/"));
        let name = write_name(&tool.name);
        let help = match narrowed(param, "host in [\"docs.example.com\"]") {
            Some(require) => {
                format!("name the hosts, `on {name} {{ {require} }}`, or have a person approve each call: `ask {name}`")
            }
            None => format!("no condition reaches into a list: have a person approve each call, `ask {name}`"),
        };
        let finding = findings.finding(Level::Warning, span, message).help(policy.advise(Advice::Gate(&ids), || help));
        findings.add(finding.proof_if(proof.map(|call| format!("{call} is allowed"))));
    }
}

/// The address of a tool that fetches, where no condition looks at it.
fn free<'p>(policy: &'p Subject<'_>, id: ToolId) -> Option<(&'p Tool, &'p Param)> {
    let tool = policy.entry(id)?;
    let param = free_url_param(tool).filter(|_| policy.traits(id).has(Traits::FETCH))?;
    (!policy.looks_at(id, &param.name)).then_some((tool, param))
}
