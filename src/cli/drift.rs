//! `mcppol drift`.

use std::sync::Arc;

use super::{
    Failure, Outcome, args,
    connect::{LIVE, live},
    project::Project,
    render::drift as render,
    review,
    review::Review,
};
use crate::drift::{Seen, drift};

/// What the catalogs are called where several origins are compared.
const CATALOG: &str = "the catalog";

pub(super) fn run(options: &args::Drift, project: &Project) -> Result<Outcome, Failure> {
    let catalogs = &project.catalogs;
    let path = project.lock(options.lock.as_deref());
    let Some(lock) = review::lock_in(&path)? else {
        return Err(Failure::new(format!("there is no lock `{}`, so nothing was reviewed", path.display()))
            .help("run `mcppol lock` with your policies, and commit the lock"));
    };
    let review = Review::read(&options.policies, &lock, catalogs, options.today)?;
    let used = if options.policies.is_empty() {
        lock.servers().iter().map(|server| server.id.clone()).collect()
    } else {
        review.used()
    };
    let found = used.iter().filter_map(|id| catalogs.find(id));
    let mut now: Vec<Seen> = found.map(|server| Seen { origin: CATALOG.to_owned(), server }).collect();
    for id in used.iter().filter(|_| options.connect) {
        if let Some(server) = live(project, id, lock.server(id).map(AsRef::as_ref))? {
            now.push(Seen { origin: LIVE.to_owned(), server: Arc::new(server) });
        }
    }
    if options.connect && !now.iter().any(|seen| seen.origin == LIVE) {
        return Err(Failure::new("`--connect` asked no server: none in use is in the settings")
            .help("say in `mcppol.toml` how a server is reached: `[servers.NAME]` with `command = [\"…\"]` or `url`"));
    }
    // before anything is said that rests on it
    project.sound()?;
    render::report(&drift(&lock, &used, &now, &review.guards), &options.report)
}
