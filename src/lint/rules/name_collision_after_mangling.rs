use std::collections::{BTreeMap, btree_map::Entry};

use crate::{
    diagnostic::{Class, Code, Level},
    lint::{Check, Confidence, File, Findings, Persona, Rule, Subject},
    text::Span,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "name-collision-after-mangling",
        class: Class::Lint,
        summary: "two tools have one name once a client has replaced the characters that it does not take",
    },
    level: Level::Warning,
    persona: Persona::Pedantic,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("name_collision_after_mangling.md"),
    check: Check::File(check),
};

fn check(file: &File<'_>, findings: &mut Findings) {
    for policy in &file.policies {
        within(&[policy], policy.server_name().span, findings);
    }
    for (grant, policies) in file.grants().filter(|(_, policies)| policies.len() > 1) {
        within(&policies, grant.identity.span, findings);
    }
}

/// Reports tools of one policy, or of different ones of several, whose names become the same.
fn within(policies: &[&Subject<'_>], place: Span, findings: &mut Findings) {
    let mut seen: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for (index, policy) in policies.iter().enumerate() {
        let server = &policy.alias().unwrap_or(policy.server_name()).text;
        for id in policy.usable() {
            let tool = policy.tool_name(id);
            let (other, twin) = match seen.entry(mangled(&format!("mcp__{server}__{tool}"))) {
                Entry::Vacant(free) => {
                    free.insert((index, tool));
                    continue;
                }
                // what becomes the same within one policy is said there
                Entry::Occupied(taken) if policies.len() > 1 && taken.get().0 == index => continue,
                Entry::Occupied(taken) => *taken.get(),
            };
            let of = policies.get(other).filter(|_| other != index);
            let of = of.map_or(String::new(), |policy| format!(" of `{}`", policy.server_name().text));
            let message = format!("a client that replaces characters cannot tell `{tool}` from `{twin}`{of}");
            findings.add(
                findings
                    .finding(Level::Warning, place, message)
                    .help(format!("both become `{}`: refuse one of them", mangled(&format!("mcp__{server}__{tool}")))),
            );
        }
    }
}

fn mangled(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    name.chars().map(|c| if kept(c) { c } else { '_' }).collect()
}
