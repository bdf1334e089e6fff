//! What the rules about open tools and weak guards find in small policies, and where they keep quiet.

use mcppol::{
    check::{Options, check},
    diagnostic::Level,
    hir::{Environment, NoImports, Source, analyze},
    lint::{Settings, rule},
    target,
};

use crate::examples::{CATALOGS, TODAY};

/// The lints above info that everybody sees, in their order.
fn found(name: &str, text: &str) -> Vec<&'static str> {
    let source = Source { name: name.to_owned(), text: text.to_owned() };
    let analysis = analyze(source, &NoImports, Environment { catalogs: &CATALOGS, today: TODAY });
    assert!(analysis.checked().is_some(), "{text}: {:#?}", analysis.diagnostics);
    let found = check(&analysis, &Options::new(target::ALL[0], &Settings::default())).findings;
    let lints = found.iter().filter(|found| found.level > Level::Info && rule(found.code.name).is_some());
    // what other rules say of the same text is not this table's
    lints.map(|found| found.code.name).filter(|name| !OTHERS.contains(name)).collect()
}

const OTHERS: [&str; 4] = ["broad-glob", "duplicate-statement", "policy-not-granted", "redundant-condition"];

fn of(server: &str, statements: &str) -> Vec<&'static str> {
    found("test.mcp", &format!("policy p for {server} {{ default deny\n{statements}\n}}"))
}

fn with_default(server: &str, statements: &str) -> Vec<&'static str> {
    found("test.mcp", &format!("policy p for {server} {{ default allow\n{statements}\n}}"))
}

#[test]
fn one_fault_of_a_critical_tool_is_one_finding() {
    assert_eq!(with_default("trakt", ""), ["critical-tool-not-blocked"]);
    assert_eq!(with_default("trakt", "allow *"), ["critical-tool-not-blocked"]);
    assert_eq!(with_default("trakt", "hide @critical"), ["default-allow"]);
    assert_eq!(of("trakt", "allow clear_auth"), ["critical-tool-not-blocked"]);
    assert_eq!(of("trakt", "allow clear_*"), ["wildcard-allow-covers-critical"]);
    assert_eq!(of("trakt", "allow @critical"), ["wildcard-allow-covers-critical"]);
    assert_eq!(of("trakt", "allow clear_*\nallow clear_auth"), ["critical-tool-not-blocked"]);
    assert_eq!(of("trakt", "allow *\nallow @critical"), ["wildcard-allow-covers-critical"; 2]);
    for quiet in ["allow * except @critical", "allow *\nhide @critical", "allow *\nask @critical", "allow @read, add_*"]
    {
        assert_eq!(of("trakt", quiet), [""; 0], "{quiet}");
    }
}

#[test]
fn a_default_that_allows_needs_narrowing() {
    for quiet in [
        "hide @critical\nlimit all to 60 per minute",
        "hide @critical\nlimit @write, @execute to 30 per minute",
        "hide @critical, @write, @execute",
        "hide @critical, @write\nask @execute",
    ] {
        assert_eq!(with_default("trakt", quiet), [""; 0], "{quiet}");
    }
    assert_eq!(with_default("trakt", "hide @critical\nlimit @write to 30 per minute"), ["default-allow"]);
    assert_eq!(with_default("fetch", ""), [""; 0]);
}

#[test]
fn code_and_dispatchers_are_thought_of_by_name() {
    assert_eq!(of("supabase", "allow execute_sql"), ["code-exec-tool-allowed"]);
    assert_eq!(of("supabase", "allow @execute { limit to 5 per minute }"), ["code-exec-tool-allowed"]);
    assert_eq!(of("postgres", "allow *"), ["code-exec-tool-allowed"]);
    assert_eq!(of("sentry", "allow execute_tool"), ["generic-dispatcher-allowed"]);
    assert_eq!(of("sentry", "allow execute_tool { require args.arguments exists }"), ["generic-dispatcher-allowed"]);
    for quiet in ["allow execute_sql { limit to 5 per minute }", "ask execute_sql", "allow query_logs", "allow @read"] {
        assert_eq!(of("supabase", quiet), [""; 0], "{quiet}");
    }
    assert_eq!(of("supabase", "allow execute_sql { require args.project_id == \"x\" }"), [""; 0]);
    assert_eq!(of("sentry", "allow execute_tool { deny if args.name in [\"delete_project\"] }"), [""; 0]);
    assert_eq!(of("cloudwatch", "allow execute_promql_query"), [""; 0]);
    for (server, runs) in [
        ("playwright", "browser_evaluate"),
        ("chrome-devtools", "evaluate_script"),
        ("chrome-devtools", "evaluate"),
        ("desktop-commander", "interact_with_process"),
    ] {
        assert_eq!(of(server, &format!("allow {runs}")), ["code-exec-tool-allowed"], "{runs}");
        for quiet in ["ask T", "allow T { limit to 5 per minute }"] {
            assert_eq!(of(server, &quiet.replace('T', runs)), [""; 0], "{runs}");
        }
    }
    // what is given to a model or a workflow is no code
    assert_eq!(of("cloudflare", "allow ai_inference, workflow_execute"), [""; 0]);
    assert_eq!(of("google-workspace", "allow run_script_function"), [""; 0]);
}

const FETCH: &str = "policy w for fetch { default deny\n allow fetch }\n";
const FILES: &str = "policy f for filesystem { default deny\n allow read_text_file }\n";

#[test]
fn three_legs_are_what_one_agent_holds() {
    let together = |text: String| found("test.mcp", &text);
    assert_eq!(together(format!("{FETCH}{FILES}")), ["lethal-trifecta"]);
    assert_eq!(together(format!("{FETCH}{FILES}grant \"a\" uses w, f")), ["lethal-trifecta"]);
    assert_eq!(together(format!("{FETCH}{FILES}grant \"a\" uses w\ngrant \"b\" uses f")), [""; 0]);
    assert_eq!(together(format!("{FETCH}{FILES}grant \"a\" uses w")), [""; 0]);
    assert_eq!(together(FETCH.to_owned()), [""; 0]);
    let gated = "policy w for fetch { default deny\n ask fetch }\n";
    assert_eq!(together(format!("{gated}{FILES}")), [""; 0]);
    let names_only = "policy f for filesystem { default deny\n allow list_directory, get_file_info }\n";
    assert_eq!(together(format!("{FETCH}{names_only}")), [""; 0]);
    let search = "policy w for brave-search { default deny\n allow brave_web_search }\n";
    assert_eq!(together(format!("{search}{FILES}")), [""; 0]);
    let slow = "policy f for trakt { default deny\n allow clear_auth { limit to 1 per day } }\n";
    assert_eq!(together(format!("{FETCH}{slow}")), ["untrusted-input-with-destructive"]);
    assert_eq!(together(format!("{FETCH}{slow}grant \"a\" uses w\ngrant \"b\" uses f")), [""; 0]);
}

#[test]
fn what_is_refused_is_refused_everywhere() {
    let together = |one: &str, other: &str| {
        found(
            "test.mcp",
            &format!(
                "policy f for filesystem {{ default deny\n allow list_directory\n{one} }}\n\
                 policy d for desktop-commander {{ default deny\n allow list_directory\n{other} }}"
            ),
        )
    };
    assert_eq!(together("deny write_file", "allow write_file"), ["capability-bypass"]);
    assert_eq!(together("hide write_file", "allow start_process { limit to 1 per day }"), ["capability-bypass"]);
    assert_eq!(together("deny read_file", "allow read_multiple_files"), ["capability-bypass"]);
    assert_eq!(together("", "allow write_file"), [""; 0]);
    assert_eq!(together("deny write_file", "ask write_file"), [""; 0]);
    assert_eq!(together("deny write_file", "allow write_file { require args.path under \"/srv\" }"), [""; 0]);
    assert_eq!(together("deny create_directory", "allow write_file"), [""; 0]);
    assert_eq!(of("filesystem", "deny read_file\nallow read_text_file"), ["capability-bypass"]);
    assert_eq!(of("desktop-commander", "hide @write\nallow start_process { limit to 1 per day }"), [""; 0]);
}

#[test]
fn siblings_are_compared_by_place_and_weight() {
    let guarded =
        |more: &str| of("filesystem", &format!("allow read_file {{ require args.path under \"/srv\" }}\n{more}"));
    assert_eq!(guarded("allow read_media_file"), ["unguarded-sibling-tool"]);
    assert_eq!(guarded("allow read_multiple_files"), ["unguarded-sibling-tool"]);
    assert_eq!(guarded("allow edit_file"), ["unguarded-sibling-tool"]);
    for quiet in [
        "ask edit_file",
        "allow list_allowed_directories",
        "on * having args.path { require args.path under \"/srv\" }",
    ] {
        assert_eq!(guarded(quiet), [""; 0], "{quiet}");
    }
    // a guard on what writes says nothing of what reads
    assert_eq!(of("filesystem", "allow edit_file { require args.path under \"/srv\" }\nallow read_file"), [""; 0]);
    // how much is no place
    assert_eq!(
        of("trakt", "allow fetch_user_watched_movies { require args.limit <= 9 }\nallow search_movies"),
        [""; 0]
    );
    assert_eq!(of("github", "allow create_issue { require args.owner exists }\nallow add_issue_comment"), [""; 0]);
}

#[test]
fn patterns_on_sql_are_tried() {
    let guard = |clause: &str| of("postgres", &format!("allow query {{ {clause} }}"));
    for weak in [
        r#"require args.sql matches r"(?i)select.*""#,
        r#"require args.sql matches r"(?i)(select|with)[^;]*""#,
        r#"require args.sql matches r"(?i)(select|explain) [^;]*""#,
        r#"require args.sql not contains "DROP""#,
        r#"deny if args.sql contains "DROP" or args.sql contains "drop""#,
        r#"deny if args.sql matches r"(?i)\s*(drop|delete|truncate).*""#,
        r#"require args.sql matches r"SELECT .*"
           limit to 5 per minute"#,
    ] {
        assert_eq!(guard(weak), ["weak-sql-guard"], "{weak}");
    }
    for quiet in [
        r#"require args.sql matches r"(?i)select[^;]*""#,
        r#"require args.sql matches r"SELECT [a-z, ]+ FROM [a-z]+""#,
        r#"require args.sql in ["SELECT 1"]"#,
        r#"require args.sql matches r"(?i)select.*"
           ask if args.sql contains ";""#,
    ] {
        assert_eq!(guard(quiet), [""; 0], "{quiet}");
    }
    // how long it is says nothing of what it does
    for short in [r#"require args.sql matches r"[^;]{1,500}""#, r#"deny if args.sql contains ";""#] {
        assert_eq!(guard(short), ["code-exec-tool-allowed"], "{short}");
    }
    // the server of this one reads only
    assert_eq!(of("sqlite", r#"allow read_query { require args.query matches r"(?i)select.*" }"#), [""; 0]);
    let both = r#"allow execute_sql { require args.project_id == "x" and args.query matches r"(?i)select.*" }"#;
    assert_eq!(of("supabase", both), ["weak-sql-guard"]);
    let apart = r#"allow execute_sql { require args.project_id == "x"
        require args.query matches r"(?i)select.*" }"#;
    assert_eq!(of("supabase", apart), ["weak-sql-guard"]);
}

#[test]
fn lists_pass_tests_of_single_values() {
    let guard = |clause: &str| of("google-calendar", &format!("allow list-events {{ {clause} }}"));
    for weak in [
        "deny if args.calendarId == \"x\"",
        "deny if args.calendarId in [\"x\", \"y\"]",
        "deny if args.calendarId matches r\".*@example.com\" or args.calendarId missing",
        "ask if args.calendarId == \"x\"",
        "require args.calendarId not in [\"x\", \"y\"]",
        "require args.calendarId != \"x\"",
        "require args.calendarId not matches r\"board@.*\"",
        "require args.timeMin exists and args.calendarId != \"x\"",
        "require args.timeMin exists or args.calendarId != \"x\"",
        "deny if args.calendarId == \"x\" and args.timeMin missing",
        "deny if args.timeMin missing and (args.calendarId matches r\"board@.*\" or args.timeMax missing)",
        "ask if args.calendarId in [\"x\"] and args.timeMin missing",
    ] {
        assert_eq!(guard(weak), ["scalar-guard-on-array-argument"], "{weak}");
    }
    for quiet in [
        "require args.calendarId == \"x\"",
        "deny if args.calendarId contains \"x\"",
        "deny if args.timeMin == \"x\"",
        "deny if args.calendarId == \"x\"\nrequire args.calendarId matches r\".*@example.com\"",
        "require args.calendarId not in [\"x@example.com\"] and args.calendarId matches r\".*@example.com\"",
        "require args.calendarId != \"x\"\ndeny if args.calendarId contains \"x\"",
        "require args.timeMin != \"x\"",
        "deny if args.calendarId == \"x\" and args.timeMin missing\nrequire args.timeMin exists",
        "deny if args.calendarId != \"x\" and args.timeMin missing",
    ] {
        assert_eq!(guard(quiet), [""; 0], "{quiet}");
    }
}

#[test]
fn amounts_have_a_bound() {
    let refund = |clause: &str| of("stripe", &format!("allow create_refund {{ {clause}\nlimit to 5 per day }}"));
    assert_eq!(refund(""), ["amount-uncapped"]);
    assert_eq!(refund("require args.amount > 0"), ["amount-uncapped"]);
    for quiet in [
        "require args.amount <= 100",
        "require args.amount in [100, 200]",
        "deny if args.amount missing or args.amount > 100",
        "ask if args.amount missing or args.amount > 100",
        "limit total args.amount to 1000 per day",
    ] {
        assert_eq!(refund(quiet), [""; 0], "{quiet}");
    }
    assert_eq!(of("stripe", "allow finalize_invoice { limit to 5 per day }"), [""; 0]);
}

#[test]
fn guards_of_paths_keep_the_policy_out() {
    let guard = |clause: &str| of("filesystem", &format!("allow edit_file {{ {clause} }}"));
    for weak in [
        "under \"/\"",
        "under \"/home/me\"",
        "under \"/workspace\"",
        "under \"/srv/repos/shop\"",
        "not matches r\".*\\.env\"",
    ] {
        assert_eq!(guard(&format!("require args.path {weak}")), ["policy-file-writable-by-agent"], "{weak}");
    }
    for quiet in [
        "under \"/srv/data\"",
        "under \"/tmp/agent\"",
        "under \"/home/me/notes\"",
        "matches r\"/workspace/docs/.*\\.md\"",
        "in [\"/workspace/a\"]",
    ] {
        assert_eq!(guard(&format!("require args.path {quiet}")), [""; 0], "{quiet}");
    }
    // where the policy is known to be there, it is certain
    let text = "policy p for filesystem { default deny\n allow edit_file { require args.path under \"/srv/data\" } }";
    assert_eq!(found("/srv/data/agents/p.mcp", text), ["policy-file-writable-by-agent"]);
    assert_eq!(found("/srv/policies/p.mcp", text), [""; 0]);
}

#[test]
fn patterns_on_paths_are_tried() {
    let guard = |clause: &str| of("filesystem", &format!("allow read_text_file {{ {clause} }}"));
    for weak in [
        r#"require args.path matches r"/srv/data.*""#,
        r#"require args.path matches r"/srv/data/.*""#,
        r#"require args.path matches r"/srv/data(/.*)?""#,
        r#"require args.path matches r"(?i)/srv/my\.data/?.*" and args.head missing"#,
        r#"require args.path contains "/srv/data""#,
        r#"require args.path contains "/srv/data/""#,
        r#"require args.path matches r"/srv/data.*"
           deny if args.path contains "..""#,
        r#"require args.path matches r"/srv/data/.*"
           deny if args.path contains "/srv/data/.env""#,
    ] {
        assert_eq!(guard(weak), ["path-prefix-without-separator"], "{weak}");
    }
    for quiet in [
        r#"require args.path under "/srv/data""#,
        r#"require args.path under "/srv/data" and args.path matches r"/srv/data.*""#,
        r#"require args.path matches r"/srv/data/.*"
           deny if args.path contains "..""#,
        r#"require args.path matches r"/srv/data/[a-z]+\.txt""#,
        r#"require args.path matches r"/srv/data""#,
        r#"require args.path contains ".txt""#,
        r#"require args.path matches r".*\.txt""#,
        r#"ask if args.path matches r"/srv/data.*""#,
        r#"require args.path matches r"/srv/data.*"
           deny if args.path not matches r"/srv/data/[a-z]+""#,
    ] {
        assert_eq!(guard(quiet), [""; 0], "{quiet}");
    }
    // both ends of a move are paths
    let moving = |clause: &str| of("filesystem", &format!("allow move_file {{ {clause} }}"));
    for end in ["source", "destination"] {
        let weak = format!(r#"require args.{end} matches r"/srv/data.*""#);
        assert!(moving(&weak).contains(&"path-prefix-without-separator"), "{end}");
    }
    let both = |test: &str| moving(&format!("require args.source {test} and args.destination {test}"));
    assert_eq!(both(r#"under "/srv/data""#), [""; 0]);
    assert_eq!(both(r#"under "/workspace""#), ["policy-file-writable-by-agent"]);
    assert_eq!(
        of("google-workspace", r#"allow copy_drive_file { require args.new_name matches r"/srv/data.*" }"#),
        [""; 0]
    );
    // one finding for one test, whatever it covers
    let many = r#"allow read_file, read_text_file
        on * having args.path { require args.path matches r"/srv/data.*" }"#;
    assert_eq!(of("filesystem", many), ["path-prefix-without-separator"]);
}

#[test]
fn patterns_on_addresses_are_tried() {
    let guard = |clause: &str| of("fetch", &format!("allow fetch {{ {clause} }}"));
    for weak in [
        r#"require args.url matches r"https://docs.rs.*""#,
        r#"require args.url matches r"https?://docs\.rs.*""#,
        r#"require args.url matches r"http://docs\.rs[^/]*/.*""#,
        r#"require args.url matches r"https://.*\.example\.com/.*""#,
        r#"require args.url matches r".*docs\.rs.*" and args.raw missing"#,
        r#"require args.url contains "docs.rs""#,
        r#"require args.url contains "https://docs.rs/""#,
        r#"require args.url contains "docs.rs"
           deny if args.url contains "docs.rs.""#,
    ] {
        assert_eq!(guard(weak), ["unanchored-argument-regex"], "{weak}");
    }
    for quiet in [
        r#"require args.url host in ["docs.rs"]"#,
        r#"require args.url matches r"https://docs.rs.*" and args.url host in ["docs.rs"]"#,
        r#"require args.url matches r"https://docs\.rs/.*""#,
        r#"require args.url matches r"https://[a-z]+\.docs\.rs/.*""#,
        r#"require args.url matches r"https://.*""#,
        r#"require args.url matches r".*\.pdf""#,
        r#"require args.url contains "index.html""#,
        r#"require args.url contains "/docs/""#,
    ] {
        assert_eq!(guard(quiet), [""; 0], "{quiet}");
    }
}

#[test]
fn bulk_tools_are_scoped_or_limited() {
    assert_eq!(
        of("llm-cli-gateway", "allow session_clear_all"),
        ["bulk-operation-unscoped", "critical-tool-not-blocked"]
    );
    assert_eq!(of("llm-cli-gateway", "allow session_clear_all { limit to 5 per day }"), [""; 0]);
    assert_eq!(of("llm-cli-gateway", "allow session_clear_all { require args.cli exists }"), [""; 0]);
    assert_eq!(of("gmail", "allow batch_modify_emails"), [""; 0]);
}
