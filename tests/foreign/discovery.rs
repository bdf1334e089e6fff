//! `mcppol check` without files: what it finds, in which order, what it leaves out, and what it says where there is
//! nothing; and documents of other formats through the binary.

use std::fs;

use insta::assert_snapshot;

use crate::cli::Folder;

const OURS: &str = "policy p for plex {\n  default deny\n  allow get_on_dek\n}\n";
const SETTINGS: &str = r#"{"permissions": {"deny": ["mcp__plex__clear-auth"]}}"#;
const GATEWAY: &str = r#"{"version": "1", "default": "deny", "hiden": ["x"], "tools": {"a": {}}}"#;
const PROXY: &str = "tools:\n  a:\n    rules:\n      - name: x\n";

/// The files with findings, in the order of the report.
fn places(folder: &Folder, line: &str) -> Vec<String> {
    let output = folder.output(&format!("check --format json {line}"), b"");
    let report: serde_json::Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let mut out: Vec<String> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["file"].as_str().unwrap().replace('\\', "/"))
        .collect();
    out.dedup();
    out
}

#[test]
fn everything_below_the_folder_is_found_in_order() {
    let folder = Folder::new(&[
        ("z.mcp", OURS),
        ("a/policy.mcp", OURS),
        ("a.mcp", OURS),
        ("a/gateway.json", GATEWAY),
        ("proxy/intercept.yml", PROXY),
        (".claude/settings.json", SETTINGS),
        ("sub/.claude/settings.local.json", SETTINGS),
        (".codex/config.toml", "[mcp_servers.plex]\nenabled_tools = []\n"),
        (".cursor/permissions.json", r#"{"mcpAllowlist": ["plex:*"]}"#),
        // none of these is one
        ("package.json", r#"{"name": "x", "version": "1", "tools": []}"#),
        ("compose.yaml", "version: \"1\"\nservices: {}\n"),
        ("config.toml", "enabled_tools = []\n"),
        ("note.txt", GATEWAY),
        (".hidden/policy.mcp", OURS),
        (".vscode/settings.json", "{\"chat.tools.autoApprove\": true}"),
    ]);
    let wanted = [
        ".claude/settings.json",
        ".codex/config.toml",
        ".cursor/permissions.json",
        "a/gateway.json",
        "a/policy.mcp",
        "a.mcp",
        "proxy/intercept.yml",
        "sub/.claude/settings.local.json",
        "z.mcp",
    ];
    assert_eq!(places(&folder, ""), wanted);
    assert_eq!(places(&folder, ""), wanted);
}

#[test]
fn what_is_ignored_is_left_out() {
    let folder = Folder::new(&[
        ("a.mcp", OURS),
        ("build/b.mcp", OURS),
        ("c.mcp", OURS),
        (".gitignore", "build/\n"),
        (".ignore", "c.mcp\n"),
    ]);
    assert_eq!(places(&folder, ""), ["a.mcp"]);
    // what is named is checked
    assert_eq!(places(&folder, "build/b.mcp c.mcp"), ["build/b.mcp", "c.mcp"]);
}

/// From within a repository, what the folders above leave out counts as well, and no further than the repository.
#[test]
fn what_the_repository_ignores_is_left_out_below() {
    let folder = Folder::new(&[
        (".gitignore", "*\n"),
        ("repository/.git/HEAD", "x"),
        ("repository/.gitignore", "/sub/a/generated\n*.yml\n"),
        ("repository/sub/.ignore", "!keep.yml\n"),
        ("repository/sub/a/generated/b.mcp", OURS),
        ("repository/sub/a/c.mcp", OURS),
        ("repository/sub/x.yml", PROXY),
        ("repository/sub/keep.yml", PROXY),
    ]);
    let mut command = folder.command("check --format json");
    let output = command.current_dir(folder.path("repository/sub")).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["diagnostics"][0]["file"].as_str().unwrap().replace('\\', "/"), "a/c.mcp");
    assert_eq!(report["diagnostics"].as_array().unwrap().last().unwrap()["file"], "keep.yml");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = Folder::new(&[("a.mcp", OURS), ("real/b.mcp", OURS)]);
    std::os::unix::fs::symlink(".", folder.path("loop")).unwrap();
    std::os::unix::fs::symlink("a.mcp", folder.path("link.mcp")).unwrap();
    assert_eq!(places(&folder, ""), ["a.mcp", "real/b.mcp"]);
}

#[test]
fn nothing_to_check() {
    let folder = Folder::new(&[("README.md", "x"), ("package.json", "{}")]);
    assert_snapshot!(folder.run("check"), @"
    exit 2
    [stderr]
    error: nothing to check: of 2 files below this folder none is a policy
      help: looked for `*.mcp`, `.claude/settings.json`, `.claude/settings.local.json`, `.codex/config.toml`, `.cursor/permissions.json`, `.cursor/cli.json` and `.cursor/cli-config.json`, and JSON and YAML files that have the shape of a gateway's policy; name a file to check just that
    ");
}

#[test]
fn large_files_are_not_looked_into() {
    let padded = format!("{GATEWAY}{}", " ".repeat(1 << 20));
    let folder = Folder::new(&[("large.json", &padded), ("a.mcp", OURS)]);
    assert_eq!(places(&folder, ""), ["a.mcp"]);
    assert_eq!(places(&folder, "large.json"), ["large.json"]);
}

#[test]
fn a_document_of_another_format() {
    let folder = Folder::new(&[("policy.json", GATEWAY), ("other.json", "{}"), (".claude/settings.json", SETTINGS)]);
    assert_snapshot!(folder.run("check .claude/settings.json"), @r#"
    exit 1
    [stdout]
    error[inexact-name]

      × the tool of `plex` is `clear_auth`, letter by letter, not `clear-auth`, so this guards nothing
       ╭─[.claude/settings.json:1:39]
     1 │ {"permissions": {"deny": ["mcp__plex__clear-auth"]}}
       ·                                       ──────────
       ╰────
      help: write `clear_auth`

    1 error in 1 file
    "#);
    assert_snapshot!(folder.run("check other.json"), @"
    exit 2
    [stderr]
    error: `other.json` is of no format that is read
      help: these are: `.mcp`, the permissions of Claude Code, the MCP servers of Codex, the permissions of Cursor, the older form with `action` and `rate_limit`, a policy of the proxy Intercept and the gateway's policy JSON
    ");
    assert_snapshot!(folder.run("compile policy.json"), @"
    exit 2
    [stderr]
    error: `policy.json` is the gateway's policy JSON, and no policy of the language
      help: `mcppol import policy.json` writes it as a `.mcp` file
    ");
    fs::write(folder.path("policy.json"), b"{\"version\": \"1\", \"default\": \"\xff\"}").unwrap();
    assert_snapshot!(folder.run("check policy.json"), @"
    exit 2
    [stderr]
    error: `policy.json` is not UTF-8 text: the byte at offset 29 belongs to no character
      help: save the file as UTF-8
    ");
}

#[test]
fn the_server_of_a_document() {
    let text = r#"{"version": "1", "default": "deny", "tools": {"get_on_dek": {}}}"#;
    let folder = Folder::new(&[
        ("policies/plex.json", text),
        ("p.mcp", "policy p for plex { default deny allow get_on_deck }\n"),
    ]);
    assert_snapshot!(folder.run("check policies/plex.json"), @"
    exit 0
    [stdout]
    no findings in 1 file
    ");
    assert_snapshot!(folder.run("check policies/plex.json --server plex"), @r#"
    exit 1
    [stdout]
    warning[unknown-tool]

      ⚠ `plex` has no tool `get_on_dek`, so nothing known is covered by it
       ╭─[policies/plex.json:1:48]
     1 │ {"version": "1", "default": "deny", "tools": {"get_on_dek": {}}}
       ·                                                ──────────
       ╰────
      help: did you mean `get_on_deck`?

    1 warning in 1 file
    "#);
    assert_snapshot!(folder.run("check policies/plex.json --server pleks"), @"
    exit 2
    [stderr]
    error: no catalog knows the server `pleks`
      help: known servers are `airtable`, `arxiv`, `atlassian`, `auth0`, `aws-documentation`, `azure` and 63 more
    ");
    fs::write(folder.path("mcppol.toml"), "[files]\n\"policies/*.json\" = \"plex\"\n").unwrap();
    assert_eq!(places(&folder, ""), ["policies/plex.json"]);
    let mut command = folder.command("check --format json plex.json");
    let output = command.current_dir(folder.path("policies")).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("unknown-tool"));
    // standard input is told by its look
    let output = folder.output("check --format json --server plex -", text.as_bytes());
    assert!(String::from_utf8(output.stdout).unwrap().contains("unknown-tool"));
}
