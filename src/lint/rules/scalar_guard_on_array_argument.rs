use serde_json::{Value, json};

use crate::{
    catalog::{JsonType, Param},
    diagnostic::{Class, Code, Level},
    hir::{
        checked::{RuleKind, Standing, ToolId},
        model::{Comparison, Condition, Literal, Op},
    },
    lint::{Check, Confidence, Findings, Persona, Rule, Subject, advice::Advice, call},
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
        let (condition, clause) = match &rule.kind {
            RuleKind::DenyIf(condition) => (condition, "deny if"),
            RuleKind::AskIf(condition) => (condition, "ask if"),
            _ => continue,
        };
        // within an `and` the other tests decide as well
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

fn single(condition: &Condition) -> Option<&Comparison> {
    match condition {
        Condition::Test(test) => Some(test),
        Condition::All(_) | Condition::Any(_) => None,
    }
}

/// A value that the test is true of, where it is true of no list and no object.
fn scalar(op: &Op) -> Option<Value> {
    let value = |literal: &Literal| match literal {
        Literal::Text(text) => json!(text),
        Literal::Number(number) => json!(number),
        Literal::Bool(value) => json!(value),
    };
    match op {
        Op::Equal(literal) => Some(value(literal)),
        Op::In(literals) => literals.first().map(value),
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
