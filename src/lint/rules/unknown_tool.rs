use crate::{
    catalog::Server,
    diagnostic::{Applicability, Class, Code, Level},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::{nearest, quoted_list, same_letters},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "unknown-tool",
        class: Class::Lint,
        summary: "a tool is named that the server's catalog does not have",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: Some(Applicability::Unsafe),
    page: include_str!("unknown_tool.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let Some(server) = policy.server() else { return };
    let is_foreign = policy.origin().manners().is_some();
    if is_foreign && is_of_another(policy) {
        another(policy, server, findings);
        return;
    }
    for unknown in policy.unknown_tools() {
        let name = &unknown.name;
        // that has a rule of its own
        if server.tools.iter().any(|tool| same_letters(&tool.name, &name.text)) {
            continue;
        }
        let tools = || server.tools.iter().map(|tool| tool.name.as_str());
        let near = nearest(&name.text, tools());
        // a list of others is as often for another version of the server as it is wrong
        let unsure = near.is_none() && is_foreign;
        let (level, effect) = match (unknown.guards, unsure) {
            (true, false) => (Level::Error, "so this guards nothing that is known"),
            (true, true) => (Level::Warning, "so this guards nothing that is known"),
            (false, false) => (Level::Warning, "so nothing known is covered by it"),
            (false, true) => (Level::Info, "so nothing known is covered by it"),
        };
        let message = format!("`{}` has no tool `{}`, {effect}", server.id, name.text);
        let mut finding = findings.finding(level, name.span, message);
        if let Some(near) = near {
            let written = policy.written(near);
            finding.set_fix(Applicability::Unsafe, format!("did you mean `{written}`?"), name.span, written);
        } else {
            let word = |text: &str| text.split(['_', '-', '.']).next().unwrap_or_default().to_lowercase();
            let like: Vec<&str> = tools().filter(|tool| word(tool) == word(&name.text)).collect();
            finding.help = Some(if like.is_empty() && is_foreign {
                format!(
                    "names are compared exactly, letter case included; if the server is newer than its catalog, renew it: \
                     `mcppol catalog pull {} -- COMMAND`",
                    server.id
                )
            } else if like.is_empty() {
                "names are compared exactly, letter case included; if the server is newer than its catalog, say so: \
                 `// mcppol: ignore[unknown-tool] -- reason`"
                    .to_owned()
            } else {
                format!("the server has {}", quoted_list(&like, 5))
            });
        }
        findings.add(finding);
    }
}

/// Whether most of the tools that are named are not the server's, so that it is hardly the one that is meant.
fn is_of_another(policy: &Subject<'_>) -> bool {
    let unknown = policy.unknown_tools().len();
    let known = || policy.tools().filter(|id| policy.entry(*id).is_some() && policy.is_named(*id));
    unknown >= FEWEST && unknown > known().count()
}

/// From so many unknown tools on they are told together.
const FEWEST: usize = 4;

fn another(policy: &Subject<'_>, server: &Server, findings: &mut Findings) {
    let unknown = policy.unknown_tools();
    let Some(first) = unknown.first() else { return };
    let names: Vec<&str> = unknown.iter().map(|unknown| &*unknown.name.text).collect();
    let level = if unknown.iter().any(|unknown| unknown.guards) { Level::Warning } else { Level::Info };
    let message =
        format!("`{}` does not have most of the tools that are named here: {}", server.id, quoted_list(&names, 3));
    findings.add(findings.finding(level, first.name.span, message).help(format!(
        "another server goes by that name, or its catalog is of another version; renew it: `mcppol catalog pull {} -- COMMAND`",
        server.id
    )));
}
