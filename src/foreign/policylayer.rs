//! The hosted gateway's policy JSON: `version`, `default`, `hide`, `all_tools.limits`, `tools.*.{require, deny_if,
//! limits}`; and the older forms that are still copied into it.

use std::sync::Arc;

use super::{
    Format,
    gateway::Gathered,
    predicate::conditions,
    reading::{Reading, exactly, limit_all},
    shape,
};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    document::{Kind, Member, Syntax, Value},
    engine,
    hir::{
        model::{Clause, ClauseKind, Fallback, Name, Rate, Statement, Verb},
        origin::Manners,
    },
    text::nearest,
};

pub(super) static FORMAT: Format = Format {
    name: "policylayer",
    title: "the gateway's policy JSON",
    files: &["*.policylayer.json"],
    syntax: Syntax::Json,
    shape: Some(shape::has_head),
    manners: &MANNERS,
    engine_is_public: false,
    read,
};

static MANNERS: Manners = Manners {
    title: "the gateway",
    prefix: "",
    block: "add {} to `hide`",
    revoke: None,
    close: "write `\"default\": \"deny\"`",
    grant: "give what the agent needs an entry in `tools`, such as `\"TOOL\": {}`",
    ask: None,
    narrow: Some("narrow what stays open with `require` or `limits`"),
    presence: Some("add a `require` with `{\"path\": \"{}\", \"op\": \"exists\", \"value\": true}`"),
    hides: true,
};

const TOP: [&str; 5] = ["version", "default", "hide", "all_tools", "tools"];
const TOOL: [&str; 3] = ["require", "deny_if", "limits"];
const WINDOWS: [&str; 3] = ["minute", "hour", "day"];

fn read(root: &Value, reading: &mut Reading<'_>) {
    if !reading.is_object(root, "the document") {
        return;
    }
    reading.known(root, "a policy", &TOP, &|member| obsolete(member, "TOOL"));
    let fallback = reading.head(root, false);
    let mut out = Gathered::default();
    out.hide(root, reading);
    if let Some(all) = root.get("all_tools") {
        reading.known(all, "`all_tools`", &["limits"], &|member| obsolete(member, "all"));
        for clause in limits(all, reading) {
            if let ClauseKind::Limit(rate) = &clause.kind {
                out.statements.push(limit_all(&clause, Arc::clone(rate)));
            }
        }
    }
    for member in reading.members(root, "tools") {
        if member.key.contains('*') {
            out.glob(member, fallback.0, reading);
            continue;
        }
        out.named.push(&member.key);
        tool(member, fallback.0, reading, &mut out);
    }
    if reading.is_sound() {
        judged(root, reading);
    }
    out.finish(root, fallback, reading);
}

/// What the engine's own reader has to say; names with `*` have a finding of their own.
fn judged(root: &Value, reading: &mut Reading<'_>) {
    let mut json = root.to_json();
    if let Some(tools) = json.get_mut("tools").and_then(serde_json::Value::as_object_mut) {
        tools.retain(|name, _| !name.contains('*'));
    }
    if let Err(error) = engine::policylayer::load(&json) {
        reading.verdict(root, &error);
    }
}

fn tool(member: &Member, fallback: Fallback, reading: &mut Reading<'_>, out: &mut Gathered<'_>) {
    if !reading.is_object(&member.value, &member.key) {
        return;
    }
    reading.known(&member.value, "a tool's entry", &TOOL, &|old| obsolete(old, &member.key));
    let name = Name { text: member.key.clone(), span: reading.content(member.key_span, &member.key) };
    let span = member.key_span.to(member.value.span);
    let mut clauses = Vec::new();
    let mut denied = None;
    for (list, demands) in [("require", true), ("deny_if", false)] {
        for value in reading.list(&member.value, list) {
            if !reading.is_object(value, list) {
                continue;
            }
            reading.known(value, "a predicate", &["conditions", "on_deny"], &|old| match &*old.key {
                "reason" | "message" => Some("write it as `on_deny`".to_owned()),
                "path" | "op" | "value" => {
                    Some("put it into `conditions`: `[{\"path\": …, \"op\": …, \"value\": …}]`".to_owned())
                }
                _ => None,
            });
            let because = reading.because(value, "on_deny");
            let written = reading.list(value, "conditions");
            match conditions(written, demands, reading, &mut out.notes) {
                Some(condition) => {
                    let kind = if demands { ClauseKind::Require(condition) } else { ClauseKind::DenyIf(condition) };
                    clauses.push(Clause { span: value.span, kind, because });
                }
                None if !demands && written.is_empty() => denied = Some((value.span, because)),
                None => {}
            }
        }
    }
    clauses.extend(limits(&member.value, reading));
    if let Some((span, because)) = denied {
        out.statements.push(Statement { because, ..Statement::new(Verb::Deny, exactly([name]), span) });
        return;
    }
    // an entry opens a closed policy, and narrows an open one
    let verb = if fallback == Fallback::Allow && !clauses.is_empty() { Verb::On } else { Verb::Allow };
    if !out.everything || verb == Verb::On {
        out.statements.push(Statement { clauses: clauses.into(), ..Statement::new(verb, exactly([name]), span) });
    }
}

fn limits(object: &Value, reading: &mut Reading<'_>) -> Vec<Clause> {
    let mut out = Vec::new();
    for value in reading.list(object, "limits") {
        if !reading.is_object(value, "limits") {
            continue;
        }
        reading.known(value, "a limit", &["counter", "window", "max", "scope"], &|_| None);
        let Some(window) = value.get("window") else { continue };
        // a limit with a window that there is not is still meant as one
        let seconds = seconds(window, reading).unwrap_or(60);
        let Some(max) = value.get("max").and_then(positive) else { continue };
        let rate = Rate { span: value.span, max, seconds, argument: None };
        out.push(Clause { span: value.span, kind: ClauseKind::Limit(Arc::new(rate)), because: None });
    }
    out
}

/// The length of a window; one that there is not has its error.
fn seconds(window: &Value, reading: &mut Reading<'_>) -> Option<u64> {
    let word = window.text().unwrap_or_default();
    if let Some(window) = engine::Window::named(word) {
        return Some(window.0);
    }
    let near = match window.kind {
        Kind::Integer(number) => named(number),
        _ => nearest(word, WINDOWS).or_else(|| WINDOWS.into_iter().find(|window| word.contains(window))),
    };
    let message = match window.text() {
        Some(text) => format!("there is no window `{text}`"),
        None => format!("a window is a word, not {}", window.what()),
    };
    let error = Diagnostic::error(&codes::UNSUPPORTED_WINDOW, window.span, message);
    reading.error(match near {
        Some(near) => {
            error.fix(Applicability::Unsafe, format!("did you mean `\"{near}\"`?"), window.span, format!("\"{near}\""))
        }
        None => error.help("write `\"minute\"`, `\"hour\"` or `\"day\"`"),
    });
    None
}

/// The window of so many seconds.
fn named(seconds: i64) -> Option<&'static str> {
    WINDOWS
        .into_iter()
        .find(|name| engine::Window::named(name).is_some_and(|window| i64::try_from(window.0) == Ok(seconds)))
}

pub(super) fn positive(value: &Value) -> Option<u64> {
    match value.kind {
        Kind::Integer(number) => u64::try_from(number).ok().filter(|number| *number > 0),
        _ => None,
    }
}

/// What to write in the place of a member of the older forms.
fn obsolete(member: &Member, tool: &str) -> Option<String> {
    let value = &member.value;
    Some(match &*member.key {
        "rate_limit" | "rate_limits" => {
            let max = value.get("max").and_then(positive);
            let per = value.get("window").and_then(|window| match window.kind {
                Kind::Integer(number) => named(number),
                _ => None,
            });
            let (max, per) = (max.map_or("N".to_owned(), |max| max.to_string()), per.unwrap_or("minute"));
            let counter = format!("{}_per_{per}", tool.to_lowercase());
            format!("write `\"limits\": [{{\"counter\": \"{counter}\", \"window\": \"{per}\", \"max\": {max}, \"scope\": \"grant\"}}]`")
        }
        "action" => match value.text() {
            Some("allow") => "an entry without members, `{}`, allows the tool".to_owned(),
            Some("deny" | "block") => "write `\"deny_if\": [{\"conditions\": [], \"on_deny\": \"…\"}]`, or put the tool into `hide`".to_owned(),
            _ => "the format has no approvals; block the tool with `\"deny_if\": [{\"conditions\": [], \"on_deny\": \"Requires human approval.\"}]`".to_owned(),
        },
        "require_approval" | "approval" => {
            "the format has no approvals; block the tool with `\"deny_if\": [{\"conditions\": [], \"on_deny\": \"Requires human approval.\"}]`".to_owned()
        }
        "reason" | "on_deny" => "write it as `on_deny` of the predicate that it explains".to_owned(),
        "rules" => "write `require`, `deny_if` and `limits` into the tool's entry, without `rules`".to_owned(),
        "conditions" => "put them into a predicate: `\"require\": [{\"conditions\": [ … ]}]`".to_owned(),
        "state" => "write what is counted as `limits`".to_owned(),
        _ => return None,
    })
}
