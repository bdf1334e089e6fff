//! The MCP servers in a configuration of Codex: `enabled_tools`, `disabled_tools`, and who approves calls.
//!
//! A server without any of these is not judged: all its tools are offered, and the session's settings decide who is
//! asked.

use super::{
    Format,
    client::{self, Rest},
    reading::{Reading, exactly},
};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    document::{Kind, Member, Syntax, Value},
    hir::{
        model::{Name, Statement, Verb},
        origin::{Fact, Manners, Note, Unlisted},
    },
    inventory,
    text::nearest,
};

pub(super) static FORMAT: Format = Format {
    name: "codex",
    title: "the MCP servers of Codex",
    files: &[".codex/config.toml"],
    syntax: Syntax::Toml,
    shape: None,
    manners: &MANNERS,
    engine_is_public: false,
    read,
};

static MANNERS: Manners = Manners {
    title: "Codex",
    prefix: "",
    block: "add {} to `disabled_tools`",
    revoke: None,
    close: "take `default_tools_approval_mode` out, so that a person is asked",
    grant: "add what the agent needs to `enabled_tools`",
    ask: Some("set `approval_mode = \"prompt\"` for {}"),
    narrow: None,
    presence: None,
    hides: true,
};

/// The members that say which tools there are and who is asked.
const OURS: [&str; 4] = ["enabled_tools", "disabled_tools", "default_tools_approval_mode", "tools"];
/// Words that other clients have for them.
const OTHERS: [(&str, &str); 6] = [
    ("allowed_tools", "enabled_tools"),
    ("allow_tools", "enabled_tools"),
    ("enabledTools", "enabled_tools"),
    ("denied_tools", "disabled_tools"),
    ("blocked_tools", "disabled_tools"),
    ("disabledTools", "disabled_tools"),
];

fn read(root: &Value, reading: &mut Reading<'_>) {
    for server in reading.members(root, "mcp_servers") {
        if reading.is_object(&server.value, &server.key) {
            misspelt(&server.value, reading);
            judge(server, root, reading);
        }
    }
}

fn judge(member: &Member, root: &Value, reading: &mut Reading<'_>) {
    let value = &member.value;
    if !OURS.iter().any(|name| value.get(name).is_some())
        || value.get("enabled").is_some_and(|on| on.kind == Kind::Bool(false))
    {
        return;
    }
    let name = Name { text: member.key.clone(), span: reading.content(member.key_span, &member.key) };
    let lists =
        ["enabled_tools", "disabled_tools"].into_iter().filter_map(|list| value.get(list)).flat_map(Value::items);
    let named = lists.filter_map(Value::text).filter(|tool| !tool.contains('*'));
    let launch = inventory::launch_of(value);
    let known = client::server(reading, &name.text, &launch.names());
    let known = known.filter(|known| client::is_the_same(known, named));
    let approved = value.get("default_tools_approval_mode").and_then(Value::text) == Some("approve");
    let enabled = value.member("enabled_tools");
    let mut statements: Vec<Statement> = Vec::new();
    let mut notes = Vec::new();
    // a tool without an approval of its own is asked about; one that nobody knows is only granted by the list
    let asked = |tool: &str| !approved && known.as_ref().is_some_and(|server| server.tool(tool).is_some());
    for (list, verb) in [("enabled_tools", Verb::Allow), ("disabled_tools", Verb::Hide)] {
        for entry in reading.list(value, list) {
            let Some(tool) = reading.name(entry, &format!("an entry of `{list}`")) else { continue };
            if tool.text.contains('*') {
                let text = tool.text.to_string();
                notes.push(Note {
                    span: tool.span,
                    fact: Fact::Glob { within: list, guards: verb == Verb::Hide, text },
                });
            } else {
                let verb = if verb == Verb::Allow && asked(&tool.text) { Verb::Ask } else { verb };
                statements.push(Statement::new(verb, exactly([tool]), entry.span));
            }
        }
    }
    for tool in reading.members(value, "tools") {
        let verb = match tool.value.get("approval_mode").and_then(Value::text) {
            Some("approve") => Verb::Allow,
            Some("prompt") => Verb::Ask,
            _ => continue,
        };
        let name = Name { text: tool.key.clone(), span: reading.content(tool.key_span, &tool.key) };
        // what a tool's own table says counts more than what the list of all says
        statements.retain(|other| other.verb == Verb::Hide || other.tools.take.iter().all(|it| it.text != name.text));
        statements.push(Statement::new(verb, exactly([name]), tool.key_span));
    }
    if let Some(list) = enabled.filter(|list| matches!(&list.value.kind, Kind::List(items) if items.is_empty())) {
        let fact = Fact::EmptyList {
            list: "enabled_tools",
            means: "no tool of the server is offered",
            instead: "name the tools, or take the list out to have all; a server that is not wanted says `enabled = false`",
        };
        notes.push(Note { span: list.key_span.to(list.value.span), fact });
    }
    let unlisted = match (enabled.is_some(), approved) {
        (true, _) => Unlisted::Refused,
        (false, true) => Unlisted::Allowed,
        (false, false) => Unlisted::Asked,
    };
    let span =
        enabled.or_else(|| value.member("default_tools_approval_mode")).map_or(name.span, |member| member.key_span);
    client::add(&name, known.as_deref(), statements, Rest { unlisted, span }, root.span, reading);
    reading.note(notes);
}

/// A member that means one of ours, and that Codex passes over.
fn misspelt(value: &Value, reading: &mut Reading<'_>) {
    for member in value.members().iter().filter(|member| !OURS.contains(&&*member.key)) {
        let other = OTHERS.iter().find(|(word, _)| *word == &*member.key).map(|(_, ours)| *ours);
        let near = || nearest(&member.key, ["enabled_tools", "disabled_tools", "default_tools_approval_mode"]);
        let Some(meant) = other.or_else(near) else { continue };
        let message = format!("a server of Codex has no member `{}`", member.key);
        let finding = Diagnostic::error(&codes::OBSOLETE_FIELD, member.key_span, message);
        reading.error(finding.fix(Applicability::Unsafe, format!("did you mean `{meant}`?"), member.key_span, meant));
    }
}
