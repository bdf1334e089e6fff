//! The permissions in a settings file of Claude Code: `permissions.allow`, `ask` and `deny` with `mcp__SERVER`,
//! `mcp__SERVER__TOOL` and patterns over tools, and `permissions.defaultMode`.
//!
//! Rules that are not about MCP tools are none of ours.

use super::{
    Format,
    client::{self, Entry, Rest},
    reading::Reading,
};
use crate::{
    diagnostic::{Applicability, Diagnostic, Level, codes},
    document::{Syntax, Value},
    hir::{
        model::{Name, Verb},
        origin::{Manners, Unlisted},
    },
    text::{Span, as_u32},
};

pub(super) static FORMAT: Format = Format {
    name: "claude-code",
    title: "the permissions of Claude Code",
    files: &[".claude/settings.json", ".claude/settings.local.json", "managed-settings.json"],
    syntax: Syntax::Jsonc,
    shape: None,
    manners: &MANNERS,
    engine_is_public: false,
    read,
};

static MANNERS: Manners = Manners {
    title: "Claude Code",
    prefix: "mcp__{}__",
    block: "add {} to `permissions.deny`",
    revoke: Some("take {} out of `permissions.allow`"),
    close: "take `defaultMode` out, so that a person is asked",
    grant: "add what the agent needs to `permissions.allow`",
    ask: Some("add {} to `permissions.ask`"),
    narrow: None,
    presence: None,
    hides: false,
};

const PREFIX: &str = "mcp__";

fn read(root: &Value, reading: &mut Reading<'_>) {
    let Some(permissions) = root.get("permissions") else { return };
    if !reading.is_object(permissions, "permissions") {
        return;
    }
    let mut entries = Vec::new();
    for (list, verb) in [("allow", Verb::Allow), ("ask", Verb::Ask), ("deny", Verb::Deny)] {
        for value in reading.list(permissions, list) {
            if let Some(text) = value.text() {
                entries.extend(entry(text, value.span, verb, reading));
            }
        }
    }
    client::policies(entries, rest(permissions, reading), root.span, reading);
}

fn rest(permissions: &Value, reading: &Reading<'_>) -> Rest {
    let start = reading.start(permissions);
    let Some(mode) = permissions.get("defaultMode") else { return Rest { unlisted: Unlisted::Asked, span: start } };
    let unlisted = match mode.text() {
        Some("bypassPermissions") => Unlisted::Allowed,
        Some("dontAsk") => Unlisted::Refused,
        _ => Unlisted::Asked,
    };
    Rest { unlisted, span: mode.span }
}

/// An entry about MCP tools; one that means to be and is passed over by the client has its finding.
fn entry(text: &str, span: Span, verb: Verb, reading: &mut Reading<'_>) -> Option<Entry> {
    let content = reading.content(span, text);
    let Some(rest) = text.strip_prefix(PREFIX) else {
        misspelt(text, content, verb, reading);
        return None;
    };
    if let Some((bare, _)) = text.split_once('(') {
        let why = "rules about MCP tools have no parentheses, so Claude Code passes this one over";
        ignored(
            content,
            verb,
            why,
            format!("write `\"{bare}\"`: the rule then covers every call of the tool"),
            reading,
        );
        return None;
    }
    let (server, tool) = split(rest, reading);
    if server.contains('*') && verb == Verb::Allow {
        let why = "an `allow` with a `*` in place of the server is passed over by Claude Code, so it allows nothing";
        ignored(content, verb, why, "name the server: `\"mcp__SERVER__*\"`".to_owned(), reading);
        return None;
    }
    // within an escaped text only the whole is sure
    let part = |from: usize, length: usize| match content.range().len() == text.len() {
        true => Span { start: content.start + as_u32(from), end: content.start + as_u32(from + length), ..content },
        false => content,
    };
    let at = PREFIX.len();
    let server_name = Name { text: server.into(), span: part(at, server.len()) };
    let tool_name = match tool {
        Some(tool) => Name { text: tool.into(), span: part(at + server.len() + 2, tool.len()) },
        None => Name { text: "*".into(), span: content },
    };
    Some(Entry { verb, server: server_name, tool: tool_name, span: content })
}

/// The server and the tool; where a server's name has `__` itself, the split that gives a server that is known.
fn split<'t>(rest: &'t str, reading: &Reading<'_>) -> (&'t str, Option<&'t str>) {
    let mut splits = rest.match_indices("__").filter_map(|(at, _)| Some((rest.get(..at)?, rest.get(at + 2..)?)));
    let known = splits.clone().find(|(server, _)| client::server(reading, server, &[]).is_some());
    match known.or_else(|| splits.next()) {
        Some((server, "")) => (server, None),
        Some((server, tool)) => (server, Some(tool)),
        None => (rest, None),
    }
}

fn ignored(span: Span, verb: Verb, why: &str, help: String, reading: &mut Reading<'_>) {
    let level = if verb == Verb::Allow { Level::Warning } else { Level::Error };
    reading.error(Diagnostic::new(&codes::IGNORED_ENTRY, level, span, why).help(help));
}

/// A rule that begins almost as one about MCP tools.
fn misspelt(text: &str, span: Span, verb: Verb, reading: &mut Reading<'_>) {
    let lower = text.to_lowercase();
    let rest = ["mcp__", "mcp_", "mcp:", "mcp-", "mcp."]
        .iter()
        .find_map(|start| lower.starts_with(start).then(|| text.get(start.len()..)).flatten());
    let Some(rest) = rest.filter(|rest| !rest.is_empty()) else { return };
    let meant = format!("{PREFIX}{rest}");
    let level = if verb == Verb::Allow { Level::Warning } else { Level::Error };
    let message = format!("`{text}` names no MCP tool: their names begin with `{PREFIX}`");
    let finding = Diagnostic::new(&codes::IGNORED_ENTRY, level, span, message);
    reading.error(finding.fix(Applicability::Unsafe, format!("did you mean `{meant}`?"), span, meant));
}
