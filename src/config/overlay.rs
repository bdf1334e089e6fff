//! Overlays: what a project knows better than a catalog.
//!
//! A correction names a tool that there is; one that adds a tool or a server says so (`new = true`), since a misspelt name
//! would otherwise correct nothing and look as if it did. A correction that makes a tool less risky says why.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use toml::Spanned;

use super::{Problem, line_of, read};
use crate::{
    catalog::{Catalogs, Category, ClassSource, Hints, Param, Risk, Server, Signal, Tool},
    text::nearest,
};

/// Corrections of catalogs, as one file gives them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    #[serde(default)]
    servers: BTreeMap<Spanned<String>, ServerPart>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ServerPart {
    new: bool,
    name: Option<String>,
    aliases: Vec<Spanned<String>>,
    tools: BTreeMap<Spanned<String>, ToolPart>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ToolPart {
    new: bool,
    category: Option<Category>,
    risk: Option<Risk>,
    signals: Option<Vec<Signal>>,
    why: Option<String>,
    conditional: Option<String>,
    params: Option<Vec<Param>>,
}

/// Reads an overlay.
///
/// # Errors
///
/// Where the text is not TOML, or not that of an overlay.
pub fn overlay(text: &str) -> Result<Overlay, Problem> {
    read(text)
}

impl Overlay {
    /// What it says of one server alone.
    #[must_use]
    pub fn only(mut self, server: &str) -> Self {
        self.servers.retain(|name, _| name.get_ref() == server);
        self
    }

    /// The catalogs with the corrections of this overlay; `file` is its name and `text` what was read.
    ///
    /// # Errors
    ///
    /// Where a correction does not fit the catalogs: see the head of this file.
    pub fn apply(self, mut catalogs: Catalogs, file: &str, text: &str) -> Result<Catalogs, Problem> {
        let at = Place { file: Arc::from(file), text };
        for (name, part) in self.servers {
            let line = at.line(&name);
            let server = at.server(&catalogs, name.get_ref(), part, line)?;
            catalogs = catalogs.with(server);
        }
        Ok(catalogs)
    }
}

struct Place<'a> {
    file: Arc<str>,
    text: &'a str,
}

impl Place<'_> {
    fn line(&self, name: &Spanned<String>) -> Option<usize> {
        Some(line_of(self.text, name.span().start))
    }

    fn server(
        &self,
        catalogs: &Catalogs,
        name: &str,
        part: ServerPart,
        line: Option<usize>,
    ) -> Result<Server, Problem> {
        let mut server = match (catalogs.find(name), part.new) {
            (Some(known), false) => (*known).clone(),
            (None, true) => Server::new(name, format!("overlay `{}`", self.file)),
            (Some(known), true) => {
                return Err(Problem::new(line, format!("`{name}` is not new: it is the server `{}`", known.id))
                    .help("take `new = true` away to correct it"));
            }
            (None, false) => {
                let ids: Vec<String> = catalogs.ids().collect();
                let near = nearest(name, ids.iter().map(String::as_str));
                return Err(self.unknown(line, &format!("no catalog knows the server `{name}`"), near));
            }
        };
        server.name = part.name.unwrap_or(server.name);
        for alias in part.aliases {
            let other = catalogs.find(alias.get_ref()).filter(|other| other.id != server.id);
            if let Some(other) = other {
                let message = format!("`{}` is already a name of the server `{}`", alias.get_ref(), other.id);
                return Err(Problem::new(self.line(&alias), message).help("choose another alias"));
            }
            server.aliases.push(alias.into_inner());
        }
        for (name, part) in part.tools {
            let line = self.line(&name);
            self.tool(&mut server, name.into_inner(), part, line)?;
        }
        server.tools.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(server)
    }

    fn tool(&self, server: &mut Server, name: String, part: ToolPart, line: Option<usize>) -> Result<(), Problem> {
        let source = ClassSource::Overlay { file: Arc::clone(&self.file) };
        let place = server.tools.iter().position(|tool| tool.name == name);
        if part.new {
            if place.is_some() {
                return Err(Problem::new(
                    line,
                    format!("`{name}` is not new: `{}` has a tool of that name", server.id),
                )
                .help("take `new = true` away to correct it"));
            }
            let Some(category) = part.category else {
                return Err(Problem::new(line, format!("the new tool `{name}` has no `category`"))
                    .help(format!("a category is one of {}", Category::ALL.map(Category::name).join(", "))));
            };
            server.tools.push(Tool {
                category,
                risk: part.risk.unwrap_or(category.risk()),
                signals: part.signals.unwrap_or_default(),
                why: part.why.unwrap_or_else(|| "added by the project".to_owned()),
                confidence: None,
                conditional: part.conditional,
                hints: Hints::default(),
                description: None,
                schema: None,
                params: part.params.unwrap_or_default(),
                source,
                name,
            });
            return Ok(());
        }
        let Some(tool) = place.and_then(|place| server.tools.get_mut(place)) else {
            let near = nearest(&name, server.tools.iter().map(|tool| tool.name.as_str()));
            return Err(self.unknown(line, &format!("no tool of `{}` is named `{name}`", server.id), near));
        };
        let before = (tool.category, tool.risk);
        let category = part.category.unwrap_or(tool.category);
        let risk = part.risk.unwrap_or(if part.category.is_some() { category.risk() } else { tool.risk });
        let signals = part.signals.clone().unwrap_or_else(|| tool.signals.clone());
        let loses = if risk < before.1 {
            Some(format!("becomes less risky ({} to {risk})", before.1))
        } else if category.recommended().strictness() < before.0.recommended().strictness() {
            Some(format!("gets a milder category ({} to {category})", before.0))
        } else {
            let lost = tool.signals.iter().find(|signal| !signals.contains(signal));
            lost.map(|signal| format!("loses the signal `{signal}`"))
        };
        if let Some(loses) = loses.filter(|_| part.why.as_deref().is_none_or(|why| why.trim().is_empty())) {
            return Err(Problem::new(line, format!("`{name}` {loses}, and nothing says why"))
                .help("add `why = \"…\"`: it is shown wherever the class is"));
        }
        let touched = part.signals.is_some() || part.params.is_some() || part.conditional.is_some();
        if touched {
            tool.source = source.clone();
        }
        if (category, risk) != before || part.why.is_some() {
            let was = format!("was {}: {}", before.0, tool.why);
            tool.why = part.why.map_or_else(|| was.clone(), |why| format!("{why} ({was})"));
            tool.confidence = None;
            tool.source = source;
        }
        (tool.category, tool.risk) = (category, risk);
        tool.signals = signals;
        tool.signals.sort_unstable();
        tool.signals.dedup();
        tool.conditional = part.conditional.or(tool.conditional.take());
        tool.params = part.params.unwrap_or_else(|| std::mem::take(&mut tool.params));
        Ok(())
    }

    fn unknown(&self, line: Option<usize>, message: &str, near: Option<&str>) -> Problem {
        Problem::new(line, message).help(match near {
            Some(near) => format!("did you mean `{near}`? a new one says `new = true`"),
            None => "if it is new, say `new = true`".to_owned(),
        })
    }
}
