//! The files of this machine, its clock, and the projects on it.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
    time::SystemTime,
};

use super::super::{Failure, args, baseline, catalog, discover, files, files::Root, project, review};
use crate::{
    check::baseline::Baseline,
    config, lock,
    lsp::{Project, World},
    syntax::literal::Date,
};

/// The largest policy that is looked at while it is not open.
const UNOPENED: u64 = 4 << 20;
/// How many files are watched by their times.
const WATCHED: usize = 4_096;

/// This machine.
pub(super) struct Machine<'a> {
    options: &'a args::Project,
    /// By the folders of the files that were asked for.
    projects: RefCell<BTreeMap<PathBuf, Rc<Known>>>,
    /// The files that were read, as they were then.
    seen: RefCell<BTreeMap<PathBuf, Stamp>>,
}

/// When a file was written, and its size; nothing where there is none.
type Stamp = Option<(SystemTime, u64)>;

/// A project, as the command line and as the server has it.
struct Known {
    settings: project::Project,
    /// What names in the baseline are relative to.
    root: Option<Root>,
    /// The files, or patterns of files, that it is made from.
    made_from: Vec<PathBuf>,
    shown: Rc<Project>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(options: &'a args::Project) -> Self {
        Self { options, projects: RefCell::default(), seen: RefCell::default() }
    }

    fn known(&self, file: &Path) -> Rc<Known> {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        if let Some(known) = self.projects.borrow().get(&folder) {
            return Rc::clone(known);
        }
        let known = Rc::new(known(&folder, self.options));
        for file in &known.made_from {
            self.see(file);
        }
        self.projects.borrow_mut().insert(folder, Rc::clone(&known));
        known
    }

    /// Remembers how a file is now.
    fn see(&self, file: &Path) {
        let mut seen = self.seen.borrow_mut();
        if seen.len() < WATCHED {
            seen.insert(file.to_owned(), stamp(file));
        }
    }
}

fn stamp(file: &Path) -> Stamp {
    let data = fs::metadata(file).ok()?;
    Some((data.modified().ok()?, data.len()))
}

fn known(folder: &Path, options: &args::Project) -> Known {
    let asked = options.config.is_some() || options.no_config;
    let made_from = match &options.config {
        Some(file) => vec![files::cleaned(file)],
        None if options.no_config => Vec::new(),
        None => project::Project::made_from(folder),
    };
    let mut problem = None;
    let mut or_none = |failure: Failure| {
        problem.get_or_insert(said(failure));
    };
    let settings = if asked { project::Project::open(options) } else { project::Project::of(folder) };
    let settings = settings.map_err(&mut or_none).unwrap_or_default();
    let lock = review::lock_in(&settings.lock(None)).map_err(&mut or_none).unwrap_or_default();
    let known = baseline_of(&settings).map_err(&mut or_none).unwrap_or_default();
    let (baseline, root) = known.unzip();
    let (catalogs, lints) = (settings.catalogs.clone(), settings.lints.clone());
    Known { settings, root, made_from, shown: Rc::new(Project { catalogs, lints, lock, baseline, problem }) }
}

/// The baseline that settings name, and the folder that it is in.
fn baseline_of(settings: &project::Project) -> Result<Option<(Baseline, Root)>, Failure> {
    let Some(file) = &settings.config.lint.baseline else { return Ok(None) };
    let path = settings.folder.join(file);
    Ok(Some((baseline::read(&path)?, Root::of(&path)?)))
}

/// A failure in one line.
fn said(failure: Failure) -> String {
    match failure.help {
        Some(help) => format!("{} ({help})", failure.message),
        None => failure.message,
    }
}

/// Where programs keep what they can make again.
fn cache() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return folder("LOCALAPPDATA");
    }
    folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))
}

impl World for Machine<'_> {
    fn today(&self) -> Date {
        files::today()
    }

    fn project(&self, file: &Path) -> Rc<Project> {
        Rc::clone(&self.known(file).shown)
    }

    fn server_of(&self, file: &Path) -> Result<Option<String>, String> {
        let known = self.known(file);
        let Some(server) = known.settings.server_of(file) else { return Ok(None) };
        catalog::server(&known.settings.catalogs, server).map_err(said)?;
        Ok(Some(server.to_owned()))
    }

    fn name_in_baseline(&self, project_of: &Path, file: &str) -> String {
        let known = self.known(project_of);
        known.root.as_ref().map_or_else(|| file.to_owned(), |root| root.path_to(file))
    }

    fn beside(&self, from: &str, path: &str) -> PathBuf {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        files::cleaned(&folder.join(path))
    }

    fn read(&self, file: &Path) -> Result<String, String> {
        self.see(file);
        files::read(file).map(|source| source.text).map_err(|failure| failure.message)
    }

    fn policies(&self, folder: &Path) -> Vec<PathBuf> {
        discover::policies_in(&files::cleaned(folder))
    }

    fn checked(&self, folder: &Path) -> Vec<PathBuf> {
        let mut found = discover::files_in(&files::cleaned(folder));
        found.retain(|file| fs::metadata(file).is_ok_and(|data| data.len() <= UNOPENED));
        found
    }

    fn makes_projects(&self, file: &Path) -> bool {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let projects = self.projects.borrow();
        let mut patterns = projects.values().flat_map(|known| &known.made_from);
        name == config::FILE || name == lock::FILE_NAME || patterns.any(|pattern| project::fits(pattern, file))
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

    fn changed(&mut self) -> Vec<PathBuf> {
        let mut changed = Vec::new();
        for (file, before) in self.seen.borrow_mut().iter_mut() {
            let now = stamp(file);
            if now != *before {
                *before = now;
                changed.push(file.clone());
            }
        }
        changed
    }
}
