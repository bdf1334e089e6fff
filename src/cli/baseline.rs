//! The baseline of a run of `check`: read, asked for each finding, and written again where that is wanted.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    Failure, args,
    files::{self, Root},
    print_error,
    project::Project,
    render::{
        one_line,
        report::{BaselineEnd, Judged, State},
    },
};
use crate::{
    check::baseline::{Baseline, FILE_NAME, Known, MAX_BYTES},
    hir::Analysis,
    lint::Settings,
    text::{FileId, count},
};

/// What is done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Read,
    /// It becomes what is found now.
    Write,
    /// It loses what is found no more.
    Update,
}

/// A baseline in use.
#[derive(Debug)]
pub(super) struct Ledger {
    path: PathBuf,
    /// Its folder, which names of files are relative to.
    root: Root,
    mode: Mode,
    known: Baseline,
    seen: BTreeSet<Known>,
    /// The files of which everything is known that there is to find.
    judged: BTreeSet<String>,
    /// How many findings it knows.
    count: usize,
    /// Whether the settings name a baseline.
    set: bool,
}

impl Ledger {
    /// The baseline that the command or the settings name; without one `None`.
    pub(super) fn open(options: &args::Check, project: &Project) -> Result<Option<Self>, Failure> {
        let asked = &options.baseline;
        let set = project.config.lint.baseline.as_ref().map(|file| project.folder.join(file));
        let usual = || set.clone().unwrap_or_else(|| project.folder.join(FILE_NAME));
        let (mode, path) = match (&asked.write_baseline, &asked.baseline) {
            _ if asked.no_baseline => return Ok(None),
            (Some(file), _) => (Mode::Write, file.clone().unwrap_or_else(usual)),
            (None, Some(file)) if asked.update_baseline => (Mode::Update, file.clone()),
            (None, None) if asked.update_baseline => (Mode::Update, usual()),
            (None, Some(file)) => (Mode::Read, file.clone()),
            (None, None) => match &set {
                Some(file) => (Mode::Read, file.clone()),
                None => return Ok(None),
            },
        };
        let known = if mode == Mode::Write { Baseline::default() } else { read(&path)? };
        let root = Root::of(&path)?;
        let (seen, judged, set) = (BTreeSet::new(), BTreeSet::new(), set.is_some());
        Ok(Some(Self { path, root, mode, known, seen, judged, count: 0, set }))
    }

    /// Whether a baseline is there to compare with: not where it is only now written.
    pub(super) fn compares(&self) -> bool {
        self.mode != Mode::Write
    }

    /// Marks the findings of a file that are known.
    pub(super) fn mark(&self, file: &mut Judged<'_>) -> Vec<Known> {
        let mut out = Vec::new();
        let names: Vec<String> = file.sources.iter().map(|source| self.root.path_to(&source.name)).collect();
        for item in file.items.iter_mut().filter(|item| item.state == State::Open) {
            let Some(name) = names.get(item.found.span.file.0 as usize) else { continue };
            let Some(known) = Known::new(name, item.found, item.fingerprint) else { continue };
            if self.mode == Mode::Write || self.known.has(&known, &item.found.message) {
                item.state = State::Known;
                out.push(known);
            }
        }
        out
    }

    /// As [`Ledger::mark`], and remembers what there is.
    pub(super) fn add(&mut self, analysis: &Analysis, file: &mut Judged<'_>) {
        let marked = self.mark(file);
        self.count += marked.len();
        if self.mode == Mode::Write {
            let known = file.items.iter().filter(|item| item.state == State::Known);
            for (known, item) in marked.iter().zip(known) {
                self.known.add(known.clone(), &item.found.message);
            }
        }
        self.seen.extend(marked);
        // of a file with errors not everything is found, and of its imports only what it uses
        if analysis.checked().is_some() {
            let root = analysis.sources.get(FileId(0).0 as usize);
            self.judged.extend(root.map(|source| self.root.path_to(&source.name)));
        }
    }

    /// Writes the file where that is wanted, and says what became of it.
    pub(super) fn finish(mut self, lints: &Settings) -> Result<BaselineEnd, Failure> {
        let gone = |known: &Known| {
            let over = self.judged.contains(&known.file) && lints.looks_for(&known.rule);
            let lost = || known.file != files::STDIN && !self.root.path_of(&known.file).exists();
            !self.seen.contains(known) && (over || lost())
        };
        let stale: Vec<(Known, String)> = self
            .known
            .entries()
            .filter(|(known, _)| gone(known))
            .map(|(known, message)| (known.clone(), message.to_owned()))
            .collect();
        let file = self.path.display().to_string();
        let mut end = BaselineEnd { file: file.clone(), known: self.count, stale };
        match self.mode {
            Mode::Read => {
                if let Some((note, help)) = end.stale_note() {
                    print_error(&format!("warning: {}\n  help: {help}\n", one_line(&note)));
                }
            }
            Mode::Write => {
                files::write(&self.path, &self.known.to_string())?;
                let recorded = count(self.known.entries().len(), "finding");
                print_error(&format!("`{}`: recorded {recorded}\n", one_line(&file)));
                if !self.set {
                    let name = one_line(&file);
                    print_error(&format!(
                        "  help: use it with `--baseline {name}`, or with `baseline` below `[lint]` in `mcppol.toml`\n"
                    ));
                }
            }
            Mode::Update => {
                let gone: BTreeSet<Known> = end.stale.drain(..).map(|(known, _)| known).collect();
                self.known.retain(|known| !gone.contains(known));
                if !gone.is_empty() {
                    files::write(&self.path, &self.known.to_string())?;
                }
                let (gone, left) = (gone.len(), self.known.entries().len());
                print_error(&format!("`{}`: {gone} taken out, {left} left\n", one_line(&file)));
            }
        }
        Ok(end)
    }
}

/// The baseline in a file.
pub(super) fn read(path: &Path) -> Result<Baseline, Failure> {
    let help = "record one with `mcppol check --write-baseline`";
    let bytes = files::bytes(path, MAX_BYTES).map_err(|failure| failure.help(help))?;
    Baseline::parse(&bytes).map_err(|why| {
        Failure::new(format!("`{}`: {why}", path.display()))
            .help("restore it from version control, or record it anew with `mcppol check --write-baseline`")
    })
}
