//! The catalogs at hand: those compiled into the program, and those the caller adds.
//!
//! A shipped catalog is parsed when it is first needed, and once per [`Catalogs`] value.

use std::sync::{Arc, OnceLock};

use super::{Server, parse};

/// A catalog that ships with the program. Only its id is known before it is parsed.
#[derive(Clone, Debug)]
struct Shipped {
    id: &'static str,
    bytes: &'static [u8],
    server: OnceLock<Option<Arc<Server>>>,
}

impl Shipped {
    const fn new(id: &'static str, bytes: &'static [u8]) -> Self {
        Self { id, bytes, server: OnceLock::new() }
    }

    /// `None` where the file does not parse. A test sees to it that each does; should one slip
    /// through, its server is unknown to the checker, which says so, and that is better than a
    /// program that stops for a server the policy may not even speak of.
    fn server(&self) -> Option<&Arc<Server>> {
        let load = || parse(self.bytes).ok().map(Arc::new);
        self.server.get_or_init(load).as_ref()
    }
}

/// Servers, to be found by name.
#[derive(Clone, Debug)]
pub struct Catalogs {
    /// Sorted by id.
    shipped: [Shipped; 3],
    /// In the order they were added, no id twice.
    added: Vec<Arc<Server>>,
}

impl Catalogs {
    /// The catalogs that ship with the program. Nothing is parsed yet.
    #[must_use]
    pub const fn embedded() -> Self {
        Self {
            shipped: [
                Shipped::new("llm-cli-gateway", include_bytes!("../../catalogs/llm-cli-gateway.json")),
                Shipped::new("plex", include_bytes!("../../catalogs/plex.json")),
                Shipped::new("trakt", include_bytes!("../../catalogs/trakt.json")),
            ],
            added: Vec::new(),
        }
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
        let found = match self.added.iter().find(|it| it.id == name) {
            Some(server) => Some(server),
            None => match self.shipped.iter().find(|it| it.id == name) {
                Some(shipped) => shipped.server(),
                None => self.servers().find(|it| answers_to(it, name)),
            },
        };
        found.cloned()
    }

    /// The ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let shipped = self.shipped.iter().map(|it| it.id);
        let added = self.added.iter().map(|it| it.id.as_str());
        let mut ids: Vec<&str> = shipped.chain(added).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter()
    }

    /// Every server, the shipped ones that another takes the place of left out.
    fn servers(&self) -> impl Iterator<Item = &Arc<Server>> {
        let replaced = |id: &str| self.added.iter().any(|it| it.id == id);
        let shipped = self.shipped.iter().filter(move |it| !replaced(it.id));
        self.added.iter().chain(shipped.filter_map(Shipped::server))
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
            version: None,
            aliases: vec![alias.to_owned()],
            tools: Vec::new(),
        }
    }

    #[test]
    fn each_shipped_catalog_parses_under_its_id() {
        let catalogs = Catalogs::embedded();
        for shipped in &catalogs.shipped {
            assert_eq!(parse(shipped.bytes).unwrap().id, shipped.id);
        }
        assert!(catalogs.shipped.iter().map(|it| it.id).is_sorted());
        let ids: Vec<_> = catalogs.ids().collect();
        assert_eq!(ids, ["llm-cli-gateway", "plex", "trakt"]);
    }

    #[test]
    fn nothing_is_parsed_before_it_is_needed() {
        let catalogs = Catalogs::embedded();
        let first = catalogs.find("plex").unwrap();
        assert!(Arc::ptr_eq(&first, &catalogs.find("plex").unwrap()));
        let parsed = |it: &Shipped| it.server.get().is_some();
        let parsed: Vec<_> = catalogs.shipped.iter().map(parsed).collect();
        assert_eq!(parsed, [false, true, false]);
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
        for name in ["", "Trakt", "trakt_mcpserver", "wwiens", "stripe"] {
            assert_eq!(catalogs.find(name), None, "{name}");
        }
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
        let ids: Vec<_> = catalogs.ids().collect();
        assert_eq!(ids, ["llm-cli-gateway", "plex", "trakt", "zebra"]);
    }
}
