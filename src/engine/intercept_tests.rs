//! Intercept's decisions and its `validate`, as tables.

use serde_json::{Value, json};

use super::super::Window;
use super::*;

fn tool(rules: &Value) -> Value {
    json!({"version": "1", "default": "deny", "tools": {"t": {"rules": rules}}})
}

fn decide(document: &Value, tool: &str, args: &Value, used: i64) -> (Decision, String, String) {
    let policy = load(document).unwrap();
    let verdict = policy.decide(&Call { tool, args }, &|_: &Counter<'_>| Some(used)).unwrap();
    (verdict.decision, verdict.rule.unwrap_or_default(), verdict.message.unwrap_or_default())
}

#[test]
fn decides_in_order() {
    use Decision::{Allow, Deny, Hidden, Limited};
    let document = json!({
        "version": "1", "description": "all of it", "default": "deny", "hide": ["secret", "both"],
        "tools": {
            "both": {"rules": []},
            "free": {"rules": []},
            "empty": {},
            "denied": {"rules": [{"name": "no", "action": "deny"}, {"name": "later", "action": "deny", "on_deny": "x"}]},
            "checked": {"rules": [
                {"name": "one", "conditions": [
                    {"path": "args.a", "op": "gte", "value": 0},
                    {"path": "args.a", "op": "lte", "value": 9}], "on_deny": "a is 0 to 9"},
                {"name": "two", "conditions": [{"path": "args.b.c", "op": "neq", "value": "main"}]}]},
            "*": {"rules": [{"name": "all", "rate_limit": "60/minute"}]}
        }
    });
    let all = "Rate limit of 60 per minute reached. Try again later.";
    let table = [
        ("secret", json!({}), 0, Hidden, "(hidden)", "Tool \"secret\" is hidden by policy"),
        ("both", json!({}), 0, Hidden, "(hidden)", "Tool \"both\" is hidden by policy"),
        ("absent", json!({}), 0, Deny, "(default deny)", "Tool \"absent\" is not permitted by policy"),
        ("free", json!({}), 59, Allow, "", ""),
        ("empty", json!(null), 59, Allow, "", ""),
        ("free", json!({}), 60, Limited, "", all),
        ("free", json!({}), 61, Limited, "all", all),
        ("denied", json!({}), 61, Deny, "no", "Denied by rule \"no\""),
        ("checked", json!({"a": 9, "b": {"c": "dev"}}), 0, Allow, "", ""),
        ("checked", json!({"a": 9, "b": {"c": null}}), 0, Allow, "", ""),
        ("checked", json!({"a": 10, "b": {"c": "dev"}}), 0, Deny, "one", "a is 0 to 9"),
        ("checked", json!({"a": "9", "b": {"c": "dev"}}), 0, Deny, "one", "a is 0 to 9"),
        ("checked", json!({"b": {"c": "dev"}}), 0, Deny, "one", "a is 0 to 9"),
        ("checked", json!({"a": 1}), 0, Deny, "two", "Denied by rule \"two\""),
        ("checked", json!(null), 0, Deny, "one", "a is 0 to 9"),
        ("secret", json!([]), 0, Allow, "", FORWARDED),
    ];
    for (tool, args, used, decision, rule, message) in table {
        let got = decide(&document, tool, &args, used);
        assert_eq!(got, (decision, rule.to_owned(), message.to_owned()), "{tool} {args} {used}");
    }
}

#[test]
fn the_default_allows_and_a_star_hides() {
    let open = json!({"version": "1"});
    assert_eq!(decide(&open, "t", &json!({}), 0).0, Decision::Allow);
    let hidden = json!({"version": "1", "hide": ["*"]});
    assert_eq!(decide(&hidden, "t", &json!({}), 0).0, Decision::Hidden);
}

/// A rule that counts `args.n`, with a limit of this operator and value.
fn counting(op: &str, value: &Value, state: &Value) -> Value {
    let path = "state.t.sum";
    tool(&json!([{"name": "sum", "conditions": [{"path": path, "op": op, "value": value}], "state": state}]))
}

#[test]
fn counts_amounts() {
    use Decision::{Allow, Deny, Limited};
    let from = json!({"counter": "sum", "window": "day", "increment_from": "args.n"});
    let one = json!({"counter": "sum", "window": "day"});
    let step = |increment: i64| json!({"counter": "sum", "window": "day", "increment": increment});
    let n = |value: Value| json!({"n": value});
    let exceeded = "Rate limit exceeded for sum";
    let failed = "Denied by rule \"sum\"";
    let table = [
        (("lte", json!(10), &from), n(json!(4)), 6, Allow, ""),
        (("lte", json!(10), &from), n(json!(5)), 6, Limited, exceeded),
        (("lte", json!(10), &from), n(json!(4.99)), 6, Allow, ""),
        (("lte", json!(10), &from), n(json!(0.99)), 10, Allow, ""),
        (("lte", json!(10), &from), n(json!(1e300)), 10, Allow, ""),
        (("lte", json!(10), &from), n(json!(1e300)), -1, Limited, exceeded),
        (("lte", json!(10), &from), n(json!(-3)), 10, Allow, ""),
        (("lte", json!(10), &from), n(json!("4")), 0, Deny, INTERNAL),
        (("lte", json!(10), &from), n(json!(null)), 0, Deny, INTERNAL),
        (("lte", json!(10), &from), json!({}), 0, Deny, INTERNAL),
        (("lte", json!(10), &from), json!({}), 11, Limited, failed),
        (("lte", json!(5), &one), json!({}), 4, Allow, ""),
        (("lte", json!(5), &one), json!({}), 5, Limited, exceeded),
        (("lte", json!(5), &one), json!({}), 6, Limited, failed),
        (("lt", json!(5), &one), json!({}), 3, Allow, ""),
        (("lt", json!(5), &one), json!({}), 4, Limited, exceeded),
        (("lt", json!(5), &one), json!({}), 5, Limited, failed),
        (("lt", json!(2.5), &one), json!({}), 0, Allow, ""),
        (("lt", json!(2.5), &one), json!({}), 1, Limited, exceeded),
        (("lte", json!(1e300), &one), json!({}), 0, Limited, exceeded),
        (("lt", json!(1e300), &one), json!({}), 0, Allow, ""),
        (("lte", json!(5), &step(0)), json!({}), 5, Limited, exceeded),
        (("lte", json!(5), &step(3)), json!({}), 2, Allow, ""),
        (("lte", json!(5), &step(3)), json!({}), 3, Limited, exceeded),
        (("lte", json!(5), &step(-1)), json!({}), 5, Allow, ""),
        // no lt or lte: never counted, though an amount must still be there
        (("neq", json!(7), &one), json!({}), 1_000_000, Allow, ""),
        (("neq", json!(7), &one), json!({}), 7, Limited, failed),
        (("eq", json!("0"), &one), json!({}), 0, Allow, ""),
        (("gte", json!(0), &from), json!({}), 0, Deny, INTERNAL),
    ];
    for ((op, value, state), args, used, decision, message) in table {
        let got = decide(&counting(op, &value, state), "t", &args, used);
        let case = format!("{op} {value} {state} {args} {used}");
        assert_eq!((got.0, got.2.as_str()), (decision, message), "{case}");
    }
}

#[test]
fn all_counters_of_a_call_are_asked() {
    let document = json!({"version": "1", "tools": {
        "t": {"rules": [{"name": "a", "rate_limit": "5/minute"}, {"name": "b", "rate_limit": "9/hour"}]},
        "*": {"rules": [{"name": "c", "rate_limit": "60/day"}]},
        "u": {"rules": [{"name": "d", "conditions": [{"path": "state.t._rate_hour", "op": "eq", "value": 0}]}]}
    }});
    let policy = load(&document).unwrap();
    let names = [(Some("t"), "_rate_minute", 60), (Some("t"), "_rate_hour", 3_600), (None, "_rate_day", 86_400)];
    for (tool, name, seconds) in names {
        let asked = Counter { tool, name, window: Window(seconds), argument: None };
        let call = Call { tool: "t", args: &json!({}) };
        let full = policy.decide(&call, &|counter: &Counter<'_>| Some(if *counter == asked { 60 } else { 0 }));
        assert_eq!(full.unwrap().decision, Decision::Limited, "{name}");
        let unknown = policy.decide(&call, &|counter: &Counter<'_>| (*counter != asked).then_some(0)).unwrap_err();
        assert!(unknown.what.contains(name), "{unknown}");
    }
    // another tool's counter may be read
    let other = policy.decide(&Call { tool: "u", args: &json!({}) }, &|counter: &Counter<'_>| {
        Some(i64::from(counter.tool == Some("t")))
    });
    assert_eq!(other.unwrap().rule.as_deref(), Some("d"));
}

#[test]
fn amounts_on_one_key_add_up() {
    // a tool of the name that the engine gives to `*`: both rules count under one key
    let limit = |n: i64| json!([{"name": "l", "rate_limit": format!("{n}/hour")}]);
    let document = json!({"version": "1", "tools": {"_global": {"rules": limit(3)}, "*": {"rules": limit(3)}}});
    assert_eq!(decide(&document, "_global", &json!({}), 1).0, Decision::Allow);
    assert_eq!(decide(&document, "_global", &json!({}), 2).0, Decision::Limited);
}

#[test]
fn says_what_validate_says() {
    let rule = |rule: Value| tool(&json!([rule]));
    let condition = |condition: Value| rule(json!({"name": "r", "conditions": [condition]}));
    let ok = json!({"path": "args.x", "op": "eq", "value": 1});
    let state = |state: Value| rule(json!({"name": "r", "conditions": [ok.clone()], "state": state}));
    let counter = json!({"counter": "c", "window": "day"});
    let with = |path: &str| json!({"path": path, "op": "lte", "value": 1});
    let table = [
        (json!({}), vec!["/version: version must be \"1\", got \"\""]),
        (
            json!({"version": "2", "default": "hide"}),
            vec![
                "/version: version must be \"1\", got \"2\"",
                "/default: default must be \"allow\" or \"deny\", got \"hide\"",
            ],
        ),
        (
            json!({"version": "1", "hide": ["a", " ", "a", "a"]}),
            vec![
                "/hide/1: hide[1]: entry must not be empty",
                "/hide/2: hide: duplicate entry \"a\"",
                "/hide/3: hide: duplicate entry \"a\"",
            ],
        ),
        (
            rule(json!({"action": "allow"})),
            vec![
                "/tools/t/rules/0: tools.t.rules[0]: rule must have a name",
                "/tools/t/rules/0: tools.t.rules[0]: action must be \"evaluate\" or \"deny\", got \"allow\"",
            ],
        ),
        (
            rule(json!({"name": "r", "action": "deny", "conditions": [ok]})),
            vec!["/tools/t/rules/0: tools.t.rules[0]: deny rules must not have conditions"],
        ),
        (
            rule(json!({"name": "r"})),
            vec!["/tools/t/rules/0: tools.t.rules[0]: evaluate rules must have at least one condition"],
        ),
        (
            condition(json!({"path": "x", "op": "lt", "value": "5"})),
            vec![
                "/tools/t/rules/0/conditions/0: tools.t.rules[0].conditions[0]: path must start with \"args.\" or \"state.\", got \"x\"",
                "/tools/t/rules/0/conditions/0: tools.t.rules[0].conditions[0]: operator \"lt\" requires a numeric value",
            ],
        ),
        (
            condition(json!({"path": "args.x", "op": "is"})),
            vec!["/tools/t/rules/0/conditions/0: tools.t.rules[0].conditions[0]: unknown operator \"is\""],
        ),
        (
            condition(json!({"path": "args.x", "op": "in", "value": "a"})),
            vec![
                "/tools/t/rules/0/conditions/0: tools.t.rules[0].conditions[0]: operator \"in\" requires a list value",
            ],
        ),
        (
            condition(json!({"path": "args.x", "op": "not_in"})),
            vec![
                "/tools/t/rules/0/conditions/0: tools.t.rules[0].conditions[0]: operator \"not_in\" requires a list value",
            ],
        ),
        (
            condition(json!({"path": "args.x", "op": "gte", "value": u64::MAX})),
            vec![
                "/tools/t/rules/0/conditions/0: tools.t.rules[0].conditions[0]: operator \"gte\" requires a numeric value",
            ],
        ),
        (
            condition(json!({"path": "args.x", "op": "exists", "value": "true"})),
            vec![
                "/tools/t/rules/0/conditions/0: tools.t.rules[0].conditions[0]: operator \"exists\" requires a boolean value",
            ],
        ),
        (
            condition(json!({"path": "args.x", "op": "regex", "value": 5})),
            vec!["/tools/t/rules/0/conditions/0: tools.t.rules[0].conditions[0]: regex value must be a string"],
        ),
        (
            condition(json!({"path": "args.x", "op": "regex", "value": "a{1001}"})),
            vec![
                "/tools/t/rules/0/conditions/0: tools.t.rules[0].conditions[0]: invalid regex \"a{1001}\": invalid repeat count",
            ],
        ),
        (
            state(json!({"window": "week", "increment_from": "x"})),
            vec![
                "/tools/t/rules/0/state: tools.t.rules[0].state: counter must not be empty",
                "/tools/t/rules/0/state: tools.t.rules[0].state: window must be \"minute\", \"hour\", or \"day\", got \"week\"",
                "/tools/t/rules/0/state: tools.t.rules[0].state: increment_from must start with \"args.\", got \"x\"",
            ],
        ),
        (
            condition(with("state.t.c")),
            vec![
                "/tools/t/rules/0: tools.t.rules[0]: condition references state.t.c but no matching state block found",
            ],
        ),
        (
            json!({"version": "1", "tools": {"policies.create": {"rules": [{"name": "r", "rate_limit": "5/hour"}]}}}),
            vec![
                "/tools/policies.create/rules/0: tools.policies.create.rules[0]: condition references state.policies.create._rate_hour but no matching state block found",
            ],
        ),
        (
            tool(&json!([{"state": counter}, {"name": "r", "action": "deny", "state": counter}])),
            vec![
                "/tools/t/rules/1: tools.t.rules[1]: duplicate state counter \"c\" (also used by rules[0])",
                "/tools/t/rules/0: tools.t.rules[0]: rule must have a name",
                "/tools/t/rules/0: tools.t.rules[0]: evaluate rules must have at least one condition",
            ],
        ),
        (
            tool(&json!([{"name": "a", "rate_limit": "5/hour"}, {"name": "b", "rate_limit": "9/hour"}])),
            vec!["/tools/t/rules/1: tools.t.rules[1]: duplicate state counter \"_rate_hour\" (also used by rules[0])"],
        ),
        (
            rule(json!({"rate_limit": "5"})),
            vec![
                "/tools/t/rules/0/rate_limit: tools.t.rules[0]: rate_limit must be in the format \"N/window\" (e.g. \"5/hour\"), got \"5\"",
            ],
        ),
        (
            rule(json!({"rate_limit": "0/hour"})),
            vec![
                "/tools/t/rules/0/rate_limit: tools.t.rules[0]: rate_limit count must be a positive integer, got \"0\"",
            ],
        ),
        (
            rule(json!({"rate_limit": "5/week"})),
            vec![
                "/tools/t/rules/0/rate_limit: tools.t.rules[0]: rate_limit window must be \"minute\", \"hour\", or \"day\", got \"week\"",
            ],
        ),
        (
            rule(json!({"rate_limit": "5/hour/2"})),
            vec![
                "/tools/t/rules/0/rate_limit: tools.t.rules[0]: rate_limit window must be \"minute\", \"hour\", or \"day\", got \"hour/2\"",
            ],
        ),
        (
            rule(json!({"action": "deny", "rate_limit": "x", "state": counter})),
            vec![
                "/tools/t/rules/0/rate_limit: tools.t.rules[0]: rate_limit must be in the format \"N/window\" (e.g. \"5/hour\"), got \"x\"",
                "/tools/t/rules/0: tools.t.rules[0]: rate_limit cannot be combined with conditions or state; use separate rules or the full syntax instead",
                "/tools/t/rules/0: tools.t.rules[0]: rate_limit cannot be used with action \"deny\"",
            ],
        ),
        // beyond validate: what its reader would drop or bend
        (json!({"version": "1", "tool": {}}), vec!["the document: unknown member `tool`"]),
        (
            rule(json!({"name": "r", "action": "deny", "reason": "x"})),
            vec!["/tools/t/rules/0: unknown member `reason`"],
        ),
        (
            rule(json!({"name": "r", "rate_limit": {"max": 1}})),
            vec!["/tools/t/rules/0/rate_limit: expected a string, found an object"],
        ),
        (
            state(json!({"counter": "c", "window": "day", "increment": 1.5})),
            vec!["/tools/t/rules/0/state/increment: expected an integer, found a number that is not an integer"],
        ),
    ];
    for (document, want) in table {
        let got = load(&document).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(got, Err(want.join("\n")), "{document}");
    }
}

#[test]
fn takes_what_validate_takes() {
    let rule = |rule: Value| tool(&json!([rule]));
    let table = [
        json!({"version": "1", "default": "", "hide": [], "tools": {"": {}}}),
        rule(json!({"name": "r", "rate_limit": "+05/day", "on_deny": "x"})),
        rule(json!({"name": "r", "action": "whatever", "rate_limit": "5/day"})),
        rule(json!({"name": "r", "conditions": [{"path": "state.x", "op": "eq", "value": 0}]})),
        rule(json!({"name": "r", "conditions": [{"path": "args.", "op": "in", "value": []}]})),
    ];
    for document in table {
        assert!(load(&document).is_ok(), "{document}");
    }
}
