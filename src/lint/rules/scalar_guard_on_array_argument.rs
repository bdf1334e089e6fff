use serde_json::{Value, json};

use crate::{
    catalog::{JsonType, Param},
    diagnostic::{Class, Code, Level},
    hir::{
        checked::{Rule as PolicyRule, RuleKind, Standing, ToolId},
        model::{Comparison, Condition, Literal, Op},
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, call, exact},
    region::{Answer, Wanted},
    syntax::literal::write_path,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "scalar-guard-on-array-argument",
        class: Class::Lint,
        summary: "a test of a single value guards an argument that may be a list, and a list passes it",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("scalar_guard_on_array_argument.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    for rule in policy.rules() {
        if policy.origin().manners().is_none() {
            check_among(policy, rule, findings);
        }
        let (condition, clause) = match &rule.kind {
            RuleKind::DenyIf(condition) => (condition, "deny if"),
            RuleKind::AskIf(condition) => (condition, "ask if"),
            _ => continue,
        };
        // within an `and` the other tests decide as well: `check_among` asks about those
        let tests: Vec<&Comparison> = match &**condition {
            Condition::Test(test) => vec![test],
            Condition::Any(parts) => parts.iter().filter_map(single).collect(),
            Condition::All(_) => continue,
        };
        for test in tests {
            let [name] = &*test.path.segments else { continue };
            let Some(wanted) = scalar(&test.op) else { continue };
            let open = policy.covered(rule).find_map(|id| {
                let tool = policy.entry(id).filter(|_| policy.standing(id) == Standing::Callable)?;
                let param = tool.param(name)?;
                let list = list_of(param, &wanted)?;
                (!list_is_refused(policy, id, name)).then_some((tool, param, list))
            });
            let Some((tool, param, list)) = open else { continue };
            let path = write_path(&test.path.segments);
            let clause = policy.advise(Advice::Say("this"), || format!("`{clause}`"));
            let message = format!(
                "`{path}` of `{}` may be {} as well, and {clause} is false of {}",
                tool.name,
                if list.is_array() { "a list" } else { "an object" },
                if list.is_array() { "a list, whatever stands in it" } else { "an object, whatever it holds" },
            );
            findings.add(
                findings
                    .finding(Level::Error, test.span, message)
                    .proof(format!("{} passes it", call::with(tool, &param.name, list)))
                    .help(policy.advise(Advice::Say("say which single values are in order instead of which are not: a list is none of them"), || format!(
                        "say which single values are in order, for `require` is false of every list: `require {path} in […]` or \
                         `require {path} matches r\"…\"`"
                    ))),
            );
        }
    }
}

/// Looks for a list that gets past a test for what it says of single values: a negative one in a `require`, a positive
/// one in an `and` of what refuses.
fn check_among(policy: &Subject<'_>, rule: &PolicyRule, findings: &mut Findings) {
    let (condition, clause) = match &rule.kind {
        RuleKind::Require(condition) => (condition, "require"),
        RuleKind::DenyIf(condition) => (condition, "deny if"),
        RuleKind::AskIf(condition) => (condition, "ask if"),
        _ => return,
    };
    let requires = matches!(rule.kind, RuleKind::Require(_));
    let mut tests = Vec::new();
    collect(condition, requires, &[], &mut tests);
    for (test, around) in tests {
        let [name] = &*test.path.segments else { continue };
        let is_meant = if requires { is_negative(&test.op) } else { scalar(&test.op).is_some() && !around.is_empty() };
        if !is_meant {
            continue;
        }
        let open = policy.covered(rule).find_map(|id| {
            let tool = policy.entry(id).filter(|_| policy.standing(id) == Standing::Callable)?;
            let value = value_of(policy, id, test, name)?;
            list_of(tool.param(name)?, &literal(&value)).filter(Value::is_array)?;
            Some((tool, passing(policy, id, name, value, &around)?))
        });
        let Some((tool, call)) = open else { continue };
        let path = write_path(&test.path.segments);
        let says = if requires { "lets such a list hold anything" } else { "is false of such a list" };
        let message = format!("`{path}` of `{}` may be a list as well, and this test in `{clause}` {says}", tool.name);
        findings.add(findings.finding(Level::Error, test.span, message).proof(format!("{call} passes it")).help(
            format!(
                "say which single values are in order, for such a `require` is false of every list: \
                 `require {path} in […]` or `require {path} matches r\"…\"`"
            ),
        ));
    }
}

/// The tests of a condition, each with what must be so for it to decide.
fn collect<'c>(
    condition: &'c Condition,
    requires: bool,
    around: &[Wanted<'c>],
    out: &mut Vec<(&'c Comparison, Vec<Wanted<'c>>)>,
) {
    let (parts, all) = match condition {
        Condition::Test(test) => return out.push((test, around.to_vec())),
        Condition::All(parts) => (parts, true),
        Condition::Any(parts) => (parts, false),
    };
    for (at, part) in parts.iter().enumerate() {
        let others = parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
        let mut around = around.to_vec();
        // what is required holds in all its parts anyhow, and what refuses fails in all of them
        match (requires, all) {
            (false, true) => around.extend(others.map(exact::holds)),
            (true, false) => around.extend(others.map(exact::fails)),
            (true, true) | (false, false) => {}
        }
        collect(part, requires, &around, out);
    }
}

fn is_negative(op: &Op) -> bool {
    matches!(op, Op::NotEqual(_) | Op::NotIn(_) | Op::NotMatches(_))
}

/// A single value that the test is about.
fn value_of(policy: &Subject<'_>, id: ToolId, test: &Comparison, name: &str) -> Option<Literal> {
    match &test.op {
        Op::Equal(literal) | Op::NotEqual(literal) => Some(literal.clone()),
        Op::In(literals) | Op::NotIn(literals) => literals.first().cloned(),
        Op::Matches(pattern) | Op::NotMatches(pattern) => {
            let matches = exact::test(name, Op::Matches(pattern.clone()));
            let Answer::Call(arguments) = policy.find(id, &[exact::holds(&matches)]) else { return None };
            arguments.get(name).and_then(Value::as_str).map(|text| Literal::Text(text.into()))
        }
        _ => None,
    }
}

/// A call that nothing stops and nobody is asked about, with the value in a list.
fn passing(policy: &Subject<'_>, id: ToolId, name: &str, value: Literal, around: &[Wanted<'_>]) -> Option<String> {
    let no_text = exact::test(name, Op::NotMatches(r"[\s\S]*".into()));
    let held = exact::test(name, Op::Contains(value));
    let mut wanted = vec![exact::holds(&no_text), exact::holds(&held)];
    wanted.extend_from_slice(around);
    exact::passing_as(policy, id, &wanted).map(|arguments| policy.call(id, &arguments))
}

fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Text(text) => json!(text),
        Literal::Number(number) => json!(number),
        Literal::Bool(value) => json!(value),
    }
}

fn single(condition: &Condition) -> Option<&Comparison> {
    match condition {
        Condition::Test(test) => Some(test),
        Condition::All(_) | Condition::Any(_) => None,
    }
}

/// A value that the test is true of, where it is true of no list and no object.
fn scalar(op: &Op) -> Option<Value> {
    match op {
        Op::Equal(value) => Some(literal(value)),
        Op::In(values) => values.first().map(literal),
        Op::Matches(_) => Some(json!("…")),
        Op::Less(n) | Op::AtMost(n) | Op::Greater(n) | Op::AtLeast(n) => Some(json!(n)),
        _ => None,
    }
}

/// The value in a list or object that the argument takes, where it takes single values too.
fn list_of(param: &Param, wanted: &Value) -> Option<Value> {
    let has = |ty| param.types.contains(ty) && !param.types.is_any();
    let single = [JsonType::String, JsonType::Number, JsonType::Integer, JsonType::Boolean];
    if !single.into_iter().any(has) || param.values.is_some() {
        return None;
    }
    if has(JsonType::Array) {
        return Some(if param.items.admits(wanted) { json!([wanted]) } else { json!([]) });
    }
    has(JsonType::Object).then(|| json!({}))
}

/// Whether a `require` on this argument is false of every list and object.
fn list_is_refused(policy: &Subject<'_>, id: ToolId, name: &str) -> bool {
    policy.rules_of(id).any(|rule| match &rule.kind {
        RuleKind::Require(condition) => refuses(condition, name),
        _ => false,
    })
}

fn refuses(condition: &Condition, name: &str) -> bool {
    match condition {
        Condition::Test(test) => {
            let here = matches!(&*test.path.segments, [only] if only == name);
            let positive =
                matches!(test.op, Op::Under(_) | Op::NotUnder(_) | Op::HostIn(_) | Op::HostNotIn(_) | Op::Missing);
            here && (positive || scalar(&test.op).is_some())
        }
        Condition::All(parts) => parts.iter().any(|part| refuses(part, name)),
        Condition::Any(parts) => !parts.is_empty() && parts.iter().all(|part| refuses(part, name)),
    }
}
