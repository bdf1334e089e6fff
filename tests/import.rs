//! Documents of others as text of the language: what is written, and what is said of it. That no decision becomes wider
//! is tried in `laws/import.rs`.
//!
//! This file is long because the documents and the texts that they become stand in it side by side, in full.

use insta::assert_snapshot;
use mcppol::{
    catalog::Catalogs,
    eval::{self, Evaluator},
    foreign,
    hir::{
        Environment, NoImports, Source, analyze,
        checked::Standing,
        origin::{Foreign, Origin, Unlisted},
    },
    import::{self, Options},
    syntax::literal::Date,
    text::Lines,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// The text, and the notes with the line of each; or what is wrong with the document.
fn imported(name: &str, text: &str, server: Option<&str>) -> String {
    let catalogs = Catalogs::embedded();
    let source = Source { name: name.to_owned(), text: text.to_owned() };
    let format = foreign::recognise(name, text).unwrap();
    let environment = Environment { catalogs: &catalogs, today: TODAY };
    let lines = Lines::new(text);
    let (mut out, notes) = match import::import(&source, format, Options { server, policy: None }, environment) {
        Ok(imported) => {
            let checked =
                analyze(Source { name: "p.mcp".to_owned(), text: imported.text.clone() }, &NoImports, environment);
            assert!(checked.checked().is_some(), "{}\n{:#?}", imported.text, checked.diagnostics);
            (format!("{}---- same document: {}\n", imported.text, imported.same_document), imported.notes)
        }
        Err(problems) => ("nothing\n".to_owned(), problems),
    };
    for note in notes {
        let line = lines.position(text, note.span.start).line;
        out.push_str(&format!("{line}: {}[{}] {}\n", note.level.name(), note.code.name, note.message));
    }
    out
}

#[test]
fn a_gateways_document() {
    let text = r#"{
  "version": "1",
  "default": "deny",
  "hide": ["delete_customer"],
  "all_tools": { "limits": [{ "counter": "calls", "window": "minute", "max": 60, "scope": "grant" }] },
  "tools": {
    "list_customers": {},
    "retrieve_balance": {},
    "create_payout": { "deny_if": [{ "conditions": [], "on_deny": "Requires human approval." }] },
    "cancel_subscription": { "deny_if": [{ "conditions": [], "on_deny": "people cancel" }] },
    "create_refund": {
      "require": [
        { "conditions": [
            { "path": "args.reason", "op": "exists", "value": true },
            { "path": "args.reason", "op": "neq", "value": "fraudulent" }
          ], "on_deny": "fraud is a matter for people" },
        { "conditions": [{ "path": "args.currency", "op": "in", "value": ["eur", "usd"] }] },
        { "conditions": [{ "path": "args.priority", "op": "eq", "value": 5 }] }
      ],
      "deny_if": [
        { "conditions": [{ "path": "args.amount", "op": "gt", "value": 10000 }], "on_deny": "at most 100 €" },
        { "conditions": [{ "path": "args.note", "op": "regex", "value": "(?i)urgent" }] }
      ],
      "limits": [{ "counter": "r", "window": "hour", "max": 10, "scope": "grant" }]
    },
    "search": { "require": [{ "conditions": [{ "path": "args.q", "op": "regex", "value": "^\\p{L}+$" }] }] },
    "fetch": { "require": [{ "conditions": [{ "path": "args.flag", "op": "eq", "value": null }] }] },
    "later": { "approvals": [] }
  }
}"#;
    assert_snapshot!(imported("pay.json", text, None), @r#"
    // Imported from `pay.json`, the gateway's policy JSON.
    // Stricter than the original in 4 places, each of which says so.
    policy pay for pay {
      default deny

      // allowed as they are
      allow list_customers, retrieve_balance

      // allowed within bounds
      // stricter than the original: a value of another type that prints like 5 in `args.priority` is
      //   refused now
      allow create_refund {
        require args.reason != "fraudulent" because "fraud is a matter for people"
        require args.currency in ["eur", "usd"]
        require args.priority == 5
        deny if args.amount > 10000 because "at most 100 €"
        deny if args.note matches r"[\x00-\x{10ffff}]*(?:(?i)urgent)[\x00-\x{10ffff}]*"
        limit to 10 per hour
      }

      // a person approves each call
      ask create_payout

      // refused
      deny cancel_subscription because "people cancel"
      // not carried over: the language does not compare with null, lists or objects (`args.flag`)
      deny fetch because "what the original asks of it could not be carried over"
      // not carried over: a tool's entry has no member `approvals`
      deny later because "what the original asks of it could not be carried over"
      // not carried over: invalid regex "^\\p{L}+$": invalid escape sequence: `\p`
      deny search because "what the original asks of it could not be carried over"

      // refused, and not shown to the agent
      hide delete_customer

      // the calls of all tools together
      limit all to 60 per minute
    }
    ---- same document: false
    1: info[assumed-server] which server this is for is not said, so the policy names it `pay`
    18: warning[lossy-lowering] `create_refund`: a value of another type that prints like 5 in `args.priority` is refused now
    26: warning[lossy-lowering] `search` is refused now: invalid regex "^\\p{L}+$": invalid escape sequence: `\p`
    27: warning[lossy-lowering] `fetch` is refused now: the language does not compare with null, lists or objects (`args.flag`)
    28: warning[lossy-lowering] `later` is refused now: a tool's entry has no member `approvals`
    "#);
}

#[test]
fn a_policy_of_the_proxy() {
    let text = r#"version: "1"
default: allow
hide: [drop_table]
tools:
  "*":
    rules:
      - { name: all, rate_limit: 60/minute }
  query:
    rules:
      - name: select only
        conditions:
          - { path: args.sql, op: regex, value: "^SELECT " }
        on_deny: reading only
      - name: per day
        conditions:
          - { path: state.query.daily, op: lt, value: 100 }
        state: { counter: daily, window: day }
        on_deny: enough for today
  force:
    rules:
      - name: no force
        conditions: [{ path: args.force, op: eq, value: false }]
  spend:
    rules:
      - name: budget
        conditions: [{ path: state.spend.sum, op: lte, value: 500 }]
        state: { counter: sum, window: hour, increment_from: args.amount }
  stop:
    rules:
      - { name: stop, action: deny, on_deny: "Requires human approval: it stops the machine" }
  later:
    rules:
      - { name: pay, action: require_approval }
"#;
    assert_snapshot!(imported("db.intercept.yaml", text, None), @r#"
    // Imported from `db.intercept.yaml`, a policy of the proxy Intercept.
    // Stricter than the original in 3 places, each of which says so.
    policy db for db {
      default allow

      // open like all the others, within bounds
      on query {
        require args.sql matches r"(?:SELECT )[\x00-\x{10ffff}]*" because "reading only"
        limit to 99 per day because "enough for today"
      }
      // stricter than the original: a call whose `args.amount` is no whole number from 0 to 500 is
      //   refused now
      on spend {
        limit total args.amount to 500 per hour
      }

      // a person approves each call
      ask stop because "it stops the machine"

      // refused
      // not carried over: `intercept` cannot express this: its rules say what is allowed, and this
      //   needs one that forbids
      deny force because "what the original asks of it could not be carried over"
      // not carried over: action must be "evaluate" or "deny", got "require_approval"
      deny later because "what the original asks of it could not be carried over"

      // refused, and not shown to the agent
      hide drop_table

      // the calls of all tools together
      limit all to 60 per minute
    }
    ---- same document: false
    1: info[assumed-server] which server this is for is not said, so the policy names it `db`
    19: warning[lossy-lowering] `force` is refused now: `intercept` cannot express this: its rules say what is allowed, and this needs one that forbids
    27: warning[lossy-lowering] `spend`: a call whose `args.amount` is no whole number from 0 to 500 is refused now
    31: warning[lossy-lowering] `later` is refused now: action must be "evaluate" or "deny", got "require_approval"
    "#);
    let every = "version: \"1\"\ndefault: allow\ntools:\n  '*':\n    rules:\n      - name: tenant\n        conditions: [{ path: args.tenant, op: eq, value: acme }]\n  a: { rules: [] }\n";
    assert_snapshot!(imported("all.intercept.yaml", every, None), @r#"
    // Imported from `all.intercept.yaml`, a policy of the proxy Intercept.
    // Stricter than the original in 1 place, which says so.
    policy all_policy for all_policy {
      default deny

      // allowed within bounds
      allow a {
        require args.tenant == "acme"
      }
    }
    ---- same document: false
    1: info[assumed-server] which server this is for is not said, so the policy names it `all_policy`
    4: warning[lossy-lowering] tools that no catalog knows and no entry names are refused now
    "#);
}

#[test]
fn the_older_rules() {
    let text = r#"{"version": "1", "default": "allow", "tools": {
  "a": {"rules": [{"action": "allow", "rate_limit": {"max": 10, "window": 90}}]},
  "b": {"rules": [{"action": "require_approval"}, {"action": "allow", "rate_limit": {"max": 3, "window": 60}}]},
  "c": {"rules": [{"action": "deny", "reason": "no"}]},
  "d": {"rules": [{"action": "allow", "rate_limit": {"max": 10, "window": 60}}, {"action": "allow", "rate_limit": {"max": 50, "window": 3600}}]},
  "e": {"rules": []}
}}"#;
    assert_snapshot!(imported("it.rules.json", text, Some("acme")), @r#"
    // Imported from `it.rules.json`, the older form with `action` and `rate_limit`.
    // Stricter than the original in 2 places, each of which says so.
    policy acme for acme {
      default allow

      // open like all the others, within bounds
      on a {
        limit to 10 per 90 seconds
      }

      // a person approves each call
      ask b {
        limit to 3 per minute
      }

      // refused
      deny c because "no"
      // not carried over: `rules` cannot express this: a tool has one limit there
      deny d because "what the original asks of it could not be carried over"
      // not carried over: what a tool without rules may do is not documented
      deny e because "what the original asks of it could not be carried over"
    }
    ---- same document: false
    5: warning[lossy-lowering] `d` is refused now: `rules` cannot express this: a tool has one limit there
    6: warning[lossy-lowering] `e` is refused now: what a tool without rules may do is not documented
    "#);
}

#[test]
fn lists_of_clients() {
    let text = r#"{
  "permissions": {
    "allow": ["Bash(npm run *)", "mcp__trakt__search_*", "mcp__trakt__fetch_history", "mcp__acme__do", "mcp__acme__get_*"],
    "ask": ["mcp__trakt__remove_from_history"],
    "deny": ["mcp__trakt__clear_auth", "mcp__*__remove_user_*"]
  }
}"#;
    assert_snapshot!(imported(".claude/settings.json", text, None), @r"
    // Imported from `settings.json`, the permissions of Claude Code.
    // Tools that `acme` gets later are refused here.
    // Stricter than the original in 2 places, each of which says so.
    policy acme for acme {
      default deny

      // allowed as they are
      allow do
    }

    policy trakt for trakt {
      default deny

      // allowed as they are
      allow fetch_history, search_movies, search_shows

      // a person approves each call
      ask * except clear_auth, fetch_history, remove_user_ratings, remove_user_watchlist, search_movies,
          search_shows

      // refused
      deny clear_auth, remove_user_ratings, remove_user_watchlist
    }
    ---- same document: false
    3: info[ignored-entry] 1 entry names no tool of a server, and is left out
    3: warning[lossy-lowering] the client asks before calls of tools that are not named; no catalog knows `acme`, so they are refused now
    3: warning[lossy-lowering] no catalog knows `acme`, so `get_*` is taken for the 0 tools that are named
    ");
    let codex = "[mcp_servers.trakt]\ncommand = \"trakt\"\nenabled_tools = [\"search_movies\", \"fetch_history\"]\ndisabled_tools = [\"fetch_history\"]\n";
    assert_snapshot!(imported(".codex/config.toml", codex, None), @r#"
    // Imported from `config.toml`, the MCP servers of Codex.
    // Tools that `trakt` gets later are refused here.
    policy trakt for trakt {
      default deny

      // a person approves each call
      ask search_movies

      // refused, and not shown to the agent
      hide fetch_history
    }
    ---- same document: false
    "#);
    assert_snapshot!(imported(".cursor/permissions.json", r#"{"mcpAllowlist": ["trakt:search_*", "*:*"]}"#, None), @r"
    // Imported from `permissions.json`, the permissions of Cursor.
    // Tools that `trakt` gets later are refused here.
    // Stricter than the original in 1 place, which says so.
    policy trakt for trakt {
      default deny

      // allowed as they are
      allow add_to_history, add_user_ratings, add_user_watchlist, check_auth_status, checkin_to_show,
          clear_auth, fetch_anticipated_movies, fetch_anticipated_shows, fetch_boxoffice_movies,
          fetch_comment, fetch_comment_replies, fetch_episode_comments, fetch_episode_lists,
          fetch_episode_people, fetch_episode_ratings, fetch_episode_stats, fetch_episode_summary,
          fetch_episode_translations, fetch_episode_videos, fetch_episode_watching,
          fetch_favorited_movies, fetch_favorited_shows, fetch_history, fetch_movie_comments,
          fetch_movie_people, fetch_movie_ratings, fetch_movie_recommendations, fetch_movie_summary,
          fetch_movie_videos, fetch_person_lists, fetch_person_movies, fetch_person_shows,
          fetch_person_summary, fetch_playback_progress, fetch_played_movies, fetch_played_shows,
          fetch_popular_movies, fetch_popular_shows, fetch_related_movies, fetch_related_shows,
          fetch_season_comments, fetch_season_episodes, fetch_season_info, fetch_season_lists,
          fetch_season_people, fetch_season_ratings, fetch_season_stats, fetch_season_translations,
          fetch_season_videos, fetch_season_watching, fetch_show_comments, fetch_show_people,
          fetch_show_progress, fetch_show_ratings, fetch_show_recommendations, fetch_show_seasons,
          fetch_show_summary, fetch_show_videos, fetch_trending_movies, fetch_trending_shows,
          fetch_user_ratings, fetch_user_watched_movies, fetch_user_watched_shows, fetch_user_watchlist,
          fetch_watched_movies, fetch_watched_shows, hide_movie_recommendation,
          hide_show_recommendation, remove_from_history, remove_playback_item, remove_user_ratings,
          remove_user_watchlist, search_movies, search_shows, start_device_auth,
          unhide_movie_recommendation, unhide_show_recommendation
    }
    ---- same document: false
    1: warning[lossy-lowering] servers that are not named have no policy now, so nothing is granted there
    ");
}

#[test]
fn what_cannot_be_imported() {
    for (name, text) in [
        ("a.policylayer.json", r#"{"version": "2", "default": "deny"}"#),
        ("b.policylayer.json", r#"{"version": "1", "default": "deny", "tols": {}}"#),
        ("c.policylayer.json", r#"{"version": "1", "default": "allow", "tools": {"*": {}}}"#),
        ("d.policylayer.json", r#"{"version": "1", "default": "deny", "#),
        ("e.intercept.json", r#"{"version": "1", "approvals": 1, "tools": {"a": {"rules": []}}}"#),
        (
            "f.policylayer.json",
            r#"{"version": "1", "default": "deny", "all_tools": {"limits": [{"counter": "c", "window": "week", "max": 1, "scope": "grant"}]}}"#,
        ),
    ] {
        let out = imported(name, text, None);
        assert!(out.starts_with("nothing\n"), "{name}: {out}");
        assert!(out.lines().count() > 1, "{name}");
    }
}

/// Every value of a document in turn is taken out, or made another: what is written still checks, or nothing is.
#[test]
fn mutated_documents_are_imported_or_refused() {
    let documents = [
        ("m.policylayer.json", include_str!("../examples/refunds/refunds.policylayer.json")),
        (
            "m.intercept.json",
            r#"{"version": "1", "default": "deny", "hide": ["x"], "tools": {"*": {"rules": [{"name": "l", "rate_limit": "5/hour"}]},
            "a": {"rules": [{"name": "r", "conditions": [{"path": "args.x", "op": "in", "value": ["a", 5]}, {"path": "state.a.c", "op": "lte", "value": 5}],
            "state": {"counter": "c", "window": "day", "increment": 2}, "on_deny": "no"}]}}}"#,
        ),
        (".claude/settings.json", r#"{"permissions": {"allow": ["mcp__trakt__search_*"], "defaultMode": "plan"}}"#),
    ];
    let mut written = 0;
    for (name, text) in documents {
        let document: Value = serde_json::from_str(text).unwrap();
        let mut pointers = vec![String::new()];
        let mut at = 0;
        while let Some(pointer) = pointers.get(at).cloned() {
            at += 1;
            match document.pointer(&pointer) {
                Some(Value::Array(items)) => pointers.extend((0..items.len()).map(|nth| format!("{pointer}/{nth}"))),
                Some(Value::Object(map)) => {
                    pointers.extend(
                        map.keys().map(|key| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))),
                    );
                }
                _ => {}
            }
        }
        for pointer in pointers {
            for other in [
                json!(null),
                json!(-1),
                json!(1.5),
                json!(""),
                json!("*"),
                json!([]),
                json!({}),
                json!([{}]),
                json!({"a": 1}),
            ] {
                let mut mutated = document.clone();
                *mutated.pointer_mut(&pointer).unwrap() = other;
                let text = mutated.to_string();
                if foreign::recognise(name, &text).is_some() {
                    written += usize::from(!imported(name, &text, None).starts_with("nothing"));
                }
            }
        }
    }
    assert!(written > 20, "{written}");
}

/// For every tool that is known or named, the policy decides as the list does.
#[test]
fn lists_mean_the_same_tool_by_tool() {
    let catalogs = Catalogs::embedded();
    let entries = [
        "mcp__trakt",
        "mcp__trakt__search_*",
        "mcp__trakt__fetch_history",
        "mcp__trakt__clear_auth",
        "mcp__trakt__*_auth",
        "mcp__trakt__later",
        "mcp__*__remove_*",
        "mcp__plex__get_on_deck",
        "mcp__plex__*",
    ];
    let list = || proptest::collection::vec(0..entries.len(), 0..4);
    let modes = ["default", "plan", "dontAsk", "bypassPermissions"];
    let strategy = (list(), list(), list(), 0..modes.len());
    let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
    let rng = proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &[3; 32]);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, rng);
    let compared = std::cell::Cell::new(0);
    let outcome = runner.run(&strategy, |(allow, ask, deny, mode)| {
        let names = |list: &[usize]| list.iter().map(|nth| entries[*nth]).collect::<Vec<_>>();
        let text = json!({"permissions": {"allow": names(&allow), "ask": names(&ask), "deny": names(&deny), "defaultMode": modes[mode]}}).to_string();
        let source = Source { name: ".claude/settings.json".to_owned(), text: text.clone() };
        let format = foreign::by_name(&source.name).unwrap();
        let environment = Environment { catalogs: &catalogs, today: TODAY };
        let theirs = foreign::analyze(source.clone(), format, None, environment);
        let imported = import::import(&source, format, Options::default(), environment);
        if theirs.policies().iter().all(|policy| policy.server_name().text.is_empty() && policy.rules().is_empty()) {
            prop_assert!(imported.is_err(), "{}", text);
            return Ok(());
        }
        let imported = imported.map_err(|problems| TestCaseError::fail(format!("{text}\n{problems:#?}")))?;
        let ours = analyze(Source { name: "p.mcp".to_owned(), text: imported.text.clone() }, &NoImports, environment);
        let checked = ours.checked().ok_or_else(|| TestCaseError::fail(imported.text.clone()))?;
        for policy in checked.policies() {
            let name = &policy.get().server_name().text;
            let original = theirs.policies().iter().find(|other| match name.strip_suffix("-of-this-client") {
                Some(alias) => other.alias().is_some_and(|other| &*other.text == alias),
                None => other.server_name().text == *name,
            });
            let original = original.unwrap_or_else(|| panic!("{name} {text} {:?}", theirs.diagnostics));
            let Origin::Foreign(Foreign { unlisted, .. }) = original.origin() else { panic!("of ours") };
            for id in original.tools() {
                let tool = original.tool_name(id);
                let was = match original.standing(id) {
                    Standing::Hidden => "hidden",
                    Standing::Denied => "deny",
                    Standing::Asks => "ask",
                    Standing::Callable if original.rules_of(id).next().is_some() => "allow",
                    Standing::NotGranted | Standing::Callable => match unlisted {
                        Unlisted::Refused => "deny",
                        Unlisted::Allowed => "allow",
                        Unlisted::Asked => "ask",
                    },
                };
                let call = eval::Call { tool, arguments: &json!({}) };
                let is = Evaluator::new(policy).decide(&call, &|_: &eval::Counter<'_>| Some(0)).unwrap();
                // a pattern also covers tools that are named and that no catalog knows; `check` looks at the known ones
                let weight = |decision| ["allow", "ask", "deny", "hidden"].iter().position(|one| *one == decision);
                if original.entry(id).is_none() {
                    prop_assert!(weight(is.decision.name()) >= weight(was), "{} {}\n{}", tool, text, imported.text);
                    continue;
                }
                prop_assert_eq!(was, is.decision.name(), "{} {}\n{}", tool, text, imported.text);
                compared.set(compared.get() + 1);
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(compared.get() > 2_000, "{}", compared.get());
}

#[cfg(feature = "cli")]
#[test]
fn the_command() {
    let document = r#"{"version": "1", "default": "deny", "tools": {"get_on_deck": {}, "later": {"x": 1}}}"#;
    let folder = super::cli::Folder::new(&[
        ("plex.policylayer.json", document),
        ("same.policylayer.json", r#"{"version": "1", "default": "deny", "tools": {"get_on_deck": {}}}"#),
        ("bad.policylayer.json", r#"{"version": "1"}"#),
        ("policy.mcp", "policy p for plex {\n  default deny\n}\n"),
    ]);
    assert_snapshot!(folder.run("import plex.policylayer.json --server plex --policy tv"), @r#"
    exit 0
    [stdout]
    // Imported from `plex.policylayer.json`, the gateway's policy JSON.
    // Stricter than the original in 1 place, which says so.
    policy tv for plex {
      default deny

      // allowed as they are
      allow get_on_deck

      // refused
      // not carried over: a tool's entry has no member `x`
      deny later because "what the original asks of it could not be carried over"
    }
    [stderr]
    warning[lossy-lowering]

      ⚠ `later` is refused now: a tool's entry has no member `x`
       ╭─[plex.policylayer.json:1:66]
     1 │ {"version": "1", "default": "deny", "tools": {"get_on_deck": {}, "later": {"x": 1}}}
       ·                                                                  ───────
       ╰────

    imported 2 tools for `plex`: stricter than `plex.policylayer.json` in 1 place
    "#);
    assert_snapshot!(folder.run("import same.policylayer.json --server plex -o out.mcp"), @r#"
    exit 0
    [stderr]
    imported 1 tool for `plex`: it compiles to the same document as `same.policylayer.json`
    "#);
    assert_snapshot!(folder.run("check out.mcp"), @r#"
    exit 0
    [stdout]
    no findings in 1 file
    "#);
    assert_snapshot!(folder.run("import plex.policylayer.json --server plex -o out.mcp"), @r#"
    exit 2
    [stderr]
    error: `out.mcp` exists, and is not what would be written
      help: name another file, or write over it with `--force`
    "#);
    assert_snapshot!(folder.run("import plex.policylayer.json --server plex --policy allow"), @r#"
    exit 2
    [stderr]
    error: `allow` cannot name a policy
      help: a name has letters, digits, `_`, `-` and `.`, and is no word of the language
    "#);
    assert_snapshot!(folder.run("import bad.policylayer.json"), @r#"
    exit 1
    [stderr]
    error[invalid-document]

      × `default` is missing
       ╭─[bad.policylayer.json:1:1]
     1 │ {"version": "1"}
       · ─
       ╰────
      help: write `"default": "deny"`, and grant what is needed

    nothing was written
    "#);
    assert_snapshot!(folder.run("import policy.mcp"), @r#"
    exit 2
    [stderr]
    error: `policy.mcp` is of no format that can be imported
      help: a `.mcp` file needs no import; `mcppol check` reads it
    "#);
}
