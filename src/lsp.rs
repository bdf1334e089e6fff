//! The language server: the protocol, and nothing else. What is shown comes from `ide`, what is found from `check`.
//!
//! One thread. All messages that wait are taken in first: text changes at once, requests into a queue, from which the
//! client may take them back. What follows from changes is worked out when a request asks for it or when no message
//! waits, a file at a time, so that typing never queues work. Every request is answered once; an answer of the client
//! is never waited for. Files, the clock and settings come from a [`World`]; nothing is read or started here.

mod board;
mod catalog;
mod client;
mod convert;
mod diagnostics;
mod documents;
mod edits;
mod features;
mod hear;
mod judge;
mod outbox;
mod places;
mod position;
mod pull;
mod serve;
mod settings;
mod state;
mod uri;
mod work;
mod workspace;

use std::{
    path::{Path, PathBuf},
    rc::Rc,
};

pub use serve::{Ended, serve};

use crate::{catalog::Catalogs, check::baseline::Baseline, lint::Settings, lock::Lock, syntax::literal::Date};

/// What policies of one project are judged by.
#[derive(Debug, Default)]
pub struct Project {
    /// The servers that are known.
    pub catalogs: Catalogs,
    /// Which rules run.
    pub lints: Settings,
    /// The reviewed tools, where there is a lock.
    pub lock: Option<Lock>,
    /// The findings that are known, where there is a baseline.
    pub baseline: Option<Baseline>,
    /// What could not be read of it, in words.
    pub problem: Option<String>,
}

/// Everything outside: files, the clock, projects.
pub trait World {
    /// The day on which policies are judged.
    fn today(&self) -> Date;

    /// The project of a file; the same value until [`World::forget`].
    fn project(&self, file: &Path) -> Rc<Project>;

    /// The server that a project's settings name for a document of others.
    ///
    /// # Errors
    /// No catalog knows that server, in words.
    fn server_of(&self, file: &Path) -> Result<Option<String>, String>;

    /// What the baseline of a file's project calls a file.
    fn name_in_baseline(&self, _project_of: &Path, file: &str) -> String {
        file.to_owned()
    }

    /// The file that a relative path means in another file; one file has one path.
    fn beside(&self, from: &str, path: &str) -> PathBuf;

    /// The text of a file.
    ///
    /// # Errors
    /// Why it cannot be had, in words.
    fn read(&self, file: &Path) -> Result<String, String>;

    /// The policies of our language in a folder and below.
    fn policies(&self, folder: &Path) -> Vec<PathBuf>;

    /// What `check` looks at in a folder and below, of our language and of others; what is very large is left out.
    fn checked(&self, folder: &Path) -> Vec<PathBuf> {
        self.policies(folder)
    }

    /// Whether projects are made from this file: settings, catalogs, overlays, locks.
    fn makes_projects(&self, file: &Path) -> bool;

    /// Keeps a text of ours as a file that any client can open, and says where; `None` where there is no place for it.
    fn keep(&self, name: &str, text: &str) -> Option<PathBuf>;

    /// Files that projects are made from have changed: read them again.
    fn forget(&mut self);

    /// The files that are not any more as they were when they were read; each is told once.
    fn changed(&mut self) -> Vec<PathBuf> {
        Vec::new()
    }
}
