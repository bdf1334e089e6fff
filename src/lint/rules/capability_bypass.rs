use std::collections::BTreeMap;

use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::{Naming, Rule as PolicyRule, Standing},
    lint::{
        Check, Confidence, File, Findings, Persona, Rule,
        advice::Advice,
        capability::{Traits, code_param, sql_param},
        together::{Held, Together},
    },
    syntax::literal::write_name,
    text::{Span, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "capability-bypass",
        class: Class::Lint,
        summary: "what is denied or hidden here can be done with another tool that stays callable",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Low,
    fix: None,
    page: include_str!("capability_bypass.md"),
    check: Check::File(check),
};

/// What is denied, how it is said, and what else can do it.
const WAYS: [(Traits, &str, &[Traits]); 6] = [
    (Traits::RUN, "running a command", &[Traits::RUN]),
    (Traits::SQL, "SQL of any kind", &[Traits::SQL]),
    (Traits::DELETE_FILE, "deleting a file", &[Traits::DELETE_FILE, Traits::RUN]),
    (Traits::WRITE_FILE, "writing a file", &[Traits::WRITE_FILE, Traits::RUN]),
    (Traits::READ_FILE, "reading a file", &[Traits::READ_FILE, Traits::RUN]),
    (Traits::FETCH, "a request to any address", &[Traits::FETCH, Traits::RUN]),
];

fn check(file: &File<'_>, findings: &mut Findings) {
    for together in file.together() {
        for (denied, what, ways) in WAYS {
            let refused: Vec<_> = together
                .tools(|policy, id| policy.traits(id).has(denied))
                .into_iter()
                .filter(|held| refusal(held).is_some())
                .collect();
            if refused.is_empty() {
                continue;
            }
            let bypasses = together
                .tools(|policy, id| ways.iter().any(|way| policy.traits(id).has(*way)) && policy.is_ungated(id));
            // who refuses and grants by class in one policy has looked at the classes
            let apart = |held: &Held<'_, '_>| {
                let elsewhere = |other: &Held<'_, '_>| other.policy.name() != held.policy.name();
                refusal(held).is_some_and(|rule| rule.naming == Naming::Exact) || bypasses.iter().any(elsewhere)
            };
            let refused: Vec<_> = refused.into_iter().filter(|held| apart(held)).collect();
            if !bypasses.is_empty() {
                say(&together, what, &refused, &bypasses, findings);
            }
        }
    }
}

/// The statement that refuses all calls of a tool.
fn refusal<'f>(held: &Held<'f, '_>) -> Option<&'f PolicyRule> {
    let standing = held.policy.standing(held.id);
    let refused = matches!(standing, Standing::Denied | Standing::Hidden);
    refused.then(|| held.policy.standing_rule(held.id, standing)).flatten()
}

fn say(
    together: &Together<'_, '_>,
    what: &str,
    refused: &[Held<'_, '_>],
    open: &[Held<'_, '_>],
    findings: &mut Findings,
) {
    let Some(&first) = open.first() else { return };
    let mut by_statement: BTreeMap<Span, Vec<&str>> = BTreeMap::new();
    for held in refused {
        if let Some(rule) = refusal(held) {
            by_statement.entry(rule.statement).or_default().push(held.name());
        }
    }
    let ways: Vec<&str> = open.iter().map(|held| held.name()).collect();
    let name = write_name(first.name());
    for (span, tools) in by_statement {
        let message = format!(
            "this refuses {what} ({}), and {} can still do it with {}",
            quoted_list(&tools, 3),
            together.holder(),
            quoted_list(&ways, 3)
        );
        let place = first.policy.grant(first.id).map_or(first.policy.fallback_span(), |rule| rule.statement);
        findings.add(
            findings
                .finding(Level::Warning, span, message)
                .label(place, format!("leaves `{}` open", first.name()))
                .proof(format!("{} is allowed", shown(first)))
                .help(first.policy.advise(Advice::Gate(&[first.id]), || format!(
                    "close that way too: `deny {name}`, `ask {name}`, or a `require` that says what it may be used for"
                ))),
        );
    }
}

/// A call of the tool that does what is refused, as far as one can say.
fn shown(held: Held<'_, '_>) -> String {
    let Some(tool) = held.policy.entry(held.id) else { return format!("`{}`", held.name()) };
    let text = if sql_param(tool).is_some() { "DELETE FROM users" } else { "rm -r ~/project" };
    match sql_param(tool).or_else(|| code_param(tool)) {
        Some(param) => held.policy.open_call_with(held.id, param, text),
        None => held.policy.open_call(held.id),
    }
    .unwrap_or_else(|| format!("`{}`", held.name()))
}
