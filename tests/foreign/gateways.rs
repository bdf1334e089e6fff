//! Documents of gateways, with what is said of them.

use std::{collections::BTreeSet, fs};

use insta::assert_snapshot;
use mcppol::{diagnostic::Level, foreign, lint};

use super::{findings, found};
use crate::examples::{analysis, files_below, root};

/// What our own compiler writes is read as what it is, and says nothing that its source does not.
#[test]
fn compiled_examples_are_in_order() {
    let mut read = 0;
    for file in files_below("examples", ".json") {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        let format = file.strip_suffix(".json").unwrap().rsplit('.').next().unwrap();
        assert_eq!(foreign::recognise(&file, &text).map(|found| found.name), Some(format), "{file}");
        // the shape alone tells it, too, where a tool has rules
        let shape = foreign::recognise("x.json", &text).map(|found| found.name);
        assert_eq!(shape, Some(if text.contains("\"rules\"") { format } else { "policylayer" }), "{file}");
        let stem = file.split('.').next().unwrap();
        let source = analysis(&format!("{stem}.mcp"));
        let mut known: BTreeSet<&str> = super::said(&source).iter().map(|found| found.code.name).collect();
        // what a comment silences there cannot be silenced here
        known.extend(lint::lint(&source, None, &lint::Settings::default(), None).iter().map(|found| found.code.name));
        let server = source.policies().first().map(|policy| policy.server_name().text.to_string());
        for server in [None, server.as_deref()] {
            for found in findings(&file, &text, server) {
                assert!(found.level == Level::Info || known.contains(found.code.name), "{file}: {found:#?}");
            }
        }
        read += 1;
    }
    assert!(read > 20, "{read}");
}

#[test]
fn typos_and_older_forms_in_the_gateways_json() {
    let text = r#"{
  "version": "1",
  "default": "deny",
  "hidden": ["clear_auth"],
  "tools": {
    "fetch_history": {"rate_limit": {"max": 10, "window": 60}, "action": "allow", "reason": "x"},
    "search_movies": {"requires": [], "comment": "x", "require_approval": true},
    "clear_auth": {"action": "deny"},
    "remove_from_history": {"deny_if": [{"condition": [], "reason": "no"}], "limits": [
      {"counter": "a", "window": "minutes", "max": 3, "scope": "grant"},
      {"counter": "b", "window": 3600, "max": 3, "scope": "grant"},
      {"counter": "c", "window": "1 week", "max": 3, "scope": "grant"}
    ]}
  }
}"#;
    assert_snapshot!(found("policy.json", text), @r#"
    1:1 info[assumed-server] at {
        this is taken to be for `trakt`, the only server that is known to have all 4 tools that are named
        help: say so with `--server trakt`, or under `[files]` in `mcppol.toml`
    4:3 error[obsolete-schema-field] at "hidden"
        a policy has no member `hidden`
        help: did you mean `hide`?
        fix: hidden -> hide
    6:23 error[obsolete-schema-field] at "rate_limit"
        `rate_limit` is of an older form, and means nothing in a tool's entry
        help: write `"limits": [{"counter": "fetch_history_per_minute", "window": "minute", "max": 10, "scope": "grant"}]`
    6:64 error[obsolete-schema-field] at "action"
        `action` is of an older form, and means nothing in a tool's entry
        help: an entry without members, `{}`, allows the tool
    6:83 error[obsolete-schema-field] at "reason"
        `reason` is of an older form, and means nothing in a tool's entry
        help: write it as `on_deny` of the predicate that it explains
    7:23 error[obsolete-schema-field] at "requires"
        a tool's entry has no member `requires`
        help: did you mean `require`?
        fix: requires -> require
    7:39 error[obsolete-schema-field] at "comment"
        a tool's entry has no member `comment`
        help: it has `require`, `deny_if` and `limits`
    7:55 error[obsolete-schema-field] at "require_approval"
        `require_approval` is of an older form, and means nothing in a tool's entry
        help: the format has no approvals; block the tool with `"deny_if": [{"conditions": [], "on_deny": "Requires human approval."}]`
    8:5 warning[critical-tool-not-blocked] at "clear_auth": {"action": "deny"}
        1 critical tool is granted by name, without a condition or a limit: `clear_auth`
        help: add `"clear_auth"` to `hide`; or narrow what stays open with `require` or `limits`
    8:20 error[obsolete-schema-field] at "action"
        `action` is of an older form, and means nothing in a tool's entry
        help: write `"deny_if": [{"conditions": [], "on_deny": "…"}]`, or put the tool into `hide`
    9:42 error[obsolete-schema-field] at "condition"
        a predicate has no member `condition`
        help: did you mean `conditions`?
        fix: condition -> conditions
    9:59 error[obsolete-schema-field] at "reason"
        `reason` is of an older form, and means nothing in a predicate
        help: write it as `on_deny`
    10:34 error[unsupported-window] at "minutes"
        there is no window `minutes`
        help: did you mean `"minute"`?
        fix: "minutes" -> "minute"
    11:34 error[unsupported-window] at 3600
        a window is a word, not a number
        help: did you mean `"hour"`?
        fix: 3600 -> "hour"
    12:34 error[unsupported-window] at "1 week"
        there is no window `1 week`
        help: write `"minute"`, `"hour"` or `"day"`
    "#);
}

#[test]
fn what_the_gateway_does_not_take() {
    assert_snapshot!(found("policy.json", r#"{"version": 1, "default": "deny", "hide": "clear_auth", "tools": []}"#), @r#"
    1:13 error[invalid-document] at 1
        the only `version` there is is the text `"1"`
        help: write `"1"`
        fix: 1 -> "1"
    1:43 error[invalid-document] at "clear_auth"
        `hide` is a text, not a list
        help: write `[ … ]`
    1:66 error[invalid-document] at []
        `tools` is a list, not an object
        help: write `{ … }`
    "#);
    assert_snapshot!(found("policy.json", r#"{"version": "1", "hide": ["a", "a", ""]}"#), @r#"
    1:1 error[invalid-document] at {
        `default` is missing
        help: write `"default": "deny"`, and grant what is needed
    "#);
    assert_snapshot!(found("policy.json", r#"{"version": "1", "default": "deny", "tools": {"search_movies": {"require": [
  {"conditions": [{"path": "query", "op": "eq", "value": "x"}]}
]}}}"#), @r#"
    1:1 info[assumed-server] at {
        this is taken to be for `trakt`, the only server that is known to have the tool `search_movies`
        help: say so with `--server trakt`, or under `[files]` in `mcppol.toml`
    2:19 warning[invalid-document] at {"path": "query", "op": "eq", "value": "x"}
        expected a path such as `args.x`, found `query`
        help: nothing that is documented of the gateway says what this does; write it as documented
    "#);
    assert_snapshot!(found("policy.json", r#"{"version": "1", "default": "deny", "tools": {"search_movies": {"require": [
  {"conditions": [{"path": "args.query", "op": "==", "value": "x"}, {"path": "args.query", "op": "like", "value": "x"}]}
]}}}"#), @"
    1:1 info[assumed-server] at {
        this is taken to be for `trakt`, the only server that is known to have the tool `search_movies`
        help: say so with `--server trakt`, or under `[files]` in `mcppol.toml`
    2:49 error[invalid-document] at ==
        there is no operator `==`
        help: did you mean `eq`?
        fix: == -> eq
    2:99 error[invalid-document] at like
        there is no operator `like`
        help: there are `eq`, `neq`, `in`, `not_in`, `lt`, `lte`, `gt`, `gte`, `exists`, `contains` and `regex`
    ");
    assert_snapshot!(found("policy.json", r#"{"version": "1", "default": "deny", "tools": {"search_movies": {"require": [
  {"conditions": [{"path": "args.query", "op": "regex", "value": "(?=a)"}]}
], "limits": [{"counter": "c", "window": "minute", "max": 0, "scope": "grant"}]}}}"#), @r#"
    1:1 info[assumed-server] at {
        this is taken to be for `trakt`, the only server that is known to have the tool `search_movies`
        help: say so with `--server trakt`, or under `[files]` in `mcppol.toml`
    2:19 warning[invalid-document] at {"path": "args.query", "op": "regex", "value": "(?=a)"}
        invalid regex "(?=a)": invalid or unsupported Perl syntax
        help: nothing that is documented of the gateway says what this does; write it as documented
    "#);
}

#[test]
fn names_and_arguments() {
    let text = r#"{
  "version": "1",
  "default": "allow",
  "hide": ["clear_autth", "Remove-From-History", "mcp__trakt__remove_user_ratings", "*_watchlist"],
  "tools": {
    "search_movies": {"require": [{"conditions": [{"path": "args.qury", "op": "exists", "value": true}]}]},
    "fetch_histry": {"deny_if": [{"conditions": [{"path": "args.page", "op": "gt", "value": 3}]}]},
    "fetch_history": {"deny_if": [{"conditions": [{"path": "args.page", "op": "gt", "value": 3}]}]},
    "add_to_history": {"require": [{"conditions": [{"path": "args.history_type", "op": "in", "value": ["movies", "film"]},
      {"path": "args.items", "op": "lt", "value": 3}]}]},
    "remove_*": {}
  }
}"#;
    assert_snapshot!(super::rendered(text, &findings("policy.json", text, Some("trakt"))), @r#"
    3:14 error[critical-tool-not-blocked] at "allow"
        4 critical tools are left callable: `clear_auth`, `remove_from_history`, `remove_playback_item` and `remove_user_watchlist`
        help: add `"clear_auth"`, `"remove_from_history"`, `"remove_playback_item"` and `"remove_user_watchlist"` to `hide`; or narrow what stays open with `require` or `limits`
    4:13 error[unknown-tool] at clear_autth
        `trakt` has no tool `clear_autth`, so this guards nothing that is known
        help: did you mean `clear_auth`?
        fix: clear_autth -> clear_auth
    4:28 error[inexact-name] at Remove-From-History
        the tool of `trakt` is `remove_from_history`, letter by letter, not `Remove-From-History`, so this guards nothing
        help: write `remove_from_history`
        fix: Remove-From-History -> remove_from_history
    4:51 error[qualified-tool-name] at mcp__trakt__remove_user_ratings
        `mcp__trakt__remove_user_ratings` is a client's name for a tool, with the server in front
        help: engines see the server's own name of the tool; write `remove_user_ratings`
        fix: mcp__trakt__remove_user_ratings -> remove_user_ratings
    4:86 error[glob-in-exact-target] at *_watchlist
        `hide` compares names letter by letter, and no tool is named `*_watchlist`, so it blocks nothing
        help: name each tool by itself: `add_user_watchlist`, `fetch_user_watchlist` and `remove_user_watchlist`
    6:61 error[unknown-argument] at args.qury
        there is no argument `qury` in `search_movies`
        help: did you mean `args.query`?
        fix: args.qury -> args.query
    7:6 error[unknown-tool] at fetch_histry
        `trakt` has no tool `fetch_histry`, so this guards nothing that is known
        help: did you mean `fetch_history`?
        fix: fetch_histry -> fetch_history
    8:51 warning[missing-argument-fallthrough] at {"path": "args.page", "op": "gt", "value": 3}
        a call of `fetch_history` without `args.page` passes: this does not deny what it cannot read
        help: say what absence means: add a `require` with `{"path": "args.page", "op": "exists", "value": true}`
    9:103 error[value-outside-schema] at ["movies", "film"]
        `args.history_type` of `add_to_history` is never "film"
        help: it is "movies", "shows", "seasons" or "episodes"
    10:7 error[argument-type-mismatch] at {"path": "args.items", "op": "lt", "value": 3}
        `args.items` of `add_to_history` is an array, but the test wants a number
        help: `lt` to `gte` look at numbers, `regex` at texts, `contains` at texts and lists; of anything else they are false
    11:6 error[glob-in-exact-target] at remove_*
        `tools` compares names letter by letter, and no tool is named `remove_*`, so it blocks nothing
        help: name each tool by itself: `remove_from_history`, `remove_playback_item`, `remove_user_ratings` and `remove_user_watchlist`
    "#);
}

/// Values of other types may be equal for the engines; nothing is said of them.
#[test]
fn comparisons_by_print_are_in_order() {
    let text = r#"{"version": "1", "default": "deny", "tools": {"fetch_history": {"require": [{"conditions": [
  {"path": "args.page", "op": "eq", "value": "1"}, {"path": "args.page", "op": "in", "value": ["1", 2, null]}
]}]}}}"#;
    assert_snapshot!(super::rendered(text, &findings("policy.json", text, Some("trakt"))), @"");
}

#[test]
fn patterns_that_reach_too_far() {
    let text = r#"{
  "version": "1",
  "default": "deny",
  "tools": {
    "read_text_file": {"require": [
      {"conditions": [{"path": "args.path", "op": "regex", "value": "^/srv/data"}]},
      {"conditions": [{"path": "args.path", "op": "regex", "value": "\\.txt$"}]},
      {"conditions": [{"path": "args.path", "op": "regex", "value": "^/srv/data/[a-z/]+$"}]}
    ], "deny_if": [{"conditions": [{"path": "args.path", "op": "regex", "value": "secret"}]}]}
  }
}"#;
    assert_snapshot!(super::rendered(text, &findings("policy.json", text, Some("filesystem"))), @r#"
    6:23 warning[redundant-condition] at {"path": "args.path", "op": "regex", "value": "^/srv/data"}
        another condition of the tool decides every call that this could
        help: remove it, or correct the one that was meant otherwise
    6:70 warning[path-prefix-without-separator] at ^/srv/data
        `args.path` may be any path that begins with `/srv/data`: `/srv/data-evil` passes too
        help: end the name of the directory: `^/srv/data(?:/|$)`; `..` still leads out of it, so refuse that with a `deny_if` or a second pattern
    7:69 warning[unanchored-argument-regex] at "\\.txt$"
        `args.path` need not match `\.txt$` as a whole: `evil-.txt` passes too
        help: write `^(?:\.txt)$`, with both anchors
    8:7 error[contradictory-condition] at {"conditions": [{"path": "args.path", "op": "regex", "value": "^/srv/data/[a-z/]+$"}]}
        no call gets past both this and another condition, so all calls of `read_text_file` are refused
        help: block the tool outright if no call is to pass, else widen one of the two
    "#);
}

#[test]
fn the_proxys_yaml() {
    let text = "\
version: 1
default: deny
tools:
  create_refund:
    rules:
      - name: cap
        conditions:
          - path: args.amount
            op: lte
            value: 100
        on_deny: no
      - name: lim
        rate_limit: 5/hour
      - name: old
        reason: no such member
        rate_limit: {max: 3, window: 60}
  list_disputes:
    rules: []
  delete_*:
    rules:
      - action: deny
";
    assert_snapshot!(found("policy.yaml", text), @r#"
    1:1 info[assumed-server] at v
        this is taken to be for `stripe`, the only server that is known to have all 2 tools that are named
        help: say so with `--server stripe`, or under `[files]` in `mcppol.toml`
    11:18 info[ambiguous-scalar] at no
        `no` is a text in YAML 1.2, and a truth value for readers of YAML 1.1
        help: write `"no"` for the text, or `true` or `false`
    15:9 error[obsolete-schema-field] at reason
        `reason` is of an older form, and means nothing in a rule
        help: write it as `on_deny`
    19:3 warning[glob-in-exact-target] at delete_*
        `tools` compares names letter by letter, and no tool is named `delete_*`, so it grants nothing
        help: name each tool by itself; a policy of ours has patterns, and compiles to the names
    "#);
    let text = "\
version: \"1\"
tools:
  \"*\":
    rules:
      - name: everywhere
        rate_limit: 60/minute
  create_refund:
    rules:
      - conditions:
          - path: args.amount
            op: lte
            value: \"100\"
";
    assert_snapshot!(found("policy.yaml", text), @r#"
    1:1 info[assumed-server] at v
        this is taken to be for `stripe`, the only server that is known to have the tool `create_refund`
        help: say so with `--server stripe`, or under `[files]` in `mcppol.toml`
    9:9 error[invalid-document] at conditions:
        tools.create_refund.rules[0]: rule must have a name
        help: Intercept does not take the document as it is; mend this place
    10:13 error[invalid-document] at path: args.amount
        tools.create_refund.rules[0].conditions[0]: operator "lte" requires a numeric value
        help: Intercept does not take the document as it is; mend this place
    "#);
}

/// A proxy's file need not name a tool's rules, and in JSON the same would be the gateway's.
#[test]
fn yaml_is_the_proxys() {
    let text = "version: \"1\"\nhide:\n  - clear_auth\n  - remove_from_history\n";
    assert_eq!(foreign::recognise("policy.yml", text).map(|format| format.name), Some("intercept"));
    assert_snapshot!(found("policy.yml", text), @r#"
    1:1 error[critical-tool-not-blocked] at v
        3 critical tools are left callable: `remove_playback_item`, `remove_user_ratings` and `remove_user_watchlist`
        help: add `"remove_playback_item"`, `"remove_user_ratings"` and `"remove_user_watchlist"` to `hide`; or narrow what stays open with a rule that has `conditions` or a `rate_limit`
    1:1 info[assumed-server] at v
        this is taken to be for `trakt`, the only server that is known to have all 2 tools that are named
        help: say so with `--server trakt`, or under `[files]` in `mcppol.toml`
    "#);
}

/// A later version knows more than the one whose source is public.
#[test]
fn later_members_of_the_proxy_are_passed_over() {
    let text = "\
version: \"1\"
default: deny
tools:
  create_refund:
    rules:
      - name: big
        action: require_approval
        approval_timeout: 30m
        conditions:
          - path: args.amount
            op: gt
            value: 100
    idempotency_window: 5m
";
    assert_snapshot!(found("policy.yaml", text), @"
    1:1 info[assumed-server] at v
        this is taken to be for `stripe`, the only server that is known to have the tool `create_refund`
        help: say so with `--server stripe`, or under `[files]` in `mcppol.toml`
    10:13 warning[missing-argument-fallthrough] at path: args.amount
        a call of `create_refund` without `args.amount` passes: this does not ask what it cannot read
        help: say what absence means: add a rule with the condition `{path: args.amount, op: exists, value: true}`
    ");
}

#[test]
fn the_older_rules() {
    let text = r#"{"version": "1", "default": "deny", "tools": {
  "fetch_history": {"rules": [{"action": "allow", "rate_limit": {"max": 10, "window": 60}}]},
  "clear_auth": {"rules": [{"action": "require_aproval", "raeson": "x"}]}
}}"#;
    assert_snapshot!(found("policy.json", text), @r#"
    1:1 info[assumed-server] at {
        this is taken to be for `trakt`, the only server that is known to have all 2 tools that are named
        help: say so with `--server trakt`, or under `[files]` in `mcppol.toml`
    3:40 error[invalid-document] at require_aproval
        there is no `action` called `require_aproval`
        help: did you mean `require_approval`?
        fix: require_aproval -> require_approval
    3:58 error[obsolete-schema-field] at "raeson"
        a rule has no member `raeson`
        help: did you mean `reason`?
        fix: raeson -> reason
    "#);
}

#[test]
fn a_document_is_for_one_server() {
    // the only server that has both
    let text = r#"{"version": "1", "default": "deny", "tools": {"fetch_history": {}, "search_movies": {}}}"#;
    assert_snapshot!(found("policy.json", text), @"
    1:1 info[assumed-server] at {
        this is taken to be for `trakt`, the only server that is known to have all 2 tools that are named
        help: say so with `--server trakt`, or under `[files]` in `mcppol.toml`
    ");
    // nobody has it, and many have it: nothing is known, and nothing said
    assert_snapshot!(found("policy.json", r#"{"version": "1", "default": "deny", "tools": {"no_such_tool": {}}}"#), @"");
    assert_snapshot!(found("policy.json", r#"{"version": "1", "default": "deny", "tools": {"search": {}}}"#), @"");
}
