//! What a line tells: a call, something else, or nothing that can be told.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use mcppol::{
    catalog::Catalogs,
    eval::Evaluator,
    hir::{Environment, NoImports, Source, analyze},
    record::{self, Arguments, Problem},
    replay::{Counting, Judge, Replay},
    syntax::literal::Date,
};

/// Each line with what is read in it.
fn told(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let mut found = Vec::new();
        record::read(line, &mut |after, record| {
            found.push(match record {
                Ok(record) => {
                    let arguments = match record.arguments {
                        Arguments::None => "nothing".to_owned(),
                        Arguments::Text(text) => text.to_owned(),
                        Arguments::Hashed => "a hash".to_owned(),
                    };
                    let rest = (record.time, record.server.as_deref(), record.passed, record.used, after);
                    format!("{:?} with {arguments}, {rest:?}", record.tool)
                }
                Err(Problem(why)) => format!("! {why}"),
            });
        });
        let found = if found.is_empty() { "-".to_owned() } else { found.join("; ") };
        out.push_str(&format!("{}\n  {found}\n", line.escape_debug().to_string().replace("\\\"", "\"")));
    }
    out
}

#[test]
fn what_lines_tell() {
    assert_snapshot!(told(&[
        r#"{"tool":"a"}"#,
        r#"{"tool":"\u0061\n","arguments":{"x":1},"time":5,"id":"7","server":"s","used":{"a per hour":3}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":[1]},"_meta":{}}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#,
        r#"{"timestamp":"1970-01-01T00:01:00Z","direction":"in","message":{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}}"#,
        r#"{"ts":"1970-01-01T00:01:00Z","type":"tool_call","instance":"i","tool":"a","result":"denied","args_hash":"sha256:0","rule":"r","message":"m"}"#,
        r#"{"ts":"1970-01-01T00:01:00Z","type":"tool_call","instance":"i","tool":"a","result":"allowed"}"#,
        r#"{"ts":"1970-01-01T00:01:00Z","type":"heartbeat","instance":"i"}"#,
        "[{\"tool\":\"a\"},\n{\"jsonrpc\":\"2.0\",\"method\":\"ping\"},\n\n{\"tool\":\"b\"}]",
        "\u{feff} {\"tool\":\"a\"}\r\n",
        "[]",
    ]), @r#"
    {"tool":"a"}
      "a" with nothing, (None, None, None, {}, 0)
    {"tool":"\\u0061\\n","arguments":{"x":1},"time":5,"id":"7","server":"s","used":{"a per hour":3}}
      "a\n" with {"x":1}, (Some(5), Some("s"), None, {"a per hour": 3}, 0)
    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":[1]},"_meta":{}}}
      "a" with {"x":[1]}, (None, None, None, {}, 0)
    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}
      "a" with nothing, (None, None, None, {}, 0)
    {"jsonrpc":"2.0","id":1,"method":"tools/list"}
      -
    {"jsonrpc":"2.0","id":1,"result":{"content":[]}}
      -
    {"timestamp":"1970-01-01T00:01:00Z","direction":"in","message":{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}}
      "a" with nothing, (Some(60), None, None, {}, 0)
    {"ts":"1970-01-01T00:01:00Z","type":"tool_call","instance":"i","tool":"a","result":"denied","args_hash":"sha256:0","rule":"r","message":"m"}
      "a" with a hash, (Some(60), None, Some(false), {}, 0)
    {"ts":"1970-01-01T00:01:00Z","type":"tool_call","instance":"i","tool":"a","result":"allowed"}
      "a" with nothing, (Some(60), None, Some(true), {}, 0)
    {"ts":"1970-01-01T00:01:00Z","type":"heartbeat","instance":"i"}
      -
    [{"tool":"a"},\n{"jsonrpc":"2.0","method":"ping"},\n\n{"tool":"b"}]
      "a" with nothing, (None, None, None, {}, 0); "b" with nothing, (None, None, None, {}, 3)
    \u{feff} {"tool":"a"}\r\n
      "a" with nothing, (None, None, None, {}, 0)
    []
      -
    "#);
}

#[test]
fn what_no_line_tells() {
    let deep = format!(r#"{{"tool":"a","args":{}{}}}"#, "[".repeat(1_000), "]".repeat(1_000));
    let wrapped = format!("{}{{\"tool\":\"a\"}}{}", r#"{"message":"#.repeat(5), "}".repeat(5));
    assert_snapshot!(told(&[
        "garbage",
        "{",
        r#"{"tool":"a"} {"tool":"b"}"#,
        r#"{"tool":5}"#,
        r#"{"tool":"\ud800"}"#,
        r#"{"tool":"a","tool":"b"}"#,
        r#"{"tool":"a","args":{},"arguments":{}}"#,
        r#"{"tool":"a","args":[1]}"#,
        r#"{"tool":"a","used":{"x":-1}}"#,
        r#"{"method":"tools/call"}"#,
        r#"{"method":"tools/call","params":["a"]}"#,
        r#"{"method":7}"#,
        r#"{"level":"info","message":"started"}"#,
        r#"[["a"]]"#,
        r#"[{"tool":"a"}"#,
        "5",
        &wrapped,
    ]), @r#"
    garbage
      ! it is not JSON
    {
      ! it is not JSON: it ends within an object
    {"tool":"a"} {"tool":"b"}
      ! it is not JSON
    {"tool":5}
      ! `tool` is no text
    {"tool":"\\ud800"}
      ! `tool` is no text
    {"tool":"a","tool":"b"}
      ! the member `tool` stands twice
    {"tool":"a","args":{},"arguments":{}}
      ! it has both `args` and `arguments`
    {"tool":"a","args":[1]}
      ! the arguments are no object
    {"tool":"a","used":{"x":-1}}
      ! `used` is no object of counters with whole numbers
    {"method":"tools/call"}
      ! `tools/call` has no `params`
    {"method":"tools/call","params":["a"]}
      ! `params` of `tools/call` has no `name`
    {"method":7}
      ! `method` is no text
    {"level":"info","message":"started"}
      ! it has neither `tool` nor `method`
    [["a"]]
      ! it has neither `tool` nor `method`
    [{"tool":"a"}
      ! it is not JSON: it ends within a list
    5
      ! it is no object
    {"message":{"message":{"message":{"message":{"message":{"tool":"a"}}}}}}
      ! too many wrappers stand around its message
    "#);
    assert!(told(&[&deep]).contains("! the arguments are no object"));
}

/// What a policy with limits decides of records, a word each; `TIME TOOL`, with the time in seconds.
fn counted(policy: &str, counting: Counting, start: &[(&str, u64)], lines: &[&str]) -> String {
    let source = Source { name: "p.mcp".to_owned(), text: format!("policy p for nowhere {{\n{policy}\n}}\n") };
    let catalogs = Catalogs::embedded();
    let today = Date::parse("2026-06-15").unwrap();
    let analysis = analyze(source, &NoImports, Environment { catalogs: &catalogs, today });
    let checked = analysis.checked().unwrap_or_else(|| panic!("{:#?}", analysis.diagnostics));
    let start: BTreeMap<String, u64> = start.iter().map(|(name, used)| ((*name).to_owned(), *used)).collect();
    let evaluator = Evaluator::new(checked.policy("p").unwrap());
    let mut replay = Replay::new(Judge::Policy(evaluator), counting, &start).unwrap();
    let mut out = Vec::new();
    for line in lines {
        record::read(line, &mut |_, record| {
            let record = record.unwrap();
            let tool = replay.tool(&record).unwrap().to_owned();
            out.push(replay.decide(&tool, &record).name());
        });
    }
    out.join(" ")
}

#[test]
fn counters_follow_the_clock() {
    const TWO: &str = "default deny\nallow a { limit to 2 per minute }\nallow b";
    let at = |times: &[&str]| -> Vec<String> {
        let line = |time: &&str| match *time {
            "-" => r#"{"tool":"a"}"#.to_owned(),
            time => format!(r#"{{"tool":"a","time":{time}}}"#),
        };
        times.iter().map(line).collect()
    };
    let run = |counting, start: &[(&str, u64)], times: &[&str]| {
        let lines = at(times);
        counted(TWO, counting, start, &lines.iter().map(String::as_str).collect::<Vec<_>>())
    };
    use Counting::{Fresh, OneWindow, Times};
    // the first window was not seen from its beginning
    assert_eq!(run(Times, &[], &["59", "60", "61", "62", "119", "120"]), "unknown allow allow limited limited allow");
    assert_eq!(run(Fresh, &[], &["50", "51", "52", "60"]), "allow allow limited allow");
    assert_eq!(run(Times, &[("a per minute", 1)], &["50", "51", "60"]), "allow limited allow");
    // a call without a time may have been in any window
    assert_eq!(run(Times, &[], &["-", "-"]), "unknown unknown");
    assert_eq!(run(Fresh, &[], &["-", "60"]), "unknown unknown");
    assert_eq!(run(Fresh, &[], &["60", "-", "61", "120"]), "allow unknown unknown allow");
    // of earlier windows nothing is kept
    assert_eq!(run(Fresh, &[], &["60", "120", "61", "121"]), "allow allow unknown allow");
    assert_eq!(run(Fresh, &[], &["-1", "-60", "-61", "0"]), "allow allow unknown allow");
    assert_eq!(run(OneWindow, &[], &["-", "5", "5000"]), "allow allow limited");
    assert_eq!(run(OneWindow, &[("a per minute", 2)], &["-"]), "limited");
}

#[test]
fn calls_that_are_refused_are_not_counted() {
    let policy = "default deny\nallow a { require args.x == 1\nlimit total args.n to 10 per hour\nlimit to 3 per minute }\nallow b\nlimit all to 4 per day";
    let lines = [
        r#"{"tool":"a","args":{"x":2,"n":9}}"#,
        r#"{"tool":"a","args":{"x":1,"n":9}}"#,
        r#"{"tool":"a","args":{"x":1,"n":2}}"#,
        r#"{"tool":"a","args":{"x":1,"n":0.5}}"#,
        r#"{"tool":"a","args":{"x":1,"n":1}}"#,
        r#"{"tool":"b"}"#,
        r#"{"tool":"b"}"#,
        r#"{"tool":"b"}"#,
    ];
    assert_eq!(counted(policy, Counting::OneWindow, &[], &lines), "deny allow limited deny allow allow allow limited");
    // what may have been let through makes what comes after unknown
    let hashed = [r#"{"tool":"a","args_hash":"sha256:0"}"#, r#"{"tool":"b"}"#];
    assert_eq!(counted(policy, Counting::OneWindow, &[], &hashed), "unknown unknown");
    let said = [r#"{"tool":"b","used":{"all per day":4}}"#, r#"{"tool":"b"}"#];
    assert_eq!(counted(policy, Counting::OneWindow, &[], &said), "limited allow");
}

#[test]
fn prefixes_go_where_the_server_is_the_policys() {
    let lines = [
        r#"{"tool":"mcp__nowhere__a"}"#,
        r#"{"tool":"mcp__elsewhere__a"}"#,
        r#"{"tool":"mcp__nowhere_a"}"#,
        r#"{"tool":"a","server":"nowhere"}"#,
    ];
    assert_eq!(counted("default deny\nallow a", Counting::Times, &[], &lines), "allow deny deny allow");
}
