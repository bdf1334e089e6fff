//! Known answers, many and terse.

use std::time::{Duration, Instant};

use mcppol::{
    catalog::{self, Tool},
    region::Answer,
};
use serde_json::{Value, json};

use super::{ask, read};

fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Call(call) => call.to_string(),
        Answer::None => "none".to_owned(),
        Answer::Unknown => "unknown".to_owned(),
    }
}

fn check(tool: Option<&Tool>, table: &[(&[&str], &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(question, wanted)| (question, *wanted, shown(&ask(tool, &read(question)))))
        .filter(|(_, wanted, found)| wanted != found)
        .map(|(question, wanted, found)| format!("{question:?}\n  is {found}\n  not {wanted}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_a_schema() {
    check(
        None,
        &[
            (&[], "{}"),
            (&["+args.a missing"], "{}"),
            (&["-args.a == 5"], "{}"),
            (&["+args.a exists"], r#"{"a":"a"}"#),
            (&["+args.a exists", "+args.a missing"], "none"),
            (&["-args.a exists", "-args.a missing"], "none"),
            (&["+args.a == 5", "+args.a == \"5\""], "none"),
            (&["+args.a == 5", "+args.a in [4, 5.0]"], r#"{"a":5}"#),
            (&["+args.a == 5", "-args.a in [4, 5.0]"], "none"),
            (&["+args.a in [\"x\", \"y\", true]", "+args.a not in [\"x\", true]"], r#"{"a":"y"}"#),
            (&["+args.a != 5"], r#"{"a":0}"#),
            (&["+args.a != true", "+args.a != false"], r#"{"a":"a"}"#),
            (&["-args.a != 5"], "{}"),
            (&["-args.a != 5", "+args.a exists"], r#"{"a":5}"#),
            (&["-args.a != 5", "+args.a != 5"], "none"),
            (&["+args.a > 4", "+args.a < 5"], r#"{"a":4.1}"#),
            (&["+args.a > 4", "+args.a < 4"], "none"),
            (&["+args.a >= 4", "+args.a <= 4"], r#"{"a":4}"#),
            (&["+args.a >= 4", "+args.a <= 4", "+args.a != 4"], "none"),
            (&["+args.a >= 4", "-args.a > 4"], r#"{"a":4}"#),
            (&["-args.a > 4", "-args.a <= 4", "+args.a exists"], r#"{"a":"a"}"#),
            (&["+args.a < 5", "-args.a < 10"], "none"),
            (&["+args.a > 1e308"], r#"{"a":1.0000000000000002e+308}"#),
            (&["+args.a > 5 or args.a < 3", "-args.a > 5"], r#"{"a":0}"#),
            (&["+args.a > 5 or args.b == 1", "+args.a < 3"], r#"{"a":0,"b":1}"#),
            (&["-args.a > 5 or args.a <= 5", "+args.a exists"], r#"{"a":"a"}"#),
            (&["-args.a == 1 and args.b == 1", "+args.a == 1"], r#"{"a":1}"#),
            (&["-args.a == 1 and args.b == 1", "+args.a == 1", "+args.b == 1"], "none"),
            // paths
            (&["+args.a.b == 1", "+args.a.c == 2"], r#"{"a":{"b":1,"c":2}}"#),
            (&["+args.a.b == 1", "+args.a missing"], "none"),
            (&["+args.a.b missing", "+args.a exists"], r#"{"a":"a"}"#),
            (&["+args.a.b == 1", "+args.a == 5"], "none"),
            (&["+args.a.b == 1", "+args.a != 5"], r#"{"a":{"b":1}}"#),
            (&["+args.a.b == 1", "-args.a.b.c missing"], "none"),
            (&["+args.a.b exists", "-args.a.b.c missing"], r#"{"a":{"b":{"c":"a"}}}"#),
            (&["-args.a.b == 1", "-args.a missing", "-args.a.b missing"], r#"{"a":{"b":0}}"#),
            (&["+args.a.b == 1", "+args[\"a.b\"] == 2"], r#"{"a":{"b":1},"a.b":2}"#),
            // lists and parts of texts
            (&["+args.a contains \"x\"", "+args.a contains \"y\""], r#"{"a":"xy"}"#),
            (&["+args.a contains \"x\"", "+args.a contains 5"], r#"{"a":["x",5]}"#),
            (&["+args.a contains \"x\"", "+args.a not contains \"x\""], "none"),
            (&["+args.a contains \"xy\"", "+args.a not contains \"x\""], r#"{"a":["xy"]}"#),
            (
                &[
                    "+args.a contains \"xy\"",
                    "+args.a not contains \"x\"",
                    "+args.a contains \"xy\" or args.a matches \".*\"",
                ],
                r#"{"a":["xy"]}"#,
            ),
            (&["+args.a contains \"x\"", "+args.a matches \".*y\""], r#"{"a":"xy"}"#),
            (&["+args.a contains \"aab\"", "+args.a not contains \"aaab\"", "+args.a matches \"a{3,}b\""], "none"),
            (&["+args.a contains \"\"", "+args.a matches \"b?\""], r#"{"a":""}"#),
            (&["+args.a not contains \"\"", "+args.a matches \".*\""], "none"),
            // patterns
            (&["+args.a matches \"a|b\"", "+args.a != \"a\""], r#"{"a":"b"}"#),
            (&["+args.a matches \"a|b\"", "+args.a not in [\"a\", \"b\"]"], "none"),
            (&["+args.a matches \"[ab]*\"", "+args.a not matches \"a*\""], r#"{"a":"b"}"#),
            (&["+args.a matches \"[a-z]{3}\"", "-args.a matches \"[a-z]+\""], "none"),
            (&["+args.a not matches \".*\""], r#"{"a":"\n"}"#),
            (
                &["+args.a not matches \".*\"", "+args.a not matches \"[^x]\"", "+args.a contains \"\""],
                r#"{"a":"a\n"}"#,
            ),
            (&["+args.a matches r\"[^\\x00-\\x7f]\"", "+args.a not matches \"é\""], r#"{"a":"Â"}"#),
            (&["-args.a not matches \"ab*\"", "+args.a exists"], r#"{"a":"a"}"#),
            (
                &["+args.a matches r\"\\bfoo\\b.*\"", "+args.a not contains \"o \"", "+args.a != \"foo\""],
                r#"{"a":"foo-"}"#,
            ),
            // guards
            (&["+args.p under \"/srv\"", "+args.p not under \"/srv/a\""], r#"{"p":"/srv"}"#),
            (&["+args.p under \"/srv/a\"", "-args.p under \"/srv\""], "none"),
            (&["+args.p under \"/srv\"", "+args.p under \"/etc\""], "none"),
            (&["+args.p under \"/srv\"", "+args.p not under \"/srv\""], "none"),
            (&["-args.p under \"/srv\"", "-args.p not under \"/srv\"", "+args.p exists"], r#"{"p":"a"}"#),
            (&["+args.p not under \"/a\"", "+args.p matches \"/a.*\""], r#"{"p":"/aa"}"#),
            (&["-args.p not under \"/a\"", "+args.p matches \"/.*\""], r#"{"p":"/a"}"#),
            (&["-args.p not under \"/a\"", "+args.p matches \"/[^.]*\"", "-args.p under \"/a\""], r#"{"p":"//"}"#),
            (&["+args.u host in [\"a.org\", \"b.org\"]", "-args.u host in [\"a.org\"]"], r#"{"u":"http://b.org"}"#),
            (&["+args.u host in [\"*.a.org\"]", "+args.u host in [\"x.a.org\"]"], r#"{"u":"https://x.a.org"}"#),
            (&["+args.u host in [\"x.a.org\"]", "-args.u host in [\"*.a.org\"]"], "none"),
            (&["+args.u host not in [\"a.org\"]", "+args.u host in [\"A.ORG\"]"], "none"),
            (&["+args.u host not in [\"a.org\"]"], r#"{"u":"https://example.org"}"#),
        ],
    );
}

fn tool(params: Value, schema: Option<Value>) -> Tool {
    let mut tool =
        json!({"name": "t", "category": "read", "risk": "low", "signals": [], "why": "test", "params": params});
    if let Some(schema) = schema {
        tool["schema"] = schema;
    }
    let server = json!({"format": 1, "id": "s", "name": "S", "source": "test", "tools": [tool]});
    catalog::parse(server.to_string().as_bytes()).unwrap().tools.remove(0)
}

#[test]
fn with_a_catalog() {
    let tool = tool(
        json!([
            {"name": "n", "type": ["integer"], "required": true},
            {"name": "s", "type": ["string", "null"], "required": true},
            {"name": "e", "type": ["string", "null"], "required": false, "enum": ["eur", "usd"]},
            {"name": "l", "type": ["array"], "required": false, "items": ["integer"]},
            {"name": "b", "type": ["boolean"], "required": false},
            {"name": "o", "type": ["object"], "required": false}
        ]),
        None,
    );
    check(
        Some(&tool),
        &[
            (&[], r#"{"n":0,"s":null}"#),
            (&["+args.n missing"], "none"),
            (&["+args.s missing"], r#"{"s":null,"n":0}"#),
            (&["+args.n > 4", "+args.n < 5"], "none"),
            (&["+args.n > 4", "+args.n < 6"], r#"{"n":5,"s":null}"#),
            (&["+args.n == 5.5"], "none"),
            (&["+args.n == 5.0"], r#"{"n":5,"s":null}"#),
            (&["-args.n <= 9", "-args.n > 9"], "none"),
            (&["+args.e exists"], r#"{"e":"eur","n":0,"s":null}"#),
            (&["+args.e != \"eur\""], r#"{"e":"usd","n":0,"s":null}"#),
            (&["+args.e not in [\"eur\", \"usd\"]"], "none"),
            (&["-args.e in [\"eur\", \"usd\"]"], r#"{"n":0,"s":null}"#),
            (&["+args.e matches \"..r\"", "+args.e != \"eur\""], "none"),
            (&["+args.l contains 5", "+args.l contains 6"], r#"{"l":[5,6],"n":0,"s":null}"#),
            (&["+args.l contains \"5\""], "none"),
            (&["+args.l contains 5.5"], "none"),
            (&["+args.l exists"], r#"{"l":[],"n":0,"s":null}"#),
            (&["+args.b != true"], r#"{"b":false,"n":0,"s":null}"#),
            (&["+args.b != true", "+args.b != false"], "none"),
            (&["+args.o exists"], r#"{"o":{},"n":0,"s":null}"#),
            (&["+args.o.x missing", "+args.o exists"], r#"{"o":{},"n":0,"s":null}"#),
            (&["+args.s != 5"], r#"{"s":"a","n":0}"#),
        ],
    );
}

#[test]
fn long_lists() {
    let names = |count: usize| (0..count).map(|n| format!("v{n}")).collect::<Vec<_>>();
    let tool = tool(json!([{"name": "e", "type": ["string"], "required": false, "enum": names(1_000)}]), None);
    let list = format!("args.e in {:?}", names(500));
    let (all, none) = (format!("+{list}"), format!("-{list}"));
    check(None, &[(&[&all, &none], "none")]);
    check(
        Some(&tool),
        &[
            (&["+args.e matches \"v[0-9]*\"", "+args.e not matches \"v.+\""], "none"),
            (&["+args.e exists", &none], r#"{"e":"v500"}"#),
            (&["+args.e not contains \"v\""], "none"),
        ],
    );
}

#[test]
fn with_a_whole_schema() {
    let params = json!([
        {"name": "n", "type": ["integer"], "required": true},
        {"name": "s", "type": ["string", "null"], "required": false},
        {"name": "u", "type": ["string"], "required": false},
        {"name": "h", "type": ["string"], "required": false},
        {"name": "m", "type": ["integer"], "required": false},
        {"name": "l", "type": ["array"], "required": false, "items": ["string"]},
        {"name": "o", "type": ["object"], "required": false},
        {"name": "i", "required": false},
        {"name": "w", "type": ["integer", "string"], "required": false},
        {"name": "v", "type": ["integer", "string"], "required": false}
    ]);
    let schema = json!({
        "type": "object",
        "required": ["n"],
        "properties": {
            "n": {"type": "integer", "minimum": 1, "exclusiveMaximum": 100},
            "s": {"anyOf": [{"type": "string", "minLength": 3, "maxLength": 5}, {"type": "null"}]},
            "u": {"type": "string", "format": "uri"},
            "h": {"type": "string", "pattern": "^[0-9a-f]{4}$"},
            "m": {"type": "integer", "multipleOf": 5},
            "l": {"type": "array", "items": {"$ref": "#/$defs/kind"}, "minItems": 1},
            "o": {"$ref": "#/$defs/place"},
            "i": {"if": {"type": "string"}, "then": {"minLength": 2}},
            "v": {"anyOf": [{"type": "string", "format": "uri"}, {"type": "integer"}]},
            "w": {"oneOf": [{"type": "integer", "maximum": 3}, {"type": "string"}]}
        },
        "$defs": {
            "kind": {"type": "string", "enum": ["x", "y"]},
            "place": {"type": "object", "required": ["z"], "properties": {"z": {"type": "number", "minimum": 7}}}
        }
    });
    check(
        Some(&tool(params.clone(), Some(schema.clone()))),
        &[
            (&[], r#"{"n":1}"#),
            (&["+args.n < 1"], "none"),
            (&["+args.n >= 99"], r#"{"n":99}"#),
            (&["+args.n > 99"], "none"),
            (&["+args.s contains \"abcdef\""], "none"),
            (&["+args.s exists"], r#"{"s":"aaa","n":1}"#),
            (&["+args.s matches \"x{2}y*\""], r#"{"s":"xxy","n":1}"#),
            (&["+args.s matches \"x|y\""], "none"),
            (&["+args.u exists"], "unknown"),
            (&["-args.u exists"], r#"{"n":1}"#),
            (&["+args.u matches \"a\"", "+args.u matches \"b\""], "none"),
            (&["+args.h exists"], r#"{"h":"aaaa","n":1}"#),
            (&["+args.h contains \"77\""], r#"{"h":"aa77","n":1}"#),
            (&["+args.h contains \"g\""], "unknown"),
            (&["+args.m exists"], r#"{"m":0,"n":1}"#),
            (&["+args.m > 1"], "unknown"),
            (&["+args.m > 10", "+args.m < 11"], "none"),
            (&["+args.l exists"], "unknown"),
            (&["+args.l contains \"x\""], r#"{"l":["x"],"n":1}"#),
            (&["+args.l contains \"z\""], "unknown"),
            (&["+args.o exists"], r#"{"o":{"z":7},"n":1}"#),
            (&["+args.o.z < 7"], "none"),
            (&["+args.o.z > 7", "+args.o.k == true"], r#"{"o":{"k":true,"z":8},"n":1}"#),
            (&["+args.i exists"], "unknown"),
            (&["+args.w > 2"], r#"{"w":3,"n":1}"#),
            (&["+args.w > 3"], "none"),
            (&["+args.v exists"], r#"{"v":0,"n":1}"#),
            (&["+args.v contains \"a\""], "unknown"),
        ],
    );
    let mut joined = schema;
    joined["dependentRequired"] = json!({"m": ["s"]});
    check(Some(&tool(params, Some(joined))), &[(&["+args.n == 5"], "unknown"), (&["+args.n == 500"], "none")]);
}

/// What is made to hurt is answered soon, and not wrongly.
#[test]
fn hostile_questions() {
    let ors = |count: usize, test: &dyn Fn(usize) -> String| (0..count).map(test).collect::<Vec<_>>().join(" or ");
    let many = format!("+args.a in [{}]", (0..20_000).map(|n| format!("\"v{n}\"")).collect::<Vec<_>>().join(", "));
    let others = many.replace("+args.a in", "+args.a not in");
    let pairs: Vec<String> =
        (0..300).map(|n| format!("+args.p{n} == 1 or args.q{n} == 1")).chain(["+args.p299 == 2".to_owned()]).collect();
    let knot: Vec<String> = (0..12).flat_map(|n| [format!("+{}", ors(11, &|m| format!("args.x{m} == {n}")))]).collect();
    let long = "x".repeat(3_000);
    for (question, wanted) in [
        (
            vec!["+args.a matches \"(a|b)*a(a|b){20}\"".to_owned(), "+args.a not matches \"a*\"".to_owned()],
            Some("unknown"),
        ),
        (
            vec!["+args.a matches \"(a|b)*a(a|b){20}\"".to_owned(), "+args.a matches \"[ac]*c\"".to_owned()],
            Some("none"),
        ),
        (vec!["+args.a matches \"(?:[^/]{0,100}/){0,10}\"".to_owned(), "+args.a not matches \"/*\"".to_owned()], None),
        (
            vec![
                format!("+args.a matches \"{}\"", (0..700).map(|n| format!("v{n}")).collect::<Vec<_>>().join("|")),
                "+args.a not contains \"v\"".to_owned(),
                "+args.a matches \".*\"".to_owned(),
            ],
            None,
        ),
        (
            vec![
                format!("+args.a contains \"{long}\""),
                format!("+args.a contains \"{long}y\""),
                "+args.a matches \"x*\"".to_owned(),
            ],
            Some("none"),
        ),
        (vec![format!("+args{} == 1", ".a".repeat(60))], None),
        (vec![format!("+args{} == 1", ".a".repeat(20_000))], Some("unknown")),
        (vec![format!("+args{} == 1", ".a".repeat(20_000)), "+args.a < 1".to_owned()], Some("none")),
        (vec![many.clone(), others], Some("unknown")),
        (pairs, None),
        (knot, None),
        (
            vec![
                format!("+{}", ors(60, &|n| format!("args.a == {n}"))),
                format!("-{}", ors(60, &|n| format!("args.a == {n}"))),
            ],
            Some("none"),
        ),
        (
            vec![
                "+args.a matches \".{900}\"".to_owned(),
                "+args.a not matches \".*x.{80}\"".to_owned(),
                "+args.a contains \"x\"".to_owned(),
            ],
            None,
        ),
    ] {
        let question: Vec<&str> = question.iter().map(String::as_str).collect();
        let conditions = read(&question);
        let begun = Instant::now();
        let answer = shown(&ask(None, &conditions));
        let took = begun.elapsed();
        let head: String = question[0].chars().take(60).collect();
        assert!(took < Duration::from_millis(500), "{head} took {took:?}");
        assert!(wanted.is_none_or(|wanted| answer == wanted), "{head} is {answer}");
    }
}
