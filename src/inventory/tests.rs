//! Entries as people write them, and what each is taken for.

use super::{By, Form, Launch, Names, read};
use crate::catalog::Catalogs;

/// The servers of a configuration: how each is reached, and which server of the catalogs it is taken for.
fn said(form: Form, text: &str) -> Vec<String> {
    let catalogs = Catalogs::embedded();
    let names = Names::new(&catalogs);
    let servers = read(form, text, "/home/me/films").unwrap();
    servers
        .iter()
        .map(|server| {
            let launch = match &server.launch {
                Launch::Package { runner, name } => format!("{runner} {name}"),
                Launch::Repository(name) => format!("repository {name}"),
                Launch::Program(parts) => format!("program {}", parts.join(" < ")),
                Launch::Host(host) => format!("at {host}"),
                Launch::Unknown => "?".to_owned(),
            };
            let is = match names.recognise(server) {
                Some(found) => format!("{} by {:?}", found.server.id, found.by),
                None => "unknown".to_owned(),
            };
            let off = if server.disabled { ", off" } else { "" };
            let refused = if server.refused.is_empty() { String::new() } else { format!(", not {:?}", server.refused) };
            format!("{}: {launch}: {is}{off}{refused}", server.name)
        })
        .collect()
}

#[test]
fn packages_are_found_behind_whatever_runs_them() {
    let lines = [
        r#"["npx", "-y", "@modelcontextprotocol/server-filesystem@2026.1.1", "/srv"]"#,
        r#"["cmd", "/c", "npx", "-y", "firecrawl-mcp"]"#,
        r#"["npx", "--package=@playwright/mcp", "mcp-server"]"#,
        r#"["C:\\Program Files\\nodejs\\npx.cmd", "-y", "@notionhq/notion-mcp-server"]"#,
        r#"["npm", "exec", "-y", "tavily-mcp@latest"]"#,
        r#"["pnpm", "dlx", "exa-mcp-server"]"#,
        r#"["bun", "x", "@sentry/mcp-server"]"#,
        r#"["uvx", "mcp-server-git", "--repository", "/srv/repo"]"#,
        r#"["uvx", "--from", "mcp-server-fetch[all]==1.0", "fetch"]"#,
        r#"["uv", "tool", "run", "mcp-server-time"]"#,
        r#"["uv", "run", "mcp-server-sqlite", "--db-path", "x.db"]"#,
        r#"["pipx", "run", "blender-mcp"]"#,
        r#"["python", "-m", "mcp_server_git"]"#,
        r#"["env", "A=b", "npx", "-y", "tavily-mcp"]"#,
        r#"["bash", "-c", "exec npx -y tavily-mcp"]"#,
        r#"["node", "/opt/node_modules/@modelcontextprotocol/server-memory/dist/index.js"]"#,
        r#"["/usr/local/bin/mcp-server-git"]"#,
        r#"["npx", "-y", "mcp-remote", "https://mcp.sentry.dev/mcp", "--header", "Authorization: secret"]"#,
        r#"["npx", "-y", "someone-elses-github"]"#,
    ];
    let mut all = Vec::new();
    for line in lines {
        let words: Vec<String> = serde_json::from_str(line).unwrap();
        let (command, args) = words.split_first().unwrap();
        let entry = serde_json::json!({ "mcpServers": { "it": { "command": command, "args": args } } });
        all.extend(said(Form::McpServers, &entry.to_string()));
    }
    insta::assert_snapshot!(all.join("\n"), @r"
    it: npx @modelcontextprotocol/server-filesystem: filesystem by Package
    it: npx firecrawl-mcp: firecrawl by Package
    it: npx @playwright/mcp: playwright by Package
    it: npx @notionhq/notion-mcp-server: notion by Package
    it: npm tavily-mcp: tavily by Package
    it: pnpm exa-mcp-server: exa by Package
    it: bun @sentry/mcp-server: sentry by Package
    it: uvx mcp-server-git: git by Package
    it: uvx mcp-server-fetch: fetch by Package
    it: uv mcp-server-time: time by Package
    it: program run < mcp-server-sqlite < x.db: sqlite by Package
    it: pipx blender-mcp: blender by Package
    it: python mcp-server-git: git by Package
    it: npx tavily-mcp: tavily by Package
    it: npx tavily-mcp: tavily by Package
    it: program index < dist < @modelcontextprotocol/server-memory < node_modules < opt: memory by Package
    it: program mcp-server-git < bin < local < usr: git by Package
    it: at mcp.sentry.dev: sentry by Host
    it: npx someone-elses-github: unknown
    ");
}

#[test]
fn repositories_folders_and_names() {
    let text = r#"{ "mcpServers": {
        "one": { "command": "docker", "args": ["run", "-i", "--rm", "-e", "TOKEN", "-v", "/a:/b", "ghcr.io/getsentry/sentry-mcp:1.2"] },
        "github": { "command": "docker", "args": ["run", "-i", "ghcr.io/github/github-mcp-server"] },
        "films": { "command": "uv", "args": ["--directory", "/home/me/trakt_mcpserver", "run", "server.py"] },
        "plex": { "command": "node", "args": ["/opt/media/dist/index.js"] },
        "slack": { "command": "npx", "args": ["-y", "another-slack"] },
        "git": { "command": "uvx", "args": ["--from", "git+https://github.com/modelcontextprotocol/servers.git@main", "mcp-server-git"] },
        "whole": { "command": "npx -y tavily-mcp" },
        "nothing": {}
    } }"#;
    insta::assert_snapshot!(said(Form::McpServers, text).join("\n"), @r"
    one: repository getsentry/sentry-mcp: sentry by Repository
    github: repository github/github-mcp-server: unknown
    films: program trakt_mcpserver < me < home < run < server: trakt by Repository
    plex: program index < dist < media < opt: plex by Name
    slack: npx another-slack: unknown
    git: repository modelcontextprotocol/servers: unknown
    whole: npx tavily-mcp: tavily by Package
    nothing: ?: unknown
    ");
}

#[test]
fn every_form_is_read() {
    let forms = [
        (
            Form::VsCode,
            r#"{ // servers
            "inputs": [], "servers": { "docs": { "type": "http", "url": "https://mcp.context7.com/mcp" } } }"#,
        ),
        (
            Form::VsCodeSettings,
            r#"{ "editor.fontSize": 14, "mcp": { "servers": { "time": { "command": "uvx", "args": ["mcp-server-time"] } } } }"#,
        ),
        (
            Form::Codex,
            "[mcp_servers.git]\ncommand = \"uvx\"\nargs = [\"mcp-server-git\"]\nenabled = false\ndisabled_tools = [\"git_reset\"]\n",
        ),
        (
            Form::ClaudeCode,
            r#"{
            "projects": {
                "/home/me/films": { "mcpServers": { "time": { "command": "uvx", "args": ["mcp-server-time"] } } },
                "/home/me/other": { "mcpServers": { "fetch": { "command": "uvx", "args": ["mcp-server-fetch"] } } }
            },
            "mcpServers": { "time": { "command": "other" }, "memory": { "command": "npx", "args": ["@modelcontextprotocol/server-memory"] } }
        }"#,
        ),
        (
            Form::McpServers,
            r#"{ "mcpServers": { "w": { "serverUrl": "https://user:key@MCP.Stripe.com:443/x?key=1", "disabledTools": ["create_refund"], "disabled": true } } }"#,
        ),
        (Form::Lists, r#"{ "permissions": {} }"#),
    ];
    let all: Vec<String> = forms.iter().flat_map(|(form, text)| said(*form, text)).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    docs: at mcp.context7.com: context7 by Host
    time: uvx mcp-server-time: time by Package
    git: uvx mcp-server-git: git by Package, off, not ["git_reset"]
    time: uvx mcp-server-time: time by Package
    memory: npx @modelcontextprotocol/server-memory: memory by Package
    w: at mcp.stripe.com: stripe by Host, off, not ["create_refund"]
    "#);
    assert!(read(Form::McpServers, "{ \"mcpServers\": ", "/").is_err());
}

#[test]
fn a_file_anywhere_is_read_by_its_name() {
    for (path, form) in [
        ("copy/.vscode/mcp.json", Form::VsCode),
        ("x/.mcp.json", Form::McpServers),
        ("C:\\me\\.codex\\config.toml", Form::Codex),
        ("other.toml", Form::Codex),
        ("claude_desktop_config.json", Form::McpServers),
        ("/home/me/.claude.json", Form::ClaudeCode),
        ("/home/me/.claude/settings.json", Form::Lists),
    ] {
        assert_eq!(Form::of(path), form, "{path}");
    }
}

/// A known name does not make another package the known server.
#[test]
fn a_name_alone_counts_for_programs_only() {
    let text =
        r#"{ "mcpServers": { "github": { "command": "/opt/x" }, "gitlab": { "url": "https://gitlab.example/mcp" } } }"#;
    let catalogs = Catalogs::embedded();
    let names = Names::new(&catalogs);
    let found: Vec<Option<By>> = read(Form::McpServers, text, "/")
        .unwrap()
        .iter()
        .map(|server| names.recognise(server).map(|found| found.by))
        .collect();
    assert_eq!(found, [Some(By::Name), None]);
}
