//! The value of one argument or member: each kind of value that it may have, and objects with what is in them.

use serde_json::{Map, Value};

use super::{
    find::{Demand, Finder},
    number,
    shape::{Place, Shape},
};
use crate::{
    catalog::{JsonType, Tool},
    eval::lookup,
    hir::model::{Literal, Op},
};

/// How deep objects stand in each other.
const DEPTH: usize = 64;

/// What is found for a place.
#[derive(Debug)]
pub(super) enum Found {
    /// This value is as demanded.
    Value(Value),
    /// No value is.
    Absent,
    /// There is no value that is.
    None,
    /// It is not known.
    Unknown,
}

/// Where the members of an object are described.
#[derive(Clone, Copy)]
pub(super) enum Members<'q> {
    /// The arguments of a tool.
    Arguments(Option<&'q Tool>),
    /// The members that a schema tells of, and the whole schema for what it refers to.
    Schema(Option<(&'q Value, &'q Map<String, Value>)>),
}

impl<'q> Members<'q> {
    fn place(self, name: &str) -> Place<'q> {
        match self {
            Members::Arguments(None) | Members::Schema(None) => Place::ANY,
            Members::Arguments(Some(tool)) => Place::argument(tool, name),
            Members::Schema(Some((root, schema))) => Place::member(root, schema, name),
        }
    }

    /// The names of those that must be there.
    fn required(self) -> impl Iterator<Item = &'q str> {
        let (params, names) = match self {
            Members::Arguments(tool) => (tool.map(|tool| tool.params.as_slice()), None),
            Members::Schema(schema) => (None, schema.and_then(|(_, schema)| schema.get("required")?.as_array())),
        };
        let params = params.into_iter().flatten().filter(|param| param.required).map(|param| param.name.as_str());
        params.chain(names.into_iter().flatten().filter_map(Value::as_str))
    }
}

/// The kinds of values, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Bool,
    List,
    Object,
}

const KINDS: [Kind; 5] = [Kind::Text, Kind::Number, Kind::Bool, Kind::List, Kind::Object];

impl Kind {
    /// The kind of value that a test is about.
    fn of(op: &Op) -> Kind {
        match op {
            Op::Less(_) | Op::AtMost(_) | Op::Greater(_) | Op::AtLeast(_) => Kind::Number,
            Op::Equal(literal) | Op::NotEqual(literal) => Kind::of_literal(literal),
            Op::In(literals) | Op::NotIn(literals) => literals.first().map_or(Kind::Text, Kind::of_literal),
            _ => Kind::Text,
        }
    }

    fn of_literal(literal: &Literal) -> Kind {
        match literal {
            Literal::Text(_) => Kind::Text,
            Literal::Number(_) => Kind::Number,
            Literal::Bool(_) => Kind::Bool,
        }
    }
}

impl<'q> Finder<'q> {
    /// An object whose members are as demanded. The demands are sorted by their paths, which agree up to `depth`.
    pub(super) fn object(&mut self, demands: &[Demand<'q>], depth: usize, members: Members<'q>) -> Found {
        let mut out = Map::new();
        let mut unknown = false;
        for group in demands.chunk_by(|a, b| a.path.get(depth) == b.path.get(depth)) {
            let Some(name) = group.first().and_then(|first| first.path.get(depth)) else { return Found::Unknown };
            match self.member(group, depth + 1, members.place(name)) {
                Found::Value(value) => drop(out.insert(name.clone(), value)),
                Found::Absent => {}
                Found::None => return Found::None,
                Found::Unknown => unknown = true,
            }
        }
        for name in members.required() {
            if out.contains_key(name) || demands.iter().any(|it| it.path.get(depth).is_some_and(|it| it == name)) {
                continue;
            }
            match self.member(&[], depth + 1, members.place(name)) {
                Found::Value(value) => drop(out.insert(name.to_owned(), value)),
                // a schema that admits no call at all is a slip, and nothing is concluded from it
                Found::Absent | Found::None | Found::Unknown => unknown = true,
            }
        }
        if unknown { Found::Unknown } else { Found::Value(Value::Object(out)) }
    }

    /// What may stand at one place: the demands on it come before those on what is in it.
    fn member(&mut self, demands: &[Demand<'q>], depth: usize, place: Place<'q>) -> Found {
        if demands.iter().all(Demand::admits_absent) {
            if !place.required {
                return Found::Absent;
            }
            if place.admits_null() {
                return Found::Value(Value::Null);
            }
        }
        let own = demands.iter().take_while(|it| it.path.len() == depth).count();
        let Some((own, inner)) = demands.split_at_checked(own) else { return Found::Unknown };
        if own.iter().any(|it| matches!((it.op, it.holds), (Op::Missing, true) | (Op::Exists, false))) {
            return Found::None;
        }
        if depth > DEPTH {
            return Found::Unknown;
        }
        let mut unknown = false;
        for shape in place.shapes() {
            match self.present(own, inner, depth, place, &shape) {
                Found::Value(value) => return Found::Value(value),
                Found::Unknown => unknown = true,
                Found::Absent | Found::None => {}
            }
        }
        if unknown { Found::Unknown } else { Found::None }
    }

    fn present(
        &mut self,
        own: &[Demand<'q>],
        inner: &[Demand<'q>],
        depth: usize,
        place: Place<'q>,
        shape: &Shape<'q>,
    ) -> Found {
        let listed = own.iter().filter_map(|it| Some((it, only(it)?)));
        if let Some((list, literals)) = listed.min_by_key(|(_, literals)| literals.len()) {
            let others: Vec<Demand<'q>> = own.iter().filter(|it| !std::ptr::eq(*it, list)).copied().collect();
            return self.one_of(literals.iter().map(literal_value), &others, inner, depth, place, shape);
        }
        if let Some(values) = shape.values {
            let listed = Shape { values: None, ..shape.clone() };
            return self.one_of(values.iter().cloned(), own, inner, depth, place, &listed);
        }
        let first = own.first().map_or(Kind::Text, |it| Kind::of(it.op));
        let (mut unknown, mut unsure) = (false, None);
        for kind in std::iter::once(first).chain(KINDS.into_iter().filter(|kind| *kind != first)) {
            if kind != Kind::Object && !inner.iter().all(Demand::admits_absent) {
                continue;
            }
            let found = match kind {
                Kind::Text => self.text(own, place, shape),
                Kind::Number => number::find(self.judge, own, shape),
                Kind::Bool if !shape.types.contains(JsonType::Boolean) => Found::None,
                Kind::Bool => self.one_of([true, false].map(Value::Bool), own, &[], depth, place, shape),
                Kind::List => self.list(own, shape),
                Kind::Object if !shape.types.contains(JsonType::Object) => Found::None,
                Kind::Object => {
                    match self.one_of([Value::Object(Map::new())], own, &[], depth, Place::ANY, &Shape::ANY) {
                        Found::Value(_) => self.object(inner, depth, place.members()),
                        other => other,
                    }
                }
            };
            match found {
                Found::Value(value) => match self.is_admitted(place, &value) {
                    Some(true) => return Found::Value(value),
                    Some(false) => unknown = true,
                    None => unsure = unsure.or(Some(value)),
                },
                Found::Unknown => unknown = true,
                Found::Absent | Found::None => {}
            }
        }
        match unsure {
            // what no condition names need not be surely valid
            Some(value) if own.is_empty() && inner.is_empty() => Found::Value(value),
            Some(_) => Found::Unknown,
            None if unknown => Found::Unknown,
            None => Found::None,
        }
    }

    /// The first of the values that is as demanded, where it can be none but these.
    fn one_of(
        &mut self,
        values: impl IntoIterator<Item = Value>,
        own: &[Demand<'q>],
        inner: &[Demand<'q>],
        depth: usize,
        place: Place<'q>,
        shape: &Shape<'q>,
    ) -> Found {
        let cost = own.iter().chain(inner).map(cost).sum::<usize>() + shape.values.map_or(0, <[_]>::len);
        let mut unknown = false;
        for value in values {
            if !self.spend(cost) {
                return Found::Unknown;
            }
            if value.is_null() || !shape.admits(&value) {
                continue;
            }
            let judge = self.judge;
            let mut judged = own
                .iter()
                .map(|it| judge.value(it.op, Some(&value)).map(|holds| holds == it.holds))
                .chain(inner.iter().map(|it| {
                    let found = lookup(&value, it.path.get(depth..).unwrap_or_default());
                    judge.value(it.op, found).map(|holds| holds == it.holds)
                }));
            match judged.try_fold(true, |all, one| Some(all && one?)) {
                Some(false) => {}
                None => unknown = true,
                Some(true) => match self.is_admitted(place, &value) {
                    Some(true) => return Found::Value(value),
                    Some(false) => {}
                    None => unknown = true,
                },
            }
        }
        if unknown { Found::Unknown } else { Found::None }
    }
}

/// The literals that a value is one of.
fn only<'q>(demand: &Demand<'q>) -> Option<&'q [Literal]> {
    match (demand.op, demand.holds) {
        (Op::Equal(literal), true) | (Op::NotEqual(literal), false) => Some(std::slice::from_ref(literal)),
        (Op::In(literals), true) | (Op::NotIn(literals), false) => Some(literals),
        _ => None,
    }
}

/// What it takes to judge a value by a demand.
pub(super) fn cost(demand: &Demand<'_>) -> usize {
    match demand.op {
        Op::In(literals) | Op::NotIn(literals) => 1 + literals.len(),
        _ => 1,
    }
}

/// A literal as a JSON value.
pub fn literal_value(literal: &Literal) -> Value {
    match literal {
        Literal::Text(text) => Value::String(text.to_string()),
        Literal::Bool(b) => Value::Bool(*b),
        Literal::Number(n) => number::value(*n),
    }
}
