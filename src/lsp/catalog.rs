//! The pages of servers as documents that a client can go to: by an address of their own where the client opens such
//! (a part of version 3.18 of the protocol), else as files.

use std::str::FromStr as _;

use lsp_types::{Location, Uri};
use serde_json::{Value, json};

use super::{
    position::Index,
    state::State,
    uri,
    uri::{decoded, encoded},
};
use crate::{
    catalog::Server,
    ide::pages::{self, Page},
};

const SCHEME: &str = "mcppol-catalog";

/// Says that such documents are had here.
pub(super) fn offer(capabilities: &mut Value) {
    let all = capabilities.as_object_mut();
    let workspace = all.map(|all| all.entry("workspace").or_insert_with(|| json!({})));
    if let Some(workspace) = workspace.and_then(Value::as_object_mut) {
        workspace.insert("textDocumentContent".to_owned(), json!({ "schemes": [SCHEME] }));
    }
}

/// Where a tool of a server is told of.
pub(super) fn location(state: &State<'_>, server: &Server, tool: &str) -> Option<Location> {
    let page: Page = pages::page(server);
    let range = Index::new(&page.text, state.client.encoding).range(&page.text, page.place_of(server, tool));
    let name = format!("{}.md", encoded(&server.id, b"-._"));
    let uri = if state.client.opens_pages {
        Uri::from_str(&format!("{SCHEME}:/{name}")).ok()?
    } else {
        uri::of(&state.world.keep(&name, &page.text)?)?
    };
    Some(Location { uri, range })
}

/// The text at such an address, from the catalogs of a document that is open.
pub(super) fn text(state: &State<'_>, uri: &Uri) -> Option<String> {
    let name = uri.as_str().strip_prefix(SCHEME)?.strip_prefix(":/")?.strip_suffix(".md")?;
    let id = decoded(name)?;
    let server = state.documents.iter().find_map(|open| open.subject.basis.project.catalogs.find(&id))?;
    Some(pages::page(&server).text)
}
