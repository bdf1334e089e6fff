//! Pages about servers and tools: what a catalog knows, put together for a reader and for programs.
//!
//! Every statement of fact is the catalog's, every sentence is ours (`words.rs`), and every compiled document is the
//! compiler's. A page is plain data; drawing it is left to the front ends, and so is taking the sting out of names.

mod search;
mod tool;
mod trigger;
mod words;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::{
    catalog::{Category, Param, Risk, Server, Signal, Tool},
    recommend::needs_review,
};

pub use search::{Found, Hit, Query, search};
pub use tool::{Argument, Elsewhere, Facts, Hint, Instead, Noted, Rule, Same, ToolPage, facts, tool};
pub use words::built_in;

/// The head of a server's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// The name by which policies speak of it.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Its other names.
    pub aliases: Vec<String>,
    /// The published package.
    pub package: Option<String>,
    /// Where that is published.
    pub registry: Option<String>,
    /// The version whose tools are known.
    pub version: Option<String>,
    /// The commit or tag whose tools are known.
    pub commit: Option<String>,
    /// The public repository.
    pub repository: Option<String>,
    /// How the facts were obtained.
    pub origin: String,
}

/// A server's page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServerPage {
    /// Who it is.
    pub server: About,
    /// How many tools there are of each category, in the order of [`Category::ALL`]; none of a category is not listed.
    #[serde(serialize_with = "counts")]
    pub categories: Vec<(Category, usize)>,
    /// The names of the critical tools.
    pub critical: Vec<String>,
    /// The tools that are not always offered, by what the server must be set up with.
    pub conditional: BTreeMap<String, Vec<String>>,
    /// The tools, by name.
    pub tools: Vec<Line>,
    /// The commands to type next.
    pub next: Vec<String>,
}

/// A tool on one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// What it does.
    pub category: Category,
    /// How bad a wrong call may be.
    pub risk: Risk,
    /// What deserves a second look.
    pub signals: Vec<Signal>,
    /// Its arguments, the required ones first; an optional one has a question mark.
    pub arguments: Vec<String>,
    /// Whether the class is uncertain.
    pub uncertain: bool,
}

/// A server in a list of servers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The name by which policies speak of it.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// The version, or else the commit, whose tools are known.
    pub version: Option<String>,
    /// How many tools it has.
    pub tools: usize,
    /// How many of them are critical.
    pub critical: usize,
}

/// All servers that are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// They, by id.
    pub servers: Vec<Entry>,
}

/// Servers that have a tool of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Servers {
    /// The tool's name.
    pub tool: String,
    /// The servers, by id.
    pub servers: Vec<Same>,
    /// How many more there are.
    pub more: usize,
}

impl About {
    pub(crate) fn of(server: &Server) -> Self {
        Self {
            id: server.id.clone(),
            name: server.name.clone(),
            aliases: server.aliases.clone(),
            package: server.package.clone(),
            registry: server.registry.clone(),
            version: server.version.clone(),
            commit: server.commit.clone(),
            repository: server.repository.clone(),
            origin: server.origin.clone(),
        }
    }

    /// What is known of it besides its names, each with a word for it.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let package = self.package.as_ref().map(|package| match &self.registry {
            Some(registry) => format!("{package} ({registry})"),
            None => package.clone(),
        });
        let facts = [
            ("also", (!self.aliases.is_empty()).then(|| self.aliases.join(", "))),
            ("package", package),
            ("version", self.version.clone()),
            ("commit", self.commit.clone()),
            ("repository", self.repository.clone()),
            ("facts", Some(self.origin.clone())),
        ];
        facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

impl Line {
    fn of(tool: &Tool) -> Self {
        Self {
            name: tool.name.clone(),
            category: tool.category,
            risk: tool.risk,
            signals: tool.signals.clone(),
            arguments: signature(&tool.params),
            uncertain: needs_review(tool),
        }
    }
}

impl Entry {
    /// The server as a list shows it.
    #[must_use]
    pub fn of(server: &Server) -> Self {
        Self {
            id: server.id.clone(),
            name: server.name.clone(),
            version: server.version.clone().or_else(|| server.commit.clone()),
            tools: server.tools.len(),
            critical: server.tools.iter().filter(|tool| tool.risk == Risk::Critical).count(),
        }
    }
}

impl Servers {
    /// The servers that have a tool of that name, with how many there are besides.
    #[must_use]
    pub fn of<'a>(tool: &str, servers: impl IntoIterator<Item = &'a Server>, more: usize) -> Self {
        let servers = servers.into_iter().filter_map(|server| Some(Same::of(server, server.tool(tool)?)));
        Self { tool: tool.to_owned(), servers: servers.collect(), more }
    }
}

/// The page of a server.
#[must_use]
pub fn server(server: &Server) -> ServerPage {
    let count = |category| server.tools.iter().filter(|tool| tool.category == category).count();
    let mut conditional: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for tool in &server.tools {
        if let Some(switch) = &tool.conditional {
            conditional.entry(switch.clone()).or_default().push(tool.name.clone());
        }
    }
    let critical = server.tools.iter().filter(|tool| tool.risk == Risk::Critical);
    ServerPage {
        server: About::of(server),
        categories: Category::ALL.into_iter().map(|it| (it, count(it))).filter(|(_, n)| *n > 0).collect(),
        critical: critical.map(|tool| tool.name.clone()).collect(),
        conditional,
        tools: server.tools.iter().map(Line::of).collect(),
        next: words::next_of_server(server),
    }
}

/// The required ones first, for those are what every call has.
fn signature(params: &[Param]) -> Vec<String> {
    let required = params.iter().filter(|param| param.required).map(|param| param.name.clone());
    let optional = params.iter().filter(|param| !param.required).map(|param| format!("{}?", param.name));
    required.chain(optional).collect()
}

fn counts<S: Serializer>(counts: &[(Category, usize)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(counts.iter().map(|(category, n)| (category.name(), n)))
}
