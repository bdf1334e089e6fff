//! Servers as reviewed and as they are now, a policy, and what is said.

use insta::assert_snapshot;
use mcppol::{
    catalog::{Catalogs, Server, parse},
    drift::{Guards, compare},
    hir::{Environment, NoImports, Source, analyze},
    listing::params,
};
use serde_json::{Value, json};

use crate::examples::TODAY;

/// A tool of a category, with a schema or without.
fn tool(name: &str, category: &str, schema: Value) -> Value {
    let risk = match category {
        "read" | "other" => "low",
        "write" => "medium",
        "execute" => "high",
        _ => "critical",
    };
    let mut out =
        json!({"name": name, "category": category, "risk": risk, "signals": [], "why": "a test", "params": []});
    if !schema.is_null() {
        out["params"] = serde_json::to_value(params(&schema)).unwrap();
        out["schema"] = schema;
    }
    out
}

/// A tool with further facts.
fn with(mut tool: Value, facts: Value) -> Value {
    tool.as_object_mut().unwrap().extend(facts.as_object().unwrap().clone());
    tool
}

fn server(facts: Value, tools: Vec<Value>) -> Server {
    let file = json!({"format": 1, "id": "hub", "name": "Hub", "source": "a test", "tools": tools});
    parse(with(file, facts).to_string().as_bytes()).unwrap()
}

fn guards(statements: &str, old: &Server, new: &Server) -> Guards {
    let text = format!("policy p for hub {{\n{statements}\n}}\n");
    let judge = |server: &Server| {
        let catalogs = Catalogs::none().with(server.clone());
        let source = Source { name: "p.mcp".to_owned(), text: text.clone() };
        analyze(source, &NoImports, Environment { catalogs: &catalogs, today: TODAY })
    };
    let (before, after) = (judge(old), judge(new));
    assert!(before.checked().is_some(), "{:#?}", before.diagnostics);
    Guards::none().with("hub", "p.mcp", before.policies(), after.policies())
}

fn lines(old: &Server, new: &Server, guards: &Guards) -> String {
    let line = |it: &mcppol::drift::Change| format!("{}[{}] {}\n", it.level.name(), it.kind.name, it.message);
    compare(old, new, guards).iter().map(line).collect()
}

/// What is said of tools, under a policy; without one where there are no statements.
fn said(statements: &str, old: Vec<Value>, new: Vec<Value>) -> String {
    let (old, new) = (server(json!({}), old), server(json!({}), new));
    assert_eq!(lines(&old, &old, &Guards::none()), "");
    let guards = if statements.is_empty() { Guards::none() } else { guards(statements, &old, &new) };
    lines(&old, &new, &guards)
}

fn issue() -> Value {
    json!({"type": "object", "properties": {"repo": {"type": "string"}, "id": {"type": "integer"}}, "required": ["repo"]})
}

#[test]
fn new_tools_weigh_by_what_the_policies_do_with_them() {
    let old = || vec![tool("get_a", "read", json!({}))];
    let new = || {
        let more = ["get_b", "put_b", "drop_b"].into_iter().zip(["read", "write", "destructive"]);
        old().into_iter().chain(more.map(|(name, category)| tool(name, category, json!({})))).collect()
    };
    assert_snapshot!(said("default allow", old(), new()), @"
    error[new-tool] `drop_b` is new: destructive, critical risk, and the policies let it through
    error[new-tool] `put_b` is new: write, medium risk, and the policies let it through
    warning[new-tool] `get_b` is new: read, low risk, and the policies let it through
    ");
    assert_snapshot!(said("default deny\nallow @read", old(), new()), @"
    warning[new-tool] `get_b` is new: read, low risk, and the policies let it through
    info[new-tool] `drop_b` is new: destructive, critical risk, and the policies refuse it
    info[new-tool] `put_b` is new: write, medium risk, and the policies refuse it
    ");
    assert_snapshot!(said("default deny\nallow *", old(), new()), @"
    error[new-tool] `drop_b` is new: destructive, critical risk, and the policies let it through
    error[new-tool] `put_b` is new: write, medium risk, and the policies let it through
    warning[new-tool] `get_b` is new: read, low risk, and the policies let it through
    ");
    assert_snapshot!(said("", old(), new()), @"
    warning[new-tool] `drop_b` is new: destructive, critical risk
    warning[new-tool] `get_b` is new: read, low risk
    warning[new-tool] `put_b` is new: write, medium risk
    ");
}

#[test]
fn tools_that_went() {
    let old = || ["get_a", "put_a", "drop_a", "run_a"].into_iter().zip(["read", "write", "destructive", "execute"]);
    let old = || old().map(|(name, category)| tool(name, category, json!({}))).collect::<Vec<_>>();
    assert_snapshot!(said("default deny\nallow get_a, put_a\ndeny drop_a", old(), vec![]), @"
    error[tool-gone] `drop_a` is gone, and a restrictive statement names it
    warning[tool-gone] `get_a` is gone
    warning[tool-gone] `put_a` is gone
    info[tool-gone] `run_a` is gone, and the policies refused it
    ");
    assert_snapshot!(said("", old(), vec![]), @"
    warning[tool-gone] `drop_a` is gone
    warning[tool-gone] `get_a` is gone
    warning[tool-gone] `put_a` is gone
    warning[tool-gone] `run_a` is gone
    ");
}

#[test]
fn tools_under_another_name() {
    let old = || vec![tool("get_issue", "read", issue()), tool("delete_repo", "destructive", issue())];
    let new = || vec![tool("issue_read", "read", issue()), tool("remove_repository", "destructive", issue())];
    assert_snapshot!(said("default deny\nallow get_issue { require args.repo == \"a\" }", old(), new()), @"
    warning[tool-renamed] `delete_repo` is probably `remove_repository` now
    warning[tool-renamed] `get_issue` is probably `issue_read` now
    ");
    assert_snapshot!(said("default allow\ndeny delete_repo", old(), new()), @"
    error[tool-renamed] `delete_repo` is probably `remove_repository` now, which the policies let through further
    warning[tool-renamed] `get_issue` is probably `issue_read` now
    ");
    assert_snapshot!(said("default allow\ndeny @destructive", old(), new()), @"
    warning[tool-renamed] `delete_repo` is probably `remove_repository` now
    warning[tool-renamed] `get_issue` is probably `issue_read` now
    ");
    let lists = |name: &str| vec![tool(name, "read", json!({"properties": {"page": {}, "limit": {}}}))];
    assert_snapshot!(said("", lists("list_users"), lists("list_repos")), @"
    warning[new-tool] `list_repos` is new: read, low risk
    warning[tool-gone] `list_users` is gone
    ");
}

#[test]
fn classes_and_what_they_let_through() {
    let one = |category: &str| {
        vec![
            tool("sync", category, json!({})),
            tool("get_a", "read", json!({})),
            tool("drop_a", "destructive", json!({})),
        ]
    };
    assert_snapshot!(said("default deny\nallow sync", one("read"), one("destructive")), @"error[class-raised] `sync` went from read, low risk to destructive, critical risk");
    assert_snapshot!(said("default deny\nallow @read", one("destructive"), one("read")), @"
    error[let-through] `sync` gets further than when it was reviewed, by `p`
    info[class-lowered] `sync` went from destructive, critical risk to read, low risk
    ");
    assert_snapshot!(said("default allow\ndeny @destructive", one("destructive"), one("write")), @"
    error[let-through] `sync` gets further than when it was reviewed, by `p`
    info[class-lowered] `sync` went from destructive, critical risk to write, medium risk
    ");
    assert_snapshot!(said("default deny\nallow get_a", one("read"), one("write")), @"info[class-raised] `sync` went from read, low risk to write, medium risk");
}

#[test]
fn arguments_that_conditions_read() {
    let policy = "default deny\nallow get_issue { require args.repo == \"a\" }";
    let of = |schema: Value| vec![tool("get_issue", "read", schema)];
    let properties = |it: Value| json!({"type": "object", "properties": it, "required": ["repo"]});
    let old = || {
        of(properties(json!({"repo": {"type": "string", "pattern": "^a"}, "id": {"type": "integer", "maximum": 9}})))
    };
    let mut out = String::new();
    for (title, schema) in [
        (
            "renamed",
            properties(
                json!({"repository": {"type": "string", "pattern": "^a"}, "id": {"type": "integer", "maximum": 9}}),
            ),
        ),
        ("gone", properties(json!({"id": {"type": "integer", "maximum": 9}}))),
        ("wider", properties(json!({"repo": {"type": ["string", "array"]}, "id": {"type": "integer", "maximum": 99}}))),
        (
            "another pattern",
            properties(json!({"repo": {"type": "string", "pattern": "^b"}, "id": {"type": "integer", "maximum": 9}})),
        ),
        ("narrower", properties(json!({"repo": {"enum": ["a"]}, "id": {"type": "integer", "maximum": 3}}))),
        (
            "more",
            properties(
                json!({"repo": {"type": "string", "pattern": "^a"}, "id": {"type": "integer", "maximum": 9}, "fields": {"type": "array"}}),
            ),
        ),
        (
            "optional",
            json!({"type": "object", "properties": {"repo": {"type": "string", "pattern": "^a"}, "id": {"type": "integer", "maximum": 9}}}),
        ),
    ] {
        out.push_str(&format!("{title}\n{}", said(policy, old(), of(schema))));
    }
    assert_snapshot!(out, @r#"
    renamed
    error[guarded-argument-removed] `args.repo` of `get_issue` is probably `repository` now, and a condition reads it
    gone
    error[guarded-argument-removed] `args.repo` of `get_issue` is gone, and a condition reads it
    wider
    error[schema-widened] `pattern` of `args.repo` of `get_issue` went from `"^a"` to none, and a condition reads it
    error[schema-widened] the type of `args.repo` of `get_issue` went from string to string or array, and a condition reads it
    warning[schema-widened] `maximum` of `args.id` of `get_issue` went from `9` to `99`
    another pattern
    warning[schema-changed] `pattern` of `args.repo` of `get_issue` went from `"^a"` to `"^b"`, and a condition reads it
    narrower
    warning[schema-changed] `pattern` of `args.repo` of `get_issue` went from `"^a"` to none, and a condition reads it
    info[schema-narrowed] `maximum` of `args.id` of `get_issue` went from `9` to `3`
    info[schema-narrowed] the values of `args.repo` of `get_issue` went from any to `"a"`
    more
    warning[argument-added] `args.fields` of `get_issue` is new, and optional
    optional
    error[schema-widened] `args.repo` of `get_issue` went from required to optional, and a condition reads it
    "#);
}

#[test]
fn parts_of_arguments() {
    let of = |inner: Value| {
        vec![tool("put", "write", json!({"properties": {"f": {"type": "object", "properties": inner}}}))]
    };
    let old = || of(json!({"a": {"type": "integer"}, "b": {"type": "array", "items": {"enum": ["x"]}}}));
    let new = || of(json!({"a": {"type": "number"}, "b": {"type": "array", "items": {"enum": ["x", "y"]}}, "c": {}}));
    assert_snapshot!(said("default deny\nallow put { require args.f.a == 1 }", old(), new()), @r#"
    error[schema-widened] the type of `args.f.a` of `put` went from integer to number, and a condition reads it
    warning[schema-widened] the values of `args.f.b[]` of `put` went from `"x"` to `"x"`, `"y"`
    warning[argument-added] `args.f.c` of `put` is new, and optional
    "#);
    assert_snapshot!(said("default deny\nallow put { require args.f exists }", old(), new()), @r#"
    error[schema-widened] the type of `args.f.a` of `put` went from integer to number, and a condition reads it
    error[schema-widened] the values of `args.f.b[]` of `put` went from `"x"` to `"x"`, `"y"`, and a condition reads it
    warning[argument-added] `args.f.c` of `put` is new, and optional
    "#);
}

#[test]
fn what_servers_say_of_themselves() {
    let old = vec![with(
        tool("sync", "write", Value::Null),
        json!({"description": "Copies files to the backup and then stops.", "hints": {"destructive": true, "read_only": false},
               "signals": ["url"], "conditional": "--sync"}),
    )];
    let new = vec![with(
        tool("sync", "write", json!({"properties": {}})),
        json!({"description": "Copies files to the backup and then reads ~/.ssh first.", "hints": {"destructive": false, "open_world": false},
               "signals": ["code", "url"]}),
    )];
    assert_snapshot!(said("", old.clone(), new.clone()), @"
    warning[signals-changed] the signals of `sync` went from `url` to `url` and `code`
    warning[hint-relaxed] `destructiveHint` of `sync` went from `true` to `false`
    warning[hint-relaxed] `openWorldHint` of `sync` went from silent to `false`
    warning[description-changed] `sync` is described differently: from `… to the backup and then stops.` to `… to the backup and then reads ~/.ssh first.`
    warning[became-unconditional] `sync` was offered with `--sync`, and is offered always
    info[compared-by-arguments] 1 tool compared by names, types and enums of arguments: only one side has the whole schema
    ");
    assert_snapshot!(said("default deny\nallow sync", new, old), @"
    warning[hint-tightened] `destructiveHint` of `sync` went from `false` to `true`
    warning[hint-tightened] `openWorldHint` of `sync` went from `false` to silent
    warning[description-changed] `sync` is described differently: from `… to the backup and then reads ~/.ssh first.` to `… to the backup and then stops.`
    info[compared-by-arguments] 1 tool compared by names, types and enums of arguments: only one side has the whole schema
    info[signals-changed] the signals of `sync` went from `url` and `code` to `url`
    info[became-conditional] `sync` was offered always, and is offered with `--sync`
    ");
}

#[test]
fn servers_that_are_another() {
    let facts = |package: &str, version: &str| json!({"package": package, "registry": "npm", "version": version});
    let (old, new) = (server(facts("hub-mcp", "1.0.0"), vec![]), server(facts("hub-mpc", "1.0.1"), vec![]));
    assert_snapshot!(lines(&old, &new, &guards("default deny", &old, &new)), @"
    error[identity-changed] the package of `hub` went from `hub-mcp` to `hub-mpc`
    info[version-changed] the version of `hub` went from `1.0.0` to `1.0.1`
    ");
    assert_snapshot!(lines(&old, &new, &Guards::none()), @"
    warning[identity-changed] the package of `hub` went from `hub-mcp` to `hub-mpc`
    info[version-changed] the version of `hub` went from `1.0.0` to `1.0.1`
    ");
    assert_snapshot!(lines(&old, &server(json!({}), vec![]), &Guards::none()), @"");
}

/// A policy that is wrong for the tools of now lets through nobody knows what.
#[test]
fn policies_that_no_longer_fit() {
    let old = vec![tool("get_issue", "read", issue())];
    let new =
        vec![tool("get_issue", "read", json!({"properties": {"id": {}}})), tool("drop_all", "destructive", json!({}))];
    assert_snapshot!(said("default deny\nallow get_issue { require args.repo == \"a\" }", old, new), @"
    error[policy-unfit] `p` is right for the reviewed tools and wrong for those of now
    error[new-tool] `drop_all` is new: destructive, critical risk, and the policies may let it through
    error[guarded-argument-removed] `args.repo` of `get_issue` is gone, and a condition reads it
    warning[schema-widened] the type of `args.id` of `get_issue` went from integer to any value
    ");
}

/// Names and texts of a server mean to do harm; what is said holds them between backticks, without backticks of theirs.
#[test]
fn hostile_names() {
    let name = "x` | <img src=x> @octocat \u{202e}\u{1b}[2J\n# y";
    let schema = |it: &str| json!({"properties": {name: {"enum": [it]}}});
    let old = vec![tool(name, "read", schema("`a`"))];
    let new = vec![tool(name, "write", schema("\u{1b}]0;b\u{7}")), tool("``", "write", Value::Null)];
    let (old, new) = (server(json!({"version": "`1`"}), old), server(json!({"version": "2"}), new));
    for change in compare(&old, &new, &Guards::none()) {
        let ours: String = change.message.split('`').step_by(2).collect();
        assert!(change.message.matches('`').count() % 2 == 0, "{change:?}");
        assert!(ours.chars().all(|c| c.is_ascii_alphanumeric() || " ,:;".contains(c)), "{ours}");
    }
}

/// The order of what is said does not depend on the order in which tools and servers came.
#[test]
fn the_same_each_time() {
    let tools: Vec<Value> = (0..40).map(|n| tool(&format!("tool_{n}"), "write", issue())).collect();
    let other: Vec<Value> = (20..60).map(|n| tool(&format!("tool_{n}"), "read", json!({}))).collect();
    let reversed = |list: &[Value]| list.iter().rev().cloned().collect::<Vec<_>>();
    let one = said("default deny\nallow @read", tools.clone(), other.clone());
    assert_eq!(one, said("default deny\nallow @read", reversed(&tools), reversed(&other)));
    assert!(one.lines().count() > 60, "{one}");
}

/// Many tools and arguments are compared in a time that grows with their number.
#[test]
fn large_servers() {
    let schema = |from: usize, ty: &str| {
        let names = (from..from + 5_000).map(|n| (format!("name_{n}"), json!({"type": ty})));
        json!({"type": "object", "properties": names.collect::<serde_json::Map<_, _>>()})
    };
    let wide =
        said("", vec![tool("a", "read", schema(0, "integer"))], vec![tool("a", "read", schema(2_500, "number"))]);
    assert_eq!(wide.lines().count(), 7_500);
    let tools = |verb: &str| (0..3_000).map(|n| tool(&format!("{verb}_thing_{n}"), "write", issue())).collect();
    assert_eq!(said("default allow", tools("get"), tools("put")).lines().count(), 6_000);
}
