//! A text for each kind of diagnostic.

/// A text for each kind, and the target where it shows if not on the first.
pub(super) const EACH: &[(&str, &str)] = &[
    (
        "always-true-condition",
        "policy p for trakt { default deny\n allow search_movies { deny if args.limit missing or args.limit < 9 or args.limit > 5 } }",
    ),
    ("amount-uncapped", "policy p for stripe { default deny\n allow create_refund { limit to 5 per day } }"),
    ("annotation-only-trust", "policy p for azure-devops { default deny\n allow @read }"),
    ("approval-on-read-only", "policy p for trakt { default deny\n ask fetch_history }"),
    ("argument-type-mismatch", "policy p for trakt { default deny\n allow search_movies { require args.query < 5 } }"),
    ("ask-overload", "policy p for trakt { default deny\n ask @read, @write }"),
    ("broad-glob", "policy p for trakt { default deny\n allow * except @critical }"),
    ("built-in-name", "set read = clear_auth"),
    ("bulk-operation-unscoped", "policy p for llm-cli-gateway { default deny\n allow session_clear_all }"),
    (
        "capability-bypass",
        "policy p for supabase { default deny\n deny execute_sql\n allow apply_migration { limit to 5 per day } }",
    ),
    ("class-contradicts-annotation", "policy p for circleci { default deny\n allow find_flaky_tests }"),
    ("code-exec-tool-allowed", "policy p for supabase { default deny\n allow execute_sql }"),
    ("conflicting-decisions", "policy p for trakt { default deny\n allow clear_auth\n deny clear_auth }"),
    (
        "conflicting-grant",
        "policy p for trakt { default deny\n allow @read }\npolicy q for trakt { default deny\n allow @read }\ngrant \"g\" uses p, q",
    ),
    ("confusable-name", "policy p for trakt { default deny\n allow \"cleаr_auth\" }"),
    (
        "contradictory-condition",
        "policy p for trakt { default deny\n allow search_movies { require args.query missing } }",
    ),
    ("credential-tool-allowed", "policy p for azure { default deny\n allow keyvault_secret_get }"),
    ("critical-tool-not-blocked", "policy p for trakt { default allow }"),
    (
        "cross-server-name-clash",
        "policy p for filesystem { default allow }\npolicy q for desktop-commander { default allow }\ngrant \"g\" uses p, q",
    ),
    ("cycle", "set a = @b\nset b = @a"),
    ("dead-pattern", "policy p for trakt { default deny\n deny delete_* }"),
    ("default-allow", "policy p for trakt { default allow\n hide @critical }"),
    ("deny-everything-by-accident", "policy p for trakt { default deny }"),
    (
        "deny-visible-not-hidden",
        "policy p for trakt { default allow\n hide @critical except clear_auth\n deny clear_auth }",
    ),
    (
        "deny-without-reason",
        "policy p for trakt { default deny\n allow search_movies { deny if args.query == \"x\" } }",
    ),
    ("duplicate-name", "set a = x\nset a = y"),
    ("duplicate-part", "policy p for trakt { default deny\n default allow }"),
    ("duplicate-statement", "policy p for trakt { default deny\n hide clear_auth\n hide clear_auth }"),
    ("exception-without-expiry", "policy p for trakt { default deny\n allow clear_auth }"),
    ("expired-statement", "policy p for trakt { default deny\n allow @read until 2026-11-19 }"),
    ("expires-soon", "policy p for trakt { default deny\n allow @read until 2026-11-30 }"),
    ("foreign-syntax", "policy p for trakt { default deny; allow @read }"),
    ("generic-dispatcher-allowed", "policy p for sentry { default deny\n allow execute_tool }"),
    (
        "guard-outside-require",
        "policy p for trakt { default deny\n allow search_movies { deny if args.query under \"/x\" } }",
    ),
    ("import-failed", "import \"x.mcp\""),
    ("impossible-exception", "policy p for trakt { default deny\n allow @read\n allow clear_auth\n hide @critical }"),
    ("invalid-limit", "policy p for trakt { default deny\n limit all to 0 per day }"),
    ("invalid-literal", "policy p for trakt { default deny\n allow @read until 2026-02-30 }"),
    (
        "invalid-pattern",
        "policy p for trakt { default deny\n allow search_movies { require args.query matches r\"(?=a)\" } }",
    ),
    ("invalid-suppression", "// mcppol: ignore[unknown-tool]\n"),
    ("invisible-characters", "// a\u{200b}b\npolicy p for trakt { default deny\n allow @read }"),
    ("leading-dash-argument", "policy p for git { default deny\n allow git_checkout }"),
    (
        "lethal-trifecta",
        "policy p for filesystem { default deny\n allow read_file }\npolicy q for fetch { default deny\n allow fetch }",
    ),
    (
        "limit-never-binds",
        "policy p for trakt { default deny\n allow @read { limit to 5 per minute\n limit to 9 per minute } }",
    ),
    ("list-test", "policy p for trakt { default deny\n allow add_to_history { require count args.items < 5 } }"),
    ("lossy-lowering", "policy p for trakt { default deny\n ask clear_auth }"),
    ("lost-reason", "policy p for trakt { default deny\n hide clear_auth because \"no\" }"),
    ("low-confidence-classification", "policy p for google-maps { default deny\n allow @read }"),
    ("misplaced-part", "policy p for trakt { default deny\n deny clear_auth until 2030-01-01 }"),
    ("misplaced-statement", "policy p for trakt { default deny\n require args.x == 1 }"),
    (
        "missing-argument-fallthrough",
        "policy p for trakt { default deny\n allow search_movies { deny if args.limit > 5 } }",
    ),
    ("missing-default", "policy p for trakt { allow @read }"),
    (
        "mixed-and-or",
        "policy p for trakt { default deny\n allow search_movies { require args.page == 1 and args.page == 2 or args.page == 3 } }",
    ),
    ("name-collision-after-mangling", "policy p for nowhere { default deny\n allow a.b, a_b }"),
    ("needless-requirement", "policy p for trakt { default deny\n allow search_movies { require args.query exists } }"),
    ("no-catalog", "policy p for nowhere { default deny\n allow @read }"),
    ("path-argument-unrestricted", "policy p for filesystem { default deny\n allow edit_file }"),
    (
        "placeholder-value",
        "policy p for trakt { default deny\n allow search_movies { require args.query == \"changeme\" } }",
    ),
    (
        "policy-file-writable-by-agent",
        "policy p for filesystem { default deny\n allow edit_file { require args.path under \"/home/me\" } }",
    ),
    (
        "policy-not-granted",
        "policy p for trakt { default deny\n allow @read }\npolicy q for trakt { default deny\n allow @read }\ngrant \"g\" uses p",
    ),
    ("prefer-exact-name", "policy p for trakt { default deny\n allow search_mov* }"),
    (
        "private-read-with-public-write",
        "policy p for github { default deny\n allow get_file_contents\n allow create_issue { limit to 5 per day } }",
    ),
    (
        "prod-and-nonprod-together",
        "policy a-prod for supabase { default deny\n allow execute_sql }\npolicy b-dev for neon { default deny\n allow @read }",
    ),
    ("qualified-tool-name", "policy p for trakt { default deny\n allow mcp__trakt__clear_auth }"),
    ("recipient-unrestricted", "policy p for slack { default deny\n allow slack_post_message }"),
    (
        "redundant-condition",
        "policy p for trakt { default deny\n allow search_movies { require args.limit < 5\n require args.limit < 9 } }",
    ),
    ("redundant-default", "policy p for trakt { default deny\n allow search_movies\n deny clear_auth }"),
    ("reserved-word", "policy p for trakt { default deny\n allow set }"),
    (
        "scalar-guard-on-array-argument",
        "policy p for google-calendar { default deny\n allow list-events { deny if args.calendarId == \"x\" } }",
    ),
    ("session-scoped-limit", "policy p for trakt { default deny\n allow @read { limit to 5 per day } }"),
    (
        "split-counter",
        "policy p for atlassian { default deny\n allow jira_create_issue, jira_batch_create_issues { limit to 5 per day } }",
    ),
    ("substring-overmatch", "policy p for plex { default allow\n hide *list* }"),
    ("syntax-error", "policy p for trakt { default deny\n alow @read }"),
    (
        "target-name-too-long",
        "policy p for nowhere { default deny\n allow a_name_that_is_long_enough_to_be_too_long_for_a_model_to_take_it }",
    ),
    ("too-many-visible-tools", "policy p for twilio { default deny\n allow @read }"),
    ("tool-context-budget", "policy p for twilio { default deny\n allow @read }"),
    ("unclassified-tool-allowed", "policy p for sequential-thinking { default allow }"),
    ("unclosed-brace", "policy p for trakt {\n  default deny\n"),
    ("unclosed-string", "policy p for trakt { default deny\n deny clear_auth because \"no\n}"),
    ("undocumented-grant", "policy p for trakt { default deny\n allow add_to_history }"),
    ("unenforceable-on-target", "policy p for trakt { default deny\n allow @read { limit to 5 per second } }"),
    (
        "unguarded-sibling-tool",
        "policy p for filesystem { default deny\n allow read_file { require args.path under \"/x\" }\n allow read_media_file }",
    ),
    ("unknown-argument", "policy p for trakt { default deny\n allow search_movies { require args.x exists } }"),
    ("unknown-policy", "grant \"g\" uses nobody"),
    ("unknown-server", "policy p for nowhere { default allow }"),
    ("unknown-set", "policy p for trakt { default deny\n allow @nothing }"),
    ("unknown-tool", "policy p for trakt { default deny\n hide clear_autth }"),
    ("unreachable-statement", "policy p for trakt { default deny\n allow @read\n limit clear_auth to 5 per day }"),
    ("untested-critical-deny", "policy p for trakt { default deny\n allow @read\n hide @critical }"),
    (
        "untrusted-input-with-destructive",
        "policy p for fetch { default deny\n allow fetch }\npolicy q for trakt { default deny\n allow clear_auth { limit to 5 per day } }",
    ),
    ("unused-definition", "set a = clear_auth\npolicy p for trakt { default deny\n allow @read }"),
    (
        "unused-suppression",
        "// mcppol: ignore[unknown-tool] -- not yet\npolicy p for trakt { default deny\n allow @read }",
    ),
    ("url-argument-unrestricted", "policy p for fetch { default deny\n allow fetch }"),
    (
        "value-outside-schema",
        "policy p for trakt { default deny\n allow add_to_history { require args.history_type == \"x\" } }",
    ),
    ("visible-not-hidden", "policy p for trakt { default deny\n hide clear_auth }"),
    (
        "weak-sql-guard",
        "policy p for postgres { default deny\n allow query { require args.sql matches r\"(?i)select.*\" } }",
    ),
    ("wildcard-allow-covers-critical", "policy p for trakt { default deny\n allow * }"),
    ("window-boundary-burst", "policy p for trakt { default deny\n allow clear_auth { limit to 5 per day } }"),
    ("write-tool-without-limit", "policy p for trakt { default deny\n allow @write }"),
];

/// A text for each kind that only documents of other formats have, with the name of its file.
pub(super) const FOREIGN: &[(&str, &str, &str)] = &[
    ("ambiguous-scalar", "policy.yaml", "version: \"1\"\ndescription: no\ntools:\n  a:\n    rules: []\n"),
    ("assumed-server", "policy.json", r#"{"version": "1", "default": "deny", "tools": {"fetch_history": {}}}"#),
    ("empty-allow-list", ".codex/config.toml", "[mcp_servers.trakt]\nenabled_tools = []\n"),
    ("glob-in-exact-target", "policy.json", r#"{"version": "1", "default": "allow", "hide": ["a_*"]}"#),
    ("ignored-entry", ".claude/settings.json", r#"{"permissions": {"allow": ["mcp__*"]}}"#),
    ("inexact-name", ".claude/settings.json", r#"{"permissions": {"deny": ["mcp__trakt__Clear-Auth"]}}"#),
    ("invalid-document", "policy.json", r#"{"version": "1", "default": "deny", "hide": [""]}"#),
    ("obsolete-schema-field", "policy.json", r#"{"version": "1", "default": "deny", "hidden": []}"#),
    (
        "path-prefix-without-separator",
        "policy.json",
        r#"{"version": "1", "default": "deny", "tools": {"a": {"require": [{"conditions": [{"path": "args.p", "op": "regex", "value": "^/srv"}]}]}}}"#,
    ),
    (
        "unanchored-argument-regex",
        "policy.json",
        r#"{"version": "1", "default": "deny", "tools": {"a": {"require": [{"conditions": [{"path": "args.p", "op": "regex", "value": "^a"}]}]}}}"#,
    ),
    ("unstable-server-id", ".claude/settings.json", r#"{"permissions": {"allow": ["mcp__c9f3a1b2d4e5f607__x"]}}"#),
    (
        "unsupported-window",
        "policy.json",
        r#"{"version": "1", "default": "deny", "tools": {"a": {"limits": [{"counter": "c", "window": "week", "max": 1, "scope": "grant"}]}}}"#,
    ),
];

/// Kinds whose texts are too long for the table.
pub(super) const LONG: [&str; 2] = ["file-too-large", "nested-too-deeply"];

/// Kinds that need a lock or a catalog of the project; the examples of their pages have them.
pub(super) const AROUND: [&str; 5] = [
    "description-changed",
    "hidden-instruction-in-description",
    "lock-missing",
    "new-tool-unreviewed",
    "risk-class-escalated",
];
