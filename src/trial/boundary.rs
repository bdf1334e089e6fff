//! The values at which a test of a condition changes its mind.

use serde_json::{Map, Value};

use crate::{
    catalog::Param,
    eval::Judge,
    hir::model::{Literal, Op},
    region::{literal_value, number},
};

/// What is tried at the place of a test: a value, or that there is none.
pub(super) type Tried = Option<Value>;

/// Values on both sides of a test, close together where it has a boundary. `yes` and `no` are a value for which it
/// holds and one for which it does not, where such are known; `param` is the argument, where the test is about one.
pub(super) fn values(
    op: &Op,
    param: Option<&Param>,
    yes: Option<&Value>,
    no: Option<&Value>,
    judge: &Judge,
) -> Vec<Tried> {
    let given = || [yes, no].into_iter().flatten().cloned().collect::<Vec<_>>();
    let texts = |texts: &[String]| texts.iter().map(|text| Value::from(text.as_str())).collect::<Vec<_>>();
    let mut out = match op {
        Op::AtMost(bound) | Op::Greater(bound) => vec![number(*bound), number(beside(*bound, 1.0, param))],
        Op::Less(bound) | Op::AtLeast(bound) => vec![number(*bound), number(beside(*bound, -1.0, param))],
        Op::Equal(value) | Op::NotEqual(value) => sides(std::slice::from_ref(value), param),
        Op::In(values) | Op::NotIn(values) => sides(values, param),
        Op::Matches(_) | Op::NotMatches(_) => {
            // what stands before and after a match shows that the whole text is meant
            let holds = |value: &Value| judge.value(op, Some(value)).unwrap_or(false);
            let matching = [yes, no].into_iter().flatten().find(|value| holds(value) == matches!(op, Op::Matches(_)));
            let around = matching.and_then(Value::as_str).map(|text| texts(&[format!("{text}!"), format!("!{text}")]));
            let around =
                around.into_iter().flatten().find(|value| matching.is_some_and(|it| holds(value) != holds(it)));
            match (matching, around) {
                (Some(matching), Some(around)) => vec![matching.clone(), around],
                _ => given(),
            }
        }
        Op::Under(directory) | Op::NotUnder(directory) => {
            let at = directory.trim_end_matches('/');
            let mut out = texts(&[directory.to_string(), format!("{at}/file")]);
            // a neighbour whose name begins alike; the top folder has none
            out.extend((!at.is_empty()).then(|| Value::from(format!("{at}-evil/file"))));
            out.extend(texts(&[format!("{at}/../file")]));
            out
        }
        Op::HostIn(hosts) | Op::HostNotIn(hosts) => {
            let host = hosts.first().map_or("", |host| host);
            let inner = host.strip_prefix("*.").map_or(host.to_owned(), |parent| format!("sub.{parent}"));
            let of = |host: &str| format!("https://{host}/");
            let tricks = [of(&format!("{inner}.evil.example")), of(&format!("{inner}@evil.example"))];
            let mut out = texts(&[of(&inner)]);
            out.extend(host.strip_prefix("*.").map(|parent| Value::from(of(parent))));
            out.extend(texts(&tricks));
            out
        }
        Op::Contains(_) | Op::NotContains(_) | Op::Exists | Op::Missing => given(),
    };
    out.retain(|value| param.is_none_or(|param| admits(param, value)));
    out.into_iter().map(Some).chain([None]).collect()
}

/// A number and its neighbour: the next whole one, or a hundredth away where fractions are meant.
fn beside(bound: f64, way: f64, param: Option<&Param>) -> f64 {
    let fractions = param.is_some_and(|param| param.types.admits(&Value::from(0.5)));
    let near = ((bound + way / 100.0) * 100.0).round() / 100.0;
    match (fractions, way > 0.0) {
        (true, _) if near != bound && (near > bound) == (way > 0.0) => near,
        (_, true) => bound.floor() + 1.0,
        (_, false) => bound.ceil() - 1.0,
    }
}

/// The first value of a list that the argument can have, and one that is not in the list.
fn sides(literals: &[Literal], param: Option<&Param>) -> Vec<Value> {
    let members: Vec<Value> = literals.iter().map(literal_value).collect();
    let listed = |value: &Value| members.contains(value);
    let made_up = literals.iter().map(|literal| match literal {
        Literal::Text(_) => Value::from("other"),
        Literal::Bool(it) => Value::from(!it),
        Literal::Number(it) => number(it.floor() + 1.0),
    });
    let known = param.and_then(|param| param.values.as_ref()).into_iter().flatten().cloned();
    let stranger = known.chain(made_up).chain([Value::from("another")]).find(|value| !listed(value));
    let first = members.iter().find(|value| param.is_none_or(|param| admits(param, value)));
    first.cloned().into_iter().chain(stranger).collect()
}

/// Whether an argument can have a value, as far as the catalog tells.
fn admits(param: &Param, value: &Value) -> bool {
    let items = || value.as_array().is_none_or(|items| items.iter().all(|item| param.items.admits(item)));
    param.types.admits(value) && param.values.as_ref().is_none_or(|values| values.contains(value)) && items()
}

/// The arguments with another value at a path, or with none; `None` where the path leads through something else.
pub(super) fn with(arguments: &Value, path: &[String], value: Tried) -> Option<Value> {
    let mut out = arguments.clone();
    let (last, way) = path.split_last()?;
    let mut at = &mut out;
    for name in way {
        let members = at.as_object_mut()?;
        at = members.entry(name.as_str()).or_insert_with(|| Value::Object(Map::new()));
    }
    let members = at.as_object_mut()?;
    match value {
        Some(value) => members.insert(last.clone(), value),
        None => members.shift_remove(last),
    };
    Some(out)
}
