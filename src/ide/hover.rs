//! What is told of the word under the pointer, in Markdown: what it stands for, what is known of that, and what the policy
//! makes of it. Findings are absent, for editors show them by themselves.

mod argument;
mod call;
mod policy;
mod tool;
mod word;

use std::sync::Arc;

use super::{
    Kind, View,
    at::{At, at},
    lists::Lists,
    markdown::{code, count, tools},
    meaning::{self, Meaning, meaning},
};
use crate::{
    catalog::{Server, Tool, built_in_set},
    hir::checked::{Naming, Policy},
    page,
    syntax::{Node, SyntaxKind as K},
    text::{FileId, Span},
};

/// What is told of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// What it is told of.
    pub span: Span,
    /// What is told.
    pub markdown: String,
}

/// So many servers are told of where a word is about any of them.
const SERVERS: usize = 3;

/// What is told of a place of a document.
pub fn hover(view: &View<'_>, offset: u32) -> Option<Hover> {
    if matches!(view.document.kind(), Kind::Foreign(_)) {
        return foreign(view, offset);
    }
    if let Some(in_comment) = word::in_comment(view.text(), offset) {
        return in_comment;
    }
    let at = at(view.document, offset);
    let token = at.token()?;
    let markdown = match meaning(&at) {
        Some(meaning) => of(view, &at, &meaning)?,
        None => {
            argument::member(view, &at).or_else(|| call::decided(view, &at)).or_else(|| word::explained(&at, token))?
        }
    };
    Some(Hover { span: token.span(), markdown })
}

fn of(view: &View<'_>, at: &At<'_>, meaning: &Meaning) -> Option<String> {
    let item = at.item()?;
    match meaning {
        Meaning::Tool(name) => {
            let servers = servers(view, item);
            let known = servers.iter().find_map(|server| Some((server, server.tool(name)?)));
            match known {
                Some((server, tool)) => Some(tool::markdown(view, policy_here(view, at), server, tool)),
                None => Some(tool::unknown(view, policy_here(view, at), name, &servers)),
            }
        }
        Meaning::Pattern(pattern) => {
            let fits = |tool: &&Tool| crate::pattern::glob::matches(pattern, &tool.name);
            each(view, item, &code(pattern), |server| server.tools.iter().filter(fits).collect())
        }
        Meaning::Set(name, _) => {
            let told = match built_in_set(name) {
                Some(set) => format!("{}\n\n", page::built_in(set)),
                None => String::new(),
            };
            let shown = code(&format!("@{name}"));
            each(view, item, &shown, |server| Lists::new(view, server).set(name, FileId(0)))
                .map(|lists| format!("{told}{lists}"))
        }
        Meaning::Policy(name, _) => policy::markdown(view, name),
        Meaning::Server(name) => Some(match view.around.catalogs.find(name) {
            Some(server) => policy::server(&server),
            None => format!("No catalog knows the server {}.\n", code(name)),
        }),
        Meaning::Argument(path) => argument::markdown(view, at, path),
        Meaning::Import(_) | Meaning::Identity(_) => None,
    }
}

/// The policy that a place is in, or that its test is for.
fn policy_here<'v>(view: &View<'v>, at: &At<'_>) -> Option<&'v Policy> {
    let tested = at.item().and_then(meaning::policy_of_test);
    view.policy(at.offset).or_else(|| {
        let policies = view.document.analysis().policies();
        policies.iter().find(|policy| Some(policy.name()) == tested)
    })
}

/// The servers that the names in an item are of: its own, or for a set those of the document's policies.
fn servers(view: &View<'_>, item: Node<'_>) -> Vec<Arc<Server>> {
    if item.kind() != K::SetDef {
        return view.server(item).into_iter().collect();
    }
    let policies = view.document.items().filter(|item| item.kind() == K::Policy);
    let mut names: Vec<String> = policies.filter_map(meaning::server_of).collect();
    names.sort();
    names.dedup();
    names.iter().filter_map(|name| view.around.catalogs.find(name)).collect()
}

/// Tools of each server that a word may be about.
fn each(view: &View<'_>, item: Node<'_>, name: &str, of: impl Fn(&Server) -> Vec<&Tool>) -> Option<String> {
    let servers = servers(view, item);
    let lists = servers.iter().take(SERVERS).map(|server| group(name, server, of(server)));
    let lists: Vec<String> = lists.collect();
    (!lists.is_empty()).then(|| lists.join("\n"))
}

fn group(name: &str, server: &Server, found: Vec<&Tool>) -> String {
    let (all, id) = (crate::text::count(server.tools.len(), "tool"), code(&server.id));
    match count(found.iter().map(|tool| Some(*tool))) {
        (0, _) => format!("{name}: none of the {all} of {id}\n"),
        (n, 0) => format!("{name}: {n} of the {all} of {id}\n\n{}", tools(found)),
        (n, critical) if n == critical => format!("{name}: {n} of the {all} of {id}, all critical\n\n{}", tools(found)),
        (n, critical) => format!("{name}: {n} of the {all} of {id}, {critical} critical\n\n{}", tools(found)),
    }
}

/// A document of others: the tools that an entry names.
fn foreign(view: &View<'_>, offset: u32) -> Option<Hover> {
    let holds = |span: Span| span.file == FileId(0) && span.start <= offset && offset <= span.end;
    let policies = view.document.analysis().policies().iter();
    let mut rules = policies.flat_map(|policy| policy.rules().iter().map(move |rule| (policy, rule)));
    let (policy, rule) = rules.find(|(_, rule)| holds(rule.tools_span))?;
    let server = policy.server()?;
    let mut covered = policy.covered(rule);
    let markdown = match (rule.naming, covered.len()) {
        (Naming::Exact, 1) => tool::markdown(view, Some(policy), server, policy.entry(covered.next()?)?),
        _ => {
            let name = code(crate::text::slice(view.text(), rule.tools_span.range()));
            group(&name, server, covered.filter_map(|id| policy.entry(id)).collect())
        }
    };
    Some(Hover { span: rule.tools_span, markdown })
}
