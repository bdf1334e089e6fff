//! The arguments that an input schema tells of.
//!
//! What is noted of an argument admits at least what the schema admits: where a schema is beyond types and enums, it is
//! any value. A checker that relies on it may miss a mistake, but never sees one that is none.

use serde_json::{Map, Value};

use crate::catalog::{JsonType, Param, Types};

/// How many references and branches are followed for one argument.
const WORK: usize = 200;
/// The most values of an enum that are kept; a longer one counts as any value of its types.
const MAX_VALUES: usize = 1_000;

/// The arguments of an input schema, in its order: the `properties` at its top, and those of the schemas that it refers
/// to, demands all of, or chooses from.
#[must_use]
pub fn params(schema: &Value) -> Vec<Param> {
    let mut out = Vec::new();
    let mut work = WORK;
    gather(schema, schema, true, &mut work, &mut out);
    out
}

/// Adds the arguments of a schema that describes the whole object; `always` where it holds for every call.
fn gather(root: &Value, schema: &Value, always: bool, work: &mut usize, out: &mut Vec<Param>) {
    let Some(members) = schema.as_object() else { return };
    if *work == 0 {
        return;
    }
    *work -= 1;
    let required: Vec<&str> =
        members.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    if let Some(properties) = members.get("properties").and_then(Value::as_object) {
        for (name, property) in properties {
            let shape = Shape::of(root, property, &mut { WORK });
            add(out, name, &shape, always && required.contains(&name.as_str()));
        }
    }
    for name in required.iter().filter(|_| always) {
        match out.iter_mut().find(|it| it.name == *name) {
            Some(param) => param.required = true,
            None => add(out, name, &Shape::ANY, true),
        }
    }
    if let Some(target) = reference(root, members) {
        gather(root, target, always, work, out);
    }
    for (keyword, always) in [("allOf", always), ("anyOf", false), ("oneOf", false)] {
        for branch in members.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            gather(root, branch, always, work, out);
        }
    }
}

/// An argument that several schemas tell of may be what any of them says.
fn add(out: &mut Vec<Param>, name: &str, shape: &Shape, required: bool) {
    let Shape { types, values, items } = shape.clone();
    match out.iter_mut().find(|it| it.name == name) {
        None => out.push(Param { name: name.to_owned(), types, required, conditional: None, values, items }),
        Some(param) => {
            let known = Shape { types: param.types, values: param.values.take(), items: param.items };
            let Shape { types, values, items } = known.or(shape.clone());
            (param.types, param.values, param.items) = (types, values, items);
            param.required |= required;
        }
    }
}

/// What a value may be.
#[derive(Clone)]
struct Shape {
    types: Types,
    /// The values it is one of, nulls aside.
    values: Option<Vec<Value>>,
    items: Types,
}

impl Shape {
    const ANY: Self = Self { types: Types::ANY, values: None, items: Types::ANY };

    fn of(root: &Value, schema: &Value, work: &mut usize) -> Self {
        let Some(members) = schema.as_object() else { return Self::ANY };
        if *work == 0 {
            return Self::ANY;
        }
        *work -= 1;
        let mut shape = Self { types: types(members), values: values(members), items: Types::ANY };
        if let Some(values) = &shape.values {
            let of_values: Types = values.iter().map(JsonType::of).collect();
            shape.types = shape.types.and(of_values);
        }
        if let Some(items) = members.get("items") {
            shape.items = Self::of(root, items, work).types;
        }
        if let Some(target) = reference(root, members) {
            shape = shape.and(Self::of(root, target, work));
        }
        for branch in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            shape = shape.and(Self::of(root, branch, work));
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = members.get(keyword).and_then(Value::as_array).into_iter().flatten();
            let union = branches.map(|branch| Self::of(root, branch, work)).reduce(Self::or);
            shape = union.map_or(shape.clone(), |union| shape.and(union));
        }
        let nullable = members.get("nullable").and_then(Value::as_bool) == Some(true);
        if nullable && !shape.types.is_any() {
            shape.types = shape.types.or(Types::of(&[JsonType::Null]));
        }
        // a schema that admits nothing is a slip; nothing is concluded from it
        if shape.types.is_none() {
            return Self::ANY;
        }
        shape.values = shape.values.filter(|values| !values.is_empty() && values.len() <= MAX_VALUES);
        shape
    }

    fn and(self, other: Self) -> Self {
        let values = match (self.values, other.values) {
            (Some(a), Some(b)) => Some(a.into_iter().filter(|value| b.contains(value)).collect()),
            (a, b) => a.or(b),
        };
        let types = self.types.and(other.types);
        // an empty intersection is left to the reader above, who sees that nothing is admitted
        Self { types, values, items: pick(self.items.and(other.items)) }
    }

    fn or(self, other: Self) -> Self {
        let only_null = |shape: &Self| shape.types == Types::of(&[JsonType::Null]);
        let values = match (self.values.clone(), other.values.clone()) {
            (Some(mut a), Some(b)) => {
                for value in b {
                    if !a.contains(&value) {
                        a.push(value);
                    }
                }
                Some(a)
            }
            // `anyOf: [{enum: […]}, {type: null}]` does not repeat null among the values
            (Some(values), None) if only_null(&other) => Some(values),
            (None, Some(values)) if only_null(&self) => Some(values),
            _ => None,
        };
        let array = |shape: &Self| shape.types.contains(JsonType::Array);
        let items = match (array(&self), array(&other)) {
            (true, false) => self.items,
            (false, true) => other.items,
            _ => self.items.or(other.items),
        };
        Self { types: self.types.or(other.types), values, items }
    }
}

fn pick(types: Types) -> Types {
    if types.is_none() { Types::ANY } else { types }
}

/// The types that `type` names; any where it names none that is known.
fn types(members: &Map<String, Value>) -> Types {
    let named = |value: &Value| value.as_str().and_then(JsonType::from_name);
    match members.get("type") {
        Some(Value::Array(names)) => {
            let all: Option<Types> = names.iter().map(named).collect();
            all.map_or(Types::ANY, pick)
        }
        Some(name) => named(name).map_or(Types::ANY, |ty| Types::of(&[ty])),
        None => Types::ANY,
    }
}

fn values(members: &Map<String, Value>) -> Option<Vec<Value>> {
    match (members.get("enum"), members.get("const")) {
        (Some(Value::Array(values)), _) => Some(values.clone()),
        (_, Some(value)) => Some(vec![value.clone()]),
        _ => None,
    }
}

/// What a `$ref` within the same document means.
fn reference<'a>(root: &'a Value, members: &Map<String, Value>) -> Option<&'a Value> {
    let pointer = members.get("$ref")?.as_str()?.strip_prefix('#')?;
    root.pointer(pointer)
}
