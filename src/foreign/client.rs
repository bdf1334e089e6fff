//! The permission lists of MCP clients: entries that name a server and its tools, gathered into a policy for each
//! server.

use std::{collections::BTreeMap, sync::Arc};

use super::reading::{Reading, listed};
use crate::{
    catalog::Server,
    diagnostic::{Applicability, Diagnostic, codes},
    hir::{
        model::{Fallback, Name, Policy, Selector, SelectorKind, Statement, Verb},
        origin::{Fact, Note, Unlisted},
    },
    pattern::glob,
    text::{Span, nearest},
};

/// An entry of a list.
pub(super) struct Entry {
    /// What becomes of the tools: [`Verb::Allow`], [`Verb::Ask`] or [`Verb::Deny`].
    pub(super) verb: Verb,
    /// The server as the entry names it.
    pub(super) server: Name,
    /// The tool's name or a pattern over names.
    pub(super) tool: Name,
    /// The whole entry.
    pub(super) span: Span,
}

/// What holds for the tools of a server that no entry names, and where it is said.
#[derive(Clone, Copy)]
pub(super) struct Rest {
    pub(super) unlisted: Unlisted,
    pub(super) span: Span,
}

/// The server that a client's configuration calls so: by that name, by the name without what the client puts around
/// it, or by one of `hints` (a package, an address).
pub(super) fn server(reading: &Reading<'_>, name: &str, hints: &[&str]) -> Option<Arc<Server>> {
    let dashed = name.replace('_', "-");
    let lower = name.to_lowercase();
    let mut names: Vec<&str> = vec![name, &dashed, &lower];
    // as a plugin's server: `plugin_PLUGIN_SERVER`
    if let Some(rest) = name.strip_prefix("plugin_") {
        names.extend(rest.match_indices('_').filter_map(|(at, _)| rest.get(at + 1..)));
    }
    names.extend(hints);
    names.into_iter().filter(|name| !name.is_empty()).find_map(|name| reading.known_server(name))
}

/// Whether a server of a catalog is probably the one that a client calls by its name: half of the tools that are named
/// are its tools, or almost.
pub(super) fn is_the_same<'t>(server: &Server, tools: impl Iterator<Item = &'t str>) -> bool {
    let names = || server.tools.iter().map(|tool| tool.name.as_str());
    let (known, unknown): (Vec<&str>, Vec<&str>) = tools.partition(|tool| server.tool(tool).is_some());
    let like = unknown.iter().take(COMPARED).filter(|tool| nearest(tool, names()).is_some()).count();
    (known.len() + like) * 2 >= known.len() + unknown.len()
}

/// How many names that are unknown are compared with all tools of a server.
const COMPARED: usize = 64;

/// Adds a policy for each server that the entries name.
pub(super) fn policies(entries: Vec<Entry>, rest: Rest, document: Span, reading: &mut Reading<'_>) {
    let mut servers: BTreeMap<Box<str>, Vec<Entry>> = BTreeMap::new();
    let mut everywhere = Vec::new();
    for entry in entries {
        match glob::is_pattern(&entry.server.text) {
            true => everywhere.push(entry),
            false => servers.entry(entry.server.text.clone()).or_default().push(entry),
        }
    }
    let open = everywhere.iter().filter(|entry| entry.verb == Verb::Allow && is_all(entry)).map(|entry| entry.span);
    let mode = (rest.unlisted == Unlisted::Allowed && !servers.is_empty()).then_some(rest.span);
    for span in open.chain(mode) {
        let name = Name { text: "every server".into(), span };
        let fact = Fact::EveryServer { text: reading.written(span).into() };
        reading.add(Policy {
            name: Some(name.clone()),
            server: Some(Name { text: Box::default(), span }),
            alias: Some(name),
            defaults: vec![(Fallback::Deny, rest.span)],
            statements: Vec::new(),
            head: span,
            span: document,
            origin: reading.origin(Unlisted::Asked),
            notes: vec![Note { span, fact }],
        });
    }
    for (name, entries) in servers {
        let Some(first) = entries.iter().map(|entry| entry.server.span).min() else { continue };
        let named = entries.iter().map(|entry| &*entry.tool.text).filter(|tool| !glob::is_pattern(tool));
        let known = server(reading, &name, &[]).filter(|server| is_the_same(server, named));
        let mut statements: Vec<Statement> = entries.iter().map(|entry| of(entry, known.as_deref())).collect();
        for entry in everywhere.iter().filter(|entry| glob::matches(&entry.server.text, &name)) {
            let reaches = |server: &Server| server.tools.iter().any(|tool| glob::matches(&entry.tool.text, &tool.name));
            if known.as_deref().is_some_and(reaches) {
                statements.push(of(entry, known.as_deref()));
            }
        }
        add(&Name { text: name, span: first }, known.as_deref(), statements, rest, document, reading);
    }
}

/// Whether an entry stands for all tools of all servers.
fn is_all(entry: &Entry) -> bool {
    [&entry.server.text, &entry.tool.text].iter().all(|text| text.bytes().all(|byte| byte == b'*'))
}

/// Adds the policy of one server.
pub(super) fn add(
    name: &Name,
    known: Option<&Server>,
    statements: Vec<Statement>,
    rest: Rest,
    document: Span,
    reading: &mut Reading<'_>,
) {
    let mut notes = Vec::new();
    if is_made_up(&name.text) {
        notes.push(Note { span: name.span, fact: Fact::MadeUpServer { name: name.text.to_string() } });
    } else if known.is_none() {
        unknown(name, reading);
    }
    let fallback = if rest.unlisted == Unlisted::Allowed { Fallback::Allow } else { Fallback::Deny };
    // no name at all where the one that there is belongs to another server
    let taken = || reading.known_server(&name.text).is_some();
    let server = match known {
        Some(server) => server.id.as_str().into(),
        None if taken() => Box::default(),
        None => name.text.clone(),
    };
    reading.add(Policy {
        name: Some(name.clone()),
        server: Some(Name { text: server, span: name.span }),
        alias: Some(name.clone()),
        defaults: vec![(fallback, rest.span)],
        statements,
        head: name.span,
        span: document,
        origin: reading.origin(rest.unlisted),
        notes,
    });
}

/// The statement of an entry. A pattern over the tools of a server that nobody knows covers nothing.
fn of(entry: &Entry, known: Option<&Server>) -> Statement {
    let text = &entry.tool.text;
    // in a list a name with a star may also be one that a catalog has
    let pattern = glob::is_pattern(text) && known.is_none_or(|server| server.tool(text).is_none());
    let kind = if pattern { SelectorKind::Pattern } else { SelectorKind::Exact };
    let selector = Selector { kind, text: text.clone(), span: entry.tool.span };
    Statement::new(entry.verb, listed([selector].into()), entry.span)
}

/// A server that no catalog knows is worth a word, for a misspelt name shows in nothing else.
fn unknown(name: &Name, reading: &mut Reading<'_>) {
    let message = match reading.known_server(&name.text) {
        Some(_) => {
            format!(
                "the catalogs know another server `{}`, without most of these tools, so they are not checked",
                name.text
            )
        }
        None => format!("no catalog knows the server `{}`, so its tools are not checked", name.text),
    };
    let finding = Diagnostic::info(&codes::UNKNOWN_SERVER, name.span, message);
    let near = reading.near_server(&name.text).filter(|near| *near != *name.text);
    reading.error(match near {
        Some(near) => finding.fix(Applicability::Unsafe, format!("did you mean `{near}`?"), name.span, near),
        None => finding.help(format!("make its catalog: `mcppol catalog pull {} -- COMMAND`", name.text)),
    });
}

/// Whether a name was made up by a program: a UUID, or a long run of hexadecimal digits.
fn is_made_up(name: &str) -> bool {
    let mut runs = name.split(|c: char| !c.is_ascii_alphanumeric());
    let hex = |run: &str, least: usize| {
        run.len() >= least
            && run.bytes().all(|byte| byte.is_ascii_hexdigit())
            && run.bytes().any(|byte| byte.is_ascii_digit())
            && run.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    let lengths: Vec<usize> = name.split(['-', '_']).rev().take(5).map(str::len).collect();
    let digits = || name.split(['-', '_']).rev().take(5).all(|run| run.bytes().all(|byte| byte.is_ascii_hexdigit()));
    lengths == [12, 4, 4, 4, 8] && digits() || runs.any(|run| hex(run, 16))
}

#[cfg(test)]
mod tests {
    use super::is_made_up;

    #[test]
    fn names_that_nobody_chose() {
        for name in
            ["3f0a1b2c-4d5e-4f60-8123-456789abcdef", "srv_3f0a1b2c_4d5e_4f60_8123_456789abcdef", "c9f3a1b2d4e5f607"]
        {
            assert!(is_made_up(name), "{name}");
        }
        for name in
            ["github", "plugin_playwright_playwright", "claude_ai_Slack", "deadbeefdeadbeef", "feedface", "a-b-c-d-e"]
        {
            assert!(!is_made_up(name), "{name}");
        }
    }
}
