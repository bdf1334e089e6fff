//! Every answer is right: for random tools and conditions, what is found is as wanted and valid, and where nothing is
//! found nothing near to the literals is either. The judge of conditions is the evaluator's; validity has a referee
//! here, and that of whole schemas one that shares no code with this program.
//!
//! `MCPPOL_LAWS_CASES` sets the number of cases, `MCPPOL_LAWS_SEED` begins elsewhere.

use std::{cell::RefCell, env};

use mcppol::{
    catalog::{Category, ClassSource, Hints, JsonType, Param, Tool, Types},
    eval::Judge,
    hir::model::{Comparison, Condition, Literal, Op, Path},
    region::{Answer, Regions, Wanted},
    text::{FileId, Span},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use serde_json::{Map, Value, json};

const CASES: u32 = 1_500;
/// How many calls are tried where it is said that there is none.
const CALLS: u64 = 200;

const PATHS: [&[&str]; 8] = [&["a"], &["b"], &["a", "x"], &["a", "y"], &["a", "x", "z"], &["c"], &["c", "x"], &["d"]];
const TEXTS: [&str; 11] = ["a", "b", "ab", "", "5", "/a", "/b", "/a/b", "//", "https://a.b", "é"];
const NUMBERS: [f64; 8] = [0.0, 1.0, 2.0, 2.5, -1.0, -0.0, 1e300, 5.0];
const PATTERNS: [&str; 10] = ["a*", "[ab]+", "a|b|ab", ".*b", "", "(a|b){2}", r"\w\b.*", "[^a]", "/a(/.*)?", "(?i)A.?"];
const DIRECTORIES: [&str; 3] = ["/", "/a", "/a/b"];
const HOSTS: [&[&str]; 4] = [&["a.b"], &["*.b"], &["a.b", "c.d"], &["127.0.0.1"]];

fn literal(few: bool) -> impl Strategy<Value = Literal> {
    let (texts, numbers) = if few { (3, 3) } else { (TEXTS.len(), NUMBERS.len()) };
    prop_oneof![
        3 => select(&TEXTS[..texts]).prop_map(|text| Literal::Text(text.into())),
        3 => select(&NUMBERS[..numbers]).prop_map(Literal::Number),
        1 => any::<bool>().prop_map(Literal::Bool),
    ]
}

fn op(patterns: bool, few: bool) -> BoxedStrategy<Op> {
    let number = || select(&NUMBERS[..if few { 3 } else { NUMBERS.len() }]);
    let literal = || literal(few);
    let plain = prop_oneof![
        2 => literal().prop_map(Op::Equal),
        2 => literal().prop_map(Op::NotEqual),
        1 => number().prop_map(Op::Less),
        1 => number().prop_map(Op::AtMost),
        1 => number().prop_map(Op::Greater),
        1 => number().prop_map(Op::AtLeast),
        1 => vec(literal(), 1..4).prop_map(Op::In),
        1 => vec(literal(), 1..4).prop_map(Op::NotIn),
        1 => literal().prop_map(Op::Contains),
        1 => literal().prop_map(Op::NotContains),
        1 => Just(Op::Exists),
        1 => Just(Op::Missing),
    ];
    if !patterns {
        return plain.boxed();
    }
    let pattern = || select(&PATTERNS[..]).prop_map(Box::from);
    let directory = || select(&DIRECTORIES[..]).prop_map(Box::from);
    let hosts = || select(&HOSTS[..]).prop_map(|hosts| hosts.iter().map(|host| Box::from(*host)).collect::<Vec<_>>());
    prop_oneof![
        6 => plain,
        2 => pattern().prop_map(Op::Matches),
        2 => pattern().prop_map(Op::NotMatches),
        1 => directory().prop_map(Op::Under),
        1 => directory().prop_map(Op::NotUnder),
        1 => hosts().prop_map(Op::HostIn),
        1 => hosts().prop_map(Op::HostNotIn),
    ]
    .boxed()
}

fn test(patterns: bool, few: bool, paths: &'static [&'static [&'static str]]) -> impl Strategy<Value = Condition> {
    let span = Span { file: FileId::default(), start: 0, end: 0 };
    (select(paths), op(patterns, few)).prop_map(move |(path, op)| {
        let segments = path.iter().map(|segment| (*segment).to_owned()).collect();
        Condition::Test(Comparison { span, path: Path { segments, span }, op, operand: span })
    })
}

/// Conditions of every form, or several tests of one argument with few literals, which often leave little or nothing.
fn conditions() -> impl Strategy<Value = Vec<(Condition, bool)>> {
    any::<(bool, bool)>().prop_flat_map(|(patterns, one)| {
        if one {
            return vec((test(patterns, true, &PATHS[..1]), any::<bool>()), 2..5).boxed();
        }
        let condition = test(patterns, false, &PATHS).prop_recursive(3, 10, 4, |inner| {
            prop_oneof![vec(inner.clone(), 1..4).prop_map(Condition::All), vec(inner, 1..4).prop_map(Condition::Any)]
        });
        vec((condition, any::<bool>()), 1..4).boxed()
    })
}

fn param(name: &'static str) -> impl Strategy<Value = Param> {
    let types = subsequence(JsonType::ALL.to_vec(), 1..=3).prop_map(|types| Types::of(&types));
    let types = prop_oneof![1 => Just(Types::ANY), 4 => types];
    let values = vec(select(vec![json!("a"), json!("ab"), json!(1), json!(2.0), json!(2.5), json!(true)]), 1..4);
    let items = prop_oneof![Just(Types::ANY), select(&JsonType::ALL[..]).prop_map(|ty| Types::of(&[ty]))];
    let parts = (types, prop::option::weighted(0.2, values), items, any::<bool>());
    parts.prop_map(move |(types, values, items, required)| {
        // as a listing has it: of values of other types nothing is left
        let values = values.map(|values| values.into_iter().filter(|value| types.admits(value)).collect::<Vec<_>>());
        let values = values.filter(|values| !values.is_empty());
        Param { name: name.to_owned(), types, required, conditional: None, values, items }
    })
}

/// A schema of one argument, of keywords that are understood, and now and then one that is not.
fn schema() -> impl Strategy<Value = Value> {
    let keyword = prop_oneof![
        4 => select(vec!["integer", "number", "string", "array", "object", "boolean"]).prop_map(|ty| json!({"type": ty})),
        1 => Just(json!({"type": ["string", "null"]})),
        1 => (0..3_i64).prop_map(|n| json!({"minimum": n})),
        1 => (0..3_i64).prop_map(|n| json!({"exclusiveMaximum": n})),
        1 => (0..3_usize).prop_map(|n| json!({"minLength": n})),
        1 => (0..3_usize).prop_map(|n| json!({"maxLength": n})),
        1 => select(&["^a", "b$", "[0-9]", "^/a?$"][..]).prop_map(|it| json!({"pattern": it})),
        1 => (0..3_usize).prop_map(|n| json!({"minItems": n})),
        1 => (0..2_usize).prop_map(|n| json!({"maxItems": n})),
        1 => vec(select(vec![json!("a"), json!(1), json!(null)]), 1..3).prop_map(|it| json!({"enum": it})),
        1 => Just(json!({"multipleOf": 2})),
        1 => Just(json!({"uniqueItems": true, "items": {"type": "string", "maxLength": 1}})),
        1 => Just(json!({"properties": {"x": {"type": "integer", "minimum": 1}, "y": {"const": "a"}}, "required": ["x"]})),
        1 => Just(json!({"if": {"type": "string"}, "then": {"minLength": 2}})),
        1 => Just(json!({"not": {"const": "a"}})),
    ];
    let joined = vec(keyword, 1..4).prop_map(|parts| {
        let members = parts.into_iter().flat_map(|part| part.as_object().cloned().unwrap_or_default());
        Value::Object(members.collect::<Map<_, _>>())
    });
    joined.prop_recursive(2, 4, 2, |inner| {
        (select(&["anyOf", "oneOf", "allOf"][..]), vec(inner, 1..3)).prop_map(|(name, list)| json!({name: list}))
    })
}

#[derive(Debug, Clone)]
enum Known {
    Nothing,
    Params(Vec<Param>),
    Schema(Value),
}

fn known() -> impl Strategy<Value = Known> {
    let whole = (schema(), schema(), schema(), subsequence(vec!["a", "b", "c"], 0..=3));
    let whole = whole.prop_map(
        |(a, b, c, required)| json!({"type": "object", "properties": {"a": a, "b": b, "c": c}, "required": required}),
    );
    prop_oneof![
        Just(Known::Nothing),
        (param("a"), param("b"), param("c")).prop_map(|(a, b, c)| Known::Params(vec![a, b, c])),
        whole.prop_map(Known::Schema),
    ]
}

impl Known {
    /// What is promised of a call: of a whole schema nothing beyond the arguments that the conditions name.
    fn of(&self, conditions: &[(Condition, bool)]) -> Known {
        fn names(condition: &Condition, name: &str) -> bool {
            match condition {
                Condition::Test(test) => test.path.segments[0] == name,
                Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| names(part, name)),
            }
        }
        let mut known = self.clone();
        if let Known::Schema(schema) = &mut known {
            for (name, property) in schema["properties"].as_object_mut().unwrap() {
                if !conditions.iter().any(|(condition, _)| names(condition, name)) {
                    *property = Value::Bool(true);
                }
            }
        }
        known
    }
}

fn tool(known: &Known) -> Option<Tool> {
    let (params, schema) = match known {
        Known::Nothing => return None,
        Known::Params(params) => (params.clone(), None),
        Known::Schema(schema) => (mcppol::listing::params(schema), Some(schema.clone())),
    };
    Some(Tool {
        name: "t".to_owned(),
        category: Category::Read,
        risk: Category::Read.risk(),
        signals: Vec::new(),
        why: "made up".to_owned(),
        confidence: None,
        conditional: None,
        hints: Hints::default(),
        description: None,
        schema,
        params,
        source: ClassSource::Pulled,
    })
}

/// Whether a call is valid, written anew.
fn valid(known: &Known, call: &Value) -> bool {
    match known {
        Known::Nothing => true,
        Known::Schema(schema) => jsonschema::validator_for(schema).unwrap().is_valid(call),
        Known::Params(params) => params.iter().all(|param| {
            let Some(value) = call.get(&param.name) else { return !param.required };
            let of = |types: Types, value: &Value| match value {
                Value::Number(n) if n.as_f64().unwrap().fract() != 0.0 => types.contains(JsonType::Number),
                Value::Number(_) => types.contains(JsonType::Number) || types.contains(JsonType::Integer),
                other => types.contains(JsonType::of(other)),
            };
            let same = |known: &Value| match (known.as_f64(), value.as_f64()) {
                (Some(a), Some(b)) => a == b,
                _ => known == value,
            };
            of(param.types, value)
                && (value.is_null() || param.values.as_ref().is_none_or(|values| values.iter().any(same)))
                && value.as_array().is_none_or(|items| items.iter().all(|item| of(param.items, item)))
        }),
    }
}

/// Numbers that follow each other without a pattern.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides as u64).unwrap()
    }

    /// A value near to the literals.
    fn value(&mut self, depth: usize) -> Option<Value> {
        Some(match self.roll(if depth > 2 { 8 } else { 10 }) {
            0 => return None,
            1 => Value::Null,
            2 => Value::Bool(self.roll(2) == 0),
            3 | 4 => {
                let number = NUMBERS[self.roll(NUMBERS.len())] + [0.0, 0.0, 1.0, -1.0, 0.5, 0.1][self.roll(6)];
                if number.fract() == 0.0 && number.abs() < 1e15 { json!(number as i64) } else { json!(number) }
            }
            5 | 6 => Value::from(TEXTS[self.roll(TEXTS.len())]),
            7 => {
                let more = ["", "a", "b", "\n", "/", "x", "https://c.d", ".b/"];
                let part = TEXTS[self.roll(TEXTS.len())];
                json!(format!("{}{part}{}", more[self.roll(8)], more[self.roll(8)]))
            }
            8 => (0..self.roll(4)).filter_map(|_| self.value(3)).collect(),
            _ => self.object(&["x", "y", "z"], depth + 1),
        })
    }

    fn object(&mut self, names: &[&str], depth: usize) -> Value {
        let members = names.iter().filter_map(|name| Some(((*name).to_owned(), self.value(depth)?)));
        Value::Object(members.collect())
    }
}

#[derive(Default, Debug)]
struct Tally {
    calls: usize,
    none: usize,
    unknown: usize,
    unknown_with_schema: usize,
}

fn law(
    known: &Known,
    conditions: &[(Condition, bool)],
    seed: u64,
    regions: &mut Regions,
    tally: &mut Tally,
) -> Result<(), String> {
    let tool = tool(known);
    let wanted: Vec<Wanted<'_>> =
        conditions.iter().map(|(condition, holds)| Wanted { condition, holds: *holds }).collect();
    let mut judge = Judge::default();
    conditions.iter().for_each(|(condition, _)| judge.learn(condition));
    let judged =
        |call: &Value| conditions.iter().all(|(condition, holds)| judge.holds(condition, call).unwrap() == *holds);
    let answer = regions.find(tool.as_ref(), &wanted);
    if answer != Regions::new().find(tool.as_ref(), &wanted) {
        return Err("it depends on what was asked before".to_owned());
    }
    match answer {
        Answer::Call(call) if judged(&call) && valid(&known.of(conditions), &call) => tally.calls += 1,
        Answer::Call(call) => return Err(format!("{call} is not as wanted, or not valid")),
        Answer::None => {
            tally.none += 1;
            let mut dice = Dice(seed);
            for nth in 0..CALLS {
                let names = if nth % 2 == 0 { &["a"][..] } else { &["a", "b", "c", "d"] };
                let call = dice.object(names, 0);
                if judged(&call) && valid(known, &call) {
                    return Err(format!("none is said to be, but {call} is"));
                }
            }
        }
        Answer::Unknown if matches!(known, Known::Schema(_)) => tally.unknown_with_schema += 1,
        Answer::Unknown => tally.unknown += 1,
    }
    Ok(())
}

#[test]
fn every_answer_is_right() {
    let number = |name| env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let cases = number("MCPPOL_LAWS_CASES").unwrap_or(CASES);
    let mut seed = [11; 32];
    seed[..4].copy_from_slice(&number("MCPPOL_LAWS_SEED").unwrap_or(0).to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 50_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let state = RefCell::new((Regions::new(), Tally::default()));
    let outcome = runner.run(&(known(), conditions(), any::<u64>()), |(known, conditions, seed)| {
        let (regions, tally) = &mut *state.borrow_mut();
        law(&known, &conditions, seed, regions, tally)
            .map_err(|why| TestCaseError::fail(format!("{why}\n{known:?}\n{conditions:?}")))
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{}", reason.message()),
        Err(other) => panic!("{other}"),
    }
    let (_, tally) = state.into_inner();
    let cases = cases as usize;
    assert!(tally.calls * 3 > cases && tally.none * 10 > cases, "too few of a kind: {tally:?}");
    // what is unknown without a schema was found and refused by the judge, which must not be
    assert_eq!(tally.unknown, 0, "{tally:?}");
    assert!(tally.unknown_with_schema * 5 < cases, "{tally:?}");
}
