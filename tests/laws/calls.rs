//! Random calls, drawn for a policy: most values are near to what its conditions speak of.

use mcppol::{
    catalog::{JsonType, Param},
    hir::{
        Policy, RuleKind,
        checked::{Standing, ToolId},
        model::{Comparison, Condition, Literal, Op},
    },
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value, json};

use super::{
    traps::{NUMBERS, PLACES, TEXTS, json_number, number, printed, wild},
    world::admits,
};

#[derive(Debug, Clone)]
pub(super) struct CallSpec {
    tool: usize,
    /// Whether the arguments are made to fit the tool's schema.
    valid: bool,
    no_arguments: bool,
    picks: Vec<Pick>,
    /// What is used of the counters; 0 is nothing.
    pub(super) used: u64,
}

/// One argument: which, and what it is.
#[derive(Debug, Clone)]
struct Pick {
    slot: usize,
    kind: usize,
    what: usize,
}

pub(super) fn call() -> impl Strategy<Value = CallSpec> {
    let pick = (0..1024_usize, 0..10_usize, 0..4096_usize).prop_map(|(slot, kind, what)| Pick { slot, kind, what });
    let used = prop_oneof![1 => Just(0), 1 => any::<u64>()];
    (0..256_usize, prop::bool::weighted(0.6), prop::bool::weighted(0.03), vec(pick, 0..5), used)
        .prop_map(|(tool, valid, no_arguments, picks, used)| CallSpec { tool, valid, no_arguments, picks, used })
}

/// The tool and the arguments.
pub(super) fn resolve(spec: &CallSpec, policy: &Policy) -> (String, Value) {
    let strangers = ["unknown", "*", "GET_user", "", "_global", "mcp__odd__send"];
    let ids = policy.tools_by_name();
    // tools that arguments decide about come more often
    let judged = |id: &&ToolId| policy.standing(**id) == Standing::Callable && policy.rules_of(**id).nth(1).is_some();
    let more = ids.iter().filter(judged).flat_map(|id| [id; 4]);
    let known: Vec<&str> = ids.iter().chain(more).map(|id| policy.tool_name(*id)).collect();
    let name = match known.get(spec.tool % (known.len() + 1).max(8)) {
        Some(name) => *name,
        None => strangers[spec.tool % strangers.len()],
    };
    if spec.no_arguments {
        return (name.to_owned(), Value::Null);
    }
    let id = policy.tool(name);
    let rules = || id.into_iter().flat_map(|id| policy.rules_of(id));
    let mut tests: Vec<&Comparison> = Vec::new();
    let mut totals: Vec<(&[String], u64)> = Vec::new();
    for rule in rules() {
        match &rule.kind {
            RuleKind::Require(condition) | RuleKind::DenyIf(condition) | RuleKind::AskIf(condition) => {
                tests_of(condition, &mut tests);
            }
            RuleKind::Limit(rate) => {
                totals.extend(rate.argument.iter().map(|path| (&*path.segments, rate.max)));
            }
            RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide | RuleKind::LimitAll(_) => {}
        }
    }
    let params: &[Param] = id.and_then(|id| policy.entry(id)).map_or(&[], |tool| &tool.params);
    let mut args = Value::Object(Map::new());
    let put = |args: &mut Value, pick: &Pick| {
        // the arguments that the policy speaks of come three times as often
        let (tested, counted) = (tests.len() * 3, totals.len() * 3);
        let slot = pick.slot % (tested + counted + params.len() + 1);
        if let Some(test) = tests.get(slot / 3) {
            set(args, &test.path.segments, value(Some(test), pick));
        } else if let Some((path, max)) = totals.get(slot.saturating_sub(tested) / 3) {
            set(args, path, amount(*max, pick));
        } else if let Some(param) = params.get(slot.saturating_sub(tested + counted)) {
            let test = tests.iter().find(|test| *test.path.segments == [param.name.as_str()]);
            set(args, std::slice::from_ref(&param.name), value(test.copied(), pick));
        } else {
            set(args, &["extra".to_owned()], wild(pick.what));
        }
    };
    for pick in &spec.picks {
        put(&mut args, pick);
    }
    if spec.valid {
        for (nth, param) in params.iter().enumerate() {
            let given = args.get(&param.name);
            let fits = given.is_some_and(|value| admits(param, value));
            if !fits && (param.required || given.is_some()) {
                let what = spec.picks.iter().map(|pick| pick.what).sum::<usize>() + nth;
                set(&mut args, std::slice::from_ref(&param.name), fitting(param, what));
            }
        }
    }
    (name.to_owned(), args)
}

/// Sets the value at a path, making the objects on the way.
fn set(args: &mut Value, path: &[String], value: Value) {
    let mut at = args;
    for key in path {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        let Some(map) = at.as_object_mut() else { return };
        at = map.entry(key).or_insert(Value::Null);
    }
    *at = value;
}

pub(super) fn tests_of<'c>(condition: &'c Condition, out: &mut Vec<&'c Comparison>) {
    match condition {
        Condition::Test(test) => out.push(test),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| tests_of(part, out)),
    }
}

pub(super) fn literals(op: &Op) -> &[Literal] {
    match op {
        Op::Equal(one) | Op::NotEqual(one) | Op::Contains(one) | Op::NotContains(one) => std::slice::from_ref(one),
        Op::In(many) | Op::NotIn(many) => many,
        Op::Less(_)
        | Op::AtMost(_)
        | Op::Greater(_)
        | Op::AtLeast(_)
        | Op::Matches(_)
        | Op::NotMatches(_)
        | Op::Exists
        | Op::Missing
        | Op::Under(_)
        | Op::NotUnder(_)
        | Op::HostIn(_)
        | Op::HostNotIn(_) => &[],
    }
}

fn value(test: Option<&Comparison>, pick: &Pick) -> Value {
    match (pick.kind, test) {
        (0..=6, Some(test)) => near(&test.op, pick.what),
        (9, _) => json!(null),
        _ => wild(pick.what),
    }
}

/// What a test is about, or what only looks like it.
fn near(op: &Op, what: usize) -> Value {
    let literals = literals(op);
    if let Some(literal) = literals.get(what % literals.len().max(1)) {
        let what = what / literals.len();
        let listed = matches!(op, Op::Contains(_) | Op::NotContains(_));
        let value = alike(literal, what / 4);
        return if listed && what.is_multiple_of(4) { json!(["x", value]) } else { value };
    }
    match op {
        Op::Less(bound) | Op::AtMost(bound) | Op::Greater(bound) | Op::AtLeast(bound) => {
            alike(&Literal::Number(*bound), what)
        }
        Op::Matches(pattern) | Op::NotMatches(pattern) => match what % 4 {
            0 => json!(&**pattern),
            1 => json!(format!("x{pattern}")),
            2 => json!(TEXTS[what / 4 % TEXTS.len()].to_uppercase()),
            _ => json!(TEXTS[what / 4 % TEXTS.len()]),
        },
        Op::Under(_) | Op::NotUnder(_) | Op::HostIn(_) | Op::HostNotIn(_) => json!(PLACES[what % PLACES.len()]),
        _ => wild(what),
    }
}

/// What is equal to a literal, or only looks like it.
pub(super) fn alike(literal: &Literal, what: usize) -> Value {
    match literal {
        Literal::Text(text) => match what % 8 {
            0..=2 => json!(&**text),
            // what prints like it
            3..=4 => match text.parse() {
                Ok(number) => json_number(number),
                Err(_) if text.starts_with("map[]") => json!({}),
                Err(_) if text.starts_with("map[a:b c:1]") => json!({"a": "b", "c": 1}),
                Err(_) if text.starts_with("map[") => json!({"a": "b"}),
                Err(_) if text.starts_with('[') => {
                    text.trim_matches(['[', ']']).split_whitespace().map(|item| json!(item)).collect()
                }
                Err(_) if matches!(&**text, "true" | "false") => json!(&**text == "true"),
                Err(_) => json!(null),
            },
            5 => json!([&**text]),
            6 => json!(format!("a{text}\n")),
            _ => json!(text.to_uppercase()),
        },
        Literal::Number(n) => match what % 12 {
            0..=1 => json_number(*n),
            2 => json_number(n + 1.0),
            3 => json_number(n - 1.0),
            4 => json!(*n),
            5 => json!(n.next_up()),
            6 => json!(n.next_down()),
            7..=8 => json!(printed(*n)[what % 2]),
            9 => json!([json_number(*n)]),
            10 => json!(format!("{n}.0")),
            _ => json!(*n > 0.0),
        },
        Literal::Bool(b) => match what % 6 {
            0 => json!(b),
            1 => json!(!b),
            2 => json!(b.to_string()),
            3 => json!([b]),
            4 => json!(i32::from(*b)),
            _ => json!(null),
        },
    }
}

fn amount(max: u64, pick: &Pick) -> Value {
    let odd = [json!(0.99), json!(-1), json!("1"), json!(1.0), json!(1e300), json!(null), json!(-0.0), json!(u64::MAX)];
    match pick.what % 8 {
        0..=1 => json!(1),
        2 => json!(max),
        3 => json!(max + 1),
        4 => json!(max.saturating_sub(1)),
        5 => json!(0),
        _ => odd[pick.what / 8 % odd.len()].clone(),
    }
}

/// A value that the schema admits.
fn fitting(param: &Param, what: usize) -> Value {
    if let Some(values) = &param.values {
        let values: Vec<&Value> = values.iter().filter(|value| admits(param, value)).collect();
        return values.get(what % values.len().max(1)).map_or(Value::Null, |value| (*value).clone());
    }
    let types: Vec<JsonType> = param.types.iter().collect();
    let which = what / types.len();
    let of = |ty: JsonType, which: usize| match ty {
        JsonType::Null => json!(null),
        JsonType::Boolean => json!(which.is_multiple_of(2)),
        JsonType::Integer => json!([5, 1, 0, 1_000_000, -5, 100][which % 6]),
        JsonType::Number => json_number(number(NUMBERS[which % NUMBERS.len()])),
        JsonType::String => json!(TEXTS[which % TEXTS.len()]),
        JsonType::Array => json!([]),
        JsonType::Object => json!({"level": wild(which), "deep": {"x": wild(which / 7)}}),
    };
    match types[what % types.len()] {
        JsonType::Array => {
            let items: Vec<JsonType> = param.items.iter().collect();
            (0..which % 3).map(|nth| of(items[nth % items.len()], which + nth)).collect()
        }
        ty => of(ty, which),
    }
}
