//! Which tools a list covers, as far as it is written: broken statements too, so that their arguments can be proposed.

use super::names;
use crate::{
    catalog::{BuiltIn, Server, Tool, built_in_set},
    ide::{View, meaning},
    pattern::glob,
    syntax::{self, Node, SyntaxKind as K},
    text::FileId,
};

/// A list of tools.
#[derive(Default)]
pub(super) struct List {
    take: Vec<Choice>,
    except: Vec<Choice>,
}

enum Choice {
    Exact(String),
    Pattern(String),
    BuiltIn(BuiltIn),
    Set(List),
}

impl List {
    /// The list that follows a verb or a `=`; sets within sets are followed so deep.
    pub(super) fn read<'a>(view: &View<'_>, words: impl Iterator<Item = Node<'a>>, depth: u32) -> Self {
        let mut out = Self::default();
        let mut in_except = false;
        for word in words {
            let name = || meaning::text(word).unwrap_or_default();
            let choice = match word.kind() {
                K::Comma | K::WrongComma => continue,
                K::Keyword if word.text() == "except" => {
                    in_except = true;
                    continue;
                }
                K::SetRef => set(view, word.text().trim_start_matches('@'), depth),
                K::ToolName if glob::is_pattern(word.text()) => Some(Choice::Pattern(name())),
                K::ToolName | K::String | K::RawString => Some(Choice::Exact(name())),
                _ => break,
            };
            let side = if in_except { &mut out.except } else { &mut out.take };
            side.extend(choice);
        }
        out
    }

    /// Whether the list has a tool.
    pub(super) fn covers(&self, tool: &Tool) -> bool {
        let has = |choices: &[Choice]| choices.iter().any(|choice| choice.covers(tool));
        has(&self.take) && !has(&self.except)
    }

    /// The tools of a server that the list has.
    pub(super) fn of<'s>(&self, server: &'s Server) -> Vec<&'s Tool> {
        server.tools.iter().filter(|tool| self.covers(tool)).collect()
    }
}

impl Choice {
    fn covers(&self, tool: &Tool) -> bool {
        match self {
            Choice::Exact(name) => *name == tool.name,
            Choice::Pattern(pattern) => glob::matches(pattern, &tool.name),
            Choice::BuiltIn(set) => set.covers(tool),
            Choice::Set(list) => list.covers(tool),
        }
    }
}

fn set(view: &View<'_>, name: &str, depth: u32) -> Option<Choice> {
    if let Some(set) = built_in_set(name) {
        return Some(Choice::BuiltIn(set));
    }
    let depth = depth.checked_sub(1)?;
    let definition = names::definitions(view).find(|it| it.keyword == "set" && it.name == name)?;
    let chunk = syntax::parse_chunk(FileId(0), definition.text);
    let item = chunk.tree.roots(definition.text, FileId(0), 0).next()?;
    let tools = item.child(K::Tools)?;
    Some(Choice::Set(List::read(view, tools.tokens(), depth)))
}

/// How deep sets within sets are followed.
pub(super) const DEPTH: u32 = 8;
