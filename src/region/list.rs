//! Lists: elements that must be there and elements that must not.

use serde_json::{Map, Value};

use super::{
    find::{Demand, Finder},
    object::{Found, cost, literal_value},
    shape::Shape,
};
use crate::{
    catalog::{JsonType, Types},
    eval::equal,
    hir::model::{Literal, Op},
};

/// The most elements that stand in a list only to fill it up.
const PADDING: usize = 1_000;

impl<'q> Finder<'q> {
    /// A list as demanded, as short as can be.
    pub(super) fn list(&mut self, demands: &[Demand<'q>], shape: &Shape<'q>) -> Found {
        if !shape.types.contains(JsonType::Array) {
            return Found::None;
        }
        let mut with: Vec<Value> = Vec::new();
        let mut without: Vec<&Literal> = Vec::new();
        for Demand { op, holds, .. } in demands {
            match (op, holds) {
                (Op::Contains(literal), true) | (Op::NotContains(literal), false) => {
                    if !with.iter().any(|element| equal(element, literal)) {
                        with.push(literal_value(literal));
                    }
                }
                (Op::Contains(literal), false) | (Op::NotContains(literal), true) => without.push(literal),
                (op, holds) => match self.judge.value(op, Some(&Value::Array(Vec::new()))) {
                    Some(judged) if judged == *holds => {}
                    Some(_) => return Found::None,
                    None => return Found::Unknown,
                },
            }
        }
        let work = demands.iter().map(cost).sum::<usize>() + with.len() * (with.len() + without.len());
        if !self.spend(work) {
            return Found::Unknown;
        }
        let banned = |element: &Value| without.iter().any(|literal| equal(element, literal));
        if with.iter().any(|element| banned(element) || !shape.items.admits(element)) {
            return Found::None;
        }
        let (least, most) = shape.sizes;
        if with.len() > most || with.len() < least && least > most {
            return Found::None;
        }
        if with.len() < least {
            if least > PADDING {
                return Found::Unknown;
            }
            let Some(more) = padding(shape.items, without.len()).find(|element| !banned(element)) else {
                return Found::None;
            };
            with.resize(least, more);
        }
        Found::Value(Value::Array(with))
    }
}

/// Elements of the types: of those of which there are many, more than so many.
fn padding(types: Types, but: usize) -> impl Iterator<Item = Value> {
    let texts = (0..=but).map(|nth| Value::String("a".repeat(nth + 1)));
    let numbers = (0..=but).map(Value::from);
    let rest =
        [Value::Bool(true), Value::Bool(false), Value::Null, Value::Array(Vec::new()), Value::Object(Map::new())];
    texts.chain(numbers).chain(rest).filter(move |element| types.admits(element))
}
