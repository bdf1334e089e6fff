use crate::{
    catalog::{Category, Risk},
    diagnostic::{Class, Code, Level},
    hir::checked::{Standing, ToolId},
    lint::{Check, Confidence, File, Findings, Persona, Rule, advice::Advice},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "new-tool-unreviewed",
        class: Class::Lint,
        summary: "a tool that nobody reviewed is granted by a pattern, a set or the default",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("new_tool_unreviewed.md"),
    check: Check::File(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    for (policy, reviewed) in file.reviewed() {
        let is_new = |id: &ToolId| policy.entry(*id).is_some_and(|tool| reviewed.tool(&tool.name).is_none());
        let unseen = policy.usable().filter(|id| is_new(id) && !policy.is_named(*id));
        for (place, tools) in policy.by_grant(unseen) {
            let reads = |id: &ToolId| {
                policy.entry(*id).is_some_and(|tool| tool.category == Category::Read && tool.risk == Risk::Low)
            };
            let worst = tools.iter().copied().find(|id| policy.standing(*id) == Standing::Callable && !reads(id));
            let level = if worst.is_some() { Level::Error } else { Level::Warning };
            let names = policy.names(&tools);
            let (is, was) = if names.len() == 1 { ("is", "was") } else { ("are", "were") };
            let message =
                format!("{} {is} granted here and {was} not there at the last review", quoted_list(&names, 3));
            let mut finding = findings.finding(level, place, message);
            let ours =
                "see what is new with `mcppol drift`; then record it with `mcppol lock`, or take it out with `except`";
            let theirs = "see what is new with `mcppol drift`; then record it with `mcppol lock`, or block it";
            finding.help = Some(policy.advise(Advice::Say(theirs), || ours.to_owned()));
            finding.proof = worst.and_then(|id| policy.open_call(id)).map(|call| format!("{call} is allowed"));
            findings.add(finding);
        }
    }
}
