//! What is tested from outside the crate, in one binary. Each file beside this one is a module of it.

#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests read their data, look at the clock and start threads")]
#![expect(clippy::string_slice, reason = "a slice that cuts a character fails the test, as it should")]

mod benign;
mod catalogs;
mod classify;
mod cli;
mod client;
mod docs;
mod drift;
mod editors;
mod eval;
mod examples;
mod foreign;
mod format;
mod ide;
mod import;
mod init;
mod laws;
mod layers;
mod live;
mod lsp;
mod meaning;
mod packaging;
mod pages;
mod project;
mod pull;
mod recommend;
mod region;
mod report;
mod robust;
mod rules;
mod schemas;
mod security;
mod shell;
mod syntax;
mod trial;

#[test]
fn no_file_is_forgotten() {
    let declared = include_str!("main.rs");
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") {
            let line = format!("\nmod {module};\n");
            assert!(declared.contains(&line), "tests/{name} is not declared in tests/main.rs");
        }
    }
}
