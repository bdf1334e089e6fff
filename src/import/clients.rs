//! The permission lists of clients: for each server what becomes of each tool that is named or known, by name.

use std::collections::BTreeMap;

use super::{
    Work,
    draft::{Draft, Treatment, Verb},
};
use crate::{
    diagnostic::{Class, Diagnostic, codes},
    document::Value,
    hir::{
        model::{self, Policy, SelectorKind, Statement},
        origin::{Fact, Foreign, Origin, Unlisted},
    },
    pattern::glob,
    text::count,
};

/// A policy for each server of the document.
pub(super) fn drafts(
    root: &Value,
    policies: &[Policy],
    problems: Vec<Diagnostic>,
    work: &mut Work<'_>,
) -> Result<Vec<Draft>, Vec<Diagnostic>> {
    // entries that the client passes over are none, whatever weight they have in `check`
    if problems.iter().any(|problem| problem.is_fatal() && problem.code.class == Class::Syntax) {
        return Err(problems);
    }
    left_out(root, policies, work);
    let mut out = Vec::new();
    for policy in policies {
        let every = policy.notes.iter().find(|note| matches!(note.fact, Fact::EveryServer { .. }));
        match every {
            Some(note) => {
                work.stricter(note.span, "servers that are not named have no policy now, so nothing is granted there")
            }
            None => out.push(draft(policy, work)),
        }
    }
    Ok(out)
}

/// Entries about other things than the tools of servers are counted.
fn left_out(root: &Value, policies: &[Policy], work: &mut Work<'_>) {
    let permissions = root.get("permissions");
    let lists = ["allow", "ask", "deny"].into_iter().filter_map(|list| permissions?.get(list));
    let said = |value: &&Value| {
        let statements = policies.iter().flat_map(|policy| &policy.statements).map(|statement| statement.span);
        let notes = policies.iter().flat_map(|policy| &policy.notes).map(|note| note.span);
        statements.chain(notes).any(|span| value.span.start <= span.start && span.end <= value.span.end)
    };
    let others: Vec<&Value> =
        lists.chain(root.get("mcpAllowlist")).flat_map(Value::items).filter(|value| !said(value)).collect();
    let Some(first) = others.first() else { return };
    let (entries, are) = match others.len() {
        1 => ("1 entry names".to_owned(), "is"),
        many => (format!("{many} entries name"), "are"),
    };
    let message = format!("{entries} no tool of a server, and {are} left out");
    work.notes.push(Diagnostic::info(&codes::IGNORED_ENTRY, first.span, message));
}

fn draft(policy: &Policy, work: &mut Work<'_>) -> Draft {
    let text = |name: &Option<model::Name>| name.as_ref().map(|name| name.text.to_string()).unwrap_or_default();
    let (server, alias) = (text(&policy.server), text(&policy.alias));
    let known = work.environment.catalogs.find(&server).filter(|_| !server.is_empty());
    // another server has the name that the client uses
    let server = if server.is_empty() { format!("{alias}-of-this-client") } else { server };
    let mut out = Draft { server, ..Draft::default() };
    let mut names: Vec<&str> = known.iter().flat_map(|server| &server.tools).map(|tool| tool.name.as_str()).collect();
    let selectors = || policy.statements.iter().flat_map(|statement| &statement.tools.take);
    names.extend(selectors().filter(|one| one.kind == SelectorKind::Exact).map(|one| &*one.text));
    names.sort_unstable();
    names.dedup();
    let unlisted = match policy.origin {
        Origin::Foreign(Foreign { unlisted, .. }) => unlisted,
        Origin::Language => Unlisted::Refused,
    };
    let rest = match unlisted {
        Unlisted::Refused => None,
        Unlisted::Allowed => Some(Verb::Allow),
        Unlisted::Asked => Some(Verb::Ask),
    };
    let mut left = 0;
    for name in &names {
        match strongest(&policy.statements, name) {
            Some((verb, statement)) => {
                out.tools.insert((*name).to_owned(), Treatment::new(verb, statement.span));
            }
            None => left += 1,
        }
    }
    let here = |name: &&String| known.as_ref().is_some_and(|server| server.tool(name).is_some());
    match (rest, &known) {
        (Some(verb), Some(_)) if left > 0 => {
            // what is said of all the others need not be said of some
            out.tools.retain(|name, treatment| treatment.verb != verb || !here(&name));
            out.rest = Some((verb, out.tools.keys().filter(here).cloned().collect()));
        }
        (Some(verb), None) => {
            let what = if verb == Verb::Ask { "asks before" } else { "lets pass" };
            work.stricter(
                policy.head,
                format!("the client {what} calls of tools that are not named; no catalog knows `{alias}`, so they are refused now"),
            );
        }
        _ => {}
    }
    for pattern in selectors().filter(|one| one.kind == SelectorKind::Pattern && known.is_none()) {
        let matched = names.iter().filter(|name| glob::matches(&pattern.text, name)).count();
        let message = format!(
            "no catalog knows `{alias}`, so `{}` is taken for the {} that are named",
            pattern.text,
            count(matched, "tool")
        );
        work.stricter(pattern.span, message);
    }
    if out.rest.is_none() {
        out.head.push(format!("Tools that `{alias}` gets later are refused here."));
    }
    out
}

/// What is said of a tool: of several entries the strongest counts.
fn strongest<'p>(statements: &'p [Statement], tool: &str) -> Option<(Verb, &'p Statement)> {
    let covers = |statement: &&Statement| {
        statement.tools.take.iter().any(|one| match one.kind {
            SelectorKind::Exact => *one.text == *tool,
            SelectorKind::Pattern => glob::matches(&one.text, tool),
            SelectorKind::Set => false,
        })
    };
    let verb = |statement: &Statement| match statement.verb {
        model::Verb::Allow => Some(Verb::Allow),
        model::Verb::Ask => Some(Verb::Ask),
        model::Verb::Hide => Some(Verb::Hide),
        _ => Some(Verb::Deny),
    };
    let found = statements.iter().filter(covers).filter_map(|statement| Some((verb(statement)?, statement)));
    let mut all: BTreeMap<Verb, &Statement> = BTreeMap::new();
    for (verb, statement) in found {
        all.entry(verb).or_insert(statement);
    }
    all.pop_last()
}
