//! `mcppol catalog index`.

use std::{collections::BTreeMap, path::PathBuf};

use crate::{
    catalog::{
        self,
        index::{Entry, write},
    },
    cli::{Failure, Outcome, args, files, print, progress::Progress},
    text::count,
};

pub(super) fn run(options: &args::Index) -> Result<Outcome, Failure> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut tools = 0;
    let paths = paths(&options.files)?;
    let mut progress = Progress::new("catalogs", Some(paths.len()));
    for path in paths {
        progress.step(1);
        let bytes = files::bytes(&path, catalog::MAX_BYTES)?;
        let shown = path.display().to_string();
        let wrong = |error: String| Failure::new(format!("`{shown}`: {error}"));
        // a look-up says what is wrong with a catalog too late, and to someone else
        catalog::parse(&bytes).map_err(|error| wrong(error.to_string()))?;
        let entry = Entry::new(&bytes).map_err(wrong)?;
        if let Some(first) = seen.insert(entry.id().to_owned(), path) {
            let message = format!("the server `{}` is in `{}` and in `{shown}`", entry.id(), first.display());
            return Err(Failure::new(message).help("leave one of them out"));
        }
        tools += entry.tools();
        entries.push(entry);
    }
    drop(progress);
    let servers = entries.len();
    let index = write(entries).ok_or_else(|| {
        Failure::new("the catalogs are too large for one index").help("make two, and name both in `mcppol.toml`")
    })?;
    files::write_bytes(&options.output, &index)?;
    print(&format!(
        "`{}`: {}, {}, {} bytes\n",
        options.output.display(),
        count(servers, "server"),
        count(tools, "tool"),
        index.len()
    ))?;
    Ok(Outcome::Clean)
}

/// The files; those of a folder by name.
fn paths(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut out = Vec::new();
    for path in named {
        let Some(mut names) = files::names(path) else {
            out.push(path.clone());
            continue;
        };
        names.retain(|name| name.ends_with(".json"));
        if names.is_empty() {
            return Err(Failure::new(format!("`{}` has no catalog: no file in it ends in `.json`", path.display())));
        }
        names.sort();
        out.extend(names.iter().map(|name| path.join(name)));
    }
    Ok(out)
}
