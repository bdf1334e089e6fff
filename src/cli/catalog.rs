//! `mcppol catalog`: what is known of servers. Each subcommand has a file of its own.

mod pull;

use std::sync::Arc;

use super::{Failure, Outcome, args};
use crate::{
    catalog::{Catalogs, Server, Tool},
    text::{nearest, quoted_list},
};

pub(super) fn run(command: &args::CatalogCommand) -> Result<Outcome, Failure> {
    match command {
        args::CatalogCommand::Pull(options) => pull::run(options),
    }
}

/// The server of that name.
pub(super) fn server(catalogs: &Catalogs, name: &str) -> Result<Arc<Server>, Failure> {
    catalogs.find(name).ok_or_else(|| {
        let ids: Vec<String> = catalogs.ids().collect();
        let failure = Failure::new(format!("no catalog knows the server `{name}`"));
        match nearest(name, ids.iter().map(String::as_str)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("known servers are {}", quoted_list(&ids, 6))),
        }
    })
}

/// The tool of that name.
pub(super) fn tool<'a>(server: &'a Server, name: &str) -> Result<&'a Tool, Failure> {
    server.tool(name).ok_or_else(|| {
        let failure = Failure::new(format!("no tool of `{}` is named `{name}`", server.id));
        match nearest(name, server.tools.iter().map(|tool| tool.name.as_str())) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("names are compared exactly, letter case included"),
        }
    })
}
