//! The command line: arguments and files in, text and exit codes out. Nothing is decided here.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the edge: files, the clock and the environment are read here and passed in as values"
)]

mod args;
mod baseline;
mod catalog;
mod check;
mod client;
mod compile;
mod connect;
mod discover;
mod drift;
mod eval;
mod files;
mod fix;
mod fmt;
mod import;
mod init;
mod lock;
mod lsp;
mod progress;
mod project;
mod recommend;
mod render;
mod review;
mod rules;
mod shell;
mod test;

use std::{io::Write as _, path::Path, process::ExitCode};

use clap::Parser as _;

use crate::{
    foreign,
    hir::{Analysis, Environment, Source, analyze},
    syntax::literal::Date,
    text::{self, visible},
};

/// How a command ended; the exit code is the same in every output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// 0: nothing to say, or said and done.
    Clean,
    /// 1: findings.
    Findings,
}

/// A command could not do its work: exit code 2.
#[derive(Debug)]
struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    match run(&arguments) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => {
            // nowhere to report a failure of standard error itself
            let mut stderr = std::io::stderr().lock();
            let _ = writeln!(stderr, "error: {}", visible(&failure.message));
            if let Some(help) = failure.help {
                let _ = writeln!(stderr, "  help: {}", visible(&help));
            }
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &args::Arguments) -> Result<Outcome, Failure> {
    // an editor is served even where settings cannot be read: it says so where they count
    if let args::Command::Lsp(options) = &arguments.command {
        return lsp::run(options, &arguments.project);
    }
    let project = project::Project::open(&arguments.project)?;
    let outcome = match &arguments.command {
        args::Command::Init(options) => init::run(options, &project),
        args::Command::Check(options) => check::run(options, &project),
        args::Command::Rules(options) => rules::list(options),
        args::Command::Explain(options) => rules::explain(options),
        args::Command::Compile(options) => compile::run(options, &project),
        args::Command::Test(options) => test::run(options, &project),
        args::Command::Eval(options) => eval::run(options, &project),
        args::Command::Import(options) => import::run(options, &project),
        args::Command::Recommend(options) => recommend::run(options, &project),
        args::Command::Fmt(options) => fmt::run(options),
        args::Command::Lock(options) => lock::run(options, &project),
        args::Command::Drift(options) => drift::run(options, &project),
        args::Command::Lsp(options) => lsp::run(options, &arguments.project),
        args::Command::Completions(options) => shell::completions(options),
        args::Command::Man(options) => shell::man(options),
        args::Command::Catalog { command } => catalog::run(command, &project),
    };
    // a server that could not be read looks like one that is unknown: say the cause, not what followed from it
    project.sound()?;
    outcome
}

/// Writes to standard output; a reader that went away is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes to standard error.
fn print_error(text: &str) {
    // nowhere to report a failure of standard error itself
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// As [`analysis`], where the file may also be of a format of others; `server` is the one that it is for.
fn analysis_of_any(
    source: Source,
    project: &project::Project,
    today: Option<Date>,
    server: Option<&str>,
) -> Result<Analysis, Failure> {
    let path = Path::new(&source.name).to_owned();
    let environment = Environment { catalogs: &project.catalogs, today: today.unwrap_or_else(files::today) };
    let analysis = match foreign::recognise(&source.name, &source.text) {
        Some(format) => {
            let server = foreign_server(format, server.or_else(|| project.server_of(&path)), project)?;
            foreign::analyze(source, format, server, environment)
        }
        None if is_foreign_by_ending(&path) => return Err(of_no_format(&source)),
        None => analyze(source, &files::Disk, environment),
    };
    project.sound()?;
    Ok(analysis)
}

fn of_no_format(source: &Source) -> Failure {
    Failure::new(format!("`{}` is of no format that is read", source.name)).help(formats("these are: `.mcp`,"))
}

/// The server that a document of others is for, where it leaves that open and someone said it.
fn foreign_server<'s>(
    format: &foreign::Format,
    server: Option<&'s str>,
    project: &project::Project,
) -> Result<Option<&'s str>, Failure> {
    let server = server.filter(|_| format.needs_server());
    if let Some(server) = server {
        catalog::server(&project.catalogs, server)?;
    }
    Ok(server)
}

/// The formats of others that are read.
fn formats(begin: &str) -> String {
    format!("{begin} {}", text::list(&foreign::ALL.iter().map(|format| format.title).collect::<Vec<_>>(), "and"))
}

/// Whether a file cannot be a policy of ours, by its ending.
fn is_foreign_by_ending(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ["json", "jsonc", "yaml", "yml", "toml"].iter().any(|other| ending == *other))
}

/// Reads and analyses a file, or standard input for `-`.
fn analysis(path: &Path, project: &project::Project, today: Option<Date>) -> Result<Analysis, Failure> {
    let source = files::read(path)?;
    if let Some(format) = foreign::recognise(&source.name, &source.text) {
        return Err(Failure::new(format!("`{}` is {}, and no policy of the language", source.name, format.title))
            .help(format!("`mcppol import {}` writes it as a `.mcp` file", path.display())));
    }
    analysis_of(source, project, today)
}

/// Analyses a policy of ours.
fn analysis_of(source: Source, project: &project::Project, today: Option<Date>) -> Result<Analysis, Failure> {
    let today = today.unwrap_or_else(files::today);
    let analysis = analyze(source, &files::Disk, Environment { catalogs: &project.catalogs, today });
    // before anything is printed or written that rests on it
    project.sound()?;
    Ok(analysis)
}
