//! What the documents of gateways share: the head, `hide`, tools whose entries cannot be read, and what a refusal says.

use std::collections::BTreeMap;

use super::{
    Work,
    draft::{Draft, Treatment, Verb},
    intercept, policylayer, rules, unsayable,
};
use crate::{
    diagnostic::{Diagnostic, codes},
    document::{Kind, Member, Value},
    engine,
    eval::window,
    hir::model::Policy,
    text::Span,
};

/// How often an engine is asked for one more mistake.
const MOST_FAULTS: usize = 64;

/// The policy of a document.
pub(super) fn draft(
    root: &Value,
    format: &'static str,
    policies: &[Policy],
    problems: Vec<Diagnostic>,
    work: &mut Work<'_>,
) -> Result<Draft, Vec<Diagnostic>> {
    let server = policies.first().and_then(|policy| policy.server.as_ref()).map(|server| server.text.to_string());
    let bad = bad_tools(root, format, &problems)?;
    if format == "intercept"
        && let Some(why) = bad.get("*")
    {
        // its rules are those of every tool
        let span = root.get("tools").and_then(|tools| tools.member("*")).map_or(root.span, |every| every.key_span);
        return Err(if problems.iter().any(Diagnostic::is_fatal) { problems } else { vec![unsayable(span, why)] });
    }
    work.notes.extend(problems.into_iter().filter(|problem| problem.code == &codes::ASSUMED_SERVER));
    let open = match root.get("default") {
        Some(default) => default.text() == Some("allow"),
        None => true,
    };
    let mut out = Draft { open, server: server.unwrap_or_default(), ..Draft::default() };
    let all = match format {
        "policylayer" => root.get("all_tools").map(|all| policylayer::limits(all, work)).unwrap_or_default(),
        _ => Vec::new(),
    };
    out.all = all.into_iter().map(|limit| limit.replacen("limit", "limit all", 1)).collect();
    for member in root.get("tools").map_or(&[][..], Value::members) {
        if let Some(why) = bad.get(&*member.key) {
            refuse(member, why, &mut out, work)?;
            continue;
        }
        let treatment = match format {
            "policylayer" => policylayer::treatment(member, open, work),
            "rules" => rules::treatment(member, open),
            _ if &*member.key == "*" => continue,
            _ => intercept::treatment(member, open, work),
        };
        match treatment {
            Ok(treatment) => drop(out.tools.insert(member.key.to_string(), treatment)),
            Err(why) => refuse(member, &why, &mut out, work)?,
        }
    }
    if format == "intercept"
        && let Some(wild) = root.get("tools").and_then(|tools| tools.member("*"))
    {
        intercept::every(wild, &mut out, work);
    }
    // under an open default an entry that narrows nothing says nothing
    out.tools.retain(|_, treatment| treatment.verb != Verb::On || !treatment.clauses.is_empty());
    hide(root, &mut out, work);
    Ok(out)
}

/// Denies a tool whose entry cannot be said.
fn refuse(member: &Member, why: &str, out: &mut Draft, work: &mut Work<'_>) -> Result<(), Vec<Diagnostic>> {
    let place = member.key_span;
    if &*member.key == "*" {
        // for a gateway that knows no such entry, or one whose entry is none of the known ones
        if out.open {
            return Err(vec![unsayable(place, why)]);
        }
        work.stricter(place, format!("the entry `*` is left out: {why}"));
        return Ok(());
    }
    work.stricter(place, format!("`{}` is refused now: {why}", member.key));
    out.tools.insert(member.key.to_string(), Treatment::refusal(why, place));
    Ok(())
}

/// The tools whose entries have a mistake, each with one; a mistake elsewhere is one of the whole document.
fn bad_tools(root: &Value, format: &str, problems: &[Diagnostic]) -> Result<BTreeMap<String, String>, Vec<Diagnostic>> {
    let tools = root.get("tools").map_or(&[][..], Value::members);
    let mut bad = BTreeMap::new();
    let mut elsewhere = false;
    let counts = |problem: &&Diagnostic| problem.is_fatal();
    for problem in problems.iter().filter(counts) {
        let within = |member: &&Member| {
            let all = member.key_span.to(member.value.span);
            all.start <= problem.span.start && problem.span.end <= all.end
        };
        match tools.iter().find(within) {
            Some(member) => drop(bad.entry(member.key.to_string()).or_insert_with(|| problem.message.clone())),
            None => elsewhere = true,
        }
    }
    if elsewhere {
        return Err(problems.to_vec());
    }
    let mut json = root.to_json();
    if format == "intercept"
        && let Some(version) = json.get_mut("version").filter(|version| **version == 1)
    {
        // as its reader takes it
        *version = "1".into();
    }
    if format == "policylayer"
        && let Some(document) = json.as_object_mut()
    {
        // a name that is hidden twice is hidden
        document.remove("hide");
    }
    for _ in 0..MOST_FAULTS {
        if let Some(tools) = json.get_mut("tools").and_then(serde_json::Value::as_object_mut) {
            tools.retain(|name, _| !bad.contains_key(name));
        }
        let Some(loaded) = engine::Policy::load(format, &json) else {
            return Err(vec![unsayable(root.span.at_start(), "nothing here judges as its engine does")]);
        };
        let Err(error) = loaded else { return Ok(bad) };
        for fault in &error.faults {
            let name = fault.at.strip_prefix("/tools/").and_then(|rest| rest.split('/').next());
            let Some(name) = name else {
                let span = root.at(&fault.at).span;
                return Err(vec![unsayable(span, &fault.message.replace('\n', " "))]);
            };
            let message = fault.message.replace('\n', " ");
            // the engine's own messages begin with the place
            let what = message.strip_prefix("tools.").and_then(|rest| rest.split_once("]: ")).map(|(_, what)| what);
            let what = what.unwrap_or(&message).to_owned();
            bad.insert(name.replace("~1", "/").replace("~0", "~"), what);
        }
    }
    Err(vec![unsayable(root.span.at_start(), "too many of its entries have mistakes")])
}

/// Hidden tools, which nothing else is said of.
fn hide(root: &Value, out: &mut Draft, work: &mut Work<'_>) {
    let entries = root.get("hide").map_or(&[][..], Value::items);
    let every = entries.iter().find(|entry| entry.text() == Some("*"));
    for entry in entries {
        if let Some(name) = entry.text().filter(|name| *name != "*") {
            out.tools.insert(name.to_owned(), Treatment::new(Verb::Hide, entry.span));
        }
    }
    let Some(every) = every else { return };
    out.open = false;
    out.all.clear();
    let known = work.environment.catalogs.find(&out.server);
    for treatment in out.tools.values_mut() {
        *treatment = Treatment::new(Verb::Hide, treatment.place);
    }
    match known.filter(|server| !server.tools.is_empty()) {
        Some(server) => {
            out.tools.retain(|name, _| server.tool(name).is_none());
            out.rest = Some((Verb::Hide, Vec::new()));
            out.head.push("The original hides every tool; one that no catalog knows is refused here.".to_owned());
        }
        None => {
            let message = "every tool is hidden here; in the policy those that are not named are refused, and listed";
            work.notes.push(
                Diagnostic::info(&codes::VISIBLE_NOT_HIDDEN, every.span, message)
                    .help("say with `--server` which server it is for: its tools are hidden then"),
            );
        }
    }
}

/// The reason of a rule; an empty one is none.
pub(super) fn reason(object: &Value, member: &str) -> Option<String> {
    object.get(member).and_then(Value::text).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The tool's refusal: an approval, where the text is the one that stands for it.
pub(super) fn refused(reason: Option<String>, place: Span) -> Treatment {
    match approval(reason.as_deref()) {
        Some(because) => Treatment { because, ..Treatment::new(Verb::Ask, place) },
        None => Treatment { because: reason, ..Treatment::new(Verb::Deny, place) },
    }
}

/// What an approval is for, if a refusal's text stands for one: ours, or the one of the catalogue's pages.
pub(super) fn approval(reason: Option<&str>) -> Option<Option<String>> {
    let rest = reason?.strip_prefix("Requires human approval")?;
    match rest {
        "" | "." => Some(None),
        _ => rest.strip_prefix(": ").filter(|rest| !rest.is_empty()).map(|rest| Some(rest.to_owned())),
    }
}

/// A clause with its reason.
pub(super) fn clause(words: &str, condition: &str, because: Option<&str>) -> String {
    match because {
        Some(because) => format!("{words} {condition} because {}", crate::syntax::literal::quote(because)),
        None => format!("{words} {condition}"),
    }
}

/// A limit on calls.
pub(super) fn limit(max: u64, seconds: u64, because: Option<&str>) -> String {
    clause("limit", &format!("to {} per {}", max.min(MOST), window(seconds)), because)
}

/// The highest number of calls that the language has.
const MOST: u64 = 9_007_199_254_740_992;

/// A positive number.
pub(super) fn positive(value: &Value) -> Option<u64> {
    match value.kind {
        Kind::Integer(number) => u64::try_from(number).ok().filter(|number| *number > 0),
        _ => None,
    }
}
