//! `mcppol init`.

mod documents;
mod find;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{
    Failure, Outcome, args, discover, files, print, print_error,
    project::Project,
    render::terminal::{self, Stream},
};
use crate::{
    catalog::Server,
    config,
    hir::{Analysis, Environment, Source, analyze},
    inventory::Launch,
    recommend::policy_name,
    start::{self, Numbers, Start},
};
use find::{Found, Known};

/// A file to write.
struct File {
    path: PathBuf,
    text: String,
    state: State,
    /// The document that it was made from.
    from: Option<Origin>,
}

/// A document that was there before.
struct Origin {
    path: PathBuf,
    /// In how many places the policy is stricter.
    stricter: usize,
}

/// What becomes of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// It says what would be written.
    Same,
    /// It says something else, and stays.
    Kept,
    /// It says something else, and gives way.
    Replaced,
}

pub(super) fn run(options: &args::Init, project: &Project) -> Result<Outcome, Failure> {
    let found = find::find(options, project)?;
    found.problems.iter().for_each(|problem| print_error(&format!("warning: {problem}\n")));
    let mut documents = documents::find(options, &found, project)?;
    if found.known.is_empty() && found.unknown.is_empty() && documents.is_empty() {
        return Err(words::nothing(&found, options));
    }
    let there = covered(project);
    let mut numbers = Numbers::default();
    let mut files = Vec::new();
    let mut elsewhere = Vec::new();
    let ids: BTreeSet<&String> = found.known.keys().chain(documents.keys()).collect();
    for id in ids.into_iter().cloned().collect::<Vec<String>>() {
        let document = documents.remove(&id);
        let known = found.known.get(&id);
        let name = match known {
            Some(known) => policy_name(&known.server),
            None => policy_name(&Server::new(&id, String::new())),
        };
        let path = options.dir.join(format!("{name}.mcp"));
        let there = there.get(&id);
        if let Some(other) = there.filter(|other| !files::is_same(&other.path, &path)) {
            elsewhere.push((id, other.path.clone()));
            numbers += other.numbers;
            continue;
        }
        let (text, from) = match (document, known) {
            (Some(document), _) => (document.text, Some(document.origin)),
            (None, Some(known)) => (recommended(&found, known, &path, options), None),
            (None, None) => continue,
        };
        let (text, analysis) = begin(&text, &path, project)?;
        let file = File { from, ..file(path, text, options)? };
        // what counts is what holds from now on
        match there.filter(|_| file.state == State::Kept) {
            Some(there) => numbers += there.numbers,
            None => analysis.policies().iter().for_each(|policy| numbers.add(policy)),
        }
        files.push(file);
    }
    files.extend(settings(&found, project, options)?);
    if !options.dry_run {
        if files.iter().any(|file| file.path.starts_with(&options.dir) && file.is_written()) {
            files::create_dir(&options.dir)?;
        }
        for file in files.iter().filter(|file| file.is_written()) {
            files::write(&file.path, &file.text)?;
        }
    }
    print(&words::report(&words::Report { options, found: &found, files: &files, elsewhere: &elsewhere, numbers }))?;
    Ok(Outcome::Clean)
}

impl File {
    fn is_written(&self) -> bool {
        matches!(self.state, State::New | State::Replaced)
    }
}

/// The policy that is recommended for a server.
fn recommended(found: &Found, known: &Known, path: &Path, options: &args::Init) -> String {
    let server = &known.server;
    start::policy(&Start {
        server,
        alias: known.alias(),
        tools: found.only.get(&server.id).map_or(&[], Vec::as_slice),
        existing: found.existing.get(&server.id).map_or(&[], Vec::as_slice),
        hide_rest: options.default == args::RestOf::Hide,
        file: &path.display().to_string(),
    })
}

/// A policy with its test, judged.
fn begin(text: &str, path: &Path, project: &Project) -> Result<(String, Analysis), Failure> {
    let shown = path.display().to_string();
    let judge = |text: &str| {
        let source = Source { name: shown.clone(), text: text.to_owned() };
        analyze(source, &files::Disk, Environment { catalogs: &project.catalogs, today: files::today() })
    };
    let analysis = judge(text);
    let text = match analysis.checked().and_then(|checked| checked.policies().next()) {
        Some(policy) => format!("{text}\n{}", start::test(policy)),
        None => return Err(broken(&shown, &analysis)),
    };
    let analysis = judge(&text);
    if analysis.checked().is_none() {
        return Err(broken(&shown, &analysis));
    }
    Ok((text, analysis))
}

/// What is written here is checked before it is; should it have errors, nothing is written.
fn broken(shown: &str, analysis: &Analysis) -> Failure {
    print_error(&terminal::draw(&analysis.sources, &analysis.diagnostics, Stream::Stderr));
    Failure::new(format!("what would be `{shown}` has errors, so nothing was written"))
        .help("this is a mistake of mcppol; name the other servers to go on: `mcppol init SERVER…`")
}

/// The settings, where there are none yet, and what they name.
fn settings(found: &Found, project: &Project, options: &args::Init) -> Result<Vec<File>, Failure> {
    if project.has_settings() {
        return Ok(Vec::new());
    }
    let known = found.known.iter().map(|(id, known)| (id.clone(), known.launch.clone()));
    let unknown = found.unknown.iter().map(|(name, unknown)| (name.clone(), unknown.launch.clone()));
    let servers: Vec<(String, Launch)> = known.chain(unknown).collect();
    let called: Vec<(&str, Vec<&str>)> = found.known.values().filter_map(Known::other_names).collect();
    let names = options.dir.join("names.toml");
    let shown = names.display().to_string().replace('\\', "/");
    let overlay = (!called.is_empty()).then_some(shown.as_str());
    let mut out = vec![file(PathBuf::from(config::FILE), start::settings(&servers, overlay), options)?];
    if overlay.is_some() {
        out.push(file(names, start::names(&called), options)?);
    }
    Ok(out)
}

fn file(path: PathBuf, text: String, options: &args::Init) -> Result<File, Failure> {
    let state = match files::current(&path)? {
        None => State::New,
        Some(there) if there == text.as_bytes() => State::Same,
        Some(_) if options.force => State::Replaced,
        Some(_) => State::Kept,
    };
    Ok(File { path, text, state, from: None })
}

/// A policy that is there already.
struct There {
    path: PathBuf,
    numbers: Numbers,
}

/// The servers that policies below this folder are for already, by id, each with the first such policy.
fn covered(project: &Project) -> BTreeMap<String, There> {
    let mut out = BTreeMap::new();
    // that there is none is no failure here
    let policies = discover::policies().unwrap_or_default();
    for path in &policies {
        let Ok(source) = files::read(path) else { continue };
        let environment = Environment { catalogs: &project.catalogs, today: files::today() };
        for policy in analyze(source, &files::Disk, environment).policies() {
            if let Some(server) = policy.server().filter(|_| !policy.is_included()) {
                let mut numbers = Numbers::default();
                numbers.add(policy);
                out.entry(server.id.clone()).or_insert_with(|| There { path: path.clone(), numbers });
            }
        }
    }
    out
}
