//! Policy files read twice, against the reviewed tools and against those of now: which servers are in use, and what
//! the policies say of their tools.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    Failure, files, print_error,
    render::terminal::{self, Stream},
};
use crate::{
    catalog::Catalogs,
    diagnostic::Diagnostic,
    drift::{Guards, server_of},
    hir::{Analysis, Environment, analyze},
    lock::{self, Lock},
    syntax::literal::Date,
};

/// What policy files say of servers.
#[derive(Debug, Default)]
pub(super) struct Review {
    /// For each server in use, by its id, what the policies say of its tools.
    pub(super) guards: BTreeMap<String, Guards>,
}

impl Review {
    pub(super) fn read(
        policies: &[PathBuf],
        lock: &Lock,
        now: &Catalogs,
        today: Option<Date>,
    ) -> Result<Self, Failure> {
        let today = today.unwrap_or_else(files::today);
        let reviewed = lock.servers().iter().fold(now.clone(), |all, server| all.with(server.as_ref().clone()));
        let mut out = Self::default();
        for path in policies {
            let source = files::read(path)?;
            let file = source.name.clone();
            let judge = |source, catalogs| analyze(source, &files::Disk, Environment { catalogs, today });
            let (before, after) = (judge(source.clone(), &reviewed), judge(source, now));
            if before.checked().is_none() && after.checked().is_none() {
                return Err(wrong(&file, &after));
            }
            let servers = before.policies().iter().chain(after.policies()).map(|policy| server_of(policy).to_owned());
            for id in servers.collect::<std::collections::BTreeSet<String>>() {
                let guards = out.guards.remove(&id).unwrap_or_default();
                let guards = guards.with(&id, &file, before.policies(), after.policies());
                out.guards.insert(id, guards);
            }
        }
        Ok(out)
    }

    /// The ids of the servers in use, sorted.
    pub(super) fn used(&self) -> Vec<String> {
        self.guards.keys().cloned().collect()
    }
}

fn wrong(file: &str, analysis: &Analysis) -> Failure {
    let errors: Vec<Diagnostic> = analysis.diagnostics.iter().filter(|it| it.is_fatal()).cloned().collect();
    print_error(&terminal::draw(&analysis.sources, &errors, Stream::Stderr));
    Failure::new(format!("`{file}` has errors, so it does not say what may be called"))
        .help(format!("mend it: `mcppol check {file}`"))
}

/// The lock in a file; `None` where there is no such file.
pub(super) fn lock_in(path: &std::path::Path) -> Result<Option<Lock>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    let bytes = files::bytes(path, lock::MAX_BYTES)?;
    let lock = lock::parse(&bytes).map_err(|error| {
        Failure::new(format!("`{}`: {error}", path.display()))
            .help("restore it from version control, or delete it and run `mcppol lock` to review all tools anew")
    })?;
    Ok(Some(lock))
}
