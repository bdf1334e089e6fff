//! The MCP servers that clients are set up to use: where their configurations stand, what they say, and which server
//! of the catalogs each one is.
//!
//! Texts in, values out. The files are found and read by the caller, and nothing is started. Values of variables and
//! headers, and the arguments behind a package, may be secrets: they are not kept.

mod launch;
mod places;
mod recognise;

use crate::document::{self, Kind, Member, Syntax, Value};

pub use launch::Launch;
pub(crate) use launch::of as launch_of;
pub use places::{Base, Form, PLACES, Place};
pub use recognise::{By, Names, Recognised};

/// A server as a client is set up to use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured {
    /// The name that the client's user gave it.
    pub name: String,
    /// How it is reached.
    pub launch: Launch,
    /// Whether it is switched off.
    pub disabled: bool,
    /// The tools that the client does not offer to the agent.
    pub refused: Vec<String>,
}

/// Reads a configuration. `project` is the folder that is worked in, as the system writes it, for files that speak of
/// several.
///
/// # Errors
/// The first thing that is wrong with the text, in words.
pub fn read(form: Form, text: &str, project: &str) -> Result<Vec<Configured>, String> {
    let syntax = if form == Form::Codex { Syntax::Toml } else { Syntax::Jsonc };
    let document = document::read(text, syntax);
    let Some(root) = &document.root else {
        let problem = document.problems.into_iter().next();
        return Err(problem.map_or_else(|| "it does not read".to_owned(), |problem| problem.message));
    };
    let mut out: Vec<Configured> = Vec::new();
    for servers in tables(form, root, project) {
        for server in servers.members() {
            // the first that has a name counts: what is nearer to the project stands first
            if matches!(server.value.kind, Kind::Object(_)) && out.iter().all(|known| *known.name != *server.key) {
                out.push(configured(server));
            }
        }
    }
    Ok(out)
}

/// The tables of servers in a document.
fn tables<'v>(form: Form, root: &'v Value, project: &str) -> Vec<&'v Value> {
    let one = |value: Option<&'v Value>| value.into_iter().collect();
    match form {
        Form::McpServers => one(root.get("mcpServers")),
        Form::VsCode => one(root.get("servers")),
        Form::VsCodeSettings => one(root.get("mcp").and_then(|mcp| mcp.get("servers"))),
        Form::Codex => one(root.get("mcp_servers")),
        Form::ClaudeCode => {
            let local = root.get("projects").and_then(|projects| projects.get(project));
            let local = local.and_then(|local| local.get("mcpServers"));
            local.into_iter().chain(root.get("mcpServers")).collect()
        }
        Form::Lists => Vec::new(),
    }
}

fn configured(server: &Member) -> Configured {
    let value = &server.value;
    let is = |name: &str, wanted: bool| value.get(name).is_some_and(|it| it.kind == Kind::Bool(wanted));
    let refused = ["disabledTools", "disabled_tools"].into_iter().filter_map(|name| value.get(name));
    Configured {
        name: server.key.to_string(),
        launch: launch::of(value),
        disabled: is("disabled", true) || is("enabled", false),
        refused: refused.flat_map(Value::items).filter_map(Value::text).map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests;
