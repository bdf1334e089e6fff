//! The findings: every lint page's examples, every kind of diagnostic, and the comments that silence them.

mod each;

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
use each::{AROUND, EACH, FOREIGN, LONG};

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
    assert_eq!(
        fixes(&|about| about.fix),
        fixes(&found),
        "`fix` of a rule, or of a kind in src/diagnostic/codes.rs, tells of other fixes"
    );
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
