//! A server of a catalog as a text that one can go to: a page with a heading for each tool.

use super::{arguments, markdown::code};
use crate::{
    catalog::Server,
    page,
    text::{FileId, Span, as_u32, count, visible},
};

/// The page of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its text, in Markdown.
    pub text: String,
    /// Where the name of each tool stands in it, in the order of the server's tools.
    places: Vec<Span>,
}

impl Page {
    /// Where a tool of the server is told of; its beginning for what the server does not have.
    pub fn place_of(&self, server: &Server, tool: &str) -> Span {
        let place = server.tool_index(tool).and_then(|at| self.places.get(at));
        place.copied().unwrap_or_else(|| Span::new(FileId(0), 0, 0))
    }
}

/// The page of a server: the same catalog gives the same bytes.
pub fn page(server: &Server) -> Page {
    let mut text = head(server);
    let mut places = Vec::new();
    for (tool, line) in server.tools.iter().zip(page::server(server).tools) {
        let facts = page::facts(tool);
        text.push_str("\n## ");
        let start = as_u32(text.len());
        text.push_str(&code(&tool.name));
        places.push(Span::new(FileId(0), start, as_u32(text.len())));
        text.push_str(&format!("\n\n{}, {} risk: {} ({})\n", line.category, line.risk, one(&tool.why), facts.source));
        if line.uncertain {
            text.push_str("The class is uncertain: look at it before you rely on it.\n");
        }
        text.push_str(&format!("\n{}\n", one(&facts.summary)));
        if let Some(description) = &tool.description {
            // an indented block is text to Markdown, whatever stands in it
            text.push('\n');
            for line in description.lines() {
                text.push_str(format!("    {}", visible(line)).trim_end());
                text.push('\n');
            }
        }
        if let Some(switch) = &tool.conditional {
            text.push_str(&format!("\nOffered only with {}\n", code(switch)));
        }
        if !facts.arguments.is_empty() || !facts.signals.is_empty() {
            text.push('\n');
        }
        for argument in &facts.arguments {
            text.push_str(&format!("- {}\n", arguments::line(tool, argument)));
        }
        for noted in &facts.signals {
            text.push_str(&format!("- @{}: {}\n", noted.signal, noted.meaning));
        }
    }
    Page { text, places }
}

fn head(server: &Server) -> String {
    let page = page::server(server);
    let about = &page.server;
    let mut out = format!("# {} ({})\n\n", one(&about.name), code(&about.id));
    for (name, value) in about.facts() {
        out.push_str(&format!("- {name}: {}\n", one(&value)));
    }
    let classes: Vec<String> = page.categories.iter().map(|(category, n)| format!("{n} {category}")).collect();
    out.push_str(&format!("- {}: {}\n", count(page.tools.len(), "tool"), classes.join(", ")));
    out
}

/// A stranger's words on one line.
fn one(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
