//! The permission lists of clients: for each server what becomes of each tool that is named or known, by name.

use std::collections::BTreeMap;

use super::{
    Work,
    draft::{Draft, Treatment, Verb},
};
use crate::{
    diagnostic::Diagnostic,
    hir::{
        Source,
        model::{self, Policy, SelectorKind, Statement},
        origin::{Fact, Foreign, Origin, Unlisted},
    },
    pattern::glob,
    text::count,
};

/// A policy for each server of the document.
pub(super) fn drafts(
    policies: &[Policy],
    problems: Vec<Diagnostic>,
    source: &Source,
    work: &mut Work<'_>,
) -> Result<Vec<Draft>, Vec<Diagnostic>> {
    // entries that the client passes over are none, whatever weight they have in `check`
    if problems.iter().any(|problem| problem.is_fatal() && problem.code.class == crate::diagnostic::Class::Syntax) {
        return Err(problems);
    }
    let mut out = Vec::new();
    for policy in policies {
        let every = policy.notes.iter().find(|note| matches!(note.fact, Fact::EveryServer { .. }));
        match every {
            Some(note) => work.stricter(note.span, "servers that are not named have no policy now, so nothing is granted there"),
            None => out.push(draft(policy, source, work)),
        }
    }
    Ok(out)
}

fn draft(policy: &Policy, source: &Source, work: &mut Work<'_>) -> Draft {
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
    let name = source.text.get(policy.head.range()).unwrap_or_default();
    out.head.push(format!("What the client calls {name}: tools that it gets later fall to the default here."));
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
