use crate::{
    diagnostic::{Class, Code, Level},
    hir::{
        checked::ToolId,
        model::{Condition, Op},
    },
    lint::{
        Check, Confidence, File, Findings, Persona, Rule, Subject,
        advice::Advice,
        capability::{Traits, path_param},
        condition, exact,
    },
    syntax::literal::{write_name, write_path},
    text::Span,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "policy-file-writable-by-agent",
        class: Class::Lint,
        summary: "a guard on a path lets the agent write the files that decide what it may do",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("policy_file_writable_by_agent.md"),
    check: Check::File(check),
};

/// Files that decide what an agent may do, with a path before them.
const OWN: [&str; 4] = ["mcppol.toml", "agent.mcp", ".mcp.json", ".git/hooks/pre-commit"];
/// What directories that are projects are called.
const PROJECTS: [&str; 12] = [
    "root",
    "workspace",
    "workspaces",
    "project",
    "projects",
    "repo",
    "repos",
    "src",
    "code",
    "checkout",
    "worktree",
    "app",
];
/// What directories that hold projects or homes are called.
const HOLDERS: [&str; 9] = ["home", "Users", "workspaces", "projects", "repos", "src", "code", "git", "worktrees"];

fn check(file: &File<'_>, findings: &mut Findings) {
    let sources: Vec<&str> = file.sources.iter().map(|source| source.name.as_str()).collect();
    for policy in &file.policies {
        for id in policy.callable().filter(|id| policy.has_conditions(*id)) {
            if policy.traits(id).meets(Traits::WRITE_FILE | Traits::EDIT_FILE) {
                look(policy, id, &sources, findings);
            }
        }
    }
}

fn look(policy: &Subject<'_>, id: ToolId, sources: &[&str], findings: &mut Findings) {
    let Some(tool) = policy.entry(id) else { return };
    let Some(param) = path_param(tool) else { return };
    let Some((span, directories)) = guarded(policy, id, &param.name) else { return };
    let passes = |path: String| {
        let arguments = exact::passing_text(policy, id, &param.name, &path)?;
        Some((path, policy.call(id, &arguments)))
    };
    let own = sources.iter().filter(|name| name.starts_with('/')).find_map(|name| passes((*name).to_owned()));
    let likely = || {
        let projects = directories.iter().filter(|directory| is_project(directory));
        let below = projects.map(|directory| directory.trim_end_matches('/').to_owned() + "/");
        let roots: Vec<String> = if directories.is_empty() { vec!["/workspace/".to_owned()] } else { below.collect() };
        roots.iter().flat_map(|root| OWN.map(|name| format!("{root}{name}"))).find_map(passes)
    };
    let certain = own.is_some();
    let Some((path, call)) = own.or_else(likely) else { return };
    let name = write_name(&tool.name);
    let argument = write_path(std::slice::from_ref(&param.name));
    let (level, message) = if certain {
        (
            Level::Error,
            format!("`{}` may write this very policy: the guard on `{argument}` lets its path through", tool.name),
        )
    } else {
        let what = format!("the guard on `{argument}` lets `{path}` through");
        (Level::Warning, format!("`{}` may write what decides over the agent: {what}", tool.name))
    };
    findings.add(
        findings
            .finding(level, span, message)
            .proof(format!("{call} is allowed"))
            .help(policy.advise(Advice::Gate(&[id]), || format!(
                "keep these files out: `on {name} {{ require {argument} not matches r\".*(\\.mcp|\\.mcp\\.json|mcppol\\.(toml|lock)|/\\.git/.*)\" }}`, \
                 or name a directory that holds only what the agent works on"
            ))),
    );
}

/// The first condition on the argument, and the directories that conditions name for it.
fn guarded<'p>(policy: &'p Subject<'_>, id: ToolId, argument: &str) -> Option<(Span, Vec<&'p str>)> {
    let mut directories = Vec::new();
    let mut first = None;
    for rule in policy.rules_of(id) {
        let Some(condition) = rule.condition().filter(|condition| condition::mentions(condition, argument)) else {
            continue;
        };
        first = first.or(Some(rule.span));
        collect(condition, argument, &mut directories);
    }
    Some((first?, directories))
}

fn collect<'p>(condition: &'p Condition, argument: &str, out: &mut Vec<&'p str>) {
    condition::any(condition, &mut |test| {
        if let (Op::Under(directory), [name]) = (&test.op, &*test.path.segments) {
            out.extend((name == argument).then_some(&**directory));
        }
        false
    });
}

fn is_project(directory: &str) -> bool {
    let mut segments = directory.rsplit('/').filter(|segment| !segment.is_empty());
    match (segments.next(), segments.next()) {
        (None, _) => true,
        (Some(last), above) => PROJECTS.contains(&last) || above.is_some_and(|above| HOLDERS.contains(&above)),
    }
}
