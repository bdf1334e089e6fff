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
    assert_snapshot!(folder.run("check"), @"");
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
    assert_snapshot!(folder.run("check .claude/settings.json"), @"");
    assert_snapshot!(folder.run("check other.json"), @"");
    assert_snapshot!(folder.run("compile policy.json"), @"");
    fs::write(folder.path("policy.json"), b"{\"version\": \"1\", \"default\": \"\xff\"}").unwrap();
    assert_snapshot!(folder.run("check policy.json"), @"");
}

#[test]
fn the_server_of_a_document() {
    let text = r#"{"version": "1", "default": "deny", "tools": {"get_on_dek": {}}}"#;
    let folder = Folder::new(&[
        ("policies/plex.json", text),
        ("p.mcp", "policy p for plex { default deny allow get_on_deck }\n"),
    ]);
    assert_snapshot!(folder.run("check policies/plex.json"), @"");
    assert_snapshot!(folder.run("check policies/plex.json --server plex"), @"");
    assert_snapshot!(folder.run("check policies/plex.json --server pleks"), @"");
    fs::write(folder.path("mcppol.toml"), "[files]\n\"policies/*.json\" = \"plex\"\n").unwrap();
    assert_eq!(places(&folder, ""), ["policies/plex.json"]);
    let mut command = folder.command("check --format json plex.json");
    let output = command.current_dir(folder.path("policies")).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("unknown-tool"));
    // standard input is told by its look
    let output = folder.output("check --format json --server plex -", text.as_bytes());
    assert!(String::from_utf8(output.stdout).unwrap().contains("unknown-tool"));
}
