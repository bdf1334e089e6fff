//! The findings: every lint page's examples, every kind of diagnostic, and the comments that silence them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use mcppol::{
    check::{Options, check},
    diagnostic::{Applicability, Diagnostic, Level, codes},
    hir::{Environment, NoImports, Source, analyze},
    lint,
    syntax::MAX_BYTES,
    target::{self, Target},
    text::Lines,
};

use crate::examples::{CATALOGS, TODAY, files_below, root};

fn found_on(target: &Target, text: &str) -> Vec<Diagnostic> {
    let source = Source { name: "test.mcp".to_owned(), text: text.to_owned() };
    let analysis = analyze(source, &NoImports, Environment { catalogs: &CATALOGS, today: TODAY });
    check(&analysis, &Options::new(target, &lint::Settings::default())).findings
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

/// The policies below a heading of a page.
pub(crate) fn blocks(page: &str, heading: &str) -> Vec<String> {
    let section = page.lines().skip_while(|line| *line != heading).skip(1);
    let mut out = Vec::new();
    let mut section = section.take_while(|line| !line.starts_with("## "));
    while section.by_ref().any(|line| matches!(line, "```mcp" | "```mcp error")) {
        let block: Vec<&str> = section.by_ref().take_while(|line| *line != "```").collect();
        out.push(block.join("\n") + "\n");
    }
    out
}

#[test]
fn bad_examples_are_found_and_good_ones_are_not() {
    for rule in lint::ALL {
        let name = rule.code.name;
        let (bad, good) = (blocks(rule.page, "## Bad"), blocks(rule.page, "## Good"));
        assert!(!bad.is_empty() && !good.is_empty(), "{name} has a bad and a good example");
        for text in bad {
            assert!(found(&text).iter().any(|found| found.code.name == name), "{name} does not fire on:\n{text}");
        }
        for text in good {
            let found: Vec<_> = found(&text).into_iter().filter(|found| found.level > Level::Info).collect();
            assert!(found.is_empty(), "{name}: a good example has findings:\n{text}{found:#?}");
        }
    }
}

/// What is no lint may show on one target alone; there its bad examples are found and its good ones are not.
#[test]
fn examples_of_other_kinds_are_true_as_well() {
    for kind in codes::ALL {
        let name = kind.code.name;
        let (bad, good) = (blocks(kind.page, "## Bad"), blocks(kind.page, "## Good"));
        // their bad texts are too long for a page
        assert!(bad.is_empty() == LONG.contains(&name) && !good.is_empty(), "{name} has a bad and a good example");
        let fires = |target: &Target, text: &String| found_on(target, text).iter().any(|found| found.code.name == name);
        let target = target::ALL.iter().find(|target| bad.iter().all(|text| fires(target, text)));
        let target = target.unwrap_or_else(|| panic!("{name} does not fire on one of:\n{}", bad.join("\n")));
        for text in good {
            let found: Vec<_> = found_on(target, &text).into_iter().filter(|found| found.level > Level::Info).collect();
            assert!(found.is_empty(), "{name}: a good example has findings:\n{text}{found:#?}");
            assert!(!fires(target, &text), "{name} fires on its good example:\n{text}");
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
    let pages = abouts.iter().flat_map(|about| blocks(about.page, "## Bad"));
    let texts: Vec<String> = pages.chain(EACH.iter().map(|(_, text)| (*text).to_owned())).collect();
    for (target, text) in target::ALL.iter().flat_map(|target| texts.iter().map(move |text| (target, text))) {
        for found in found_on(target, text) {
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
    ("argument-type-mismatch", "policy p for trakt { default deny\n allow search_movies { require args.query < 5 } }"),
    ("built-in-name", "set read = clear_auth"),
    (
        "condition-never-holds",
        "policy p for trakt { default deny\n allow search_movies { require args.query missing } }",
    ),
    (
        "conflicting-grant",
        "policy p for trakt { default deny\n allow @read }\npolicy q for trakt { default deny\n allow @read }\ngrant \"g\" uses p, q",
    ),
    ("critical-tool-not-blocked", "policy p for trakt { default allow }"),
    ("cycle", "set a = @b\nset b = @a"),
    ("dead-pattern", "policy p for trakt { default deny\n deny delete_* }"),
    ("deny-everything-by-accident", "policy p for trakt { default deny }"),
    ("duplicate-name", "set a = x\nset a = y"),
    ("duplicate-part", "policy p for trakt { default deny\n default allow }"),
    ("expired-statement", "policy p for trakt { default deny\n allow @read until 2026-11-19 }"),
    ("foreign-syntax", "policy p for trakt { default deny; allow @read }"),
    (
        "guard-outside-require",
        "policy p for trakt { default deny\n allow search_movies { deny if args.query under \"/x\" } }",
    ),
    ("import-failed", "import \"x.mcp\""),
    ("invalid-limit", "policy p for trakt { default deny\n limit all to 0 per day }"),
    ("invalid-literal", "policy p for trakt { default deny\n allow @read until 2026-02-30 }"),
    (
        "invalid-pattern",
        "policy p for trakt { default deny\n allow search_movies { require args.query matches r\"(?=a)\" } }",
    ),
    ("invalid-suppression", "// mcppol: ignore[unknown-tool]\n"),
    ("list-test", "policy p for trakt { default deny\n allow add_to_history { require count args.items < 5 } }"),
    ("lossy-lowering", "policy p for trakt { default deny\n ask clear_auth }"),
    ("lost-reason", "policy p for trakt { default deny\n hide clear_auth because \"no\" }"),
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
    ("no-catalog", "policy p for nowhere { default deny\n allow @read }"),
    ("qualified-tool-name", "policy p for trakt { default deny\n allow mcp__trakt__clear_auth }"),
    ("reserved-word", "policy p for trakt { default deny\n allow set }"),
    ("session-scoped-limit", "policy p for trakt { default deny\n allow @read { limit to 5 per day } }"),
    ("syntax-error", "policy p for trakt { default deny\n alow @read }"),
    ("unclosed-brace", "policy p for trakt {\n  default deny\n"),
    ("unclosed-string", "policy p for trakt { default deny\n deny clear_auth because \"no\n}"),
    ("unenforceable-on-target", "policy p for trakt { default deny\n allow @read { limit to 5 per second } }"),
    ("unknown-argument", "policy p for trakt { default deny\n allow search_movies { require args.x exists } }"),
    ("unknown-policy", "grant \"g\" uses nobody"),
    ("unknown-server", "policy p for nowhere { default allow }"),
    ("unknown-set", "policy p for trakt { default deny\n allow @nothing }"),
    ("unknown-tool", "policy p for trakt { default deny\n hide clear_autth }"),
    (
        "value-outside-schema",
        "policy p for trakt { default deny\n allow add_to_history { require args.history_type == \"x\" } }",
    ),
    ("unused-definition", "set a = clear_auth\npolicy p for trakt { default deny\n allow @read }"),
    (
        "unused-suppression",
        "// mcppol: ignore[unknown-tool] -- not yet\npolicy p for trakt { default deny\n allow @read }",
    ),
    ("visible-not-hidden", "policy p for trakt { default deny\n hide clear_auth }"),
];

/// Kinds whose texts are too long for the table.
const LONG: [&str; 2] = ["file-too-large", "nested-too-deeply"];

#[test]
fn every_kind_of_diagnostic_is_reached() {
    for (name, text) in EACH {
        let on = |target: &&'static Target| found_on(target, text).iter().any(|found| found.code.name == *name);
        assert!(target::ALL.iter().any(on), "{name} does not fire on:\n{text}\n{}", lines(text));
    }
    let tabled = EACH.iter().map(|(name, _)| *name);
    let tabled: BTreeSet<&str> = tabled.chain(LONG).collect();
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
    for (name, text) in EACH {
        for target in target::ALL {
            for found in found_on(target, text) {
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
