//! The shipped catalogs against the facts known of their servers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;

fn server(id: &str) -> Arc<Server> {
    Catalogs::embedded().find(id).unwrap()
}

fn all() -> [Arc<Server>; 3] {
    ["llm-cli-gateway", "plex", "trakt"].map(server)
}

fn counts(server: &Server) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for tool in &server.tools {
        *counts.entry(tool.category.name()).or_default() += 1;
    }
    counts
}

fn params(tool: &Tool) -> usize {
    tool.params.len()
}

fn names_of(server: &Server, set: &str) -> Vec<String> {
    let set = built_in_set(set).unwrap();
    let tools = server.tools.iter().filter(|tool| set.covers(tool));
    tools.map(|tool| tool.name.clone()).collect()
}

/// One argument: name, types, required.
type Shape<'a> = (&'a str, &'a str, bool);

fn shape(tool: &Tool) -> Vec<(&str, String, bool)> {
    let params = tool.params.iter();
    params.map(|it| (it.name.as_str(), it.types.to_string(), it.required)).collect()
}

fn assert_shape(tool: &Tool, expected: &[Shape<'_>]) {
    let expected: Vec<_> =
        expected.iter().map(|(name, types, required)| (*name, (*types).to_owned(), *required)).collect();
    assert_eq!(shape(tool), expected, "{}", tool.name);
}

/// The catalog as the servers answered: tools, arguments, required ones, those with an enum.
#[test]
fn totals() {
    let totals = |server: &Server| {
        let params = || server.tools.iter().flat_map(|tool| &tool.params);
        [
            server.tools.len(),
            params().count(),
            params().filter(|it| it.required).count(),
            params().filter(|it| it.values.is_some()).count(),
        ]
    };
    assert_eq!(totals(&server("llm-cli-gateway")), [46, 436, 30, 76]);
    assert_eq!(totals(&server("plex")), [22, 115, 15, 13]);
    assert_eq!(totals(&server("trakt")), [77, 200, 88, 29]);
}

#[test]
fn categories() {
    assert_eq!(
        counts(&server("llm-cli-gateway")),
        BTreeMap::from([("destructive", 3), ("execute", 18), ("read", 21), ("write", 4)])
    );
    assert_eq!(counts(&server("plex")), BTreeMap::from([("destructive", 2), ("read", 18), ("write", 2)]));
    assert_eq!(
        counts(&server("trakt")),
        BTreeMap::from([("destructive", 5), ("execute", 1), ("read", 63), ("write", 8)])
    );
}

#[test]
fn sorted_and_consistent() {
    for server in all() {
        assert!(server.tools.is_sorted_by(|a, b| a.name < b.name));
        for (index, tool) in server.tools.iter().enumerate() {
            assert_eq!(server.tool_index(&tool.name), Some(index));
            assert_eq!(tool.risk, tool.category.risk(), "{}", tool.name);
            assert!(!tool.why.is_empty() && tool.why.len() <= 80, "{}", tool.name);
            let many = tool.signals.contains(&Signal::ManyParameters);
            assert_eq!(many, params(tool) >= 10, "{}", tool.name);
            // A category milder than what the server itself says needs more than a verb.
            let reads = matches!(tool.category, Category::Read);
            let denied = reads && tool.hints.read_only == Some(false);
            assert_eq!(denied, tool.name == "red_team_review", "{}", tool.name);
        }
        assert_eq!(server.tool("no_such_tool"), None);
    }
}

#[test]
fn heads() {
    let [gateway, plex, trakt] = all();
    assert_eq!(gateway.name, "LLM CLI Gateway");
    assert_eq!(gateway.version.as_deref(), Some("2.10.0"));
    assert_eq!(gateway.repository.as_deref(), Some("verivus-oss/llm-cli-gateway"));
    assert_eq!(plex.name, "Plex MCP Server");
    assert_eq!(plex.version.as_deref(), Some("0.5.3"));
    assert_eq!(plex.repository.as_deref(), Some("vyb1ng/plex-mcp"));
    assert_eq!(trakt.name, "Trakt");
    assert_eq!(trakt.version, None);
    assert_eq!(trakt.repository.as_deref(), Some("wwiens/trakt_mcpserver"));
    assert!(all().iter().all(|it| it.package.is_none()));
}

#[test]
fn exact_tools_of_plex() {
    let plex = server("plex");
    assert_eq!(names_of(&plex, "destructive"), ["clear_auth", "delete_playlist"]);
    assert_eq!(names_of(&plex, "write"), ["add_to_playlist", "create_playlist"]);
    assert_shape(plex.tool("clear_auth").unwrap(), &[]);
    assert_shape(
        plex.tool("create_playlist").unwrap(),
        &[("title", "string", true), ("type", "string", true), ("item_key", "string", true)],
    );
    let add = plex.tool("add_to_playlist").unwrap();
    assert_shape(add, &[("playlist_id", "string", true), ("item_keys", "array", true)]);
    let items = add.param("item_keys").unwrap().items;
    assert_eq!(items, Types::of(&[JsonType::String]));
    assert_eq!(params(plex.tool("search_plex").unwrap()), 38);
    assert_eq!(names_of(&plex, "many-parameters"), ["browse_library", "search_plex"]);
}

#[test]
fn exact_tools_of_trakt() {
    let trakt = server("trakt");
    assert_eq!(
        names_of(&trakt, "critical"),
        ["clear_auth", "remove_from_history", "remove_playback_item", "remove_user_ratings", "remove_user_watchlist",]
    );
    assert_eq!(names_of(&trakt, "execute"), ["start_device_auth"]);
    assert_eq!(
        names_of(&trakt, "write"),
        [
            "add_to_history",
            "add_user_ratings",
            "add_user_watchlist",
            "checkin_to_show",
            "hide_movie_recommendation",
            "hide_show_recommendation",
            "unhide_movie_recommendation",
            "unhide_show_recommendation",
        ]
    );
    assert_shape(
        trakt.tool("checkin_to_show").unwrap(),
        &[
            ("season", "integer", true),
            ("episode", "integer", true),
            ("show_id", "string or null", false),
            ("show_title", "string or null", false),
            ("show_year", "integer or null", false),
            ("message", "string", false),
            ("share_twitter", "boolean", false),
            ("share_mastodon", "boolean", false),
            ("share_tumblr", "boolean", false),
        ],
    );
    let history = trakt.tool("fetch_history").unwrap();
    let kind = history.param("history_type").unwrap();
    assert_eq!(kind.types, Types::of(&[JsonType::String, JsonType::Null]));
    let values = ["movies", "shows", "seasons", "episodes"].map(Value::from);
    assert_eq!(kind.values.as_deref(), Some(&values[..]));
}

#[test]
fn exact_tools_of_the_gateway() {
    let gateway = server("llm-cli-gateway");
    assert_eq!(names_of(&gateway, "destructive"), ["llm_job_cancel", "session_clear_all", "session_delete"]);
    let clear = gateway.tool("session_clear_all").unwrap();
    assert_eq!(clear.signals, [Signal::Bulk]);
    assert_eq!(clear.category.recommended(), Recommendation::Hide);
    assert_shape(clear, &[("cli", "string", false)]);
    assert_eq!(
        clear.hints,
        Hints { read_only: Some(false), destructive: Some(true), idempotent: Some(true), open_world: Some(false) }
    );
    assert_shape(
        gateway.tool("session_set_active").unwrap(),
        &[("cli", "string", true), ("sessionId", "string or null", true)],
    );
    let grok = gateway.tool("grok_request").unwrap();
    assert_eq!(params(grok), 51);
    let json = grok.param("promptJson").unwrap();
    assert_eq!(json.types.to_string(), "string, array or object");
    assert_eq!(json.items, Types::ANY);
    assert_eq!(
        names_of(&gateway, "write"),
        ["session_create", "session_set_active", "workspace_create", "workspace_register_existing_repo",]
    );
    let conditional = gateway.tools.iter().filter(|tool| tool.conditional.is_some());
    let conditional: Vec<_> = conditional.map(|tool| tool.name.as_str()).collect();
    assert_eq!(conditional, ["grok_api_request"]);
}
