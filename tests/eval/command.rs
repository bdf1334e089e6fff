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
    assert_snapshot!(refund(r#"{"amount": 500, "currency": "eur"}"#, ""), @"");
    assert_snapshot!(refund(r#"{"amount": 60, "currency": "eur", "reason": "for fun"}"#, ""), @"");
    assert_snapshot!(refund(r#"{"amount": 60, "currency": "eur", "reason": "gift"}"#, "--used 'refund per minute=2'"), @"");
    assert_snapshot!(refund(r#"{"amount": 60, "currency": "usd"}"#, "--used 'all per hour=99'"), @"");
    assert_snapshot!(refund(r#"{"currency": "usd"}"#, "--format json"), @"");
    assert_snapshot!(folder.run("eval p.mcp --tool drop"), @"");
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
    assert_snapshot!(run(request), @"");
    assert_snapshot!(run(r#"{"type":"tool_call","tool":"refund","args_hash":"sha256:0"}"#), @"");
    assert_snapshot!(run(""), @"");
    assert_snapshot!(run("{}"), @"");
    assert_snapshot!(run(r#"[{"tool":"look"},{"tool":"look"}]"#), @"");
    assert_snapshot!(run(r#"{"tool":"look","server":"github"}"#), @"");
    assert_snapshot!(folder.run("eval - --calls -"), @"");
    assert_snapshot!(folder.run("eval p.mcp --tool look --used 'look per hour=1'"), @"");
}

#[test]
fn recorded_calls_are_counted() {
    let folder = folder();
    assert_snapshot!(folder.run("eval p.mcp --calls calls.jsonl"), @"");
    assert_snapshot!(folder.run("eval p.mcp --calls calls.jsonl --counters fresh"), @"");
    assert_snapshot!(folder.run("eval p.mcp --calls calls.jsonl --counters one-window --format json"), @"");
    let shown = |stdin: &[u8]| {
        let output = folder.output("eval p.mcp --calls -", stdin);
        format!("exit {}\n{}", output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    assert_snapshot!(shown(b""), @"");
    assert_snapshot!(shown(b"[\n  {\"tool\": \"drop\"},\n  {\"tool\": \"drop\"}\n]\n"), @"");
    assert_snapshot!(folder.run("eval p.mcp --calls absent.jsonl"), @"");
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
    assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @"");
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
    assert_snapshot!(folder.run("eval p.intercept.yaml --calls calls.jsonl --counters fresh"), @"");
    assert_snapshot!(folder.run("eval p.intercept.yaml --tool refund --args '{\"amount\": 500}' --format json"), @"");
    assert_snapshot!(folder.run("eval p.intercept.yaml --tool look --used 'look per minute=1'"), @"");
    assert_snapshot!(folder.run("eval p.intercept.yaml --tool refund --args '{\"amount\": 5}' --used 'refund per minute=1'"), @"");
    assert_snapshot!(folder.run("eval broken.policylayer.json --tool look"), @"");
    assert_snapshot!(folder.run("eval cut.policylayer.json --tool look"), @"");
    assert_snapshot!(folder.run("eval .claude/settings.json --tool look"), @"");
    assert_snapshot!(folder.run("eval other.json --tool look"), @"");
    assert_snapshot!(folder.run("eval p.intercept.yaml --policy p --tool look"), @"");
}
