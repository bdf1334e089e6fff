//! Two schemas compared: which values the new one admits and the old one refused, and the other way round.
//!
//! "Wider" is said where there is such a value as far as it can be told. The other direction is kept strictly: where
//! nothing is wider and nothing is unclear, no value is admitted that was refused before (`tests/drift/laws.rs`). What
//! this cannot compare and differs is unclear, never silently equal. Words for people are elsewhere.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    alike,
    shape::{KINDS, Shape, alternatives, divides, resolved, same_value},
    words::{ValueList, json_word, optional},
};
use crate::catalog::{JsonType, Param, Tool, Types};

/// How many schemas are looked at for one tool.
const WORK: usize = 50_000;
/// How deep one schema stands in another.
const DEPTH: usize = 48;

/// One step from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The member of a name.
    Member(String),
    /// The members that have no schema of their own.
    OtherMembers,
    /// The elements of a list.
    Element,
}

/// What a difference does to the values that are admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// A value that was refused is admitted.
    Wider,
    /// It cannot be told.
    Unclear,
    /// A value that was admitted is refused, and none the other way round.
    Narrower,
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The member at the path is new.
    Added,
    /// The member at the path is gone.
    Removed,
    /// The member at the path is gone, and this one is probably the same.
    Renamed(String),
    /// What the value at the path has to be, by the name of a keyword or in words; empty where it is whether it has to
    /// be there.
    Value(String),
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// From the arguments to the value.
    pub path: Vec<Step>,
    /// What differs.
    pub what: What,
    /// What that does.
    pub turn: Turn,
    /// How it was, in words.
    pub before: String,
    /// How it is, in words.
    pub after: String,
}

/// The differences between two input schemas, without repeats, in the order of the old one.
#[must_use]
pub fn compare(old: &Value, new: &Value) -> Vec<Difference> {
    // arguments are an object whether or not the schema says so
    let object = json!({"type": "object"});
    let mut comparer = Comparer { old, new, one: old == new, work: WORK, open: Vec::new() };
    let mut out = comparer.all(&[old, &object], &[new, &object], &[]);
    // alternatives of one type often differ in the same way
    let mut seen = BTreeSet::new();
    out.retain(|difference| seen.insert(difference.clone()));
    out
}

/// A schema that says what is known of a tool's arguments, for tools whose whole schema is not.
#[must_use]
pub fn of_params(tool: &Tool) -> Value {
    let required: Vec<&str> = tool.params.iter().filter(|it| it.required).map(|it| it.name.as_str()).collect();
    let properties: Map<String, Value> = tool.params.iter().map(|it| (it.name.clone(), of_param(it))).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

fn of_param(param: &Param) -> Value {
    let names = |types: Types| -> Vec<&str> { types.iter().map(JsonType::name).collect() };
    let mut out = json!({"type": names(param.types)});
    let Value::Object(members) = &mut out else { return out };
    if let Some(values) = &param.values {
        // a null is judged by the types alone
        let mut values: Vec<Value> = values.iter().filter(|it| !it.is_null()).cloned().collect();
        values.extend(param.types.contains(JsonType::Null).then_some(Value::Null));
        members.insert("enum".to_owned(), Value::Array(values));
    }
    if !param.items.is_any() {
        members.insert("items".to_owned(), json!({"type": names(param.items)}));
    }
    out
}

struct Comparer<'a> {
    old: &'a Value,
    new: &'a Value,
    /// Whether the two documents are one, so that references in them mean the same.
    one: bool,
    work: usize,
    /// The pairs that are being compared, for schemas that hold themselves.
    open: Vec<(Vec<usize>, Vec<usize>)>,
}

type Out = Vec<Difference>;

impl<'a> Comparer<'a> {
    /// Compares what two lists of schemas demand of one value.
    fn all(&mut self, old: &[&'a Value], new: &[&'a Value], path: &[Step]) -> Out {
        if self.is_same(old, new) {
            return Vec::new();
        }
        let follow = |root: &'a Value, list: &[&'a Value]| -> Vec<&'a Value> {
            list.iter().map(|schema| resolved(root, schema)).collect()
        };
        let (old, new) = (&follow(self.old, old)[..], &follow(self.new, new)[..]);
        let addresses =
            |list: &[&Value]| -> Vec<usize> { list.iter().map(|it| std::ptr::from_ref(*it).addr()).collect() };
        let pair = (addresses(old), addresses(new));
        if self.open.contains(&pair) {
            // what differs is said where the pair was met first
            return Vec::new();
        }
        self.work = self.work.saturating_sub(1);
        if self.work == 0 || self.open.len() >= DEPTH {
            return vec![unclear(path, "the schema, too large to compare")];
        }
        let (Some(olds), Some(news)) =
            (alternatives(self.old, old, &mut self.work), alternatives(self.new, new, &mut self.work))
        else {
            return vec![unclear(path, "the alternatives, too many to compare")];
        };
        self.open.push(pair);
        let out = self.alternatives(&olds, &news, path);
        self.open.pop();
        out
    }

    /// Whether two lists are the same word for word, and mean the same.
    fn is_same(&self, old: &[&Value], new: &[&Value]) -> bool {
        old == new && (self.one || !old.iter().any(|it| refers(it)))
    }

    fn alternatives(&mut self, olds: &[Shape<'a>], news: &[Shape<'a>], path: &[Step]) -> Out {
        let mut out = Vec::new();
        let (before, after) = (union(olds), union(news));
        let of = |types: Types| types.to_string();
        if !before.covers(after) {
            out.push(difference(path, "the type", Turn::Wider, of(before), of(after)));
        } else if !after.covers(before) {
            out.push(difference(path, "the type", Turn::Narrower, of(before), of(after)));
        }
        for kind in KINDS {
            let of_kind = |shapes: &[Shape<'a>]| -> Vec<Shape<'a>> {
                shapes.iter().filter(|it| it.types.iter().any(|ty| is_of(ty, kind))).cloned().collect()
            };
            let (olds, news) = (of_kind(olds), of_kind(news));
            if !olds.is_empty() && !news.is_empty() {
                self.one_kind(&olds, &news, path, &mut out);
            }
        }
        // what all alternatives say together, one of them need not say again
        let mut seen = Vec::new();
        let is_type = |it: &Difference| it.path == path && it.what == What::Value("the type".to_owned());
        out.retain(|it| {
            !is_type(it)
                || (!seen.contains(&it.turn) && {
                    seen.push(it.turn);
                    true
                })
        });
        out
    }

    /// Each new alternative has to be within an old one; the nearest says what it admits beyond that.
    fn one_kind(&mut self, olds: &[Shape<'a>], news: &[Shape<'a>], path: &[Step], out: &mut Out) {
        let mut met = vec![false; olds.len()];
        let mut wider = false;
        for new in news {
            let mut best: Option<(usize, usize, Out)> = None;
            for (at, old) in olds.iter().enumerate() {
                let found = self.shape(old, new, path);
                let beyond = found.iter().filter(|it| it.turn != Turn::Narrower).count();
                // of two that are as near, the one without any difference
                let weight = beyond * 1_000 + found.len().min(999);
                if best.as_ref().is_none_or(|(least, ..)| weight < *least) {
                    best = Some((weight, at, found));
                }
                if weight == 0 {
                    break;
                }
            }
            let Some((weight, at, found)) = best else { continue };
            if let Some(met) = met.get_mut(at) {
                *met = true;
            }
            wider |= weight >= 1_000;
            out.extend(found);
        }
        let gone = met.iter().filter(|met| !**met).count();
        if gone > 0 && !wider {
            let (before, after) = (olds.len().to_string(), news.len().to_string());
            out.push(difference(path, "the number of alternatives", Turn::Narrower, before, after));
        }
    }

    /// Compares two alternatives of one type.
    fn shape(&mut self, old: &Shape<'a>, new: &Shape<'a>, path: &[Step]) -> Out {
        self.work = self.work.saturating_sub(1);
        let mut out = Vec::new();
        if new.is_whole() != old.is_whole() && old.types.iter().all(|ty| is_of(ty, JsonType::Number)) {
            let turn = if old.is_whole() { Turn::Wider } else { Turn::Narrower };
            out.push(difference(path, "the type", turn, old.types.to_string(), new.types.to_string()));
        }
        values(old, new, path, &mut out);
        match new.types.iter().next() {
            Some(JsonType::Number | JsonType::Integer) => numbers(old, new, path, &mut out),
            Some(JsonType::String) => texts(old, new, path, &mut out),
            Some(JsonType::Array) => self.arrays(old, new, path, &mut out),
            Some(JsonType::Object) => self.objects(old, new, path, &mut out),
            Some(JsonType::Null | JsonType::Boolean) | None => {}
        }
        self.rest(old, new, path, &mut out);
        out
    }

    fn arrays(&mut self, old: &Shape<'a>, new: &Shape<'a>, path: &[Step], out: &mut Out) {
        counts(old, new, path, ["minItems", "maxItems"], out);
        if old.is_unique() != new.is_unique() {
            let turn = if old.is_unique() { Turn::Wider } else { Turn::Narrower };
            let word = |unique: bool| if unique { "no two alike" } else { "repeats" }.to_owned();
            out.push(difference(path, "`uniqueItems`", turn, word(old.is_unique()), word(new.is_unique())));
        }
        let path = &[path, &[Step::Element]].concat();
        // one more than have a schema of their own stands for all others
        for place in 0..=old.places().max(new.places()) {
            let found = self.all(&old.element(place), &new.element(place), path);
            out.extend(found);
        }
    }

    fn objects(&mut self, old: &Shape<'a>, new: &Shape<'a>, path: &[Step], out: &mut Out) {
        counts(old, new, path, ["minProperties", "maxProperties"], out);
        let (before, after) = (old.names(), new.names());
        let to = |name: &str| [path, &[Step::Member(name.to_owned())]].concat();
        let (was_required, is_required) = (old.required(), new.required());
        let (known, kept): (BTreeSet<&str>, BTreeSet<&str>) =
            (before.iter().copied().collect(), after.iter().copied().collect());
        let gone: Vec<&str> = before.iter().copied().filter(|name| !kept.contains(name)).collect();
        let added: Vec<&str> = after.iter().copied().filter(|name| !known.contains(name)).collect();
        let renamed = alike::arguments(&gone, &added);
        let dropped = |name: &str| was_required.contains(name) && !is_required.contains(name);
        let required = |yes: bool| if yes { "required" } else { "optional" }.to_owned();
        for name in &before {
            if kept.contains(name) {
                out.extend(self.all(&old.member(name, false), &new.member(name, true), &to(name)));
                continue;
            }
            let found = self.all(&old.member(name, false), &new.member(name, true), &to(name));
            let turn = if dropped(name) { Turn::Wider } else { worst(&found) };
            let (word, twin) = (required(was_required.contains(name)), renamed.iter().find(|(from, _)| from == name));
            let Some((_, twin)) = twin else {
                out.push(Difference {
                    path: to(name),
                    what: What::Removed,
                    turn,
                    before: word,
                    after: "gone".to_owned(),
                });
                continue;
            };
            let formal = self.all(&old.member(twin, false), &new.member(twin, true), &to(twin));
            let what = What::Renamed((*twin).to_owned());
            let after = required(is_required.contains(twin));
            let formal = if dropped(twin) { Turn::Wider } else { worst(&formal) };
            out.push(Difference { path: to(name), what, turn: turn.min(formal), before: word, after });
            out.extend(self.all(&old.member(name, false), &new.member(twin, true), &to(twin)));
        }
        for name in added.iter().filter(|name| !renamed.iter().any(|(_, twin)| twin == *name)) {
            let found = self.all(&old.member(name, false), &new.member(name, true), &to(name));
            let turn = if dropped(name) { Turn::Wider } else { worst(&found) };
            let after = required(is_required.contains(name));
            out.push(Difference { path: to(name), what: What::Added, turn, before: "none".to_owned(), after });
        }
        let stays = |name: &&&str| known.contains(**name) == kept.contains(**name);
        for name in was_required.symmetric_difference(&is_required).filter(stays) {
            let was = was_required.contains(name);
            let turn = if was { Turn::Wider } else { Turn::Narrower };
            out.push(difference(&to(name), "", turn, required(was), required(!was)));
        }
        let others = self.all(&old.other_members(), &new.other_members(), &[path, &[Step::OtherMembers]].concat());
        out.extend(others);
    }

    /// What is not understood has to be the same.
    fn rest(&self, old: &Shape<'a>, new: &Shape<'a>, path: &[Step], out: &mut Out) {
        let (mut before, mut after) = (old.rest(), new.rest());
        for (rest, lost) in [(&mut before, old.unresolved(self.old)), (&mut after, new.unresolved(self.new))] {
            if !lost.is_empty() {
                rest.insert("$ref", lost);
            }
        }
        let mut keywords: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
        keywords.sort_unstable();
        keywords.dedup();
        for keyword in keywords {
            let word = format!("`{keyword}`");
            match (before.get(keyword), after.get(keyword)) {
                // these speak of what their neighbours leave over
                (Some(a), Some(b)) if self.is_same(a, b) && (self.one || !keyword.starts_with("unevaluated")) => {}
                (Some(_), None) if LOOSER_WITHOUT.contains(&keyword) => {
                    out.push(difference(path, &word, Turn::Wider, "there".to_owned(), "none".to_owned()));
                }
                (None, Some(_)) if LOOSER_WITHOUT.contains(&keyword) => {
                    out.push(difference(path, &word, Turn::Narrower, "none".to_owned(), "there".to_owned()));
                }
                (a, b) => {
                    let say = |it: Option<&Vec<&Value>>| optional(it.and_then(|it| it.first()).map(|it| json_word(it)));
                    out.push(difference(path, &word, Turn::Unclear, say(a), say(b)));
                }
            }
        }
    }
}

/// Keywords without which a schema admits at least as much.
const LOOSER_WITHOUT: [&str; 7] =
    ["contains", "dependencies", "dependentRequired", "dependentSchemas", "not", "oneOf", "propertyNames"];

fn is_of(ty: JsonType, kind: JsonType) -> bool {
    ty == kind || ty == JsonType::Integer && kind == JsonType::Number
}

fn union(shapes: &[Shape<'_>]) -> Types {
    let types: Types = shapes.iter().flat_map(|it| it.types.iter()).collect();
    if KINDS.into_iter().all(|kind| types.contains(kind)) { Types::ANY } else { types }
}

fn worst(found: &[Difference]) -> Turn {
    found.iter().map(|it| it.turn).min().unwrap_or(Turn::Narrower)
}

/// Whether a reference stands somewhere in it.
fn refers(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            members.iter().any(|(name, value)| name == "$ref" || name == "$dynamicRef" || refers(value))
        }
        Value::Array(items) => items.iter().any(refers),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn difference(path: &[Step], what: &str, turn: Turn, before: String, after: String) -> Difference {
    Difference { path: path.to_vec(), what: What::Value(what.to_owned()), turn, before, after }
}

fn unclear(path: &[Step], what: &str) -> Difference {
    difference(path, what, Turn::Unclear, "one".to_owned(), "another".to_owned())
}

fn values(old: &Shape<'_>, new: &Shape<'_>, path: &[Step], out: &mut Out) {
    let lacks = |list: &[&Value], value: &Value| !list.iter().any(|it| same_value(it, value));
    let any = || "any".to_owned();
    let say = |list: &[&Value]| ValueList(list).to_string();
    match (&old.values, &new.values) {
        (None, None) => {}
        (None, Some(now)) => out.push(difference(path, "the values", Turn::Narrower, any(), say(now))),
        (Some(was), None) => {
            // `true` and `false` are all there are
            let all = [&Value::Bool(false), &Value::Bool(true)];
            let boolean = new.types == Types::of(&[JsonType::Boolean]);
            let null = new.types == Types::of(&[JsonType::Null]);
            let complete = null || boolean && all.iter().all(|it| was.contains(it));
            if !complete {
                out.push(difference(path, "the values", Turn::Wider, say(was), any()));
            }
        }
        (Some(was), Some(now)) => {
            let turn = if now.iter().any(|value| lacks(was, value)) {
                Turn::Wider
            } else if was.iter().any(|value| lacks(now, value)) {
                Turn::Narrower
            } else {
                return;
            };
            out.push(difference(path, "the values", turn, say(was), say(now)));
        }
    }
}

fn numbers(old: &Shape<'_>, new: &Shape<'_>, path: &[Step], out: &mut Out) {
    let listed = |admits: &dyn Fn(&serde_json::Number) -> bool| {
        new.values.as_ref().is_some_and(|values| values.iter().filter_map(|it| it.as_number()).all(admits))
    };
    for (upper, name) in [(false, "`minimum`"), (true, "`maximum`")] {
        let (was, now) = (old.bound(upper), new.bound(upper));
        let turn = match (&was, &now) {
            (None, None) => continue,
            (None, Some(_)) => Turn::Narrower,
            (Some(was), _) if listed(&|it| was.admits(it, upper)) => continue,
            (Some(_), None) => Turn::Wider,
            (Some(was), Some(now)) => match was.cmp(now, upper) {
                std::cmp::Ordering::Equal => continue,
                std::cmp::Ordering::Less => Turn::Wider,
                std::cmp::Ordering::Greater => Turn::Narrower,
            },
        };
        out.push(difference(path, name, turn, optional(was), optional(now)));
    }
    let (was, now) = (old.multiples(), new.multiples());
    let within = |inner: &[&serde_json::Number], outer: &serde_json::Number| inner.iter().any(|it| divides(outer, it));
    let wider = was.iter().any(|it| !within(&now, it));
    if wider || now.iter().any(|it| !within(&was, it)) {
        let turn = if wider { Turn::Wider } else { Turn::Narrower };
        let say = |list: &[&serde_json::Number]| optional(list.first().map(|it| format!("`{it}`")));
        out.push(difference(path, "`multipleOf`", turn, say(&was), say(&now)));
    }
}

fn texts(old: &Shape<'_>, new: &Shape<'_>, path: &[Step], out: &mut Out) {
    counts(old, new, path, ["minLength", "maxLength"], out);
    for keyword in ["pattern", "format"] {
        let (was, now) = (old.texts(keyword), new.texts(keyword));
        let turn = match (was.is_subset(&now), now.is_empty()) {
            (true, _) if was == now => continue,
            (true, _) => Turn::Narrower,
            // a list of values may be within the pattern
            (false, true) if new.values.is_none() => Turn::Wider,
            // one pattern in the place of another may admit more, less, or neither
            (false, _) => Turn::Unclear,
        };
        let say = |texts: &BTreeSet<&str>| {
            let texts: Vec<Value> = texts.iter().map(|it| Value::from(*it)).collect();
            let texts: Vec<&Value> = texts.iter().collect();
            optional((!texts.is_empty()).then_some(ValueList(&texts)))
        };
        out.push(difference(path, &format!("`{keyword}`"), turn, say(&was), say(&now)));
    }
}

/// `minLength` and `maxLength` and their like.
fn counts(old: &Shape<'_>, new: &Shape<'_>, path: &[Step], keywords: [&str; 2], out: &mut Out) {
    for (keyword, least) in keywords.into_iter().zip([true, false]) {
        let (was, now) = (old.count(keyword, least), new.count(keyword, least));
        let within = |length: u64| was.is_none_or(|was| if least { length >= was } else { length <= was });
        let listed = new.values.as_ref().is_some_and(|values| {
            let length = |it: &&Value| it.as_str().map(|text| text.chars().count() as u64);
            values.iter().map(length).all(|it| it.is_some_and(within))
        });
        if was == now || listed {
            continue;
        }
        let turn = match (was, now) {
            (None, _) => Turn::Narrower,
            (Some(_), None) => Turn::Wider,
            (Some(was), Some(now)) if (was > now) == least => Turn::Wider,
            _ => Turn::Narrower,
        };
        let say = |count: Option<u64>| optional(count.map(|it| format!("`{it}`")));
        out.push(difference(path, &format!("`{keyword}`"), turn, say(was), say(now)));
    }
}
