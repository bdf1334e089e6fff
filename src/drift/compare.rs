//! One server as reviewed and as it is now.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Change, Guards, Kind, alike, kinds as k,
    schema::{self, Difference, Step, Turn, What, of_params},
    sort,
    words::{optional, path, word},
};
use crate::{
    catalog::{Category, Server, Tool},
    diagnostic::Level,
    text::{count, quoted_list},
};

/// What is different in `new` from `old`, in order, judged by what the policies say of the tools.
///
/// Without policies every tool is taken to be callable and no argument to be looked at, and nothing weighs more than a
/// warning.
#[must_use]
pub fn compare(old: &Server, new: &Server, guards: &Guards) -> Vec<Change> {
    let mut comparison = Comparison { old, new, guards, changes: Vec::new(), by_arguments: 0 };
    comparison.server();
    comparison.tools();
    let mut changes = comparison.changes;
    if !guards.is_judged() {
        changes.iter_mut().for_each(|change| change.level = change.level.min(Level::Warning));
    }
    sort(&mut changes);
    changes
}

struct Comparison<'a> {
    old: &'a Server,
    new: &'a Server,
    guards: &'a Guards,
    changes: Vec<Change>,
    /// The tools that only one side has the whole schema of.
    by_arguments: usize,
}

impl<'a> Comparison<'a> {
    fn server(&mut self) {
        let (old, new) = (self.old, self.new);
        let identity = [
            ("repository", &old.repository, &new.repository),
            ("package", &old.package, &new.package),
            ("registry", &old.registry, &new.registry),
        ];
        for (what, was, is) in identity {
            // a side that does not know says nothing
            if let (Some(was), Some(is)) = (was, is)
                && was != is
            {
                self.server_change(&k::IDENTITY_CHANGED, &format!("the {what} of"), was, is);
            }
        }
        for (what, was, is) in [("version", &old.version, &new.version), ("commit", &old.commit, &new.commit)] {
            if let (Some(was), Some(is)) = (was, is)
                && was != is
            {
                self.server_change(&k::VERSION_CHANGED, &format!("the {what} of"), was, is);
            }
        }
        let unfit: Vec<String> = self.guards.unfit().map(word).collect();
        if !unfit.is_empty() {
            let message = format!(
                "{} {} right for the reviewed tools and wrong for those of now",
                crate::text::list(&unfit, "and"),
                if unfit.len() == 1 { "is" } else { "are" }
            );
            self.changes.push(Change::of_server(&k::POLICY_UNFIT, message));
        }
    }

    fn server_change(&mut self, kind: &'static Kind, what: &str, was: &str, is: &str) {
        let (was, is) = (word(was), word(is));
        let message = format!("{what} {} went from {was} to {is}", word(&self.old.id));
        self.changes.push(Change::of_server(kind, message).between(was, is));
    }

    fn tools(&mut self) {
        let (old, new) = (self.old, self.new);
        let gone: Vec<&Tool> = old.tools.iter().filter(|it| new.tool(&it.name).is_none()).collect();
        let added: Vec<&Tool> = new.tools.iter().filter(|it| old.tool(&it.name).is_none()).collect();
        let pairs = alike::tools(&candidates(&gone), &candidates(&added));
        let pairs: BTreeMap<usize, usize> = pairs.into_iter().collect();
        let taken: BTreeSet<usize> = pairs.values().copied().collect();
        for (at, tool) in gone.iter().enumerate() {
            match pairs.get(&at).and_then(|twin| added.get(*twin)) {
                Some(twin) => self.renamed(tool, twin),
                None => self.gone(tool),
            }
        }
        for (_, tool) in added.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
            self.added(tool);
        }
        for tool in &old.tools {
            if let Some(now) = new.tool(&tool.name) {
                self.opened(tool, now);
                self.same(tool, now);
            }
        }
        if self.by_arguments > 0 {
            let message = format!(
                "{} compared by names, types and enums of arguments: only one side has the whole schema",
                count(self.by_arguments, "tool")
            );
            self.changes.push(Change::of_server(&k::COMPARED_BY_ARGUMENTS, message));
        }
    }

    fn added(&mut self, tool: &Tool) {
        let callable = self.guards.is_callable(&tool.name);
        let level = match (callable, tool.category) {
            (false, _) => Level::Info,
            (true, Category::Read) => Level::Warning,
            (true, _) => Level::Error,
        };
        let reach = match (self.guards.is_judged(), callable) {
            (false, _) => "",
            (true, true) if self.guards.unfit().next().is_some() => ", and the policies may let it through",
            (true, true) => ", and the policies let it through",
            (true, false) => ", and the policies refuse it",
        };
        let message = format!("{} is new: {}{reach}", word(&tool.name), class(tool));
        let change = Change::of_tool(&k::NEW_TOOL, level, &tool.name, message);
        self.changes.push(Change { after: Some(class(tool)), ..change });
    }

    fn gone(&mut self, tool: &Tool) {
        let name = word(&tool.name);
        let passes = self.guards.is_judged() && self.guards.is_callable(&tool.name);
        let (level, message) = if self.guards.names(&tool.name) {
            (Level::Error, format!("{name} is gone, and a restrictive statement names it"))
        } else if passes && !self.guards.was_callable(&tool.name) {
            // no set or pattern covers it any more
            (Level::Warning, format!("{name} is gone, and the policies would let it through where they refused it"))
        } else if self.guards.was_callable(&tool.name) {
            (Level::Warning, format!("{name} is gone"))
        } else {
            (Level::Info, format!("{name} is gone, and the policies refused it"))
        };
        let change = Change::of_tool(&k::TOOL_GONE, level, &tool.name, message);
        self.changes.push(Change { before: Some(class(tool)), ..change });
    }

    fn renamed(&mut self, old: &'a Tool, new: &'a Tool) {
        let opened = self.guards.opened(&old.name, &new.name);
        let lost = !opened.is_empty() || self.guards.names(&old.name);
        let level = if lost { Level::Error } else { Level::Warning };
        let (from, to) = (word(&old.name), word(&new.name));
        let rest = if lost { ", which keeps none of the restrictions that name the old one" } else { "" };
        let rest = if !opened.is_empty() { ", which the policies let through further" } else { rest };
        let message = format!("{from} is probably {to} now{rest}");
        self.changes.push(Change::of_tool(&k::TOOL_RENAMED, level, &old.name, message).between(from, to));
        self.same(old, new);
    }

    fn opened(&mut self, old: &Tool, new: &Tool) {
        let opened = self.guards.opened(&old.name, &new.name);
        if opened.is_empty() {
            return;
        }
        let names: Vec<String> = opened.iter().map(|it| word(it).trim_matches('`').to_owned()).collect();
        let message =
            format!("{} gets further than when it was reviewed, by {}", word(&new.name), quoted_list(&names, 3));
        self.changes.push(Change::of_tool(&k::LET_THROUGH, Level::Error, &old.name, message));
    }

    /// Everything about a tool but its name.
    fn same(&mut self, old: &'a Tool, new: &'a Tool) {
        self.class(old, new);
        self.hints(old, new);
        // a side that has whole schemas has the server's text too, and one without is one that the server gave none
        let kept = |tool: &Tool| tool.schema.is_some() || tool.description.is_some();
        if kept(old) && kept(new) && old.description != new.description {
            let text = |tool: &'a Tool| tool.description.as_deref().unwrap_or_default();
            let (was, is) = excerpts(text(old), text(new));
            let message = format!("{} is described differently: from {was} to {is}", word(&old.name));
            let level = self.level(old, new, Level::Warning);
            self.changes.push(Change::of_tool(&k::DESCRIPTION_CHANGED, level, &old.name, message).between(was, is));
        }
        if old.conditional != new.conditional {
            let say = |it: &Option<String>| {
                it.as_deref().map_or_else(|| "always".to_owned(), |it| format!("with {}", word(it)))
            };
            let (was, is) = (say(&old.conditional), say(&new.conditional));
            let (kind, level) = match &old.conditional {
                None => (&k::BECAME_CONDITIONAL, Level::Info),
                Some(_) => (&k::BECAME_UNCONDITIONAL, self.level(old, new, Level::Warning)),
            };
            let message = format!("{} was offered {was}, and is offered {is}", word(&old.name));
            self.changes.push(Change::of_tool(kind, level, &old.name, message).between(was, is));
        }
        let differences = match (&old.schema, &new.schema) {
            (Some(old), Some(new)) => schema::compare(old, new),
            (was, is) => {
                self.by_arguments += usize::from(was.is_some() != is.is_some());
                if old.params == new.params { Vec::new() } else { schema::compare(&of_params(old), &of_params(new)) }
            }
        };
        for difference in &differences {
            self.argument(old, new, difference);
        }
    }

    fn class(&mut self, old: &Tool, new: &Tool) {
        let rank = |tool: &Tool| (tool.risk, tool.category != Category::Read, tool.category);
        if (old.category, old.risk) != (new.category, new.risk) {
            let raised = rank(new) > rank(old);
            let (kind, level) = if raised {
                (&k::CLASS_RAISED, self.level(old, new, Level::Error))
            } else {
                (&k::CLASS_LOWERED, Level::Info)
            };
            let (was, is) = (class(old), class(new));
            let message = format!("{} went from {was} to {is}", word(&old.name));
            self.changes.push(Change::of_tool(kind, level, &old.name, message).between(was, is));
        }
        if old.signals != new.signals {
            let more = new.signals.iter().any(|it| !old.signals.contains(it));
            let level = if more { self.level(old, new, Level::Warning) } else { Level::Info };
            let say = |tool: &Tool| {
                let names: Vec<&str> = tool.signals.iter().map(|it| it.name()).collect();
                optional((!names.is_empty()).then(|| quoted_list(&names, names.len())))
            };
            let (was, is) = (say(old), say(new));
            let message = format!("the signals of {} went from {was} to {is}", word(&old.name));
            self.changes.push(Change::of_tool(&k::SIGNALS_CHANGED, level, &old.name, message).between(was, is));
        }
    }

    fn hints(&mut self, old: &Tool, new: &Tool) {
        // what a server does not say is taken to be the worse, as in the protocol
        let hints = [
            ("readOnlyHint", old.hints.read_only, new.hints.read_only, true),
            ("destructiveHint", old.hints.destructive, new.hints.destructive, false),
            ("idempotentHint", old.hints.idempotent, new.hints.idempotent, true),
            ("openWorldHint", old.hints.open_world, new.hints.open_world, false),
        ];
        for (name, was, is, harmless) in hints {
            let (kind, level) = match (was == Some(harmless), is == Some(harmless)) {
                (false, true) => (&k::HINT_RELAXED, Level::Warning),
                (true, false) => (&k::HINT_TIGHTENED, Level::Warning),
                _ => continue,
            };
            let say = |hint: Option<bool>| hint.map_or_else(|| "silent".to_owned(), |it| format!("`{it}`"));
            let (was, is) = (say(was), say(is));
            let message = format!("`{name}` of {} went from {was} to {is}", word(&old.name));
            let level = self.level(old, new, level);
            self.changes.push(Change::of_tool(kind, level, &old.name, message).between(was, is));
        }
    }

    fn argument(&mut self, old: &Tool, new: &Tool, difference: &Difference) {
        let names = || {
            difference.path.iter().map_while(|step| match step {
                Step::Member(name) => Some(name.as_str()),
                Step::OtherMembers | Step::Element => None,
            })
        };
        let names: Vec<&str> = names().collect();
        let reads = !names.is_empty() && (self.guards.reads(&old.name, &names) || self.guards.reads(&new.name, &names));
        let mut shown = path(&difference.path);
        let Difference { what, turn, before, after, .. } = difference;
        let whole = difference.path.last() == Some(&Step::OtherMembers);
        if whole && shown == "args.*" {
            shown = "arguments that the schema does not name".to_owned();
        }
        let place = if whole && difference.path.len() == 1 { shown.clone() } else { word(&shown) };
        let place = format!("{place} of {}", word(&old.name));
        let guarded = if reads { ", and a condition reads it" } else { "" };
        let error_if = |reads: bool| if reads { Level::Error } else { Level::Warning };
        let (kind, level, message) = match (what, turn) {
            (What::Added, _) => (&k::ARGUMENT_ADDED, Level::Warning, format!("{place} is new, and {after}")),
            (What::Removed, _) if reads => {
                (&k::GUARDED_ARGUMENT_REMOVED, Level::Error, format!("{place} is gone{guarded}"))
            }
            (What::Removed, _) => (&k::ARGUMENT_REMOVED, Level::Warning, format!("{place} is gone")),
            (What::Renamed(to), _) => {
                let kind = if reads { &k::GUARDED_ARGUMENT_REMOVED } else { &k::ARGUMENT_RENAMED };
                (kind, error_if(reads), format!("{place} is probably {} now{guarded}", word(to)))
            }
            (What::Value(what), _) if what.is_empty() => {
                let kind = if *turn == Turn::Wider { &k::SCHEMA_WIDENED } else { &k::SCHEMA_NARROWED };
                let level = if *turn == Turn::Wider { error_if(reads) } else { Level::Info };
                (kind, level, format!("{place} went from {before} to {after}{guarded}"))
            }
            (What::Value(what), Turn::Wider) => (
                &k::SCHEMA_WIDENED,
                error_if(reads),
                format!("{what} of {place} went from {before} to {after}{guarded}"),
            ),
            (What::Value(what), Turn::Unclear) => (
                &k::SCHEMA_CHANGED,
                Level::Warning,
                format!("{what} of {place} went from {before} to {after}{guarded}"),
            ),
            (What::Value(what), Turn::Narrower) => {
                (&k::SCHEMA_NARROWED, Level::Info, format!("{what} of {place} went from {before} to {after}"))
            }
        };
        let level = self.level(old, new, level);
        let after = if let What::Renamed(to) = what { word(to) } else { after.clone() };
        let change = Change::of_tool(kind, level, &old.name, message).between(before.clone(), after);
        self.changes.push(Change { argument: Some(path(&difference.path)), ..change });
    }

    /// The weight of a change of a tool: what no policy lets through can do no more than before.
    fn level(&self, old: &Tool, new: &Tool, level: Level) -> Level {
        let callable = self.guards.was_callable(&old.name) || self.guards.is_callable(&new.name);
        if callable { level } else { Level::Info }
    }
}

fn candidates<'a>(tools: &[&'a Tool]) -> Vec<alike::Candidate<'a>> {
    let candidate = |tool: &&'a Tool| alike::Candidate {
        name: &tool.name,
        arguments: tool.params.iter().map(|it| it.name.as_str()).collect(),
    };
    tools.iter().map(candidate).collect()
}

/// `write, medium risk`
fn class(tool: &Tool) -> String {
    format!("{}, {} risk", tool.category, tool.risk)
}

/// The parts of two texts around the first difference, so that it is seen however long they are.
fn excerpts(was: &str, is: &str) -> (String, String) {
    const BEFORE: usize = 24;
    let common = was.chars().zip(is.chars()).take_while(|(a, b)| a == b).count();
    let skip = common.saturating_sub(BEFORE);
    let part = |text: &str| {
        let start = if skip > 0 { "…" } else { "" };
        word(&format!("{start}{}", text.chars().skip(skip).collect::<String>()))
    };
    (part(was), part(is))
}
