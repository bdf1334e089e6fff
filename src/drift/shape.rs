//! What a schema admits, as alternatives of one JSON type each.
//!
//! References, `allOf`, `anyOf` and `oneOf` are taken apart, so that `anyOf: [{type: string}, {type: null}]` and
//! `type: [string, null]` are the same thing. Comparing is in `schema`.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Number, Value};

use crate::catalog::{JsonType, Types};

/// The most alternatives of one schema that are told apart.
const MAX_ALTERNATIVES: usize = 64;

/// How deep references and branches lead before they count as a circle.
const MAX_DEPTH: usize = 64;

/// Keywords that [`Shape`] understands, or that change nothing of what is admitted.
const UNDERSTOOD: [&str; 39] = [
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "definitions",
    "deprecated",
    "description",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "prefixItems",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

/// Keywords not understood that speak of values of one type alone.
const OF_ONE_TYPE: [(&str, JsonType); 13] = [
    ("contains", JsonType::Array),
    ("minContains", JsonType::Array),
    ("maxContains", JsonType::Array),
    ("unevaluatedItems", JsonType::Array),
    ("propertyNames", JsonType::Object),
    ("dependentRequired", JsonType::Object),
    ("dependentSchemas", JsonType::Object),
    ("dependencies", JsonType::Object),
    ("patternProperties", JsonType::Object),
    ("unevaluatedProperties", JsonType::Object),
    ("contentEncoding", JsonType::String),
    ("contentMediaType", JsonType::String),
    ("contentSchema", JsonType::String),
];

/// The types that alternatives are split by; a number may be a whole one.
pub(super) const KINDS: [JsonType; 6] =
    [JsonType::Null, JsonType::Boolean, JsonType::Number, JsonType::String, JsonType::Array, JsonType::Object];

/// One alternative: everything that its schemas demand together.
#[derive(Clone)]
pub(super) struct Shape<'a> {
    pub(super) types: Types,
    /// The values of `enum` and `const`.
    pub(super) values: Option<Vec<&'a Value>>,
    maps: Vec<&'a Map<String, Value>>,
    /// Each `oneOf` whose branches may overlap, so that it is more than a choice.
    exclusive: Vec<&'a Value>,
}

/// The alternatives of a list of schemas that all hold, each of one type; `None` where there are too many.
pub(super) fn alternatives<'a>(root: &'a Value, schemas: &[&'a Value], work: &mut usize) -> Option<Vec<Shape<'a>>> {
    let any = Shape { types: Types::ANY, values: None, maps: Vec::new(), exclusive: Vec::new() };
    let mut shapes = vec![any];
    for schema in schemas {
        shapes = with(root, shapes, schema, MAX_DEPTH, work)?;
    }
    let mut out = Vec::new();
    for shape in &shapes {
        out.extend(KINDS.into_iter().filter_map(|kind| shape.of(kind)));
    }
    (out.len() <= MAX_ALTERNATIVES * KINDS.len()).then_some(out)
}

/// The shapes with what one more schema demands.
fn with<'a>(
    root: &'a Value,
    shapes: Vec<Shape<'a>>,
    schema: &'a Value,
    depth: usize,
    work: &mut usize,
) -> Option<Vec<Shape<'a>>> {
    *work = work.checked_sub(1)?;
    let depth = depth.checked_sub(1)?;
    let members = match schema {
        Value::Bool(false) => return Some(Vec::new()),
        Value::Object(members) => members,
        _ => return Some(shapes),
    };
    let mut shapes: Vec<Shape<'a>> = shapes.into_iter().map(|shape| shape.and(members)).collect();
    if let Some(target) = reference(root, members) {
        shapes = with(root, shapes, target, depth, work)?;
    }
    for branch in list(members, "allOf") {
        shapes = with(root, shapes, branch, depth, work)?;
    }
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(branches)) = members.get(keyword) else { continue };
        let mut chosen: Vec<Vec<Shape<'a>>> = Vec::with_capacity(branches.len());
        for branch in branches {
            chosen.push(with(root, shapes.clone(), branch, depth, work)?);
            if chosen.iter().map(Vec::len).sum::<usize>() > MAX_ALTERNATIVES {
                return None;
            }
        }
        let overlap = keyword == "oneOf" && !disjoint(&chosen);
        shapes = chosen.into_iter().flatten().collect();
        if overlap {
            shapes.iter_mut().for_each(|shape| shape.exclusive.extend(members.get(keyword)));
        }
    }
    shapes.retain(|shape| !shape.types.is_none());
    Some(shapes)
}

fn list<'a>(members: &'a Map<String, Value>, keyword: &str) -> &'a [Value] {
    members.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The schema that a mere reference leads to.
pub(super) fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..MAX_DEPTH {
        match schema.as_object().filter(|members| members.len() == 1).and_then(|members| reference(root, members)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// What a `$ref` within the same document means.
fn reference<'a>(root: &'a Value, members: &Map<String, Value>) -> Option<&'a Value> {
    root.pointer(members.get("$ref")?.as_str()?.strip_prefix('#')?)
}

/// Whether no value can be of two branches: their types differ, or a property that all demand tells them apart.
fn disjoint(branches: &[Vec<Shape<'_>>]) -> bool {
    let rest = |at: usize| branches.iter().skip(at + 1).flatten();
    let apart = |a: &Shape<'_>, b: &Shape<'_>| {
        a.types.and(b.types).is_none() || (only_objects(a) && only_objects(b) && told_apart(a, b))
    };
    branches.iter().enumerate().all(|(at, branch)| branch.iter().all(|a| rest(at).all(|b| apart(a, b))))
}

fn only_objects(shape: &Shape<'_>) -> bool {
    shape.types == Types::of(&[JsonType::Object])
}

fn told_apart(a: &Shape<'_>, b: &Shape<'_>) -> bool {
    let tag = |shape: &Shape<'_>, name: &str| -> Vec<String> {
        let schemas = shape.maps.iter().filter_map(|map| map.get("properties")?.get(name)?.as_object());
        let values = schemas.filter_map(|it| {
            it.get("const").map(std::slice::from_ref).or(it.get("enum")?.as_array().map(Vec::as_slice))
        });
        values
            .map(|values| values.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .next()
            .unwrap_or_default()
    };
    a.required().intersection(&b.required()).any(|name| {
        let (a, b) = (tag(a, name), tag(b, name));
        !a.is_empty() && !b.is_empty() && a.iter().all(|value| !b.contains(value))
    })
}

impl<'a> Shape<'a> {
    fn and(mut self, members: &'a Map<String, Value>) -> Self {
        if let Some(types) = members.get("type").and_then(types) {
            self.types = self.types.and(types);
        }
        let lists = [
            members.get("enum").and_then(Value::as_array).map(Vec::as_slice),
            members.get("const").map(std::slice::from_ref),
        ];
        for list in lists.into_iter().flatten() {
            self.values = Some(match self.values {
                Some(values) => {
                    values.into_iter().filter(|value| list.iter().any(|it| same_value(it, value))).collect()
                }
                None => list.iter().collect(),
            });
        }
        self.maps.push(members);
        self
    }

    /// The part of it that is of one type; `None` where nothing is left.
    fn of(&self, kind: JsonType) -> Option<Self> {
        let both = if kind == JsonType::Number { &[JsonType::Number, JsonType::Integer][..] } else { &[kind] };
        let wanted = Types::of(both);
        // `and` would make an integer of what may be both
        let types: Types = self.types.iter().filter(|ty| wanted.contains(*ty)).collect();
        if types.is_none() {
            return None;
        }
        let mut shape = self.clone();
        shape.types = if types.contains(JsonType::Number) { Types::of(&[JsonType::Number]) } else { types };
        shape.values =
            self.values.as_ref().map(|values| values.iter().copied().filter(|it| types.admits(it)).collect());
        shape.values.as_ref().is_none_or(|values| !values.is_empty()).then_some(shape)
    }

    pub(super) fn is_whole(&self) -> bool {
        self.types == Types::of(&[JsonType::Integer])
    }

    /// What a keyword says, in each schema that has it.
    fn all<'k>(&'k self, keyword: &'k str) -> impl Iterator<Item = &'a Value> + 'k {
        self.maps.iter().filter_map(move |map| map.get(keyword))
    }

    /// The narrowest lower (`upper` false) or upper bound of a number.
    pub(super) fn bound(&self, upper: bool) -> Option<Bound> {
        let (closed, open) = if upper { ("maximum", "exclusiveMaximum") } else { ("minimum", "exclusiveMinimum") };
        let mut bounds: Vec<Bound> = Vec::new();
        for map in &self.maps {
            // before 2019 the second was a flag of the first
            let flag = map.get(open).and_then(Value::as_bool).unwrap_or(false);
            let numbers = [(map.get(closed), flag), (map.get(open), true)];
            let numbers = numbers.into_iter().filter_map(|(value, open)| Some((value?.as_number()?, open)));
            bounds.extend(numbers.map(|(number, open)| Bound::new(number, open, upper, self.is_whole())));
        }
        let tighter = |a: &Bound, b: &Bound| a.cmp(b, upper);
        bounds.into_iter().min_by(tighter)
    }

    /// The narrowest of a count: `least` for `minLength` and its like.
    pub(super) fn count(&self, keyword: &str, least: bool) -> Option<u64> {
        let counts = self.all(keyword).filter_map(|it| it.as_u64().or_else(|| whole(it.as_f64()?)));
        if least { counts.max().filter(|count| *count > 0) } else { counts.min() }
    }

    pub(super) fn multiples(&self) -> Vec<&'a Number> {
        self.all("multipleOf").filter_map(Value::as_number).collect()
    }

    /// The texts of a keyword: patterns, formats.
    pub(super) fn texts(&self, keyword: &str) -> BTreeSet<&'a str> {
        self.all(keyword).filter_map(Value::as_str).collect()
    }

    pub(super) fn is_unique(&self) -> bool {
        self.all("uniqueItems").any(|it| it.as_bool() == Some(true))
    }

    pub(super) fn required(&self) -> BTreeSet<&'a str> {
        self.all("required").filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect()
    }

    /// The names under `properties`, in their order.
    pub(super) fn names(&self) -> Vec<&'a str> {
        let mut seen = BTreeSet::new();
        let names = self.all("properties").filter_map(Value::as_object).flat_map(Map::keys).map(String::as_str);
        names.filter(|name| seen.insert(*name)).collect()
    }

    /// What the member of a name has to be. Where a pattern might take the name out of `additionalProperties`, it is
    /// taken out if `wide`.
    pub(super) fn member(&self, name: &str, wide: bool) -> Vec<&'a Value> {
        let of_map = |map: &&'a Map<String, Value>| match map.get("properties").and_then(|it| it.get(name)) {
            Some(schema) => Some(schema),
            None if wide && map.contains_key("patternProperties") => None,
            None => map.get("additionalProperties"),
        };
        self.maps.iter().filter_map(of_map).collect()
    }

    /// What members that are not named have to be.
    pub(super) fn other_members(&self) -> Vec<&'a Value> {
        self.all("additionalProperties").collect()
    }

    /// How many elements have a schema of their own.
    pub(super) fn places(&self) -> usize {
        self.maps.iter().map(|map| prefix(map).0.len()).max().unwrap_or(0)
    }

    /// What the element at a place has to be.
    pub(super) fn element(&self, place: usize) -> Vec<&'a Value> {
        let of_map = |map: &&'a Map<String, Value>| {
            let (first, rest) = prefix(map);
            first.get(place).or(rest)
        };
        self.maps.iter().filter_map(of_map).collect()
    }

    /// What is not understood, by keyword; compared as it stands.
    pub(super) fn rest(&self) -> BTreeMap<&'a str, Vec<&'a Value>> {
        let mut out: BTreeMap<&'a str, Vec<&'a Value>> = BTreeMap::new();
        for (keyword, value) in self.maps.iter().flat_map(|map| map.iter()) {
            let foreign = OF_ONE_TYPE.iter().any(|(name, kind)| name == keyword && !self.types.admits_type(*kind));
            let misread = keyword == "type" && types(value).is_none();
            if (!UNDERSTOOD.contains(&keyword.as_str()) || misread) && !foreign {
                out.entry(keyword).or_default().push(value);
            }
        }
        if !self.exclusive.is_empty() {
            out.insert("oneOf", self.exclusive.clone());
        }
        out
    }

    /// References that lead nowhere in the document.
    pub(super) fn unresolved(&self, root: &'a Value) -> Vec<&'a Value> {
        self.maps.iter().filter(|map| reference(root, map).is_none()).filter_map(|map| map.get("$ref")).collect()
    }
}

/// The types that `type` names; `None` where one of them is none.
fn types(value: &Value) -> Option<Types> {
    let named = |name: &Value| name.as_str().and_then(JsonType::from_name);
    match value {
        Value::Array(names) => names.iter().map(named).collect(),
        name => named(name).map(|ty| Types::of(&[ty])),
    }
}

/// The schemas of the first elements, and that of the others.
fn prefix(map: &Map<String, Value>) -> (&[Value], Option<&Value>) {
    match map.get("items") {
        // before 2020 `items` held what `prefixItems` holds now
        Some(Value::Array(first)) => (first, map.get("additionalItems")),
        rest => (list(map, "prefixItems"), rest),
    }
}

fn whole(number: f64) -> Option<u64> {
    (number.fract() == 0.0 && (0.0..1e15).contains(&number)).then_some(number as u64)
}

/// Whether two values are one to a schema, for which `1` and `1.0` are.
pub(super) fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => order(a, b) == Ordering::Equal,
        _ => a == b,
    }
}

fn exact(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

fn order(a: &Number, b: &Number) -> Ordering {
    match (exact(a), exact(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
    }
}

/// An end of a range of numbers.
#[derive(Clone)]
pub(super) struct Bound {
    at: Number,
    open: bool,
}

impl Bound {
    fn new(at: &Number, open: bool, upper: bool, whole: bool) -> Self {
        if whole && let Some(at) = nearest_whole(at, open, upper) {
            return Self { at, open: false };
        }
        Self { at: at.clone(), open }
    }

    /// Less is tighter.
    pub(super) fn cmp(&self, other: &Self, upper: bool) -> Ordering {
        let order = order(&self.at, &other.at);
        let order = if upper { order } else { order.reverse() };
        order.then(other.open.cmp(&self.open))
    }

    pub(super) fn admits(&self, number: &Number, upper: bool) -> bool {
        let order = order(number, &self.at);
        order == Ordering::Equal && !self.open || order == if upper { Ordering::Less } else { Ordering::Greater }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`{}", self.at, if self.open { " itself excluded" } else { "" })
    }
}

/// The last whole number within a bound, where it can be told exactly.
fn nearest_whole(at: &Number, open: bool, upper: bool) -> Option<Number> {
    let step = if upper { -1 } else { 1 };
    if let Some(at) = exact(at) {
        let at = if open { at + step } else { at };
        return i64::try_from(at).ok().map(Number::from);
    }
    let at = at.as_f64().filter(|at| at.abs() < 1e15)?;
    let inner = if upper { at.floor() } else { at.ceil() } as i64;
    let inner = if open && at.fract() == 0.0 { inner + step as i64 } else { inner };
    Some(Number::from(inner))
}

/// Whether every multiple of `new` is one of `old`.
pub(super) fn divides(old: &Number, new: &Number) -> bool {
    match (exact(old), exact(new)) {
        (Some(old), Some(new)) => old != 0 && new % old == 0,
        _ => order(old, new) == Ordering::Equal,
    }
}
