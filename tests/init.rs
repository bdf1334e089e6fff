//! `init` through the binary, in folders that look like people's: what is found, what is written, what is left alone.

#![cfg(feature = "cli")]

use std::{collections::BTreeSet, process::Command};

use insta::assert_snapshot;
use mcppol::{
    catalog::Catalogs,
    check::{Options, check},
    diagnostic::Level,
    hir::{Environment, NoImports, Source, analyze},
    lint::Settings,
    recommend::{Existing, Listed},
    start::{self, Start},
    target, trial,
};

use crate::{cli::Folder, examples::TODAY};

const PROJECT: &str = r#"{ "mcpServers": {
  "films": { "command": "uv", "args": ["--directory", "/home/me/trakt_mcpserver", "run", "server.py"], "env": { "ID": "s3cret" } },
  "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/srv/s3cret"] },
  "acme": { "command": "npx", "args": ["-y", "acme-mcp@1.2", "--key", "s3cret"] },
  "old": { "command": "npx", "args": ["-y", "tavily-mcp"], "disabled": true }
} }"#;
const LISTS: &str = r#"{ "permissions": {
  "allow": ["mcp__films__search_movies", "mcp__films__clear_auth"],
  "deny": ["mcp__files__edit_file"],
  "ask": ["mcp__films__fetch_history"]
} }"#;

/// A command whose user is a folder's: no configuration of the machine is read.
fn command(folder: &Folder, line: &str) -> Command {
    let mut command = folder.command(line);
    let home = folder.path("home");
    for (name, value) in [("HOME", home.clone()), ("USERPROFILE", home.clone()), ("APPDATA", home.join("AppData"))] {
        command.env(name, value);
    }
    for name in ["XDG_CONFIG_HOME", "CODEX_HOME", "CLAUDE_CONFIG_DIR"] {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Folder, line: &str) -> (i32, String, String) {
    let output = command(folder, line).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_project_begins() {
    let folder = Folder::new(&[(".mcp.json", PROJECT), (".claude/settings.json", LISTS)]);
    let (code, out, err) = run(&folder, "init --dry-run");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("would write policies/trakt.mcp\n") && !folder.path("policies").exists(), "{out}");
    let (code, out, err) = run(&folder, "init");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out, @r"
    3 servers in 1 configuration
      files  filesystem, 14 tools  .mcp.json
      films  trakt, 77 tools       .mcp.json
      acme   in no catalog         .mcp.json
      switched off, and left out: old

    wrote policies/filesystem.mcp
    wrote policies/trakt.mcp
    wrote mcppol.toml
    wrote policies/names.toml

    tools the agent sees  91 before, 85 now
    context saved         about 1,400 of 24,000 tokens
    critical tools        5 of 6 blocked, 1 need a person
    calls that ask        2 % of the tools that can be called

    acme is in no catalog: `mcppol catalog pull acme -- npx acme-mcp …`, then `mcppol init acme`

    next: mcppol check
    ");
    assert_snapshot!(folder.read("policies/filesystem.mcp"), @r#"
    // Recommended policy for Filesystem (@modelcontextprotocol/server-filesystem, version 2026.8.31):
    //   14 tools
    // Facts: tools/list of the server, protocol 2025-11-25
    // Classes: the catalog that ships with mcppol
    // Next: read the groups and change what your agent needs, then
    //   `mcppol check policies/filesystem.mcp`, then `mcppol compile policies/filesystem.mcp`
    policy filesystem for filesystem as "files" {
      default deny

      // 1 tool, refused in `.claude/settings.json`
      hide edit_file

      // read, low risk: 10 tools, allowed: reading changes nothing
      //   directory_tree, get_file_info, list_allowed_directories, list_directory,
      //   list_directory_with_sizes, read_file, read_media_file, read_multiple_files, read_text_file,
      //   search_files
      allow @read

      // write, medium risk: 2 tools, allowed slowly: can be undone, and the limit ends a loop early
      //   create_directory, move_file
      allow @write except edit_file {
        limit to 30 per minute
      }

      // destructive, critical risk: 1 tool, hidden: the effect is for good
      //   write_file
      // if the agent needs one: `except NAME` in this statement, and `ask NAME` below it
      hide @destructive
    }

    test "what filesystem starts with" for filesystem {
      call directory_tree -> allow
      call get_file_info -> allow
      call list_allowed_directories -> allow
      call list_directory -> allow
      call create_directory 30 times -> allow
      call create_directory 31 times -> limited
      call write_file -> hidden
      call edit_file -> hidden
      call "a tool that the server gains later" -> deny
    }
    "#);
    assert_snapshot!(folder.read("mcppol.toml"), @r#"
    # Settings for the policies of this project.

    # Catalogs of servers that are not built in; `mcppol catalog pull NAME -- COMMAND` makes one.
    catalogs = ["catalogs/*.json"]
    # Corrections of what catalogs say.
    overlays = ["policies/names.toml"]

    # How `mcppol lock --connect` and `mcppol drift --connect` reach the servers. What stands here is started, so
    # it is for you to complete and to uncomment; arguments and keys were not copied.
    # [servers.filesystem]
    # command = ["npx", "-y", "@modelcontextprotocol/server-filesystem"]
    # [servers.acme]
    # command = ["npx", "-y", "acme-mcp"]
    "#);
    assert_snapshot!(folder.read("policies/names.toml"), @r#"
    # What clients here call servers that the catalogs know by other names.

    [servers.filesystem]
    aliases = ["files"]

    [servers.trakt]
    aliases = ["films"]
    "#);
    // what may be secret stays where it was
    for file in ["policies/filesystem.mcp", "policies/trakt.mcp", "policies/names.toml", "mcppol.toml"] {
        assert!(!folder.read(file).contains("s3cret"), "{file}");
    }
    assert!(!out.contains("s3cret"), "{out}");
    // the policies are in order, and the lists are judged by the catalogs from now on
    let (code, out, _) = run(&folder, "check policies/filesystem.mcp policies/trakt.mcp");
    assert_eq!(code, 0, "{out}");
    let (_, out, _) = run(&folder, "check .claude/settings.json");
    assert!(out.contains("`clear_auth`"), "{out}");
    // a second time nothing changes
    let (_, out, _) = run(&folder, "init");
    assert!(!out.contains("wrote"), "{out}");
}

#[test]
fn what_is_there_stays() {
    let own = "policy mine for trakt {\n  default deny\n  allow search_movies\n}\n";
    let other = "policy p for filesystem {\n  default hide\n  allow read_file\n}\n";
    let settings = "[lint]\npersona = \"pedantic\"\n";
    let files =
        [(".mcp.json", PROJECT), ("policies/trakt.mcp", own), ("team/files.mcp", other), ("mcppol.toml", settings)];
    let folder = Folder::new(&files);
    let (code, out, _) = run(&folder, "init");
    assert_eq!(code, 0);
    assert_snapshot!(out, @r"
    3 servers in 1 configuration
      files  filesystem, 14 tools  .mcp.json
      films  trakt, 77 tools       .mcp.json
      acme   in no catalog         .mcp.json
      switched off, and left out: old

    kept policies/trakt.mcp, which is there already; `--force` replaces it
    left filesystem alone: its policy is in team/files.mcp

    tools the agent sees  91 before, 78 now
    context saved         about 2,700 of 24,000 tokens
    critical tools        6 of 6 blocked
    calls that ask        0 % of the tools that can be called

    acme is in no catalog: `mcppol catalog pull acme -- npx acme-mcp …`, then `mcppol init acme`

    next: mcppol check
    ");
    assert_eq!((folder.read("policies/trakt.mcp").as_str(), folder.read("mcppol.toml").as_str()), (own, settings));
    let (_, out, _) = run(&folder, "init --force films");
    assert!(out.contains("replaced policies/trakt.mcp\n"), "{out}");
    assert_ne!(folder.read("policies/trakt.mcp"), own);
}

const OLD: &str = "\
version: \"1\"
default: deny
hide: [cancel_subscription]
tools:
  create_refund:
    rules:
      - name: cap
        conditions:
          - { path: args.amount, op: lte, value: 10000 }
        on_deny: too much
      - name: slow
        rate_limit: 10/hour
  list_disputes:
    rules: []
";

/// From a configuration and an old policy to a policy that is checked, in the style, tested, compiled and asked.
#[test]
fn the_daily_loop() {
    let config = r#"{ "mcpServers": { "pay": { "command": "npx", "args": ["-y", "@stripe/mcp"] } } }"#;
    let folder = Folder::new(&[(".mcp.json", config), ("gateway/policy.yaml", OLD)]);
    let done = |line: &str| {
        let (code, out, err) = run(&folder, line);
        assert_eq!(code, 0, "{line}: {out}{err}");
        out + &err
    };
    let out = done("init");
    assert!(out.contains("wrote policies/stripe.mcp, which decides as gateway/policy.yaml does\n"), "{out}");
    assert_snapshot!(folder.read("policies/stripe.mcp"), @r#"
    // Imported from `policy.yaml`, a policy of the proxy Intercept.
    policy stripe for stripe {
      default deny

      // allowed as they are
      allow list_disputes

      // allowed within bounds
      allow create_refund {
        require args.amount <= 10000 because "too much"
        limit to 10 per hour
      }

      // refused, and not shown to the agent
      hide cancel_subscription
    }

    test "what stripe starts with" for stripe {
      call list_disputes -> allow
      call cancel_subscription -> hidden
      call "a tool that the server gains later" -> deny
    }
    "#);
    assert_snapshot!(done("check"), @r"
    info[assumed-server] gateway/policy.yaml:1:1: this is taken to be for `stripe`, the only server that is known to have all 3 tools that are named
    1 info in 2 files
    ");
    assert_snapshot!(done("fmt --check"), @"1 file unchanged");
    assert_snapshot!(done("test"), @"1 test, 3 calls: all passed");
    done("compile policies/stripe.mcp -o stripe.json");
    done("compile --check policies/stripe.mcp -o stripe.json");
    let call = "--tool create_refund --args '{\"amount\": 20000, \"payment_intent\": \"pi_1\"}'";
    assert_snapshot!(done(&format!("eval policies/stripe.mcp {call}")), @r#"
    deny: too much
      by `require args.amount <= 10000 because "too much"` at policies/stripe.mcp:10:5
      because `args.amount` is 20000, not `<= 10000`
      3:3 `default deny`: passed, `create_refund` is granted
      11:5 `limit to 10 per hour`: passed, 0 of 10 used
      9:3 `allow create_refund`: grants
    "#);
    assert_snapshot!(done(&format!("eval stripe.json {call}")), @r"
    deny: too much
      by `/tools/create_refund/require/args.amount-lte`
      note: how the hosted gateway decides is not public: docs/engines.md
    ");
    assert_snapshot!(done(&format!("eval gateway/policy.yaml {call}")), @r"
    deny: too much
      by `cap`
    ");
}

/// Every client's own place is looked into, of the project and of the user.
#[test]
#[cfg(target_os = "linux")]
fn every_client_is_found() {
    let server = |key: &str, name: &str, package: &str| {
        format!(r#"{{ "{key}": {{ "{name}": {{ "command": "npx", "args": ["-y", "{package}"] }} }} }}"#)
    };
    let with = |name: &str, package: &str| server("mcpServers", name, package);
    let code = format!(
        r#"{{ "mcpServers": {{}}, "projects": {{ "/elsewhere": {} }} }}"#,
        with("not-here", "@upstash/context7-mcp")
    );
    let files = [
        (".mcp.json", with("a", "tavily-mcp")),
        (".cursor/mcp.json", with("b", "firecrawl-mcp")),
        (".vscode/mcp.json", server("servers", "c", "@playwright/mcp")),
        (".codex/config.toml", "[mcp_servers.d]\ncommand = \"uvx\"\nargs = [\"mcp-server-git\"]\n".to_owned()),
        ("home/.claude.json", code),
        ("home/.config/Claude/claude_desktop_config.json", with("e", "@notionhq/notion-mcp-server")),
        ("home/.cursor/mcp.json", with("a", "tavily-mcp")),
        ("home/.config/Code/User/mcp.json", server("servers", "f", "exa-mcp-server")),
        ("home/.config/Code/User/settings.json", format!("{{ \"mcp\": {} }}", server("servers", "g", "n8n-mcp"))),
        ("home/.codex/config.toml", "[mcp_servers.h]\nurl = \"https://mcp.sentry.dev/mcp\"\n".to_owned()),
        ("home/.codeium/windsurf/mcp_config.json", with("i", "mongodb-mcp-server")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = Folder::new(&files);
    let (_, out, err) = run(&folder, "init --dry-run");
    assert_eq!(err, "");
    let found = out.split("\n\n").next().unwrap();
    assert_snapshot!(found, @r"
    9 servers in 10 configurations
      f  exa, 12 tools         ~/.config/Code/User/mcp.json
      b  firecrawl, 26 tools   .cursor/mcp.json
      d  git, 12 tools         .codex/config.toml
      i  mongodb, 49 tools     ~/.codeium/windsurf/mcp_config.json
      g  n8n, 28 tools         ~/.config/Code/User/settings.json
      e  notion, 24 tools      ~/.config/Claude/claude_desktop_config.json
      c  playwright, 72 tools  .vscode/mcp.json
      h  sentry, 25 tools      ~/.codex/config.toml
      a  tavily, 5 tools       .mcp.json, ~/.cursor/mcp.json
    ");
    let (_, out, _) = run(&folder, "init --dry-run --local");
    assert!(out.starts_with("4 servers in 4 configurations\n"), "{out}");
    let (_, out, _) = run(&folder, "init --dry-run --from home/.codex/config.toml");
    assert!(out.starts_with("1 server in 1 configuration\n"), "{out}");
}

#[test]
fn an_allow_list_of_a_client_stays_one() {
    let config = "[mcp_servers.trakt]\ncommand = \"trakt\"\nenabled_tools = [\"search_movies\", \"add_to_history\"]\n\
                  disabled_tools = [\"search_shows\"]\n";
    let folder = Folder::new(&[(".codex/config.toml", config)]);
    let (code, out, err) = run(&folder, "init");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let policy = folder.read("policies/trakt.mcp");
    assert_snapshot!(policy, @r#"
    // Recommended policy for Trakt (wwiens/trakt_mcpserver, commit 3be3eae): 2 of 77 tools; the others
    //   are left to the default
    // Facts: tools/list of the server at the commit, run offline; the project declares no version
    // Classes: the catalog that ships with mcppol
    // Next: read the groups and change what your agent needs, then `mcppol check policies/trakt.mcp`,
    //   then `mcppol compile policies/trakt.mcp`
    policy trakt for trakt {
      default deny

      // 2 tools, asked about in `.codex/config.toml`
      ask add_to_history, search_movies
    }

    test "what trakt starts with" for trakt {
      call add_to_history -> ask
      call search_movies -> ask
      call "a tool that the server gains later" -> deny
    }
    "#);
}

#[test]
fn failures_say_what_to_do() {
    let folder = Folder::new(&[("bad.json", "{ \"mcpServers\": "), ("empty.json", "{}")]);
    let failure = |line: &str| {
        let (code, out, err) = run(&folder, line);
        assert_eq!((code, out.as_str()), (2, ""), "{line}");
        err
    };
    assert_snapshot!(failure("init"), @r"
    error: no MCP server is set up here
      help: looked at the configurations of Claude Code, Claude Desktop, Codex, Cursor, VS Code, VS Code Insiders and Windsurf; name one with `--from FILE`, or a server: `mcppol init github`
    ");
    assert_snapshot!(failure("init --from empty.json"), @r"
    error: no MCP server is set up here
      help: name a server instead: `mcppol init github`
    ");
    assert_snapshot!(failure("init --from bad.json"), @"error: `bad.json` cannot be read: the file ends within an object");
    assert_snapshot!(failure("init traktt"), @r"
    error: no catalog knows the server `traktt`
      help: did you mean `trakt`?
    ");
    assert_snapshot!(failure("init --from none.json"), @"error: `none.json` cannot be read: there is no such file");
}

/// For every embedded catalog, whatever lists said before: what is written is in order, keeps every refusal, lets no
/// critical tool through without a person, and its test holds.
#[test]
fn every_start_is_sound() {
    let catalogs = Catalogs::embedded();
    let mut tests = 0;
    for (turn, id) in catalogs.ids().enumerate() {
        let server = catalogs.find(&id).unwrap();
        let decisions = [Listed::Allowed, Listed::Asked, Listed::Refused];
        let all = server.tools.iter().enumerate();
        let existing: Vec<Existing> = all
            .filter(|(nth, _)| (nth + turn) % 4 == 0)
            .map(|(nth, tool)| Existing {
                tool: tool.name.clone(),
                decision: decisions[(nth / 4 + turn) % 3],
                from: ".claude/settings.json".to_owned(),
            })
            .collect();
        for (existing, hide_rest) in [(&[][..], false), (&existing[..], false), (&existing[..], true)] {
            let start = Start { server: &server, alias: Some("mine"), tools: &[], existing, hide_rest, file: "p.mcp" };
            let text = start::policy(&start);
            let judge = |text: &str| {
                let source = Source { name: "p.mcp".to_owned(), text: text.to_owned() };
                analyze(source, &NoImports, Environment { catalogs: &catalogs, today: TODAY })
            };
            let first = judge(&text);
            let policy = first.checked().unwrap_or_else(|| panic!("{:#?}\n{text}", first.diagnostics));
            let text = format!("{text}\n{}", start::test(policy.policies().next().unwrap()));
            let analysis = judge(&text);
            let found = check(&analysis, &Options::new(target::ALL[0], &Settings::default())).findings;
            let heavy: BTreeSet<&str> =
                found.iter().filter(|it| it.level > Level::Info).map(|it| it.code.name).collect();
            assert!(heavy.is_empty(), "{id}: {heavy:?}\n{text}");
            let policy = analysis.checked().unwrap().policies().next().unwrap();
            for said in existing.iter().filter(|said| said.decision == Listed::Refused) {
                let id = policy.tool(&said.tool).unwrap();
                assert!(!format!("{:?}", policy.standing(id)).contains("Callable"), "{}\n{text}", said.tool);
            }
            for tool in policy.tools().filter(|id| policy.entry(*id).unwrap().risk.name() == "critical") {
                assert!(!format!("{:?}", policy.standing(tool)).contains("Callable"), "{text}");
            }
            let checked = analysis.checked().unwrap();
            let tried = trial::run(checked, &analysis.sources, &|_| true);
            assert!(tried.iter().all(trial::Tried::passed), "{tried:#?}\n{text}");
            tests += tried.len();
        }
    }
    assert!(tests > 200, "{tests}");
}
