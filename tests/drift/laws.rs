//! Comparing schemas is right: against a validator that shares no code with it.
//!
//! A schema does not differ from itself; where nothing is wider and nothing unclear, no value is admitted that was
//! refused before; and each way of widening is found wherever it stands in a schema.

use mcppol::drift::schema::{Turn, compare};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::RngSeed};
use serde_json::{Map, Value, json};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2..8i64).prop_map(Value::from),
        select(vec![json!(0.5), json!(2.0), json!(4.5)]),
        select(vec!["", "a", "ab", "abc", "b", "x"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Value::from), object(inner).prop_map(Value::from)]
    })
}

fn object(inner: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Map<String, Value>> {
    vec((select(vec!["a", "b", "c", "d"]), inner), 0..4)
        .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A call's arguments.
fn arguments() -> impl Strategy<Value = Value> {
    object(value()).prop_map(Value::from)
}

fn members(list: Vec<(&'static str, Value)>) -> Value {
    list.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

/// One keyword that holds no schema.
fn plain() -> impl Strategy<Value = (&'static str, Value)> {
    let scalar = || {
        select(vec![
            json!(1),
            json!(2),
            json!(1.0),
            json!("a"),
            json!("ab"),
            json!(null),
            json!(true),
            json!([]),
            json!({}),
        ])
    };
    prop_oneof![
        3 => select(&TYPES[..]).prop_map(|ty| ("type", json!(ty))),
        2 => vec(select(&TYPES[..]), 1..4).prop_map(|mut types| {
            types.sort_unstable();
            types.dedup();
            ("type", json!(types))
        }),
        2 => vec(scalar(), 1..4).prop_map(|values| ("enum", Value::from(values))),
        1 => scalar().prop_map(|value| ("const", value)),
        1 => (-1..6i64).prop_map(|n| ("minimum", json!(n))),
        1 => (-1..6i64).prop_map(|n| ("maximum", json!(n))),
        1 => select(vec![json!(0), json!(1.5), json!(4)]).prop_map(|n| ("exclusiveMinimum", n)),
        1 => select(vec![json!(3), json!(4.5), json!(6)]).prop_map(|n| ("exclusiveMaximum", n)),
        1 => (1..5u64).prop_map(|n| ("multipleOf", json!(n))),
        1 => (0..3u64).prop_map(|n| ("minLength", json!(n))),
        1 => (0..3u64).prop_map(|n| ("maxLength", json!(n))),
        1 => select(vec!["^a", "b$"]).prop_map(|it| ("pattern", json!(it))),
        1 => (0..3u64).prop_map(|n| ("minItems", json!(n))),
        1 => (0..3u64).prop_map(|n| ("maxItems", json!(n))),
        1 => any::<bool>().prop_map(|yes| ("uniqueItems", json!(yes))),
        1 => (0..3u64).prop_map(|n| ("minProperties", json!(n))),
        1 => (0..3u64).prop_map(|n| ("maxProperties", json!(n))),
        2 => vec(select(vec!["a", "b", "c"]), 0..3).prop_map(|mut names| {
            names.sort_unstable();
            names.dedup();
            ("required", json!(names))
        }),
        1 => any::<bool>().prop_map(|yes| ("additionalProperties", json!(yes))),
        1 => select(vec!["#/$defs/d", "#/$defs/e", "#/$defs/none"]).prop_map(|it| ("$ref", json!(it))),
        1 => Just(("dependentRequired", json!({"a": ["b"]}))),
    ]
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => any::<bool>().prop_map(Value::from),
        8 => vec(plain(), 0..4).prop_map(members),
    ];
    leaf.prop_recursive(3, 24, 3, |inner| {
        let some = || vec(inner.clone(), 1..4).prop_map(Value::from);
        let properties =
            || vec((select(vec!["a", "b", "c"]), inner.clone()), 0..4).prop_map(|list| ("properties", members(list)));
        let deep = prop_oneof![
            4 => properties(),
            1 => inner.clone().prop_map(|it| ("additionalProperties", it)),
            1 => inner.clone().prop_map(|it| ("patternProperties", json!({"^a": it}))),
            1 => inner.clone().prop_map(|it| ("propertyNames", it)),
            1 => inner.clone().prop_map(|it| ("unevaluatedProperties", it)),
            2 => inner.clone().prop_map(|it| ("items", it)),
            1 => some().prop_map(|it| ("prefixItems", it)),
            1 => inner.clone().prop_map(|it| ("contains", it)),
            2 => some().prop_map(|it| ("anyOf", it)),
            1 => some().prop_map(|it| ("oneOf", it)),
            1 => some().prop_map(|it| ("allOf", it)),
            1 => inner.clone().prop_map(|it| ("not", it)),
            1 => inner.clone().prop_map(|it| ("if", it)),
            1 => inner.clone().prop_map(|it| ("then", it)),
            1 => inner.clone().prop_map(|it| ("else", it)),
        ];
        (vec(deep, 1..3), vec(plain(), 0..3)).prop_map(|(deep, plain)| members([deep, plain].concat()))
    })
}

fn document() -> impl Strategy<Value = Value> {
    (schema(), schema(), schema()).prop_map(|(mut root, d, e)| {
        if let Some(root) = root.as_object_mut() {
            root.insert("$defs".to_owned(), json!({"d": d, "e": e}));
        }
        root
    })
}

/// Every place of a schema where a member stands, as pointers.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    let step = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            out.push(step(name));
            places(value, &step(name), out);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(n, it)| places(it, &step(&n.to_string()), out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The schema with one member taken out, or with another keyword in its place.
fn mutated(schema: &Value, pick: usize, other: Option<(&str, Value)>) -> Value {
    let mut found = Vec::new();
    places(schema, "", &mut found);
    let mut out = schema.clone();
    let Some(place) = found.get(pick % found.len().max(1)) else { return out };
    let (parent, name) = place.rsplit_once('/').unwrap();
    if let Some(members) = out.pointer_mut(parent).and_then(Value::as_object_mut) {
        members.shift_remove(name);
        if let Some((name, value)) = other {
            members.insert(name.to_owned(), value);
        }
    }
    out
}

fn pair() -> impl Strategy<Value = (Value, Value)> {
    prop_oneof![
        1 => (document(), document()),
        4 => (document(), any::<usize>(), proptest::option::of(plain()), any::<bool>()).prop_map(
            |(schema, pick, other, swap)| {
                let new = mutated(&schema, pick, other);
                if swap { (new, schema) } else { (schema, new) }
            }
        ),
    ]
}

/// A validator, but for schemas that lead round in a circle: it would follow them for ever.
fn admits(schema: &Value) -> Option<jsonschema::Validator> {
    let refers = |part: &str, to: &str| schema.pointer(part).is_some_and(|it| it.to_string().contains(to));
    let circular = refers("/$defs/d", "\"#/$defs/d\"") || refers("/$defs/e", "\"#/$defs/");
    if circular { None } else { jsonschema::validator_for(schema).ok() }
}

/// The same cases each time: `MCPPOL_LAWS_CASES` tries more of them, and `MCPPOL_LAWS_SEED` begins elsewhere.
fn config() -> ProptestConfig {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let rng_seed = RngSeed::Fixed(number("MCPPOL_LAWS_SEED").unwrap_or(0).into());
    let cases = number("MCPPOL_LAWS_CASES").unwrap_or(500);
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_schema_is_like_itself(schema in document()) {
        prop_assert_eq!(compare(&schema, &schema.clone()), []);
    }

    #[test]
    fn nothing_is_admitted_unsaid((old, new) in pair(), calls in vec(arguments(), 40)) {
        let differences = compare(&old, &new);
        if differences.iter().all(|it| it.turn == Turn::Narrower)
            && let (Some(was), Some(is)) = (admits(&old), admits(&new))
        {
            for call in calls {
                let unsaid = !was.is_valid(&call) && is.is_valid(&call);
                prop_assert!(!unsaid, "{} is admitted now, and only {:?} is said", call, differences);
            }
        }
    }

    #[test]
    fn comparing_is_the_same_each_time((old, new) in pair()) {
        prop_assert_eq!(compare(&old, &new), compare(&old.clone(), &new.clone()));
    }
}

/// Found by the law above, with more cases.
#[test]
fn a_demand_that_went_with_a_property_that_came() {
    let old = json!({"required": ["b"]});
    let new = json!({"properties": {"b": {"type": "null"}}});
    assert!(compare(&old, &new).iter().any(|it| it.turn == Turn::Wider));
}

/// A place for a schema in another: what a server may wrap an argument in.
fn within(depth: u8, inner: &Value) -> Value {
    match depth % 7 {
        0 => json!({"properties": {"a": inner}, "type": "object", "required": ["a"]}),
        1 => json!({"type": "array", "items": inner, "maxItems": 4}),
        2 => json!({"allOf": [{"title": "t"}, inner]}),
        3 => json!({"anyOf": [inner, {"type": "null"}]}),
        4 => json!({"type": "array", "prefixItems": [inner], "items": false}),
        5 => json!({"oneOf": [{"type": "null"}, inner]}),
        _ => json!({"type": "object", "additionalProperties": inner}),
    }
}

#[test]
fn each_way_of_widening_is_found_at_any_place() {
    let ways = [
        (json!({"type": "string", "pattern": "^a"}), json!({"type": "string"})),
        (json!({"type": "string", "format": "uri"}), json!({"type": "string"})),
        (json!({"type": "string", "enum": ["a"]}), json!({"type": "string", "enum": ["a", "b"]})),
        (json!({"type": "string", "enum": ["a"]}), json!({"type": "string"})),
        (json!({"const": "a"}), json!({"type": "string"})),
        (json!({"const": "a"}), json!({"enum": ["a", "b"]})),
        (json!({"type": "string"}), json!({"type": ["string", "boolean"]})),
        (json!({"type": "string"}), json!({})),
        (json!({"type": "integer"}), json!({"type": "number"})),
        (json!({"type": "integer", "minimum": 1}), json!({"type": "integer", "exclusiveMinimum": -1})),
        (json!({"type": "number", "exclusiveMinimum": 1}), json!({"type": "number", "minimum": 1})),
        (json!({"type": "number", "maximum": 5}), json!({"type": "number", "maximum": 5.5})),
        (json!({"type": "number", "maximum": 5}), json!({"type": "number"})),
        (json!({"type": "integer", "multipleOf": 4}), json!({"type": "integer", "multipleOf": 6})),
        (json!({"type": "string", "minLength": 2}), json!({"type": "string", "minLength": 1})),
        (json!({"type": "string", "maxLength": 2}), json!({"type": "string"})),
        (json!({"type": "array", "minItems": 2}), json!({"type": "array"})),
        (json!({"type": "array", "maxItems": 2}), json!({"type": "array", "maxItems": 3})),
        (json!({"type": "array", "uniqueItems": true}), json!({"type": "array"})),
        (json!({"type": "array", "items": {"type": "string"}}), json!({"type": "array"})),
        (json!({"type": "object", "required": ["x"]}), json!({"type": "object"})),
        (json!({"type": "object", "additionalProperties": false}), json!({"type": "object"})),
        (
            json!({"type": "object", "properties": {"x": {}}, "additionalProperties": false}),
            json!({"type": "object", "properties": {"x": {}, "y": {}}, "additionalProperties": false}),
        ),
        (json!({"type": "object", "maxProperties": 2}), json!({"type": "object"})),
        (json!({"type": "string"}), json!({"anyOf": [{"type": "string"}, {"type": "array"}]})),
        (json!({"allOf": [{"type": "string"}, {"maxLength": 3}]}), json!({"allOf": [{"type": "string"}]})),
        (json!({"type": "string", "not": {"const": "x"}}), json!({"type": "string"})),
    ];
    for (old, new) in ways {
        for outer in 0..7 {
            for inner in 0..7 {
                let at =
                    |it: &Value| json!({"properties": {"arg": within(outer, &within(inner, it))}, "type": "object"});
                let by_name = |it: &Value| json!({"properties": {"arg": within(outer, &json!({"$ref": "#/$defs/d"}))}, "$defs": {"d": it}});
                for (was, is) in [(at(&old), at(&new)), (by_name(&old), by_name(&new))] {
                    let found = compare(&was, &is);
                    assert!(found.iter().any(|it| it.turn == Turn::Wider), "{was} to {is}: {found:?}");
                    let back = compare(&is, &was);
                    // of two multiples neither holds the other; where exactly one branch must hold, a wider one refuses more
                    let either = old.get("multipleOf").is_some() || outer == 5 || inner == 5;
                    let narrower = either || back.iter().all(|it| it.turn != Turn::Wider);
                    assert!(narrower && !back.is_empty(), "{is} to {was}: {back:?}");
                }
            }
        }
    }
}

/// The same in other words is the same.
/// It admits the same, and a call that leaves the argument out does something else.
#[test]
fn a_changed_default_is_told() {
    let arg = |it: Value| json!({"type": "object", "properties": {"dry_run": it}});
    let (on, off) = (json!({"type": "boolean", "default": true}), json!({"type": "boolean", "default": false}));
    let found = compare(&arg(on), &arg(off));
    let turns: Vec<_> = found.iter().map(|it| it.turn).collect();
    assert_eq!(turns, [Turn::Unclear]);
}

#[test]
fn other_words_for_the_same() {
    let arg = |it: Value| json!({"type": "object", "properties": {"x": it}});
    for (a, b) in [
        (json!({"type": ["string", "null"]}), json!({"anyOf": [{"type": "string"}, {"type": "null"}]})),
        (json!({"type": ["number", "integer"]}), json!({"type": "number"})),
        (json!({"const": 1}), json!({"enum": [1.0]})),
        (json!({"type": "integer", "exclusiveMinimum": 0}), json!({"type": "integer", "minimum": 1})),
        (json!({"type": "boolean"}), json!({"enum": [true, false]})),
        (json!({"type": "string", "title": "t", "description": "d"}), json!({"type": "string"})),
        (json!({"type": "array"}), json!({"type": "array", "items": true, "minItems": 0})),
        (json!({"type": "string", "maxLength": 3}), json!({"allOf": [{"type": "string"}, {"maxLength": 3}]})),
    ] {
        let (a, b) = (arg(a), arg(b));
        let turns =
            |found: Vec<_>| found.into_iter().map(|it: mcppol::drift::schema::Difference| it.turn).collect::<Vec<_>>();
        assert!(turns(compare(&a, &b)).iter().all(|it| *it == Turn::Narrower), "{a} {b} {:?}", compare(&a, &b));
        assert!(turns(compare(&b, &a)).iter().all(|it| *it == Turn::Narrower), "{b} {a} {:?}", compare(&b, &a));
    }
}

/// Large and circular schemas end, and what is not compared is said.
#[test]
fn schemas_without_end_are_compared() {
    let tree = |leaf: &str| {
        json!({"properties": {"t": {"$ref": "#/$defs/t"}}, "$defs": {"t": {"type": "object", "properties": {
            "leaf": {"type": leaf}, "left": {"$ref": "#/$defs/t"}, "right": {"$ref": "#/$defs/t"}}}}})
    };
    let found = compare(&tree("integer"), &tree("number"));
    assert_eq!(found.len(), 1, "{found:?}");
    let circle = json!({"$ref": "#"});
    assert!(!compare(&circle, &json!({"$ref": "#", "x": 1})).is_empty());
    let nested = |leaf: &str| {
        (0..120).fold(json!({"type": leaf}), |inner, _| json!({"properties": {"a": inner}, "type": "object"}))
    };
    assert!(!compare(&nested("string"), &nested("integer")).is_empty());
    let mut deep = json!({"type": "string"});
    let mut other = json!({"type": "integer"});
    for _ in 0..60 {
        deep = json!({"anyOf": [deep.clone(), {"type": "object", "properties": {"a": deep}}]});
        other = json!({"anyOf": [other.clone(), {"type": "object", "properties": {"a": other}}]});
        if deep.to_string().len() > 200_000 {
            break;
        }
    }
    assert!(!compare(&deep, &other).is_empty());
}
