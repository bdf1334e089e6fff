//! What is published beside the crate: one version and one licence everywhere, and one set of hooks. Whether it all works is for
//! `tests/clients/precommit.sh`.

use std::fs;

use crate::examples::root;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn project(file: &str) -> toml::Table {
    let whole: toml::Table = read(file).parse().unwrap();
    whole["project"].as_table().unwrap().clone()
}

/// A manifest of hooks without what is said about it.
fn hooks(file: &str) -> String {
    read(file).lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_python_package_is_of_this_version_and_licence() {
    let package = project("pyproject.toml");
    assert_eq!(package.get("version"), None, "it is taken from Cargo.toml");
    assert!(package["dynamic"].as_array().unwrap().contains(&"version".into()));
    assert_eq!(package["license"].as_str(), Some(env!("CARGO_PKG_LICENSE")));
}

#[test]
fn the_repository_of_hooks_is_of_this_version() {
    let package = project("packaging/pre-commit/pyproject.toml");
    assert_eq!(package["version"].as_str(), Some(VERSION));
    assert_eq!(package["dependencies"], vec![format!("mcppol=={VERSION}")].into());
    assert!(read("packaging/pre-commit/README.md").contains(&format!("`v{VERSION}`")));
    assert!(read("docs/pre-commit.md").contains(&format!("    rev: v{VERSION}\n")));
}

#[test]
fn both_manifests_have_the_same_hooks_and_the_page_shows_all() {
    let ours = hooks(".pre-commit-hooks.yaml");
    assert_eq!(
        ours.replace("language: system", "language: python"),
        hooks("packaging/pre-commit/.pre-commit-hooks.yaml")
    );
    let page = read("docs/pre-commit.md");
    let ids: Vec<&str> = ours.lines().filter_map(|line| line.strip_prefix("- id: ")).collect();
    assert_eq!(ids.len(), 4);
    for id in ids {
        assert!(page.contains(&format!("      - id: {id}\n")) && page.contains(&format!("| `{id}` |")), "{id}");
    }
}
