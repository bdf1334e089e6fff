//! Lists of tools, expanded against a server's catalog.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    checked::{Naming, UnknownTool},
    model::{Name, Selector, SelectorKind, Set, Tools},
    resolve::Scopes,
};
use crate::{
    catalog::{Server, built_in_set},
    diagnostic::{Applicability, Diagnostic, Level, codes},
    pattern::glob,
    syntax::literal::write_name,
    text::{Span, as_u32, count, nearest},
};

/// Where a list stands, which decides how much an empty match weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Usage {
    /// Under `allow`: matching nothing leaves too little open.
    Allow,
    /// Under anything else: matching nothing leaves too much open.
    Guard,
    /// In a policy that was included, perhaps for another server: matching nothing is in order.
    Included,
}

/// The table of tools of one policy, and the expansions against it.
pub(super) struct Expander<'a> {
    scopes: &'a Scopes<'a>,
    server: Option<&'a Server>,
    /// The server as the policy names it.
    server_name: &'a Name,
    /// Whether the text is of another format, which may well speak of a server that no catalog knows.
    foreign: bool,
    pub(super) extras: Vec<Box<str>>,
    pub(super) extra_ids: BTreeMap<Box<str>, u32>,
    /// Own sets by their place and by what they are used for: what is unknown in them weighs by that.
    sets: BTreeMap<(Span, Usage), Arc<[u32]>>,
    pub(super) unknown: Vec<UnknownTool>,
    pub(super) errors: Vec<Diagnostic>,
}

impl<'a> Expander<'a> {
    pub(super) fn new(
        scopes: &'a Scopes<'a>,
        server: Option<&'a Server>,
        server_name: &'a Name,
        foreign: bool,
    ) -> Self {
        Self {
            scopes,
            server,
            server_name,
            foreign,
            extras: Vec::new(),
            extra_ids: BTreeMap::new(),
            sets: BTreeMap::new(),
            unknown: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The tools of a list, ascending, and how they were named.
    pub(super) fn tools(&mut self, tools: &Tools, usage: Usage) -> (Vec<u32>, Naming) {
        let mut out = self.selectors(&tools.take, usage, false);
        if !tools.except.is_empty() {
            // an exception from a guard leaves something open on purpose; one from a grant closes it
            let opposite = match usage {
                Usage::Allow => Usage::Guard,
                Usage::Guard => Usage::Allow,
                Usage::Included => Usage::Included,
            };
            let gone = self.selectors(&tools.except, opposite, true);
            let before = out.len();
            out.retain(|id| gone.binary_search(id).is_err());
            if out.is_empty() && before > 0 {
                self.emptied(tools, usage, before);
            }
        }
        let exact = tools.take.iter().all(|selector| selector.kind == SelectorKind::Exact);
        (out, if exact { Naming::Exact } else { Naming::Broad })
    }

    /// The tools that a list names by their own names.
    pub(super) fn named(&self, tools: &Tools) -> Box<[u32]> {
        let exact = tools.take.iter().filter(|selector| selector.kind == SelectorKind::Exact);
        exact.filter_map(|selector| self.server?.tool_index(&selector.text).map(as_u32)).collect()
    }

    fn selectors(&mut self, selectors: &[Selector], usage: Usage, in_except: bool) -> Vec<u32> {
        if let [only] = selectors
            && only.kind == SelectorKind::Exact
        {
            return vec![self.exact(only, usage, false)];
        }
        let mut out = Vec::new();
        for selector in selectors {
            match selector.kind {
                SelectorKind::Exact => out.push(self.exact(selector, usage, false)),
                SelectorKind::Pattern => {
                    let before = out.len();
                    self.pattern(selector, &mut out);
                    if out.len() == before {
                        self.dead(selector, usage, in_except);
                    }
                }
                SelectorKind::Set => self.set(selector, usage, in_except, &mut out),
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    fn exact(&mut self, selector: &Selector, usage: Usage, in_set: bool) -> u32 {
        let name = &*selector.text;
        let Some(server) = self.server else { return self.extra(name) };
        if let Some(index) = server.tool_index(name) {
            return as_u32(index);
        }
        if let Some((prefix, bare)) = name.strip_prefix("mcp__").and_then(|rest| rest.split_once("__")) {
            let written = write_name(bare);
            // a tool of another server may only have the same name
            let ours =
                prefix == &*self.server_name.text || server.aliases.iter().chain([&server.id]).any(|id| id == prefix);
            let applicability = if ours { Applicability::Safe } else { Applicability::Unsafe };
            self.errors.push(
                Diagnostic::error(
                    &codes::QUALIFIED_TOOL_NAME,
                    selector.span,
                    format!("`{name}` is a client's name for a tool, with the server in front"),
                )
                .help(format!("the policy's `for {}` names the server; write `{written}`", self.server_name.text))
                .fix(applicability, format!("write `{written}`"), selector.span, written),
            );
            return server.tool_index(bare).map_or_else(|| self.extra(bare), as_u32);
        }
        if usage != Usage::Included {
            self.unknown.push(UnknownTool {
                name: Name { text: selector.text.clone(), span: selector.span },
                guards: usage == Usage::Guard,
                in_set,
            });
        }
        self.extra(name)
    }

    fn extra(&mut self, name: &str) -> u32 {
        if let Some(id) = self.extra_ids.get(name) {
            return *id;
        }
        let catalogued = self.server.map_or(0, |server| server.tools.len());
        let id = as_u32(catalogued + self.extras.len());
        self.extras.push(name.into());
        self.extra_ids.insert(name.into(), id);
        id
    }

    fn pattern(&self, selector: &Selector, out: &mut Vec<u32>) {
        let tools = self.server.map_or(&[][..], |server| &server.tools);
        let matching = tools.iter().enumerate().filter(|(_, tool)| glob::matches(&selector.text, &tool.name));
        out.extend(matching.map(|(index, _)| as_u32(index)));
    }

    fn set(&mut self, selector: &Selector, usage: Usage, in_except: bool, out: &mut Vec<u32>) {
        if let Some(built_in) = built_in_set(&selector.text) {
            match self.server {
                None => self.no_catalog(selector),
                Some(server) => {
                    let covered = server.tools.iter().enumerate().filter(|(_, tool)| built_in.covers(tool));
                    out.extend(covered.map(|(index, _)| as_u32(index)));
                }
            }
            return;
        }
        let Some(set) = self.scopes.set(selector.span.file, &selector.text) else {
            self.errors.push(self.scopes.unknown_set(&selector.text, selector.span));
            return;
        };
        let members = self.own_set(set, usage, 0);
        if members.is_empty() {
            self.dead(selector, usage, in_except);
        }
        out.extend_from_slice(&members);
    }

    /// The tools of an own set for this policy's server.
    fn own_set(&mut self, set: &'a Set, usage: Usage, depth: usize) -> Arc<[u32]> {
        // sets in sets nest as far as brackets do; a circle has its own error and ends here too
        if depth > crate::syntax::MAX_DEPTH {
            self.errors.push(
                Diagnostic::error(
                    &codes::NESTED_TOO_DEEPLY,
                    set.name.span,
                    format!("sets nest more than {} deep here", crate::syntax::MAX_DEPTH),
                )
                .help("name the tools instead of a set of sets"),
            );
            return Arc::new([]);
        }
        let key = (set.name.span, usage);
        if let Some(known) = self.sets.get(&key) {
            return Arc::clone(known);
        }
        let mut out = self.members(&set.tools.take, usage, depth);
        let gone = self.members(&set.tools.except, usage, depth);
        out.retain(|id| gone.binary_search(id).is_err());
        let out: Arc<[u32]> = out.into();
        self.sets.insert(key, Arc::clone(&out));
        out
    }

    fn members(&mut self, selectors: &[Selector], usage: Usage, depth: usize) -> Vec<u32> {
        let mut out = Vec::new();
        for selector in selectors {
            match selector.kind {
                SelectorKind::Exact => out.push(self.exact(selector, usage, true)),
                SelectorKind::Pattern if self.server.is_none() => self.no_catalog(selector),
                SelectorKind::Pattern => self.pattern(selector, &mut out),
                SelectorKind::Set if built_in_set(&selector.text).is_some() => {
                    self.set(selector, usage, false, &mut out);
                }
                SelectorKind::Set => match self.scopes.set(selector.span.file, &selector.text) {
                    Some(inner) => out.extend_from_slice(&self.own_set(inner, usage, depth + 1)),
                    None => self.errors.push(self.scopes.unknown_set(&selector.text, selector.span)),
                },
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    fn no_catalog(&mut self, selector: &Selector) {
        if self.foreign {
            return;
        }
        let shown = match selector.kind {
            SelectorKind::Set => format!("@{}", selector.text),
            SelectorKind::Exact | SelectorKind::Pattern => selector.text.to_string(),
        };
        self.errors.push(
            Diagnostic::error(
                &codes::NO_CATALOG,
                selector.span,
                format!("`{shown}` has nothing to match: no catalog knows the server `{}`", self.server_name.text),
            )
            .help("name the tools exactly"),
        );
    }

    /// Reports a list whose `except` takes away everything.
    fn emptied(&mut self, tools: &Tools, usage: Usage, before: usize) {
        let level = match usage {
            Usage::Included => return,
            Usage::Allow => Level::Warning,
            Usage::Guard => Level::Error,
        };
        let all = if before == 1 { "the one tool".to_owned() } else { format!("all {before} tools") };
        let message = format!("`except` takes away {all} of this list, so the statement covers nothing");
        self.errors.push(
            Diagnostic::new(&codes::DEAD_PATTERN, level, tools.span, message)
                .help("remove the statement, or make its `except` narrower"),
        );
    }

    /// Reports a pattern or own set that matches nothing.
    fn dead(&mut self, selector: &Selector, usage: Usage, in_except: bool) {
        if usage == Usage::Included {
            return;
        }
        let Some(server) = self.server else {
            if selector.kind == SelectorKind::Pattern {
                self.no_catalog(selector);
            }
            return;
        };
        let (shown, what) = match selector.kind {
            SelectorKind::Set => (format!("@{}", selector.text), "the set"),
            SelectorKind::Exact | SelectorKind::Pattern => (selector.text.to_string(), "the pattern"),
        };
        let effect = match (usage, in_except) {
            (Usage::Allow, false) => "so nothing is granted by it",
            (Usage::Allow, true) => "so nothing is excepted by it",
            (_, false) => "so nothing is blocked or narrowed by it",
            (_, true) => "so what it should take away stays granted",
        };
        let message = format!(
            "{what} `{shown}` matches none of the {} of `{}`, {effect}",
            count(server.tools.len(), "tool"),
            server.id
        );
        let level = if usage == Usage::Allow { Level::Warning } else { Level::Error };
        let diagnostic = Diagnostic::new(&codes::DEAD_PATTERN, level, selector.span, message);
        let literal: String = selector.text.chars().filter(|c| !matches!(c, '*' | '?')).collect();
        let near = near_tools(server, literal.trim_matches(['_', '-', '.']));
        let help = if selector.kind == SelectorKind::Set {
            "see the tools that the set names; they belong to another server".to_owned()
        } else if near.is_empty() {
            "remove it, or name a tool that the server has".to_owned()
        } else {
            format!("the server has {}", crate::text::quoted_list(&near, 5))
        };
        self.errors.push(diagnostic.help(help));
    }
}

/// Tools whose names share a word with `literal`, or are near to it.
fn near_tools<'s>(server: &'s Server, literal: &str) -> Vec<&'s str> {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2).map(str::to_lowercase).collect()
    };
    let wanted = words(literal);
    let names = || server.tools.iter().map(|tool| tool.name.as_str());
    if let Some(near) = nearest(literal, names()) {
        return vec![near];
    }
    let sharing = |name: &&str| {
        let have = words(name);
        wanted.iter().any(|word| have.contains(word) || nearest(word, have.iter().map(String::as_str)).is_some())
    };
    names().filter(sharing).collect()
}
