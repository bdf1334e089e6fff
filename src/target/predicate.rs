//! Tests of the language in the eleven operators that both engines share.
//!
//! The engines' operators are not ours: `eq` compares texts of values, so that `"5"` is 5 and `["main"]` is `"[main]"`;
//! a missing path makes every operator false but `exists: false`; patterns are not anchored. Each function here says
//! which values its conditions judge differently, and never lets the output be wider.

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    literals::{Kinds, is_plain, number, number_like, value, values},
    notes::Refusal,
};
use crate::{
    catalog::{JsonType, Tool, Types},
    hir::model::{Comparison, Literal, Op, Path},
    pattern::{self, guard},
    syntax::literal::{quote, write_path},
};

/// One condition of an engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Test {
    path: String,
    op: &'static str,
    value: Value,
}

impl Test {
    pub(super) fn new(path: &str, op: &'static str, value: impl Into<Value>) -> Self {
        Self { path: path.to_owned(), op, value: value.into() }
    }

    pub(super) fn json(&self) -> Value {
        json!({ "path": self.path, "op": self.op, "value": self.value })
    }
}

/// What the conditions judge more strictly than the test: values of these types, and perhaps absent ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stricter {
    pub(super) on: Stray,
    pub(super) absent: bool,
}

/// The types of value on which a condition is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stray {
    /// None: the condition is exact.
    #[default]
    None,
    /// Texts.
    Texts,
    /// Whatever is no text.
    NoTexts,
    /// Whatever is no number.
    NoNumbers,
    /// Lists.
    Lists,
    /// Values of more than one kind.
    Any,
}

impl Stricter {
    pub(super) const EXACT: Self = Self { on: Stray::None, absent: false };

    pub(super) fn on(on: Stray) -> Self {
        Self { on, absent: false }
    }

    pub(super) fn or_absent(self) -> Self {
        Self { absent: true, ..self }
    }

    /// Whether a call that is valid for the tool's schema can tell the difference.
    pub(super) fn shows(self, tool: Option<&Tool>, path: &Path) -> bool {
        let (types, may_lack) = schema(tool, path);
        let text = types.admits_type(JsonType::String);
        let number = types.admits_type(JsonType::Integer);
        let list = types.admits_type(JsonType::Array);
        let other = list || types.admits_type(JsonType::Boolean) || types.admits_type(JsonType::Object);
        let stray = match self.on {
            Stray::None => false,
            Stray::Texts => text,
            Stray::NoTexts => number || other,
            Stray::NoNumbers => text || other,
            Stray::Lists => list,
            Stray::Any => true,
        };
        stray || self.absent && may_lack
    }
}

/// The types that a schema admits at a path, and whether a valid call may lack it.
fn schema(tool: Option<&Tool>, path: &Path) -> (Types, bool) {
    let param = tool.and_then(|tool| tool.param(path.segments.first()?));
    match param {
        Some(param) if path.segments.len() == 1 => {
            (param.types, !param.required || param.types.admits_type(JsonType::Null))
        }
        _ => (Types::ANY, true),
    }
}

/// The engine's path, where it has one.
pub(super) fn path(path: &Path) -> Result<String, Refusal> {
    if path.segments.iter().any(|segment| segment.is_empty() || segment.contains('.')) {
        return Err(Refusal::new(
            format!("its paths are split at dots, and `{}` has one in a name", write_path(&path.segments)),
            "deny or ask the tool",
        ));
    }
    let length = path.segments.iter().map(|segment| segment.len() + 1).sum::<usize>() + "args".len();
    let mut out = String::with_capacity(length);
    out.push_str("args");
    for segment in &path.segments {
        out.push('.');
        out.push_str(segment);
    }
    Ok(out)
}

/// Conditions that hold together exactly where a test holds, and entries that must not.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Needs {
    pub(super) hold: Vec<Test>,
    pub(super) not: Vec<Vec<Test>>,
    pub(super) stricter: Stricter,
}

impl Needs {
    fn exact(hold: Vec<Test>) -> Self {
        Self { hold, ..Self::default() }
    }

    fn but(mut self, not: Vec<Test>) -> Self {
        self.not.push(not);
        self
    }

    fn stricter(mut self, on: Stray) -> Self {
        self.stricter = Stricter::on(on);
        self
    }
}

/// What must hold, and what must not, for a test to be true.
pub(super) fn required(test: &Comparison) -> Result<Needs, Refusal> {
    let at = path(&test.path)?;
    let one = |op, value: Value| Test::new(&at, op, value);
    let present = || one("exists", Value::from(true));
    Ok(match &test.op {
        Op::Exists => Needs::exact(vec![present()]),
        Op::Missing => Needs::exact(vec![one("exists", Value::from(false))]),
        Op::Equal(literal) => return among(std::slice::from_ref(literal), &at),
        Op::In(literals) => return among(literals, &at),
        Op::NotEqual(literal) => Needs::exact(vec![present(), one("neq", value(literal))])
            .stricter(look_alikes(std::slice::from_ref(literal))),
        Op::NotIn(literals) => {
            Needs::exact(vec![present(), one("not_in", values(literals))]).stricter(look_alikes(literals))
        }
        Op::Less(bound) => Needs::exact(vec![one("lt", number(*bound))]),
        Op::AtMost(bound) => Needs::exact(vec![one("lte", number(*bound))]),
        Op::Greater(bound) => Needs::exact(vec![one("gt", number(*bound))]),
        Op::AtLeast(bound) => Needs::exact(vec![one("gte", number(*bound))]),
        Op::Matches(text) => Needs::exact(vec![one("regex", pattern::whole(text).into())]),
        Op::NotMatches(text) => Needs::exact(vec![present()]).but(vec![one("regex", pattern::whole(text).into())]),
        Op::Contains(Literal::Text(part)) if is_plain(part) => {
            Needs::exact(vec![one("contains", part.to_string().into())])
        }
        Op::Contains(literal) => {
            return Err(Refusal::new(
                format!("it compares the printed forms of elements, so {} also finds its look-alikes", shown(literal)),
                "deny or ask the tool, or test for a text that is no number",
            ));
        }
        Op::NotContains(literal) => {
            let on = if matches!(literal, Literal::Text(text) if is_plain(text)) { Stray::None } else { Stray::Lists };
            Needs::exact(vec![present()]).but(vec![one("contains", value(literal))]).stricter(on)
        }
        Op::Under(dir) => Needs::exact(vec![one("regex", under(dir)?.into())]),
        Op::NotUnder(dir) => Needs::exact(vec![one("regex", pattern::whole(&guard::any_path()).into())])
            .but(vec![one("regex", under(dir)?.into())]),
        Op::HostIn(hosts) => Needs::exact(vec![one("regex", host_in(hosts)?.into())]),
        Op::HostNotIn(hosts) => Needs::exact(vec![one("regex", pattern::whole(&guard::any_url()).into())])
            .but(vec![one("regex", host_in(hosts)?.into())]),
    })
}

/// `==` and `in`: equal to one of the literals.
fn among(literals: &[Literal], at: &str) -> Result<Needs, Refusal> {
    let kinds = Kinds::of(literals);
    let single = literals.len() == 1;
    if kinds.only_texts() {
        return Ok(Needs::exact(vec![if !kinds.all_plain() {
            Test::new(at, "regex", kinds.pattern())
        } else if single {
            Test::new(at, "eq", kinds.texts.first().copied().unwrap_or_default())
        } else {
            Test::new(at, "in", values(literals))
        }]));
    }
    if kinds.only_numbers() {
        let (low, high) = kinds.range();
        let mut hold = vec![Test::new(at, "gte", number(low)), Test::new(at, "lte", number(high))];
        if !single {
            hold.push(Test::new(at, "in", values(literals)));
        }
        return Ok(Needs::exact(hold));
    }
    if let [literal @ Literal::Bool(_)] = literals {
        return Ok(Needs::exact(vec![Test::new(at, "eq", value(literal))]).but(vec![Test::new(at, "regex", "")]));
    }
    Err(Refusal::new(
        "it compares printed forms, so values of different types in one list cannot be told apart",
        "write a list of texts only or of numbers only, or one `== true`",
    ))
}

/// The values that an engine takes for one of the literals though they are not: for `!=` and `not in` it is stricter
/// on them.
fn look_alikes(literals: &[Literal]) -> Stray {
    let kinds = Kinds::of(literals);
    match (kinds.all_plain(), kinds.only_texts()) {
        (true, true) => Stray::None,
        (true, false) => Stray::Texts,
        (false, true) => Stray::NoTexts,
        (false, false) => Stray::Any,
    }
}

/// Conditions whose entry fires wherever a test is true: entries are alternatives, the tests of one hold together.
pub(super) fn forbidden(test: &Comparison) -> Result<(Vec<Vec<Test>>, Stricter), Refusal> {
    let at = path(&test.path)?;
    let one = |op, value: Value| Test::new(&at, op, value);
    let present = || one("exists", Value::from(true));
    let exact = |entries| Ok((entries, Stricter::EXACT));
    match &test.op {
        Op::Exists => exact(vec![vec![present()]]),
        Op::Missing => exact(vec![vec![one("exists", Value::from(false))]]),
        Op::Equal(Literal::Text(text)) if !is_plain(text) => {
            exact(vec![vec![one("regex", pattern::whole(&pattern::literal(text)).into())]])
        }
        Op::Equal(literal) => {
            Ok((vec![vec![one("eq", value(literal))]], Stricter::on(look_alikes(std::slice::from_ref(literal)))))
        }
        Op::In(literals) => {
            let kinds = Kinds::of(literals);
            if kinds.only_texts() && !kinds.all_plain() {
                return exact(vec![vec![one("regex", kinds.pattern().into())]]);
            }
            Ok((vec![vec![one("in", values(literals))]], Stricter::on(look_alikes(literals))))
        }
        Op::NotEqual(literal) => {
            unlike(std::slice::from_ref(literal), vec![present(), one("neq", value(literal))], &at)
        }
        Op::NotIn(literals) => unlike(literals, vec![present(), one("not_in", values(literals))], &at),
        Op::Less(bound) => exact(vec![vec![one("lt", number(*bound))]]),
        Op::AtMost(bound) => exact(vec![vec![one("lte", number(*bound))]]),
        Op::Greater(bound) => exact(vec![vec![one("gt", number(*bound))]]),
        Op::AtLeast(bound) => exact(vec![vec![one("gte", number(*bound))]]),
        Op::Matches(text) => exact(vec![vec![one("regex", pattern::whole(text).into())]]),
        Op::Contains(literal) => {
            let on = if matches!(literal, Literal::Text(text) if is_plain(text)) { Stray::None } else { Stray::Lists };
            Ok((vec![vec![one("contains", value(literal))]], Stricter::on(on)))
        }
        Op::NotMatches(_) | Op::NotContains(_) => {
            Err(Refusal::new("its conditions have no negation", format!("write `require {}`", positive(test))))
        }
        Op::Under(_) | Op::NotUnder(_) | Op::HostIn(_) | Op::HostNotIn(_) => {
            Err(Refusal::new("guards belong in `require`", "write it as a `require`"))
        }
    }
}

/// `!=` and `not in` as entries: present and unlike, plus the look-alikes that the engine takes for equal.
fn unlike(literals: &[Literal], first: Vec<Test>, at: &str) -> Result<(Vec<Vec<Test>>, Stricter), Refusal> {
    let kinds = Kinds::of(literals);
    let odd: Vec<&str> = kinds.texts.iter().copied().filter(|text| !is_plain(text) && *text != "<nil>").collect();
    let refuse = |why: String| Err(Refusal::new(why, "write what must hold: `require … == …` or `require … in […]`"));
    if let Some(text) = odd.iter().find(|text| !number_like(text)) {
        return refuse(format!("it cannot tell the text {} from a value that prints like it", quote(text)));
    }
    if !odd.is_empty() && !kinds.only_texts() {
        return refuse("it cannot tell numbers from texts that print like them".to_owned());
    }
    let mut entries = vec![first];
    if !kinds.only_texts() {
        let others: Vec<Literal> =
            literals.iter().filter(|literal| !matches!(literal, Literal::Text(_))).cloned().collect();
        entries.push(vec![equal_to(&others, at), Test::new(at, "regex", "")]);
    }
    if !odd.is_empty() {
        let odd: Vec<Literal> = odd.iter().map(|text| Literal::Text((*text).into())).collect();
        // any number at all: below this bound nothing prints like a text that reads as a number in range
        entries.push(vec![equal_to(&odd, at), Test::new(at, "gte", -f64::MAX)]);
    }
    Ok((entries, Stricter::EXACT))
}

fn equal_to(literals: &[Literal], at: &str) -> Test {
    match literals {
        [one] => Test::new(at, "eq", value(one)),
        many => Test::new(at, "in", values(many)),
    }
}

/// The condition that lets a call pass where a test of a `deny if` is false: for an engine whose rules only allow.
pub(super) fn dual(test: &Comparison) -> Result<(Vec<Test>, Stricter), Refusal> {
    let at = path(&test.path)?;
    let one = |op, value: Value| Test::new(&at, op, value);
    let numbers_only = Stricter::on(Stray::NoNumbers).or_absent();
    let absent = Stricter::EXACT.or_absent();
    let no_dual = |help: &str| Err(Refusal::new("its rules say what is allowed, and this has no opposite there", help));
    match &test.op {
        Op::Exists => Ok((vec![one("exists", Value::from(false))], Stricter::EXACT)),
        Op::Missing => Ok((vec![one("exists", Value::from(true))], Stricter::EXACT)),
        Op::Equal(literal) => {
            Ok((vec![one("neq", value(literal))], Stricter::on(look_alikes(std::slice::from_ref(literal))).or_absent()))
        }
        Op::In(literals) => {
            Ok((vec![one("not_in", values(literals))], Stricter::on(look_alikes(literals)).or_absent()))
        }
        Op::NotEqual(literal) => one_of(std::slice::from_ref(literal), &at, absent),
        Op::NotIn(literals) => one_of(literals, &at, absent),
        Op::Less(bound) => Ok((vec![one("gte", number(*bound))], numbers_only)),
        Op::AtMost(bound) => Ok((vec![one("gt", number(*bound))], numbers_only)),
        Op::Greater(bound) => Ok((vec![one("lte", number(*bound))], numbers_only)),
        Op::AtLeast(bound) => Ok((vec![one("lt", number(*bound))], numbers_only)),
        Op::NotMatches(text) => Ok((vec![one("regex", pattern::whole(text).into())], absent)),
        Op::NotContains(Literal::Text(part)) if is_plain(part) => {
            Ok((vec![one("contains", part.to_string().into())], absent))
        }
        Op::Matches(_) | Op::Contains(_) | Op::NotContains(_) => {
            no_dual("write what must hold: `require …`; or deny or ask the tool")
        }
        Op::Under(_) | Op::NotUnder(_) | Op::HostIn(_) | Op::HostNotIn(_) => no_dual("write it as a `require`"),
    }
}

/// `!=` and `not in` turned round: equal to one of the literals.
fn one_of(literals: &[Literal], at: &str, stricter: Stricter) -> Result<(Vec<Test>, Stricter), Refusal> {
    let needs = among(literals, at)?;
    if needs.not.is_empty() {
        return Ok((needs.hold, stricter));
    }
    Err(Refusal::new("it cannot tell a truth value from the text that prints like it", "deny or ask the tool"))
}

/// Several tests of which one must hold, as one test: alternatives of `==` and `in` on one path.
pub(super) fn folded(tests: &[&Comparison]) -> Option<Comparison> {
    let first = tests.first()?;
    let mut literals = Vec::new();
    for test in tests {
        if test.path.segments != first.path.segments {
            return None;
        }
        match &test.op {
            Op::Equal(literal) => literals.push(literal.clone()),
            Op::In(many) => literals.extend(many.iter().cloned()),
            _ => return None,
        }
    }
    let kinds = Kinds::of(&literals);
    (kinds.only_texts() || kinds.only_numbers()).then(|| Comparison { op: Op::In(literals), ..(*first).clone() })
}

/// Conditions that hold exactly where a test is false, as alternatives; only for tests whose opposite the engine has.
pub(super) fn opposite(test: &Comparison) -> Result<Option<Vec<Vec<Test>>>, Refusal> {
    let at = path(&test.path)?;
    let absent = || vec![Test::new(&at, "exists", false)];
    Ok(match &test.op {
        Op::Exists => Some(vec![absent()]),
        Op::Missing => Some(vec![vec![Test::new(&at, "exists", true)]]),
        Op::Equal(Literal::Text(text)) if is_plain(text) => {
            Some(vec![absent(), vec![Test::new(&at, "neq", text.to_string())]])
        }
        Op::In(literals) if Kinds::of(literals).only_texts() && Kinds::of(literals).all_plain() => {
            Some(vec![absent(), vec![Test::new(&at, "not_in", values(literals))]])
        }
        _ => None,
    })
}

fn under(dir: &str) -> Result<String, Refusal> {
    guard::under(dir).map(|regex| pattern::whole(&regex)).map_err(|problem| Refusal::new(problem.message, problem.help))
}

fn host_in(hosts: &[Box<str>]) -> Result<String, Refusal> {
    let hosts: Vec<&str> = hosts.iter().map(|host| &**host).collect();
    guard::host_in(&hosts)
        .map(|regex| pattern::whole(&regex))
        .map_err(|(_, problem)| Refusal::new(problem.message, problem.help))
}

fn shown(literal: &Literal) -> String {
    format!("`{}`", value(literal))
}

/// The positive form of a negative test, for advice.
fn positive(test: &Comparison) -> String {
    let at = write_path(&test.path.segments);
    match &test.op {
        Op::NotMatches(text) => format!("{at} matches r\"{text}\""),
        Op::NotContains(literal) => format!("{at} contains {}", value(literal)),
        _ => at,
    }
}
