use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::ToolId,
    lint::{Check, Confidence, File, Findings, Persona, Rule},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "description-changed",
        class: Class::Lint,
        summary: "the text of a tool that is granted is not the one that was reviewed",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("description_changed.md"),
    check: Check::File(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    for (policy, reviewed) in file.reviewed() {
        let changed = |id: &ToolId| {
            policy.entry(*id).is_some_and(|now| {
                let then = reviewed.tool(&now.name).and_then(|then| then.description.as_ref());
                now.description.is_some() && then.is_some() && now.description.as_ref() != then
            })
        };
        for (place, tools) in policy.by_grant(policy.usable().filter(changed)) {
            let names = policy.names(&tools);
            let message = if names.len() == 1 {
                format!("the description of {} is not the one that was reviewed", quoted_list(&names, 3))
            } else {
                format!("the descriptions of {} are not those that were reviewed", quoted_list(&names, 3))
            };
            findings.add(findings.finding(Level::Warning, place, message).help(
                "a model takes descriptions as instructions: read what is new with `mcppol drift`, then run `mcppol lock`",
            ));
        }
    }
}
