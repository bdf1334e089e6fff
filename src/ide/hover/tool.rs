//! What is told of a tool.

use std::sync::Arc;

use crate::{
    catalog::{Server, Tool},
    hir::checked::Policy,
    ide::{
        View, arguments,
        bearing::bearing,
        markdown::{class, code, names, plain},
    },
    page::{self, Facts},
};

/// So many arguments are told of.
const MOST: usize = 20;

pub(super) fn markdown(view: &View<'_>, policy: Option<&Policy>, server: &Server, tool: &Tool) -> String {
    let facts = page::facts(tool);
    let mut out = format!("**{}** of {}: {}\n\n", code(&tool.name), code(&server.id), class(tool));
    // a sentence of ours, with names of strangers in it
    out.push_str(&format!("{}\n\n", plain(&facts.summary)));
    if let Some(description) = &tool.description {
        out.push_str(&format!("> {}\n\n", plain(description)));
    }
    let known = policy.filter(|policy| policy.server().is_some_and(|its| its.id == server.id));
    if let Some((policy, id)) = known.and_then(|policy| Some((policy, policy.tool(&tool.name)?))) {
        out.push_str(&format!("{}\n", bearing(view, policy, id).markdown()));
    }
    out.push_str(&list_of_arguments(tool, &facts));
    out.push_str(&format!("Class: {} ({})", plain(&tool.why), plain(&facts.source)));
    if let Some(confidence) = tool.confidence {
        out.push_str(&format!(", confidence {confidence}"));
    }
    out.push_str(&format!("; in the sets {}\n", names(facts.sets.iter().map(String::as_str))));
    if let Some(switch) = &tool.conditional {
        out.push_str(&format!("\nOffered only with {}\n", plain(switch)));
    }
    for noted in &facts.signals {
        let about = match noted.arguments.as_slice() {
            [] => String::new(),
            arguments => format!(" ({})", names(arguments.iter().map(String::as_str))),
        };
        out.push_str(&format!("\n- `@{}`: {}{about}", noted.signal, noted.meaning));
    }
    for hint in &facts.hints {
        let against = hint.against.as_ref().map(|against| format!("; but {against}")).unwrap_or_default();
        out.push_str(&format!("\n- the server says `{}`: {}, {}{against}", hint.hint, hint.value, hint.meaning));
    }
    if !facts.signals.is_empty() || !facts.hints.is_empty() {
        out.push('\n');
    }
    out.push_str(&format!("\nRecommended: {}\n", facts.advice));
    out
}

fn list_of_arguments(tool: &Tool, facts: &Facts) -> String {
    let more = facts.arguments.len().saturating_sub(MOST);
    let mut out = String::new();
    // what every call has comes first
    let required = facts.arguments.iter().filter(|argument| argument.required);
    let optional = facts.arguments.iter().filter(|argument| !argument.required);
    for argument in required.chain(optional).take(MOST) {
        out.push_str(&format!("- {}\n", arguments::line(tool, argument)));
    }
    if more > 0 {
        out.push_str(&format!("- and {more} more\n"));
    }
    if out.is_empty() { out } else { format!("Its arguments:\n\n{out}\n") }
}

/// A name that no catalog has.
pub(super) fn unknown(view: &View<'_>, policy: Option<&Policy>, name: &str, servers: &[Arc<Server>]) -> String {
    let why = match servers {
        [] => "no catalog knows its server".to_owned(),
        _ => format!("not in the catalog of {}", names(servers.iter().map(|server| &*server.id))),
    };
    let mut out = format!("**{}**: {why}\n", code(name));
    if let Some((policy, id)) = policy.and_then(|policy| Some((policy, policy.tool(name)?))) {
        out.push_str(&format!("\n{}", bearing(view, policy, id).markdown()));
    }
    out
}
