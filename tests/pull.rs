//! From a server to a policy: `catalog pull` writes a catalog, and the other commands know it from then on. The server is
//! a stub that the tests start.
#![cfg(all(feature = "cli", unix))]

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::cli::Folder;

/// A server over standard input and output that has the tools of a file.
const SERVER: &str = r#"
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if message["method"] == "initialize":
        result = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {"name": "acme-mcp", "version": "1.2"}}
    elif message["method"] == "tools/list":
        result = {"tools": json.load(open(sys.argv[1]))}
    else:
        continue
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
"#;

fn tool(name: &str, properties: Value) -> Value {
    json!({"name": name, "description": "Does it.", "inputSchema": {"type": "object", "properties": properties}})
}

fn tools() -> Vec<Value> {
    vec![
        tool("list_boxes", json!({"page": {"type": "integer"}})),
        tool("open_box", json!({"box": {"type": "string", "enum": ["red", "blue"]}})),
        tool("delete_box", json!({"box": {"type": "string"}})),
    ]
}

fn folder(tools: &[Value]) -> Folder {
    let text = Value::from(tools.to_vec()).to_string();
    Folder::new(&[("server.py", SERVER), ("tools.json", &text), (".git/config", "")])
}

/// Exit code and everything that is printed.
fn run(folder: &Folder, line: &str) -> String {
    let output = folder.command(line).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("exit {}\n{}{}", output.status.code().unwrap(), text(&output.stderr), text(&output.stdout))
}

const PULL: &str = "catalog pull acme -- python3 server.py tools.json";

#[test]
fn from_a_server_to_a_policy() {
    let folder = folder(&tools());
    assert_snapshot!(run(&folder, PULL), @"
    exit 0
    acme: starting python3 server.py tools.json
    `catalogs/acme.json`: 3 tools (1 read, 1 execute, 1 destructive)
    `mcppol.toml`: new, so that commands in this folder know the catalog
    next: `mcppol recommend acme`
    ");
    assert_snapshot!(std::fs::read_to_string(folder.path("catalogs/acme.json")).unwrap(), @r#"
    {
      "format": 1,
      "id": "acme",
      "name": "acme",
      "version": "1.2",
      "source": "tools/list of the server, protocol 2025-11-25",
      "aliases": ["acme-mcp"],
      "tools": [
        {"name": "delete_box", "category": "destructive", "risk": "critical", "signals": [], "why": "name contains `delete`", "confidence": 0.85, "description": "Does it.", "schema": {"properties": {"box": {"type": "string"}}, "type": "object"}, "params": [{"name": "box", "type": ["string"], "required": false}]},
        {"name": "list_boxes", "category": "read", "risk": "low", "signals": [], "why": "name contains `list`", "confidence": 0.85, "description": "Does it.", "schema": {"properties": {"page": {"type": "integer"}}, "type": "object"}, "params": [{"name": "page", "type": ["integer"], "required": false}]},
        {"name": "open_box", "category": "execute", "risk": "high", "signals": [], "why": "name contains `open`", "confidence": 0.85, "description": "Does it.", "schema": {"properties": {"box": {"enum": ["red", "blue"], "type": "string"}}, "type": "object"}, "params": [{"name": "box", "type": ["string"], "required": false, "enum": ["red", "blue"]}]}
      ]
    }
    "#);
    assert_snapshot!(run(&folder, "recommend acme -o acme.mcp"), @"exit 0");
    assert_snapshot!(std::fs::read_to_string(folder.path("acme.mcp")).unwrap(), @"
    // Recommended policy for acme (version 1.2): 3 tools
    // Facts: tools/list of the server, protocol 2025-11-25
    // Classes: a catalog of the project
    // Next: read the groups and change what your agent needs, then `mcppol check acme.mcp`, then
    //   `mcppol compile acme.mcp`
    policy acme for acme {
      default deny

      // read, low risk: 1 tool, allowed: reading changes nothing
      //   list_boxes
      allow @read

      // execute, high risk: 1 tool, allowed slowly: the effect depends on the arguments
      // named one by one: strike out what the agent does not need, and narrow the rest with `require`
      allow open_box {
        limit to 10 per minute
      }

      // destructive, critical risk: 1 tool, hidden: the effect is for good
      //   delete_box
      // if the agent needs one: `except NAME` in this statement, and `ask NAME` below it
      hide @destructive
    }
    ");
    assert_snapshot!(run(&folder, "check acme.mcp"), @"
    exit 0
    no findings in 1 file
    ");
    // a catalog that is known is pulled again without more words, and what is different is said
    std::fs::write(folder.path("tools.json"), Value::from(vec![tool("wipe", json!({}))]).to_string()).unwrap();
    assert_snapshot!(run(&folder, PULL), @"
    exit 0
    acme: starting python3 server.py tools.json
    `acme`
      warning[new-tool] `wipe` is new: destructive, critical risk
      warning[tool-gone] `delete_box` is gone
      warning[tool-gone] `list_boxes` is gone
      warning[tool-gone] `open_box` is gone
    `catalogs/acme.json`: 1 tool (1 destructive)
    next: `mcppol recommend acme`
    ");
}

#[test]
fn what_a_switch_brings_is_conditional() {
    let folder = folder(&tools());
    run(&folder, PULL);
    let more = [tools(), vec![tool("pay_invoice", json!({}))]].concat();
    std::fs::write(folder.path("tools.json"), Value::from(more).to_string()).unwrap();
    assert_snapshot!(run(&folder, "catalog pull acme --when --money -- python3 server.py tools.json"), @"
    exit 0
    acme: starting python3 server.py tools.json
    `acme`
      warning[new-tool] `pay_invoice` is new: financial, critical risk
    `catalogs/acme.json`: 4 tools (1 read, 1 execute, 1 financial, 1 destructive); of the 4 that `--money` shows, 1 needs it
    next: `mcppol recommend acme`
    ");
    let text = std::fs::read_to_string(folder.path("catalogs/acme.json")).unwrap();
    let catalog: Value = serde_json::from_str(&text).unwrap();
    let conditional = |tool: &Value| format!("{} {}", tool["name"], tool["conditional"]);
    let conditional: Vec<_> = catalog["tools"].as_array().unwrap().iter().map(conditional).collect();
    assert_snapshot!(conditional.join("\n"), @r#"
    "delete_box" null
    "list_boxes" null
    "open_box" null
    "pay_invoice" "--money"
    "#);
    assert_snapshot!(run(&folder, "catalog pull other --when --x --from tools.json"), @"
    exit 2
    error: `catalogs/other.json` does not exist, and `--when` adds to a catalog
      help: pull the server without the switch first, and without `--when`
    ");
}

#[test]
fn facts_alone_and_corrected() {
    let overlay =
        "[servers.acme.tools.open_box]\ncategory = \"destructive\"\n[servers.other.tools.x]\nrisk = \"low\"\n";
    let folder = Folder::new(&[("tools.json", &Value::from(tools()).to_string()), ("fix.toml", overlay)]);
    let line = "catalog pull acme --from tools.json --facts --overlay fix.toml --name Acme --package @acme/mcp \
                --registry npm --package-version 3 --repository acme/mcp --alias box -o out.json";
    assert_snapshot!(run(&folder, line), @"
    exit 0
    `out.json`: 3 tools (1 read, 2 destructive)
    ");
    assert_snapshot!(std::fs::read_to_string(folder.path("out.json")).unwrap(), @r#"
    {
      "format": 1,
      "id": "acme",
      "name": "Acme",
      "repository": "acme/mcp",
      "registry": "npm",
      "package": "@acme/mcp",
      "version": "3",
      "source": "a recorded answer to tools/list",
      "aliases": ["box"],
      "tools": [
        {"name": "delete_box", "category": "destructive", "risk": "critical", "signals": [], "why": "name contains `delete`", "confidence": 0.85, "params": [{"name": "box", "type": ["string"], "required": false}]},
        {"name": "list_boxes", "category": "read", "risk": "low", "signals": [], "why": "name contains `list`", "confidence": 0.85, "params": [{"name": "page", "type": ["integer"], "required": false}]},
        {"name": "open_box", "category": "destructive", "risk": "critical", "signals": [], "why": "was execute: name contains `open`", "params": [{"name": "box", "type": ["string"], "required": false, "enum": ["red", "blue"]}]}
      ]
    }
    "#);
    assert!(!folder.path("mcppol.toml").exists());
}

#[test]
fn what_is_no_listing_is_refused() {
    let folder =
        Folder::new(&[("a.json", "{}"), ("b.json", "[{\"name\": \"a\"}, {\"name\": \"a\", \"title\": \"b\"}]")]);
    assert_snapshot!(run(&folder, "catalog pull x --from a.json"), @"
    exit 2
    error: `a.json`: no list of tools: neither an answer to `tools/list` nor an array
    ");
    assert_snapshot!(run(&folder, "catalog classify b.json"), @"
    exit 2
    error: `b.json`: the tool `a` is listed twice, in different words
      help: record one with `mcppol catalog pull NAME --raw FILE -- COMMAND`
    ");
    assert_snapshot!(run(&folder, "catalog pull x"), @"
    exit 2
    error: no server is named
      help: name the command that starts it, after `--`, or its address with `--url`
    ");
}

#[test]
fn classes_for_people_and_programs() {
    let folder = folder(
        &[
            tools(),
            vec![tool("frob\u{1b}[31m\n", json!({})), tool("call_tool", json!({"tool_name": {}, "arguments": {}}))],
        ]
        .concat(),
    );
    assert_snapshot!(run(&folder, "catalog classify tools.json"), @r"
    exit 0
    list_boxes           read         0.85  name contains `list`
    open_box             execute      0.85  name contains `open`
    delete_box           destructive  0.85  name contains `delete`
    frob\u{1b}[31m\u{a}  execute      0.20  nothing in the name says what it does
    call_tool            execute      0.95  name contains `call`
    ");
    let output = folder.command("catalog classify tools.json --format json").output().unwrap();
    let classes: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = json!({"name": "delete_box", "category": "destructive", "risk": "critical", "signals": [],
        "confidence": 0.85, "rationale": "name contains `delete`"});
    assert_eq!(classes[2], expected);
}

/// A live tool that the catalog does not have is not covered by sets and patterns of the policy as it compiles.
#[test]
fn a_new_live_tool_is_judged_as_the_compiled_policy_judges_it() {
    let folder = folder(&tools());
    run(&folder, PULL);
    std::fs::write(folder.path("p.mcp"), "policy p for acme {\n  default allow\n  hide @destructive\n}\n").unwrap();
    run(&folder, "lock p.mcp");
    let settings =
        "catalogs = [\"catalogs/*.json\"]\n[servers.acme]\ncommand = [\"python3\", \"server.py\", \"tools.json\"]\n";
    std::fs::write(folder.path("mcppol.toml"), settings).unwrap();
    let mut silent = tool("list_boxes", json!({"page": {"type": "integer"}}));
    silent["description"] = json!("Deletes all of them.");
    let now = [vec![silent], tools().split_off(1), vec![tool("delete_room", json!({}))]].concat();
    std::fs::write(folder.path("tools.json"), Value::from(now).to_string()).unwrap();
    assert_snapshot!(run(&folder, "drift p.mcp --connect"), @"
    exit 1
    acme: starting python3 server.py tools.json
    `acme`, the live server
      error[new-tool] `delete_room` is new: destructive, critical risk, and the policies let it through
        help: `deny` or narrow it, or accept it with `mcppol lock`; if it is the live server that has it, pull its catalog first
      error[class-raised] `list_boxes` went from read, low risk to destructive, critical risk
        help: see whether it may still be called; accept it with `mcppol lock`
      warning[description-changed] `list_boxes` is described differently: from `Does it.` to `Deletes all of them.`
        help: read the new text as an agent would

    2 errors and 1 warning in 1 server
    ");
    run(&folder, "lock p.mcp --connect");
    assert_snapshot!(run(&folder, "drift p.mcp"), @"
    exit 1
    `acme`, the catalog
      error[let-through] `list_boxes` gets further than when it was reviewed, by `p`
        help: name the tool in a `deny` or `on` statement
      warning[tool-gone] `delete_room` is gone, and the policies would let it through where they refused it
        help: look for its successor before you remove it from the policies
      warning[description-changed] `list_boxes` is described differently: from `Deletes all of them.` to `Does it.`
        help: read the new text as an agent would
      info[class-lowered] `list_boxes` went from destructive, critical risk to read, low risk

    1 error, 2 warnings and 1 info in 1 server
    ");
    std::fs::write(folder.path("mcppol.toml"), "catalogs = [\"catalogs/*.json\"]\n").unwrap();
    assert_snapshot!(run(&folder, "drift p.mcp --connect"), @r#"
    exit 2
    note: `acme` is not asked: `mcppol.toml` has no `[servers.acme]` that says how
    error: `--connect` asked no server: none in use is in the settings
      help: say in `mcppol.toml` how a server is reached: `[servers.NAME]` with `command = ["…"]` or `url`
    "#);
}

/// A server does not name itself into the place of another, and what is known of it stays.
#[test]
fn identity_is_kept() {
    let folder = folder(&tools());
    run(&folder, "catalog pull acme --package @a/w --registry npm --alias prod -- python3 server.py tools.json");
    std::fs::write(folder.path("server.py"), SERVER.replace("acme-mcp", "trakt-mcp-server")).unwrap();
    assert_snapshot!(run(&folder, PULL), @"
    exit 0
    acme: starting python3 server.py tools.json
    note: it calls itself `trakt-mcp-server`, which is a name of `trakt`: that is not taken over
    `catalogs/acme.json`: 3 tools (1 read, 1 execute, 1 destructive)
    next: `mcppol recommend acme`
    ");
    let text = std::fs::read_to_string(folder.path("catalogs/acme.json")).unwrap();
    assert_snapshot!(text.lines().take(9).collect::<Vec<_>>().join("\n"), @r#"
    {
      "format": 1,
      "id": "acme",
      "name": "acme",
      "registry": "npm",
      "package": "@a/w",
      "version": "1.2",
      "source": "tools/list of the server, protocol 2025-11-25",
      "aliases": ["prod", "acme-mcp"],
    "#);
    assert_snapshot!(run(&folder, "catalog pull ACME --from tools.json"), @"
    exit 2
    error: `catalogs/acme.json` is the catalog of `acme`
      help: name another file with `-o FILE`
    ");
    assert_snapshot!(run(&folder, "catalog pull * --from tools.json"), @"
    exit 2
    error: no file can be named after `*`
      help: name the server with letters or digits, or the file with `-o FILE`
    ");
    run(&folder, "recommend acme -o acme.mcp");
    std::fs::write(folder.path("acme.mcp"), "// mine").unwrap();
    assert_snapshot!(run(&folder, "recommend acme -o acme.mcp"), @"
    exit 2
    error: `acme.mcp` exists, and is not what would be written
      help: name another file, or write over it with `--force`
    ");
}

/// A catalog that no command could read is not written.
#[test]
fn an_answer_beyond_the_limits_is_refused() {
    let folder = folder(&tools());
    std::fs::write(folder.path("server.py"), SERVER.replace("\"1.2\"", "\"1\" * 600")).unwrap();
    assert_snapshot!(run(&folder, PULL), @"
    exit 2
    acme: starting python3 server.py tools.json
    error: the answer makes no catalog: the name of the version has 600 characters, at most 512 are allowed
    ");
    assert!(!folder.path("catalogs").exists());
    std::fs::write(folder.path("server.py"), SERVER.replace("\"1.2\"", "\"\"")).unwrap();
    assert!(run(&folder, PULL).starts_with("exit 0"));
}

/// The live server is compared with what was reviewed, and asked only where the settings say how.
#[test]
fn drift_asks_the_server() {
    let folder = folder(&tools());
    run(&folder, PULL);
    let policy = "policy p for acme {\n  default deny\n  allow @read, open_box\n  hide delete_box\n}\n";
    std::fs::write(folder.path("p.mcp"), policy).unwrap();
    assert_snapshot!(run(&folder, "lock p.mcp"), @"
    exit 0
    `acme` is locked: 3 tools, 1 read, 1 execute and 1 destructive
    wrote `mcppol.lock`: 1 server, 3 tools
    ");
    assert_snapshot!(run(&folder, "drift p.mcp --connect"), @r#"
    exit 2
    note: `acme` is not asked: `mcppol.toml` has no `[servers.acme]` that says how
    error: `--connect` asked no server: none in use is in the settings
      help: say in `mcppol.toml` how a server is reached: `[servers.NAME]` with `command = ["…"]` or `url`
    "#);
    let settings =
        "catalogs = [\"catalogs/*.json\"]\n[servers.acme]\ncommand = [\"python3\", \"server.py\", \"tools.json\"]\n";
    std::fs::write(folder.path("mcppol.toml"), settings).unwrap();
    assert_snapshot!(run(&folder, "drift p.mcp --connect"), @"
    exit 0
    acme: starting python3 server.py tools.json
    no changes in 1 server
    ");
    let now = vec![
        tool("list_boxes", json!({"page": {"type": "integer"}})),
        tool("open_box", json!({"box": {"type": "string"}, "force": {"type": "boolean"}})),
        tool("remove_box", json!({"box": {"type": "string"}})),
        tool("get_secret", json!({})),
    ];
    std::fs::write(folder.path("tools.json"), Value::from(now).to_string()).unwrap();
    assert_snapshot!(run(&folder, "drift p.mcp --connect"), @r#"
    exit 1
    acme: starting python3 server.py tools.json
    `acme`, the live server
      error[tool-renamed] `delete_box` is probably `remove_box` now, which keeps none of the restrictions that name the old one
        help: write the new name in the policies, then run `mcppol lock`
      warning[schema-widened] the values of `args.box` of `open_box` went from `"red"`, `"blue"` to any
        help: see that the conditions still hold what they should
      warning[argument-added] `args.force` of `open_box` is new, and optional
        help: see whether a condition should read it
      info[new-tool] `get_secret` is new: read, low risk, and the policies refuse it

    1 error, 2 warnings and 1 info in 1 server
    "#);
    assert_snapshot!(run(&folder, "lock p.mcp --connect"), @r#"
    exit 0
    acme: starting python3 server.py tools.json
    `acme`
      error[tool-renamed] `delete_box` is probably `remove_box` now, which keeps none of the restrictions that name the old one
      warning[schema-widened] the values of `args.box` of `open_box` went from `"red"`, `"blue"` to any
      warning[argument-added] `args.force` of `open_box` is new, and optional
      info[new-tool] `get_secret` is new: read, low risk, and the policies refuse it
    wrote `mcppol.lock`: 1 server, 4 tools
    "#);
}
