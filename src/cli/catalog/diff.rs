//! `mcppol catalog diff`.

use std::{path::Path, sync::Arc};

use crate::{
    catalog::{self, Catalogs, Server},
    cli::{Failure, Outcome, args, files, render::drift as render},
    drift::{Drift, Guards, Seen, compare, drift},
    lock::{self, Lock, LockError},
    text::quoted_list,
};

/// What stands on one side.
enum Side {
    One(Arc<Server>),
    Many(Lock),
}

pub(in crate::cli) fn run(options: &args::Diff, catalogs: &Catalogs) -> Result<Outcome, Failure> {
    let (old, new) = (side(&options.old, catalogs)?, side(&options.new, catalogs)?);
    let found = match (&old, &new) {
        (Side::One(old), Side::One(new)) => vec![one(old, new, &options.new)],
        (Side::Many(lock), Side::One(new)) => vec![one(entry(lock, new, &options.old)?, new, &options.new)],
        (Side::One(old), Side::Many(lock)) => vec![one(old, entry(lock, old, &options.new)?, &options.new)],
        (Side::Many(old), Side::Many(new)) => {
            let ids = old.servers().iter().chain(new.servers()).map(|server| server.id.clone());
            let origin = |server: &Arc<Server>| Seen { origin: options.new.clone(), server: Arc::clone(server) };
            let now: Vec<Seen> = new.servers().iter().map(origin).collect();
            drift(old, &ids.collect::<Vec<String>>(), &now, &std::collections::BTreeMap::new())
        }
    };
    render::report(&found, &options.report)
}

/// Two servers are compared whatever they are called: one may be a fork of the other.
fn one(old: &Server, new: &Server, origin: &str) -> Drift {
    Drift { server: old.id.clone(), origin: Some(origin.to_owned()), changes: compare(old, new, &Guards::none()) }
}

fn entry<'l>(lock: &'l Lock, server: &Server, shown: &str) -> Result<&'l Arc<Server>, Failure> {
    let ids: Vec<&str> = lock.servers().iter().map(|it| it.id.as_str()).collect();
    lock.server(&server.id).ok_or_else(|| {
        Failure::new(format!("the lock `{shown}` has no server `{}`", server.id)).help(if ids.is_empty() {
            "it is empty".to_owned()
        } else {
            format!("it has {}", quoted_list(&ids, 6))
        })
    })
}

/// A file where there is one of that name, else a known server.
fn side(name: &str, catalogs: &Catalogs) -> Result<Side, Failure> {
    let path = Path::new(name);
    if path.is_file() {
        let bytes = files::bytes(path, lock::MAX_BYTES)?;
        return match lock::parse(&bytes) {
            Ok(lock) => Ok(Side::Many(lock)),
            // what has servers is meant to be a lock
            Err(error) if !matches!(error, LockError::Json(_)) || has_servers(&bytes) => {
                Err(Failure::new(format!("`{name}`: {error}")))
            }
            Err(_) => match catalog::parse(&bytes) {
                Ok(server) => Ok(Side::One(Arc::new(server))),
                Err(error) => {
                    Err(Failure::new(format!("`{name}`: {error}")).help("name a catalog, a lock, or a known server"))
                }
            },
        };
    }
    if let Some(server) = catalogs.find(name) {
        return Ok(Side::One(server));
    }
    Err(super::unknown(catalogs, name, format!("`{name}` is neither a file nor a known server")))
}

fn has_servers(bytes: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    value.is_some_and(|value| value.get("servers").is_some())
}
