//! The language server: the protocol, and nothing else. What is shown comes from `ide`, what is found from `check`.
//!
//! One thread, one message after the other. Text changes are taken in at once; what follows from them is worked out when
//! a request asks for it or when no message waits, so that typing never queues work. Every request is answered. Files,
//! the clock and settings come from a [`World`]; nothing is read or started here.

mod catalog;
mod convert;
mod diagnostics;
mod documents;
mod features;
mod places;
mod position;
mod serve;
mod state;
mod uri;

use std::{
    path::{Path, PathBuf},
    rc::Rc,
};

pub use serve::{Ended, serve};

use crate::{catalog::Catalogs, lint::Settings, lock::Lock, syntax::literal::Date};

/// What policies of one project are judged by.
#[derive(Debug, Default)]
pub struct Project {
    /// The servers that are known.
    pub catalogs: Catalogs,
    /// Which rules run.
    pub lints: Settings,
    /// The reviewed tools, where there is a lock.
    pub lock: Option<Lock>,
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
    fn server_of(&self, file: &Path) -> Option<String>;

    /// The file that a relative path means in another file; one file has one path.
    fn beside(&self, from: &str, path: &str) -> PathBuf;

    /// The text of a file.
    ///
    /// # Errors
    /// Why it cannot be had, in words.
    fn read(&self, file: &Path) -> Result<String, String>;

    /// The policies of our language in a folder and below.
    fn policies(&self, folder: &Path) -> Vec<PathBuf>;

    /// Whether projects are made from this file: settings, catalogs, overlays, locks.
    fn makes_projects(&self, file: &Path) -> bool;

    /// Keeps a text of ours as a file that any client can open, and says where; `None` where there is no place for it.
    fn keep(&self, _name: &str, _text: &str) -> Option<PathBuf> {
        None
    }

    /// Files that projects are made from have changed: read them again.
    fn forget(&mut self);
}
