//! What is told of a proposal once somebody looks at it.

use serde::{Deserialize, Serialize};

use crate::{
    catalog::{Catalogs, Risk, Server, Tool},
    lint, page,
    text::{count, list, visible},
};

/// What more can be told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Key {
    /// A tool of a server.
    Tool {
        /// The server's id.
        server: String,
        /// The tool's name.
        tool: String,
    },
    /// A server.
    Server {
        /// Its id.
        server: String,
    },
    /// A rule.
    Rule {
        /// Its name.
        rule: String,
    },
}

/// What is told: one line, and text in Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// One line, where the proposal has none yet.
    pub detail: Option<String>,
    /// The text.
    pub text: String,
}

/// Tells more of a proposal.
pub fn resolve(key: &Key, catalogs: &Catalogs) -> Option<About> {
    match key {
        Key::Tool { server, tool } => {
            let server = catalogs.find(server)?;
            let tool = server.tool(tool)?;
            Some(About { detail: None, text: of_tool(&server, tool, catalogs) })
        }
        Key::Server { server } => Some(of_server(&*catalogs.find(server)?)),
        Key::Rule { rule } => {
            let rule = lint::rule(rule)?;
            Some(About { detail: None, text: rule.page.trim().to_owned() })
        }
    }
}

fn of_server(server: &Server) -> About {
    let critical = server.tools.iter().filter(|tool| tool.risk == Risk::Critical).count();
    let tools = count(server.tools.len(), "tool");
    let mut text = format!("**{}**", plain(&server.name));
    for (what, value) in
        [("package", &server.package), ("repository", &server.repository), ("version", &server.version)]
    {
        if let Some(value) = value {
            text.push_str(&format!("\n\n{what} {}", code(value)));
        }
    }
    About { detail: Some(format!("{}: {tools}, {critical} critical", plain(&server.name))), text }
}

fn of_tool(server: &Server, tool: &Tool, catalogs: &Catalogs) -> String {
    let page = page::tool(server, tool, catalogs);
    let mut out = vec![page.summary, format!("{} {}: {}", page.risk, page.category, code_kept(&page.why))];
    if let Some(words) = page.description {
        out.push(format!("> {}", plain(&words)));
    }
    if let Some(what) = page.conditional {
        out.push(format!("only with {}", code(&what)));
    }
    let signals = page.signals.iter().map(|noted| {
        let of: Vec<String> = noted.arguments.iter().map(|name| code(name)).collect();
        let of = if of.is_empty() { String::new() } else { format!(": {}", list(&of, "and")) };
        format!("- `@{}` {}{of}", noted.signal, noted.meaning)
    });
    let signals: Vec<String> = signals.collect();
    let arguments = page.arguments.iter().map(|it| {
        let needed = if it.required { ", required" } else { "" };
        format!("- {} {}{needed}", code(&it.name), it.types)
    });
    let arguments: Vec<String> = arguments.collect();
    out.extend([signals, arguments].into_iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n")));
    out.join("\n\n")
}

/// A name of others, as code.
fn code(name: &str) -> String {
    format!("`{}`", visible(name).replace('`', "'"))
}

/// Words of others on one line, with nothing in them that marks text up.
fn plain(words: &str) -> String {
    code_kept(words).replace('`', "\\`")
}

/// The same, but that names in backticks stay code.
fn code_kept(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::new();
    for c in visible(&line).chars() {
        if "\\*_[]<>#!|".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
