//! Finding tools by words of their names and of their servers' names.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use crate::catalog::{Catalogs, Category, Risk, Server, Signal, Tool};

/// What is looked for. A tool is found where all of it is true.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Each stands somewhere in the tool's name or in one of its server's names, whatever the letter case.
    pub words: Vec<String>,
    /// The category, if one is asked for.
    pub category: Option<Category>,
    /// The risk, if one is asked for.
    pub risk: Option<Risk>,
    /// The signal, if one is asked for.
    pub signal: Option<Signal>,
    /// How many are shown.
    pub limit: usize,
}

/// A tool that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// The server.
    pub server: String,
    /// The tool.
    pub tool: String,
    /// What it does.
    pub category: Category,
    /// How bad a wrong call may be.
    pub risk: Risk,
    /// What deserves a second look.
    pub signals: Vec<Signal>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The first of them: tools of exactly that name, then by name and server.
    pub tools: Vec<Hit>,
    /// How many more there are.
    pub more: usize,
}

/// Looks through all names, and reads only the catalogs that it has to.
#[must_use]
pub fn search(catalogs: &Catalogs, query: &Query) -> Found {
    let words: Vec<String> = query.words.iter().map(|word| word.to_lowercase()).collect();
    let whole = words.join("_");
    let mut found: Vec<(bool, String, String)> = Vec::new();
    catalogs.each_name(|names, tool| {
        let lower = tool.to_lowercase();
        let in_server = |word: &str| names.iter().any(|name| name.to_lowercase().contains(word));
        if words.iter().all(|word| lower.contains(word.as_str()) || in_server(word)) {
            let exact = lower == whole || words.contains(&lower);
            found.push((!exact, tool.to_owned(), names.first().cloned().unwrap_or_default()));
        }
    });
    found.sort_unstable();
    let mut read: BTreeMap<String, Option<Arc<Server>>> = BTreeMap::new();
    let filtered = query.category.is_some() || query.risk.is_some() || query.signal.is_some();
    let mut out = Found { tools: Vec::new(), more: 0 };
    for (_, name, id) in found {
        let full = out.tools.len() >= query.limit;
        if full && !filtered {
            out.more += 1;
            continue;
        }
        let server = read.entry(id).or_insert_with_key(|id| catalogs.find(id));
        let Some((server, tool)) = server.as_ref().and_then(|it| Some((it, it.tool(&name)?))) else { continue };
        match (query.fits(tool), full) {
            (false, _) => {}
            (true, true) => out.more += 1,
            (true, false) => out.tools.push(Hit::of(server, tool)),
        }
    }
    out
}

impl Query {
    fn fits(&self, tool: &Tool) -> bool {
        self.category.is_none_or(|category| tool.category == category)
            && self.risk.is_none_or(|risk| tool.risk == risk)
            && self.signal.is_none_or(|signal| tool.signals.contains(&signal))
    }
}

impl Hit {
    fn of(server: &Server, tool: &Tool) -> Self {
        Self {
            server: server.id.clone(),
            tool: tool.name.clone(),
            category: tool.category,
            risk: tool.risk,
            signals: tool.signals.clone(),
        }
    }
}
