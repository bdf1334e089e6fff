//! The policies of the workspace that are not open: who imports what, and which are to be judged again.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::World;

/// How many files are kept.
const MOST: usize = 256;
/// How many folders are looked at.
const FOLDERS: usize = 32;

/// The folders that the client works in, and what is in them.
#[derive(Default)]
pub(super) struct Workspace {
    folders: BTreeSet<PathBuf>,
    /// Whether the folders are to be looked through again.
    stale: bool,
    files: BTreeMap<String, Shut>,
}

/// A file.
pub(super) struct Shut {
    pub(super) path: PathBuf,
    /// Whether it is to be judged.
    pub(super) stale: bool,
    /// Whether a client that does not ask is told what is found: once something that it imports has changed.
    pub(super) shown: bool,
    /// The files that it imports, or would.
    needs: BTreeSet<String>,
}

impl Workspace {
    /// The client works in these folders too.
    pub(super) fn add(&mut self, folders: impl IntoIterator<Item = PathBuf>) {
        let room = FOLDERS.saturating_sub(self.folders.len());
        self.folders.extend(folders.into_iter().take(room));
        self.stale = true;
    }

    /// The folders that the client works in.
    pub(super) fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.folders.iter()
    }

    /// The client does not work in this folder any more.
    pub(super) fn remove(&mut self, folder: &Path) {
        self.folders.remove(folder);
        self.stale = true;
    }

    /// Looks the folders through again, if that is to be done; the files that are gone.
    pub(super) fn list(&mut self, world: &dyn World) -> Option<Vec<String>> {
        if !std::mem::take(&mut self.stale) {
            return None;
        }
        let mut before = std::mem::take(&mut self.files);
        for path in self.folders.iter().flat_map(|folder| world.checked(folder)) {
            if self.files.len() == MOST {
                break;
            }
            let name = path.display().to_string();
            let new = Shut { path, stale: true, shown: false, needs: BTreeSet::new() };
            let file = before.remove(&name).unwrap_or(new);
            self.files.insert(name, file);
        }
        Some(before.into_keys().collect())
    }

    /// Whether the folders are to be looked through.
    pub(super) fn is_unlisted(&self) -> bool {
        self.stale
    }

    /// The names of the files.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.files.keys()
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Shut> {
        self.files.get_mut(name)
    }

    /// A file is not there any more.
    pub(super) fn forget(&mut self, name: &str) {
        self.files.remove(name);
    }

    /// The files that are to be judged.
    pub(super) fn stale(&self) -> impl Iterator<Item = (&String, &Shut)> {
        self.files.iter().filter(|(_, file)| file.stale)
    }

    /// A file was judged.
    pub(super) fn settled(&mut self, name: &str, needs: BTreeSet<String>) {
        if let Some(file) = self.files.get_mut(name) {
            (file.stale, file.needs) = (false, needs);
        }
    }

    /// A file says something else: what imports it is to be judged again.
    pub(super) fn touch(&mut self, name: &str) {
        for file in self.files.values_mut().filter(|file| file.needs.contains(name)) {
            (file.stale, file.shown) = (true, true);
        }
    }

    /// A file on the disk was written, made or removed.
    pub(super) fn written(&mut self, name: &str, same: bool) {
        match self.files.get_mut(name) {
            Some(file) if same => file.stale = true,
            _ => self.stale = true,
        }
    }

    /// Everything is to be judged again.
    pub(super) fn renew(&mut self) {
        self.files.values_mut().for_each(|file| file.stale = true);
    }
}
