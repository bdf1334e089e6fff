use std::collections::BTreeMap;

use crate::{
    diagnostic::{Class, Code, Level},
    lint::{Check, Confidence, File, Findings, Persona, Rule},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "cross-server-name-clash",
        class: Class::Lint,
        summary: "two servers of one grant have a tool of the same name",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("cross_server_name_clash.md"),
    check: Check::File(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    for (grant, policies) in file.grants() {
        if policies.len() < 2 {
            continue;
        }
        let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for policy in &policies {
            for id in policy.usable() {
                holders.entry(policy.tool_name(id)).or_default().push(&policy.server_name().text);
            }
        }
        // those of the same servers together
        let mut clashes: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
        for (tool, servers) in holders.into_iter().filter(|(_, servers)| servers.len() > 1) {
            clashes.entry(servers).or_default().push(tool);
        }
        for (servers, tools) in clashes {
            let message = format!(
                "{} of `{}` each have {} {}",
                quoted_list(&servers, 3),
                grant.identity.text,
                if tools.len() == 1 { "a tool" } else { "the tools" },
                quoted_list(&tools, 3)
            );
            findings.add(findings.finding(Level::Warning, grant.identity.span, message).help(
                "a client that leaves out the server calls one for the other: refuse the tool in one of the policies",
            ));
        }
    }
}
