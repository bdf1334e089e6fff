//! Numbers: an interval without some points, and the plainest number in it.

use serde_json::{Number, Value};

use super::{find::Demand, object::Found, shape::Shape};
use crate::{
    catalog::JsonType,
    eval::Judge,
    hir::model::{Literal, Op},
};

/// From here on doubles do not hold every whole number.
const WHOLE: f64 = 9_007_199_254_740_992.0;
/// How many digits after the point are tried before a double is taken as it comes.
const DIGITS: i32 = 12;

/// The numbers between two ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Interval {
    low: f64,
    low_open: bool,
    high: f64,
    high_open: bool,
}

impl Interval {
    /// All numbers that JSON has, as doubles.
    pub(super) const ALL: Self = Self { low: f64::MIN, low_open: false, high: f64::MAX, high_open: false };

    pub(super) fn above(&mut self, bound: f64, open: bool) {
        if bound > self.low || bound == self.low && open {
            (self.low, self.low_open) = (bound, open);
        }
    }

    pub(super) fn below(&mut self, bound: f64, open: bool) {
        if bound < self.high || bound == self.high && open {
            (self.high, self.high_open) = (bound, open);
        }
    }

    pub(super) fn holds(&self, n: f64) -> bool {
        let low = if self.low_open { n > self.low } else { n >= self.low };
        low && if self.high_open { n < self.high } else { n <= self.high }
    }
}

/// A number as demanded.
pub(super) fn find(judge: &Judge, demands: &[Demand<'_>], shape: &Shape<'_>) -> Found {
    let whole = !shape.types.contains(JsonType::Number);
    if whole && !shape.types.contains(JsonType::Integer) {
        return Found::None;
    }
    let mut within = shape.numbers;
    let mut without: Vec<f64> = Vec::new();
    for Demand { op, holds, .. } in demands {
        match (op, holds) {
            (Op::Less(bound), true) | (Op::AtLeast(bound), false) => within.below(*bound, true),
            (Op::AtMost(bound), true) | (Op::Greater(bound), false) => within.below(*bound, false),
            (Op::Greater(bound), true) | (Op::AtMost(bound), false) => within.above(*bound, true),
            (Op::AtLeast(bound), true) | (Op::Less(bound), false) => within.above(*bound, false),
            (Op::Equal(literal), false) | (Op::NotEqual(literal), true) => exclude(literal, &mut without),
            (Op::In(literals), false) | (Op::NotIn(literals), true) => {
                literals.iter().for_each(|literal| exclude(literal, &mut without));
            }
            (op, holds) => match judge.value(op, Some(&Value::from(0))) {
                Some(judged) if judged == *holds => {}
                Some(_) => return Found::None,
                None => return Found::Unknown,
            },
        }
    }
    without.sort_by(f64::total_cmp);
    plainest(within, &without, whole).map_or(Found::None, |n| Found::Value(value(n)))
}

fn exclude(literal: &Literal, without: &mut Vec<f64>) {
    if let Literal::Number(n) = literal {
        // of the two zeros the positive one
        without.push(*n + 0.0);
    }
}

/// The plainest number in the interval but those, which are sorted: a small whole one, then one with few digits.
fn plainest(within: Interval, without: &[f64], whole: bool) -> Option<f64> {
    let fits = |n: f64| within.holds(n) && without.binary_search_by(|it| it.total_cmp(&(n + 0.0))).is_err();
    // each point that is left out takes one number away
    let tries = without.len() + 2;
    let walk = |from: f64, step: fn(f64) -> f64, fits: &dyn Fn(f64) -> bool| {
        let numbers = std::iter::successors(Some(from), |n| Some(step(*n)));
        numbers.take(tries).take_while(|n| n.is_finite()).find(|n| fits(*n))
    };
    let up = |n: f64| if n.abs() < WHOLE { n + 1.0 } else { n.next_up() };
    let down = |n: f64| if n.abs() < WHOLE { n - 1.0 } else { n.next_down() };
    let found = if within.low > 0.0 {
        walk(first_whole(within), up, &fits)
    } else if within.high < 0.0 {
        walk(last_whole(within), down, &fits)
    } else {
        walk(0.0, up, &fits).or_else(|| walk(-1.0, down, &fits))
    };
    if found.is_some() || whole {
        return found;
    }
    for digits in 1..=DIGITS {
        let scale = 10_f64.powi(digits);
        let from = (within.low * scale).floor();
        if from.abs() < WHOLE {
            let decimal = |nth: u8| (from + f64::from(nth)) / scale;
            if let Some(n) = (0..=10).map(decimal).find(|n| fits(*n)) {
                return Some(n);
            }
        }
    }
    walk(within.low, f64::next_up, &fits)
}

fn first_whole(within: Interval) -> f64 {
    let first = within.low.ceil();
    if within.holds(first) { first } else { first + 1.0 }
}

fn last_whole(within: Interval) -> f64 {
    let last = within.high.floor();
    if within.holds(last) { last } else { last - 1.0 }
}

/// A number as a JSON value, whole ones without a point.
pub fn value(n: f64) -> Value {
    if n.fract() == 0.0 && n.abs() <= WHOLE {
        return Value::from(n as i64);
    }
    Number::from_f64(n).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn between(low: f64, low_open: bool, high: f64, high_open: bool) -> Interval {
        let mut within = Interval::ALL;
        within.above(low, low_open);
        within.below(high, high_open);
        within
    }

    #[test]
    fn the_plainest_number() {
        for (within, without, whole, wanted) in [
            (Interval::ALL, &[][..], true, Some(0.0)),
            (Interval::ALL, &[0.0, 1.0], true, Some(2.0)),
            (between(4.0, true, 5.0, true), &[], true, None),
            (between(4.0, true, 5.0, true), &[], false, Some(4.1)),
            (between(4.0, true, 6.0, true), &[5.0], true, None),
            (between(4.0, true, 6.0, true), &[5.0], false, Some(4.1)),
            (between(4.0, false, 4.0, false), &[], true, Some(4.0)),
            (between(4.0, false, 4.0, true), &[], false, None),
            (between(5.0, false, 4.0, false), &[], false, None),
            (between(-9.5, false, -3.0, true), &[], true, Some(-4.0)),
            (between(0.25, false, 0.25, false), &[], false, Some(0.25)),
            (between(1e300, true, f64::INFINITY, true), &[], true, Some(1e300_f64.next_up())),
            (between(f64::MAX, true, f64::INFINITY, false), &[], false, None),
            (between(9_007_199_254_740_992.0, true, 1e18, true), &[], true, Some(9_007_199_254_740_994.0)),
            (between(1.0, true, 1.0_f64.next_up(), true), &[], false, None),
            (between(1.0, true, 1.0_f64.next_up().next_up(), true), &[], false, Some(1.0_f64.next_up())),
            (between(-0.5, true, 0.0, true), &[], true, None),
            (between(-0.0, false, 0.0, false), &[], true, Some(0.0)),
        ] {
            assert_eq!(plainest(within, without, whole), wanted, "{within:?} without {without:?}");
        }
    }

    #[test]
    fn as_json() {
        for (n, text) in [(5.0, "5"), (-0.0, "0"), (0.5, "0.5"), (1e300, "1e+300")] {
            assert_eq!(value(n).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn none_is_none(ends in any::<[i8; 2]>(), open in any::<[bool; 2]>(), holes in prop::collection::vec(-9..9_i32, 0..8)) {
            let within = between(f64::from(ends[0] / 16) / 2.0, open[0], f64::from(ends[1] / 16) / 2.0, open[1]);
            let mut without: Vec<f64> = holes.into_iter().map(f64::from).collect();
            without.sort_by(f64::total_cmp);
            let there = (-20..20).map(f64::from).find(|n| within.holds(*n) && !without.contains(n));
            let found = plainest(within, &without, true);
            prop_assert_eq!(found.is_some(), there.is_some());
            prop_assert!(found.is_none_or(|n| within.holds(n) && !without.contains(&n) && n.fract() == 0.0));
        }
    }
}
