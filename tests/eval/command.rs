//! The command: traces, records, compiled documents, exit codes.

use insta::assert_snapshot;

use crate::cli::Folder;

const POLICY: &str = "\
import \"floor.mcp\"
policy p for nowhere {
  default deny
  include floor
  allow refund {
    require args.amount <= 100 and args.currency in [\"eur\", \"usd\"] because \"large ones by hand\"
    deny if args.reason == \"test\" or args.reason contains \"fun\"
    limit to 2 per minute
    limit total args.amount to 150 per day
  }
  ask refund if args.amount > 50 because \"a person looks at it\"
  allow look
  deny drop
}
";
const FLOOR: &str = "policy floor for nowhere {\n  default allow\n  limit all to 100 per hour\n}\n";

const CALLS: &str = r#"{"time":"2026-01-01T00:00:00Z","tool":"look"}
{"time":"2026-01-01T01:00:00Z","tool":"refund","args":{"amount":5,"currency":"eur"},"result":"allowed"}
{"time":"2026-01-01T01:00:01Z","tool":"refund","args":{"amount":60,"currency":"eur"},"result":"denied"}
{"time":"2026-01-01T01:00:02Z","tool":"refund","args":{"amount":5,"currency":"eur"},"result":"allowed"}
{"time":"2026-01-01T01:00:03Z","tool":"refund","args":{"amount":500,"currency":"eur"},"result":"allowed"}
{"time":"2026-01-01T01:00:04Z","tool":"drop"}
{"jsonrpc":"2.0","id":1,"result":{}}

{"time":"2026-01-01T01:00:05Z","tool":"look","server":"github"}
not a record
"#;

fn folder() -> Folder {
    Folder::new(&[("p.mcp", POLICY), ("floor.mcp", FLOOR), ("calls.jsonl", CALLS)])
}

#[test]
fn a_decision_is_traced() {
    let folder = folder();
    let refund = |args: &str, rest: &str| folder.run(&format!("eval p.mcp --tool refund --args '{args}' {rest}"));
    assert_snapshot!(refund(r#"{"amount": 500, "currency": "eur"}"#, ""), @r#"
    exit 0
    [stdout]
    deny: large ones by hand
      by `require args.amount <= 100 and args.currency in ["eur", "usd"] because "large ones by hand"` at p.mcp:6:5
      because `args.amount` is 500, not `<= 100`
      3:3 `default deny`: passed, `refund` is granted
      7:5 `deny if args.reason == "test" or args.re…`: passed, `args.reason` is absent
      8:5 `limit to 2 per minute`: passed, 0 of 2 used
      9:5 `limit total args.amount to 150 per day`: would be `limited`: 0 of 150 used
      floor.mcp:3:3 `limit all to 100 per hour`: passed, 0 of 100 used
      11:3 `ask refund if args.amount > 50 because "…`: would be `ask`: `args.amount` is 500, and so `> …
      5:3 `allow refund`: grants
      note: no catalog knows the server `nowhere`
    "#);
    assert_snapshot!(refund(r#"{"amount": 60, "currency": "eur", "reason": "for fun"}"#, ""), @r#"
    exit 0
    [stdout]
    deny: a condition denies this call of `refund`
      by `deny if args.reason == "test" or args.reason contains "fun"` at p.mcp:7:5
      because `args.reason` is "for fun", and so `contains "fun"`
      3:3 `default deny`: passed, `refund` is granted
      6:5 `require args.amount <= 100 and args.curr…`: passed, `args.amount` is 60, and so `<= 100`; `ar…
      8:5 `limit to 2 per minute`: passed, 0 of 2 used
      9:5 `limit total args.amount to 150 per day`: passed, 0 of 150 used
      floor.mcp:3:3 `limit all to 100 per hour`: passed, 0 of 100 used
      11:3 `ask refund if args.amount > 50 because "…`: would be `ask`: `args.amount` is 60, and so `> 5…
      5:3 `allow refund`: grants
      note: no catalog knows the server `nowhere`
    "#);
    assert_snapshot!(refund(r#"{"amount": 60, "currency": "eur", "reason": "gift"}"#, "--used 'refund per minute=2'"), @r#"
    exit 0
    [stdout]
    limited: the limit of 2 per minute is reached
      by `limit to 2 per minute` at p.mcp:8:5
      because 2 of 2 used
      3:3 `default deny`: passed, `refund` is granted
      6:5 `require args.amount <= 100 and args.curr…`: passed, `args.amount` is 60, and so `<= 100`; `ar…
      7:5 `deny if args.reason == "test" or args.re…`: passed, `args.reason` is "gift", not `== "test"`;…
      9:5 `limit total args.amount to 150 per day`: passed, 0 of 150 used
      floor.mcp:3:3 `limit all to 100 per hour`: passed, 0 of 100 used
      11:3 `ask refund if args.amount > 50 because "…`: would be `ask`: `args.amount` is 60, and so `> 5…
      5:3 `allow refund`: grants
      note: no catalog knows the server `nowhere`
    "#);
    assert_snapshot!(refund(r#"{"amount": 60, "currency": "usd"}"#, "--used 'all per hour=99'"), @r#"
    exit 0
    [stdout]
    ask: a person looks at it
      by `ask refund if args.amount > 50 because "a person looks at it"` at p.mcp:11:3
      because `args.amount` is 60, and so `> 50`
      3:3 `default deny`: passed, `refund` is granted
      6:5 `require args.amount <= 100 and args.curr…`: passed, `args.amount` is 60, and so `<= 100`; `ar…
      7:5 `deny if args.reason == "test" or args.re…`: passed, `args.reason` is absent
      8:5 `limit to 2 per minute`: passed, 0 of 2 used
      9:5 `limit total args.amount to 150 per day`: passed, 0 of 150 used
      floor.mcp:3:3 `limit all to 100 per hour`: passed, 99 of 100 used
      5:3 `allow refund`: grants
      note: no catalog knows the server `nowhere`
    "#);
    assert_snapshot!(refund(r#"{"currency": "usd"}"#, "--format json"), @r#"
    exit 0
    [stdout]
    {
      "decision": "deny",
      "message": "large ones by hand",
      "rule": "require args.amount <= 100 and args.currency in [\"eur\", \"usd\"] because \"large ones by hand\"",
      "file": "p.mcp",
      "line": 6,
      "column": 5,
      "policy": "p",
      "tool": "refund",
      "notes": [
        "no catalog knows the server `nowhere`"
      ],
      "trace": [
        {
          "rule": "default deny",
          "file": "p.mcp",
          "line": 3,
          "column": 3,
          "outcome": "passed",
          "why": "`refund` is granted"
        },
        {
          "rule": "require args.amount <= 100 and args.currency in [\"eur\", \"usd\"] because \"large ones by hand\"",
          "file": "p.mcp",
          "line": 6,
          "column": 5,
          "outcome": "decided",
          "why": "`args.amount` is absent"
        },
        {
          "rule": "deny if args.reason == \"test\" or args.reason contains \"fun\"",
          "file": "p.mcp",
          "line": 7,
          "column": 5,
          "outcome": "passed",
          "why": "`args.reason` is absent"
        },
        {
          "rule": "limit to 2 per minute",
          "file": "p.mcp",
          "line": 8,
          "column": 5,
          "outcome": "passed",
          "why": "0 of 2 used"
        },
        {
          "rule": "limit total args.amount to 150 per day",
          "file": "p.mcp",
          "line": 9,
          "column": 5,
          "outcome": "overruled",
          "why": "would be `deny`: `args.amount` is absent, no amount"
        },
        {
          "rule": "limit all to 100 per hour",
          "file": "floor.mcp",
          "line": 3,
          "column": 3,
          "outcome": "passed",
          "why": "0 of 100 used"
        },
        {
          "rule": "ask refund if args.amount > 50 because \"a person looks at it\"",
          "file": "p.mcp",
          "line": 11,
          "column": 3,
          "outcome": "passed",
          "why": "`args.amount` is absent"
        },
        {
          "rule": "allow refund",
          "file": "p.mcp",
          "line": 5,
          "column": 3,
          "outcome": "grants",
          "why": ""
        }
      ]
    }
    "#);
    assert_snapshot!(folder.run("eval p.mcp --tool drop"), @r"
    exit 0
    [stdout]
    deny: `drop` is denied
      by `deny drop` at p.mcp:13:3
      3:3 `default deny`: would be `deny`
      floor.mcp:3:3 `limit all to 100 per hour`: passed, 0 of 100 used
      note: no catalog knows the server `nowhere`
    ");
}

#[test]
fn a_recorded_call_is_decided() {
    let folder = folder();
    let run = |stdin: &str| {
        let output = folder.output("eval p.mcp", stdin.as_bytes());
        let text = [output.stdout, output.stderr].concat();
        format!("exit {}\n{}", output.status.code().unwrap(), String::from_utf8(text).unwrap())
    };
    let request = "{\n  \"method\": \"tools/call\",\n  \"params\": {\"name\": \"mcp__nowhere__look\"}\n}\n";
    assert_snapshot!(run(request), @r"
    exit 0
    allow: granted
      by `allow look` at p.mcp:12:3
      3:3 `default deny`: passed, `look` is granted
      floor.mcp:3:3 `limit all to 100 per hour`: passed, 0 of 100 used
      note: no catalog knows the server `nowhere`
    ");
    assert_snapshot!(run(r#"{"type":"tool_call","tool":"refund","args_hash":"sha256:0"}"#), @r"
    exit 1
    unknown: the record has only a hash of the arguments
      note: no catalog knows the server `nowhere`
    ");
    assert_snapshot!(run(""), @r"
    exit 2
    error: standard input has no call
      help: name the call with `--tool NAME`, or write a `tools/call` request to standard input
    ");
    assert_snapshot!(run("{}"), @r"
    exit 2
    error: standard input has no call: it has neither `tool` nor `method`
      help: name the call with `--tool NAME`, or write a `tools/call` request to standard input
    ");
    assert_snapshot!(run(r#"[{"tool":"look"},{"tool":"look"}]"#), @r"
    exit 2
    error: standard input has 2 calls
      help: `--calls -` decides several
    ");
    assert_snapshot!(run(r#"{"tool":"look","server":"github"}"#), @r"
    exit 2
    error: the call is of another server: `github`
    ");
    assert_snapshot!(folder.run("eval - --calls -"), @r"
    exit 2
    [stderr]
    error: standard input cannot be both the policy and the calls
      help: name a file for one of them, or the call with `--tool NAME`
    ");
    assert_snapshot!(folder.run("eval p.mcp --tool look --used 'look per hour=1'"), @r"
    exit 2
    [stderr]
    error: the policy has no counter `look per hour`
      help: did you mean `all per hour`?
    ");
}

#[test]
fn recorded_calls_are_counted() {
    let folder = folder();
    assert_snapshot!(folder.run("eval p.mcp --calls calls.jsonl"), @r#"
    exit 1
    [stdout]
    7 calls: 2 deny, 5 unknown
              1 deny    `require args.amount <= 100 and args.currency in ["eur", "usd"] because "large ones by hand"` at p.mcp:6:5 (line 5)
              1 deny    `deny drop` at p.mcp:13:3 (line 6)
              2 unknown how much is used of the counter `refund per minute` (lines 3, 4)
              1 unknown how much is used of the counter `all per hour` (line 1)
              1 unknown how much is used of the counter `refund total args.amount per day` (line 2)
              1 unknown it is not JSON (line 10)
    1 of 4 recorded calls passed then and would be refused now (line 5)
    1 call of other servers (line 9)
    1 line without a call
    "#);
    assert_snapshot!(folder.run("eval p.mcp --calls calls.jsonl --counters fresh"), @r#"
    exit 1
    [stdout]
    7 calls: 2 allow, 1 ask, 2 deny, 1 limited, 1 unknown
              1 allow   `allow refund` at p.mcp:5:3
              1 allow   `allow look` at p.mcp:12:3
              1 ask     `ask refund if args.amount > 50 because "a person looks at it"` at p.mcp:11:3
              1 deny    `require args.amount <= 100 and args.currency in ["eur", "usd"] because "large ones by hand"` at p.mcp:6:5 (line 5)
              1 deny    `deny drop` at p.mcp:13:3 (line 6)
              1 limited `limit to 2 per minute` at p.mcp:8:5 (line 4)
              1 unknown it is not JSON (line 10)
    2 of 4 recorded calls passed then and would be refused now (lines 4, 5)
    1 of 4 recorded calls was refused then and would pass now (line 3)
    1 call of other servers (line 9)
    1 line without a call
    "#);
    assert_snapshot!(folder.run("eval p.mcp --calls calls.jsonl --counters one-window --format json"), @r#"
    exit 1
    [stdout]
    {"record":1,"tool":"look","decision":"allow","message":"granted","rule":"allow look","file":"p.mcp","line":12,"column":3,"passed":null}
    {"record":2,"tool":"refund","decision":"allow","message":"granted","rule":"allow refund","file":"p.mcp","line":5,"column":3,"passed":true}
    {"record":3,"tool":"refund","decision":"ask","message":"a person looks at it","rule":"ask refund if args.amount > 50 because \"a person looks at it\"","file":"p.mcp","line":11,"column":3,"passed":false}
    {"record":4,"tool":"refund","decision":"limited","message":"the limit of 2 per minute is reached","rule":"limit to 2 per minute","file":"p.mcp","line":8,"column":5,"passed":true}
    {"record":5,"tool":"refund","decision":"deny","message":"large ones by hand","rule":"require args.amount <= 100 and args.currency in [\"eur\", \"usd\"] because \"large ones by hand\"","file":"p.mcp","line":6,"column":5,"passed":true}
    {"record":6,"tool":"drop","decision":"deny","message":"`drop` is denied","rule":"deny drop","file":"p.mcp","line":13,"column":3,"passed":null}
    {"record":10,"tool":null,"decision":"unknown","message":"it is not JSON","rule":null,"file":null,"line":null,"column":null,"passed":null}
    "#);
    let shown = |stdin: &[u8]| {
        let output = folder.output("eval p.mcp --calls -", stdin);
        format!("exit {}\n{}", output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    assert_snapshot!(shown(b""), @r"
    exit 0
    no calls
    ");
    assert_snapshot!(shown(b"[\n  {\"tool\": \"drop\"},\n  {\"tool\": \"drop\"}\n]\n"), @r"
    exit 0
    2 calls: 2 deny
              2 deny    `deny drop` at p.mcp:13:3 (lines 2, 3)
    ");
    assert_snapshot!(folder.run("eval p.mcp --calls absent.jsonl"), @r"
    exit 2
    [stderr]
    error: `absent.jsonl` cannot be read: there is no such file
    ");
}

#[test]
fn lines_beyond_all_measure_are_unknown() {
    let folder = folder();
    let mut lines = b"{\"tool\":\"look\",\"args\":{\"x\":\"".to_vec();
    lines.resize(20 << 20, b'x');
    lines.extend(b"\"}}\n{\"tool\":\"drop\",\"x\":\"\xff\"}\n{\"tool\":\"refund\",\"args\":{\"amount\":1e999}}\n");
    lines.extend(
        format!("{{\"tool\":\"refund\",\"args\":{{\"a\":{}{}}}}}\n", "[".repeat(9_999), "]".repeat(9_999)).bytes(),
    );
    lines.extend(b"{\"tool\":\"drop\"}");
    let output = folder.output("eval p.mcp --calls - --counters one-window", &lines);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @r"
    5 calls: 1 deny, 4 unknown
              1 deny    `deny drop` at p.mcp:13:3 (line 5)
              1 unknown it is longer than 16777216 bytes (line 1)
              1 unknown it is not UTF-8 text (line 2)
              1 unknown the arguments do not read: number out of range (line 3)
              1 unknown the arguments do not read: recursion limit exceeded (line 4)
    ");
}

#[test]
fn compiled_documents_decide_as_their_engines_do() {
    let yaml = "version: \"1\"\ndefault: deny\ntools:\n  look:\n    rules: []\n  refund:\n    rules:\n      - name: small\n        conditions:\n          - {path: args.amount, op: lte, value: 100}\n        on_deny: too much\n      - name: few\n        rate_limit: 1/minute\n";
    let broken = "{\"version\": \"1\", \"default\": \"deny\", \"tools\": {\"look\": {\"requires\": []}}}";
    let folder = Folder::new(&[
        ("p.intercept.yaml", yaml),
        ("calls.jsonl", CALLS),
        ("broken.policylayer.json", broken),
        ("cut.policylayer.json", "{\"version\": \"1\", "),
        (".claude/settings.json", "{\"permissions\": {\"allow\": [\"mcp__trakt__x\"]}}"),
        ("other.json", "{}"),
    ]);
    assert_snapshot!(folder.run("eval p.intercept.yaml --calls calls.jsonl --counters fresh"), @r"
    exit 1
    [stdout]
    8 calls: 3 allow, 2 deny, 2 limited, 1 unknown
              3 allow   no rule refuses it
              1 deny    `(default deny)` (line 6)
              1 deny    `small` (line 5)
              2 limited a rule that the engine does not name (lines 3, 4)
              1 unknown it is not JSON (line 10)
    2 of 4 recorded calls passed then and would be refused now (lines 4, 5)
    1 line without a call
    ");
    assert_snapshot!(folder.run("eval p.intercept.yaml --tool refund --args '{\"amount\": 500}' --format json"), @r#"
    exit 0
    [stdout]
    {
      "decision": "deny",
      "message": "too much",
      "rule": "small",
      "file": null,
      "line": null,
      "column": null,
      "policy": "p.intercept.yaml",
      "tool": "refund",
      "notes": [],
      "trace": [
        {
          "rule": "small",
          "file": null,
          "line": null,
          "column": null,
          "outcome": "decided",
          "why": "too much"
        }
      ]
    }
    "#);
    assert_snapshot!(folder.run("eval p.intercept.yaml --tool look --used 'look per minute=1'"), @r"
    exit 2
    [stderr]
    error: the policy has no counter `look per minute`
      help: it has `refund per minute`
    ");
    assert_snapshot!(folder.run("eval p.intercept.yaml --tool refund --args '{\"amount\": 5}' --used 'refund per minute=1'"), @r"
    exit 0
    [stdout]
    limited: Rate limit of 1 per minute reached. Try again later.
    ");
    assert_snapshot!(folder.run("eval broken.policylayer.json --tool look"), @r#"
    exit 1
    [stderr]
    error[invalid-document]

      × unknown member `requires`
       ╭─[broken.policylayer.json:1:55]
     1 │ {"version": "1", "default": "deny", "tools": {"look": {"requires": []}}}
       ·                                                       ────────────────
       ╰────

    nothing was decided: only a document that its engine takes decides
    "#);
    assert_snapshot!(folder.run("eval cut.policylayer.json --tool look"), @r#"
    exit 1
    [stderr]
    error[syntax-error]

      × the file ends within an object
       ╭─[cut.policylayer.json:1:17]
     1 │ {"version": "1", 
       ·                 ▲
       ╰────
      help: close it with `}`

    nothing was decided: only a document that its engine takes decides
    "#);
    assert_snapshot!(folder.run("eval .claude/settings.json --tool look"), @r"
    exit 2
    [stderr]
    error: `.claude/settings.json` is the permissions of Claude Code, which is checked and nothing else
      help: calls are decided by a `.mcp` file, or by what `mcppol compile` writes
    ");
    assert_snapshot!(folder.run("eval other.json --tool look"), @r"
    exit 2
    [stderr]
    error: `other.json` is of no format that is read
      help: these are: `.mcp`, the permissions of Claude Code, the MCP servers of Codex, the permissions of Cursor, the older form with `action` and `rate_limit`, a policy of the proxy Intercept and the gateway's policy JSON
    ");
    assert_snapshot!(folder.run("eval p.intercept.yaml --policy p --tool look"), @r"
    exit 2
    [stderr]
    error: `p.intercept.yaml` is a policy of the proxy Intercept, which has no names of policies
      help: leave out `--policy`
    ");
}
