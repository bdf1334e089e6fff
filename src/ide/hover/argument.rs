//! What is told of an argument: in a condition for all tools of the statement, in a test for the tool that is called.

use crate::{
    catalog::Tool,
    ide::{
        View, arguments,
        at::At,
        lists::{self, Lists},
        markdown::{code, some},
        meaning,
    },
    page::{self, Argument},
    syntax::{SyntaxKind as K, literal::write_path},
    text::count,
};

/// So many tools are named that say the same of an argument.
const NAMED: usize = 4;

pub(super) fn markdown(view: &View<'_>, at: &At<'_>, path: &[String]) -> Option<String> {
    let mut out = format!("**{}**\n\n", code(&write_path(path)));
    let (first, inner) = path.split_first()?;
    if let (Some(server), Some(list)) = (view.server(at.item()?), lists::of_statement(&at.path)) {
        out.push_str(&of_tools(&Lists::new(view, &server).tools(list), first));
        if !inner.is_empty() {
            out.push_str(&format!("\nSchemas are looked into no deeper than {}.\n", code(first)));
        }
    }
    out.push_str(&format!("\n{ABSENT}{}\n", consequence(at).map(|what| format!(": {what}")).unwrap_or_default()));
    Some(out)
}

/// What holds of an argument that a call leaves out; see `docs/language.md`.
const ABSENT: &str = "Of an absent or null argument every test but `missing` is false";

/// What that comes to where the condition stands.
pub(super) fn consequence(at: &At<'_>) -> Option<&'static str> {
    at.path.iter().rev().find_map(|node| match node.kind() {
        K::Require => Some("a `require` that is not true refuses the call"),
        K::DenyIf => Some("a `deny if` that is not true lets the call go on"),
        K::AskIf => Some("an `ask if` that is not true asks nobody"),
        K::Deny if node.has(K::IfPart) => Some("a `deny … if` that is not true lets the call go on"),
        K::Ask if node.has(K::IfPart) => Some("an `ask … if` that is not true asks nobody"),
        _ => None,
    })
}

/// The argument in each of the tools; those that say the same of it are told of together.
fn of_tools(tools: &[&Tool], name: &str) -> String {
    let mut kinds: Vec<(String, Vec<&str>)> = Vec::new();
    let mut without = Vec::new();
    for tool in tools {
        let Some(param) = tool.param(name) else {
            without.push(tool.name.as_str());
            continue;
        };
        let about = arguments::about(tool, &Argument::of(param));
        match kinds.iter_mut().find(|(known, _)| *known == about) {
            Some((_, tools)) => tools.push(&tool.name),
            None => kinds.push((about, vec![&tool.name])),
        }
    }
    let mut out = String::new();
    for (about, of) in &kinds {
        match tools {
            [_] => out.push_str(&format!("- {about}\n")),
            _ => {
                let names = some(of.iter().copied(), NAMED);
                out.push_str(&format!("- {about}: {} of {} ({names})\n", of.len(), count(tools.len(), "tool")));
            }
        }
    }
    match without.len() {
        0 => {}
        n => out.push_str(&format!("- {n} without it: {}\n", some(without.into_iter(), NAMED))),
    }
    out
}

/// The name of an argument in a test's call.
pub(super) fn member(view: &View<'_>, at: &At<'_>) -> Option<String> {
    let token = at.token()?;
    let [.., call, object, member, _] = at.path.as_slice() else { return None };
    let is_name = member.first_token()?.span() == token.span();
    if !is_name || (call.kind(), object.kind(), member.kind()) != (K::Call, K::Object, K::Member) {
        return None;
    }
    let server = view.server(at.item()?)?;
    let of = call.children().find(|child| matches!(child.kind(), K::ToolName | K::String | K::RawString))?;
    let tool = server.tool(&meaning::text(of)?)?;
    let name = meaning::text(token)?;
    let argument = page::facts(tool).arguments.into_iter().find(|argument| argument.name == name);
    Some(match argument {
        Some(argument) => format!("{}\n", arguments::line(tool, &argument)),
        None => format!("{} has no argument {}\n", code(&tool.name), code(&name)),
    })
}
