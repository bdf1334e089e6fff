//! The hosted gateway's policy JSON: `version`, `default`, `hide`, `all_tools.limits`, `tools.*.{require, deny_if,
//! limits}` (policylayer.com/docs/writing-policies, and its catalogue pages' examples).
//!
//! The shape, `hide`, the default, the sense of the two lists, the published empty `deny_if` and the three fixed rule
//! names are documented; the rest is assumed, see the entries for `policylayer` in [`super::ASSUMPTIONS`].
//! Absent: limits that count an argument, scopes but `grant`, windows but minute, hour and day (all not public).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::condition::{Condition, Written};
use super::read::{Node, Object, below};
use super::value::{Go, at_path, quoted};
use super::{Call, Counter, Decision, EngineError, Unknown, Used, Verdict, Window};

/// A policy that can judge calls.
#[derive(Debug, Clone)]
pub struct Policy {
    allow_unlisted: bool,
    hide: BTreeSet<String>,
    limits: Vec<Limit>,
    tools: BTreeMap<String, Tool>,
}

#[derive(Debug, Clone)]
struct Tool {
    require: Vec<Predicate>,
    deny_if: Vec<Predicate>,
    limits: Vec<Limit>,
}

#[derive(Debug, Clone)]
struct Predicate {
    conditions: Vec<Condition>,
    on_deny: Option<String>,
    rule: String,
}

#[derive(Debug, Clone)]
struct Limit {
    counter: String,
    window: Window,
    max: i64,
    rule: String,
}

/// Reads a document.
///
/// # Errors
///
/// A member that is not known, a wrong type, or something whose meaning is not public: a counter named twice, a tool
/// named `*`.
pub fn load(document: &Value) -> Result<Policy, EngineError> {
    let top = Node::root(document).object(&["version", "default", "hide", "all_tools", "tools"])?;
    let mut counters = BTreeSet::new();
    let allow_unlisted = top.head()?;
    let mut hide = BTreeSet::new();
    for node in top.items("hide")? {
        let name = node.text()?;
        if name.trim().is_empty() {
            return Err(node.fault("expected the name of a tool"));
        }
        if !hide.insert(name.to_owned()) {
            return Err(node.fault(format!("`{name}` is hidden twice")));
        }
    }
    let limits = match top.get("all_tools") {
        Some(node) => limits(&node.object(&["limits"])?, &mut counters)?,
        None => Vec::new(),
    };
    let mut tools = BTreeMap::new();
    for (name, node) in top.members("tools")? {
        if name == "*" {
            return Err(node.fault("whether a tool named `*` stands for every tool is not documented"));
        }
        let object = node.object(&["require", "deny_if", "limits"])?;
        let require = predicates(&object, "require")?;
        let deny_if = predicates(&object, "deny_if")?;
        tools.insert(name.to_owned(), Tool { require, deny_if, limits: self::limits(&object, &mut counters)? });
    }
    Ok(Policy { allow_unlisted, hide, limits, tools })
}

fn predicates(tool: &Object<'_>, list: &str) -> Result<Vec<Predicate>, EngineError> {
    let mut predicates = Vec::new();
    let at = below(&tool.node.at, list);
    for (i, node) in tool.items(list)?.iter().enumerate() {
        let object = node.object(&["conditions", "on_deny"])?;
        let mut conditions = Vec::new();
        for node in object.need("conditions")?.items()? {
            let written = Written::read(&node, true)?;
            if written.path.strip_prefix("args.").is_none_or(|path| path.split('.').any(str::is_empty)) {
                return Err(node.fault(format!("expected a path such as `args.x`, found `{}`", written.path)));
            }
            conditions.push(written.check().map_err(|message| node.fault(message))?);
        }
        // documented for one condition only
        let label = match conditions.as_slice() {
            [only] => format!("{}-{}", only.path, only.op.name()),
            _ => i.to_string(),
        };
        let on_deny = object.text("on_deny")?.filter(|text| !text.is_empty()).map(str::to_owned);
        predicates.push(Predicate { conditions, on_deny, rule: below(&at, &label) });
    }
    Ok(predicates)
}

fn limits(object: &Object<'_>, counters: &mut BTreeSet<String>) -> Result<Vec<Limit>, EngineError> {
    let mut limits = Vec::new();
    let at = below(&object.node.at, "limits");
    for node in object.items("limits")? {
        let limit = node.object(&["counter", "window", "max", "scope"])?;
        let name = limit.need("counter")?;
        let counter = name.text()?.to_owned();
        if counter.is_empty() {
            return Err(name.fault("expected the name of a counter"));
        }
        if !counters.insert(counter.clone()) {
            return Err(name.fault(format!(
                "counter `{counter}` is named twice; whether the two share a count is not documented"
            )));
        }
        let place = limit.need("window")?;
        let window = Window::named(place.text()?).ok_or_else(|| place.fault("expected `minute`, `hour` or `day`"))?;
        let max = limit.need("max")?.positive()?;
        let scope = limit.need("scope")?;
        if scope.text()? != "grant" {
            return Err(scope.fault("expected `grant`, the only scope that is documented"));
        }
        let rule = below(&at, &counter);
        limits.push(Limit { counter, window, max, rule });
    }
    Ok(limits)
}

impl Predicate {
    fn holds(&self, args: &Value) -> bool {
        self.conditions.iter().all(|condition| {
            let path = condition.path.strip_prefix("args.").unwrap_or_default();
            condition.holds(at_path(args, path).map(Go::of_call).as_ref())
        })
    }

    fn deny(&self) -> Verdict {
        let stock = || format!("Denied by rule {}", quoted(&self.rule));
        Verdict::new(Decision::Deny, self.rule.as_str(), self.on_deny.clone().unwrap_or_else(stock))
    }
}

impl Policy {
    /// Judges a call: `hide`, the default, `require`, `deny_if`, the tool's limits, those of all tools.
    ///
    /// # Errors
    ///
    /// A counter that the call would need is not known.
    pub fn decide(&self, call: &Call<'_>, used: &dyn Used) -> Result<Verdict, Unknown> {
        if self.hide.contains(call.tool) || self.hide.contains("*") {
            return Ok(Verdict::hidden(call.tool));
        }
        let tool = self.tools.get(call.tool);
        if tool.is_none() && !self.allow_unlisted {
            return Ok(Verdict::default_deny(call.tool));
        }
        if let Some(tool) = tool {
            let refused = tool.require.iter().find(|predicate| !predicate.holds(call.args));
            let refused = refused.or_else(|| tool.deny_if.iter().find(|predicate| predicate.holds(call.args)));
            if let Some(predicate) = refused {
                return Ok(predicate.deny());
            }
        }
        let own = tool.iter().flat_map(|tool| &tool.limits).map(|limit| (Some(call.tool), limit));
        for (tool, limit) in own.chain(self.limits.iter().map(|limit| (None, limit))) {
            let counter = Counter { tool, name: &limit.counter, window: limit.window, argument: None };
            let amount = used.used(&counter).ok_or_else(|| Unknown::counter(&counter))?;
            if amount >= limit.max {
                let message = format!("Rate limit exceeded for {}", limit.counter);
                return Ok(Verdict::new(Decision::Limited, limit.rule.as_str(), message));
            }
        }
        Ok(Verdict::allow())
    }

    /// Whether a condition of the tool can look at a call's arguments.
    pub(super) fn reads_arguments(&self, tool: &str) -> bool {
        let reads = |predicates: &[Predicate]| predicates.iter().any(|predicate| !predicate.conditions.is_empty());
        let hidden = self.hide.contains(tool) || self.hide.contains("*");
        !hidden && self.tools.get(tool).is_some_and(|tool| reads(&tool.require) || reads(&tool.deny_if))
    }

    /// Shows each counter that an allowed call of the tool adds to.
    pub(super) fn charges(&self, tool: &str, add: &mut dyn FnMut(&Counter<'_>, Option<i64>)) {
        let own = self.tools.get(tool).into_iter().flat_map(|entry| &entry.limits).map(|limit| (Some(tool), limit));
        for (tool, limit) in own.chain(self.limits.iter().map(|limit| (None, limit))) {
            add(&Counter { tool, name: &limit.counter, window: limit.window, argument: None }, Some(1));
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

    fn decide(document: &Value, tool: &str, args: &Value, used: i64) -> Result<Verdict, String> {
        let policy = load(document).map_err(|error| error.to_string())?;
        policy.decide(&Call { tool, args }, &|_: &Counter<'_>| Some(used)).map_err(|unknown| unknown.to_string())
    }

    fn short(verdict: Result<Verdict, String>) -> (Decision, String, String) {
        let verdict = verdict.unwrap();
        (verdict.decision, verdict.rule.unwrap_or_default(), verdict.message.unwrap_or_default())
    }

    fn refunds() -> Value {
        json!({
            "version": "1", "default": "deny", "hide": ["delete_account"],
            "all_tools": {"limits": [{"counter": "calls-per-minute", "window": "minute", "max": 60, "scope": "grant"}]},
            "tools": {
                "list": {},
                "pay": {"deny_if": [{"conditions": [], "on_deny": "Requires human approval."}]},
                "a/b": {"deny_if": [{"conditions": []}]},
                "create_refund": {
                    "require": [
                        {"conditions": [{"path": "args.payment_intent", "op": "regex", "value": "^(?:pi_[A-Za-z0-9]+)$"}]},
                        {"conditions": []}
                    ],
                    "deny_if": [
                        {"conditions": [{"path": "args.amount", "op": "gt", "value": 100}], "on_deny": "too much"},
                        {"conditions": [{"path": "args.amount", "op": "gt", "value": 50},
                                        {"path": "args.note", "op": "exists", "value": false}], "on_deny": "say why"}
                    ],
                    "limits": [{"counter": "create_refund_per_hour", "window": "hour", "max": 10, "scope": "grant"}]
                }
            }
        })
    }

    #[test]
    fn decides_in_order() {
        use Decision::{Allow, Deny, Hidden, Limited};
        let require = "/tools/create_refund/require/args.payment_intent-regex";
        let denied = format!("Denied by rule \"{require}\"");
        let table = [
            ("delete_account", json!({}), 0, Hidden, "(hidden)", "Tool \"delete_account\" is hidden by policy"),
            ("other", json!({}), 0, Deny, "(default deny)", "Tool \"other\" is not permitted by policy"),
            ("List", json!({}), 0, Deny, "(default deny)", "Tool \"List\" is not permitted by policy"),
            ("list", json!({}), 59, Allow, "", ""),
            (
                "list",
                json!({}),
                60,
                Limited,
                "/all_tools/limits/calls-per-minute",
                "Rate limit exceeded for calls-per-minute",
            ),
            ("pay", json!({}), 0, Deny, "/tools/pay/deny_if/0", "Requires human approval."),
            ("a/b", json!({}), 0, Deny, "/tools/a~1b/deny_if/0", "Denied by rule \"/tools/a~1b/deny_if/0\""),
            ("create_refund", json!({}), 0, Deny, require, &denied),
            ("create_refund", json!(null), 0, Deny, require, &denied),
            ("create_refund", json!({"payment_intent": "xpi_1"}), 0, Deny, require, &denied),
            ("create_refund", json!({"payment_intent": "pi_1"}), 0, Allow, "", ""),
            ("create_refund", json!({"payment_intent": "pi_1", "amount": 50}), 9, Allow, "", ""),
            (
                "create_refund",
                json!({"payment_intent": "pi_1", "amount": 51}),
                0,
                Deny,
                "/tools/create_refund/deny_if/1",
                "say why",
            ),
            ("create_refund", json!({"payment_intent": "pi_1", "amount": 51, "note": "x"}), 0, Allow, "", ""),
            (
                "create_refund",
                json!({"payment_intent": "pi_1", "amount": 101}),
                99,
                Deny,
                "/tools/create_refund/deny_if/args.amount-gt",
                "too much",
            ),
            (
                "create_refund",
                json!({"payment_intent": "pi_1"}),
                10,
                Limited,
                "/tools/create_refund/limits/create_refund_per_hour",
                "Rate limit exceeded for create_refund_per_hour",
            ),
        ];
        for (tool, args, used, decision, rule, message) in table {
            let got = short(decide(&refunds(), tool, &args, used));
            assert_eq!(got, (decision, rule.to_owned(), message.to_owned()), "{tool} {args} {used}");
        }
    }

    #[test]
    fn a_star_hides_everything_and_the_default_may_allow() {
        let all = json!({"version": "1", "default": "allow", "hide": ["*"], "tools": {"t": {}}});
        assert_eq!(short(decide(&all, "t", &json!({}), 0)).0, Decision::Hidden);
        let open = json!({"version": "1", "default": "allow"});
        assert_eq!(short(decide(&open, "t", &json!({}), 0)).0, Decision::Allow);
    }

    #[test]
    fn an_unknown_counter_is_no_permission() {
        let policy = load(&refunds()).unwrap();
        let call = Call { tool: "list", args: &json!({}) };
        let unknown = policy.decide(&call, &|_: &Counter<'_>| None).unwrap_err();
        let want = "not known: how much of `calls-per-minute` of all tools is used in this window of 60 seconds";
        assert_eq!(unknown.to_string(), want);
        let pay = Call { tool: "pay", args: &json!({}) };
        assert!(policy.decide(&pay, &|_: &Counter<'_>| None).is_ok());
    }

    #[test]
    fn refuses_what_it_cannot_judge() {
        let limit = |name: &str| json!({"counter": name, "window": "hour", "max": 1, "scope": "grant"});
        let wrap = |tool: Value| json!({"version": "1", "default": "deny", "tools": {"t": tool}});
        let only = |condition: Value| wrap(json!({"require": [{"conditions": [condition]}]}));
        let table = [
            (json!([]), "the document: expected an object, found a list"),
            (json!({"default": "deny"}), "the document: missing member `version`"),
            (json!({"version": 1, "default": "deny"}), "/version: expected a string, found a number"),
            (json!({"version": "2", "default": "deny"}), "/version: expected \"1\", the only version there is"),
            (json!({"version": "1"}), "the document: missing member `default`"),
            (json!({"version": "1", "default": "hide"}), "/default: expected \"allow\" or \"deny\", found `hide`"),
            (json!({"version": "1", "default": "deny", "Hide": []}), "the document: unknown member `Hide`"),
            (json!({"version": "1", "default": "deny", "hide": [" "]}), "/hide/0: expected the name of a tool"),
            (json!({"version": "1", "default": "deny", "hide": ["a", "a"]}), "/hide/1: `a` is hidden twice"),
            (
                json!({"version": "1", "default": "deny", "tools": {"*": {}}}),
                "/tools/*: whether a tool named `*` stands for every tool is not documented",
            ),
            (wrap(json!(null)), "/tools/t: expected an object, found null"),
            (wrap(json!({"deny": []})), "/tools/t: unknown member `deny`"),
            (wrap(json!({"require": [{}]})), "/tools/t/require/0: missing member `conditions`"),
            (
                wrap(json!({"require": [{"conditions": [], "because": "x"}]})),
                "/tools/t/require/0: unknown member `because`",
            ),
            (
                wrap(json!({"require": [{"conditions": [], "on_deny": 1}]})),
                "/tools/t/require/0/on_deny: expected a string, found a number",
            ),
            (only(json!({"path": "args.x", "op": "eq"})), "/tools/t/require/0/conditions/0: missing member `value`"),
            (
                only(json!({"path": "state.t.c", "op": "eq", "value": 1})),
                "/tools/t/require/0/conditions/0: expected a path such as `args.x`, found `state.t.c`",
            ),
            (
                only(json!({"path": "args.a..b", "op": "eq", "value": 1})),
                "/tools/t/require/0/conditions/0: expected a path such as `args.x`, found `args.a..b`",
            ),
            (
                only(json!({"path": "args.x", "op": "==", "value": 1})),
                "/tools/t/require/0/conditions/0: unknown operator \"==\"",
            ),
            (
                wrap(json!({"limits": [{"counter": "c", "window": "second", "max": 1, "scope": "grant"}]})),
                "/tools/t/limits/0/window: expected `minute`, `hour` or `day`",
            ),
            (
                wrap(json!({"limits": [{"counter": "c", "window": "hour", "max": 0, "scope": "grant"}]})),
                "/tools/t/limits/0/max: expected a positive integer",
            ),
            (
                wrap(json!({"limits": [{"counter": "c", "window": "hour", "max": 1.5, "scope": "grant"}]})),
                "/tools/t/limits/0/max: expected an integer, found a number that is not an integer",
            ),
            (
                wrap(json!({"limits": [{"counter": "", "window": "hour", "max": 1, "scope": "grant"}]})),
                "/tools/t/limits/0/counter: expected the name of a counter",
            ),
            (
                wrap(json!({"limits": [{"counter": "c", "window": "hour", "max": 1, "scope": "server"}]})),
                "/tools/t/limits/0/scope: expected `grant`, the only scope that is documented",
            ),
            (
                wrap(json!({"limits": [{"counter": "c", "window": "hour", "max": 1}]})),
                "/tools/t/limits/0: missing member `scope`",
            ),
            (
                wrap(json!({"limits": [limit("c"), limit("c")]})),
                "/tools/t/limits/1/counter: counter `c` is named twice; whether the two share a count is not documented",
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
