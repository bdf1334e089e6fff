//! Where what a word stands for is defined.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use super::{
    Kind, View,
    at::{At, at},
    meaning::{self, Meaning},
    names::{File, Files, Places, load, named},
};
use crate::{
    catalog::Server,
    hir::Imports,
    syntax::{Node, SyntaxKind},
    text::{FileId, Span},
};

/// Where something is defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// In a file.
    Places(Places),
    /// In the catalog of a server, by its id.
    Catalog {
        /// The server.
        server: String,
        /// One of its tools; `None` for the server as a whole.
        tool: Option<String>,
    },
}

/// Where that is defined which the word at a place stands for; several where a name is given twice, or a tool is of
/// more than one server.
pub fn definition(view: &View<'_>, offset: u32, imports: &dyn Imports) -> Vec<Target> {
    let mut files = Files::new(imports);
    let own = files.own(view);
    let Some(occurrence) = named(view, &own.names, offset) else { return in_document_of_others(view, offset) };
    let at = at(view.document, offset);
    match &occurrence.meaning {
        of @ (Meaning::Set(..) | Meaning::Policy(..)) => {
            let homes = files.homes(&own, of);
            let places = homes.iter().filter_map(|home| home.places(home.names.definitions(of)));
            places.map(Target::Places).collect()
        }
        Meaning::Import(path) => {
            let start = vec![Span::default()];
            let file = load(imports, &own.source.name, path);
            file.into_iter().map(|source| Target::Places(Places { source, spans: start.clone() })).collect()
        }
        Meaning::Server(name) => {
            let server = view.around.catalogs.find(name);
            server.into_iter().map(|server| Target::Catalog { server: server.id.clone(), tool: None }).collect()
        }
        Meaning::Tool(name) => of_tools(&servers(view, &at, &mut files, &own), std::slice::from_ref(name)),
        Meaning::Argument(_) => of_tools(&servers(view, &at, &mut files, &own), &tools_around(&at)),
        Meaning::Pattern(_) | Meaning::Identity(_) => Vec::new(),
    }
}

/// The tools that servers have, in their catalogs.
fn of_tools(servers: &[Arc<Server>], names: &[String]) -> Vec<Target> {
    let of = |server: &Arc<Server>| {
        let known = names.iter().filter(|name| server.tool(name).is_some());
        let target = |name: &String| Target::Catalog { server: server.id.clone(), tool: Some(name.clone()) };
        known.map(target).collect::<Vec<_>>()
    };
    servers.iter().flat_map(of).collect()
}

/// The servers that a tool at a place may be of: those of all policies where it is named in a set.
fn servers(view: &View<'_>, at: &At<'_>, files: &mut Files<'_>, own: &Rc<File>) -> Vec<Arc<Server>> {
    let Some(item) = at.item() else { return Vec::new() };
    let names: Vec<String> = match item.kind() {
        SyntaxKind::SetDef => own.names.servers().into_iter().map(str::to_owned).collect(),
        SyntaxKind::Test => {
            let policy = meaning::policy_of_test(item).unwrap_or_default();
            let server = files.scope(own).iter().find_map(|file| file.names.server_of(policy).map(str::to_owned));
            server.into_iter().collect()
        }
        _ => meaning::server_of(item).into_iter().collect(),
    };
    let known = names.iter().filter_map(|name| view.around.catalogs.find(name));
    let by_id: BTreeMap<String, Arc<Server>> = known.map(|server| (server.id.clone(), server)).collect();
    by_id.into_values().collect()
}

/// The tools that the statement or call around a place names, each by its name.
fn tools_around(at: &At<'_>) -> Vec<String> {
    let (Some(item), Some(list)) = (at.item(), at.path.iter().rev().find_map(|node| node.child(SyntaxKind::Tools)))
    else {
        return Vec::new();
    };
    let name = |token: Node<'_>| match meaning::of(&[item, list], token)? {
        Meaning::Tool(name) => Some(name),
        _ => None,
    };
    list.children().filter_map(name).collect()
}

/// In a document of others: the tools that the innermost rule around the place names.
fn in_document_of_others(view: &View<'_>, offset: u32) -> Vec<Target> {
    if matches!(view.document.kind(), Kind::Policy) {
        return Vec::new();
    }
    let here = |span: Span| span.file == FileId(0) && span.start <= offset && offset <= span.end;
    let Some(policy) = view.policy(offset) else { return Vec::new() };
    let rules = policy.rules().iter().filter(|rule| here(rule.tools_span));
    let Some(rule) = rules.min_by_key(|rule| rule.tools_span.end - rule.tools_span.start) else { return Vec::new() };
    let named = policy.covered(rule).filter(|id| policy.names_tool(rule, *id) && policy.entry(*id).is_some());
    let tool = |id| {
        let server = policy.server()?.id.clone();
        Some(Target::Catalog { server, tool: Some(policy.tool_name(id).to_owned()) })
    };
    named.filter_map(tool).collect()
}
