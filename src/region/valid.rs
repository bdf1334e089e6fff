//! Whether a value is valid for a JSON Schema, as far as the schema is understood.
//!
//! A yes and a no are sure; everything that readers of schemas treat differently is neither.

use serde_json::{Map, Value};

use super::{
    find::Finder,
    shape::{Place, same},
    text::Texts,
};
use crate::{catalog::JsonType, hir::model::Condition, pattern::Automaton};

/// How deep schemas are looked into.
const DEPTH: usize = 32;

/// Keywords that say nothing of what is valid.
const SILENT: [&str; 13] = [
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "default",
    "definitions",
    "deprecated",
    "description",
    "example",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

impl<'q> Finder<'q> {
    /// Whether the place admits the value; what is not known of it is admitted.
    pub(super) fn is_admitted(&mut self, place: Place<'q>, value: &Value) -> Option<bool> {
        match place.schema {
            Some((root, schema)) => Valid { root, texts: self.texts }.admits(schema, value, DEPTH),
            None => Some(true),
        }
    }

    /// Whether a call is valid, surely in the arguments that are named; of the others it is enough that they are not
    /// surely invalid.
    pub(super) fn is_valid(&mut self, call: &Value) -> bool {
        let Some(root) = self.tool.and_then(|tool| tool.schema.as_ref()) else { return true };
        let (Some(schema), Some(arguments)) = (root.as_object(), call.as_object()) else { return false };
        let mut valid = Valid { root, texts: self.texts };
        let rest = schema.iter().filter(|(name, _)| !matches!(name.as_str(), "properties" | "additionalProperties"));
        let mut rest = rest.map(|(name, keyword)| valid.keyword(schema, name, keyword, call, DEPTH));
        if !rest.all(|one| one == Some(true)) {
            return false;
        }
        arguments.iter().all(|(name, value)| match schema.get("properties").and_then(|it| it.get(name)) {
            Some(property) => {
                let admitted = valid.admits(property, value, DEPTH);
                admitted.unwrap_or_else(|| !self.wanted.iter().any(|it| names(it.condition, name)))
            }
            None => schema.get("additionalProperties").is_none_or(|it| *it == Value::Bool(true)),
        })
    }
}

/// Whether a condition looks at an argument.
fn names(condition: &Condition, argument: &str) -> bool {
    match condition {
        Condition::Test(test) => test.path.segments.first().is_some_and(|first| first == argument),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| names(part, argument)),
    }
}

/// A whole schema, to follow its references.
struct Valid<'v> {
    root: &'v Value,
    texts: &'v mut Texts,
}

/// All of them: a no counts more than what is not known.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut sure = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return part,
            None => sure = None,
        }
    }
    sure
}

fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.map(|part| part.map(|is| !is))).map(|none| !none)
}

impl<'v> Valid<'v> {
    fn admits(&mut self, schema: &'v Value, value: &Value, depth: usize) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        let schema = match schema {
            Value::Bool(admits) => return Some(*admits),
            schema => schema.as_object()?,
        };
        let rest = schema.iter().filter(|(name, _)| *name != "$ref");
        let own = all(rest.map(|(name, keyword)| self.keyword(schema, name, keyword, value, depth)));
        let Some(reference) = schema.get("$ref") else { return own };
        let target = self.root.pointer(reference.as_str()?.strip_prefix('#')?)?;
        // older readers skip what stands beside a reference
        self.admits(target, value, depth).filter(|admits| !admits || own == Some(true))
    }

    fn keyword(
        &mut self,
        schema: &'v Map<String, Value>,
        name: &str,
        keyword: &'v Value,
        value: &Value,
        depth: usize,
    ) -> Option<bool> {
        let list = || keyword.as_array().map(Vec::as_slice);
        match name {
            name if SILENT.contains(&name) || name.starts_with("x-") => Some(true),
            "nullable" => (!value.is_null()).then_some(true),
            "type" if value.is_null() && schema.contains_key("nullable") => None,
            "type" => {
                let is = |name: &Value| {
                    let ty = JsonType::from_name(name.as_str()?)?;
                    let found = JsonType::of(value);
                    Some(ty == found || ty == JsonType::Number && found == JsonType::Integer)
                };
                match keyword {
                    Value::Array(names) => any(names.iter().map(is)),
                    name => is(name),
                }
            }
            "enum" => Some(list()?.iter().any(|known| same(known, value))),
            "const" => Some(same(keyword, value)),
            "anyOf" => any(list()?.iter().map(|branch| self.admits(branch, value, depth))),
            "allOf" => all(list()?.iter().map(|branch| self.admits(branch, value, depth))),
            "oneOf" => {
                let branches: Option<Vec<bool>> =
                    list()?.iter().map(|branch| self.admits(branch, value, depth)).collect();
                Some(branches?.into_iter().filter(|is| *is).count() == 1)
            }
            "not" => self.admits(keyword, value, depth).map(|is| !is),
            name => match value {
                Value::Null | Value::Bool(_) => is_of_type(name).then_some(true),
                Value::Number(n) => number(schema, name, keyword, n.as_f64()?),
                Value::String(text) => self.text(name, keyword, text),
                Value::Array(items) => self.list(name, keyword, items, depth),
                Value::Object(members) => self.object(schema, name, keyword, members, depth),
            },
        }
    }

    fn text(&mut self, name: &str, keyword: &Value, text: &str) -> Option<bool> {
        let length = || text.chars().count() as f64;
        match name {
            "minLength" => Some(length() >= keyword.as_f64()?),
            "maxLength" => Some(length() <= keyword.as_f64()?),
            "pattern" => {
                // beyond printable ASCII the dialects of readers differ
                if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                    return None;
                }
                let automaton = self.texts.of_part(keyword.as_str()?)?;
                let automaton = self.texts.automata.get_mut(automaton)?;
                let end = text.bytes().try_fold(Automaton::START, |state, byte| automaton.next(state, byte))?;
                automaton.accepts(end)
            }
            "format" => None,
            name => is_of_type(name).then_some(true),
        }
    }

    fn list(&mut self, name: &str, keyword: &'v Value, items: &[Value], depth: usize) -> Option<bool> {
        let length = items.len() as f64;
        match name {
            "minItems" => Some(length >= keyword.as_f64()?),
            "maxItems" => Some(length <= keyword.as_f64()?),
            "uniqueItems" if *keyword == Value::Bool(false) || items.len() < 2 => Some(true),
            "uniqueItems" => {
                let before = |nth: usize| items.iter().take(nth);
                let repeats = |(nth, item): (usize, &Value)| before(nth).any(|earlier| same(earlier, item));
                Some(!items.iter().enumerate().any(repeats))
            }
            "items" if !keyword.is_array() => all(items.iter().map(|item| self.admits(keyword, item, depth))),
            "items" | "prefixItems" | "additionalItems" | "unevaluatedItems" => items.is_empty().then_some(true),
            "contains" | "minContains" | "maxContains" => None,
            name => is_of_type(name).then_some(true),
        }
    }

    fn object(
        &mut self,
        schema: &'v Map<String, Value>,
        name: &str,
        keyword: &'v Value,
        members: &Map<String, Value>,
        depth: usize,
    ) -> Option<bool> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let known = |name: &String| properties.is_some_and(|properties| properties.contains_key(name));
        let size = members.len() as f64;
        match name {
            "properties" => {
                let properties = keyword.as_object()?;
                let known = members.iter().filter_map(|(name, value)| Some((properties.get(name)?, value)));
                all(known.map(|(property, value)| self.admits(property, value, depth)))
            }
            "required" => {
                let names: Option<Vec<&str>> = keyword.as_array()?.iter().map(Value::as_str).collect();
                Some(names?.into_iter().all(|name| members.contains_key(name)))
            }
            "additionalProperties" if schema.contains_key("patternProperties") => members.is_empty().then_some(true),
            "additionalProperties" => {
                let others = members.iter().filter(|(name, _)| !known(name));
                all(others.map(|(_, value)| self.admits(keyword, value, depth)))
            }
            "minProperties" => Some(size >= keyword.as_f64()?),
            "maxProperties" => Some(size <= keyword.as_f64()?),
            "patternProperties" | "propertyNames" | "unevaluatedProperties" => members.is_empty().then_some(true),
            "dependentRequired" | "dependentSchemas" | "dependencies" => members.is_empty().then_some(true),
            name => is_of_type(name).then_some(true),
        }
    }
}

/// Whether a keyword speaks of values of some types alone, so that it says nothing of one of another.
fn is_of_type(name: &str) -> bool {
    const NUMBERS: [&str; 5] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
    const TEXTS: [&str; 4] = ["minLength", "maxLength", "pattern", "format"];
    const LISTS: [&str; 10] = [
        "minItems",
        "maxItems",
        "uniqueItems",
        "items",
        "prefixItems",
        "additionalItems",
        "unevaluatedItems",
        "contains",
        "minContains",
        "maxContains",
    ];
    const OBJECTS: [&str; 11] = [
        "properties",
        "required",
        "additionalProperties",
        "minProperties",
        "maxProperties",
        "patternProperties",
        "propertyNames",
        "unevaluatedProperties",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
    ];
    [&NUMBERS[..], &TEXTS, &LISTS, &OBJECTS].iter().any(|names| names.contains(&name))
}

fn number(schema: &Map<String, Value>, name: &str, keyword: &Value, n: f64) -> Option<bool> {
    /// Up to here every whole number is a double.
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    let exclusive = |name: &str| schema.get(name) == Some(&Value::Bool(true));
    match name {
        "minimum" if exclusive("exclusiveMinimum") => Some(n > keyword.as_f64()?),
        "maximum" if exclusive("exclusiveMaximum") => Some(n < keyword.as_f64()?),
        "minimum" => Some(n >= keyword.as_f64()?),
        "maximum" => Some(n <= keyword.as_f64()?),
        "exclusiveMinimum" | "exclusiveMaximum" if keyword.is_boolean() => Some(true),
        "exclusiveMinimum" => Some(n > keyword.as_f64()?),
        "exclusiveMaximum" => Some(n < keyword.as_f64()?),
        "multipleOf" => {
            let of = keyword.as_f64().filter(|of| of.fract() == 0.0 && (1.0..WHOLE).contains(of))?;
            (n.fract() == 0.0 && n.abs() < WHOLE).then(|| n % of == 0.0)
        }
        "format" => (n.abs() < f64::from(i32::MAX)).then_some(true),
        name => is_of_type(name).then_some(true),
    }
}
