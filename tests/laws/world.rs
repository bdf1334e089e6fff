//! Random servers: tools with awkward names, arguments of every type, and what their schemas admit.

use mcppol::catalog::{Category, ClassSource, Hints, JsonType, Param, Server, Signal, Tool, Types};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use JsonType::{Array, Boolean, Integer, Null, Number, Object, String as Text};

/// The name under which policies know the server.
pub(super) const SERVER: &str = "odd";

/// Dots and dashes, one name in two cases, reserved words, names that mean something to an engine (`*`, `_global`), a
/// blank one.
pub(crate) const TOOLS: [&str; 18] = [
    "get_user",
    "send",
    "Get_User",
    "get_user.v2",
    "a-b",
    "set",
    "list items",
    "a.b.c",
    "delete",
    "calls",
    "get_?",
    "ünï/x",
    "state",
    "_global",
    "x\"y\u{2028}",
    "GET_USER",
    "*",
    " ",
];

/// The arguments, each with the type that it has unless a tool says otherwise.
const PARAMS: [(&str, usize); 20] = [
    ("name", 0),
    ("amount", 1),
    ("price", 2),
    ("flag", 3),
    ("labels", 4),
    ("ids", 5),
    ("cfg", 7),
    ("any", 8),
    ("state", 9),
    ("id", 10),
    ("path", 0),
    ("url", 0),
    ("a.b", 0),
    ("odd key", 0),
    ("É\n", 0),
    ("mode", 11),
    ("level", 12),
    ("who", 13),
    ("mix", 16),
    ("list", 6),
];

#[derive(Debug, Clone)]
pub(crate) struct ToolSpec {
    name: usize,
    class: usize,
    params: Vec<(usize, usize, bool, bool)>,
}

pub(crate) fn tools() -> impl Strategy<Value = Vec<ToolSpec>> {
    // the first shape stands for the argument's own, so that most tools agree on it
    let shape = prop_oneof![3 => Just(0), 2 => 1..SHAPES + 1];
    let param = (0..PARAMS.len(), shape, any::<bool>(), prop::bool::weighted(0.15));
    // the last names make a target refuse the policy, so they are rare
    let name = prop_oneof![30 => 0..13_usize, 6 => 13..16_usize, 1 => 16..TOOLS.len()];
    let tool = (name, 0..6_usize, vec(param, 0..5));
    vec(tool.prop_map(|(name, class, params)| ToolSpec { name, class, params }), 1..5)
}

const SHAPES: usize = 19;

/// The types, the enum and the types of elements, by number.
fn shape(number: usize) -> (Types, Option<Vec<Value>>, Types) {
    let plain = |types: &[JsonType]| (Types::of(types), None, Types::ANY);
    let list = |items: &[JsonType]| (Types::of(&[Array]), None, Types::of(items));
    match number {
        0 => plain(&[Text]),
        1 => plain(&[Integer]),
        2 => plain(&[Number]),
        3 => plain(&[Boolean]),
        4 => list(&[Text]),
        5 => list(&[Number]),
        6 => plain(&[Array]),
        7 => plain(&[Object]),
        8 => (Types::ANY, None, Types::ANY),
        9 => (Types::of(&[Text]), Some(vec![json!("open"), json!("5"), json!("true"), json!("main")]), Types::ANY),
        10 => plain(&[Text, Number]),
        11 => plain(&[Text, Boolean]),
        12 => (Types::of(&[Integer]), Some(vec![json!(1), json!(5), json!(1_000_000)]), Types::ANY),
        13 => plain(&[Text, Array]),
        14 => plain(&[Boolean, Integer]),
        15 => list(&[Integer, Boolean]),
        16 => {
            let values = vec![json!("5"), json!(5), json!(true), json!("true"), json!("<nil>")];
            (Types::of(&[Text, Integer, Boolean]), Some(values), Types::ANY)
        }
        17 => plain(&[Object, Text]),
        _ => plain(&[Integer, Text, Array]),
    }
}

pub(crate) fn server(specs: &[ToolSpec]) -> Server {
    let mut tools: Vec<Tool> = Vec::new();
    for spec in specs {
        let name = TOOLS[spec.name];
        if tools.iter().any(|tool| tool.name == name) {
            continue;
        }
        let category = Category::ALL[spec.class];
        let mut params: Vec<Param> = Vec::new();
        for (param, own, required, nullable) in &spec.params {
            let (name, default) = PARAMS[*param];
            if params.iter().any(|param| param.name == name) {
                continue;
            }
            let (types, values, items) = shape(own.checked_sub(1).unwrap_or(default));
            let types = if *nullable { types.iter().chain([Null]).collect() } else { types };
            params.push(Param { name: name.to_owned(), types, required: *required, conditional: None, values, items });
        }
        tools.push(Tool {
            name: name.to_owned(),
            category,
            risk: category.risk(),
            signals: if spec.class == 0 { vec![Signal::Bulk] } else { Vec::new() },
            why: "made up".to_owned(),
            confidence: None,
            conditional: (spec.class == 1).then(|| "--all".to_owned()),
            hints: Hints::default(),
            description: None,
            schema: None,
            params,
            source: ClassSource::Pulled,
        });
    }
    tools.sort_by(|a, b| a.name.cmp(&b.name));
    Server {
        id: SERVER.to_owned(),
        name: "Odd".to_owned(),
        repository: None,
        registry: None,
        package: None,
        version: None,
        commit: None,
        origin: "made up".to_owned(),
        aliases: Vec::new(),
        tools,
    }
}

/// Whether a value is one that the argument's schema admits, as far as a catalog tells it.
pub(super) fn admits(param: &Param, value: &Value) -> bool {
    if !param.types.admits(value) {
        return false;
    }
    // a null is judged by the types alone
    let listed = || param.values.as_ref().is_none_or(|values| values.iter().any(|known| same(known, value)));
    let items = || value.as_array().is_none_or(|items| items.iter().all(|item| param.items.admits(item)));
    value.is_null() || listed() && items()
}

/// Equal as JSON Schema has it: numbers by value.
fn same(a: &Value, b: &Value) -> bool {
    a == b || a.is_number() && a.as_f64() == b.as_f64()
}

/// Whether a call is valid for the tool's input schema. Other arguments are not forbidden, and a tool that no catalog
/// knows forbids nothing.
pub(super) fn valid(tool: Option<&Tool>, args: &Value) -> bool {
    let Some(tool) = tool else { return true };
    tool.params.iter().all(|param| match args.get(&param.name) {
        Some(value) => admits(param, value),
        None => !param.required,
    })
}
