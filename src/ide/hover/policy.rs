//! What is told of a policy and of a server.

use crate::{
    catalog::Server,
    ide::{
        View,
        counts::Counts,
        lists,
        markdown::{code, names, plain},
        meaning,
    },
    page,
    syntax::SyntaxKind as K,
    text::{FileId, count, slice},
};

pub(super) fn markdown(view: &View<'_>, name: &str) -> Option<String> {
    lists::find(view, K::Policy, name, FileId(0), |item| {
        let mut out = format!("**policy {}**", code(name));
        if let Some(server) = meaning::server_of(item) {
            out.push_str(&format!(" for {}", code(&server)));
        }
        let source = lists::source(view, item.span());
        if let Some(doc) = doc_above(source, item.span().start) {
            out.push_str(&format!("\n\n{}", plain(&doc)));
        }
        let policies = view.document.analysis().policies();
        let sound = policies.iter().find(|policy| policy.holds(item.span()));
        match sound {
            Some(policy) => out.push_str(&format!("\n\n{}", Counts::of(policy))),
            None if item.span().file == FileId(0) => out.push_str(&format!("\n\n{}", super::super::lenses::BROKEN)),
            None => {
                let sources = &view.document.analysis().sources;
                let file = sources.get(item.span().file.0 as usize).map_or("", |source| &source.name);
                out.push_str(&format!("\n\nIt stands in {}", code(file)));
            }
        }
        out.push('\n');
        out
    })
}

pub(super) fn server(server: &Server) -> String {
    let page = page::server(server);
    let about = &page.server;
    let mut out = format!("**{}** ({})\n\n", plain(&about.name), code(&about.id));
    let classes: Vec<String> = page.categories.iter().map(|(category, n)| format!("{n} {category}")).collect();
    out.push_str(&count(page.tools.len(), "tool"));
    if !classes.is_empty() {
        out.push_str(&format!(": {}", classes.join(", ")));
    }
    out.push('\n');
    if !page.critical.is_empty() {
        out.push_str(&format!("\n- critical: {}", names(page.critical.iter().map(String::as_str))));
    }
    for (switch, tools) in &page.conditional {
        out.push_str(&format!("\n- only with {}: {}", plain(switch), names(tools.iter().map(String::as_str))));
    }
    for (name, value) in about.facts() {
        out.push_str(&format!("\n- {name}: {}", plain(&value)));
    }
    out.push('\n');
    out
}

/// The `///` lines directly above a place, without their slashes.
fn doc_above(text: &str, offset: u32) -> Option<String> {
    let before = slice(text, 0..offset as usize);
    let mut lines: Vec<&str> = Vec::new();
    for line in before.strip_suffix('\n').unwrap_or(before).rsplit('\n') {
        match line.trim().strip_prefix("///") {
            Some(doc) => lines.push(doc.strip_prefix(' ').unwrap_or(doc)),
            None => break,
        }
    }
    lines.reverse();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
