//! The files that there are to check below a folder, in one order: policies of ours by their ending, others by name or
//! shape.
//!
//! What `.gitignore` and `.ignore` leave out is left out, and so are hidden folders but for those of clients; links
//! are not followed. Everything is bounded, so that a command in the wrong folder ends.

use std::{
    cmp::Ordering,
    path::{Path, PathBuf},
};

use ignore::{DirEntry, WalkBuilder};

use super::{Failure, files};
use crate::foreign;

/// Hidden folders in which clients keep their settings.
const CLIENTS: [&str; 4] = [".claude", ".codex", ".cursor", ".vscode"];
/// The largest file that is looked into to see its shape.
const LOOKED_INTO: u64 = 1 << 20;
/// How many files are looked at, how many are checked, and how deep folders may nest.
const LOOKED_AT: usize = 200_000;
const FOUND: usize = 10_000;
const DEPTH: usize = 48;

/// The files to check below the working folder, by path.
pub(super) fn files() -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut looked_at = 0;
    for entry in walk() {
        // what cannot be read is none of ours until someone names it
        let Ok(entry) = entry else { continue };
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        looked_at += 1;
        if looked_at > LOOKED_AT || found.len() > FOUND {
            return Err(Failure::new(format!(
                "there are more than {LOOKED_AT} files, or {FOUND} policies, below this folder"
            ))
            .help("name the files to check, or leave folders out with `.ignore`"));
        }
        let path = entry.path().strip_prefix(".").unwrap_or(entry.path());
        if is_one(path, &entry) {
            found.push(path.to_owned());
        }
    }
    if found.is_empty() {
        let names: Vec<&str> =
            foreign::ALL.iter().flat_map(|format| format.files).copied().filter(|name| name.starts_with('.')).collect();
        return Err(Failure::new(format!("nothing to check: none of the {} below this folder is a policy", files::counted(looked_at)))
            .help(format!(
                "looked for `*.mcp`, {}, and JSON and YAML files that have the shape of a gateway's policy; name a file to check just that",
                crate::text::quoted_list(&names, names.len())
            )));
    }
    found.sort_by(|a, b| by_parts(a, b));
    Ok(found)
}

fn walk() -> ignore::Walk {
    let shown = |entry: &DirEntry| {
        let name = entry.file_name().to_str().unwrap_or_default();
        entry.depth() == 0 || !name.starts_with('.') || CLIENTS.contains(&name)
    };
    WalkBuilder::new(".")
        .hidden(false)
        .follow_links(false)
        .require_git(false)
        // what one person leaves out everywhere must not change what is found here
        .git_global(false)
        .git_exclude(false)
        .max_depth(Some(DEPTH))
        .filter_entry(shown)
        .sort_by_file_path(by_parts)
        .build()
}

fn by_parts(a: &Path, b: &Path) -> Ordering {
    a.components().cmp(b.components())
}

fn is_one(path: &Path, entry: &DirEntry) -> bool {
    let Some(name) = path.to_str() else { return false };
    if name.ends_with(".mcp") || foreign::by_name(name).is_some() {
        return true;
    }
    let small = || entry.metadata().is_ok_and(|data| data.len() <= LOOKED_INTO);
    foreign::may_have_shape(name)
        && small()
        && files::read(path).is_ok_and(|source| foreign::recognise(name, &source.text).is_some())
}
