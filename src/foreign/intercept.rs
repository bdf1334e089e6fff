//! Policies of the open-source proxy Intercept, in YAML or JSON: `tools.*.rules[]` of `name`, `conditions`, `on_deny`,
//! `state` or `rate_limit`.
//!
//! Its reader drops members that it does not know; those of later versions are passed over here as well, and only
//! near misses and older forms are spoken of.

use std::sync::Arc;

use super::{
    Format,
    gateway::{Gathered, every},
    predicate::conditions,
    reading::{Reading, exactly, limit_all},
    shape,
};
use crate::{
    diagnostic::{Diagnostic, codes},
    document::{Kind, Member, Syntax, Value},
    engine::{self, Window},
    hir::{
        model::{Clause, ClauseKind, Condition, Fallback, Name, Path, Rate, Statement, Verb},
        origin::Manners,
    },
};

pub(super) static FORMAT: Format = Format {
    name: "intercept",
    title: "a policy of the proxy Intercept",
    files: &["*.intercept.json", "*.intercept.yaml", "*.intercept.yml"],
    syntax: Syntax::Yaml,
    shape: Some(is_one),
    manners: &MANNERS,
    engine_is_public: true,
    read,
};

static MANNERS: Manners = Manners {
    title: "Intercept",
    prefix: "",
    block: "add {} to `hide`",
    revoke: None,
    close: "write `default: deny`",
    grant: "give what the agent needs an entry in `tools`, with `rules: []` where nothing narrows it",
    ask: None,
    narrow: Some("narrow what stays open with a rule that has `conditions` or a `rate_limit`"),
    presence: Some("add a rule with the condition `{path: {}, op: exists, value: true}`"),
    hides: true,
};

const TOP: [&str; 5] = ["version", "description", "default", "hide", "tools"];
const RULE: [&str; 6] = ["name", "action", "rate_limit", "conditions", "on_deny", "state"];

fn is_one(root: &Value) -> bool {
    let hidden = root.get("hide").is_some_and(|hide| matches!(hide.kind, Kind::List(_)));
    let head = shape::has_head(root) || hidden || root.get("default").is_some();
    let named = |rule: &Value| {
        rule.get("name").is_some() || rule.get("conditions").is_some() || rule.get("rate_limit").is_some()
    };
    shape::has_rules(root) && (head || shape::all_rules(root).any(named))
}

fn read(root: &Value, reading: &mut Reading<'_>) {
    if !reading.is_object(root, "the document") {
        return;
    }
    let mut out = Gathered::default();
    out.later |= reading.known_so_far(root, "a policy", &TOP, &|_| None);
    let root = &versioned(root);
    let fallback = reading.head(root, true);
    out.hide(root, reading);
    for member in reading.members(root, "tools") {
        if member.key.len() > 1 && member.key.contains('*') {
            out.glob(member, fallback.0, reading);
            continue;
        }
        if &*member.key != "*" {
            out.named.push(&member.key);
        }
        tool(member, fallback.0, reading, &mut out);
    }
    if reading.is_sound()
        && !out.later
        && let Err(error) = engine::intercept::load(&root.to_json())
    {
        reading.verdict(root, &error);
    }
    out.finish(root, fallback, reading);
}

/// The document with its version as a text: YAML's number 1 is read as one by the proxy.
fn versioned(root: &Value) -> Value {
    let mut root = root.clone();
    if let Kind::Object(members) = &mut root.kind {
        for member in members.iter_mut().filter(|member| &*member.key == "version") {
            if member.value.kind == Kind::Integer(1) {
                member.value.kind = Kind::Text("1".into());
            }
        }
    }
    root
}

fn tool(member: &Member, fallback: Fallback, reading: &mut Reading<'_>, out: &mut Gathered<'_>) {
    if matches!(member.value.kind, Kind::Null) || !reading.is_object(&member.value, &member.key) {
        return;
    }
    out.later |= reading.known_so_far(&member.value, "a tool's entry", &["rules"], &|old| match &*old.key {
        "require" | "deny_if" | "limits" => Some("write it as `rules` with `conditions` or a `rate_limit`".to_owned()),
        _ => None,
    });
    let place = reading.content(member.key_span, &member.key);
    let wild = &*member.key == "*";
    let tools = || match wild {
        true => every(place),
        false => exactly([Name { text: member.key.clone(), span: place }]),
    };
    let span = member.key_span.to(member.value.span);
    let mut clauses = Vec::new();
    for rule in reading.list(&member.value, "rules") {
        if !reading.is_object(rule, "rules") {
            continue;
        }
        out.later |= reading.known_so_far(rule, "a rule", &RULE, &old);
        let because = reading.because(rule, "on_deny");
        let written = reading.list(rule, "conditions");
        let condition = conditions(written, true, reading, &mut out.notes);
        reading.word(rule, "action", &["evaluate", "deny", "require_approval", "allow"]);
        match rule.get("action").and_then(Value::text) {
            Some("deny") => {
                out.statements.push(Statement { because, ..Statement::new(Verb::Deny, tools(), rule.span) });
                continue;
            }
            // of later versions
            Some("require_approval") => {
                out.later = true;
                out.statements.push(Statement { because, condition, ..Statement::new(Verb::Ask, tools(), rule.span) });
                continue;
            }
            Some("allow") => {
                let span = rule.get("action").map_or(rule.span, |action| action.span);
                let finding = Diagnostic::error(&codes::OBSOLETE_FIELD, span, "the action `allow` is of another form");
                reading.error(finding.help("leave the rule out: a tool with `rules: []` is allowed"));
                continue;
            }
            _ => {}
        }
        for rate in rates(rule, written) {
            let clause = Clause { span: rule.span, kind: ClauseKind::Limit(Arc::new(rate)), because: because.clone() };
            if let (true, ClauseKind::Limit(rate)) = (wild, &clause.kind) {
                out.statements.push(limit_all(&clause, Arc::clone(rate)));
            } else {
                clauses.push(clause);
            }
        }
        let Some(condition) = condition else { continue };
        if wild {
            // tools without the argument are refused by it, which is no mistake of its own
            let having = first_path(&condition).cloned().map(Box::new);
            let clause = Clause { span: rule.span, kind: ClauseKind::Require(condition), because };
            out.statements.push(Statement {
                having,
                clauses: [clause].into(),
                ..Statement::new(Verb::On, tools(), rule.span)
            });
        } else {
            clauses.push(Clause { span: rule.span, kind: ClauseKind::Require(condition), because });
        }
    }
    if wild {
        return;
    }
    let verb = if fallback == Fallback::Allow && !clauses.is_empty() { Verb::On } else { Verb::Allow };
    if !out.everything || verb == Verb::On {
        out.statements.push(Statement { clauses: clauses.into(), ..Statement::new(verb, tools(), span) });
    }
}

fn old(member: &Member) -> Option<String> {
    Some(match &*member.key {
        "reason" => "write it as `on_deny`".to_owned(),
        "validate" => "write `conditions` with `exists`".to_owned(),
        "rate_limit" if !member.value.members().is_empty() => "write `rate_limit: 30/minute`".to_owned(),
        _ => return None,
    })
}

fn first_path(condition: &Condition) -> Option<&Path> {
    match condition {
        Condition::Test(test) => Some(&test.path),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().find_map(first_path),
    }
}

/// What a rule counts: its `rate_limit`, and the bounds of its own `state`.
fn rates(rule: &Value, conditions: &[Value]) -> Vec<Rate> {
    let mut out = Vec::new();
    if let Some(limit) = rule.get("rate_limit")
        && let Some((count, window)) = limit.text().and_then(|text| text.split_once('/'))
        && let (Ok(max), Some(window)) = (count.parse(), Window::named(window))
    {
        out.push(Rate { span: limit.span, max, seconds: window.0, argument: None });
    }
    let Some(state) = rule.get("state") else { return out };
    let Some(window) = state.get("window").and_then(Value::text).and_then(Window::named) else { return out };
    let from = state.get("increment_from").filter(|from| from.text().is_some());
    let argument = from.and_then(|from| {
        let segments = from.text()?.strip_prefix("args.")?.split('.').map(str::to_owned).collect();
        Some(Path { segments, span: from.span })
    });
    for condition in conditions {
        let path = condition.get("path").and_then(Value::text).unwrap_or_default();
        let bound = condition.get("value").and_then(super::policylayer::positive);
        let max = match (condition.get("op").and_then(Value::text), bound) {
            (Some("lte"), Some(bound)) => bound,
            (Some("lt"), Some(bound)) if bound > 1 => bound - 1,
            _ => continue,
        };
        if path.starts_with("state.") {
            out.push(Rate { span: condition.span, max, seconds: window.0, argument: argument.clone() });
        }
    }
    out
}
