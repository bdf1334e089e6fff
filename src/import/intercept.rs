//! The rules of the proxy Intercept: what must hold for a call to pass, and its counters.

use super::{
    Work,
    draft::{Draft, Treatment, Verb},
    gateway::{approval, clause, limit, reason, refused},
    policylayer::say,
    test::{self, Loss, Test},
};
use crate::{
    document::{Kind, Member, Value},
    engine::Window,
    syntax::literal::write_path,
};

/// The rules of one tool, or of all of them.
#[derive(Default)]
struct Rules {
    refusal: Option<Treatment>,
    clauses: Vec<String>,
    limits: Vec<String>,
    losses: Vec<Loss>,
}

/// What becomes of a tool; the error is why it cannot be said.
pub(super) fn treatment(member: &Member, open: bool, work: &mut Work<'_>) -> Result<Treatment, String> {
    let rules = read(member, &member.key, work)?;
    if let Some(refusal) = rules.refusal {
        return Ok(refusal);
    }
    let verb = if open { Verb::On } else { Verb::Allow };
    let mut out = Treatment { clauses: rules.clauses, ..Treatment::new(verb, member.key_span) };
    out.clauses.extend(rules.limits);
    say(rules.losses, &member.key, &mut out, work);
    Ok(out)
}

/// The rules of `*`, which hold for all tools.
pub(super) fn every(member: &Member, out: &mut Draft, work: &mut Work<'_>) {
    let place = member.key_span;
    let refusal = match read(member, "_global", work) {
        Ok(Rules { refusal: None, clauses, limits, losses }) => {
            out.all.extend(limits.iter().map(|limit| limit.replacen("limit", "limit all", 1)));
            narrow_all(&clauses, member, out, work);
            for treatment in out.tools.values_mut().filter(|_| !clauses.is_empty()) {
                if matches!(treatment.verb, Verb::Allow | Verb::On) {
                    let own = std::mem::take(&mut treatment.clauses);
                    let (limits, conditions): (Vec<String>, Vec<String>) =
                        own.into_iter().partition(|clause| clause.starts_with("limit"));
                    treatment.clauses = [conditions, clauses.clone(), limits].concat();
                }
            }
            let mut head = Treatment::new(Verb::Allow, place);
            say(losses, "*", &mut head, work);
            out.head.extend(head.remarks);
            return;
        }
        Ok(Rules { refusal: Some(refusal), .. }) => Treatment { verb: Verb::Deny, ..refusal },
        Err(why) => {
            work.stricter(place, format!("every tool is refused now, for the rules of `*` cannot be said: {why}"));
            Treatment::refusal(&why, place)
        }
    };
    out.open = false;
    for treatment in out.tools.values_mut() {
        *treatment = Treatment { place: treatment.place, ..refusal.clone() };
    }
}

/// Where what holds for all tools cannot be said of those that nobody knows, they are refused.
fn narrow_all(clauses: &[String], member: &Member, out: &mut Draft, work: &mut Work<'_>) {
    if clauses.is_empty() || !out.open {
        return;
    }
    out.open = false;
    for treatment in out.tools.values_mut().filter(|treatment| treatment.verb == Verb::On) {
        treatment.verb = Verb::Allow;
    }
    let known = work.environment.catalogs.find(&out.server);
    for tool in known.iter().flat_map(|server| &server.tools) {
        out.tools.entry(tool.name.clone()).or_insert_with(|| Treatment::new(Verb::Allow, member.key_span));
    }
    work.stricter(member.key_span, "tools that no catalog knows and no entry names are refused now");
}

fn read(member: &Member, scope: &str, work: &Work<'_>) -> Result<Rules, String> {
    let place = member.key_span;
    let mut out = Rules::default();
    for (nth, rule) in member.value.get("rules").map_or(&[][..], Value::items).iter().enumerate() {
        let because = reason(rule, "on_deny");
        let action = rule.get("action").and_then(Value::text).unwrap_or_default();
        if action == "deny" {
            let refusal = refused(because, place);
            // one that no approval lifts counts more
            if out.refusal.as_ref().is_none_or(|known| known.verb == Verb::Ask) {
                out.refusal = Some(refusal);
            }
            continue;
        }
        if let Some(rate) = rule.get("rate_limit").and_then(Value::text) {
            let (max, window) = rate.split_once('/').ok_or("its `rate_limit` cannot be read")?;
            let max = max.parse().map_err(|_| "its `rate_limit` cannot be read")?;
            let window = Window::named(window).ok_or("its window is not known")?;
            out.limits.push(limit(max, window.0, because.as_deref()));
            continue;
        }
        let conditions = rule.get("conditions").map_or(&[][..], Value::items);
        let counted =
            |value: &&Value| value.get("path").and_then(Value::text).is_some_and(|path| path.starts_with("state."));
        let counters: Vec<&Value> = conditions.iter().filter(counted).collect();
        let others = conditions.iter().filter(|value| !counted(value)).map(Test::read);
        let tests: Vec<Test<'_>> = others.collect::<Option<_>>().ok_or("a condition of it cannot be read")?;
        let total = state(rule, &counters, &tests, scope, because.as_deref(), &mut out)?;
        let tests = if total { &[][..] } else { &tests };
        if tests.is_empty() {
            continue;
        }
        let name = rule.get("name").and_then(Value::text).unwrap_or_default();
        if name == format!("deny-if-{}", nth + 1)
            && let Some(condition) = opposite(tests)
        {
            let text = match approval(because.as_deref()) {
                Some(because) => clause("ask if", &condition, because.as_deref()),
                None => clause("deny if", &condition, because.as_deref()),
            };
            // what looks like the compiler's own is taken for it only where it is
            let compiled = work.alone(&text);
            let made = compiled.as_ref().and_then(|entry| entry.get("rules")?.get(0)?.get("conditions"));
            if made == rule.get("conditions").map(Value::to_json).as_ref() {
                out.clauses.push(text);
                continue;
            }
        }
        let said = test::demands(tests, &mut |_| None).map_err(|loss| loss.1)?;
        out.clauses.push(clause("require", &said.condition(), because.as_deref()));
        out.losses.extend(said.losses);
    }
    Ok(out)
}

/// What a rule counts. Whether its conditions on arguments are those of a sum, and said with it.
fn state(
    rule: &Value,
    counters: &[&Value],
    tests: &[Test<'_>],
    scope: &str,
    because: Option<&str>,
    out: &mut Rules,
) -> Result<bool, String> {
    let Some(state) = rule.get("state") else {
        return if counters.is_empty() { Ok(false) } else { Err("a rule looks at another rule's counter".to_owned()) };
    };
    let counter = state.get("counter").and_then(Value::text).unwrap_or_default();
    let window = state.get("window").and_then(Value::text).and_then(Window::named).ok_or("its window is not known")?;
    let from = state.get("increment_from").and_then(Value::text).filter(|from| !from.is_empty());
    let step = match state.get("increment").map(|step| &step.kind) {
        None | Some(Kind::Integer(0)) => 1,
        Some(Kind::Integer(step)) => *step,
        Some(_) => return Err("its `increment` cannot be read".to_owned()),
    };
    let [bound] = counters else {
        return Err("what it counts is not bounded by just one condition".to_owned());
    };
    if bound.get("path").and_then(Value::text) != Some(&format!("state.{scope}.{counter}")) {
        return Err("a rule looks at another rule's counter".to_owned());
    }
    let number = match bound.get("value").map(|value| &value.kind) {
        Some(Kind::Integer(number)) => *number,
        Some(Kind::Float(number)) => *number as i64,
        _ => return Err("the bound of its counter cannot be read".to_owned()),
    };
    let most = match bound.get("op").and_then(Value::text) {
        Some("lte") => number,
        Some("lt") => number.saturating_sub(1),
        _ => return Err("its counter has no upper bound".to_owned()),
    };
    let calls = if from.is_none() { most.checked_div(step).filter(|_| step > 0) } else { Some(most) };
    let calls = calls.ok_or("its counter does not grow")?;
    let Some(calls) = u64::try_from(calls).ok().filter(|calls| *calls > 0) else {
        return Err("its counter lets no call pass".to_owned());
    };
    let Some(from) = from else {
        out.limits.push(limit(calls, window.0, because));
        return Ok(false);
    };
    let segments: Vec<String> = from.strip_prefix("args.").unwrap_or_default().split('.').map(str::to_owned).collect();
    let path = write_path(&segments);
    let total = limit(calls, window.0, because).replacen("limit", &format!("limit total {path}"), 1);
    // a list of every amount from nothing to the bound: then fractions and others are refused there as well
    let listed = |value: &Value| {
        let numbers = value.items().iter().zip(0_u64..);
        value.items().len() as u64 == calls.saturating_add(1)
            && numbers.clone().all(|(item, nth)| matches!(item.kind, Kind::Integer(n) if u64::try_from(n) == Ok(nth)))
    };
    let exact = match tests {
        [least, amounts] => {
            (least.at, least.op) == (from, "gte")
                && least.value.kind == Kind::Integer(0)
                && (amounts.at, amounts.op) == (from, "in")
                && listed(amounts.value)
        }
        _ => false,
    };
    if !exact {
        out.losses
            .push((state.span, format!("a call whose `{path}` is no whole number from 0 to {calls} is refused now")));
    }
    out.limits.push(total);
    Ok(exact)
}

/// The condition whose opposite the tests are, as the compiler writes them.
fn opposite(tests: &[Test<'_>]) -> Option<String> {
    let path = &tests.first()?.path;
    let operand = |test: &Test<'_>| match test.op {
        "not_in" | "in" => {
            let all: Option<Vec<String>> = test.value.items().iter().map(test::literal).collect();
            all.filter(|all| !all.is_empty()).map(|all| format!("[{}]", all.join(", ")))
        }
        _ => test::literal(test.value),
    };
    let (op, operand) = match tests {
        [only] => match only.op {
            "neq" => ("==", operand(only)?),
            "not_in" => ("in", operand(only)?),
            "eq" => ("!=", operand(only)?),
            "in" => ("not in", operand(only)?),
            "lt" => (">=", operand(only)?),
            "lte" => (">", operand(only)?),
            "gt" => ("<=", operand(only)?),
            "gte" => ("<", operand(only)?),
            "exists" => return Some(format!("{path} {}", if only.is_exists(true) { "missing" } else { "exists" })),
            "contains" => ("not contains", operand(only)?),
            "regex" => {
                let said = test::demands(tests, &mut |_| None).ok()?;
                let (_, pattern) = said.parts.first()?.split_once(" matches ")?;
                ("not matches", pattern.to_owned())
            }
            _ => return None,
        },
        // numbers, which are bounded as well
        _ => {
            let said = test::demands(tests, &mut |_| None).ok()?;
            let [part] = said.parts.as_slice() else { return None };
            let rest = part.strip_prefix(path.as_str())?.trim_start();
            let (op, operand) = rest.split_once(' ')?;
            (if op == "==" { "!=" } else { "not in" }, operand.to_owned())
        }
    };
    Some(format!("{path} {op} {operand}"))
}
