use crate::{
    catalog::{Category, Param, Signal, Tool},
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject,
        advice::Advice,
        capability::{narrowed, path_param},
    },
    syntax::literal::write_name,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "path-argument-unrestricted",
        class: Class::Lint,
        summary: "a tool that changes files can be called with any path",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("path_argument_unrestricted.md"),
    check: Check::Narrowing(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for (span, ids) in policy.by_grant(policy.callable().filter(|id| free(policy, *id).is_some())) {
        let Some((tool, param)) = ids.first().and_then(|id| free(policy, *id)) else { continue };
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let message = format!("{} can be called with any path that the server takes", quoted_list(&tools, 3));
        let proof = ids.first().and_then(|id| policy.open_call_with(*id, param, "/home/me/elsewhere"));
        let name = write_name(&tool.name);
        let help = match narrowed(param, "under \"/srv/data\"") {
            Some(require) => format!(
                "name a directory, `on {name} {{ {require} }}`, or have a person approve each call: `ask {name}`"
            ),
            None => format!("no condition reaches into a list: have a person approve each call, `ask {name}`"),
        };
        let finding = findings.finding(Level::Warning, span, message).help(policy.advise(Advice::Gate(&ids), || help));
        findings.add(finding.proof_if(proof.map(|call| format!("{call} is allowed"))));
    }
}

/// The path of a tool that changes files, where no condition looks at it.
fn free<'p>(policy: &'p Subject<'_>, id: ToolId) -> Option<(&'p Tool, &'p Param)> {
    let tool = policy.entry(id)?;
    let changes = tool.category != Category::Read && tool.signals.contains(&Signal::Filesystem);
    let param = path_param(tool).filter(|_| changes)?;
    (!policy.looks_at(id, &param.name)).then_some((tool, param))
}
