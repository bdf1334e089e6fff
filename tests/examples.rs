//! The examples: what they compile to stands beside them, their findings are those below, and their tests hold.
//!
//! `MCPPOL_UPDATE=1 cargo test` writes the compiled files again.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use mcppol::{
    catalog::Catalogs,
    check::{Options, check},
    diagnostic::Level,
    eval::{Call, Counter, Decision, Evaluator},
    hir::{Analysis, Environment, ImportError, Imports, RuleKind, Source, analyze, checked::CheckedPolicy},
    lint::Settings,
    syntax::literal::Date,
    target,
    text::Lines,
};
use serde_json::{Value, json};

pub(crate) const TODAY: Date = Date { year: 2026, month: 11, day: 20 };
pub(crate) static CATALOGS: LazyLock<Catalogs> = LazyLock::new(Catalogs::embedded);

/// Imports from the disk.
struct Disk;

impl Imports for Disk {
    fn load(&self, from: &str, path: &str) -> Result<Source, ImportError> {
        let path = Path::new(from).parent().unwrap_or(Path::new("")).join(path);
        let text = fs::read_to_string(root().join(&path)).map_err(|error| ImportError(error.to_string()))?;
        Ok(Source { name: slashes(&path), text })
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A path as it is written everywhere, whatever the system.
fn slashes(path: &Path) -> String {
    path.to_str().unwrap().replace('\\', "/")
}

/// Every file below a folder with one of the endings, sorted, as paths from the project's root.
pub(crate) fn files_below(folder: &str, ending: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().unwrap().ends_with(ending) {
                out.push(slashes(path.strip_prefix(root()).unwrap()));
            }
        }
    }
    out.sort();
    out
}

fn examples() -> Vec<String> {
    files_below("examples", ".mcp")
}

pub(crate) fn analysis(path: &str) -> Analysis {
    let text = fs::read_to_string(root().join(path)).unwrap();
    let source = Source { name: path.to_owned(), text };
    analyze(source, &Disk, Environment { catalogs: &CATALOGS, today: TODAY })
}

/// Compares with the file, or with `MCPPOL_UPDATE` writes it.
pub(crate) fn compare(path: &Path, wanted: &str) {
    if std::env::var_os("MCPPOL_UPDATE").is_some() {
        fs::write(path, wanted).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == wanted, "{} is out of date: run `MCPPOL_UPDATE=1 cargo test`", path.display());
}

/// The compiled forms of an example, by file.
fn compiled(path: &str) -> BTreeMap<PathBuf, String> {
    let analysis = analysis(path);
    let checked = analysis.checked().unwrap_or_else(|| panic!("{path} has errors: {:#?}", analysis.diagnostics));
    let stem = path.strip_suffix(".mcp").unwrap();
    let mut out = BTreeMap::new();
    for policy in checked.policies() {
        for target in target::ALL {
            let name = match checked.policies().len() {
                1 => format!("{stem}.{}.json", target.name),
                _ => format!("{stem}.{}.{}.json", policy.name(), target.name),
            };
            if let Some(text) = target.lower(policy).text() {
                out.insert(root().join(name), text);
            }
        }
    }
    out
}

#[test]
fn compiled_files_are_up_to_date() {
    let mut wanted = BTreeSet::new();
    for path in examples() {
        for (file, text) in compiled(&path) {
            compare(&file, &text);
            wanted.insert(file);
        }
    }
    for file in files_below("examples", ".json") {
        assert!(wanted.contains(&root().join(&file)), "{file} is compiled from no example");
    }
}

/// The catalogue's pages, letter by letter.
#[test]
fn catalogue_policies_are_the_pages_json() {
    for (name, tool) in [
        ("session_clear_all", "session_clear_all"),
        ("plex_clear_auth", "clear_auth"),
        ("trakt_clear_auth", "clear_auth"),
    ] {
        let page =
            format!("{{\n  \"version\": \"1\",\n  \"default\": \"deny\",\n  \"hide\": [\n    \"{tool}\"\n  ]\n}}\n");
        let file = format!("examples/catalogue/{name}");
        assert_eq!(compiled(&format!("{file}.mcp"))[&root().join(format!("{file}.policylayer.json"))], page);
    }
}

#[test]
fn questions_are_answered() {
    let tool = |name: &str, target: &str| {
        let text = fs::read_to_string(root().join(format!("examples/questions/{name}.{target}.json"))).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["tools"]["session_clear_all"].clone()
    };
    let reason = "sessions are kept for the audit trail";
    assert_eq!(
        tool("block_with_reason", "policylayer"),
        json!({ "deny_if": [{ "conditions": [], "on_deny": reason }] })
    );
    assert_eq!(tool("block_with_reason", "rules"), json!({ "rules": [{ "action": "deny", "reason": reason }] }));
    let limit = json!({ "counter": "session_clear_all_per_minute", "window": "minute", "max": 10, "scope": "grant" });
    assert_eq!(tool("ten_a_minute", "policylayer"), json!({ "limits": [limit] }));
    assert_eq!(
        tool("ten_a_minute", "rules"),
        json!({ "rules": [{ "action": "allow", "rate_limit": { "max": 10, "window": 60 } }] })
    );
    let text = "Requires human approval: a person confirms that no session is needed";
    assert_eq!(tool("approval", "policylayer"), json!({ "deny_if": [{ "conditions": [], "on_deny": text }] }));
    assert_eq!(tool("approval", "rules"), json!({ "rules": [{ "action": "require_approval" }] }));
}

/// What `check` finds, a line for each finding.
fn findings(path: &str) -> Vec<(Level, String)> {
    let analysis = analysis(path);
    let found = check(&analysis, &Options::new(target::ALL[0], &Settings::default())).findings;
    let line = |diagnostic: &mcppol::diagnostic::Diagnostic| {
        let source = &analysis.sources[diagnostic.span.file.0 as usize];
        let line = Lines::new(&source.text).position(&source.text, diagnostic.span.start).line;
        let place = format!("{}:{line}", source.name);
        (diagnostic.level, format!("{place}: {}[{}]", diagnostic.level.name(), diagnostic.code.name))
    };
    found.iter().map(line).collect()
}

#[test]
fn findings_are_the_expected_ones() {
    let mut said = String::new();
    for path in examples() {
        for (_, line) in findings(&path) {
            said.push_str(&format!("{line}\n"));
        }
    }
    insta::assert_snapshot!(said, @r"
    examples/catalogue/plex_clear_auth.mcp:2: error[deny-everything-by-accident]
    examples/catalogue/session_clear_all.mcp:2: error[deny-everything-by-accident]
    examples/catalogue/trakt_clear_auth.mcp:2: error[deny-everything-by-accident]
    examples/gateway/reviewer.mcp:25: info[lossy-lowering]
    examples/questions/approval.mcp:5: info[lossy-lowering]
    examples/refunds/draft.mcp:2: warning[unknown-server]
    examples/trakt/assistant.mcp:10: info[lossy-lowering]
    ");
}

#[test]
fn good_examples_are_clean() {
    let bad = ["examples/catalogue/", "examples/refunds/draft.mcp"];
    for path in examples().iter().filter(|path| !bad.iter().any(|bad| path.starts_with(bad))) {
        for (level, line) in findings(path) {
            assert_eq!(level, Level::Info, "{line}");
        }
    }
}

/// What a call that goes ahead takes from the counters.
fn reserve(policy: CheckedPolicy<'_>, tool: &str, arguments: &Value, used: &mut BTreeMap<String, u64>) {
    let rules = policy.tool(tool).into_iter().flat_map(|id| policy.get().rules_of(id)).map(|rule| (Some(tool), rule));
    let mut counted = BTreeSet::new();
    for (tool, rule) in rules.chain(policy.get().rules_of_all().map(|rule| (None, rule))) {
        let (RuleKind::Limit(rate) | RuleKind::LimitAll(rate)) = &rule.kind else { continue };
        let argument = rate.argument.as_ref().map(|path| &*path.segments);
        let amount = argument.map_or(1, |segments| arguments[&segments[0]].as_u64().unwrap());
        let counter = Counter { tool, seconds: rate.seconds, argument }.to_string();
        if counted.insert(counter.clone()) {
            *used.entry(counter).or_default() += amount;
        }
    }
}

/// The test blocks: each call with fresh counters, made as often as it says; the last decision counts.
#[test]
fn test_blocks_hold() {
    let mut calls = 0;
    for path in examples() {
        let analysis = analysis(&path);
        let checked = analysis.checked().unwrap();
        for test in checked.tests() {
            let policy = checked.policy(&test.policy.as_ref().unwrap().text).unwrap();
            let evaluator = Evaluator::new(policy);
            for call in &test.calls {
                calls += 1;
                let mut used: BTreeMap<String, u64> = BTreeMap::new();
                let mut last = None;
                for _ in 0..call.times {
                    let amounts = |counter: &Counter<'_>| Some(used.get(&counter.to_string()).copied().unwrap_or(0));
                    let made = Call { tool: &call.tool.text, arguments: &call.arguments };
                    let verdict = evaluator.decide(&made, &amounts).unwrap();
                    if matches!(verdict.decision, Decision::Allow | Decision::Ask) {
                        reserve(policy, &call.tool.text, &call.arguments, &mut used);
                    }
                    last = Some(verdict);
                }
                let verdict = last.unwrap();
                let what = format!("{path}: {}: call {} {}", test.name.text, call.tool.text, call.arguments);
                assert_eq!(verdict.decision.name(), &*call.expected.text, "{what}");
                if let Some(message) = &call.message {
                    assert_eq!(verdict.message, *message.text, "{what}");
                }
            }
        }
    }
    assert!(calls > 10, "{calls} calls");
}

/// Every example is named on the page that lists them, and every folder of the list exists.
#[test]
fn examples_are_listed() {
    let page = fs::read_to_string(root().join("examples/README.md")).unwrap();
    for path in examples() {
        let folder = path.split('/').nth(1).unwrap();
        assert!(page.contains(&format!("[{folder}]({folder}/")), "{folder} is not listed");
    }
}
