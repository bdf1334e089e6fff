//! Puts the catalogs in `catalogs/` into one index, which the program embeds.
//!
//! A catalog file that is not well-formed stops the build; whether its contents are sound is for the tests.
#![expect(clippy::disallowed_methods, reason = "a build script reads files and the environment, and writes its output")]

use std::{env, error::Error, fs, path::Path};

#[path = "src/catalog/index/write.rs"]
#[expect(dead_code, unreachable_pub, reason = "the reader's half of the layout is not needed here")]
mod index;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=catalogs");
    println!("cargo::rerun-if-changed=src/catalog/index/write.rs");
    let mut paths = Vec::new();
    for entry in fs::read_dir("catalogs")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    let entries: Result<Vec<_>, _> = paths.iter().map(|path| entry(path)).collect();
    let bytes = index::write(entries?).ok_or("the catalogs are too large for an index")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("catalogs.index"), bytes)?;
    Ok(())
}

fn entry(path: &Path) -> Result<index::Entry, Box<dyn Error>> {
    Ok(index::Entry::new(&fs::read(path)?).map_err(|error| format!("{}: {error}", path.display()))?)
}
