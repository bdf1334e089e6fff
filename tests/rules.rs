//! The findings: every lint page's examples, every kind of diagnostic, and the comments that silence them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use mcppol::{
    catalog::{self, Catalogs},
    check::{Options, check},
    diagnostic::{Applicability, Diagnostic, Level, codes},
    foreign,
    hir::{Environment, NoImports, Source, analyze},
    lint::{self, Persona, Settings},
    lock,
    syntax::MAX_BYTES,
    target::{self, Target},
    text::Lines,
};

use crate::examples::{CATALOGS, TODAY, files_below, root};

/// A policy, and what a project may have beside it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Example {
    /// The name of its file; empty for ours.
    pub(crate) file: String,
    pub(crate) text: String,
    catalog: Option<String>,
    lock: Option<String>,
}

impl Example {
    pub(crate) fn found(&self, target: &Target, persona: Persona) -> Vec<Diagnostic> {
        let own = self.catalog.as_ref().map(|text| Catalogs::embedded().with(catalog::parse(text.as_bytes()).unwrap()));
        let lock = self.lock.as_ref().map(|text| lock::parse(text.as_bytes()).unwrap());
        let environment = Environment { catalogs: own.as_ref().unwrap_or(&CATALOGS), today: TODAY };
        let settings = Settings::new(persona);
        let options = Options { review: lock.as_ref(), ..Options::new(target, &settings) };
        let source = |name: &str| Source { name: name.to_owned(), text: self.text.clone() };
        let analysis = match foreign::recognise(&self.file, &self.text) {
            Some(format) => foreign::analyze(source(&self.file), format, None, environment),
            None => analyze(source("test.mcp"), &NoImports, environment),
        };
        check(&analysis, &options).findings
    }
}

/// For whom a kind of diagnostic is.
fn persona(name: &str) -> Persona {
    lint::rule(name).map_or(Persona::Default, |rule| rule.persona)
}

fn found_for(persona: Persona, target: &Target, text: &str) -> Vec<Diagnostic> {
    Example { text: text.to_owned(), ..Example::default() }.found(target, persona)
}

fn found_on(target: &Target, text: &str) -> Vec<Diagnostic> {
    found_for(Persona::Default, target, text)
}

fn found(text: &str) -> Vec<Diagnostic> {
    found_on(target::ALL[0], text)
}

/// Findings as `LINE level[name] message`.
fn lines(text: &str) -> String {
    let lines = Lines::new(text);
    let line = |diagnostic: &Diagnostic| {
        let line = lines.position(text, diagnostic.span.start).line;
        format!("{line} {}[{}] {}", diagnostic.level.name(), diagnostic.code.name, diagnostic.message)
    };
    found(text).iter().map(line).collect::<Vec<_>>().join("\n")
}

// ---------------------------------------------------------------- the pages of the lints

/// The examples of a page, each with its heading: ours are in `mcp` fences, those of other formats in fences such as
/// `json policy.json`. A catalog or lock holds for all examples after it.
pub(crate) fn examples(page: &str) -> Vec<(&str, Example)> {
    let mut out = Vec::new();
    let (mut heading, mut around) = ("", Example::default());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("## ") {
            heading = line;
        }
        let Some(kind) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let text = block.join("\n") + "\n";
        match kind {
            "json catalog" => around.catalog = Some(text),
            "json mcppol.lock" => around.lock = Some(text),
            _ => {
                let ours = matches!(kind, "mcp" | "mcp error");
                let file = if ours { "test.mcp" } else { kind.split_once(' ').expect("the name of a file").1 };
                out.push((heading, Example { file: file.to_owned(), text, ..around.clone() }));
            }
        }
    }
    out
}

#[test]
fn bad_examples_are_found_and_good_ones_are_not() {
    let mut wrong = Vec::new();
    for rule in lint::ALL {
        let name = rule.code.name;
        let examples = examples(rule.page);
        for heading in ["## Bad", "## Good"] {
            assert!(examples.iter().any(|(it, _)| *it == heading), "{name} has no example below {heading}");
        }
        for (heading, example) in examples {
            let found = example.found(target::ALL[0], rule.persona);
            let fires = found.iter().any(|found| found.code.name == name);
            if fires != (heading == "## Bad") {
                wrong.push(format!("{name}, {heading}:\n{}{found:#?}", example.text));
            }
            if heading == "## Good" {
                let found = example.found(target::ALL[0], Persona::Default);
                let found: Vec<_> = found.into_iter().filter(|found| found.level > Level::Info).collect();
                if !found.is_empty() {
                    wrong.push(format!("{name}: a good example has findings:\n{}{found:#?}", example.text));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What is no lint may show on one target alone; there its bad examples are found and its good ones are not.
#[test]
fn examples_of_other_kinds_are_true_as_well() {
    for kind in codes::ALL {
        let name = kind.code.name;
        let all = examples(kind.page);
        let of = |wanted: &str| all.iter().filter(|(it, _)| *it == wanted).map(|(_, it)| it).collect::<Vec<_>>();
        let (bad, good) = (of("## Bad"), of("## Good"));
        // their bad texts are too long for a page
        assert!(bad.is_empty() == LONG.contains(&name) && !good.is_empty(), "{name} has a bad and a good example");
        let found = |target: &Target, example: &Example| example.found(target, Persona::Default);
        let fires = |target: &Target, example: &Example| found(target, example).iter().any(|it| it.code.name == name);
        let target = target::ALL.iter().find(|target| bad.iter().all(|example| fires(target, example)));
        let target = target.unwrap_or_else(|| panic!("{name} does not fire on one of:\n{bad:#?}"));
        for example in good {
            let found: Vec<_> = found(target, example).into_iter().filter(|found| found.level > Level::Info).collect();
            assert!(found.is_empty(), "{name}: a good example has findings:\n{}{found:#?}", example.text);
            assert!(!fires(target, example), "{name} fires on its good example:\n{}", example.text);
        }
    }
}

#[test]
fn pages_have_one_shape() {
    for about in lint::abouts() {
        let (name, page) = (about.code.name, about.page);
        let mut fenced = false;
        let heading = |line: &&str| {
            fenced ^= line.starts_with("```");
            !fenced && line.starts_with('#')
        };
        let headings: Vec<&str> = page.lines().filter(heading).collect();
        assert_eq!(headings, [&format!("# {name}"), "## Why", "## Bad", "## Good"]);
        let mut lines = page.lines();
        assert_eq!((lines.next(), lines.next()), (Some(headings[0]), Some("")));
        assert!(lines.next().is_some_and(|line| line.ends_with('.')), "{name} begins with a sentence");
    }
}

/// The levels and the fixes that are told of each kind are those of its findings.
#[test]
fn levels_and_fixes_are_as_told() {
    let mut seen: BTreeMap<&str, (Level, Option<Applicability>)> = BTreeMap::new();
    let abouts = lint::abouts();
    let pages = abouts.iter().flat_map(|about| examples(about.page)).map(|(_, example)| example);
    let each = EACH.iter().map(|(_, text)| Example { text: (*text).to_owned(), ..Example::default() });
    let others = FOREIGN.iter().map(|(_, file, text)| Example {
        file: (*file).to_owned(),
        text: (*text).to_owned(),
        ..Example::default()
    });
    for example in pages.chain(each).chain(others) {
        for found in target::ALL.iter().flat_map(|target| example.found(target, Persona::Audit)) {
            let fix = found.fix.as_ref().map(|fix| fix.applicability);
            let entry = seen.entry(found.code.name).or_insert((found.level, fix));
            entry.0 = entry.0.max(found.level);
            if entry.1 != Some(Applicability::Safe) {
                entry.1 = fix.or(entry.1);
            }
        }
    }
    let fixes = |of: &dyn Fn(&lint::About) -> Option<Applicability>| -> Vec<String> {
        let line = |about: &lint::About| Some(format!("{} {}", about.code.name, of(about)?.name()));
        abouts.iter().filter_map(line).collect()
    };
    let found = |about: &lint::About| seen.get(about.code.name).and_then(|(_, fix)| *fix);
    assert_eq!(fixes(&|about| about.fix), fixes(&found), "src/lint/about.rs tells of other fixes");
    for kind in codes::ALL.iter().filter(|kind| !LONG.contains(&kind.code.name)) {
        let level = seen.get(kind.code.name).map(|(level, _)| *level);
        assert_eq!(level, Some(kind.level), "{}: src/diagnostic/codes.rs tells of another level", kind.code.name);
    }
}

fn is_kebab_case(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    name.split('-').all(part)
}

#[test]
fn names_are_kebab_case_and_unique() {
    let names: Vec<&str> = lint::codes().map(|code| code.name).collect();
    assert!(names.iter().all(|name| is_kebab_case(name)), "{names:?}");
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    assert!(lint::ALL.is_sorted_by_key(|rule| rule.code.name));
    for code in lint::codes() {
        assert!(!code.summary.is_empty() && !code.summary.ends_with('.'), "{}", code.name);
    }
}

#[test]
fn files_are_the_registered_rules() {
    let registered: BTreeSet<String> = lint::ALL.iter().map(|rule| rule.code.name.replace('-', "_")).collect();
    for ending in [".rs", ".md"] {
        let files = files_below("src/lint/rules", ending);
        let names = files.iter().map(|file| file.rsplit('/').next().unwrap().strip_suffix(ending).unwrap().to_owned());
        assert_eq!(names.collect::<BTreeSet<_>>(), registered, "src/lint/rules/*{ending}");
    }
}

// ---------------------------------------------------------------- every kind of diagnostic

/// A text for each kind, and the target where it shows if not on the first.
const EACH: &[(&str, &str)] = &[
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
const FOREIGN: &[(&str, &str, &str)] = &[
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
const LONG: [&str; 2] = ["file-too-large", "nested-too-deeply"];

/// Kinds that need a lock or a catalog of the project; the examples of their pages have them.
const AROUND: [&str; 5] = [
    "description-changed",
    "hidden-instruction-in-description",
    "lock-missing",
    "new-tool-unreviewed",
    "risk-class-escalated",
];

#[test]
fn every_kind_of_diagnostic_is_reached() {
    let mut silent = Vec::new();
    for (name, text) in EACH {
        let fires = |found: &Diagnostic| found.code.name == *name;
        let on = |target: &&'static Target| found_for(persona(name), target, text).iter().any(fires);
        if !target::ALL.iter().any(on) {
            silent.push(format!("{name} does not fire on:\n{text}\n{}", lines(text)));
        }
    }
    for (name, file, text) in FOREIGN {
        let example = Example { file: (*file).to_owned(), text: (*text).to_owned(), ..Example::default() };
        let found = example.found(target::ALL[0], persona(name));
        if !found.iter().any(|found| found.code.name == *name) {
            silent.push(format!("{name} does not fire on:\n{text}\n{found:#?}"));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n\n"));
    let tabled = EACH.iter().map(|(name, _)| *name).chain(FOREIGN.iter().map(|(name, ..)| *name));
    let tabled: BTreeSet<&str> = tabled.chain(LONG).chain(AROUND).collect();
    assert_eq!(tabled, lint::codes().map(|code| code.name).collect::<BTreeSet<_>>());
}

#[test]
fn long_texts_are_refused() {
    let deep = format!("policy p for trakt {{\n  deny x if {}args.a == 1", "(".repeat(100));
    assert!(found(&deep).iter().any(|found| found.code.name == "nested-too-deeply"));
    let found = found(&" ".repeat(MAX_BYTES + 1));
    assert_eq!(found.iter().map(|found| found.code.name).collect::<Vec<_>>(), ["file-too-large"]);
}

/// Lower case, no full stop, something to do.
#[test]
fn messages_have_one_style() {
    let each = EACH.iter().map(|(name, text)| (*name, Example { text: (*text).to_owned(), ..Example::default() }));
    let others = FOREIGN.iter().map(|(name, file, text)| {
        (*name, Example { file: (*file).to_owned(), text: (*text).to_owned(), ..Example::default() })
    });
    let pages = lint::ALL.iter().flat_map(|rule| examples(rule.page).into_iter().map(|(_, it)| (rule.code.name, it)));
    for (name, example) in each.chain(others).chain(pages) {
        for target in target::ALL {
            for found in example.found(target, persona(name)) {
                let message = &found.message;
                let first = message.chars().next().unwrap();
                assert!(!first.is_uppercase() && !message.ends_with('.'), "{name}: {message}");
                assert!(
                    found.help.as_ref().is_some_and(|help| !help.ends_with('.')),
                    "{name}: {message}: {:?}",
                    found.help
                );
                assert_eq!(message.matches('`').count() % 2, 0, "{name}: {message}");
            }
        }
    }
}

/// The catalogue's own policies say in the findings what the pages do not.
#[test]
fn catalogue_policies_deny_everything() {
    for file in files_below("examples/catalogue", ".mcp") {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        let names: Vec<_> = found(&text).iter().map(|found| (found.level, found.code.name)).collect();
        assert_eq!(names, [(Level::Error, "deny-everything-by-accident")], "{file}");
    }
}

// ---------------------------------------------------------------- ignore comments

/// What is found in a policy for Trakt with this line, which follows line 3.
fn with(line: &str) -> String {
    lines(&format!("policy p for trakt {{\n  default deny\n  allow @read\n{line}\n}}\n"))
}

#[test]
fn ignore_comments_silence_their_line_or_the_next() {
    assert_ne!(with("  hide clear_autth"), "");
    assert_eq!(with("  hide clear_autth // mcppol: ignore[unknown-tool] -- not released yet"), "");
    assert_eq!(with("  // mcppol: ignore[unknown-tool] -- not released yet\n  hide clear_autth"), "");
    assert_eq!(with("  //mcppol:ignore[unknown-tool]--not released yet\n  hide clear_autth"), "");
    insta::assert_snapshot!(with("  // mcppol: ignore[dead-pattern, unknown-tool] -- not released yet\n  hide clear_autth"), @"4 warning[unused-suppression] nothing here is found by `dead-pattern`, so this comment silences nothing");
    // two lines below, on the line above, in a text
    assert_ne!(with("  // mcppol: ignore[unknown-tool] -- why\n\n  hide clear_autth"), "");
    assert_ne!(with("  hide clear_autth\n  // mcppol: ignore[unknown-tool] -- why"), "");
    assert_ne!(with("  deny clear_autth because \"// mcppol: ignore[unknown-tool] -- why\""), "");
    // another rule
    assert_ne!(with("  hide clear_autth // mcppol: ignore[dead-pattern] -- why"), "");
}

#[test]
fn ignore_comments_need_a_rule_and_a_reason() {
    let line = |comment: &str| with(&format!("  hide clear_autth {comment}"));
    insta::assert_snapshot!(line("// mcppol: ignore[unknown-tool]"), @r"
    4 error[unknown-tool] `trakt` has no tool `clear_autth`, so this guards nothing that is known
    4 warning[invalid-suppression] this ignore comment gives no reason, so it silences nothing
    ");
    insta::assert_snapshot!(line("// mcppol: ignore[unknown-tool] -- "), @r"
    4 error[unknown-tool] `trakt` has no tool `clear_autth`, so this guards nothing that is known
    4 warning[invalid-suppression] this ignore comment gives no reason, so it silences nothing
    ");
    insta::assert_snapshot!(line("// mcppol: ignore -- why"), @r"
    4 error[unknown-tool] `trakt` has no tool `clear_autth`, so this guards nothing that is known
    4 warning[invalid-suppression] this ignore comment names no rule
    ");
    insta::assert_snapshot!(line("// mcppol: ignore[] -- why"), @r"
    4 error[unknown-tool] `trakt` has no tool `clear_autth`, so this guards nothing that is known
    4 warning[invalid-suppression] this ignore comment names no rule
    ");
    insta::assert_snapshot!(line("// mcppol: ignore[unknown-tool -- why"), @r"
    4 error[unknown-tool] `trakt` has no tool `clear_autth`, so this guards nothing that is known
    4 warning[invalid-suppression] this ignore comment has no `]`
    ");
    insta::assert_snapshot!(line("// mcppol: silence[unknown-tool] -- why"), @r"
    4 error[unknown-tool] `trakt` has no tool `clear_autth`, so this guards nothing that is known
    4 warning[invalid-suppression] this comment speaks to mcppol, but not of `ignore`
    ");
    insta::assert_snapshot!(line("// mcppol: ignore[unknown-tols] -- why"), @r"
    4 error[unknown-tool] `trakt` has no tool `clear_autth`, so this guards nothing that is known
    4 warning[invalid-suppression] no rule is named `unknown-tols`
    ");
    insta::assert_snapshot!(line("// mcppol: ignore[everything] -- why"), @r"
    4 error[unknown-tool] `trakt` has no tool `clear_autth`, so this guards nothing that is known
    4 warning[invalid-suppression] no rule is named `everything`
    ");
}

#[test]
fn ignore_comments_never_silence_an_error_of_the_policy() {
    for (name, text) in EACH {
        for target in target::ALL {
            let fatal = |text: &str| {
                found_on(target, text)
                    .into_iter()
                    .filter(Diagnostic::is_fatal)
                    .map(|found| found.message)
                    .collect::<Vec<_>>()
            };
            let silenced: String =
                text.lines().map(|line| format!("{line} // mcppol: ignore[{name}] -- because\n")).collect();
            // a comment within an unclosed text is none, and shown as part of it
            if *name != "unclosed-string" {
                assert_eq!(fatal(&silenced), fatal(text), "{silenced}");
            }
        }
    }
}

#[test]
fn ignore_comments_silence_warnings_of_every_class() {
    let text = "policy p for nowhere { // mcppol: ignore[unknown-server] -- ours\n  default deny\n  allow x\n}\n";
    assert_eq!(lines(text), "");
}
