use crate::{
    diagnostic::{Class, Code, Level},
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject,
        advice::Advice,
        capability::{Traits, narrowed},
    },
    syntax::literal::write_name,
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "private-read-with-public-write",
        class: Class::Lint,
        summary: "a policy reads what is private and sends to anybody, and no condition says where to",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("private_read_with_public_write.md"),
    check: Check::Policy(check),
};

/// Arguments that say where something goes, in the order in which they say most.
const WHERE: [&str; 12] = [
    "owner",
    "repo",
    "project_id",
    "to",
    "recipient",
    "recipients",
    "channel",
    "channel_id",
    "chat_id",
    "user_id",
    "url",
    "space_id",
];

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let open =
        |wanted: Traits| policy.tools().filter(move |id| policy.traits(*id).has(wanted) && policy.is_ungated(*id));
    let Some(read) = open(Traits::PRIVATE).next() else { return };
    for (span, ids) in policy.by_grant(open(Traits::SEND)) {
        let Some(&first) = ids.first() else { continue };
        let tools: Vec<&str> = ids.iter().map(|id| policy.tool_name(*id)).collect();
        let sends = if tools.len() == 1 { "sends" } else { "send" };
        let message = format!(
            "`{}` reads what is private, {} {sends} to whomever the agent likes, and no condition says where to",
            policy.tool_name(read),
            quoted_list(&tools, 3)
        );
        let name = write_name(policy.tool_name(first));
        let pinned = policy.entry(first).and_then(|tool| WHERE.iter().find_map(|name| tool.param(name)));
        let help = match pinned.and_then(|param| narrowed(param, "in [\"…\"]")) {
            Some(require) => {
                format!("say where to: `on {name} {{ {require} }}`, or have a person approve it: `ask {name}`")
            }
            None => format!("have a person approve what is sent: `ask {name}`"),
        };
        let mut finding =
            findings.finding(Level::Warning, span, message).help(policy.advise(Advice::Gate(&ids), || help));
        if let (Some(one), Some(other)) = (policy.open_call(read), policy.open_call(first)) {
            finding.proof = Some(format!("{one}, then {other}: both are allowed"));
        }
        findings.add(finding);
    }
}
