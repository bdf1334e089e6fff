//! `mcppol drift`.

use std::sync::Arc;

use super::{Failure, Outcome, args, project, project::Project, render::drift as render};
use crate::{
    catalog::Catalogs,
    drift::{Seen, drift},
};

/// What the catalogs are called where several origins are compared.
pub(super) const CATALOG: &str = "the catalog";

pub(super) fn run(options: &args::Drift) -> Result<Outcome, Failure> {
    let catalogs = Catalogs::embedded();
    let Some(lock) = project::lock_in(&options.lock)? else {
        return Err(Failure::new(format!("there is no lock `{}`, so nothing was reviewed", options.lock.display()))
            .help("run `mcppol lock` with your policies, and commit the lock"));
    };
    let project = Project::read(&options.policies, &lock, &catalogs, options.today)?;
    let used = if options.policies.is_empty() {
        lock.servers().iter().map(|server| server.id.clone()).collect()
    } else {
        project.used()
    };
    let found = used.iter().filter_map(|id| catalogs.find(id));
    let now: Vec<Seen> = found.map(|server| Seen { origin: CATALOG.to_owned(), server: Arc::clone(&server) }).collect();
    render::report(&drift(&lock, &used, &now, &project.guards), &options.report)
}
