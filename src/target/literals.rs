//! Literals as the engines take them, and which of them have look-alikes there.

use serde_json::Value;

use crate::{hir::model::Literal, pattern};

/// A text whose `eq` holds of itself alone: the engine compares the printed forms of values.
pub fn is_plain(text: &str) -> bool {
    !(text.parse::<f64>().is_ok()
        || matches!(text, "true" | "false" | "<nil>")
        || text.starts_with('[')
        || text.starts_with("map["))
}

/// A text that prints like a number, a truth value or null, and like nothing else.
pub(super) fn number_like(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

pub(super) fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 {
        Value::from(value as i64)
    } else {
        Value::from(value)
    }
}

pub(super) fn value(literal: &Literal) -> Value {
    match literal {
        Literal::Text(text) => Value::from(&**text),
        Literal::Number(n) => number(*n),
        Literal::Bool(b) => Value::from(*b),
    }
}

pub(super) fn values(literals: &[Literal]) -> Value {
    literals.iter().map(value).collect()
}

/// A list of literals, sorted into kinds.
pub(super) struct Kinds<'a> {
    pub(super) texts: Vec<&'a str>,
    pub(super) numbers: Vec<f64>,
    pub(super) bools: Vec<bool>,
}

impl<'a> Kinds<'a> {
    pub(super) fn of(literals: &'a [Literal]) -> Self {
        let mut out = Self { texts: Vec::new(), numbers: Vec::new(), bools: Vec::new() };
        for literal in literals {
            match literal {
                Literal::Text(text) => out.texts.push(text),
                Literal::Number(n) => out.numbers.push(*n),
                Literal::Bool(b) => out.bools.push(*b),
            }
        }
        out
    }

    pub(super) fn only_texts(&self) -> bool {
        self.numbers.is_empty() && self.bools.is_empty()
    }

    pub(super) fn only_numbers(&self) -> bool {
        self.texts.is_empty() && self.bools.is_empty()
    }

    pub(super) fn all_plain(&self) -> bool {
        self.texts.iter().all(|text| is_plain(text))
    }

    /// The texts as one pattern.
    pub(super) fn pattern(&self) -> String {
        let texts: Vec<String> = self.texts.iter().map(|text| pattern::literal(text)).collect();
        pattern::whole(&texts.join("|"))
    }

    pub(super) fn range(&self) -> (f64, f64) {
        let low = self.numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (low, high)
    }
}
