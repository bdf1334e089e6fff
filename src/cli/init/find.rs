//! The configurations of clients on this machine, and what they say of servers and tools.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::super::{Failure, args, catalog, files, project::Project};
use crate::{
    catalog::{Catalogs, Server},
    foreign,
    hir::{
        Environment, Source,
        checked::{Policy, Standing},
    },
    inventory::{self, Base, By, Configured, Form, Launch, Names, PLACES, Place},
    recommend::{Existing, Listed},
};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The servers that a catalog knows, by id.
    pub(super) known: BTreeMap<String, Known>,
    /// The others, by their names.
    pub(super) unknown: BTreeMap<String, Unknown>,
    /// Names of servers that are switched off.
    pub(super) off: Vec<String>,
    /// How many configurations name servers.
    pub(super) files: usize,
    /// What was left out, and why.
    pub(super) problems: Vec<String>,
    /// What lists say of tools, by the id of the server.
    pub(super) existing: BTreeMap<String, Vec<Existing>>,
    /// The tools of servers of which lists refuse all others.
    pub(super) only: BTreeMap<String, Vec<String>>,
}

/// A server that a catalog knows.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) server: Arc<Server>,
    /// Its names in configurations.
    pub(super) names: Vec<String>,
    pub(super) files: Vec<String>,
    /// How it was recognised; `None` where it was named on the command line.
    pub(super) by: Option<By>,
    pub(super) launch: Launch,
}

/// A server that no catalog knows.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) files: Vec<String>,
    pub(super) launch: Launch,
}

/// A file that is there.
struct File {
    shown: String,
    form: Form,
    text: String,
}

/// Looks for servers and lists.
pub(super) fn find(options: &args::Init, project: &Project) -> Result<Found, Failure> {
    let mut out = Found::default();
    let files = if options.from.is_empty() { usual(options.local, &mut out) } else { named(&options.from)? };
    let here = env::current_dir().unwrap_or_default().display().to_string();
    let names = Names::new(&project.catalogs);
    for file in &files {
        match inventory::read(file.form, &file.text, &here) {
            Ok(servers) => {
                out.files += usize::from(!servers.is_empty());
                servers.into_iter().for_each(|server| out.add(server, &file.shown, &names));
            }
            Err(why) if !options.from.is_empty() => {
                return Err(Failure::new(format!("`{}` cannot be read: {why}", file.shown)));
            }
            Err(why) => out.problems.push(format!("`{}` was left out: {why}", file.shown)),
        }
    }
    out.choose(&options.servers, &project.catalogs)?;
    out.lists(&files, &project.catalogs);
    Ok(out)
}

impl Found {
    fn add(&mut self, server: Configured, file: &str, names: &Names<'_>) {
        let Configured { name, launch, disabled, refused } = &server;
        if *disabled {
            if !self.off.contains(name) {
                self.off.push(name.clone());
            }
            return;
        }
        let Some(found) = names.recognise(&server) else {
            let unknown = self.unknown.entry(name.clone());
            let unknown = unknown.or_insert_with(|| Unknown { files: Vec::new(), launch: launch.clone() });
            unknown.files.push(file.to_owned());
            return;
        };
        let id = found.server.id.clone();
        let existing = self.existing.entry(id.clone()).or_default();
        existing.extend(refused.iter().map(|tool| Existing {
            tool: tool.clone(),
            decision: Listed::Refused,
            from: file.to_owned(),
        }));
        let known = self.known.entry(id).or_insert_with(|| Known {
            server: found.server,
            names: Vec::new(),
            files: Vec::new(),
            by: Some(found.by),
            launch: launch.clone(),
        });
        if !known.names.contains(name) {
            known.names.push(name.clone());
        }
        if !known.files.iter().any(|known| known == file) {
            known.files.push(file.to_owned());
        }
    }

    /// Keeps the servers that were named, and adds those of them that no configuration speaks of.
    fn choose(&mut self, wanted: &[String], catalogs: &Catalogs) -> Result<(), Failure> {
        if wanted.is_empty() {
            return Ok(());
        }
        for name in wanted {
            let configured = self.known.values().any(|known| known.is_called(name)) || self.unknown.contains_key(name);
            if configured {
                continue;
            }
            let server = catalog::server(catalogs, name)?;
            let add = || Known {
                server: Arc::clone(&server),
                names: Vec::new(),
                files: Vec::new(),
                by: None,
                launch: Launch::Unknown,
            };
            self.known.entry(server.id.clone()).or_insert_with(add);
        }
        self.known.retain(|id, known| wanted.iter().any(|name| name == id || known.is_called(name)));
        self.unknown.retain(|name, _| wanted.contains(name));
        Ok(())
    }

    /// Reads the lists of what is allowed and refused.
    fn lists(&mut self, files: &[File], catalogs: &Catalogs) {
        // by the names that the user gave the servers, too
        let mut called = catalogs.clone();
        for known in self.known.values().filter(|known| known.names.iter().any(|name| *name != known.server.id)) {
            let mut server = known.server.as_ref().clone();
            server.aliases.extend(known.names.iter().cloned());
            called = called.with(server);
        }
        for file in files {
            let Some(format) = foreign::by_name(&file.shown) else { continue };
            let source = Source { name: file.shown.clone(), text: file.text.clone() };
            let environment = Environment { catalogs: &called, today: files::today() };
            let analysis = foreign::analyze(source, format, None, environment);
            for policy in analysis.policies() {
                let Some(server) = policy.server().filter(|server| self.known.contains_key(&server.id)) else {
                    continue;
                };
                let said = said(policy, &file.shown);
                if policy.origin().refuses_the_rest() {
                    let named = said.iter().filter(|said| said.decision != Listed::Refused);
                    let only = self.only.entry(server.id.clone()).or_default();
                    only.extend(named.map(|said| said.tool.clone()));
                }
                self.existing.entry(server.id.clone()).or_default().extend(said);
            }
        }
    }
}

impl Known {
    fn is_called(&self, name: &str) -> bool {
        self.server.id == name || self.names.iter().any(|known| known == name)
    }

    /// The server's id and its names in configurations that no catalog has.
    pub(super) fn other_names(&self) -> Option<(&str, Vec<&str>)> {
        let server = &self.server;
        let new = self.names.iter().filter(|name| **name != server.id && !server.aliases.contains(name));
        let new: Vec<&str> = new.map(String::as_str).collect();
        (!new.is_empty()).then_some((server.id.as_str(), new))
    }

    /// The name that a policy notes besides the server's own.
    pub(super) fn alias(&self) -> Option<&str> {
        match self.names.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// What the entries of a list say of tools; nothing of those that it does not name.
fn said(policy: &Policy, file: &str) -> Vec<Existing> {
    let asked = policy.origin().asks_about_the_rest();
    let listed = policy.tools().filter_map(|id| {
        policy.rules_of(id).next()?;
        let decision = match policy.standing(id) {
            Standing::Hidden | Standing::Denied => Listed::Refused,
            Standing::Asks => Listed::Asked,
            Standing::NotGranted if asked => Listed::Asked,
            Standing::NotGranted => Listed::Refused,
            Standing::Callable => Listed::Allowed,
        };
        Some(Existing { tool: policy.tool_name(id).to_owned(), decision, from: file.to_owned() })
    });
    listed.collect()
}

/// The configurations that were named.
fn named(paths: &[PathBuf]) -> Result<Vec<File>, Failure> {
    let file = |path: &PathBuf| {
        let source = files::read(path)?;
        Ok(File { form: Form::of(&source.name), shown: source.name, text: source.text })
    };
    paths.iter().map(file).collect()
}

/// Those that are in their usual places; one that cannot be read is a problem and no end.
fn usual(local: bool, found: &mut Found) -> Vec<File> {
    let mut out = Vec::new();
    for place in PLACES.iter().filter(|place| !local || place.base == Base::Project) {
        let Some((path, shown)) = at(place) else { continue };
        if !fs::metadata(&path).is_ok_and(|data| data.is_file()) {
            continue;
        }
        match files::read(&path) {
            Ok(source) => out.push(File { shown, form: place.form, text: source.text }),
            Err(failure) => found.problems.push(failure.message),
        }
    }
    out
}

/// Where a place is on this machine, and how it is shown.
fn at(place: &Place) -> Option<(PathBuf, String)> {
    let folder = |name: &str| env::var_os(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let home = || folder(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    let path = Path::new(place.path);
    // folders that the clients' own variables move
    let moved = |name: &str, within: &str| Some(folder(name)?.join(path.strip_prefix(within).ok()?));
    let path = match place.base {
        Base::Project => path.to_owned(),
        Base::Home => moved("CODEX_HOME", ".codex")
            .or_else(|| moved("CLAUDE_CONFIG_DIR", ".claude"))
            .or_else(|| moved("CLAUDE_CONFIG_DIR", "").filter(|_| place.path == ".claude.json"))
            .or_else(|| Some(home()?.join(path)))?,
        Base::Settings if cfg!(windows) => folder("APPDATA")?.join(path),
        Base::Settings if cfg!(target_os = "macos") => home()?.join("Library/Application Support").join(path),
        Base::Settings => folder("XDG_CONFIG_HOME").or_else(|| Some(home()?.join(".config")))?.join(path),
        Base::Managed if cfg!(windows) => Path::new("C:/Program Files/ClaudeCode").join(path),
        Base::Managed if cfg!(target_os = "macos") => Path::new("/Library/Application Support/ClaudeCode").join(path),
        Base::Managed => Path::new("/etc/claude-code").join(path),
    };
    let shown = match home().and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) if place.base != Base::Project => format!("~/{}", rest.display()),
        _ => path.display().to_string(),
    };
    Some((path, shown))
}
