//! The project that a command works in: its folder, its settings, and the catalogs that follow from them.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use super::{Failure, args, files};
use crate::{
    catalog::{self, Catalogs, index::Index},
    config::{self, Config, Problem},
    lint::{Choice, Persona, Settings},
    lock,
    pattern::glob,
    text::list,
};

/// A project: where its settings are, and what they lead to.
#[derive(Debug, Default)]
pub(super) struct Project {
    /// The settings, where there are any.
    file: Option<PathBuf>,
    /// Their folder; empty, the working folder, where there are none.
    pub(super) folder: PathBuf,
    pub(super) config: Config,
    pub(super) catalogs: Catalogs,
    /// Which lints run, and how much their findings weigh.
    pub(super) lints: Settings,
}

impl Project {
    /// The project of the working folder: the nearest `mcppol.toml` in it or above, as far as the repository reaches.
    pub(super) fn open(options: &args::Project) -> Result<Self, Failure> {
        let file = match &options.config {
            Some(file) => Some(file.clone()),
            None if options.no_config => None,
            None => nearest()?,
        };
        file.map_or_else(|| Ok(Self::default()), Self::read)
    }

    /// The project that a folder belongs to, wherever the program runs.
    pub(super) fn of(folder: &Path) -> Result<Self, Failure> {
        nearest_of(folder, folder).map_or_else(|| Ok(Self::default()), Self::read)
    }

    /// The files, or patterns of files, that the project of a folder is made from, whether they can be read or not.
    pub(super) fn made_from(folder: &Path) -> Vec<PathBuf> {
        let Some(file) = nearest_of(folder, folder) else { return vec![folder.join(lock::FILE_NAME)] };
        let config = files::read(&file).ok().and_then(|source| config::config(&source.text).ok()).unwrap_or_default();
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let lock = config.lock.clone().unwrap_or_else(|| lock::FILE_NAME.to_owned());
        let named = config.catalogs.into_iter().chain(config.overlays).chain(config.lint.baseline).chain([lock]);
        let named = named.map(|pattern| files::cleaned(&folder.join(pattern)));
        std::iter::once(files::cleaned(&file)).chain(named).collect()
    }

    fn read(file: PathBuf) -> Result<Self, Failure> {
        let text = files::read(&file)?.text;
        let config = config::config(&text).map_err(|problem| failure(&file, &problem))?;
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let mut catalogs = Catalogs::embedded();
        for path in listed(&folder, &config.catalogs) {
            catalogs = with_file(catalogs, &path)?;
        }
        for path in listed(&folder, &config.overlays) {
            let text = files::read(&path)?.text;
            let name = path.display().to_string();
            let overlay = config::overlay(&text).map_err(|problem| failure(&path, &problem))?;
            catalogs = overlay.apply(catalogs, &name, &text).map_err(|problem| failure(&path, &problem))?;
        }
        let lints = lints(&config).map_err(|problem| failure(&file, &problem))?;
        Ok(Self { file: Some(file), folder, config, catalogs, lints })
    }

    /// The server that the settings name for a document.
    pub(super) fn server_of(&self, file: &Path) -> Option<&str> {
        let whole = |path: &Path| std::path::absolute(path).map(|path| files::cleaned(&path)).ok();
        let file = whole(file)?;
        let fits = |pattern: &str| whole(&self.folder.join(pattern)).is_some_and(|pattern| fits(&pattern, &file));
        self.config.files.iter().find(|(pattern, _)| fits(pattern)).map(|(_, server)| server.as_str())
    }

    /// The lock: the one that the command names, else that of the settings, else the usual one in the project's folder.
    pub(super) fn lock(&self, named: Option<&Path>) -> PathBuf {
        let usual = || self.folder.join(self.config.lock.as_deref().unwrap_or(lock::FILE_NAME));
        named.map_or_else(usual, Path::to_owned)
    }

    /// Sees to it that a new catalog in `catalogs/` is found from now on, and says what was done or is to do.
    pub(super) fn adopt(&self, catalog: &Path) -> Result<String, Failure> {
        let wanted = "catalogs/*.json";
        match &self.file {
            None => {
                let file = self.folder.join(config::FILE);
                // they were left out on request
                if file.exists() {
                    return Ok(String::new());
                }
                files::write(&file, &format!("catalogs = [\"{wanted}\"]\n"))?;
                Ok(format!("`{}`: new, so that commands in this folder know the catalog\n", file.display()))
            }
            Some(file) => {
                let found = listed(&self.folder, &self.config.catalogs);
                if found.iter().any(|path| path == catalog) {
                    return Ok(String::new());
                }
                Ok(format!(
                    "add `\"{wanted}\"` to `catalogs` in `{}`, so that commands know the catalog\n",
                    file.display()
                ))
            }
        }
    }

    /// The project, with the catalogs of these files besides.
    pub(super) fn and(&self, more: &[PathBuf]) -> Result<Self, Failure> {
        let catalogs = more.iter().try_fold(self.catalogs.clone(), |all, file| with_file(all, file))?;
        let Self { file, folder, config, lints, .. } = self;
        let (file, folder, config, lints) = (file.clone(), folder.clone(), config.clone(), lints.clone());
        Ok(Self { file, folder, config, catalogs, lints })
    }

    /// Whether there are settings, even where they are left out on request.
    pub(super) fn has_settings(&self) -> bool {
        self.file.is_some() || Path::new(config::FILE).exists()
    }

    /// Asked once the work is done: where a catalog could not be read, no answer that rests on it is given.
    pub(super) fn sound(&self) -> Result<(), Failure> {
        match self.catalogs.problems().first() {
            None => Ok(()),
            Some(problem) => Err(Failure::new(problem.clone()).help("build the index again: `mcppol catalog index`")),
        }
    }
}

/// Adds a catalog file or an index.
pub(super) fn with_file(catalogs: Catalogs, path: &Path) -> Result<Catalogs, Failure> {
    let shown = path.display();
    if path.extension().is_some_and(|extension| extension == "json") {
        let bytes = files::bytes(path, catalog::MAX_BYTES)?;
        let server = catalog::parse(&bytes).map_err(|error| Failure::new(format!("`{shown}`: {error}")))?;
        return Ok(catalogs.with(server));
    }
    let file = File::open(path).and_then(files::Random::new);
    let file = file.map_err(|error| Failure::new(format!("`{shown}` cannot be read: {}", files::words(&error))))?;
    let index = Index::open(file).map_err(|error| {
        Failure::new(format!("`{shown}`: {error}"))
            .help("a catalog file ends in `.json`; anything else is taken for an index")
    })?;
    Ok(catalogs.with_index(index))
}

/// What the settings say of the lints.
fn lints(config: &Config) -> Result<Settings, Problem> {
    let mut out = Settings::default();
    if let Some(word) = &config.lint.persona {
        let names = || Persona::ALL.into_iter().map(Persona::name);
        out.persona = Persona::ALL.into_iter().find(|persona| persona.name() == word).ok_or_else(|| {
            Problem::new(None, format!("there is no persona `{word}`")).help(format!("write {}", quoted(names())))
        })?;
    }
    for (rule, word) in &config.lint.rules {
        let choice = Choice::from_name(word).ok_or_else(|| {
            Problem::new(None, format!("`{word}` is no level for the rule `{rule}`"))
                .help(format!("write {}", quoted(Choice::names())))
        })?;
        out.choose(rule, choice).map_err(|unknown| {
            let problem = Problem::new(None, format!("no rule is named `{rule}`"));
            problem.help(unknown.help())
        })?;
    }
    Ok(out)
}

/// "`a`, `b` or `c`"
fn quoted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    list(&words.map(|word| format!("`{word}`")).collect::<Vec<_>>(), "or")
}

/// What is wrong with a settings file, and where.
pub(super) fn failure(file: &Path, problem: &Problem) -> Failure {
    let failure = Failure::new(format!("`{}`, {problem}", file.display()));
    match &problem.help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// The settings of the working folder, named as from there, as in messages about other files.
fn nearest() -> Result<Option<PathBuf>, Failure> {
    let here = std::env::current_dir()
        .map_err(|error| Failure::new(format!("the working folder is gone: {}", files::words(&error))))?;
    Ok(nearest_of(&here, Path::new("")))
}

/// The settings of a folder, which is called `name`. Those above the repository are those of something else.
fn nearest_of(folder: &Path, name: &Path) -> Option<PathBuf> {
    let mut up = name.to_owned();
    for folder in folder.ancestors() {
        let file = up.join(config::FILE);
        if file.is_file() {
            return Some(file);
        }
        if folder.join(".git").exists() {
            break;
        }
        up.push("..");
    }
    None
}

/// Whether a pattern, whose last part may have `*`, means this file.
pub(super) fn fits(pattern: &Path, file: &Path) -> bool {
    let names = pattern.file_name().and_then(|name| name.to_str()).zip(file.file_name().and_then(|name| name.to_str()));
    pattern.parent() == file.parent() && names.is_some_and(|(pattern, name)| glob::matches(pattern, name))
}

/// The files that a setting names, in its order; those of one pattern by name.
fn listed(folder: &Path, patterns: &[String]) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for pattern in patterns {
        let path = folder.join(pattern);
        let last = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if !last.contains('*') {
            out.push(path);
            continue;
        }
        let within = path.parent().unwrap_or(folder);
        // nothing to match yet, or no more: what is missing shows where a policy speaks of it
        let mut found = files::names(within).unwrap_or_default();
        found.retain(|name| glob::matches(&last, name));
        found.sort();
        out.extend(found.iter().map(|name| within.join(name)));
    }
    out
}
