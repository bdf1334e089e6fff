//! `mcppol catalog show`.

use super::{server, show, tool};
use crate::{
    catalog::Catalogs,
    cli::{Failure, Outcome, args, project::Project},
    page::{self, Servers},
    text::nearest,
};

/// The most servers that have a tool of one name.
const MOST: usize = 20;

pub(super) fn run(options: &args::Show, project: &Project) -> Result<Outcome, Failure> {
    let project = project.and(&options.shared.index)?;
    let catalogs = &project.catalogs;
    if let Some(name) = &options.tool {
        let server = server(catalogs, &options.server)?;
        let page = page::tool(&server, tool(&server, name)?, catalogs);
        project.sound()?;
        return show(&page, &options.shared);
    }
    if let Some(server) = catalogs.find(&options.server) {
        return show(&page::server(&server), &options.shared);
    }
    let (servers, more) = catalogs.with_tool(&options.server, MOST);
    project.sound()?;
    if servers.is_empty() {
        return Err(neither(catalogs, &options.server));
    }
    let servers = servers.iter().map(|server| &**server);
    show(&Servers::of(&options.server, servers, more), &options.shared)
}

/// There is neither a server nor a tool of that name: the nearest of all names.
fn neither(catalogs: &Catalogs, name: &str) -> Failure {
    let mut names: Vec<String> = catalogs.ids().collect();
    catalogs.each_name(|_, tool| names.push(tool.to_owned()));
    let failure = Failure::new(format!("no server and no tool is named `{name}`"));
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help(format!("`mcppol catalog search {name}` looks for parts of names")),
    }
}
