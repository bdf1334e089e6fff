//! The permission lists of MCP clients, with what is said of them.

use insta::assert_snapshot;

use super::found;

const CLAUDE: &str = ".claude/settings.json";

#[test]
fn claude_code_in_order() {
    let text = r#"{
  "model": "opus",
  "permissions": {
    "allow": ["Bash(npm run *)", "mcp__trakt__search_*", "mcp__trakt__fetch_history", "mcp__plex__get_on_deck"],
    "ask": ["mcp__trakt__remove_from_history"],
    "deny": ["Read(.env)", "mcp__trakt__clear_auth", "mcp__*__delete_*", "mcp__playwright"],
    "defaultMode": "acceptEdits"
  }
}"#;
    assert_snapshot!(found(CLAUDE, text), @"");
    assert_snapshot!(found("home/me/.claude/settings.local.json", r#"{"permissions": {"allow": []}}"#), @"");
    assert_snapshot!(found(CLAUDE, "{}"), @"");
}

#[test]
fn claude_code_with_mistakes() {
    let text = r#"{
  // comments and trailing commas are read
  "permissions": {
    "allow": [
      "mcp__trakt__fetch_histry",
      "mcp__trakt",
      "mcp__*",
      "mcp__acme__do",
      "mcp__pleks__get_on_deck",
      "mcp__trakt__search_movies(query:x)",
    ],
    "deny": [
      "mcp__trakt__delete_*",
      "mcp__trakt__Clear-Auth",
      "mcp__trakt__remove_from_histori",
      "mcp_trakt__clear_auth",
      "mcp__3f0a1b2c-4d5e-4f60-8123-456789abcdef__delete_issue",
    ],
  },
}"#;
    assert_snapshot!(found(CLAUDE, text), @r#"
    5:20 warning[unknown-tool] at fetch_histry
        `trakt` has no tool `fetch_histry`, so nothing known is covered by it
        help: did you mean `fetch_history`?
        fix: fetch_histry -> fetch_history
    6:8 error[wildcard-allow-covers-critical] at mcp__trakt
        this grants 5 critical tools, and nothing narrows them: `clear_auth`, `remove_from_history`, `remove_playback_item`, `remove_user_ratings` and `remove_user_watchlist`
        help: add `"mcp__trakt__clear_auth"`, `"mcp__trakt__remove_from_history"`, `"mcp__trakt__remove_playback_item"`, `"mcp__trakt__remove_user_ratings"` and `"mcp__trakt__remove_user_watchlist"` to `permissions.deny`; to have a person approve each call, add them to `permissions.ask`
    7:8 warning[ignored-entry] at mcp__*
        an `allow` with a `*` in place of the server is passed over by Claude Code, so it allows nothing
        help: name the server: `"mcp__SERVER__*"`
    8:13 info[unknown-server] at acme
        no catalog knows the server `acme`, so its tools are not checked
        help: make its catalog: `mcppol catalog pull acme -- COMMAND`
    9:13 info[unknown-server] at pleks
        no catalog knows the server `pleks`, so its tools are not checked
        help: make its catalog: `mcppol catalog pull pleks -- COMMAND`
    10:8 warning[ignored-entry] at mcp__trakt__search_movies(query:x)
        rules about MCP tools have no parentheses, so Claude Code passes this one over
        help: write `"mcp__trakt__search_movies"`: the rule then covers every call of the tool
    13:20 error[dead-pattern] at delete_*
        the pattern `delete_*` matches none of the 77 tools of `trakt`, so nothing is blocked or narrowed by it
        help: remove it, or name a tool that the server has
    14:20 error[inexact-name] at Clear-Auth
        the tool of `trakt` is `clear_auth`, letter by letter, not `Clear-Auth`, so this guards nothing
        help: write `clear_auth`
        fix: Clear-Auth -> clear_auth
    15:20 error[unknown-tool] at remove_from_histori
        `trakt` has no tool `remove_from_histori`, so this guards nothing that is known
        help: did you mean `remove_from_history`?
        fix: remove_from_histori -> remove_from_history
    16:8 error[ignored-entry] at mcp_trakt__clear_auth
        `mcp_trakt__clear_auth` names no MCP tool: their names begin with `mcp__`
        help: did you mean `mcp__trakt__clear_auth`?
        fix: mcp_trakt__clear_auth -> mcp__trakt__clear_auth
    17:13 warning[unstable-server-id] at 3f0a1b2c-4d5e-4f60-8123-456789abcdef
        `3f0a1b2c-4d5e-4f60-8123-456789abcdef` is an id that a program made up, and may be another one tomorrow
        help: add the server under a name of your own in the client's configuration, and use that name
    "#);
}

#[test]
fn claude_code_without_questions() {
    let text = r#"{"permissions": {"allow": ["mcp__plex__get_on_deck"], "defaultMode": "bypassPermissions"}}"#;
    assert_snapshot!(found(CLAUDE, text), @r#"
    1:70 error[critical-tool-not-blocked] at "bypassPermissions"
        2 critical tools are left callable: `clear_auth` and `delete_playlist`
        help: add `"mcp__plex__clear_auth"` and `"mcp__plex__delete_playlist"` to `permissions.deny`; to have a person approve each call, add them to `permissions.ask`
    1:70 warning[broad-glob] at "bypassPermissions"
        `bypassPermissions` lets every tool of every server pass that nothing else stops, and nobody is asked
        help: name the servers, and of each the tools that the agent needs; servers that are added later pass as well
    "#);
    assert_snapshot!(found(CLAUDE, r#"{"permissions": {"deny": ["mcp__plex__clear_auth"], "defaultMode": "dontAsk"}}"#), @"
    1:33 error[deny-everything-by-accident] at plex
        `plex` blocks all 22 tools of `plex`: nothing is granted
        help: add what the agent needs to `permissions.allow`
    ");
    assert_snapshot!(found(CLAUDE, r#"{"permissions": {"deny": "mcp__plex__clear_auth"}}"#), @r#"
    1:26 error[invalid-document] at "mcp__plex__clear_auth"
        `deny` is a text, not a list
        help: write `[ … ]`
    "#);
}

/// A server of the same name that has other tools is another server.
#[test]
fn another_server_of_the_same_name() {
    let text = r#"{"permissions": {"deny": ["mcp__trakt__transcribe", "mcp__trakt__diarize"]}}"#;
    assert_snapshot!(found(CLAUDE, text), @"
    1:33 info[unknown-server] at trakt
        the catalogs know another server `trakt`, without most of these tools, so they are not checked
        help: make its catalog: `mcppol catalog pull trakt -- COMMAND`
    ");
    // one tool that is like one of its own is enough to be taken for it
    let text = r#"{"permissions": {"deny": ["mcp__trakt__transcribe", "mcp__trakt__clear_autth"]}}"#;
    assert_snapshot!(found(CLAUDE, text), @"
    1:40 warning[unknown-tool] at transcribe
        `trakt` has no tool `transcribe`, so this guards nothing that is known
        help: names are compared exactly, letter case included; if the server is newer than its catalog, renew it: `mcppol catalog pull trakt -- COMMAND`
    1:66 error[unknown-tool] at clear_autth
        `trakt` has no tool `clear_autth`, so this guards nothing that is known
        help: did you mean `clear_auth`?
        fix: clear_autth -> clear_auth
    ");
    let text = "[mcp_servers.trakt]\ncommand = \"x\"\nenabled_tools = [\"transcribe\"]\n";
    assert_snapshot!(found(".codex/config.toml", text), @"
    1:14 info[unknown-server] at trakt
        the catalogs know another server `trakt`, without most of these tools, so they are not checked
        help: make its catalog: `mcppol catalog pull trakt -- COMMAND`
    ");
}

#[test]
fn codex() {
    let text = r#"model = "o"

[mcp_servers.trakt]
command = "npx"
args = ["-y", "trakt-mcp@latest"]
enabled_tools = ["fetch_history", "fetch_histry", "clear_auth"]
disabled_tools = ["remove_*", "Clear-Auth"]

[mcp_servers.trakt.tools.clear_auth]
approval_mode = "approve"

[mcp_servers.plex]
command = "plex"
default_tools_approval_mode = "approve"
disabled_tools = ["clear_auth"]

[mcp_servers.empty]
command = "x"
enabled_tools = []
allowed_tools = ["a"]

[mcp_servers.without]
url = "https://example.com/mcp"
"#;
    assert_snapshot!(found(".codex/config.toml", text), @r#"
    6:36 warning[unknown-tool] at fetch_histry
        `trakt` has no tool `fetch_histry`, so nothing known is covered by it
        help: did you mean `fetch_history`?
        fix: fetch_histry -> fetch_history
    7:20 error[glob-in-exact-target] at remove_*
        `disabled_tools` compares names letter by letter, and no tool is named `remove_*`, so it blocks nothing
        help: name each tool by itself: `remove_from_history`, `remove_playback_item`, `remove_user_ratings` and `remove_user_watchlist`
    7:32 error[inexact-name] at Clear-Auth
        the tool of `trakt` is `clear_auth`, letter by letter, not `Clear-Auth`, so this guards nothing
        help: write `clear_auth`
        fix: Clear-Auth -> clear_auth
    9:26 warning[critical-tool-not-blocked] at clear_auth
        1 critical tool is granted by name: `clear_auth`
        help: add `"clear_auth"` to `disabled_tools`; to have a person approve each call, set `approval_mode = "prompt"` for it
    14:1 error[critical-tool-not-blocked] at default_tools_approval_mode
        1 critical tool is left callable: `delete_playlist`
        help: add `"delete_playlist"` to `disabled_tools`; to have a person approve each call, set `approval_mode = "prompt"` for it
    17:14 info[unknown-server] at empty
        no catalog knows the server `empty`, so its tools are not checked
        help: make its catalog: `mcppol catalog pull empty -- COMMAND`
    19:1 warning[empty-allow-list] at enabled_tools = []
        `enabled_tools` is empty, so no tool of the server is offered
        help: name the tools, or take the list out to have all; a server that is not wanted says `enabled = false`
    20:1 error[obsolete-schema-field] at allowed_tools
        a server of Codex has no member `allowed_tools`
        help: did you mean `enabled_tools`?
        fix: allowed_tools -> enabled_tools
    "#);
}

/// What a tool's own table says is no contradiction to the list of what is offered.
#[test]
fn codex_asks_about_what_it_offers() {
    let text = "[mcp_servers.acme]\nenabled_tools = [\"look\", \"do\"]\n\n[mcp_servers.acme.tools.do]\napproval_mode = \"prompt\"\n";
    assert_snapshot!(found(".codex/config.toml", text), @"
    1:14 info[unknown-server] at acme
        no catalog knows the server `acme`, so its tools are not checked
        help: make its catalog: `mcppol catalog pull acme -- COMMAND`
    ");
}

#[test]
fn one_entry_for_every_server() {
    assert_snapshot!(found(".cursor/permissions.json", r#"{"mcpAllowlist": ["*:*", "*:get_*"]}"#), @"
    1:20 warning[broad-glob] at *:*
        `*:*` lets every tool of every server pass that nothing else stops, and nobody is asked
        help: name the servers, and of each the tools that the agent needs; servers that are added later pass as well
    ");
    assert_snapshot!(found(".cursor/cli.json", r#"{"permissions": {"allow": ["Mcp(*:*)"]}}"#), @"
    1:29 warning[broad-glob] at Mcp(*:*)
        `Mcp(*:*)` lets every tool of every server pass that nothing else stops, and nobody is asked
        help: name the servers, and of each the tools that the agent needs; servers that are added later pass as well
    ");
    assert_snapshot!(found(".cursor/cli.json", r#"{"permissions": {"deny": ["Mcp(*:*)"]}}"#), @"");
}

/// A document for another server than the one that was named is said to be so, once.
#[test]
fn a_document_for_another_server() {
    let text = r#"{"version": "1", "default": "deny", "tools": {"a_b": {}, "c_d": {}, "e_f": {}, "g_h": {}, "fetch_history": {}}}"#;
    assert_snapshot!(super::rendered(text, &super::findings("policy.json", text, Some("trakt"))), @"
    1:48 info[unknown-tool] at a_b
        `trakt` does not have most of the tools that are named here: `a_b`, `c_d`, `e_f` and 1 more
        help: another server goes by that name, or its catalog is of another version; renew it: `mcppol catalog pull trakt -- COMMAND`
    ");
    let text = r#"{"permissions": {"allow": ["mcp__trakt__a_b", "mcp__trakt__c_d", "mcp__trakt__fetch_history"]}}"#;
    assert_snapshot!(found(CLAUDE, text), @"
    1:34 info[unknown-server] at trakt
        the catalogs know another server `trakt`, without most of these tools, so they are not checked
        help: make its catalog: `mcppol catalog pull trakt -- COMMAND`
    ");
}

#[test]
fn a_grant_in_vain() {
    let text = r#"{"permissions": {"allow": ["mcp__trakt__fetch_history", "mcp__plex"], "ask": ["mcp__plex"], "deny": ["mcp__trakt"]}}"#;
    assert_snapshot!(found(CLAUDE, text), @"
    1:29 error[impossible-exception] at mcp__trakt__fetch_history
        this grants `fetch_history` in vain: the `deny` is stronger
        help: remove one of the two; where a pattern is to leave a tool out, name the others instead
    ");
}

#[test]
fn cursor() {
    let text = r#"{"mcpAllowlist": ["trakt:search_*", "plex:get_on_dek", "plex:*", "*:get_*", "mcp__plex__x", 5]}"#;
    assert_snapshot!(found(".cursor/permissions.json", text), @r#"
    1:43 warning[unknown-tool] at get_on_dek
        `plex` has no tool `get_on_dek`, so nothing known is covered by it
        help: did you mean `get_on_deck`?
        fix: get_on_dek -> get_on_deck
    1:57 error[wildcard-allow-covers-critical] at plex:*
        this grants 2 critical tools, and nothing narrows them: `clear_auth` and `delete_playlist`
        help: refuse `"plex:clear_auth"` and `"plex:delete_playlist"` in `permissions.deny` of `cli.json`
    1:78 warning[ignored-entry] at mcp__plex__x
        `mcp__plex__x` is not `SERVER:TOOL`, so it stands for no tool
        help: did you mean `plex:x`? that is how Cursor writes it
    "#);
    let text = r#"{"permissions": {"allow": ["Shell(ls)", "Mcp(trakt:fetch_history)"], "deny": ["Mcp(plex:delete_playlst)", "Mcp(plex)"]}}"#;
    assert_snapshot!(found(".cursor/cli.json", text), @"
    1:89 error[unknown-tool] at delete_playlst
        `plex` has no tool `delete_playlst`, so this guards nothing that is known
        help: did you mean `delete_playlist`?
        fix: delete_playlst -> delete_playlist
    ");
}
