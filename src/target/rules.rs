//! The rule form of the catalogue pages' questions: `action`, `reason`, `rate_limit`.
//!
//! It has approvals and any window, and neither conditions nor a way to hide. Its limits count for each session.

use serde_json::{Map, Value, json};

use super::{
    Target,
    notes::{Notes, Refusal},
};
use crate::{
    diagnostic::codes,
    hir::{
        checked::{CheckedPolicy, Policy, Rule, RuleKind, Standing, ToolId},
        model::{Fallback, Rate},
    },
};

pub(super) static TARGET: Target = Target {
    name: "rules",
    summary: "the rule form with `action`, `reason` and `rate_limit` that the catalogue pages speak of",
    lower,
};

fn lower<'a>(policy: CheckedPolicy<'a>, notes: &mut Notes<'a>) -> Box<dyn super::Document + 'a> {
    let policy = policy.get();
    let mut tools = Map::new();
    for rule in policy.rules_of_all() {
        let refusal = Refusal::new(
            "it counts each tool by itself",
            "write `limit @read, @write to N per …`: one counter for each tool",
        );
        notes.refuse(rule.span, refusal, None);
    }
    if policy.fallback() == Fallback::Hide {
        let what = "a tool that nothing grants is refused, but stays in the agent's list";
        notes.remark(&codes::VISIBLE_NOT_HIDDEN, policy.fallback_span(), what, "`--target policylayer` hides");
    }
    for id in policy.tools_by_name() {
        let standing = policy.standing(id);
        let name = policy.tool_name(id);
        notes.name(id, standing);
        let rule = match standing {
            Standing::NotGranted => continue,
            Standing::Hidden => match hidden(policy, id, notes) {
                Some(rule) => rule,
                None => continue,
            },
            Standing::Denied => refusal(policy.standing_rule(id, Standing::Denied)),
            Standing::Asks => {
                let ask = policy.standing_rule(id, Standing::Asks);
                if let Some(because) = ask.and_then(|rule| rule.because()) {
                    notes.lost_reason(because.span);
                }
                granted(policy, id, "require_approval", notes)
            }
            Standing::Callable => {
                let rule = granted(policy, id, "allow", notes);
                if policy.fallback() == Fallback::Allow && rule.get("rate_limit").is_none() {
                    continue;
                }
                rule
            }
        };
        tools.insert(name.to_owned(), json!({ "rules": [rule] }));
    }
    let default = super::default_word(policy);
    let mut document = Map::new();
    document.insert("version".to_owned(), "1".into());
    document.insert("default".to_owned(), default.into());
    if !tools.is_empty() {
        document.insert("tools".to_owned(), tools.into());
    }
    Box::new(document)
}

/// A hidden tool: refused by its own rule where a `hide` names it, else by the default.
fn hidden(policy: &Policy, id: ToolId, notes: &mut Notes<'_>) -> Option<Value> {
    let rule = policy.standing_rule(id, Standing::Hidden)?;
    let what = "the tool is refused, but stays in the agent's list";
    notes.remark(&codes::VISIBLE_NOT_HIDDEN, rule.span, what, "`--target policylayer` hides");
    Some(refusal(Some(rule)))
}

fn refusal(rule: Option<&Rule>) -> Value {
    match rule.and_then(|rule| rule.because()) {
        Some(because) => json!({ "action": "deny", "reason": because.text }),
        None => json!({ "action": "deny" }),
    }
}

fn granted(policy: &Policy, id: ToolId, action: &str, notes: &mut Notes<'_>) -> Value {
    let mut limit: Option<(&Rule, &Rate)> = None;
    for rule in policy.rules_of(id) {
        match &rule.kind {
            RuleKind::Require(_) | RuleKind::DenyIf(_) | RuleKind::AskIf(_) => {
                let refusal =
                    Refusal::new("it has no conditions", "deny or ask the tool; `--target policylayer` has conditions");
                notes.refuse(rule.span, refusal, Some(id));
            }
            RuleKind::Limit(rate) => limit = choose(limit, rule, rate, id, notes),
            RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide | RuleKind::LimitAll(_) => {}
        }
    }
    let mut out = Map::new();
    out.insert("action".to_owned(), action.into());
    if let Some((rule, rate)) = limit {
        if let Some(because) = rule.because() {
            notes.lost_reason(because.span);
        }
        let what = "a limit counts for each session, and reconnecting resets it";
        notes.remark(&codes::SESSION_LIMIT, rate.span, what, "`--target policylayer` counts for each grant");
        out.insert("rate_limit".to_owned(), json!({ "max": rate.max, "window": rate.seconds }));
    }
    Value::Object(out)
}

/// One limit a tool: of two with one window the smaller, of two windows none.
fn choose<'r>(
    known: Option<(&'r Rule, &'r Rate)>,
    rule: &'r Rule,
    rate: &'r Rate,
    id: ToolId,
    notes: &mut Notes<'_>,
) -> Option<(&'r Rule, &'r Rate)> {
    if rate.argument.is_some() {
        let refusal = Refusal::new("it counts calls only", "count calls with `limit to N per …`");
        notes.refuse(rate.span, refusal, Some(id));
        return known;
    }
    match known {
        Some((_, first)) if first.seconds != rate.seconds => {
            let refusal = Refusal::new("a tool has one limit there", "keep the limit that matters more");
            notes.refuse(rule.span, refusal, Some(id));
            known
        }
        Some((_, first)) if first.max <= rate.max => known,
        _ => Some((rule, rate)),
    }
}
