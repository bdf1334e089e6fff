//! The JSON Schemas against the referees: what a schema takes a referee loads, and the other way round but for what
//! a schema cannot say.

use serde_json::{Value, json};

use super::{EngineError, intercept, policylayer, rules};

fn valid(schema: &str, document: &Value) -> bool {
    let schema: Value = serde_json::from_str(schema).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap().is_valid(document)
}

fn agree<T>(schema: &str, load: impl Fn(&Value) -> Result<T, EngineError>, table: &[(bool, Value)]) {
    for (want, document) in table {
        assert_eq!(valid(schema, document), *want, "schema: {document}");
        assert_eq!(load(document).is_ok(), *want, "referee: {document}");
    }
}

#[test]
fn policylayer_schema() {
    let wrap = |tool: Value| json!({"version": "1", "default": "deny", "tools": {"t": tool}});
    let only = |op: &str, value: Value| {
        wrap(json!({"deny_if": [{"conditions": [{"path": "args.x", "op": op, "value": value}], "on_deny": "no"}]}))
    };
    let limit = |window: &str, max: Value| json!({"counter": "c", "window": window, "max": max, "scope": "grant"});
    let all = |limits: Value| json!({"version": "1", "default": "allow", "all_tools": {"limits": limits}});
    let table = [
        (true, json!({"version": "1", "default": "deny", "hide": ["t", "*"], "all_tools": {}, "tools": {}})),
        (true, wrap(json!({"require": [], "deny_if": [{"conditions": []}], "limits": [limit("day", json!(1))]}))),
        (true, only("eq", json!(null))),
        (true, only("in", json!(["a"]))),
        (true, only("lte", json!(1.5))),
        (true, only("exists", json!(false))),
        (true, only("regex", json!("^a$"))),
        (true, only("contains", json!("a"))),
        (false, only("not_in", json!("a"))),
        (false, only("gt", json!("1"))),
        (false, only("exists", json!(1))),
        (false, only("regex", json!(1))),
        (false, only("matches", json!("a"))),
        (false, json!({"version": "1"})),
        (false, json!({"version": "2", "default": "deny"})),
        (false, json!({"version": "1", "default": "hide"})),
        (false, json!({"version": "1", "default": "deny", "hide": ["a", "a"]})),
        (false, json!({"version": "1", "default": "deny", "hide": [" "]})),
        (false, json!({"version": "1", "default": "deny", "description": "x"})),
        (false, json!({"version": "1", "default": "deny", "tools": {"*": {}}})),
        (false, wrap(json!({"rules": []}))),
        (false, wrap(json!({"require": [{"on_deny": "x"}]}))),
        (false, wrap(json!({"require": [{"conditions": [{"path": "x", "op": "eq", "value": 1}]}]}))),
        (false, wrap(json!({"require": [{"conditions": [{"path": "args.x", "op": "eq"}]}]}))),
        (false, all(json!([limit("second", json!(1))]))),
        (false, all(json!([limit("hour", json!(0))]))),
        (false, all(json!([{"counter": "c", "window": "hour", "max": 1}]))),
        (true, all(json!([limit("minute", json!(60))]))),
    ];
    agree(include_str!("../../schemas/policylayer.schema.json"), policylayer::load, &table);
}

#[test]
fn rules_schema() {
    let rule = |rule: Value| json!({"version": "1", "default": "deny", "tools": {"t": {"rules": [rule]}}});
    let table = [
        (true, json!({"version": "1", "default": "allow"})),
        (true, rule(json!({"action": "allow", "rate_limit": {"max": 30, "window": 60}}))),
        (true, rule(json!({"action": "deny", "reason": "no"}))),
        (true, rule(json!({"action": "require_approval", "reason": "x", "rate_limit": {"max": 1, "window": 1}}))),
        (false, rule(json!({"action": "deny", "rate_limit": {"max": 1, "window": 1}}))),
        (false, rule(json!({"action": "hide"}))),
        (false, rule(json!({"reason": "x"}))),
        (false, rule(json!({"action": "allow", "validate": {}}))),
        (false, rule(json!({"action": "allow", "rate_limit": {"max": 0, "window": 1}}))),
        (false, rule(json!({"action": "allow", "rate_limit": {"max": 1, "window": "hour"}}))),
        (false, json!({"version": "1", "default": "deny", "tools": {"t": {"rules": []}}})),
        (false, json!({"version": "1", "default": "deny", "tools": {"t": {}}})),
        (false, json!({"version": "1", "default": "deny", "tools": {"*": {"rules": [{"action": "allow"}]}}})),
        (false, json!({"version": "1", "default": "deny", "hide": []})),
        (false, json!({"version": "1"})),
    ];
    agree(include_str!("../../schemas/rules.schema.json"), rules::load, &table);
}

#[test]
fn intercept_schema() {
    let rule = |rule: Value| json!({"version": "1", "default": "deny", "tools": {"t": {"rules": [rule]}}});
    let only = |op: &str, value: Value| {
        rule(json!({"name": "r", "conditions": [{"path": "args.x", "op": op, "value": value}]}))
    };
    let sum = |state: Value| {
        rule(json!({"name": "r", "conditions": [{"path": "state.t.c", "op": "lte", "value": 1}], "state": state}))
    };
    let table = [
        (true, json!({"version": "1"})),
        (
            true,
            json!({"version": "1", "description": "x", "default": "allow", "hide": ["*"], "tools": {"t": {}, "*": {"rules": []}}}),
        ),
        (true, rule(json!({"name": "r", "action": "deny", "on_deny": "no"}))),
        (true, rule(json!({"name": "r", "rate_limit": "30/minute", "on_deny": "slow"}))),
        (true, sum(json!({"counter": "c", "window": "day", "increment_from": "args.n"}))),
        (true, sum(json!({"counter": "c", "window": "day", "increment": 2}))),
        (true, only("in", json!([]))),
        (true, only("lt", json!(1))),
        (false, only("in", json!(1))),
        (false, only("lt", json!(null))),
        (false, only("exists", json!("true"))),
        (false, only("regex", json!(["a"]))),
        (false, only("is", json!(1))),
        (false, sum(json!({"counter": "", "window": "day"}))),
        (false, sum(json!({"counter": "c", "window": "week"}))),
        (false, sum(json!({"counter": "c", "window": "day", "increment": 1.5}))),
        (false, sum(json!({"counter": "c", "window": "day", "increment_from": "n"}))),
        (false, rule(json!({"name": "r"}))),
        (false, rule(json!({"action": "deny"}))),
        (false, rule(json!({"name": "r", "action": "allow"}))),
        (
            false,
            rule(json!({"name": "r", "action": "deny", "conditions": [{"path": "args.x", "op": "eq", "value": 1}]})),
        ),
        (false, rule(json!({"name": "r", "action": "deny", "rate_limit": "1/hour"}))),
        (false, rule(json!({"name": "r", "rate_limit": "0/hour"}))),
        (false, rule(json!({"name": "r", "rate_limit": "1/week"}))),
        (false, rule(json!({"name": "r", "rate_limit": "1/hour", "state": {"counter": "c", "window": "day"}}))),
        (false, rule(json!({"name": "r", "conditions": [{"path": "x", "op": "eq", "value": 1}]}))),
        (false, rule(json!({"name": "r", "action": "deny", "reason": "x"}))),
        (false, json!({"version": "1", "hide": [""]})),
        (false, json!({"version": "1", "all_tools": {}})),
    ];
    agree(include_str!("../../schemas/intercept.schema.json"), intercept::load, &table);
}
