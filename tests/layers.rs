//! The rules of the house: what ARCHITECTURE.md promises about the source, read from the source.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder with an ending, sorted, with their paths from the root.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(path: PathBuf, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(path, out) } else { out.push(path) }
        }
    }
    let mut paths = Vec::new();
    walk(root().join(folder), &mut paths);
    paths.sort();
    let is_text = |path: &&PathBuf| path.extension().is_none_or(|it| it != "png");
    let wanted = paths.iter().filter(is_text).filter(|path| path.to_string_lossy().ends_with(ending));
    wanted
        .map(|path| {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The code of a file without its unit tests and comments.
fn code(text: &str) -> String {
    let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The layer of a source file: its first name below `src/`.
fn layer(path: &str) -> &str {
    let name = path.strip_prefix("src/").unwrap();
    let end = name.find(['/', '.']).unwrap();
    &name[..end]
}

/// The names directly after `crate::`, also in groups.
fn uses(code: &str) -> BTreeSet<String> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut out = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            out.insert(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if start && c.is_alphanumeric() => {
                    out.insert(word(&group[i..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    out
}

fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let section = text.split("## Layers").nth(1).unwrap().split("\n## ").next().unwrap();
    let names = |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    section
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            (names(cells[1]).pop_first().unwrap(), names(cells[2]))
        })
        .collect()
}

#[test]
fn layers_use_what_the_table_says() {
    let table = table();
    assert!(table.len() > 10, "the table of layers is read");
    let mut seen = BTreeMap::<String, BTreeSet<String>>::new();
    for (path, text) in files("src", ".rs") {
        let layer = layer(&path);
        if layer == "lib" || layer == "main" {
            continue;
        }
        let allowed = table.get(layer).unwrap_or_else(|| panic!("{path}: the layer `{layer}` is not in the table"));
        for used in uses(&code(&text)).into_iter().filter(|used| used != layer) {
            assert!(allowed.contains(&used), "{path} uses `crate::{used}`, which the table does not allow `{layer}`");
            seen.entry(layer.to_owned()).or_default().insert(used);
        }
    }
    for (layer, allowed) in &table {
        let used = seen.remove(layer).unwrap_or_default();
        assert_eq!(&used, allowed, "the table allows `{layer}` more than it uses");
    }
}

#[test]
fn foreign_names_have_one_home() {
    let homes: &[(&str, &[&str])] = &[
        ("pest::", &["src/syntax/parse.rs"]),
        ("pest_derive::", &["src/syntax/parse.rs"]),
        ("clap::", &["src/cli.rs", "src/cli/"]),
        ("clap_complete::", &["src/cli/args.rs", "src/cli/shell.rs"]),
        ("clap_mangen::", &["src/cli/shell.rs"]),
        ("miniz_oxide::", &["src/catalog/index.rs", "src/catalog/index/"]),
        ("toml::", &["src/config.rs", "src/config/", "src/document.rs", "src/document/toml.rs"]),
        ("jsonc_parser::", &["src/document/json.rs"]),
        ("saphyr_parser::", &["src/document/yaml.rs"]),
        ("miette::", &["src/cli/render/"]),
        ("lsp_server::", &["src/lsp/", "src/cli/lsp.rs", "src/cli/lsp/"]),
        ("lsp_types::", &["src/lsp/"]),
        ("ureq::", &["src/cli/client/http.rs", "src/cli/client/address.rs"]),
        ("rustix::", &["src/cli/client/process.rs"]),
        ("signal_hook::", &["src/cli/client/stop.rs"]),
        ("tempfile::", &["src/cli/files.rs"]),
        ("regex::", &["src/pattern.rs", "src/pattern/", "src/engine/"]),
        ("regex_automata::", &["src/pattern/automaton.rs"]),
        ("regex_syntax::", &["src/pattern.rs", "src/pattern/", "src/engine/"]),
    ];
    for (path, text) in files("src", ".rs") {
        for (name, home) in homes {
            let used = code(&text)
                .match_indices(name)
                .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
            assert!(!used || home.iter().any(|home| path.starts_with(home)), "{path} names `{name}`");
        }
    }
}

#[test]
fn long_files_say_why() {
    let sources = ["src", "tests", "benches", "grammar"].iter().flat_map(|folder| files(folder, ".rs"));
    for (path, text) in sources.chain(files("grammar", ".pest")) {
        let head: String = text.lines().take_while(|line| line.starts_with("//")).collect();
        assert!(
            text.lines().count() <= 500 || head.contains("long because"),
            "{path} has {} lines and its head does not say `long because`",
            text.lines().count()
        );
        assert!(text.starts_with("//") || path.contains("/lint/rules/"), "{path} does not begin with what it is");
    }
}

#[test]
fn nothing_is_left_over() {
    // spelt in parts, so that this file does not find itself
    let words = ["TO\u{44}O", "FIX\u{4d}E", "XX\u{58}", "dbg\u{21}(", "todo\u{21}(", "#[igno\u{72}e"];
    let folders = ["src", "tests", "benches", "grammar", "docs"];
    // what programs write may have any letters
    let written = |path: &str| path.ends_with(".snap") || path.ends_with("package-lock.json");
    for (path, text) in folders.iter().flat_map(|folder| files(folder, "")).filter(|(path, _)| !written(path)) {
        for word in words {
            assert!(!text.contains(word), "{path} contains `{word}`");
        }
    }
}
