//! The rule form that the catalogue pages' questions speak of: `tools.*.rules[]` of `action`, `reason`, `rate_limit
//! {max, window in seconds}`, with `version` and `default` as in the other formats.
//!
//! No engine for it is published, and the pages show one rule a tool; so nearly all of this is assumed, see the
//! entries for `rules` in [`super::ASSUMPTIONS`]. Absent: conditions, hiding, `validate`, a rule for every tool.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::read::Node;
use super::value::quoted;
use super::{Call, Counter, Decision, EngineError, Unknown, Used, Verdict, Window};

/// A policy that can judge calls.
#[derive(Debug, Clone)]
pub struct Policy {
    allow_unlisted: bool,
    tools: BTreeMap<String, Vec<Rule>>,
}

#[derive(Debug, Clone)]
struct Rule {
    action: Action,
    reason: Option<String>,
    limit: Option<Limit>,
    at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Allow,
    Ask,
    Deny,
}

#[derive(Debug, Clone, Copy)]
struct Limit {
    max: i64,
    window: Window,
}

/// Reads a document.
///
/// # Errors
///
/// A member that is not known, a wrong type, a tool without rules or named `*`, a limit on a `deny`.
pub fn load(document: &Value) -> Result<Policy, EngineError> {
    let top = Node::root(document).object(&["version", "default", "tools"])?;
    let allow_unlisted = top.head()?;
    let mut tools = BTreeMap::new();
    for (name, node) in top.members("tools")? {
        if name == "*" {
            return Err(node.fault("whether a tool named `*` stands for every tool is not documented"));
        }
        let list = node.object(&["rules"])?.need("rules")?;
        let rules = list.items()?.iter().map(rule).collect::<Result<Vec<Rule>, EngineError>>()?;
        if rules.is_empty() {
            return Err(list.fault("what a tool without rules may do is not documented"));
        }
        tools.insert(name.to_owned(), rules);
    }
    Ok(Policy { allow_unlisted, tools })
}

fn rule(node: &Node<'_>) -> Result<Rule, EngineError> {
    let object = node.object(&["action", "reason", "rate_limit"])?;
    let place = object.need("action")?;
    let action = match place.text()? {
        "allow" => Action::Allow,
        "require_approval" => Action::Ask,
        "deny" => Action::Deny,
        other => {
            return Err(place.fault(format!("expected `allow`, `deny` or `require_approval`, found `{other}`")));
        }
    };
    let limit = object.get("rate_limit").map(|node| limit(&node)).transpose()?;
    if action == Action::Deny && limit.is_some() {
        return Err(node.fault("a `deny` has nothing to limit"));
    }
    let reason = object.text("reason")?.filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(Rule { action, reason, limit, at: node.at.clone() })
}

fn limit(node: &Node<'_>) -> Result<Limit, EngineError> {
    let object = node.object(&["max", "window"])?;
    let max = object.need("max")?.positive()?;
    let seconds = object.need("window")?.positive()?;
    Ok(Limit { max, window: Window(seconds.unsigned_abs()) })
}

impl Policy {
    /// Judges a call: the default, then of the tool's rules the strongest: `deny`, a limit without room, approval.
    ///
    /// # Errors
    ///
    /// A counter that the call would need is not known.
    pub fn decide(&self, call: &Call<'_>, used: &dyn Used) -> Result<Verdict, Unknown> {
        let Some(rules) = self.tools.get(call.tool) else {
            return Ok(if self.allow_unlisted { Verdict::allow() } else { Verdict::default_deny(call.tool) });
        };
        let first = |action: Action| rules.iter().find(|rule| rule.action == action);
        let verdict = |decision: Decision, rule: &Rule| {
            let stock = || match decision {
                Decision::Ask => "Requires human approval".to_owned(),
                Decision::Limited => format!("Rate limit exceeded for {}", rule.at),
                Decision::Allow | Decision::Deny | Decision::Hidden => format!("Denied by rule {}", quoted(&rule.at)),
            };
            // a reason explains its action, not its limit
            let reason = rule.reason.clone().filter(|_| decision != Decision::Limited);
            Verdict::new(decision, rule.at.as_str(), reason.unwrap_or_else(stock))
        };
        if let Some(rule) = first(Action::Deny) {
            return Ok(verdict(Decision::Deny, rule));
        }
        for rule in rules {
            let Some(limit) = rule.limit else { continue };
            let counter = Counter { tool: Some(call.tool), name: "rate_limit", window: limit.window, argument: None };
            if used.used(&counter).ok_or_else(|| Unknown::counter(&counter))? >= limit.max {
                return Ok(verdict(Decision::Limited, rule));
            }
        }
        Ok(first(Action::Ask).map_or_else(Verdict::allow, |rule| verdict(Decision::Ask, rule)))
    }

    /// Shows each counter that an allowed call of the tool adds to: one for each window.
    pub(super) fn charges(&self, tool: &str, add: &mut dyn FnMut(&Counter<'_>, Option<i64>)) {
        let limits = self.tools.get(tool).into_iter().flatten().filter_map(|rule| rule.limit);
        let windows: BTreeSet<Window> = limits.map(|limit| limit.window).collect();
        for window in windows {
            add(&Counter { tool: Some(tool), name: "rate_limit", window, argument: None }, Some(1));
        }
    }

    pub(super) fn tools(&self) -> impl Iterator<Item = &str> {
        self.tools.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tool(rules: &Value) -> Value {
        json!({"version": "1", "default": "deny", "tools": {"t": {"rules": rules}}})
    }

    #[test]
    fn the_strongest_rule_decides() {
        use Decision::{Allow, Ask, Deny, Limited};
        let at = "/tools/t/rules/0";
        let limited = json!([{"action": "allow", "rate_limit": {"max": 30, "window": 60}}]);
        let asked = json!([{"action": "require_approval", "reason": "why", "rate_limit": {"max": 2, "window": 7}}]);
        let table = [
            (json!([{"action": "allow"}]), 0, Allow, "", ""),
            (limited.clone(), 29, Allow, "", ""),
            (limited, 30, Limited, at, "Rate limit exceeded for /tools/t/rules/0"),
            (asked.clone(), 1, Ask, at, "why"),
            (asked, 2, Limited, at, "Rate limit exceeded for /tools/t/rules/0"),
            (json!([{"action": "require_approval"}]), 0, Ask, at, "Requires human approval"),
            (json!([{"action": "deny"}]), 0, Deny, at, "Denied by rule \"/tools/t/rules/0\""),
            (json!([{"action": "allow"}, {"action": "deny", "reason": "no"}]), 0, Deny, "/tools/t/rules/1", "no"),
            (
                json!([{"action": "allow"}, {"action": "require_approval"}]),
                0,
                Ask,
                "/tools/t/rules/1",
                "Requires human approval",
            ),
        ];
        for (rules, used, decision, rule, message) in table {
            let call = Call { tool: "t", args: &json!({}) };
            let verdict = load(&tool(&rules)).unwrap().decide(&call, &|_: &Counter<'_>| Some(used)).unwrap();
            let got = (verdict.decision, verdict.rule.unwrap_or_default(), verdict.message.unwrap_or_default());
            assert_eq!(got, (decision, rule.to_owned(), message.to_owned()), "{rules} {used}");
        }
    }

    #[test]
    fn the_default_and_unknown_counters() {
        let call = Call { tool: "u", args: &json!({}) };
        let none = |_: &Counter<'_>| None;
        let verdict = load(&tool(&json!([{"action": "allow"}]))).unwrap().decide(&call, &none).unwrap();
        assert_eq!(verdict, Verdict::default_deny("u"));
        let open = json!({"version": "1", "default": "allow"});
        assert_eq!(load(&open).unwrap().decide(&call, &none), Ok(Verdict::allow()));
        let limited = tool(&json!([{"action": "allow", "rate_limit": {"max": 1, "window": 60}}]));
        assert!(load(&limited).unwrap().decide(&Call { tool: "t", args: &json!({}) }, &none).is_err());
    }

    #[test]
    fn refuses_what_it_cannot_judge() {
        let table = [
            (json!({"version": "1", "default": "deny", "hide": []}), "the document: unknown member `hide`"),
            (
                json!({"version": "1", "default": "deny", "tools": {"*": {}}}),
                "/tools/*: whether a tool named `*` stands for every tool is not documented",
            ),
            (json!({"version": "1", "default": "deny", "tools": {"t": {}}}), "/tools/t: missing member `rules`"),
            (tool(&json!([])), "/tools/t/rules: what a tool without rules may do is not documented"),
            (tool(&json!([{}])), "/tools/t/rules/0: missing member `action`"),
            (
                tool(&json!([{"action": "hide"}])),
                "/tools/t/rules/0/action: expected `allow`, `deny` or `require_approval`, found `hide`",
            ),
            (
                tool(&json!([{"action": "allow", "validate": {"required_args": true}}])),
                "/tools/t/rules/0: unknown member `validate`",
            ),
            (
                tool(&json!([{"action": "deny", "rate_limit": {"max": 1, "window": 1}}])),
                "/tools/t/rules/0: a `deny` has nothing to limit",
            ),
            (
                tool(&json!([{"action": "allow", "rate_limit": "5/hour"}])),
                "/tools/t/rules/0/rate_limit: expected an object, found a string",
            ),
            (
                tool(&json!([{"action": "allow", "rate_limit": {"max": 1}}])),
                "/tools/t/rules/0/rate_limit: missing member `window`",
            ),
            (
                tool(&json!([{"action": "allow", "rate_limit": {"max": 1, "window": 0}}])),
                "/tools/t/rules/0/rate_limit/window: expected a positive integer",
            ),
        ];
        for (document, want) in table {
            assert_eq!(
                load(&document).map(|_| ()).map_err(|error| error.to_string()),
                Err(want.to_owned()),
                "{document}"
            );
        }
    }
}
