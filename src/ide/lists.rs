//! Which tools a list of a policy's text means, from trees: also where the policy has errors. It is the expansion of
//! `hir`, which gives no answer there; the tests compare the two.

use std::collections::{BTreeMap, BTreeSet};

use super::{View, meaning};
use crate::{
    catalog::{Server, Tool, built_in_set},
    pattern::glob,
    syntax::{self, Node, SyntaxKind as K},
    text::{FileId, Span},
};

/// The item of a name, in the document or a file that it imports; the file of `from` is looked at first.
pub(super) fn find<R>(
    view: &View<'_>,
    kind: K,
    name: &str,
    from: FileId,
    then: impl FnOnce(Node<'_>) -> R,
) -> Option<R> {
    let wanted = |item: &Node<'_>| item.kind() == kind && meaning::name_of(*item).as_deref() == Some(name);
    let sources = &view.document.analysis().sources;
    let others = (0..crate::text::as_u32(sources.len())).filter(|file| *file != from.0);
    for file in std::iter::once(from.0).chain(others) {
        if file == 0 {
            if let Some(item) = view.document.items().find(wanted) {
                return Some(then(item));
            }
            continue;
        }
        let Some(source) = sources.get(file as usize) else { continue };
        // most parts of a file are not read for this
        for (start, part) in syntax::pieces(&source.text).filter(|(_, part)| part.contains(name)) {
            let chunk = syntax::parse_chunk(FileId(file), part);
            let found = chunk.tree.roots(part, FileId(file), start).find(wanted);
            if let Some(item) = found {
                return Some(then(item));
            }
        }
    }
    None
}

/// Lists of tools of one server.
pub(super) struct Lists<'v, 's> {
    view: &'v View<'v>,
    server: &'s Server,
    /// The sets of the document itself; none until one is asked for.
    own: Option<BTreeMap<String, Node<'v>>>,
    /// Sets by the file that speaks of them; empty while one is being looked at, for it may name itself.
    sets: BTreeMap<(FileId, String), BTreeSet<usize>>,
}

impl<'v, 's> Lists<'v, 's> {
    pub(super) fn new(view: &'v View<'v>, server: &'s Server) -> Self {
        Self { view, server, own: None, sets: BTreeMap::new() }
    }

    /// The tools of the catalog that a list means.
    pub(super) fn tools(&mut self, list: Node<'_>) -> Vec<&'s Tool> {
        let places = self.list(list, 0);
        places.into_iter().filter_map(|at| self.server.tools.get(at)).collect()
    }

    /// Those that a set means, where one has that name.
    pub(super) fn set(&mut self, name: &str, from: FileId) -> Vec<&'s Tool> {
        let places = self.members(name, from, 0);
        places.into_iter().filter_map(|at| self.server.tools.get(at)).collect()
    }

    fn list(&mut self, list: Node<'_>, depth: usize) -> BTreeSet<usize> {
        let mut out = self.selectors(list, depth);
        if let Some(except) = list.child(K::Except) {
            let gone = self.selectors(except, depth);
            out.retain(|at| !gone.contains(at));
        }
        out
    }

    fn selectors(&mut self, list: Node<'_>, depth: usize) -> BTreeSet<usize> {
        let mut out = BTreeSet::new();
        for entry in list.children() {
            match entry.kind() {
                K::SetRef => out.extend(self.members(entry.text().trim_start_matches('@'), entry.span().file, depth)),
                K::ToolName if glob::is_pattern(entry.text()) => {
                    out.extend(self.matching(|tool| glob::matches(entry.text(), &tool.name)));
                }
                K::ToolName | K::String | K::RawString => {
                    out.extend(meaning::text(entry).and_then(|name| self.server.tool_index(&name)));
                }
                _ => {}
            }
        }
        out
    }

    fn matching(&self, wanted: impl Fn(&Tool) -> bool) -> impl Iterator<Item = usize> {
        self.server.tools.iter().enumerate().filter(move |(_, tool)| wanted(tool)).map(|(at, _)| at)
    }

    fn members(&mut self, name: &str, from: FileId, depth: usize) -> BTreeSet<usize> {
        if let Some(built_in) = built_in_set(name) {
            return self.matching(|tool| built_in.covers(tool)).collect();
        }
        let key = (from, name.to_owned());
        if let Some(known) = self.sets.get(&key) {
            return known.clone();
        }
        if depth > syntax::MAX_DEPTH {
            return BTreeSet::new();
        }
        self.sets.insert(key.clone(), BTreeSet::new());
        let own = (from == FileId(0)).then(|| self.own(name)).flatten();
        let view = self.view;
        let mut expand = |set: Node<'_>| set.child(K::Tools).map(|list| self.list(list, depth + 1));
        let found = match own {
            Some(set) => expand(set),
            None => find(view, K::SetDef, name, from, expand).flatten(),
        };
        let found = found.unwrap_or_default();
        self.sets.insert(key, found.clone());
        found
    }

    fn own(&mut self, name: &str) -> Option<Node<'v>> {
        let document = self.view.document;
        let sets = self.own.get_or_insert_with(|| {
            let sets = document.items().filter(|item| item.kind() == K::SetDef);
            sets.filter_map(|set| Some((meaning::name_of(set)?, set))).collect()
        });
        sets.get(name).copied()
    }
}

/// The list of tools of the statement that a place is in.
pub(super) fn of_statement<'a>(path: &[Node<'a>]) -> Option<Node<'a>> {
    path.iter().rev().find_map(|node| node.child(K::Tools))
}

/// The text that a place is in.
pub(super) fn source<'v>(view: &View<'v>, place: Span) -> &'v str {
    view.document.analysis().sources.get(place.file.0 as usize).map_or("", |source| &source.text)
}
