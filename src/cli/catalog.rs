//! `mcppol catalog`: what is known of servers. Each subcommand has a file of its own.

mod classify;
mod diff;
mod index;
mod list;
mod pull;
mod search;
mod show;

use std::sync::Arc;

use super::{
    Failure, Outcome,
    args::{self, Format, Looking},
    print,
    project::Project,
    render::{json, page::Page},
};
use crate::{
    catalog::{Catalogs, Server, Tool},
    text::{nearest, quoted_list},
};

pub(super) fn run(command: &args::CatalogCommand, project: &Project) -> Result<Outcome, Failure> {
    match command {
        args::CatalogCommand::Pull(options) => pull::run(options, project),
        args::CatalogCommand::Classify(options) => classify::run(options),
        args::CatalogCommand::Diff(options) => diff::run(options, &project.catalogs),
        args::CatalogCommand::Show(options) => show::run(options, project),
        args::CatalogCommand::List(options) => list::run(options, project),
        args::CatalogCommand::Index(options) => index::run(options),
        args::CatalogCommand::Search(options) => search::run(options, project),
    }
}

/// Prints a page in the form that is wanted.
fn show(page: &impl Page, options: &Looking) -> Result<Outcome, Failure> {
    match options.format {
        Format::Json => print(&json::text(page))?,
        Format::Text => print(&page.text())?,
    }
    Ok(Outcome::Clean)
}

/// The server of that name.
pub(super) fn server(catalogs: &Catalogs, name: &str) -> Result<Arc<Server>, Failure> {
    catalogs.find(name).ok_or_else(|| unknown(catalogs, name, format!("no catalog knows the server `{name}`")))
}

/// What is wrong with a server's name, and which was meant or there is.
fn unknown(catalogs: &Catalogs, name: &str, message: String) -> Failure {
    let ids: Vec<String> = catalogs.ids().collect();
    Failure::new(message).help(match nearest(name, ids.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known servers are {}", quoted_list(&ids, 6)),
    })
}

/// The tool of that name.
pub(super) fn tool<'a>(server: &'a Server, name: &str) -> Result<&'a Tool, Failure> {
    server.tool(name).ok_or_else(|| {
        let failure = Failure::new(format!("no tool of `{}` is named `{name}`", server.id));
        match nearest(name, server.tools.iter().map(|tool| tool.name.as_str())) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("`mcppol catalog show {}` lists its tools; letter case counts", server.id)),
        }
    })
}
