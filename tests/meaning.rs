//! What policies mean: the decision table row by row, on small policies and calls. This file is long because the cases
//! are its text: each stands with what it means.

use mcppol::{
    catalog::{self, Catalogs},
    eval::{Call, Counter, Evaluator},
    hir::{Analysis, Environment, ImportError, Imports, Source, analyze},
    syntax::literal::Date,
    text::Lines,
};
use serde_json::Value;

/// A server with the few tools that these tests need.
const SHOP: &str = r#"{
  "format": 1, "id": "shop", "name": "Shop", "source": "made for the tests",
  "tools": [
    {"name": "cancel_order", "category": "destructive", "risk": "critical", "signals": [], "why": "test", "params": [
      {"name": "id", "type": ["string"], "required": true}]},
    {"name": "create_refund", "category": "financial", "risk": "critical", "signals": [], "why": "test", "params": [
      {"name": "amount", "type": ["integer"], "required": true},
      {"name": "note", "type": ["string", "null"], "required": false},
      {"name": "currency", "type": ["string"], "required": false, "enum": ["eur", "usd"]},
      {"name": "tags", "type": ["array"], "required": false, "items": ["string"]},
      {"name": "meta", "type": ["object"], "required": false}]},
    {"name": "get_order", "category": "read", "risk": "low", "signals": [], "why": "test", "params": [
      {"name": "id", "type": ["string"], "required": true}]},
    {"name": "list_orders", "category": "read", "risk": "low", "signals": [], "why": "test", "params": [
      {"name": "limit", "type": ["integer"], "required": false},
      {"name": "path", "type": ["string"], "required": false},
      {"name": "url", "type": ["string"], "required": false}]},
    {"name": "update_order", "category": "write", "risk": "medium", "signals": [], "why": "test", "params": [
      {"name": "id", "type": ["string"], "required": true},
      {"name": "urgent", "type": ["boolean"], "required": false}]}
  ]
}"#;

fn catalogs() -> Catalogs {
    let shop = catalog::parse(SHOP.as_bytes()).unwrap();
    Catalogs::embedded().with(shop)
}

/// Files by name, for imports.
struct Files<'a>(&'a [(&'a str, &'a str)]);

impl Imports for Files<'_> {
    fn load(&self, _: &str, path: &str) -> Result<Source, ImportError> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        let (name, text) = found.ok_or_else(|| ImportError("there is no such file".to_owned()))?;
        Ok(Source { name: (*name).to_owned(), text: (*text).to_owned() })
    }
}

fn read(text: &str, others: &[(&str, &str)]) -> Analysis {
    let source = Source { name: "test.mcp".to_owned(), text: text.to_owned() };
    let today = Date::parse("2026-06-15").unwrap();
    analyze(source, &Files(others), Environment { catalogs: &catalogs(), today })
}

/// The errors of a text as `line:column name message`.
fn errors(text: &str, others: &[(&str, &str)]) -> Vec<String> {
    let analysis = read(text, others);
    let said = analysis.diagnostics.iter().map(|diagnostic| {
        let source = &analysis.sources[diagnostic.span.file.0 as usize];
        let at = Lines::new(&source.text).position(&source.text, diagnostic.span.start);
        format!("{}:{} {}: {}", at.line, at.column, diagnostic.code.name, diagnostic.message)
    });
    said.collect()
}

/// Wraps statements into a policy for the shop.
fn policy(statements: &str) -> String {
    format!("policy p for shop {{\n{statements}\n}}\n")
}

/// What each call decides, as `decision message`; counters stand at `used`.
fn decide(text: &str, used: u64, calls: &[(&str, &str)]) -> Vec<String> {
    let analysis = read(text, &[]);
    let checked = analysis.checked().unwrap_or_else(|| panic!("{text}\n{:#?}", analysis.diagnostics));
    let evaluator = Evaluator::new(checked.policy("p").unwrap());
    let decided = calls.iter().map(|(tool, arguments)| {
        let arguments: Value = serde_json::from_str(arguments).unwrap();
        let amounts = |_: &Counter<'_>| Some(used);
        let verdict = evaluator.decide(&Call { tool, arguments: &arguments }, &amounts).unwrap();
        format!("{} {}", verdict.decision.name(), verdict.message)
    });
    decided.collect()
}

#[track_caller]
fn decides(statements: &str, used: u64, cases: &[(&str, &str, &str)]) {
    let text = policy(statements);
    let calls: Vec<(&str, &str)> = cases.iter().map(|(tool, arguments, _)| (*tool, *arguments)).collect();
    for ((tool, arguments, expected), decided) in cases.iter().zip(decide(&text, used, &calls)) {
        let short = decided.split(' ').next().unwrap();
        assert!(
            decided == *expected || short == *expected,
            "{tool} {arguments}: expected {expected}, decided {decided}\n{text}"
        );
    }
}

#[test]
fn the_rows_of_the_table() {
    // 1: hide beats everything
    decides(
        "default allow\nhide get_order because \"x\"\ndeny get_order because \"y\"\nallow get_order",
        0,
        &[("get_order", "{}", "hidden x")],
    );
    // 1: `default hide` hides what is catalogued and neither granted nor denied
    decides(
        "default hide\nallow get_order\ndeny list_orders because \"no\"",
        0,
        &[
            ("get_order", "{}", "allow"),
            ("list_orders", "{}", "deny no"),
            ("update_order", "{}", "hidden"),
            ("not_catalogued", "{}", "deny nothing grants `not_catalogued`"),
        ],
    );
    // 2: deny beats every grant, in whatever order
    decides(
        "default allow\nallow get_order\ndeny get_order because \"first\"\ndeny get_* because \"second\"",
        0,
        &[("get_order", "{}", "deny first"), ("list_orders", "{}", "allow granted by the default")],
    );
    // 3: what nothing grants
    decides(
        "default deny\nallow get_order\non update_order { limit to 1 per day }\nask if_only if args.x == 1",
        0,
        &[
            ("get_order", "{}", "allow granted"),
            ("update_order", "{}", "deny nothing grants `update_order`"),
            ("if_only", r#"{"x": 1}"#, "deny nothing grants `if_only`"),
        ],
    );
    // 4 before 5, and each in source order
    decides(
        "default deny\nallow create_refund {\ndeny if args.amount > 10 because \"d\"\nrequire args.amount < 5 because \"r\"\nrequire args.amount < 6 because \"s\"\n}",
        0,
        &[
            ("create_refund", r#"{"amount": 20}"#, "deny r"),
            ("create_refund", r#"{"amount": 5}"#, "deny r"),
            ("create_refund", r#"{"amount": 4}"#, "allow"),
            ("create_refund", "{}", "deny r"),
        ],
    );
    decides(
        "default deny\nallow create_refund\ndeny create_refund if args.amount > 10 because \"too much\"",
        0,
        &[
            ("create_refund", r#"{"amount": 11}"#, "deny too much"),
            ("create_refund", r#"{"amount": 10}"#, "allow"),
            ("create_refund", "{}", "allow"),
        ],
    );
    // 6: counters, after conditions and before asking
    decides(
        "default deny\nask get_order { limit to 3 per minute because \"slow\" }\nlimit all to 2 per hour",
        2,
        &[("get_order", "{}", "limited the limit of 2 per hour is reached")],
    );
    decides(
        "default deny\nask get_order { limit to 3 per minute because \"slow\" }",
        3,
        &[("get_order", "{}", "limited slow")],
    );
    decides("default deny\nask get_order { limit to 3 per minute because \"slow\" }", 2, &[("get_order", "{}", "ask")]);
    // 7: asking, always or where a condition holds
    decides("default deny\nask get_order because \"please\"\nallow get_order", 0, &[("get_order", "{}", "ask please")]);
    decides(
        "default deny\nallow create_refund { ask if args.amount > 100 because \"large\" }",
        0,
        &[("create_refund", r#"{"amount": 101}"#, "ask large"), ("create_refund", r#"{"amount": 100}"#, "allow")],
    );
}

#[test]
fn clauses_belong_to_the_tool() {
    decides(
        "default deny\nallow @read { limit to 1 per minute }\nallow get_order { require args.id == \"a\" }",
        0,
        &[("get_order", r#"{"id": "b"}"#, "deny"), ("get_order", r#"{"id": "a"}"#, "allow")],
    );
    decides(
        "default deny\nallow @read { limit to 1 per minute }\nallow get_order",
        1,
        &[("get_order", "{}", "limited")],
    );
}

#[test]
fn amounts_are_counted() {
    let statements = "default deny\nallow create_refund { limit total args.amount to 100 per day }";
    decides(
        statements,
        60,
        &[
            ("create_refund", r#"{"amount": 40}"#, "allow"),
            ("create_refund", r#"{"amount": 40.0}"#, "allow"),
            ("create_refund", r#"{"amount": 41}"#, "limited"),
            ("create_refund", r#"{"amount": 1e300}"#, "limited"),
            ("create_refund", r#"{"amount": 0.99}"#, "deny"),
            ("create_refund", r#"{"amount": -1}"#, "deny"),
            ("create_refund", r#"{"amount": "5"}"#, "deny"),
            ("create_refund", "{}", "deny"),
        ],
    );
}

#[test]
fn tests_of_conditions() {
    let cases: &[(&str, &[(&str, bool)])] = &[
        (
            "args.a == 5",
            &[("5", true), ("5.0", true), ("\"5\"", false), ("null", false), ("[5]", false), ("true", false)],
        ),
        ("args.a != 5", &[("5", false), ("\"5\"", true), ("6", true), ("null", false)]),
        ("args.a == \"x\"", &[("\"x\"", true), ("[\"x\"]", false)]),
        ("args.a == true", &[("true", true), ("\"true\"", false), ("1", false)]),
        ("args.a < 5", &[("4", true), ("5", false), ("\"4\"", false)]),
        ("args.a >= 5", &[("5", true), ("4.9", false), ("\"9\"", false)]),
        ("args.a in [1, \"x\"]", &[("1", true), ("\"x\"", true), ("\"1\"", false)]),
        ("args.a not in [1, \"x\"]", &[("1", false), ("\"1\"", true), ("null", false)]),
        ("args.a matches r\"[a-z]+\"", &[("\"abc\"", true), ("\"abc1\"", false), ("5", false)]),
        ("args.a not matches r\"[a-z]+\"", &[("\"abc\"", false), ("\"1\"", true), ("5", true), ("null", false)]),
        ("args.a contains \"b\"", &[("\"abc\"", true), ("[\"b\"]", true), ("[\"abc\"]", false), ("{\"b\": 1}", false)]),
        ("args.a not contains \"b\"", &[("\"abc\"", false), ("[\"c\"]", true), ("5", true)]),
        ("args.a contains 1", &[("[1, 2]", true), ("[\"1\"]", false), ("\"1\"", false)]),
        ("args.a exists", &[("0", true), ("null", false)]),
        ("args.a missing", &[("0", false), ("null", true)]),
        ("args.a.b == 1", &[("{\"b\": 1}", true), ("{\"b\": null}", false), ("5", false), ("null", false)]),
        ("args.a.b missing", &[("{}", true), ("5", true), ("{\"b\": 1}", false)]),
        (
            "args.a under \"/srv/data\"",
            &[
                ("\"/srv/data\"", true),
                ("\"/srv/data/x\"", true),
                ("\"/srv/data-evil\"", false),
                ("\"/srv/data/../etc\"", false),
                ("\"srv/data\"", false),
                ("5", false),
            ],
        ),
        (
            "args.a not under \"/srv/data\"",
            &[("\"/etc\"", true), ("\"/srv/data/x\"", false), ("\"../x\"", false), ("5", false)],
        ),
        (
            "args.a host in [\"api.example.com\", \"*.example.org\"]",
            &[
                ("\"https://API.example.com/x\"", true),
                ("\"https://a.b.example.org\"", true),
                ("\"https://example.org\"", false),
                ("\"https://api.example.com@evil.com/\"", false),
                ("\"https://evil.com/api.example.com\"", false),
            ],
        ),
        (
            "args.a host not in [\"api.example.com\"]",
            &[("\"https://evil.com/\"", true), ("\"https://api.example.com\"", false), ("\"x\"", false)],
        ),
        ("args.a == 1 and args.b == 1 or args.c == 1", &[("1", false)]),
        ("args.a == 1 or args.b == 1 and args.c == 1", &[("1", true)]),
        ("(args.a == 1 or args.b == 1) and args.c == 1", &[("1", false)]),
    ];
    for (condition, values) in cases {
        let text = format!("policy p for nowhere {{ default deny allow t {{ require {condition} }} }}");
        for (value, holds) in *values {
            let decided = decide(&text, 0, &[("t", &format!("{{\"a\": {value}}}"))]);
            let expected = if *holds { "allow" } else { "deny" };
            assert!(decided[0].starts_with(expected), "{condition} of {value}: {}", decided[0]);
        }
    }
}

#[test]
fn lists_of_tools() {
    let granted = |tools: &str| {
        let text = format!(
            "set mine = get_order, list_*\nset less = @mine except list_orders\n{}",
            policy(&format!("default deny\nallow {tools}"))
        );
        let all = ["cancel_order", "create_refund", "get_order", "list_orders", "update_order"];
        let calls: Vec<(&str, &str)> = all.iter().map(|tool| (*tool, "{}")).collect();
        let decided = decide(&text, 0, &calls);
        all.iter()
            .zip(decided)
            .filter(|(_, d)| d.starts_with("allow"))
            .map(|(tool, _)| *tool)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(granted("*"), "cancel_order create_refund get_order list_orders update_order");
    assert_eq!(granted("*_order except get_*"), "cancel_order update_order");
    assert_eq!(granted("@read, @write except list_orders"), "get_order update_order");
    assert_eq!(granted("@critical"), "cancel_order create_refund");
    assert_eq!(granted("@mine"), "get_order list_orders");
    assert_eq!(granted("@less"), "get_order");
    assert_eq!(granted("get_orde?, \"update_order\""), "get_order update_order");
    assert_eq!(granted("\"*\""), "", "a quoted name is literal");
    assert_eq!(granted("@execute, get_order"), "get_order", "an empty built-in set is silent");
}

#[test]
fn having_keeps_the_tools_with_the_argument() {
    decides(
        "default allow\non * having args.limit { require args.limit <= 10 }",
        0,
        &[("list_orders", r#"{"limit": 11}"#, "deny"), ("get_order", "{}", "allow")],
    );
}

#[test]
fn an_include_narrows_and_never_grants() {
    let floor = "policy floor for shop {\n  default allow\n  allow cancel_order\n  hide create_refund because \"floor\"\n  on @read { limit to 1 per minute }\n}\n";
    let text = format!("{floor}policy p for shop {{\n  default deny\n  include floor\n  allow get_order\n}}\n");
    let decided = decide(&text, 1, &[("create_refund", "{}"), ("cancel_order", "{}"), ("get_order", "{}")]);
    assert_eq!(decided[0], "hidden floor");
    assert_eq!(decided[1], "deny nothing grants `cancel_order`");
    assert!(decided[2].starts_with("limited"), "{}", decided[2]);
}

#[test]
fn includes_end_and_count_once() {
    // each includes the one before it twice: taken literally, two to the power of sixty statements
    let tower = |height: usize| -> String {
        let one = |n: usize| format!("policy p{n} for shop {{ default allow include p{0} include p{0} }}\n", n - 1);
        let base = "policy p0 for shop { default allow hide cancel_order }\n".to_owned();
        base + &(1..height).map(one).collect::<String>()
    };
    let decided = decide(
        &format!("{}policy p for shop {{ default allow include p59 }}\n", tower(60)),
        0,
        &[("cancel_order", "{}"), ("get_order", "{}")],
    );
    assert_eq!(decided[0], "hidden `cancel_order` is hidden");
    assert!(decided[1].starts_with("allow"));
    let said = errors(&tower(2_000), &[]);
    assert!(said.iter().any(|error| error.contains("nested-too-deeply: includes nest")), "{:?}", said.first());
}

#[test]
fn imports_bring_sets_and_policies() {
    let base = "import \"deep.mcp\"\nset reading = @read\npolicy floor for shop { default deny hide @quiet }\n";
    let deep = "set quiet = cancel_order\n";
    let files = [("base.mcp", base), ("deep.mcp", deep)];
    let text = "import \"base.mcp\"\npolicy p for shop { default deny include floor allow @reading }\n";
    assert_eq!(errors(text, &files), [""; 0]);
    // what an import imports is not brought along
    let text = "import \"base.mcp\"\npolicy p for shop { default deny allow @quiet }\n";
    assert_eq!(errors(text, &files), ["2:40 unknown-set: no set is named `@quiet`"]);
}

#[test]
fn what_names_cannot_mean() {
    let cases: &[(&str, &[&str])] = &[
        (
            "policy p for shop { allow get_order }",
            &["1:1 missing-default: this policy does not say what happens to calls that nothing decides"],
        ),
        (
            "policy p for shop { default deny default allow allow get_order }",
            &["1:34 duplicate-part: this policy has a second `default`"],
        ),
        (
            "set a = @b\nset b = @a\npolicy p for shop { default deny allow get_order }",
            &["2:9 cycle: the set `a` contains itself"],
        ),
        ("set read = get_order", &["1:5 built-in-name: `@read` is built in and keeps its meaning"]),
        ("set a = x\nset a = y", &["2:5 duplicate-name: a second set is named `a`"]),
        (
            "policy p for shop { default deny include q allow get_order }",
            &["1:42 unknown-policy: no policy is named `q`"],
        ),
        (
            "policy p for shop { default deny include p allow get_order }",
            &["1:42 cycle: the policy `p` includes itself"],
        ),
        ("import \"nope.mcp\"", &["1:8 import-failed: `nope.mcp` cannot be read: there is no such file"]),
        ("import \"/etc/x.mcp\"", &["1:8 import-failed: `/etc/x.mcp` is not a path that can be imported"]),
        (
            "policy a for shop { default deny allow get_order }\npolicy b for shop { default deny allow get_order }\ngrant \"x\" uses a, b",
            &["3:19 conflicting-grant: this grant already has a policy for `shop`"],
        ),
        ("test \"x\" for q { call a -> deny }", &["1:14 unknown-policy: no policy is named `q`"]),
    ];
    for (text, expected) in cases {
        assert_eq!(errors(text, &[]), *expected, "{text}");
    }
    let circle = [("a.mcp", "import \"test.mcp\"\n"), ("test.mcp", "")];
    let said = errors("import \"a.mcp\"\n", &circle);
    assert!(said.iter().any(|error| error.contains("cycle")), "{said:?}");
}

#[test]
fn what_lists_cannot_match() {
    let cases: &[(&str, &str)] = &[
        (
            "deny *remove*",
            "2:6 dead-pattern: the pattern `*remove*` matches none of the 5 tools of `shop`, so nothing is blocked or narrowed by it",
        ),
        (
            "allow *remove*",
            "2:7 dead-pattern: the pattern `*remove*` matches none of the 5 tools of `shop`, so nothing is granted by it",
        ),
        (
            "hide mcp__shop__cancel_order",
            "2:6 qualified-tool-name: `mcp__shop__cancel_order` is a client's name for a tool, with the server in front",
        ),
        ("allow @reed", "2:7 unknown-set: no set is named `@reed`"),
        (
            "on @read having args.nope { limit to 1 per day }",
            "2:17 dead-pattern: none of these tools has `args.nope`, so nothing is narrowed",
        ),
    ];
    for (statement, expected) in cases {
        let text = format!("policy p for shop {{ default deny allow get_order\n{statement} }}");
        assert_eq!(errors(&text, &[]), [*expected], "{statement}");
    }
    // nor may `except` take everything away
    let said = errors(&policy("default allow\nhide @critical except cancel_*, create_*"), &[]);
    assert_eq!(
        said,
        ["3:6 dead-pattern: `except` takes away all 2 tools of this list, so the statement covers nothing"]
    );
    // sets of sets end, and say so rather than lose their members
    let deep: String = (1..80).map(|n| format!("set s{n} = @s{}, get_order\n", n - 1)).collect();
    let said = errors(&format!("set s0 = cancel_order\n{deep}{}", policy("default allow\nhide @s79")), &[]);
    assert!(said.iter().any(|error| error.contains("nested-too-deeply")), "{said:?}");
    // a deny that matches nothing keeps the policy from being compiled; an allow does not
    assert!(read(&policy("default allow\ndeny *remove*"), &[]).checked().is_none());
    assert!(read(&policy("default deny\nallow *remove*"), &[]).checked().is_some());
    // without a catalog there is nothing to match
    let said = errors("policy p for nowhere { default deny allow get_*, @read, exact }", &[]);
    assert_eq!(said.iter().filter(|error| error.contains("no-catalog")).count(), 2, "{said:?}");
    assert!(said[0].contains("unknown-server"), "{said:?}");
}

#[test]
fn what_conditions_cannot_test() {
    let cases: &[(&str, &str)] = &[
        ("require args.amont <= 5", "unknown-argument: there is no argument `amont` in `create_refund`"),
        (
            "require args.amount == \"5\"",
            "argument-type-mismatch: `args.amount` of `create_refund` is an integer, but the test wants a text",
        ),
        (
            "require args.amount == 5.5",
            "argument-type-mismatch: `args.amount` of `create_refund` is an integer, but the test wants a number with a fraction",
        ),
        (
            "require args.currency == \"gbp\"",
            "value-outside-schema: `args.currency` of `create_refund` is never \"gbp\"",
        ),
        (
            "require args.tags == \"x\"",
            "argument-type-mismatch: `args.tags` of `create_refund` is an array, but the test wants a text",
        ),
        (
            "require args.amount.cents < 5",
            "argument-type-mismatch: `args.amount.cents` of `create_refund` is an integer, but the test wants an object to look into",
        ),
        ("require args.note matches r\"(?=x)\"", "invalid-pattern"),
        ("require args.note under \"relative\"", "invalid-pattern"),
        ("deny if args.note under \"/srv\"", "guard-outside-require: `under` is true only of values it can judge"),
        ("require every args.tags == \"x\"", "list-test: `every` is reserved"),
        ("require args.amount == null", "argument-type-mismatch: null and absent are the same"),
        ("require args.amount == 1 and args.amount == 2 or args.note exists", "mixed-and-or"),
        ("require args.amount <= 9007199254740993", "invalid-literal"),
        (
            "limit total args.note to 5 per day",
            "invalid-limit: `args.note` of `create_refund` is a string or null, and only whole numbers are counted",
        ),
        ("limit to 0 per day", "invalid-limit: a limit of 0 allows nothing"),
    ];
    for (clause, expected) in cases {
        let said = errors(&policy(&format!("default deny\nallow create_refund {{\n{clause}\n}}")), &[]);
        assert_eq!(said.len(), 1, "{clause}: {said:?}");
        let message = said[0].split_once(' ').unwrap().1;
        assert!(message.starts_with(expected), "{clause}: {message}");
    }
    // an argument that only some of the tools have
    let said = errors(&policy("default deny\nallow @read { require args.limit <= 5 }"), &[]);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("there is no argument `limit` in `get_order`"), "{said:?}");
}

#[test]
fn a_server_has_one_identity_in_a_grant() {
    let text = "policy a for trakt { default deny allow clear_auth }\npolicy b for \"wwiens/trakt_mcpserver\" { default deny allow clear_auth }\ngrant \"x\" uses a, b";
    assert_eq!(errors(text, &[]).len(), 1, "{:?}", errors(text, &[]));
}

#[test]
fn unknown_members_of_sets_weigh_by_their_weightiest_use() {
    let unknown = |statements: &str| {
        let text = format!("set s = get_ordre, get_order\n{}", policy(statements));
        let analysis = read(&text, &[]);
        let found = analysis.policies().iter().flat_map(|policy| policy.unknown_tools());
        found.map(|unknown| (unknown.name.text.to_string(), unknown.guards)).collect::<Vec<_>>()
    };
    for statements in ["default deny allow @s deny @s", "default deny deny @s allow @s"] {
        assert_eq!(unknown(statements), [("get_ordre".to_owned(), true)], "{statements}");
    }
    assert_eq!(unknown("default deny allow @s"), [("get_ordre".to_owned(), false)]);
}

#[test]
fn the_last_day_still_counts() {
    let with = |date: &str| errors(&policy(&format!("default deny\nallow get_order until {date}")), &[]);
    assert_eq!(with("2026-06-15"), [""; 0]);
    assert_eq!(with("2026-06-14"), ["3:17 expired-statement: this ended with 2026-06-14, and today is 2026-06-15"]);
}

#[test]
fn nothing_is_checked_while_an_error_stands() {
    let text =
        "policy good for shop { default deny allow get_order }\npolicy bad for shop { default deny alow get_order }\n";
    let analysis = read(text, &[]);
    assert!(analysis.checked().is_none());
    let sound: Vec<&str> = analysis.policies().iter().map(mcppol::hir::Policy::name).collect();
    assert!(sound.contains(&"good"));
}
