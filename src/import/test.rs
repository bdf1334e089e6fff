//! Single conditions of gateways as tests of the language, never wider than they are.
//!
//! An engine compares printed forms: `eq` 5 holds of `"5"`, `neq` holds of a null that is there. Where the language has
//! no test for just the same values, a demand becomes one that holds of fewer, and a refusal one that holds of more; the
//! difference is said.

use crate::{
    document::{Kind, Value},
    pattern::{self, guard, recognise},
    syntax::literal::{quote, write_path},
    target,
    text::Span,
};

/// A condition over an argument.
pub(super) struct Test<'v> {
    /// The path as the engine has it, `args.a.b`.
    pub(super) at: &'v str,
    /// The same as the language writes it.
    pub(super) path: String,
    pub(super) op: &'v str,
    pub(super) value: &'v Value,
    pub(super) span: Span,
}

/// What is different from the original, and where.
pub(super) type Loss = (Span, String);

/// Conditions in the language, which hold together, and what they lose.
#[derive(Default)]
pub(super) struct Said {
    pub(super) parts: Vec<String>,
    pub(super) losses: Vec<Loss>,
}

impl Said {
    fn push(&mut self, part: impl Into<String>) {
        self.parts.push(part.into());
    }

    fn but(&mut self, test: &Test<'_>, what: &str) {
        self.losses.push((test.span, format!("{what} `{}` is refused now", test.path)));
    }

    /// The whole as one condition.
    pub(super) fn condition(&self) -> String {
        let all = self.parts.join(" and ");
        let only = self.parts.len() == 1;
        let bare = all.strip_prefix('(').and_then(|all| all.strip_suffix(')')).filter(|_| only);
        bare.map_or(all.clone(), str::to_owned)
    }
}

impl<'v> Test<'v> {
    /// Reads a condition; `None` for one that does not look at arguments.
    pub(super) fn read(value: &'v Value) -> Option<Self> {
        let at = value.get("path")?.text()?;
        let segments: Vec<String> = at.strip_prefix("args.")?.split('.').map(str::to_owned).collect();
        Some(Self {
            at,
            path: write_path(&segments),
            op: value.get("op")?.text()?,
            value: value.get("value")?,
            span: value.span,
        })
    }

    fn of(&self, op: &str, operand: &str) -> String {
        format!("{} {op} {operand}", self.path)
    }

    pub(super) fn is_exists(&self, wanted: bool) -> bool {
        self.op == "exists" && self.value.kind == Kind::Bool(wanted)
    }
}

/// Up to here every whole number is a double.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A number as the language writes it.
fn number(value: &Value) -> Option<String> {
    let number = match value.kind {
        Kind::Integer(number) => number as f64,
        Kind::Float(number) => number,
        _ => return None,
    };
    if number.fract() == 0.0 && number.abs() <= WHOLE {
        return Some((number as i64).to_string());
    }
    serde_json::Number::from_f64(number).map(|number| number.to_string())
}

/// Whether a number is written so that an engine prints it in another way than the same number in a compiled document:
/// `1e6`, or one that a double does not hold.
fn prints_otherwise(value: &Value) -> bool {
    match value.kind {
        Kind::Integer(number) => number.unsigned_abs() > 1 << 53,
        Kind::Float(number) => {
            number.fract() == 0.0
                && ((1e6..=WHOLE).contains(&number.abs()) || number == 0.0 && number.is_sign_negative())
        }
        _ => false,
    }
}

/// A value as the language writes it; null, lists and objects have no literal.
pub(super) fn literal(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(quote(text)),
        Kind::Bool(value) => Some(value.to_string()),
        _ => number(value),
    }
}

fn list(values: &[&Value]) -> Option<String> {
    let all: Option<Vec<String>> = values.iter().map(|value| literal(value)).collect();
    all.filter(|all| !all.is_empty()).map(|all| format!("[{}]", all.join(", ")))
}

/// Whether no value but the text itself prints like it.
pub(super) fn is_plain(value: &Value) -> bool {
    value.text().is_some_and(target::is_plain)
}

/// A pattern as the language writes it.
fn written(regex: &str) -> String {
    let raw = !regex.contains(['"', '\n', '\r']) && !regex.chars().any(crate::text::is_hidden);
    if raw { format!("r\"{regex}\"") } else { quote(regex) }
}

/// What `matches` takes for a pattern that is searched for; `None` for one that the dialect cannot say.
pub(super) fn whole(regex: &str) -> Option<String> {
    let inner = regex.strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$"));
    let ours = inner.filter(|inner| pattern::check(inner).is_ok() && pattern::check(regex).is_ok());
    let whole = match ours {
        Some(inner) => inner.to_owned(),
        None => pattern::searched(regex)?.whole,
    };
    pattern::check(&whole).is_ok().then_some(whole)
}

/// The operator and operand for a pattern, which may be that of a guard.
fn matching(regex: &str) -> Option<(&'static str, String)> {
    let whole = whole(regex)?;
    Some(if let Some(directory) = recognise::directory_of(&whole) {
        ("under", quote(&directory))
    } else if let Some(hosts) = recognise::hosts_of(&whole) {
        let hosts: Vec<String> = hosts.iter().map(|host| quote(host)).collect();
        ("host in", format!("[{}]", hosts.join(", ")))
    } else {
        ("matches", written(&whole))
    })
}

/// The negative test that a demand and a refusal of one argument say together.
pub(super) fn negative(demand: &Test<'_>, refusal: &Test<'_>) -> Option<String> {
    if demand.at != refusal.at {
        return None;
    }
    let pattern = (refusal.op == "regex").then(|| refusal.value.text()).flatten();
    match (demand.op, &demand.value.kind, pattern) {
        ("eq", Kind::Bool(value), Some("")) => Some(demand.of("==", &value.to_string())),
        ("exists", Kind::Bool(true), Some(regex)) if regex.starts_with("^(?:") && regex.ends_with(")$") => {
            Some(demand.of("not matches", &written(&whole(regex)?)))
        }
        ("exists", Kind::Bool(true), None) if refusal.op == "contains" => {
            Some(demand.of("not contains", &literal(refusal.value)?))
        }
        ("regex", Kind::Text(any), Some(regex)) => {
            let (op, operand) = matching(regex)?;
            let wanted = match op {
                "under" => guard::any_path(),
                "host in" => guard::any_url(),
                _ => return None,
            };
            let op = if op == "under" { "not under" } else { "host not in" };
            (pattern::whole(&wanted) == **any).then(|| demand.of(op, &operand))
        }
        _ => None,
    }
}

/// Conditions that must hold; `partner` knows the negative test of which one is a half.
pub(super) fn demands(tests: &[Test<'_>], partner: &mut dyn FnMut(&Test<'_>) -> Option<String>) -> Result<Said, Loss> {
    let mut out = Said::default();
    let mut rest = tests;
    while let [test, after @ ..] = rest {
        let (taken, part) = pair(test, after);
        if let Some(part) = part {
            out.push(part);
        } else if let Some(part) = partner(test) {
            out.push(part);
        } else {
            demand(test, &mut out)?;
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    Ok(out)
}

/// What the first tests say together exactly, and how many they are.
fn pair(test: &Test<'_>, after: &[Test<'_>]) -> (usize, Option<String>) {
    let same = |other: &&Test<'_>| other.at == test.at;
    let Some(second) = after.first().filter(same) else { return (1, None) };
    if test.is_exists(true)
        && let Some(part) = unlike(second)
    {
        return (2, Some(part));
    }
    if test.op == "gte" && second.op == "lte" {
        let (low, high) = (number(test.value), number(second.value));
        if let Some(third) = after.get(1).filter(same).filter(|third| third.op == "in")
            && let Some(ends) = ends(third.value.items())
            && (Some(&ends.0), Some(&ends.1)) == (low.as_ref(), high.as_ref())
            && let Some(values) = list(&third.value.items().iter().collect::<Vec<_>>())
        {
            return (3, Some(test.of("in", &values)));
        }
        if low == high
            && let Some(value) = low
        {
            return (2, Some(test.of("==", &value)));
        }
    }
    (1, None)
}

/// The least and the greatest of several numbers.
fn ends(values: &[Value]) -> Option<(String, String)> {
    let as_number = |value: &&Value| match value.kind {
        Kind::Integer(number) => Some(number as f64),
        Kind::Float(number) => Some(number),
        _ => None,
    };
    if values.len() < 2 || !values.iter().all(|value| as_number(&value).is_some()) {
        return None;
    }
    let by = |a: &&Value, b: &&Value| as_number(a).unwrap_or_default().total_cmp(&as_number(b).unwrap_or_default());
    Some((number(values.iter().min_by(by)?)?, number(values.iter().max_by(by)?)?))
}

/// `!=` and `not in`, for an argument that is there.
fn unlike(test: &Test<'_>) -> Option<String> {
    if test.value.items().iter().chain([test.value]).any(prints_otherwise) {
        return None;
    }
    match test.op {
        "neq" => Some(test.of("!=", &literal(test.value)?)),
        "not_in" => Some(test.of("not in", &list(&test.value.items().iter().collect::<Vec<_>>())?)),
        _ => None,
    }
}

fn demand(test: &Test<'_>, out: &mut Said) -> Result<(), Loss> {
    let value = test.value;
    let cannot = |why: &str| Err((test.span, format!("{why} (`{}`)", test.path)));
    match (test.op, &value.kind) {
        ("eq", Kind::Null | Kind::List(_) | Kind::Object(_)) => {
            return cannot("the language does not compare with null, lists or objects");
        }
        ("eq", _) => {
            let Some(literal) = literal(value) else { return cannot("this value cannot be written") };
            out.push(test.of("==", &literal));
            if !is_plain(value) {
                out.but(test, &format!("a value of another type that prints like {literal} in"));
            }
        }
        ("neq" | "not_in", _) => {
            if value.items().is_empty() && test.op == "not_in" {
                out.push(format!("{} exists", test.path));
            } else {
                let Some(part) = unlike(test) else {
                    return cannot("the language has no such value to compare with");
                };
                out.push(part);
            }
            out.but(test, "a null in");
        }
        ("in", _) => {
            let kept = one_kind(value.items());
            let Some(values) = list(&kept) else { return cannot("the list has nothing that can be compared with") };
            out.push(if let [only] = kept.as_slice() {
                test.of("==", &literal(only).unwrap_or_default())
            } else {
                test.of("in", &values)
            });
            if kept.len() < value.items().len() {
                out.but(test, &format!("whatever is not in {values} in"));
            } else if !kept.iter().all(|value| is_plain(value)) {
                out.but(test, "a value of another type that prints like one of the list in");
            }
        }
        ("lt" | "lte" | "gt" | "gte", _) => {
            let Some(bound) = number(value) else { return cannot("this bound cannot be written") };
            out.push(test.of(sign(test.op), &bound));
        }
        ("exists", Kind::Bool(there)) => {
            out.push(format!("{} {}", test.path, if *there { "exists" } else { "missing" }));
        }
        ("regex", Kind::Text(regex)) => {
            let Some((op, operand)) = matching(regex) else {
                return cannot("the pattern is beyond the dialect of `matches`");
            };
            out.push(test.of(op, &operand));
        }
        ("contains", Kind::Text(part)) if is_plain(value) => out.push(test.of("contains", &quote(part))),
        ("contains", Kind::Text(part)) => {
            let Some(regex) = whole(&pattern::literal(part)) else { return cannot("the text is too long") };
            out.push(test.of("matches", &written(&regex)));
            out.but(test, "a list in");
        }
        ("contains", _) => return cannot("what a list has in it cannot be told from what prints alike"),
        _ => return cannot("this operator is not known"),
    }
    Ok(())
}

/// The values of the kind that most of a list is good for: texts, else numbers, else one truth value.
fn one_kind(values: &[Value]) -> Vec<&Value> {
    let of = |fits: &dyn Fn(&Value) -> bool| values.iter().filter(|value| fits(value)).collect::<Vec<_>>();
    let texts = of(&|value| value.text().is_some());
    let numbers = of(&|value| number(value).is_some());
    match (texts.is_empty(), numbers.is_empty()) {
        (false, _) => texts,
        (true, false) => numbers,
        (true, true) => of(&|value| matches!(value.kind, Kind::Bool(_))).into_iter().take(1).collect(),
    }
}

fn sign(op: &str) -> &'static str {
    match op {
        "lt" => "<",
        "lte" => "<=",
        "gt" => ">",
        _ => ">=",
    }
}

/// Conditions that together refuse a call. No parts: whatever the arguments are.
pub(super) fn refusals(tests: &[Test<'_>]) -> Said {
    let mut out = Said::default();
    let mut rest = tests;
    while let [test, after @ ..] = rest {
        // an argument that is there and unlike a text
        let second = after.first().filter(|other| other.at == test.at && test.is_exists(true));
        let exact = second.filter(|second| {
            let values = if second.op == "neq" { std::slice::from_ref(second.value) } else { second.value.items() };
            values.iter().all(is_plain)
        });
        let taken = match exact.and_then(unlike) {
            Some(part) => {
                out.push(part);
                2
            }
            None => {
                refusal(test, &mut out);
                1
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// As [`refusals`], taking `exists` and `neq` for `!=` of any value; `None` without such a pair.
pub(super) fn unlike_any(tests: &[Test<'_>]) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = tests;
    let mut any = false;
    while let [test, after @ ..] = rest {
        let (taken, part) = pair(test, after);
        any |= taken == 2 && test.is_exists(true);
        let mut said = Said::default();
        if part.is_none() || !test.is_exists(true) {
            refusal(test, &mut said);
            parts.extend(said.parts);
            rest = after;
        } else {
            parts.extend(part);
            rest = rest.get(taken..).unwrap_or_default();
        }
    }
    any.then(|| parts.join(" and "))
}

fn refusal(test: &Test<'_>, out: &mut Said) {
    let (value, path) = (test.value, &test.path);
    let present = |out: &mut Said| {
        out.push(format!("{path} exists"));
        out.but(test, "every call with");
    };
    match (test.op, &value.kind) {
        ("eq", Kind::Null) => {
            out.push(format!("({path} missing or {path} == \"<nil>\")"));
            out.but(test, "a call without");
        }
        ("eq", _) => among(test, std::slice::from_ref(value), out),
        ("in", _) => among(test, value.items(), out),
        ("neq" | "not_in", _) => match unlike(test) {
            Some(part) if odd_texts(test) == 0 => {
                out.push(format!("({path} missing or {part})"));
                out.but(test, "a call without");
            }
            // true of some absent ones: the condition is left out, so the others refuse alone
            _ => out.losses.push((test.span, format!("calls are refused now whatever `{path}` is"))),
        },
        ("lt" | "lte" | "gt" | "gte", _) => match number(value) {
            Some(bound) => out.push(test.of(sign(test.op), &bound)),
            None => present(out),
        },
        ("exists", Kind::Bool(there)) => {
            out.push(format!("{path} {}", if *there { "exists" } else { "missing" }));
        }
        ("regex", Kind::Text(regex)) => match whole(regex) {
            Some(whole) => out.push(test.of("matches", &written(&whole))),
            None => present(out),
        },
        ("contains", _) => match literal(value) {
            Some(literal) => out.push(test.of("contains", &literal)),
            None => present(out),
        },
        _ => present(out),
    }
}

/// How many values are texts that something else prints like.
fn odd_texts(test: &Test<'_>) -> usize {
    let values = if test.op == "neq" { std::slice::from_ref(test.value) } else { test.value.items() };
    values.iter().filter(|value| value.text().is_some() && !is_plain(value)).count()
}

/// `eq` and `in` of a refusal. A text that something else prints like stands beside that.
fn among(test: &Test<'_>, values: &[Value], out: &mut Said) {
    let path = &test.path;
    if values.is_empty() {
        // never true, so the whole never refuses; more is refused by leaving it out
        out.losses.push((test.span, format!("calls are refused now whatever `{path}` is")));
        return;
    }
    // a list with other values besides texts is compared as it stands
    let only_texts = values.iter().all(|value| value.text().is_some());
    if test.op == "in"
        && !only_texts
        && !values.iter().any(prints_otherwise)
        && let Some(values) = list(&values.iter().collect::<Vec<_>>())
    {
        out.push(test.of("in", &values));
        return;
    }
    let mut all: Vec<String> = Vec::new();
    let (mut alike, mut absent) = (false, false);
    for value in values {
        let text = value.text().unwrap_or_default();
        let Some(literal) = literal(value).filter(|_| !prints_otherwise(value)) else {
            absent = true;
            continue;
        };
        if value.text().is_none() || is_plain(value) {
            all.push(literal);
        } else if let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) {
            let number = self::number(&Value { kind: Kind::Float(number), span: value.span });
            all.push(literal);
            all.extend(number);
            alike = true;
        } else if matches!(text, "true" | "false") {
            all.extend([literal, text.to_owned()]);
            alike = true;
        } else {
            absent = true;
        }
    }
    if absent {
        // null, lists and objects: anything that is there, and a null that is
        out.losses.push((test.span, format!("calls are refused now whatever `{path}` is")));
        return;
    }
    match all.as_slice() {
        [only] if test.op == "eq" => out.push(test.of("==", only)),
        many => out.push(test.of("in", &format!("[{}]", many.join(", ")))),
    }
    if alike {
        out.but(test, "a value of another type that prints alike in");
    }
}
