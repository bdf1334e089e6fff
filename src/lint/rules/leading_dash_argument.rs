use crate::{
    catalog::{Category, JsonType, Param, Tool},
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice},
    syntax::literal::{write_name, write_path},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "leading-dash-argument",
        class: Class::Lint,
        summary: "an argument that ends up on a command line may begin with `-` and be read as an option",
    },
    level: Level::Info,
    persona: Persona::Audit,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("leading_dash_argument.md"),
    check: Check::Narrowing(check),
};

/// Arguments that programs such as git take from a command line.
const NAMES: [&str; 9] =
    ["branch", "branch_name", "base_branch", "ref", "revision", "target", "tag_name", "remote", "start_point"];
/// Servers that pass them on so, by the beginning of their tools' names.
const PROGRAMS: [&str; 4] = ["git_", "kubectl_", "helm_", "docker_"];

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for (span, ids) in policy.by_grant(policy.callable().filter(|id| free(policy, *id).is_some())) {
        let Some((tool, param)) = ids.first().and_then(|id| free(policy, *id)) else { continue };
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let path = write_path(std::slice::from_ref(&param.name));
        let message =
            format!("`{path}` may begin with `-`, and a program would read an option: {}", quoted_list(&tools, 3));
        let proof = ids.first().and_then(|id| policy.open_call_with(*id, param, "--output=/home/me/.bashrc"));
        findings.add(
            findings.finding(Level::Info, span, message).proof_if(proof.map(|call| format!("{call} is allowed"))).help(
                policy.advise(Advice::Gate(&ids), || {
                    format!(
                        "say how it begins: `on {} {{ require {path} matches r\"[A-Za-z0-9][A-Za-z0-9/._-]*\" }}`",
                        write_name(&tool.name)
                    )
                }),
            ),
        );
    }
}

/// Such an argument of a tool that hands it to a program, where no condition looks at it.
fn free<'p>(policy: &'p Subject<'_>, id: ToolId) -> Option<(&'p Tool, &'p Param)> {
    let tool = policy.entry(id).filter(|tool| PROGRAMS.iter().any(|program| tool.name.starts_with(program)))?;
    let text = |param: &&Param| param.types.admits_type(JsonType::String) && param.values.is_none();
    let param = tool.params.iter().filter(text).find(|param| NAMES.contains(&param.name.as_str()))?;
    let runs = tool.category != Category::Other;
    (runs && !policy.looks_at(id, &param.name)).then_some((tool, param))
}
