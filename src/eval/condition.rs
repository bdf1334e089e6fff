//! Conditions, judged: a call's arguments in, whether they are as the condition says out.

use std::{cell::OnceCell, collections::BTreeMap};

use serde_json::Value;

use super::Unknown;
use crate::{
    hir::model::{Comparison, Condition, Literal, Op},
    pattern::{Matcher, guard},
    syntax::literal::write_path,
};

/// Something for each pattern, directory and list of hosts that tests name.
#[derive(Debug)]
pub struct ByPattern<T> {
    texts: BTreeMap<Box<str>, T>,
    directories: BTreeMap<Box<str>, T>,
    hosts: BTreeMap<Vec<Box<str>>, T>,
}

impl<T> Default for ByPattern<T> {
    fn default() -> Self {
        Self { texts: BTreeMap::new(), directories: BTreeMap::new(), hosts: BTreeMap::new() }
    }
}

impl<T> ByPattern<T> {
    /// What stands for the pattern of a test.
    pub fn get(&self, op: &Op) -> Option<&T> {
        match op {
            Op::Matches(text) | Op::NotMatches(text) => self.texts.get(text),
            Op::Under(directory) | Op::NotUnder(directory) => self.directories.get(directory),
            Op::HostIn(hosts) | Op::HostNotIn(hosts) => self.hosts.get(hosts.as_slice()),
            _ => None,
        }
    }

    /// Sets what stands for the pattern of a test; nothing where the test has none.
    pub fn insert(&mut self, op: &Op, it: T) {
        match op {
            Op::Matches(text) | Op::NotMatches(text) => drop(self.texts.insert(text.clone(), it)),
            Op::Under(dir) | Op::NotUnder(dir) => drop(self.directories.insert(dir.clone(), it)),
            Op::HostIn(hosts) | Op::HostNotIn(hosts) => drop(self.hosts.insert(hosts.clone(), it)),
            _ => {}
        }
    }
}

/// Judges conditions; each pattern is compiled once, when first needed.
#[derive(Debug, Default)]
pub struct Judge {
    patterns: ByPattern<OnceCell<Option<Matcher>>>,
    paths: OnceCell<Option<Matcher>>,
    urls: OnceCell<Option<Matcher>>,
}

impl Judge {
    /// Notes the patterns of a condition, which [`Judge::holds`] then knows.
    pub fn learn(&mut self, condition: &Condition) {
        match condition {
            Condition::Test(test) => {
                if has_pattern(&test.op) && self.patterns.get(&test.op).is_none() {
                    self.patterns.insert(&test.op, OnceCell::new());
                }
            }
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.learn(part);
                }
            }
        }
    }

    /// Whether a call with these arguments is as the condition says.
    ///
    /// # Errors
    /// Where a pattern that it depends on was not learnt or cannot be compiled.
    pub fn holds(&self, condition: &Condition, arguments: &Value) -> Result<bool, Unknown> {
        match condition {
            Condition::Test(test) => self.test(test, arguments),
            Condition::All(parts) => {
                for part in parts {
                    if !self.holds(part, arguments)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Condition::Any(parts) => {
                for part in parts {
                    if self.holds(part, arguments)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    fn test(&self, test: &Comparison, arguments: &Value) -> Result<bool, Unknown> {
        self.value(&test.op, lookup(arguments, &test.path.segments)).ok_or_else(|| Unknown {
            what: format!("the pattern for {} cannot be compiled", write_path(&test.path.segments)),
        })
    }

    /// Whether a value, which is not null, or an absent one is as a test demands; `None` where its pattern was not
    /// learnt or cannot be compiled.
    pub fn value(&self, op: &Op, value: Option<&Value>) -> Option<bool> {
        let Some(value) = value else { return Some(matches!(op, Op::Missing)) };
        let number = |holds: fn(f64, f64) -> bool, bound: f64| value.as_f64().is_some_and(|n| holds(n, bound));
        Some(match op {
            Op::Exists => true,
            Op::Missing => false,
            Op::Equal(literal) => equal(value, literal),
            Op::NotEqual(literal) => !equal(value, literal),
            Op::Less(bound) => number(|n, b| n < b, *bound),
            Op::AtMost(bound) => number(|n, b| n <= b, *bound),
            Op::Greater(bound) => number(|n, b| n > b, *bound),
            Op::AtLeast(bound) => number(|n, b| n >= b, *bound),
            Op::In(literals) => literals.iter().any(|literal| equal(value, literal)),
            Op::NotIn(literals) => !literals.iter().any(|literal| equal(value, literal)),
            Op::Contains(literal) => contains(value, literal),
            Op::NotContains(literal) => !contains(value, literal),
            Op::Matches(_) | Op::Under(_) | Op::HostIn(_) => match value.as_str() {
                Some(text) => self.matches(op, text)?,
                None => false,
            },
            Op::NotMatches(_) => match value.as_str() {
                Some(text) => !self.matches(op, text)?,
                None => true,
            },
            Op::NotUnder(_) | Op::HostNotIn(_) => match value.as_str() {
                Some(text) => self.judges(op, text)? && !self.matches(op, text)?,
                None => false,
            },
        })
    }

    fn matches(&self, op: &Op, text: &str) -> Option<bool> {
        let compile = || Matcher::new(&pattern_of(op)?).ok();
        Some(self.patterns.get(op)?.get_or_init(compile).as_ref()?.is_match(text))
    }

    fn judges(&self, op: &Op, text: &str) -> Option<bool> {
        let cell = if matches!(op, Op::NotUnder(_)) { &self.paths } else { &self.urls };
        let compile = || Matcher::new(&judged_by(op)?).ok();
        Some(cell.get_or_init(compile).as_ref()?.is_match(text))
    }
}

fn has_pattern(op: &Op) -> bool {
    matches!(op, Op::Matches(_) | Op::NotMatches(_) | Op::Under(_) | Op::NotUnder(_) | Op::HostIn(_) | Op::HostNotIn(_))
}

/// The pattern that a test, or its positive, compares texts with.
pub fn pattern_of(op: &Op) -> Option<String> {
    match op {
        Op::Matches(text) | Op::NotMatches(text) => Some(text.to_string()),
        Op::Under(directory) | Op::NotUnder(directory) => guard::under(directory).ok(),
        Op::HostIn(hosts) | Op::HostNotIn(hosts) => {
            guard::host_in(&hosts.iter().map(|host| &**host).collect::<Vec<_>>()).ok()
        }
        _ => None,
    }
}

/// The pattern of all texts that a guard's negative can judge.
pub fn judged_by(op: &Op) -> Option<String> {
    match op {
        Op::NotUnder(_) => Some(guard::any_path()),
        Op::HostNotIn(_) => Some(guard::any_url()),
        _ => None,
    }
}

/// The value at a path; absent and null are the same, also on the way.
pub fn lookup<'v>(arguments: &'v Value, segments: &[String]) -> Option<&'v Value> {
    let mut value = arguments;
    for segment in segments {
        value = value.as_object()?.get(segment)?;
    }
    (!value.is_null()).then_some(value)
}

/// Equal in type and value; numbers by value, as doubles.
pub fn equal(value: &Value, literal: &Literal) -> bool {
    match literal {
        Literal::Text(text) => value.as_str() == Some(text),
        Literal::Bool(b) => value.as_bool() == Some(*b),
        Literal::Number(n) => value.is_number() && value.as_f64() == Some(*n),
    }
}

fn contains(value: &Value, literal: &Literal) -> bool {
    match (value, literal) {
        (Value::String(text), Literal::Text(part)) => text.contains(&**part),
        (Value::Array(items), literal) => items.iter().any(|item| equal(item, literal)),
        (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_), _) => false,
    }
}
