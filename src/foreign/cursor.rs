//! The permissions of Cursor: `mcpAllowlist` of `permissions.json`, with `SERVER:TOOL`, and `permissions.allow` and
//! `deny` of `cli.json`, with `Mcp(SERVER:TOOL)`; `*` stands for any part of either name.

use super::{
    Format,
    client::{self, Entry, Rest},
    reading::Reading,
};
use crate::{
    diagnostic::{Diagnostic, codes},
    document::{Syntax, Value},
    hir::{
        model::{Name, Verb},
        origin::{Manners, Unlisted},
    },
    text::{Span, as_u32},
};

pub(super) static FORMAT: Format = Format {
    name: "cursor",
    title: "the permissions of Cursor",
    files: &[".cursor/permissions.json", ".cursor/cli.json", ".cursor/cli-config.json"],
    syntax: Syntax::Jsonc,
    shape: None,
    manners: &MANNERS,
    engine_is_public: false,
    read,
};

static MANNERS: Manners = Manners {
    title: "Cursor",
    prefix: "{}:",
    block: "refuse {} in `permissions.deny` of `cli.json`",
    revoke: Some("take {} out of the list"),
    close: "name tools instead of patterns",
    grant: "add what the agent needs to the list",
    ask: None,
    narrow: None,
    presence: None,
    hides: false,
};

fn read(root: &Value, reading: &mut Reading<'_>) {
    let mut entries = Vec::new();
    for value in reading.list(root, "mcpAllowlist") {
        // what is no text is passed over by the client without a word, and so here
        let Some(text) = value.text() else { continue };
        let content = reading.content(value.span, text);
        match entry(text, 0, content, text.len(), Verb::Allow) {
            Some(entry) => entries.push(entry),
            None => without_tool(text, content, reading),
        }
    }
    let permissions = root.get("permissions");
    for (list, verb) in [("allow", Verb::Allow), ("deny", Verb::Deny)] {
        for value in permissions.map_or(&[][..], |permissions| reading.list(permissions, list)) {
            let Some(text) = value.text() else { continue };
            let Some(inner) = text.strip_prefix("Mcp(").and_then(|rest| rest.strip_suffix(')')) else { continue };
            let content = reading.content(value.span, text);
            // other shapes are in use, and what they mean is not established
            entries.extend(entry(inner, "Mcp(".len(), content, text.len(), verb));
        }
    }
    let rest = Rest { unlisted: Unlisted::Asked, span: reading.start(root) };
    client::policies(entries, rest, root.span, reading);
}

/// `SERVER:TOOL`, `at` so many bytes within the content of a text of `length` bytes.
fn entry(text: &str, at: usize, content: Span, length: usize, verb: Verb) -> Option<Entry> {
    let (server, tool) = text.split_once(':').filter(|(server, tool)| !server.is_empty() && !tool.is_empty())?;
    let part = |from: usize, bytes: usize| match content.range().len() == length {
        true => Span { start: content.start + as_u32(from), end: content.start + as_u32(from + bytes), ..content },
        false => content,
    };
    Some(Entry {
        verb,
        server: Name { text: server.into(), span: part(at, server.len()) },
        tool: Name { text: tool.into(), span: part(at + server.len() + 1, tool.len()) },
        span: content,
    })
}

fn without_tool(text: &str, span: Span, reading: &mut Reading<'_>) {
    let message = format!("`{text}` is not `SERVER:TOOL`, so it stands for no tool");
    let help = match text.strip_prefix("mcp__").and_then(|rest| rest.split_once("__")) {
        Some((server, tool)) => format!("did you mean `{server}:{tool}`? that is how Cursor writes it"),
        None => "write `SERVER:TOOL`, or `SERVER:*` for all tools of a server".to_owned(),
    };
    reading.error(Diagnostic::warning(&codes::IGNORED_ENTRY, span, message).help(help));
}
