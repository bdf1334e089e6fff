//! `mcppol lsp`: the language server over standard input and output, with the files of this machine.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
};

use super::{Failure, Outcome, discover, files, project, review};
use crate::{
    config, lock,
    lsp::{Project, World, serve},
    syntax::literal::Date,
};

pub(super) fn run() -> Result<Outcome, Failure> {
    let (connection, threads) = lsp_server::Connection::stdio();
    let ended = serve(&connection, &mut Machine::default());
    drop(connection);
    ended.map_err(|ended| Failure::new(ended.to_string()))?;
    threads.join().map_err(|error| Failure::new(format!("standard output cannot be written: {error}")))?;
    Ok(Outcome::Clean)
}

/// This machine.
#[derive(Default)]
struct Machine {
    /// By the folders of the files that were asked for.
    projects: RefCell<BTreeMap<PathBuf, Rc<Known>>>,
}

/// A project, as the command line and as the server has it.
struct Known {
    settings: project::Project,
    shown: Rc<Project>,
}

impl Machine {
    fn known(&self, file: &Path) -> Rc<Known> {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let mut projects = self.projects.borrow_mut();
        Rc::clone(projects.entry(folder).or_insert_with_key(|folder| Rc::new(known(folder))))
    }
}

fn known(folder: &Path) -> Known {
    let (settings, mut problem) = match project::Project::of(folder) {
        Ok(settings) => (settings, None),
        Err(failure) => (project::Project::default(), Some(failure.message)),
    };
    let lock = review::lock_in(&settings.lock(None)).unwrap_or_else(|failure| {
        problem.get_or_insert(failure.message);
        None
    });
    let (catalogs, lints) = (settings.catalogs.clone(), settings.lints.clone());
    Known { settings, shown: Rc::new(Project { catalogs, lints, lock, problem }) }
}

/// Where programs keep what they can make again.
fn cache() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return folder("LOCALAPPDATA");
    }
    folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))
}

impl World for Machine {
    fn today(&self) -> Date {
        files::today()
    }

    fn project(&self, file: &Path) -> Rc<Project> {
        Rc::clone(&self.known(file).shown)
    }

    fn server_of(&self, file: &Path) -> Option<String> {
        self.known(file).settings.server_of(file).map(str::to_owned)
    }

    fn beside(&self, from: &str, path: &str) -> PathBuf {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        files::cleaned(&folder.join(path))
    }

    fn read(&self, file: &Path) -> Result<String, String> {
        files::read(file).map(|source| source.text).map_err(|failure| failure.message)
    }

    fn policies(&self, folder: &Path) -> Vec<PathBuf> {
        discover::policies_in(&files::cleaned(folder))
    }

    fn makes_projects(&self, file: &Path) -> bool {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name == config::FILE || name == lock::FILE_NAME
    }

    fn keep(&self, name: &str, text: &str) -> Option<PathBuf> {
        let folder = cache()?.join("mcppol").join("catalog");
        let path = folder.join(name);
        if files::current(&path).ok()?.is_none_or(|there| there != text.as_bytes()) {
            files::create_dir(&folder).ok()?;
            files::write(&path, text).ok()?;
        }
        Some(path)
    }

    fn forget(&mut self) {
        self.projects.borrow_mut().clear();
    }
}
