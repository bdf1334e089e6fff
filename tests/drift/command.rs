//! `lock`, `drift` and `catalog diff` as people and scripts run them.

use std::fs;

use insta::assert_snapshot;

use crate::cli::Folder;

const POLICY: &str = "\
policy p for hub {
  default deny
  allow @read
  allow put_file {
    require args.path under \"/srv\"
  }
  deny drop_all
}
";

const SETTINGS: &str = "catalogs = [\"*.json\"]\n";

/// Two small servers; what is said of them does not change with the catalogs that ship with the program.
const BOX: &str = r#"{"format": 1, "id": "box", "name": "Box", "source": "a test", "aliases": ["box-server"], "tools": [
  {"name": "open_box", "category": "execute", "risk": "high", "signals": [], "why": "", "params": []}]}"#;
const JAR: &str = r#"{"format": 1, "id": "jar", "name": "Jar", "source": "a test", "tools": []}"#;

const HUB: &str = r#"{
  "format": 1, "id": "hub", "name": "Hub", "source": "a test", "version": "1.0.0",
  "tools": [
    {"name": "drop_all", "category": "destructive", "risk": "critical", "signals": [], "why": "", "params": []},
    {"name": "get_file", "category": "read", "risk": "low", "signals": [], "why": "", "params": []},
    {"name": "put_file", "category": "write", "risk": "medium", "signals": [], "why": "",
      "params": [{"name": "path", "type": ["string"], "required": true}]}
  ]
}"#;

/// The same server, later.
const LATER: &str = r#"{
  "format": 1, "id": "hub", "name": "Hub", "source": "a test", "version": "1.1.0",
  "tools": [
    {"name": "get_file", "category": "read", "risk": "low", "signals": [], "why": "", "params": []},
    {"name": "get_all|\u202e<b>", "category": "read", "risk": "low", "signals": [], "why": "", "params": []},
    {"name": "put_file", "category": "write", "risk": "medium", "signals": [], "why": "",
      "params": [{"name": "path", "type": ["string", "array"], "required": true},
                 {"name": "mode", "type": ["string"], "required": false}]}
  ]
}"#;

fn project() -> Folder {
    Folder::new(&[
        ("p.mcp", POLICY),
        ("mcppol.toml", SETTINGS),
        ("hub.json", HUB),
        ("box.json", BOX),
        ("jar.json", JAR),
    ])
}

#[test]
fn lock_review_drift() {
    let folder = project();
    assert_snapshot!(folder.run("drift p.mcp"), @"
    exit 2
    [stderr]
    error: there is no lock `mcppol.lock`, so nothing was reviewed
      help: run `mcppol lock` with your policies, and commit the lock
    ");
    assert_snapshot!(folder.run("lock p.mcp --check"), @"
    exit 1
    [stdout]
    `hub` is locked: 3 tools, 1 read, 1 write and 1 destructive
    [stderr]
    `mcppol.lock` does not exist: `mcppol lock p.mcp` writes it
    ");
    assert_snapshot!(folder.run("lock p.mcp"), @"
    exit 0
    [stdout]
    `hub` is locked: 3 tools, 1 read, 1 write and 1 destructive
    wrote `mcppol.lock`: 1 server, 3 tools
    ");
    assert_snapshot!(folder.read("mcppol.lock"), @r#"
    {
      "format": 1,
      "servers": [
        {
          "format": 1,
          "id": "hub",
          "name": "Hub",
          "version": "1.0.0",
          "source": "a test",
          "tools": [
            {"name": "drop_all", "category": "destructive", "risk": "critical", "signals": [], "why": "", "params": []},
            {"name": "get_file", "category": "read", "risk": "low", "signals": [], "why": "", "params": []},
            {"name": "put_file", "category": "write", "risk": "medium", "signals": [], "why": "", "params": [{"name": "path", "type": ["string"], "required": true}]}
          ]
        }
      ]
    }
    "#);
    assert_snapshot!(folder.run("lock p.mcp --check"), @"
    exit 0
    [stdout]
    `mcppol.lock` is up to date
    ");
    assert_snapshot!(folder.run("drift p.mcp"), @"
    exit 0
    [stdout]
    no changes in 1 server
    ");
    fs::write(folder.path("hub.json"), LATER).unwrap();
    assert_snapshot!(folder.run("drift p.mcp"), @r"
    exit 1
    [stdout]
    `hub`, the catalog
      error[tool-gone] `drop_all` is gone, and a restrictive statement names it
        help: look for its successor before you remove it from the policies
      error[schema-widened] the type of `args.path` of `put_file` went from string to string or array, and a condition reads it
        help: see that the conditions still hold what they should
      warning[new-tool] `get_all|\u{202e}<b>` is new: read, low risk, and the policies let it through
        help: `deny` or narrow it, or accept it with `mcppol lock`; if it is the live server that has it, pull its catalog first
      warning[argument-added] `args.mode` of `put_file` is new, and optional
        help: see whether a condition should read it
      info[version-changed] the version of `hub` went from `1.0.0` to `1.1.0`

    2 errors, 2 warnings and 1 info in 1 server
    ");
    assert_snapshot!(folder.run("drift"), @r"
    exit 1
    [stdout]
    `hub`, the catalog
      warning[new-tool] `get_all|\u{202e}<b>` is new: read, low risk
        help: `deny` or narrow it, or accept it with `mcppol lock`; if it is the live server that has it, pull its catalog first
      warning[tool-gone] `drop_all` is gone
        help: look for its successor before you remove it from the policies
      warning[schema-widened] the type of `args.path` of `put_file` went from string to string or array
        help: see that the conditions still hold what they should
      warning[argument-added] `args.mode` of `put_file` is new, and optional
        help: see whether a condition should read it
      info[version-changed] the version of `hub` went from `1.0.0` to `1.1.0`

    4 warnings and 1 info in 1 server
    ");
    assert_snapshot!(folder.run("drift p.mcp --format markdown --fail-on never"), @r"
    exit 0
    [stdout]
    ## Changes of MCP tools

    2 errors, 2 warnings and 1 info in 1 server.

    ### `hub`, `the catalog`

    2 errors, 2 warnings and 1 info.

    | level | change | what |
    |---|---|---|
    | error | `tool-gone` | `drop_all` is gone, and a restrictive statement names it |
    | error | `schema-widened` | the type of `args.path` of `put_file` went from string to string or array, and a condition reads it |
    | warning | `new-tool` | `get_all\|\u{202e}<b>` is new: read, low risk, and the policies let it through |
    | warning | `argument-added` | `args.mode` of `put_file` is new, and optional |
    | info | `version-changed` | the version of `hub` went from `1.0.0` to `1.1.0` |

    What to do:

    - `tool-gone`: look for its successor before you remove it from the policies
    - `schema-widened`: see that the conditions still hold what they should
    - `new-tool`: `deny` or narrow it, or accept it with `mcppol lock`; if it is the live server that has it, pull its catalog first
    - `argument-added`: see whether a condition should read it
    - `version-changed`: review the other changes, then run `mcppol lock`
    ");
    assert_snapshot!(folder.run("drift p.mcp --format json --fail-on error"), @r#"
    exit 1
    [stdout]
    {
      "servers": [
        {
          "server": "hub",
          "origin": "the catalog",
          "changes": [
            {
              "name": "tool-gone",
              "level": "error",
              "tool": "drop_all",
              "argument": null,
              "before": "destructive, critical risk",
              "after": null,
              "message": "`drop_all` is gone, and a restrictive statement names it",
              "help": "look for its successor before you remove it from the policies"
            },
            {
              "name": "schema-widened",
              "level": "error",
              "tool": "put_file",
              "argument": "args.path",
              "before": "string",
              "after": "string or array",
              "message": "the type of `args.path` of `put_file` went from string to string or array, and a condition reads it",
              "help": "see that the conditions still hold what they should"
            },
            {
              "name": "new-tool",
              "level": "warning",
              "tool": "get_all|\u202e<b>",
              "argument": null,
              "before": null,
              "after": "read, low risk",
              "message": "`get_all|\u202e<b>` is new: read, low risk, and the policies let it through",
              "help": "`deny` or narrow it, or accept it with `mcppol lock`; if it is the live server that has it, pull its catalog first"
            },
            {
              "name": "argument-added",
              "level": "warning",
              "tool": "put_file",
              "argument": "args.mode",
              "before": "none",
              "after": "optional",
              "message": "`args.mode` of `put_file` is new, and optional",
              "help": "see whether a condition should read it"
            },
            {
              "name": "version-changed",
              "level": "info",
              "tool": null,
              "argument": null,
              "before": "`1.0.0`",
              "after": "`1.1.0`",
              "message": "the version of `hub` went from `1.0.0` to `1.1.0`",
              "help": "review the other changes, then run `mcppol lock`"
            }
          ]
        }
      ],
      "summary": {
        "servers": 1,
        "errors": 2,
        "warnings": 2,
        "infos": 1
      }
    }
    "#);
    assert_snapshot!(folder.run("lock p.mcp"), @r"
    exit 0
    [stdout]
    `hub`
      error[tool-gone] `drop_all` is gone, and a restrictive statement names it
      error[schema-widened] the type of `args.path` of `put_file` went from string to string or array, and a condition reads it
      warning[new-tool] `get_all|\u{202e}<b>` is new: read, low risk, and the policies let it through
      warning[argument-added] `args.mode` of `put_file` is new, and optional
      info[version-changed] the version of `hub` went from `1.0.0` to `1.1.0`
    wrote `mcppol.lock`: 1 server, 3 tools
    ");
    assert_snapshot!(folder.run("drift p.mcp"), @"
    exit 0
    [stdout]
    no changes in 1 server
    ");
}

#[test]
fn what_is_locked() {
    let folder = project();
    assert_snapshot!(folder.run("lock"), @"
    exit 2
    [stderr]
    error: there is nothing to lock
      help: name your policies, `mcppol lock policy.mcp`, or a server, `mcppol lock --server trakt`
    ");
    assert_snapshot!(folder.run("lock --server box-server --server jar"), @"
    exit 0
    [stdout]
    `box` is locked: 1 tool, 1 execute
    `jar` is locked: 0 tools
    wrote `mcppol.lock`: 2 servers, 1 tool
    ");
    assert_snapshot!(folder.run("lock p.mcp --keep"), @"
    exit 0
    [stdout]
    `hub` is locked: 3 tools, 1 read, 1 write and 1 destructive
    wrote `mcppol.lock`: 3 servers, 4 tools
    ");
    assert_snapshot!(folder.run("lock"), @"
    exit 0
    [stdout]
    `mcppol.lock` is up to date
    ");
    assert_snapshot!(folder.run("lock p.mcp --server jar"), @"
    exit 0
    [stdout]
    `box` is not in use and no longer locked
    wrote `mcppol.lock`: 2 servers, 3 tools
    ");
    assert_snapshot!(folder.run("lock p.mcp --server jarr"), @"
    exit 2
    [stderr]
    error: no catalog knows the server `jarr`
      help: did you mean `jar`?
    ");
    fs::write(
        folder.path("q.mcp"),
        "policy q for box { default deny\n allow @read }\npolicy r for nowhere { default deny\n allow x }",
    )
    .unwrap();
    assert_snapshot!(folder.run("drift p.mcp q.mcp"), @"
    exit 1
    [stdout]
    `box`, the catalog
      warning[not-locked] `box` with 1 tool is not in the lock
        help: review its tools, then run `mcppol lock`

    `nowhere`
      warning[no-catalog] neither the lock nor a catalog knows `nowhere`
        help: add a catalog of it

    2 warnings in 3 servers
    ");
    assert_snapshot!(folder.run("lock q.mcp"), @"
    exit 0
    [stdout]
    `box` is locked: 1 tool, 1 execute
    `hub` is not in use and no longer locked
    `jar` is not in use and no longer locked
    wrote `mcppol.lock`: 1 server, 1 tool
    [stderr]
    note: no catalog knows `nowhere`, so it cannot be locked
    ");
    fs::write(folder.path("q.mcp"), "policy q for box { alow x }").unwrap();
    assert_eq!(folder.exit("drift q.mcp"), 2);
    fs::write(folder.path("mcppol.lock"), "{\n<<<<<<< HEAD\n").unwrap();
    assert_snapshot!(folder.run("drift p.mcp"), @"
    exit 2
    [stderr]
    error: `mcppol.lock`: not a lock: key must be a string at line 2 column 1
      help: restore it from version control, or delete it and run `mcppol lock` to review all tools anew
    ");
}

#[test]
fn catalogs_compared() {
    let folder = project();
    fs::write(folder.path("later.catalog"), LATER).unwrap();
    assert_snapshot!(folder.run("catalog diff hub.json later.catalog"), @r"
    exit 1
    [stdout]
    `hub`, later.catalog
      warning[new-tool] `get_all|\u{202e}<b>` is new: read, low risk
        help: `deny` or narrow it, or accept it with `mcppol lock`; if it is the live server that has it, pull its catalog first
      warning[tool-gone] `drop_all` is gone
        help: look for its successor before you remove it from the policies
      warning[schema-widened] the type of `args.path` of `put_file` went from string to string or array
        help: see that the conditions still hold what they should
      warning[argument-added] `args.mode` of `put_file` is new, and optional
        help: see whether a condition should read it
      info[version-changed] the version of `hub` went from `1.0.0` to `1.1.0`

    4 warnings and 1 info in 1 server
    ");
    assert_snapshot!(folder.run("catalog diff box box-server"), @"
    exit 0
    [stdout]
    no changes in 1 server
    ");
    assert_eq!(folder.exit("lock --server hub --lock a.lock"), 0);
    assert_snapshot!(folder.run("catalog diff a.lock hub"), @"
    exit 0
    [stdout]
    no changes in 1 server
    ");
    assert_snapshot!(folder.run("catalog diff a.lock box"), @"
    exit 2
    [stderr]
    error: the lock `a.lock` has no server `box`
      help: it has `hub`
    ");
    assert_eq!(folder.exit("lock --server hub --server jar --lock b.lock"), 0);
    assert_snapshot!(folder.run("catalog diff a.lock b.lock"), @"
    exit 1
    [stdout]
    `jar`, b.lock
      warning[not-locked] `jar` with 0 tools is not in the lock
        help: review its tools, then run `mcppol lock`

    1 warning in 2 servers
    ");
    assert_snapshot!(folder.run("catalog diff jarr p.mcp"), @"
    exit 2
    [stderr]
    error: `jarr` is neither a file nor a known server
      help: did you mean `jar`?
    ");
    assert_snapshot!(folder.run("catalog diff box p.mcp"), @"
    exit 2
    [stderr]
    error: `p.mcp`: not a catalog: expected value at line 1 column 1
      help: name a catalog, a lock, or a known server
    ");
}
