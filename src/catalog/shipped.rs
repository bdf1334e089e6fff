//! The catalogs at hand: those compiled into the program, and those the caller adds.
//!
//! A catalog in an index is parsed when it is first needed, and once per [`Catalogs`] value.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    ClassSource, Server,
    index::{Index, IndexError},
};

/// Made by `build.rs` from `catalogs/`.
static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalogs.index"));

/// Servers, to be found by name.
#[derive(Clone, Debug)]
pub struct Catalogs {
    /// The first is asked first.
    shelves: Vec<Arc<Shelf>>,
    /// In the order they were added, no id twice.
    added: Vec<Arc<Server>>,
}

/// An index, what was read of it so far, and what went wrong with it.
#[derive(Debug)]
struct Shelf {
    index: Index,
    /// Whose judgement its classes are.
    source: ClassSource,
    read: Mutex<BTreeMap<u32, Arc<Server>>>,
    problem: Mutex<Option<String>>,
}

impl Shelf {
    fn new(index: Index, source: ClassSource) -> Arc<Self> {
        Arc::new(Self { index, source, read: Mutex::default(), problem: Mutex::default() })
    }

    fn server(&self, at: u32) -> Option<Arc<Server>> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = read.get(&at) {
            return Some(Arc::clone(server));
        }
        let mut server = self.well(self.index.server(at))?;
        for tool in &mut server.tools {
            tool.source = self.source.clone();
        }
        let server = Arc::new(server);
        read.insert(at, Arc::clone(&server));
        Some(server)
    }

    /// A server that cannot be read is unknown to the checker, which says so; the reason is kept for the caller.
    fn well<T>(&self, answer: Result<T, IndexError>) -> Option<T> {
        let keep = |error: IndexError| {
            let mut problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
            problem.get_or_insert_with(|| error.to_string());
        };
        answer.map_err(keep).ok()
    }
}

impl Catalogs {
    /// No catalog at all.
    #[must_use]
    pub const fn none() -> Self {
        Self { shelves: Vec::new(), added: Vec::new() }
    }

    /// The catalogs that ship with the program. Nothing is parsed yet.
    #[must_use]
    pub fn embedded() -> Self {
        // a test sees to it that the index is sound; without it every server would be unknown, and be said to be
        let shelf = Index::open(EMBEDDED).ok().map(|index| Shelf::new(index, ClassSource::Embedded));
        Self { shelves: shelf.into_iter().collect(), added: Vec::new() }
    }

    /// Adds an index, whose servers come before those of the indexes so far.
    #[must_use]
    pub fn with_index(mut self, index: Index) -> Self {
        self.shelves.insert(0, Shelf::new(index, ClassSource::Pulled));
        self
    }

    /// Adds a server, in the place of any other of the same id.
    #[must_use]
    pub fn with(mut self, mut server: Server) -> Self {
        // Look-up relies on the order, and a server made by hand may lack it.
        server.tools.sort_by(|a, b| a.name.cmp(&b.name));
        self.added.retain(|it| it.id != server.id);
        self.added.push(Arc::new(server));
        self
    }

    /// The server of that name: an id, else an alias, a package or an `owner/name` repository,
    /// always the whole and as written. Where several share one of the latter, those added come
    /// before those shipped.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<Server>> {
        let by_id = || self.added.iter().find(|it| it.id == name).cloned();
        let on_shelf = || self.shelves.iter().find_map(|it| it.server(it.well(it.index.find_id(name))??));
        let by_other_name = || self.added.iter().find(|it| answers_to(it, name)).cloned();
        let on_shelf_by_other_name = || {
            let found = self.shelves.iter().find_map(|it| it.server(it.well(it.index.find(name))??))?;
            // what took the server's place answers to names of its own alone
            (!self.added.iter().any(|it| it.id == found.id)).then_some(found)
        };
        by_id().or_else(on_shelf).or_else(by_other_name).or_else(on_shelf_by_other_name)
    }

    /// Up to `most` servers that have a tool of exactly this name, sorted by id, and how many more there are: at most so
    /// many, for those that give way to another of their id are only seen where they are read.
    #[must_use]
    pub fn with_tool(&self, tool: &str, most: usize) -> (Vec<Arc<Server>>, usize) {
        let added = self.added.iter().filter(|it| it.tool(tool).is_some());
        let mut found: Vec<Arc<Server>> = added.cloned().collect();
        let mut more = 0;
        for (place, shelf) in self.shelves.iter().enumerate() {
            for at in shelf.well(shelf.index.with_tool(tool)).unwrap_or_default() {
                if found.len() >= most {
                    more += 1;
                } else {
                    found.extend(shelf.server(at).filter(|it| !self.is_replaced(&it.id, place)));
                }
            }
        }
        more += found.len().saturating_sub(most);
        found.truncate(most);
        found.sort_by(|a, b| a.id.cmp(&b.id));
        (found, more)
    }

    /// Calls `with` for every server, by all of its names, and for every tool of it: what is known without reading the
    /// catalogs themselves. The first of the names is the id.
    pub fn each_name(&self, mut with: impl FnMut(&[String], &str)) {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for server in &self.added {
            let others = server.aliases.iter().chain(&server.package).chain(&server.repository).chain([&server.name]);
            let names: Vec<String> = [&server.id].into_iter().chain(others).cloned().collect();
            server.tools.iter().for_each(|tool| with(&names, &tool.name));
            seen.insert(server.id.clone());
        }
        for shelf in &self.shelves {
            let Some(mut names) = shelf.well(shelf.index.names()) else { continue };
            for names in &mut names {
                // one that gives way to another of its id has no names left
                let id = names.first().cloned().unwrap_or_default();
                if !seen.insert(id) {
                    names.clear();
                }
            }
            shelf.well(shelf.index.each_tool(|tool, at| {
                if let Some(names) = names.get(at as usize).filter(|names| !names.is_empty()) {
                    with(names, tool);
                }
            }));
        }
    }

    /// The ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = String> {
        let added = self.added.iter().map(|it| it.id.clone());
        let on_shelves = self.shelves.iter().flat_map(|it| it.well(it.index.ids()).unwrap_or_default());
        let mut ids: Vec<String> = added.chain(on_shelves.map(|(id, _)| id)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter()
    }

    /// What could not be read so far, of indexes that were damaged or went away. A caller that trusts an answer asks
    /// this first: a server that could not be read looks like one that is unknown.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let problem = |it: &Arc<Shelf>| it.problem.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.shelves.iter().filter_map(problem).collect()
    }

    /// Whether a server on that shelf gives way to another of its id.
    fn is_replaced(&self, id: &str, shelf: usize) -> bool {
        let before = self.shelves.iter().take(shelf);
        self.added.iter().any(|it| it.id == id)
            || before.into_iter().any(|it| matches!(it.well(it.index.find_id(id)), Some(Some(_))))
    }
}

impl Default for Catalogs {
    fn default() -> Self {
        Self::embedded()
    }
}

fn answers_to(server: &Server, name: &str) -> bool {
    server.aliases.iter().any(|alias| alias == name)
        || server.package.as_deref() == Some(name)
        || server.repository.as_deref() == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(id: &str, alias: &str) -> Server {
        Server {
            id: id.to_owned(),
            name: id.to_owned(),
            repository: Some("me/mine".to_owned()),
            package: Some("@me/mine".to_owned()),
            registry: None,
            version: None,
            commit: None,
            origin: "a test".to_owned(),
            aliases: vec![alias.to_owned()],
            tools: Vec::new(),
        }
    }

    #[test]
    fn each_embedded_catalog_is_found_under_its_id() {
        let catalogs = Catalogs::embedded();
        let ids: Vec<_> = catalogs.ids().collect();
        assert!(ids.len() >= 3, "{ids:?}");
        for id in ids {
            let server = catalogs.find(&id).unwrap_or_else(|| panic!("{id} cannot be read"));
            assert_eq!(server.id, id);
            assert!(server.tools.iter().all(|tool| tool.source == ClassSource::Embedded));
        }
        assert_eq!(catalogs.problems(), [""; 0]);
    }

    #[test]
    fn nothing_is_read_before_it_is_needed() {
        let catalogs = Catalogs::embedded();
        let first = catalogs.find("plex").unwrap();
        assert!(Arc::ptr_eq(&first, &catalogs.find("plex").unwrap()));
        assert_eq!(catalogs.shelves[0].read.lock().unwrap().len(), 1);
    }

    #[test]
    fn found_by_every_name() {
        let catalogs = Catalogs::embedded().with(server("mine", "ours"));
        for (name, id) in [
            ("trakt", "trakt"),
            ("wwiens/trakt_mcpserver", "trakt"),
            ("trakt-mcp-server", "trakt"),
            ("vyb1ng/plex-mcp", "plex"),
            ("plex-search-server", "plex"),
            ("io-github-verivus-oss-llm-cli-gateway", "llm-cli-gateway"),
            ("mine", "mine"),
            ("ours", "mine"),
            ("me/mine", "mine"),
            ("@me/mine", "mine"),
        ] {
            assert_eq!(catalogs.find(name).unwrap().id, id, "{name}");
        }
        for name in ["", "Trakt", "trakt_mcpserver", "wwiens", "no-such-server"] {
            assert_eq!(catalogs.find(name), None, "{name}");
        }
    }

    #[test]
    fn found_by_a_tool() {
        let catalogs = Catalogs::embedded();
        let ids = |most| {
            let (servers, more) = catalogs.with_tool("clear_auth", most);
            (servers.iter().map(|it| it.id.clone()).collect::<Vec<_>>(), more)
        };
        assert_eq!(ids(1), (vec!["plex".to_owned()], 1));
        assert_eq!(ids(9), (vec!["plex".to_owned(), "trakt".to_owned()], 0));
        let catalogs = catalogs.with(server("trakt", "a"));
        assert_eq!(catalogs.with_tool("clear_auth", 9).0.len(), 1);
    }

    #[test]
    fn an_added_server_takes_the_place_of_its_namesake() {
        let catalogs =
            Catalogs::embedded().with(server("trakt", "a")).with(server("trakt", "b")).with(server("zebra", "plex"));
        assert_eq!(catalogs.find("trakt").unwrap().aliases, ["b"]);
        assert_eq!(catalogs.find("wwiens/trakt_mcpserver"), None);
        assert_eq!(catalogs.find("a"), None);
        // An id is worth more than an alias.
        assert_eq!(catalogs.find("plex").unwrap().id, "plex");
        let mut names = BTreeSet::new();
        catalogs.each_name(|server, tool| assert!(names.insert((server[0].clone(), tool.to_owned()))));
        assert!(names.iter().any(|(id, _)| id == "plex") && !names.iter().any(|(id, _)| id == "trakt"));
        let ids: Vec<_> = catalogs.ids().collect();
        assert!(ids.is_sorted() && ids.contains(&"zebra".to_owned()), "{ids:?}");
        assert_eq!(ids.iter().filter(|id| *id == "trakt").count(), 1);
    }
}
