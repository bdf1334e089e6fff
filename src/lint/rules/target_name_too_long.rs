use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "target-name-too-long",
        class: Class::Lint,
        summary: "a client's name for a tool is longer than models take",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("target_name_too_long.md"),
    check: Check::Policy(check),
};

/// The characters that a name may have for common models.
const LONGEST: usize = 64;

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let server = policy.alias().unwrap_or(policy.server_name());
    let before = "mcp__".len() + server.text.chars().count() + "__".len();
    let is_long = |id: &ToolId| before + policy.tool_name(*id).chars().count() > LONGEST;
    let tools: Vec<ToolId> = policy.usable().filter(is_long).collect();
    let Some(longest) = tools.iter().map(|id| before + policy.tool_name(*id).chars().count()).max() else { return };
    let names = policy.names(&tools);
    let message = format!(
        "with `mcp__{}__` before it, {} {longest} characters, and many models take {LONGEST}",
        server.text,
        if names.len() == 1 {
            format!("the name of `{}` has", names.join(""))
        } else {
            format!("the names of {} have up to", quoted_list(&names, 3))
        }
    );
    // without `as` the client may call the server something shorter
    let level = if policy.alias().is_some() { Level::Warning } else { Level::Info };
    findings.add(findings.finding(level, server.span, message).help(
        policy.advise(Advice::Say("give the server a short name in the client's configuration, here too"), || {
            "give the server a short name in the client's configuration, and say it here with `as`".to_owned()
        }),
    ));
}
