//! Lists of tools, written otherwise: a set or pattern as the tools that it stands for, and tools as the set that they are.
//!
//! Both keep every decision of today. A set grows with the server, so it takes the place of names only where that makes a
//! policy narrower, never where it grants.

use std::collections::BTreeSet;

use super::{Action, Asked, Kind, Work};
use crate::{
    catalog::{BuiltIn, Server, built_in_set},
    hir::Policy,
    ide::{
        View,
        meaning::{Meaning, meaning, name_of, text},
    },
    pattern::glob,
    syntax::{Node, SyntaxKind as K, literal::write_name},
    text::{Edit, FileId, Span, count, slice},
};

/// How deep sets in sets are looked into.
const DEPTH: usize = 16;
/// How many sets are offered for one list.
const SETS: usize = 3;

type Names = BTreeSet<String>;

pub(super) fn find(asked: &Asked<'_>, out: &mut Vec<Action>) {
    let Some(policy) = asked.view.policy(asked.at.offset) else { return };
    let (Some(server), Some(list)) = (policy.server(), asked.at.inside(K::Tools)) else { return };
    out.extend(expand(asked, policy, server, list));
    collapse(asked, server, list, out);
}

/// The entries of a list, or of its `except`.
fn entries(list: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    list.children().filter(|child| matches!(child.kind(), K::ToolName | K::SetRef | K::String | K::RawString))
}

/// The name of an entry that is one.
fn exact(entry: Node<'_>) -> Option<String> {
    let broad = entry.kind() == K::SetRef || entry.kind() == K::ToolName && glob::is_pattern(entry.text());
    if broad { None } else { text(entry) }
}

/// The tools that an entry stands for; `None` where that is defined elsewhere.
fn stands_for(view: &View<'_>, server: &Server, entry: Node<'_>, depth: usize) -> Option<Names> {
    if let Some(name) = exact(entry) {
        return Some(Names::from([name]));
    }
    let tools = server.tools.iter();
    if entry.kind() == K::ToolName {
        return Some(tools.map(|tool| tool.name.clone()).filter(|name| glob::matches(entry.text(), name)).collect());
    }
    let name = entry.text().trim_start_matches('@');
    if let Some(set) = built_in_set(name) {
        return Some(built_in(server, set));
    }
    let is_it = |item: &Node<'_>| item.kind() == K::SetDef && name_of(*item).as_deref() == Some(name);
    let set = view.document.items().find(is_it)?;
    whole(view, server, set.child(K::Tools)?, depth.checked_sub(1)?)
}

fn built_in(server: &Server, set: BuiltIn) -> Names {
    server.tools.iter().filter(|tool| set.covers(tool)).map(|tool| tool.name.clone()).collect()
}

/// The tools of a list without those of its `except`.
fn whole(view: &View<'_>, server: &Server, list: Node<'_>, depth: usize) -> Option<Names> {
    let mut out = union(view, server, list, depth)?;
    if let Some(except) = list.child(K::Except) {
        let gone = union(view, server, except, depth)?;
        out.retain(|name| !gone.contains(name));
    }
    Some(out)
}

fn union(view: &View<'_>, server: &Server, list: Node<'_>, depth: usize) -> Option<Names> {
    let mut out = Names::new();
    for entry in entries(list) {
        out.append(&mut stands_for(view, server, entry, depth)?);
    }
    Some(out)
}

/// An entry of a statement's list.
struct Place<'a> {
    entry: Node<'a>,
    list: Node<'a>,
    /// The `except` that the entry stands in.
    within: Option<Node<'a>>,
    /// What stands beside it.
    others: Vec<Node<'a>>,
}

/// The set or pattern at the place as the tools that it stands for there.
fn expand(asked: &Asked<'_>, policy: &Policy, server: &Server, list: Node<'_>) -> Option<Action> {
    let entry = asked.at.token()?;
    let written = match meaning(&asked.at)? {
        Meaning::Set(name, false) => format!("@{name}"),
        Meaning::Pattern(pattern) => pattern,
        _ => return None,
    };
    let within = asked.at.inside(K::Except);
    let others = entries(within.unwrap_or(list)).filter(|other| other.span() != entry.span()).collect();
    let place = Place { entry, list, within, others };
    let mut names = match &place {
        Place { within: None, others, .. } if others.is_empty() => {
            let statement = asked.at.path.get(1)?.span();
            let rule = policy.rules().iter().find(|rule| rule.statement == statement)?;
            policy.covered(rule).map(|id| policy.tool_name(id).to_owned()).collect()
        }
        _ => place.adds(asked.view, server)?,
    };
    let named: Names = place.others.iter().filter_map(|other| exact(*other)).collect();
    names.retain(|name| !named.contains(name));
    if names.is_empty() {
        return None;
    }
    let title = format!("replace `{written}` by the {} that it stands for today", count(names.len(), "tool"));
    let names: Vec<String> = names.iter().map(|name| write_name(name)).collect();
    let mut edits = vec![Edit { span: entry.span(), text: names.join(", ") }];
    if let Some(span) = place.idle_except(asked.view, server, &named) {
        edits.push(Edit { span, text: String::new() });
    }
    Some(Action::new(Kind::Inline, title, Work::Tidy(edits)))
}

impl Place<'_> {
    /// What the entry adds to its list: in an `except`, of what the list takes, and else without what that takes away.
    fn adds(&self, view: &View<'_>, server: &Server) -> Option<Names> {
        let mut names = stands_for(view, server, self.entry, DEPTH)?;
        if self.within.is_some() {
            let taken = union(view, server, self.list, DEPTH)?;
            names.retain(|name| taken.contains(name));
        } else if let Some(except) = self.list.child(K::Except) {
            let gone = union(view, server, except, DEPTH)?;
            names.retain(|name| !gone.contains(name));
        }
        Some(names)
    }

    /// The `except` with what is before it, if it takes nothing away once the entry is written out.
    fn idle_except(&self, view: &View<'_>, server: &Server, named: &Names) -> Option<Span> {
        let except =
            self.list.child(K::Except).filter(|_| self.within.is_none() && named.len() == self.others.len())?;
        let takes_none = || union(view, server, except, DEPTH).is_some_and(|gone| gone.is_disjoint(named));
        let span = Span::new(FileId(0), entries(self.list).last()?.span().end, except.span().end);
        let says_more = slice(view.text(), span.range()).contains("//");
        ((named.is_empty() || takes_none()) && !says_more).then_some(span)
    }
}

/// A list of names as a set that is exactly these tools.
fn collapse(asked: &Asked<'_>, server: &Server, list: Node<'_>, out: &mut Vec<Action>) {
    let view = asked.view;
    let names: Option<Names> = entries(list).map(exact).collect();
    let Some(names) = names.filter(|names| names.len() > 1 && names.iter().all(|name| server.tool(name).is_some()))
    else {
        return;
    };
    if list.has(K::Except) || list.text().contains("//") {
        return;
    }
    let grants = asked.at.path.get(1).is_some_and(|statement| matches!(statement.kind(), K::Allow | K::Ask));
    let own = view.document.items().filter(|item| item.kind() == K::SetDef);
    let is_fixed = |tools: Node<'_>| !tools.has(K::Except) && entries(tools).all(|entry| exact(entry).is_some());
    let own = own.filter_map(|item| {
        let tools = item.child(K::Tools).filter(|tools| !grants || is_fixed(*tools))?;
        let same = whole(view, server, tools, DEPTH)? == names;
        same.then(|| name_of(item)).flatten()
    });
    let own = own.map(|name| (format!("@{}", name.trim_start_matches('@')), ""));
    let built_in = BuiltIn::all().filter(|set| !grants && built_in(server, *set) == names);
    let built_in = built_in.map(|set| (set.to_string(), ", and for those that the server gains later"));
    for (set, later) in own.chain(built_in).take(SETS) {
        let title = format!("write `{set}` for these {}{later}", count(names.len(), "tool"));
        let edit = Edit { span: list.span(), text: set };
        out.push(Action::new(Kind::Rewrite, title, Work::Tidy(vec![edit])));
    }
}
