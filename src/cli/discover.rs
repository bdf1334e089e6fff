//! The files that there are to check below a folder, in one order: policies of ours by their ending, others by name or
//! shape.
//!
//! What `.gitignore` and `.ignore` leave out is left out, and so are hidden folders but for those of clients; links
//! are not followed. Everything is bounded, so that a command in the wrong folder ends.

mod ignored;

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Failure, files};
use crate::foreign;
use ignored::Rules;

/// Hidden folders in which clients keep their settings.
const CLIENTS: [&str; 4] = [".claude", ".codex", ".cursor", ".vscode"];
/// The largest file that is looked into to see its shape.
const LOOKED_INTO: u64 = 1 << 20;
/// How many files and folders are looked at, how many files are checked, and how deep folders may nest.
const LOOKED_AT: usize = 200_000;
const FOUND: usize = 10_000;
const DEPTH: usize = 48;

/// What one folder leaves out, and its place: how many parts of a path lie above it.
struct Layer {
    above: usize,
    rules: Rules,
}

/// The files to check below the working folder, by path.
pub(super) fn files() -> Result<Vec<PathBuf>, Failure> {
    let search = Search::whole(is_one)?;
    if search.found.is_empty() {
        let names: Vec<&str> = foreign::ALL.iter().flat_map(|format| format.files).copied().collect();
        let names: Vec<&str> = names.into_iter().filter(|name| name.starts_with('.')).collect();
        let looked_at = files::counted(search.looked_at);
        return Err(Failure::new(format!("nothing to check: of {looked_at} below this folder none is a policy")).help(
            format!(
                "looked for `*.mcp`, {}, and JSON and YAML files that have the shape of a gateway's policy; name a \
                 file to check just that",
                crate::text::quoted_list(&names, names.len())
            ),
        ));
    }
    Ok(search.found)
}

/// The files of our own language below the working folder, by path.
pub(super) fn policies() -> Result<Vec<PathBuf>, Failure> {
    let search = Search::whole(is_ours)?;
    if search.found.is_empty() {
        let looked_at = files::counted(search.looked_at);
        return Err(Failure::new(format!("of {looked_at} below this folder none ends in `.mcp`"))
            .help("name a file, or begin with `mcppol init`"));
    }
    Ok(search.found)
}

/// The files of our own language below any folder, by path; of too many, the first.
pub(super) fn policies_in(folder: &Path) -> Vec<PathBuf> {
    in_folder(folder, is_ours)
}

/// The files to check below any folder, by path; of too many, the first.
pub(super) fn files_in(folder: &Path) -> Vec<PathBuf> {
    in_folder(folder, is_one)
}

fn in_folder(folder: &Path, wanted: fn(&Path, &fs::DirEntry) -> bool) -> Vec<PathBuf> {
    let mut search = Search::new(wanted);
    let above = search.above(folder);
    // an editor shows what there is, where a command would say that it is not all
    let _ = search.folder(folder, above);
    search.found
}

struct Search {
    /// The names of the folders from the top of the repository to the one that is looked at.
    parts: Vec<String>,
    layers: Vec<Layer>,
    looked_at: usize,
    found: Vec<PathBuf>,
    wanted: fn(&Path, &fs::DirEntry) -> bool,
}

impl Search {
    fn new(wanted: fn(&Path, &fs::DirEntry) -> bool) -> Self {
        Self { parts: Vec::new(), layers: Vec::new(), looked_at: 0, found: Vec::new(), wanted }
    }

    /// Looks at the whole working folder.
    fn whole(wanted: fn(&Path, &fs::DirEntry) -> bool) -> Result<Self, Failure> {
        let mut out = Self::new(wanted);
        let above = std::env::current_dir().map_or(0, |here| out.above(&here));
        out.folder(Path::new("."), above)?;
        Ok(out)
    }

    /// Reads what the folders above a whole path leave out, as far as the repository reaches; how many there are.
    fn above(&mut self, here: &Path) -> usize {
        let folders: Vec<&Path> = here.ancestors().take(DEPTH).collect();
        let Some(top) = folders.iter().position(|folder| folder.join(".git").exists()) else { return 0 };
        let inward = folders.iter().take(top + 1).rev();
        for (outer, inner) in inward.clone().zip(inward.skip(1)) {
            self.layer(outer);
            self.parts.push(inner.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned());
        }
        self.parts.len()
    }

    /// Reads what a folder leaves out.
    fn layer(&mut self, folder: &Path) {
        for name in [".gitignore", ".ignore"] {
            let Ok(text) = files::read(&folder.join(name)) else { continue };
            self.layers.push(Layer { above: self.parts.len(), rules: Rules::read(&text.text) });
        }
    }

    /// Looks at a folder and those within.
    fn folder(&mut self, folder: &Path, above: usize) -> Result<(), Failure> {
        // what cannot be read is none of ours until someone names it
        let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
        let layers = self.layers.len();
        self.layer(folder);
        let mut entries: Vec<(String, fs::FileType, fs::DirEntry)> = entries
            .flatten()
            .take(LOOKED_AT)
            .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.file_type().ok()?, entry)))
            .collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, kind, entry) in entries {
            self.looked_at += usize::from(kind.is_file());
            if self.looked_at > LOOKED_AT || self.found.len() > FOUND {
                return Err(Failure::new(format!(
                    "there are more than {LOOKED_AT} files, or {FOUND} policies, below this folder"
                ))
                .help("name the files to check, or leave folders out with `.ignore`"));
            }
            let hidden = name.starts_with('.') && !(kind.is_dir() && CLIENTS.contains(&name.as_str()));
            if hidden || self.is_ignored(&name, kind.is_dir()) {
                continue;
            }
            let path = folder.strip_prefix(".").unwrap_or(folder).join(&name);
            if kind.is_dir() {
                if self.parts.len() < above + DEPTH {
                    self.parts.push(name);
                    self.folder(&path, above)?;
                    self.parts.pop();
                }
            } else if kind.is_file() && (self.wanted)(&path, &entry) {
                self.found.push(path);
            }
        }
        self.layers.truncate(layers);
        Ok(())
    }

    /// Whether an entry of the folder that is looked at is left out: by the innermost file that speaks of it.
    fn is_ignored(&self, name: &str, is_folder: bool) -> bool {
        let path: Vec<&str> = self.parts.iter().map(String::as_str).chain([name]).collect();
        let verdict = |layer: &Layer| layer.rules.verdict(path.get(layer.above..)?, is_folder);
        self.layers.iter().rev().find_map(verdict).unwrap_or(false)
    }
}

fn is_ours(path: &Path, _: &fs::DirEntry) -> bool {
    path.extension().is_some_and(|ending| ending == "mcp")
}

fn is_one(path: &Path, entry: &fs::DirEntry) -> bool {
    let Some(name) = path.to_str() else { return false };
    if name.ends_with(".mcp") || foreign::by_name(name).is_some() {
        return true;
    }
    let small = || entry.metadata().is_ok_and(|data| data.len() <= LOOKED_INTO);
    foreign::may_have_shape(name)
        && small()
        && files::read(path).is_ok_and(|source| foreign::recognise(name, &source.text).is_some())
}
