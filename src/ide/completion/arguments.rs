//! Arguments of tools, the tests that fit them, and the values that they may have.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use super::{Asked, Completions, Item, ItemKind, names, words};
use crate::{
    catalog::{JsonType, Param, Server, Tool},
    hir::{model::Literal, test_fits},
    ide::meaning,
    syntax::{
        Node, SyntaxKind as K,
        literal::{self, write_key, write_path, write_value},
        path_for,
    },
    text::count,
};

/// An argument, by what the tools in question say of it.
struct Argument<'t> {
    name: &'t str,
    of: Vec<&'t Param>,
}

impl Argument<'_> {
    fn first(&self) -> Option<&Param> {
        self.of.first().copied()
    }

    /// Its types, and whether each call has it.
    fn detail(&self) -> String {
        let Some(param) = self.first() else { return String::new() };
        let needed = if self.of.iter().all(|param| param.required) { ", required" } else { "" };
        match &param.values {
            Some(values) => format!("{}{needed}", some(values)),
            None => format!("{}{needed}", param.types),
        }
    }

    /// The values that it may have, where these are known.
    fn values(&self) -> Vec<Value> {
        let mut out: Vec<Value> = Vec::new();
        for param in &self.of {
            let bools = || vec![Value::from(true), Value::from(false)];
            let is_bool = !param.types.is_any() && param.types.contains(JsonType::Boolean);
            let values = param.values.clone().or_else(|| is_bool.then(bools)).unwrap_or_default();
            out.extend(values.into_iter().filter(|value| !value.is_null() && !value.is_object() && !value.is_array()));
        }
        let mut seen: Vec<String> = Vec::new();
        out.retain(|value| {
            let text = value.to_string();
            !seen.contains(&text) && {
                seen.push(text);
                true
            }
        });
        out
    }
}

/// The first of some values.
fn some(values: &[Value]) -> String {
    const MOST: usize = 4;
    let mut words: Vec<String> = values.iter().take(MOST).map(Value::to_string).collect();
    if values.len() > MOST {
        words.push("…".to_owned());
    }
    words.join(", ")
}

/// The arguments of tools, those first that all of them have.
fn of_tools<'t>(tools: &[&'t Tool]) -> Vec<Argument<'t>> {
    let mut out: Vec<Argument<'t>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for param in tools.iter().flat_map(|tool| &tool.params) {
        let place = *places.entry(&param.name).or_insert(out.len());
        match out.get_mut(place) {
            Some(known) => known.of.push(param),
            None => out.push(Argument { name: &param.name, of: vec![param] }),
        }
    }
    out.sort_by_key(|argument| std::cmp::Reverse(argument.of.len()));
    out
}

/// The members of an argument, as far as schemas show them.
fn inner<'t>(tools: &[&'t Tool], segments: &[String]) -> Vec<(&'t str, &'t Value)> {
    let mut out: Vec<(&str, &Value)> = Vec::new();
    for tool in tools {
        let mut at = tool.schema.as_ref();
        for segment in segments {
            at = at.and_then(|at| at.get("properties")?.get(segment.as_str()));
            at = at.map(|at| at.get("items").unwrap_or(at));
        }
        let members = at.and_then(|at| at.get("properties")?.as_object()).into_iter().flatten();
        for (name, schema) in members {
            if !out.iter().any(|(known, _)| *known == name) {
                out.push((name.as_str(), schema));
            }
        }
    }
    out
}

fn type_of(schema: &Value) -> String {
    schema.get("type").and_then(Value::as_str).unwrap_or("any value").to_owned()
}

/// The arguments that a condition may read.
pub(super) fn arguments(asked: &Asked<'_, '_>, out: &mut Completions) {
    let place = asked.place;
    let servers = names::servers_of(asked.view, place);
    let tools = names::covered(asked.view, place, &servers);
    let typed = place.typed();
    let found = |path: String, name: &str| {
        let mut item = Item::new(ItemKind::Argument, path);
        if !typed.is_empty() && !"args".starts_with(typed) && !typed.starts_with("args") {
            item.filter = name.to_owned();
        } else if typed.contains('[') {
            item.filter = format!("args[{}]", literal::quote(name));
        }
        item
    };
    if let Some((outer, _)) = typed.rsplit_once('.').filter(|(outer, _)| outer.contains('.')) {
        let Ok(segments) = literal::path(outer) else { return };
        for (name, schema) in inner(&tools, &segments) {
            let path: Vec<String> = segments.iter().cloned().chain([name.to_owned()]).collect();
            out.items.push(found(write_path(&path), name).detail(type_of(schema)));
        }
        return;
    }
    let counted = place.last().is_some_and(|last| last.text() == "total");
    let whole = |argument: &Argument<'_>| argument.of.iter().all(|param| param.types.contains(JsonType::Integer));
    for argument in of_tools(&tools).iter().filter(|argument| !counted || whole(argument)) {
        let mut item = found(write_path(&[argument.name.to_owned()]), argument.name).detail(argument.detail());
        if argument.of.len() < tools.len() {
            item.origin = Some(format!("{} of {}", argument.of.len(), count(tools.len(), "tool")));
        }
        out.items.push(item);
    }
    if tools.is_empty() {
        out.items.push(Item::new(ItemKind::Argument, "args.").detail("an argument of the call"));
    }
}

/// The path that is tested last before the cursor.
fn tested(words: &[Node<'_>]) -> Option<Vec<String>> {
    let path = |node: &&Node<'_>| matches!(node.kind(), K::Path | K::WrongPath);
    let token = words.iter().rev().find(path)?;
    let written = if token.kind() == K::Path { token.text().to_owned() } else { path_for(token.text()) };
    literal::path(&written).ok()
}

/// What is known of an argument at the top, by the tools that have it.
fn known<'t>(tools: &[&'t Tool], path: Option<&[String]>) -> Vec<&'t Param> {
    let [name] = path.unwrap_or_default() else { return Vec::new() };
    tools.iter().filter_map(|tool| tool.param(name)).collect()
}

/// The operators that fit the argument before the cursor.
pub(super) fn operators(asked: &Asked<'_, '_>, out: &mut Completions) {
    let place = asked.place;
    let servers: Vec<Arc<Server>> = names::servers_of(asked.view, place);
    let tools = names::covered(asked.view, place, &servers);
    let path = tested(place.part());
    let params = known(&tools, path.as_deref());
    let sure = !params.is_empty() && params.iter().all(|param| param.required);
    for operator in words::OPERATORS {
        let alone = matches!(operator.word, "exists" | "missing");
        let fits =
            |param: &&Param| samples(param).into_iter().any(|it| test_fits(&words::op(operator.word, it), param));
        if operator.guards && place.verb() != "require" || alone && sure || !params.iter().all(fits) {
            continue;
        }
        let item = Item::new(ItemKind::Operator, operator.word).detail(operator.says);
        out.items.push(if operator.operand.is_empty() || !asked.options.snippets {
            item
        } else {
            item.filling(&format!("{} {}", operator.word, operator.operand), asked.options)
        });
    }
}

/// Values to try a test with.
fn samples(param: &Param) -> Vec<Literal> {
    let literal = |value: &Value| match value {
        Value::String(text) => Some(Literal::Text(text.as_str().into())),
        Value::Bool(b) => Some(Literal::Bool(*b)),
        other => other.as_f64().map(Literal::Number),
    };
    match &param.values {
        Some(values) => values.iter().filter_map(literal).collect(),
        None => vec![Literal::Text("".into()), Literal::Number(0.0), Literal::Bool(true)],
    }
}

/// The values that the argument before the cursor may have.
pub(super) fn values(asked: &Asked<'_, '_>, out: &mut Completions) {
    let place = asked.place;
    let servers = names::servers_of(asked.view, place);
    let tools = names::covered(asked.view, place, &servers);
    let words = place.part();
    let is_call = place.verb() == "call";
    let path = if is_call { Members::read(words).key.map(|key| vec![key]) } else { tested(words) };
    let of = known(&tools, path.as_deref());
    let values = Argument { name: "", of }.values();
    let last = words.last().map_or("", |last| last.text());
    let given: Vec<&str> =
        words.iter().rev().take_while(|word| word.kind() != K::LBracket).map(|word| word.text()).collect();
    let texts = || values.iter().map(write_value);
    if !is_call && last.ends_with("in") {
        // a list that is longer is of no help as a whole
        const MOST: usize = 8;
        if last != "host in" && last != "host not in" && (1..=MOST).contains(&values.len()) {
            let all = format!("[{}]", texts().collect::<Vec<_>>().join(", "));
            out.items.push(Item::new(ItemKind::Value, all).detail("all that it may be"));
        }
        return;
    }
    let in_list = given.len() < words.len();
    for text in texts().filter(|text| !in_list || !given.contains(&text.as_str())) {
        out.items.push(Item::new(ItemKind::Value, text));
    }
}

/// Where in the arguments of a call the cursor is.
#[derive(Default)]
struct Members {
    /// The keys around, from the outermost object inward.
    path: Vec<String>,
    /// The key whose value is being written.
    key: Option<String>,
    /// The names that the object has already.
    given: Vec<String>,
}

impl Members {
    fn read(words: &[Node<'_>]) -> Self {
        let mut now = Self::default();
        let mut open: Vec<Self> = Vec::new();
        for (index, word) in words.iter().enumerate() {
            match word.kind() {
                K::LBrace => {
                    let path = now.path.iter().cloned().chain(now.key.clone()).collect();
                    open.push(std::mem::replace(&mut now, Self { path, ..Self::default() }));
                }
                K::RBrace => now = open.pop().unwrap_or_default(),
                K::Colon => {
                    let key = index.checked_sub(1).and_then(|before| words.get(before));
                    now.key = key.and_then(|key| meaning::text(*key));
                    now.given.extend(now.key.clone());
                }
                K::Comma => now.key = now.key.take().filter(|_| in_array(words, index)),
                _ => {}
            }
        }
        now
    }
}

/// Whether the innermost bracket that is open before a word is that of a list.
fn in_array(words: &[Node<'_>], index: usize) -> bool {
    let mut closed = 0u32;
    for word in words.iter().take(index).rev() {
        match word.kind() {
            K::RBracket | K::RBrace => closed += 1,
            K::LBracket | K::LBrace if closed > 0 => closed -= 1,
            K::LBracket => return true,
            K::LBrace => return false,
            _ => {}
        }
    }
    false
}

/// The arguments that a call does not give yet.
pub(super) fn members(asked: &Asked<'_, '_>, out: &mut Completions) {
    let place = asked.place;
    let servers = names::servers_of(asked.view, place);
    let tools = names::covered(asked.view, place, &servers);
    let at = Members::read(place.part());
    let mut add = |name: &str, detail: String, value: &str| {
        if !at.given.iter().any(|given| given == name) {
            let key = if place.quoted { literal::quote(name) } else { write_key(name) };
            let item = Item::new(ItemKind::Argument, name).writing(key.clone()).detail(detail);
            let filter = item.filter.clone();
            let mut item = item.filling(&format!("{}: {value}", words::escaped(&key)), asked.options);
            item.filter = if place.quoted { filter } else { name.to_owned() };
            out.items.push(item);
        }
    };
    if !at.path.is_empty() {
        inner(&tools, &at.path).into_iter().for_each(|(name, schema)| add(name, type_of(schema), "$0"));
        return;
    }
    let mut arguments = of_tools(&tools);
    arguments.sort_by_key(|argument| !argument.of.iter().all(|param| param.required));
    for argument in &arguments {
        let only = |kind: JsonType| {
            argument.of.iter().all(|param| param.types.iter().next() == Some(kind) && param.types.iter().count() == 1)
        };
        let value = match argument.first() {
            Some(param) if param.values.is_some() => "$0",
            Some(_) if only(JsonType::String) => "\"$0\"",
            Some(_) if only(JsonType::Array) => "[$0]",
            _ => "$0",
        };
        add(argument.name, argument.detail(), value);
    }
}
