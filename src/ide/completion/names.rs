//! Names: tools, sets, policies, servers, files to import.

use std::sync::Arc;

use super::{
    Asked, Completions, Item, ItemKind, Key,
    place::{Container, Place},
    tools::{DEPTH, List},
};
use crate::{
    catalog::{BuiltIn, Risk, Server, Tool},
    hir::model::Verb,
    ide::{View, meaning},
    syntax::{
        self, Node, SyntaxKind as K,
        literal::{self, quote, write_name},
    },
    text::{self, count, slice},
};

/// The most names of one kind that are proposed at once, but tools.
const MOST: usize = 200;

/// A set or policy that the document knows, by its own text.
pub(super) struct Definition<'a> {
    pub(super) keyword: &'a str,
    pub(super) name: &'a str,
    /// All of it, and what stands behind it.
    pub(super) text: &'a str,
    /// The file, where it is not the document.
    pub(super) file: Option<&'a str>,
}

/// The sets and policies of the document and of what it imports itself.
pub(super) fn definitions<'a>(view: &View<'a>) -> impl Iterator<Item = Definition<'a>> {
    let document = view.document;
    let own = document.pieces().map(|piece| (None, piece.text));
    let imported = document.analysis().sources.iter().skip(1).filter(|source| is_imported(view, &source.name));
    let imported =
        imported.flat_map(|source| syntax::pieces(&source.text).map(|(_, text)| (Some(source.name.as_str()), text)));
    own.chain(imported).filter_map(|(file, text)| {
        let (keyword, rest) = text.split_once([' ', '\t'])?;
        let rest = rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_.-".contains(c)).unwrap_or(rest.len());
        let name = slice(rest, 0..end);
        (matches!(keyword, "set" | "policy") && !name.is_empty()).then_some(Definition { keyword, name, text, file })
    })
}

/// Whether the document itself imports a file: names of imports end as their paths are written.
fn is_imported(view: &View<'_>, name: &str) -> bool {
    let imports = view.document.items().filter(|item| item.kind() == K::Import);
    let path = |item: Node<'_>| item.tokens().find_map(quoted);
    imports.filter_map(path).any(|path| {
        let tail = path.rsplit("../").next().unwrap_or_default();
        name.ends_with(tail.trim_start_matches("./"))
    })
}

fn quoted(token: Node<'_>) -> Option<String> {
    matches!(token.kind(), K::String | K::RawString).then(|| meaning::text(token)).flatten()
}

/// What a verb of a statement means.
pub(super) fn verb(word: &str) -> Option<Verb> {
    Some(match word {
        "allow" => Verb::Allow,
        "ask" => Verb::Ask,
        "deny" => Verb::Deny,
        "hide" => Verb::Hide,
        "limit" => Verb::Limit,
        "on" => Verb::On,
        _ => return None,
    })
}

/// The servers that the part is about: of a set, those of the file's policies.
pub(super) fn servers_of(view: &View<'_>, place: &Place<'_>) -> Vec<Arc<Server>> {
    const MANY: usize = 8;
    if let Some(server) = place.item.and_then(|item| view.server(item)) {
        return vec![server];
    }
    let mut out: Vec<Arc<Server>> = Vec::new();
    if place.verb() == "set" {
        for name in view.document.items().filter_map(meaning::server_of) {
            let known = |server: &Arc<Server>| out.iter().any(|other| other.id == server.id);
            if let Some(server) = view.around.catalogs.find(&name).filter(|server| !known(server)) {
                out.push(server);
            }
            if out.len() == MANY {
                break;
            }
        }
    }
    out
}

/// The tools of the server, those first that one would rather name.
pub(super) fn tools(asked: &Asked<'_, '_>, out: &mut Completions) {
    let place = asked.place;
    let words = place.part();
    let after = words.len() > 1 && place.verb() == "call" || place.container == Container::Object;
    if after || place.typed().starts_with('@') {
        return;
    }
    let servers = servers_of(asked.view, place);
    let is_name = |token: &&Node<'_>| matches!(token.kind(), K::ToolName | K::String | K::RawString);
    let named: Vec<String> = words.iter().filter(is_name).filter_map(|token| meaning::text(*token)).collect();
    let in_except = words.iter().any(|token| token.text() == "except");
    // what grants is safest with harmless tools, what narrows is about the others
    let harmless_first = (place.verb() == "allow") != in_except;
    let order = |tool: &Tool| match (place.verb(), harmless_first) {
        ("call" | "set", _) => 0,
        (_, true) => tool.risk as u8,
        (_, false) => u8::MAX - tool.risk as u8,
    };
    for server in &servers {
        let mut tools: Vec<&Tool> = server.tools.iter().filter(|tool| !named.contains(&tool.name)).collect();
        tools.sort_by_key(|tool| order(tool));
        for tool in tools {
            let from = (servers.len() > 1).then(|| server.id.clone());
            out.items.push(item(server, tool, place.quoted, from));
        }
    }
}

fn item(server: &Server, tool: &Tool, quoted: bool, from: Option<String>) -> Item {
    let conditional = tool.conditional.as_ref().map(|what| format!("needs {what}"));
    let mut item = Item::new(ItemKind::Tool, text::visible(&tool.name))
        .writing(if quoted { quote(&tool.name) } else { write_name(&tool.name) })
        .detail(format!("{} {}", tool.risk, tool.category));
    // who types no quote is still to find it
    if !quoted {
        item.filter.clone_from(&item.label);
    }
    item.signature = Some(signature(tool));
    item.origin = match (from, conditional) {
        (Some(from), Some(what)) => Some(format!("{from}, {what}")),
        (from, what) => from.or(what),
    };
    item.key = Some(Key::Tool { server: server.id.clone(), tool: tool.name.clone() });
    item
}

/// The arguments in short: `(title, year?, …)`.
fn signature(tool: &Tool) -> String {
    const MOST: usize = 4;
    let (needed, free): (Vec<_>, Vec<_>) = tool.params.iter().partition(|param| param.required);
    let needed = needed.iter().map(|param| param.name.clone());
    let mut names: Vec<String> = needed.chain(free.iter().map(|param| format!("{}?", param.name))).collect();
    if names.len() > MOST {
        names.truncate(MOST - 1);
        names.push("…".to_owned());
    }
    format!("({})", names.join(", "))
}

/// The sets that the file knows, and the built-in ones with what they come to.
pub(super) fn sets(asked: &Asked<'_, '_>, out: &mut Completions) {
    let (view, place) = (asked.view, asked.place);
    if place.quoted || place.verb() == "call" {
        return;
    }
    let servers = servers_of(view, place);
    let own = match place.verb() {
        "set" => place.part().get(1).map_or("", |name| name.text().trim_start_matches('@')),
        _ => "",
    };
    let named: Vec<&str> = place.part().iter().filter_map(|token| token.text().strip_prefix('@')).collect();
    let typed = place.typed().trim_start_matches('@');
    let wanted = |it: &Definition<'_>| {
        it.keyword == "set" && it.name != own && it.name.contains(typed) && !named.contains(&it.name)
    };
    defined(definitions(view).filter(wanted), ItemKind::Set, "@", out);
    let mut empty = Vec::new();
    for set in BuiltIn::all().filter(|set| !place.part().iter().any(|token| token.text() == set.to_string())) {
        let tools = || servers.iter().flat_map(|server| &server.tools).filter(|tool| set.covers(tool));
        let critical = tools().filter(|tool| tool.risk == Risk::Critical).count();
        let mut item = Item::new(ItemKind::Set, set.to_string());
        if !servers.is_empty() {
            let critical = if critical > 0 { format!(", {critical} critical") } else { String::new() };
            item = item.detail(format!("{}{critical}", count(tools().count(), "tool")));
        }
        let list = if servers.is_empty() || tools().next().is_some() { &mut out.items } else { &mut empty };
        list.push(item);
    }
    out.items.extend(empty);
}

/// The first line of a definition, short.
fn said(definition: &str) -> String {
    const LONGEST: usize = 60;
    let line = definition.lines().next().unwrap_or_default();
    let end = syntax::inside(line).comment.unwrap_or(line.len());
    let head = text::head(slice(line, 0..end));
    if head.chars().count() <= LONGEST { head } else { head.chars().take(LONGEST).chain(['…']).collect() }
}

fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

/// The policies that the file knows; tests are of its own ones.
pub(super) fn policies(asked: &Asked<'_, '_>, out: &mut Completions) {
    let place = asked.place;
    let own = if place.verb() == "include" { place.item.and_then(meaning::name_of) } else { None };
    let used: Vec<&str> = place.part().iter().skip(1).map(|token| token.text()).collect();
    let wanted = |it: &Definition<'_>| {
        let known = it.file.is_none() || place.verb() != "test";
        it.keyword == "policy"
            && known
            && it.name.contains(place.typed())
            && !used.contains(&it.name)
            && Some(it.name) != own.as_deref()
    };
    defined(definitions(asked.view).filter(wanted), ItemKind::Policy, "", out);
}

/// Proposes what is defined somewhere, up to a bound.
fn defined<'a>(found: impl Iterator<Item = Definition<'a>>, kind: ItemKind, sign: &str, out: &mut Completions) {
    for (index, it) in found.enumerate() {
        if index == MOST {
            out.more = true;
            return;
        }
        let mut item = Item::new(kind, format!("{sign}{}", it.name)).detail(said(it.text));
        item.origin = it.file.map(file_name);
        out.items.push(item);
    }
}

/// The servers that are known, by what is typed of their ids.
pub(super) fn servers(asked: &Asked<'_, '_>, out: &mut Completions) {
    let typed = asked.place.typed().trim_start_matches('"').to_lowercase();
    for id in asked.view.around.catalogs.ids().filter(|id| id.to_lowercase().contains(&typed)) {
        if out.items.len() == MOST {
            out.more = true;
            break;
        }
        let bare = write_name(&id);
        let written = if asked.place.quoted { quote(&id) } else { bare };
        let mut item = Item::new(ItemKind::Server, id.as_str()).writing(written);
        if !asked.place.quoted {
            item.filter.clone_from(&id);
        }
        item.key = Some(Key::Server { server: id });
        out.items.push(item);
    }
}

/// The files that could be imported.
pub(super) fn imports(asked: &Asked<'_, '_>, out: &mut Completions) {
    for path in (asked.options.imports)() {
        let written = quote(&path);
        let mut item = Item::new(ItemKind::File, path).writing(written);
        if !asked.place.quoted {
            item.filter.clone_from(&item.label);
        }
        out.items.push(item);
    }
}

/// The tools that the part is about, by the statement that holds it or by its call.
pub(super) fn covered<'s>(view: &View<'_>, place: &Place<'_>, servers: &'s [Arc<Server>]) -> Vec<&'s Tool> {
    let statement = place.statement();
    let words = statement.iter().skip(1).copied();
    let all = statement.get(1).is_some_and(|word| word.kind() == K::KwAll || word.text() == "all");
    match statement.first().map_or("", |verb| verb.text()) {
        "limit" if all => servers.iter().flat_map(|server| &server.tools).collect(),
        "call" => {
            let list = List::read(view, words.take(1), DEPTH);
            servers.iter().flat_map(|server| list.of(server)).collect()
        }
        _ => {
            let list = List::read(view, words, DEPTH);
            let having = statement.iter().position(|word| word.text() == "having").and_then(|at| statement.get(at + 1));
            let name = having.and_then(|path| literal::path(path.text()).ok()?.into_iter().next());
            let mut tools: Vec<&Tool> = servers.iter().flat_map(|server| list.of(server)).collect();
            tools.retain(|tool| name.as_ref().is_none_or(|name| tool.param(name).is_some()));
            tools
        }
    }
}
