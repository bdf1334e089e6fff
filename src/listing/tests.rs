//! Listings: what is read of them, and what their schemas say of arguments.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::catalog::{ClassSource, JsonType, Tool, Types};

fn message(value: &Value) -> String {
    read(value.to_string().as_bytes()).unwrap_err().to_string()
}

#[test]
fn read_in_every_wrapping() {
    let tool = json!({
        "name": "t", "title": "T", "description": "d", "outputSchema": {"type": "object"},
        "annotations": {"title": "other", "readOnlyHint": true, "destructiveHint": null, "category": "x"},
        "inputSchema": {"type": "object", "properties": {"a": {"type": "string", "description": "d"}}},
    });
    for wrapped in [
        json!([tool]),
        json!({"tools": [tool], "nextCursor": null}),
        json!({"jsonrpc": "2.0", "id": 1, "result": {"tools": [tool]}}),
    ] {
        let [read] = &read(wrapped.to_string().as_bytes()).unwrap()[..] else { panic!("one tool") };
        assert_eq!(
            (read.name.as_str(), read.title.as_deref(), read.description.as_deref()),
            ("t", Some("T"), Some("d"))
        );
        assert_eq!(read.hints, Hints { read_only: Some(true), ..Hints::default() });
        assert_eq!(read.schema, json!({"properties": {"a": {"type": "string"}}, "type": "object"}));
        assert_eq!(read.params.len(), 1);
    }
    let bare = read(br#"[{"name": "a"}, {"name": "b", "inputSchema": null}, {"name": "a"}]"#).unwrap();
    assert_eq!(bare.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn slips_are_errors() {
    let nothing = "no list of tools: neither an answer to `tools/list` nor an array";
    for value in [json!({}), json!(1), json!({"tools": {}}), json!({"error": {"code": -32601}})] {
        assert_eq!(message(&value), nothing, "{value}");
    }
    assert!(read(b"[").unwrap_err().to_string().starts_with("not JSON: "));
    let long = "x".repeat(MAX_NAME_CHARS + 1);
    for (tools, expected) in [
        (json!([{"name": "a"}, 1]), "tool 2 of the listing is not an object"),
        (json!([{}]), "tool 1 of the listing has no `name`"),
        (json!([{"name": ""}]), "tool 1 of the listing has an empty name"),
        (json!([{"name": "a", "inputSchema": 1}]), "the tool `a` has an `inputSchema` that is not an object"),
        (json!([{"name": "a", "description": {}}]), "the tool `a` has a `description` that is not a text"),
        (json!([{"name": "a"}, {"name": "a", "title": "x"}]), "the tool `a` is listed twice, in different words"),
        (
            json!([{"name": "a", "inputSchema": {"properties": {"": {}}}}]),
            "the tool `a` has an argument whose name has 0 characters, 1 to 512 are allowed",
        ),
    ] {
        assert_eq!(message(&tools), expected);
    }
    assert!(message(&json!([{"name": long}])).starts_with("tool 1 of the listing has a name of 513 characters"));
}

/// `name: types [values] (items), required with a star`, in one line.
fn shown(schema: &Value) -> String {
    let one = |param: &Param| {
        let values = param.values.as_ref().map(|it| format!(" {}", Value::Array(it.clone()))).unwrap_or_default();
        let items = if param.items.is_any() { String::new() } else { format!(" of {}", param.items) };
        format!("{}{}: {}{items}{values}", param.name, if param.required { "*" } else { "" }, param.types)
    };
    params(schema).iter().map(one).collect::<Vec<_>>().join("; ")
}

#[test]
fn arguments_of_a_schema() {
    let one = |property: Value| shown(&json!({"properties": {"p": property}}));
    for (property, expected) in [
        (json!({}), "p: any value"),
        (json!(true), "p: any value"),
        (json!({"type": "string"}), "p: string"),
        (json!({"type": ["string", "null"]}), "p: string or null"),
        (json!({"type": ["string", "file"]}), "p: any value"),
        (json!({"type": "array", "items": {"type": "integer"}}), "p: array of integer"),
        (json!({"enum": ["a", "b"]}), r#"p: string ["a","b"]"#),
        (json!({"type": "string", "enum": ["a", null], "nullable": true}), r#"p: string or null ["a",null]"#),
        (json!({"const": 5}), "p: integer [5]"),
        (json!({"anyOf": [{"type": "string"}, {"type": "null"}]}), "p: string or null"),
        (json!({"anyOf": [{"enum": ["a"]}, {"type": "null"}]}), r#"p: string or null ["a"]"#),
        (json!({"anyOf": [{"const": "a"}, {"const": "b"}]}), r#"p: string ["a","b"]"#),
        (json!({"oneOf": [{"enum": ["a"]}, {"type": "string"}]}), "p: string"),
        (json!({"allOf": [{"type": ["string", "integer"]}, {"type": "number"}]}), "p: integer"),
        (
            json!({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}),
            "p: string or array of string",
        ),
        (json!({"type": "string", "allOf": [{"type": "integer"}]}), "p: any value"),
        (json!({"$ref": "#/nowhere"}), "p: any value"),
        (json!({"$ref": "https://example.test/x"}), "p: any value"),
    ] {
        assert_eq!(one(property.clone()), expected, "{property}");
    }
    for (schema, expected) in [
        (json!({}), ""),
        (json!(true), ""),
        (
            json!({"properties": {"b": {}, "a": {"type": "string"}}, "required": ["a", "c"]}),
            "b: any value; a*: string; c*: any value",
        ),
        (
            json!({"$ref": "#/$defs/t", "$defs": {"t": {"properties": {"a": {"$ref": "#/$defs/s"}}}, "s": {"type": "string"}}}),
            "a: string",
        ),
        (json!({"$ref": "#", "properties": {"a": {"$ref": "#/properties/a"}}}), "a: any value"),
        (
            json!({"oneOf": [
                {"properties": {"a": {"type": "string"}, "b": {}}, "required": ["a", "b"]},
                {"properties": {"a": {"type": "integer"}}, "required": ["a"]},
            ]}),
            "a: integer or string; b: any value",
        ),
        (
            json!({"properties": {"a": {"type": "string"}}, "allOf": [{"required": ["a"]}, {"properties": {"b": {"type": "null"}}}]}),
            "a*: string; b: null",
        ),
    ] {
        assert_eq!(shown(&schema), expected, "{schema}");
    }
}

#[test]
fn normal_keeps_names_and_data() {
    let schema = json!({
        "type": "object", "description": "d", "x-vendor": 1,
        "properties": {
            "default": {"type": "string", "default": "x", "enum": ["description", "title"]},
            "const": {"const": {"title": "kept"}},
        },
        "required": ["default"], "additionalProperties": {"title": "t", "type": "string"},
    });
    let expected = json!({
        "additionalProperties": {"type": "string"},
        "properties": {"default": {"default": "x", "enum": ["description", "title"], "type": "string"}, "const": {"const": {"title": "kept"}}},
        "required": ["default"], "type": "object",
    });
    assert_eq!(normal(&schema).to_string(), expected.to_string());
}

fn tool(name: &str, params: Vec<Param>) -> Tool {
    let mut value = json!({"name": name, "category": "read", "risk": "low", "signals": [], "why": "w", "params": []});
    value["params"] = serde_json::to_value(params).unwrap();
    serde_json::from_value(value).unwrap()
}

#[test]
fn switches_add() {
    let param = |name: &str, types: &[JsonType], required, values: Option<Vec<Value>>| Param {
        name: name.to_owned(),
        types: Types::of(types),
        required,
        conditional: None,
        values,
        items: Types::ANY,
    };
    let text = [JsonType::String];
    let mut server = crate::catalog::parse(br#"{"format":1,"id":"a","name":"A","source":"s","tools":[]}"#).unwrap();
    server.tools =
        vec![tool("m", vec![param("a", &text, true, Some(vec![json!("x")])), param("b", &text, true, None)])];
    let switched = vec![
        tool("z", Vec::new()),
        tool("m", vec![param("a", &[JsonType::Null], true, Some(vec![json!("y")])), param("c", &text, true, None)]),
        tool("c", Vec::new()),
    ];
    merge(&mut server, switched, "--all");
    let names: Vec<_> = server.tools.iter().map(|it| (it.name.as_str(), it.conditional.as_deref())).collect();
    assert_eq!(names, [("c", Some("--all")), ("m", None), ("z", Some("--all"))]);
    let expected = vec![
        param("a", &[JsonType::String, JsonType::Null], true, Some(vec![json!("x"), json!("y")])),
        param("b", &text, false, None),
        Param { conditional: Some("--all".to_owned()), ..param("c", &text, false, None) },
    ];
    assert_eq!(server.tool("m").unwrap().params, expected);
    assert_eq!(server.tool("m").unwrap().source, ClassSource::Pulled);
}

fn any_schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        prop::sample::select(vec!["string", "integer", "number", "boolean", "array", "object", "null"])
            .prop_map(|ty| json!({ "type": ty })),
        prop::collection::vec(
            prop::sample::select(vec![json!("a"), json!(1), json!(1.5), json!(null), json!(true)]),
            1..3
        )
        .prop_map(|values| json!({ "enum": values })),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({ "anyOf": all })),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({ "allOf": all })),
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            (inner, prop::sample::select(vec!["string", "integer"]))
                .prop_map(|(other, ty)| json!({ "type": ty, "oneOf": [other] })),
        ]
    })
}

proptest! {
    /// What a catalog notes of an argument admits every value that the schema admits.
    #[test]
    fn never_narrower_than_the_schema(property in any_schema()) {
        let [param] = &params(&json!({"properties": {"p": property}}))[..] else { panic!("one argument") };
        let validator = jsonschema::validator_for(&property).unwrap();
        for value in [json!("a"), json!("b"), json!(1), json!(1.5), json!(null), json!(true), json!([]), json!([1]), json!({})] {
            if validator.is_valid(&value) {
                prop_assert!(param.types.admits(&value), "{param:?} refuses {value}");
                let listed = param.values.as_ref().is_none_or(|values| value.is_null() || values.contains(&value));
                prop_assert!(listed, "{param:?} does not list {value}");
                if let Value::Array(items) = &value {
                    prop_assert!(items.iter().all(|item| param.items.admits(item)), "{param:?} refuses an item of {value}");
                }
            }
        }
    }

    #[test]
    fn normal_is_idempotent_and_admits_the_same(property in any_schema()) {
        let once = normal(&property);
        prop_assert_eq!(normal(&once).to_string(), once.to_string());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = read(&bytes);
    }
}
