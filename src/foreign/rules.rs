//! The rule form of the older questions and answers: `tools.*.rules[]` of `action`, `reason`, `rate_limit {max, window
//! in seconds}`.

use std::sync::Arc;

use super::{
    Format,
    policylayer::positive,
    reading::{Frame, Reading, exactly},
    shape,
};
use crate::{
    document::{Member, Syntax, Value},
    engine,
    hir::{
        model::{Clause, ClauseKind, Fallback, Name, Rate, Statement, Verb},
        origin::{Manners, Unlisted},
    },
};

pub(super) static FORMAT: Format = Format {
    name: "rules",
    title: "the older form with `action` and `rate_limit`",
    files: &["*.rules.json"],
    syntax: Syntax::Json,
    shape: Some(is_one),
    manners: &MANNERS,
    engine_is_public: false,
    read,
};

static MANNERS: Manners = Manners {
    title: "the rule form",
    prefix: "",
    block: "give {} the rule `{\"action\": \"deny\"}`",
    revoke: None,
    close: "write `\"default\": \"deny\"`",
    grant: "give what the agent needs the rule `{\"action\": \"allow\"}`",
    ask: Some("give {} the rule `{\"action\": \"require_approval\"}`"),
    narrow: Some("limit what stays open with `rate_limit`"),
    presence: None,
    hides: false,
};

/// Rules with an `action` of this form, or with a rate as an object.
fn is_one(root: &Value) -> bool {
    let proxys =
        |rule: &Value| ["name", "conditions", "on_deny", "state"].iter().any(|member| rule.get(member).is_some());
    let theirs = |rule: &Value| {
        let action = rule.get("action").and_then(Value::text);
        let rate = rule.get("rate_limit").is_some_and(|rate| !rate.members().is_empty());
        (matches!(action, Some("allow" | "deny" | "require_approval")) || rate)
    };
    shape::has_head(root) && shape::all_rules(root).any(theirs) && !shape::all_rules(root).any(proxys)
}

fn read(root: &Value, reading: &mut Reading<'_>) {
    if !reading.is_object(root, "the document") {
        return;
    }
    reading.known(root, "this form", &["version", "default", "tools"], &|_| None);
    let fallback = reading.head(root, false);
    let mut statements = Vec::new();
    let mut named: Vec<&str> = Vec::new();
    for member in reading.members(root, "tools") {
        named.push(&member.key);
        tool(member, fallback.0, reading, &mut statements);
    }
    if reading.is_sound()
        && let Err(error) = engine::rules::load(&root.to_json())
    {
        reading.verdict(root, &error);
    }
    let unlisted = if fallback.0 == Fallback::Deny { Unlisted::Refused } else { Unlisted::Allowed };
    reading.policy(Frame { root, fallback, unlisted }, statements, Vec::new(), &named);
}

fn tool(member: &Member, fallback: Fallback, reading: &mut Reading<'_>, statements: &mut Vec<Statement>) {
    if !reading.is_object(&member.value, &member.key) {
        return;
    }
    reading.known(&member.value, "a tool's entry", &["rules"], &|_| None);
    let name = Name { text: member.key.clone(), span: reading.content(member.key_span, &member.key) };
    let mut clauses = Vec::new();
    let mut plain = false;
    for rule in reading.list(&member.value, "rules") {
        if !reading.is_object(rule, "rules") {
            continue;
        }
        reading.known(rule, "a rule", &["action", "reason", "rate_limit"], &|old| match &*old.key {
            "on_deny" => Some("write it as `reason`".to_owned()),
            _ => None,
        });
        let because = reading.because(rule, "reason");
        reading.word(rule, "action", &["allow", "deny", "require_approval"]);
        let verb = match rule.get("action").and_then(Value::text) {
            Some("deny") => Verb::Deny,
            Some("require_approval") => Verb::Ask,
            _ => Verb::Allow,
        };
        if verb == Verb::Allow {
            plain = true;
        } else {
            statements.push(Statement { because, ..Statement::new(verb, exactly([name.clone()]), rule.span) });
        }
        if let Some(rate) = rule.get("rate_limit").and_then(rate) {
            clauses.push(Clause { span: rule.span, kind: ClauseKind::Limit(Arc::new(rate)), because: None });
        }
    }
    let span = member.key_span.to(member.value.span);
    if plain || !clauses.is_empty() {
        let verb = if fallback == Fallback::Allow || !plain { Verb::On } else { Verb::Allow };
        let verb = if clauses.is_empty() { Verb::Allow } else { verb };
        statements.push(Statement { clauses: clauses.into(), ..Statement::new(verb, exactly([name]), span) });
    }
}

fn rate(limit: &Value) -> Option<Rate> {
    let max = limit.get("max").and_then(positive)?;
    let seconds = limit.get("window").and_then(positive)?;
    Some(Rate { span: limit.span, max, seconds, argument: None })
}
