use std::collections::BTreeSet;

use crate::{
    catalog::{Param, Tool, Types},
    diagnostic::{Applicability, Class, Code, Level},
    hir::{
        checked::{Rule as PolicyRule, RuleKind, Standing, ToolId},
        model::{Condition, Op},
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, capability::is_path, condition},
    syntax::literal::write_name,
    text::{Span, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "unguarded-sibling-tool",
        class: Class::Lint,
        summary: "an argument is guarded on one tool and free on another that does as much with it",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    fix: Some(Applicability::Unsafe),
    page: include_str!("unguarded_sibling_tool.md"),
    check: Check::Policy(check),
};

/// Arguments that say where something is or goes, whatever the tool.
const PLACES: [&str; 16] = [
    "owner",
    "repo",
    "repo_path",
    "project",
    "project_id",
    "projectId",
    "url",
    "uri",
    "bucket",
    "database",
    "namespace",
    "channel",
    "channel_id",
    "workspace",
    "account",
    "host",
];

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let mut said = BTreeSet::new();
    for rule in policy.rules() {
        let Some((condition, clause)) = guarding(rule) else { continue };
        let mut arguments = BTreeSet::new();
        condition::any(condition, &mut |test| {
            // that something is there does not say where it is
            if !matches!(test.op, Op::Exists | Op::Missing) {
                arguments.extend(test.path.segments.first().map(String::as_str));
            }
            false
        });
        for argument in arguments.iter().filter(|name| is_place(name)) {
            for guarded in policy.covered(rule).filter(|id| policy.standing(*id) == Standing::Callable) {
                let Some(tool) = policy.entry(guarded) else { continue };
                let alike = |id: &ToolId| sibling(policy, *id, tool, argument).is_some();
                let open: Vec<ToolId> = policy.callable().filter(alike).collect();
                if !open.is_empty() && said.insert((*argument, open.clone())) {
                    say(policy, (rule, clause), (tool, argument, arguments.len() == 1), &open, findings);
                }
            }
        }
    }
}

fn guarding(rule: &PolicyRule) -> Option<(&Condition, &'static str)> {
    match &rule.kind {
        RuleKind::Require(condition) => Some((condition, "require")),
        RuleKind::DenyIf(condition) => Some((condition, "deny if")),
        _ => None,
    }
}

fn is_place(name: &str) -> bool {
    is_path(name) || PLACES.contains(&name)
}

/// The argument by which a tool does with this one's argument as much or worse, unguarded.
fn sibling<'p>(policy: &'p Subject<'_>, id: ToolId, guarded: &Tool, argument: &str) -> Option<&'p Param> {
    let other = policy.entry(id)?;
    if other.category.risk() < guarded.category.risk() || other.category < guarded.category {
        return None;
    }
    let plain = |name: &str| name.trim_end_matches('s').to_owned();
    let param = other.params.iter().find(|param| {
        param.name == argument
            || param.name.len().abs_diff(argument.len()) == 1 && plain(&param.name) == plain(argument)
    })?;
    (!policy.looks_at(id, &param.name)).then_some(param)
}

fn say(
    policy: &Subject<'_>,
    (rule, clause): (&PolicyRule, &str),
    (guarded, argument, alone): (&Tool, &str, bool),
    open: &[ToolId],
    findings: &mut Findings,
) {
    let tools: Vec<&str> = open.iter().map(|id| policy.tool_name(*id)).collect();
    let Some((first, param)) =
        open.first().and_then(|id| Some((policy.entry(*id)?, sibling(policy, *id, guarded, argument)?)))
    else {
        return;
    };
    let takes = if tools.len() == 1 { "takes" } else { "take" };
    let message = format!(
        "`{argument}` is guarded on `{}`: {} {takes} it too, and no condition looks at it there",
        guarded.name,
        quoted_list(&tools, 3)
    );
    let names: Vec<String> = tools.iter().map(|name| write_name(name)).collect();
    let same: Vec<String> = open
        .iter()
        .filter(|id| {
            policy
                .entry(**id)
                .is_some_and(|tool| tool.param(argument).is_some_and(|it| it.types == guarded_types(guarded, argument)))
        })
        .map(|id| write_name(policy.tool_name(*id)))
        .collect();
    let reason = rule.because().map_or(rule.span.end, |because| because.span.start);
    let text = policy.text(Span { end: reason.min(rule.span.end), ..rule.span }).trim_end();
    let text = text.strip_suffix("because").unwrap_or(text).trim_end();
    let copied = alone && text.starts_with(clause) && !text.contains('\n') && same.len() == names.len();
    let mut finding = findings.finding(Level::Warning, rule.span, message);
    let value = if is_path(argument) { "/etc/passwd" } else { "anything" };
    let id = policy.tool(&first.name);
    let call = id.and_then(|id| policy.open_call_with(id, param, value));
    finding.proof = call.map(|call| format!("{call} is allowed, for no condition stops it"));
    if copied && policy.origin().manners().is_none() {
        let on = format!("on {} {{\n    {text}\n  }}", names.join(", "));
        finding.help = Some(format!("guard them alike: `on {} {{ {text} }}`", names.join(", ")));
        finding.set_fix(Applicability::Unsafe, "guard them alike", rule.statement.at_end(), format!("\n  {on}"));
    } else {
        finding.help = Some(policy.advise(Advice::Gate(open), || {
            format!("guard `{}` there too, or `deny {}` where the guard cannot be said", param.name, names.join(", "))
        }));
    }
    findings.add(finding);
}

fn guarded_types(tool: &Tool, argument: &str) -> Types {
    tool.param(argument).map(|param| param.types).unwrap_or_default()
}
