//! The hosted gateway's `require`, `deny_if` and `limits`.
//!
//! Some tests of the language need two entries there, or several: those are found by writing the test and compiling it.

use super::{
    Work,
    draft::{Treatment, Verb},
    gateway::{approval, clause, limit, positive, reason, refused},
    test::{self, Loss, Said, Test, is_plain, negative},
};
use crate::{
    document::{Kind, Member, Value},
    engine::Window,
};

/// How many entries one condition is at most.
const MOST: usize = 64;

/// A predicate.
struct Predicate<'v> {
    value: &'v Value,
    tests: Vec<Test<'v>>,
    reason: Option<String>,
    /// Whether a clause says it already.
    said: bool,
}

/// What becomes of a tool; the error is why it cannot be said.
pub(super) fn treatment(member: &Member, open: bool, work: &mut Work<'_>) -> Result<Treatment, String> {
    let entry = &member.value;
    let read = |list: &str| -> Result<Vec<Predicate<'_>>, String> {
        entry.get(list).map_or(&[][..], Value::items).iter().map(predicate).collect()
    };
    let (requires, mut denials) = (read("require")?, read("deny_if")?);
    let place = member.key_span;
    let always: Vec<&Predicate<'_>> = denials.iter().filter(|denial| denial.tests.is_empty()).collect();
    // one that no approval lifts counts more
    let plain = always.iter().find(|denial| approval(denial.reason.as_deref()).is_none());
    if let Some(denial) = plain.or(always.first()) {
        return Ok(refused(denial.reason.clone(), place));
    }
    let mut out = Treatment::new(if open { Verb::On } else { Verb::Allow }, place);
    let mut losses: Vec<Loss> = Vec::new();
    let demanded = demanded(&requires, &mut denials, &mut losses)?;
    let mut refusals = denied(&mut denials, work, &mut losses)?.into_iter().peekable();
    // a demand that is also a denial stands where that is
    for (clause, denial) in demanded {
        if let Some(denial) = denial {
            while let Some((_, earlier)) = refusals.next_if(|(at, _)| *at < denial) {
                out.clauses.push(earlier);
            }
        }
        out.clauses.push(clause);
    }
    out.clauses.extend(refusals.map(|(_, clause)| clause));
    out.clauses.extend(limits(entry, work));
    say(losses, &member.key, &mut out, work);
    Ok(out)
}

/// Notes what is different, above the statement and at its place.
pub(super) fn say(losses: Vec<Loss>, tool: &str, out: &mut Treatment, work: &mut Work<'_>) {
    for (span, what) in losses {
        work.stricter(span, format!("`{tool}`: {what}"));
        let remark = format!("stricter than the original: {what}");
        if !out.remarks.contains(&remark) {
            out.remarks.push(remark);
        }
    }
}

fn predicate(value: &Value) -> Result<Predicate<'_>, String> {
    let conditions = value.get("conditions").map_or(&[][..], Value::items);
    let tests: Option<Vec<Test<'_>>> = conditions.iter().map(Test::read).collect();
    let tests = tests.ok_or("a condition of it cannot be read")?;
    Ok(Predicate { value, tests, reason: reason(value, "on_deny"), said: false })
}

/// A clause for each `require`, with the last denial that it takes in.
fn demanded(
    requires: &[Predicate<'_>],
    denials: &mut [Predicate<'_>],
    losses: &mut Vec<Loss>,
) -> Result<Vec<(String, Option<usize>)>, String> {
    let mut out = Vec::new();
    for require in requires.iter().filter(|require| !require.tests.is_empty()) {
        let mut last: Option<usize> = None;
        let mut partner = |demand: &Test<'_>| {
            let fits = |denial: &Predicate<'_>| match denial.tests.as_slice() {
                [only] if !denial.said && denial.reason == require.reason => negative(demand, only),
                _ => None,
            };
            let (at, text) = denials.iter().enumerate().find_map(|(at, denial)| Some((at, fits(denial)?)))?;
            if let Some(denial) = denials.get_mut(at) {
                denial.said = true;
            }
            last = last.max(Some(at));
            Some(text)
        };
        let said = test::demands(&require.tests, &mut partner).map_err(|loss| loss.1)?;
        losses.extend(said.losses.iter().cloned());
        out.push((clause("require", &said.condition(), require.reason.as_deref()), last));
    }
    Ok(out)
}

/// A clause for each denial that nothing says yet, or for several together, with the place of the first.
fn denied(
    denials: &mut [Predicate<'_>],
    work: &Work<'_>,
    losses: &mut Vec<Loss>,
) -> Result<Vec<(usize, String)>, String> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = denials.get(at..).filter(|rest| !rest.is_empty()) {
        let [denial, ..] = rest else { break };
        if denial.said {
            at += 1;
            continue;
        }
        let same = |other: &&Predicate<'_>| !other.said && other.reason == denial.reason;
        let run = rest.iter().take(MOST).take_while(same).count();
        let group = rest.get(..run).unwrap_or_default();
        if let Some((taken, clause)) = together(group, work) {
            out.push((at, clause));
            at += taken;
            continue;
        }
        let said = test::refusals(&denial.tests);
        let Some(text) = refusal(denial, &said) else {
            let why = said.losses.first().map_or("its condition cannot be said", |loss| loss.1.as_str());
            return Err(why.to_owned());
        };
        losses.extend(said.losses);
        out.push((at, text));
        at += 1;
    }
    Ok(out)
}

fn refusal(denial: &Predicate<'_>, said: &Said) -> Option<String> {
    (!said.parts.is_empty()).then(|| refusing(denial, &said.condition()))
}

fn refusing(denial: &Predicate<'_>, condition: &str) -> String {
    match approval(denial.reason.as_deref()) {
        Some(because) => clause("ask if", condition, because.as_deref()),
        None => clause("deny if", condition, denial.reason.as_deref()),
    }
}

/// A clause that compiles to just the first entries of a group, where one entry alone would not say as much.
fn together(group: &[Predicate<'_>], work: &Work<'_>) -> Option<(usize, String)> {
    let first = group.first()?;
    if let Some(condition) = test::unlike_any(&first.tests) {
        let clause = refusing(first, &condition);
        if let Some(entries) = entries(&clause, work)
            && is_start(&entries, group)
        {
            return Some((entries.len(), clause));
        }
    }
    let parts = first.tests.len();
    let most = group.iter().take_while(|other| other.tests.len() == parts).count();
    if parts < 2 || approval(first.reason.as_deref()).is_some() {
        return None;
    }
    (2..=most).rev().filter(|size| size.is_power_of_two()).find_map(|size| {
        let condition = alternatives(group.get(..size)?, parts)?;
        let clause = clause("require", &condition, first.reason.as_deref());
        let entries = entries(&clause, work)?;
        (entries.len() == size && is_start(&entries, group)).then_some((size, clause))
    })
}

/// The tests of which one must hold, if the denials are all combinations of their opposites.
fn alternatives(group: &[Predicate<'_>], parts: usize) -> Option<String> {
    let mut out: Vec<String> = Vec::new();
    for part in 0..parts {
        let mut found: Option<String> = None;
        for test in group.iter().filter_map(|denial| denial.tests.get(part)) {
            let values = if test.op == "neq" { std::slice::from_ref(test.value) } else { test.value.items() };
            let positive = match test.op {
                "exists" if test.value.kind == Kind::Bool(true) => Some(format!("{} missing", test.path)),
                "exists" => None,
                "neq" if is_plain(test.value) => Some(format!("{} == {}", test.path, test::literal(test.value)?)),
                "not_in" if values.iter().all(is_plain) => {
                    let all: Option<Vec<String>> = values.iter().map(test::literal).collect();
                    Some(format!("{} in [{}]", test.path, all?.join(", ")))
                }
                _ => return None,
            };
            found = positive.or(found);
        }
        let path = || group.first()?.tests.get(part).map(|test| format!("{} exists", test.path));
        out.push(found.or_else(path)?);
    }
    Some(out.join(" or "))
}

/// The denials that a clause compiles to; `None` where there are demands as well.
fn entries(clause: &str, work: &Work<'_>) -> Option<Vec<serde_json::Value>> {
    let entry = work.alone(clause)?;
    entry.get("require").is_none().then(|| entry.get("deny_if")?.as_array().cloned())?
}

fn is_start(entries: &[serde_json::Value], group: &[Predicate<'_>]) -> bool {
    entries.len() <= group.len() && entries.iter().zip(group).all(|(entry, denial)| *entry == denial.value.to_json())
}

/// The limits of an entry, the smallest of each window.
pub(super) fn limits(entry: &Value, work: &mut Work<'_>) -> Vec<String> {
    let mut out: Vec<(u64, u64)> = Vec::new();
    for value in entry.get("limits").map_or(&[][..], Value::items) {
        let window = value.get("window").and_then(Value::text).and_then(Window::named);
        let (Some(window), Some(max)) = (window, value.get("max").and_then(positive)) else {
            continue;
        };
        if max > 9_007_199_254_740_992 {
            work.stricter(value.span, "the limit is the highest that there is, 9007199254740992");
        }
        match out.iter_mut().find(|known| known.1 == window.0) {
            Some(known) => known.0 = known.0.min(max),
            None => out.push((max, window.0)),
        }
    }
    out.into_iter().map(|(max, seconds)| limit(max, seconds, None)).collect()
}
