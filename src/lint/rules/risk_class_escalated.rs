use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{Check, Confidence, File, Findings, Persona, Rule},
    text::count,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "risk-class-escalated",
        class: Class::Lint,
        summary: "a tool that can be called is of a higher risk than when it was reviewed",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("risk_class_escalated.md"),
    check: Check::File(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    for (policy, reviewed) in file.reviewed() {
        let risks = |id: ToolId| {
            let now = policy.entry(id)?;
            let then = reviewed.tool(&now.name)?;
            (now.risk > then.risk).then_some((then.risk, now.risk))
        };
        for (place, tools) in policy.by_grant(policy.callable().filter(|id| risks(*id).is_some())) {
            let Some(first) =
                tools.iter().copied().max_by_key(|id| (risks(*id).map(|it| it.1), std::cmp::Reverse(*id)))
            else {
                continue;
            };
            let Some((then, now)) = risks(first) else { continue };
            let more = match tools.len() {
                1 => String::new(),
                n => format!(", and {} rose with it", count(n - 1, "more tool")),
            };
            let name = policy.tool_name(first);
            let message = format!("`{name}` was reviewed as of {then} risk and is of {now} risk now{more}");
            let mut finding = findings.finding(Level::Error, place, message);
            finding.help = Some(
                "see what changed with `mcppol drift`; then narrow it, or record the new class with `mcppol lock`"
                    .to_owned(),
            );
            finding.proof = policy.open_call(first).map(|call| format!("{call} is allowed"));
            findings.add(finding);
        }
    }
}
