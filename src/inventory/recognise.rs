//! Which server of the catalogs a configured one is. What only looks like a server is not taken for it: another
//! package, repository or address under a known name is another server.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Configured, Launch};
use crate::catalog::{Catalogs, Server};

/// What a server was recognised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Its package.
    Package,
    /// Its repository, or a folder of that name.
    Repository,
    /// The host of its address.
    Host,
    /// The name in the configuration alone, where a program says no more.
    Name,
}

/// A server of the catalogs, and how it was found.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// The server.
    pub server: Arc<Server>,
    /// How it was found.
    pub by: By,
}

/// The names of all servers, for look-ups of several configured ones.
#[derive(Debug)]
pub struct Names<'c> {
    catalogs: &'c Catalogs,
    /// The ids by `owner/name` and by `name`, read when first asked for.
    repositories: OnceCell<BTreeMap<String, BTreeSet<String>>>,
}

/// How many names of a path are looked up.
const PARTS: usize = 12;

impl<'c> Names<'c> {
    /// The names of the servers in these catalogs.
    #[must_use]
    pub fn new(catalogs: &'c Catalogs) -> Self {
        Self { catalogs, repositories: OnceCell::new() }
    }

    /// The server that a configured one is; `None` where no catalog knows it.
    #[must_use]
    pub fn recognise(&self, configured: &Configured) -> Option<Recognised> {
        let found = |by| move |server| Recognised { server, by };
        match &configured.launch {
            Launch::Package { name, .. } => self.package(name).map(found(By::Package)),
            Launch::Repository(name) => self.repository(name).map(found(By::Repository)),
            Launch::Host(host) => {
                let known = self.catalogs.find(host).filter(|server| server.aliases.contains(host));
                known.map(found(By::Host))
            }
            Launch::Program(parts) => {
                let parts = || parts.iter().take(PARTS);
                let package = parts().find_map(|part| self.package(part)).map(found(By::Package));
                let repository = || parts().find_map(|part| self.repository(part)).map(found(By::Repository));
                package.or_else(repository).or_else(|| self.named(configured).map(found(By::Name)))
            }
            Launch::Unknown => self.named(configured).map(found(By::Name)),
        }
    }

    fn package(&self, name: &str) -> Option<Arc<Server>> {
        let spelt = [name.to_owned(), name.replace(['_', '.'], "-").to_lowercase()];
        spelt.iter().find_map(|name| self.catalogs.find(name).filter(|server| server.package.as_deref() == Some(name)))
    }

    /// A repository that holds one server; of several nothing says which.
    fn repository(&self, name: &str) -> Option<Arc<Server>> {
        let ids = self.repositories.get_or_init(|| self.repositories()).get(&name.to_lowercase())?;
        let [id] = ids.iter().collect::<Vec<_>>()[..] else { return None };
        let fits = |repository: &String| {
            let repository = repository.to_lowercase();
            let name = name.to_lowercase();
            repository == name || repository.rsplit('/').next() == Some(name.as_str())
        };
        self.catalogs.find(id).filter(|server| server.repository.as_ref().is_some_and(fits))
    }

    fn repositories(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        self.catalogs.each_name(|names, _| {
            let Some((id, others)) = names.split_first() else { return };
            for name in others.iter().filter(|name| !name.starts_with('@')) {
                let name = name.to_lowercase();
                let last = name.split_once('/').map(|(_, last)| last.to_owned());
                for key in last.into_iter().chain([name]) {
                    if out.get(&key).is_none_or(|ids| !ids.contains(id)) {
                        out.entry(key).or_default().insert(id.clone());
                    }
                }
            }
        });
        out
    }

    fn named(&self, configured: &Configured) -> Option<Arc<Server>> {
        self.catalogs.find(&configured.name).filter(|server| server.id == configured.name)
    }
}
