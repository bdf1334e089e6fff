//! What a catalog and, where there is one, a schema demand of one value: never more than they do.

use serde_json::{Map, Value};

use super::{number::Interval, object::Members};
use crate::catalog::{JsonType, Param, Tool, Types};

/// How many references are followed in a row.
const REFERENCES: usize = 16;

/// A place for a value: an argument, or a member of an object.
#[derive(Clone, Copy)]
pub(super) struct Place<'q> {
    /// Whether the value may not be left out.
    pub(super) required: bool,
    param: Option<&'q Param>,
    /// Its own schema, references followed, within the whole one.
    pub(super) schema: Option<(&'q Value, &'q Value)>,
}

impl<'q> Place<'q> {
    /// Any value or none.
    pub(super) const ANY: Self = Self { required: false, param: None, schema: None };

    pub(super) fn argument(tool: &'q Tool, name: &str) -> Self {
        let param = tool.param(name);
        let property = |root: &'q Value| root.get("properties")?.get(name).map(|it| (root, follow(root, it)));
        Self { required: param.is_some_and(|it| it.required), param, schema: tool.schema.as_ref().and_then(property) }
    }

    pub(super) fn member(root: &'q Value, schema: &'q Map<String, Value>, name: &str) -> Self {
        let named = |names: &Value| names.as_array().is_some_and(|names| names.iter().any(|it| it == name));
        let property = schema.get("properties").and_then(|it| it.get(name));
        Self {
            required: schema.get("required").is_some_and(named),
            param: None,
            schema: property.map(|it| (root, follow(root, it))),
        }
    }

    /// The members of the value where it is an object.
    pub(super) fn members(self) -> Members<'q> {
        Members::Schema(self.schema.and_then(|(root, schema)| Some((root, schema.as_object()?))))
    }

    pub(super) fn admits_null(self) -> bool {
        self.shapes().any(|shape| shape.types.contains(JsonType::Null))
    }

    /// What the value may be: one of these.
    pub(super) fn shapes(self) -> impl Iterator<Item = Shape<'q>> {
        let mut base = Shape::ANY;
        if let Some(param) = self.param {
            (base.types, base.values, base.items) = (param.types, param.values.as_deref(), param.items);
        }
        let own = self.schema.and_then(|(_, schema)| schema.as_object());
        if let Some(own) = own {
            base.narrow(own);
        }
        let branches = own.and_then(|own| own.get("anyOf").or_else(|| own.get("oneOf"))?.as_array());
        let branches = branches.map_or(&[][..], Vec::as_slice);
        let root = self.schema.map(|(root, _)| root);
        (0..branches.len().max(1)).map(move |nth| {
            let mut shape = base.clone();
            if let (Some(branch), Some(root)) = (branches.get(nth), root)
                && let Some(members) = follow(root, branch).as_object()
            {
                shape.narrow(members);
            }
            shape
        })
    }
}

/// What a schema refers to, or the schema itself.
fn follow<'q>(root: &'q Value, mut schema: &'q Value) -> &'q Value {
    for _ in 0..REFERENCES {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { break };
        match reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// What a value must be at least.
#[derive(Clone)]
pub(super) struct Shape<'q> {
    pub(super) types: Types,
    /// What it is one of where it is not null.
    pub(super) values: Option<&'q [Value]>,
    pub(super) items: Types,
    pub(super) numbers: Interval,
    /// The least and most characters of a text.
    pub(super) lengths: (usize, usize),
    /// The least and most elements of a list.
    pub(super) sizes: (usize, usize),
    /// A pattern that is found in a text. Readers of schemas differ about it, so it is only tried to be met.
    pub(super) pattern: Option<&'q str>,
}

impl<'q> Shape<'q> {
    pub(super) const ANY: Self = Self {
        types: Types::ANY,
        values: None,
        items: Types::ANY,
        numbers: Interval::ALL,
        lengths: (0, usize::MAX),
        sizes: (0, usize::MAX),
        pattern: None,
    };

    /// Whether a value that is not null is admitted.
    pub(super) fn admits(&self, value: &Value) -> bool {
        let within = |(least, most): (usize, usize), size: usize| least <= size && size <= most;
        let rest = match value {
            Value::Number(n) => n.as_f64().is_some_and(|n| self.numbers.holds(n)),
            Value::String(text) => self.lengths == Self::ANY.lengths || within(self.lengths, text.chars().count()),
            Value::Array(items) => within(self.sizes, items.len()) && items.iter().all(|item| self.items.admits(item)),
            Value::Null | Value::Bool(_) | Value::Object(_) => true,
        };
        let listed = |values: &[Value]| values.iter().any(|known| same(known, value));
        rest && self.types.admits(value) && self.values.is_none_or(listed)
    }

    fn narrow(&mut self, schema: &'q Map<String, Value>) {
        if schema.contains_key("$ref") {
            return;
        }
        let number = |name: &str| schema.get(name).and_then(Value::as_f64);
        let size = |name: &str| number(name).filter(|n| *n >= 0.0).map(|n| n as usize);
        if let Some(types) = types(schema) {
            self.types = self.types.and(types);
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            self.values = Some(values);
        } else if let Some(value) = schema.get("const") {
            self.values = Some(std::slice::from_ref(value));
        }
        if let Some(bound) = number("minimum") {
            self.numbers.above(bound, schema.get("exclusiveMinimum") == Some(&Value::Bool(true)));
        }
        if let Some(bound) = number("maximum") {
            self.numbers.below(bound, schema.get("exclusiveMaximum") == Some(&Value::Bool(true)));
        }
        if let Some(bound) = number("exclusiveMinimum") {
            self.numbers.above(bound, true);
        }
        if let Some(bound) = number("exclusiveMaximum") {
            self.numbers.below(bound, true);
        }
        let narrow = |pair: &mut (usize, usize), least: &str, most: &str| {
            *pair = (pair.0.max(size(least).unwrap_or(0)), pair.1.min(size(most).unwrap_or(usize::MAX)));
        };
        narrow(&mut self.lengths, "minLength", "maxLength");
        narrow(&mut self.sizes, "minItems", "maxItems");
        self.pattern = schema.get("pattern").and_then(Value::as_str).or(self.pattern);
    }
}

/// The types that a schema names; `None` where it names none, or one that is not known.
fn types(schema: &Map<String, Value>) -> Option<Types> {
    let named = |value: &Value| value.as_str().and_then(JsonType::from_name);
    let types: Types = match schema.get("type")? {
        Value::Array(names) => names.iter().map(named).collect::<Option<_>>()?,
        name => Types::of(&[named(name)?]),
    };
    let nullable = schema.get("nullable") == Some(&Value::Bool(true));
    Some(if nullable { types.or(Types::of(&[JsonType::Null])) } else { types })
}

/// Equal as JSON Schema has it: numbers by value.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    a == b || a.is_number() && b.is_number() && a.as_f64() == b.as_f64()
}
