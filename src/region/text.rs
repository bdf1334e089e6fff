//! Texts: some that people would write are tried first, then all are searched.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    find::{Demand, Finder},
    object::{Found, cost},
    search::{Question, Result, search},
    shape::{Place, Shape},
};
use crate::{
    catalog::JsonType,
    eval::{ByPattern, judged_by, pattern_of},
    hir::model::{Literal, Op},
    pattern::Automaton,
};

/// The automata of all patterns that were asked for.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) automata: Vec<Automaton>,
    tests: ByPattern<Option<usize>>,
    others: BTreeMap<Box<str>, Option<usize>>,
}

impl Texts {
    /// The automaton of a test's pattern; `None` where it is too large.
    fn of_test(&mut self, op: &Op) -> Option<usize> {
        if let Some(known) = self.tests.get(op) {
            return *known;
        }
        let made = pattern_of(op).and_then(|pattern| self.add(&pattern));
        self.tests.insert(op, made);
        made
    }

    /// The automaton of a pattern.
    pub(super) fn of_pattern(&mut self, pattern: &str) -> Option<usize> {
        if let Some(known) = self.others.get(pattern) {
            return *known;
        }
        let made = self.add(pattern);
        self.others.insert(pattern.into(), made);
        made
    }

    /// The automaton of the texts that have a place where a pattern matches.
    pub(super) fn of_part(&mut self, pattern: &str) -> Option<usize> {
        self.of_pattern(&format!(r"(?:.|\n)*(?:{pattern})(?:.|\n)*"))
    }

    fn add(&mut self, pattern: &str) -> Option<usize> {
        self.automata.push(Automaton::new(pattern)?);
        Some(self.automata.len() - 1)
    }
}

/// What is demanded of a text, by how it is looked for.
#[derive(Default)]
struct Sorted<'q> {
    without: Vec<&'q str>,
    parts: Vec<(&'q str, bool)>,
    patterns: Vec<(&'q Op, bool)>,
}

impl<'q> Finder<'q> {
    /// A text as demanded.
    pub(super) fn text(&mut self, demands: &[Demand<'q>], place: Place<'q>, shape: &Shape<'q>) -> Found {
        if !shape.types.contains(JsonType::String) {
            return Found::None;
        }
        let mut sorted = Sorted::default();
        for Demand { op, holds, .. } in demands {
            match op {
                Op::Contains(Literal::Text(part)) => sorted.parts.push((part, *holds)),
                Op::NotContains(Literal::Text(part)) => sorted.parts.push((part, !*holds)),
                Op::Equal(_) | Op::NotEqual(_) | Op::In(_) | Op::NotIn(_) => exclude(op, &mut sorted.without),
                Op::Matches(_)
                | Op::NotMatches(_)
                | Op::Under(_)
                | Op::NotUnder(_)
                | Op::HostIn(_)
                | Op::HostNotIn(_) => {
                    sorted.patterns.push((op, *holds));
                }
                op => match self.judge.value(op, Some(&Value::String(String::new()))) {
                    Some(judged) if judged == *holds => {}
                    Some(_) => return Found::None,
                    None => return Found::Unknown,
                },
            }
        }
        if !self.spend(demands.iter().map(cost).sum()) {
            return Found::Unknown;
        }
        sorted.without.sort_unstable();
        sorted.without.dedup();
        let (least, most) = shape.lengths;
        if least > most {
            return Found::None;
        }
        if sorted.parts.is_empty() && sorted.patterns.is_empty() && shape.pattern.is_none() {
            let text = plain(least.max(1), &sorted.without).filter(|text| text.len() <= most);
            return text.map_or_else(|| self.searched(&sorted, shape), |text| Found::Value(Value::String(text)));
        }
        for hint in hints(&sorted, least) {
            let value = Value::String(hint);
            if shape.admits(&value)
                && demands.iter().all(|it| self.judge.value(it.op, Some(&value)) == Some(it.holds))
                && (place.schema.is_none() || self.is_admitted(place, &value) == Some(true))
            {
                return Found::Value(value);
            }
        }
        self.searched(&sorted, shape)
    }

    fn searched(&mut self, sorted: &Sorted<'q>, shape: &Shape<'q>) -> Found {
        let texts = &mut *self.texts;
        let mut question = Question { without: &sorted.without, lengths: shape.lengths, ..Question::default() };
        question.parts = sorted.parts.iter().map(|(part, holds)| (part.as_bytes(), *holds)).collect();
        for (op, holds) in &sorted.patterns {
            let Some(positive) = texts.of_test(op) else { return Found::Unknown };
            let judged = match judged_by(op) {
                Some(pattern) => match texts.of_pattern(&pattern) {
                    Some(judged) => Some(judged),
                    None => return Found::Unknown,
                },
                None => None,
            };
            match (judged, holds) {
                (None, holds) => question.patterns.push((positive, *holds != matches!(op, Op::NotMatches(_)))),
                (Some(judged), true) => question.patterns.extend([(judged, true), (positive, false)]),
                (Some(judged), false) => question.either.push(((judged, false), (positive, true))),
            }
        }
        let wished = shape.pattern.map(|pattern| texts.of_part(pattern));
        if let Some(Some(pattern)) = wished {
            question.patterns.push((pattern, true));
            if let Result::Text(text) = search(&mut texts.automata, &question) {
                return Found::Value(Value::String(text));
            }
            question.patterns.pop();
        }
        match search(&mut texts.automata, &question) {
            Result::None => Found::None,
            Result::Text(text) if wished.is_none() => Found::Value(Value::String(text)),
            Result::Text(_) | Result::Unknown => Found::Unknown,
        }
    }
}

fn exclude<'q>(op: &'q Op, without: &mut Vec<&'q str>) {
    let literals = match op {
        Op::Equal(literal) | Op::NotEqual(literal) => std::slice::from_ref(literal),
        Op::In(literals) | Op::NotIn(literals) => literals,
        _ => &[],
    };
    without.extend(literals.iter().filter_map(|literal| match literal {
        Literal::Text(text) => Some(&**text),
        Literal::Number(_) | Literal::Bool(_) => None,
    }));
}

/// The first text of letters of at least this length that is none of those, which are sorted.
fn plain(least: usize, without: &[&str]) -> Option<String> {
    const LONG: usize = 10_000;
    if least > LONG {
        return None;
    }
    let text = |nth: usize| {
        let mut text = "a".repeat(least.saturating_sub(1));
        let mut rest = nth;
        loop {
            let letter = u8::try_from(rest % 26).unwrap_or_default();
            text.push(char::from(b'a' + letter));
            rest /= 26;
            if rest == 0 {
                return text;
            }
        }
    };
    // each text that is left out takes one away
    (0..=without.len()).map(text).find(|text| without.binary_search(&text.as_str()).is_err())
}

/// What people would write where these are demanded.
fn hints(sorted: &Sorted<'_>, least: usize) -> Vec<String> {
    let mut out = Vec::new();
    for (op, holds) in &sorted.patterns {
        match (op, holds) {
            (Op::Matches(text), true) | (Op::NotMatches(text), false)
                if text.chars().all(|c| c.is_ascii_alphanumeric() || "-_/:@, ".contains(c)) =>
            {
                out.push(text.to_string());
            }
            (Op::Under(directory), true) => {
                let top = directory.trim_end_matches('/');
                out.extend([format!("{top}/a"), top.to_owned(), directory.to_string()]);
            }
            (Op::HostIn(hosts), true) => {
                out.extend(hosts.first().map(|host| match host.strip_prefix('*') {
                    Some(rest) => format!("https://a{rest}"),
                    None => format!("https://{host}"),
                }));
            }
            (Op::NotUnder(_), true) => out.extend(["/a".to_owned(), "/".to_owned()]),
            (Op::HostNotIn(_), true) => out.push("https://example.org".to_owned()),
            _ => {}
        }
    }
    let parts: String = sorted.parts.iter().filter(|(_, holds)| *holds).map(|(part, _)| *part).collect();
    out.push(if parts.is_empty() { "a".repeat(least.clamp(1, 1_000)) } else { parts });
    out
}
