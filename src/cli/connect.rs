//! Asking servers for the tools they have now: as a command says how, or, with `--connect`, as the project's settings do.

use std::path::Path;

use super::{
    Failure,
    client::{Answer, Endpoint, Limits, OFFERED, list_tools},
    print_error,
    project::Project,
    render::one_line,
};
use crate::{
    catalog::{Param, Server, Tool},
    config::Reach,
    listing::{self, Keep},
};

/// What is found out about a server by asking it.
pub(super) const LIVE: &str = "the live server";

/// The server as it is now; `None`, with a note, where the settings do not say how to reach it.
///
/// What only `known` can tell, its names and the tools that a switch brings, is taken from there. A class is that of
/// `known` too, unless what the server says now leads to another than what it said then.
pub(super) fn live(project: &Project, id: &str, known: Option<&Server>) -> Result<Option<Server>, Failure> {
    let called = |name: &str| name == id || project.catalogs.find(name).is_some_and(|server| server.id == id);
    let Some((name, reach)) = project.config.servers.iter().find(|(name, _)| called(name)) else {
        let note = format!("`{id}` is not asked: `mcppol.toml` has no `[servers.{id}]` that says how");
        print_error(&format!("note: {}\n", one_line(&note)));
        return Ok(None);
    };
    let endpoint = endpoint(name, reach, &project.folder)?;
    let answer = ask(name, &endpoint, OFFERED, &Limits::default())?;
    let listed = listing::from_values(&answer.tools)
        .map_err(|error| Failure::new(format!("the answer of `{name}` is no list of tools: {error}")))?;
    let mut tools = match known {
        Some(known) => listing::judged_as(listed, Keep::All, known),
        None => listing::judged(listed, Keep::All),
    };
    let missing = |tool: &&Tool| tool.conditional.is_some() && !tools.iter().any(|it| it.name == tool.name);
    // it is not set up for them, which does not mean that they are gone
    let others: Vec<Tool> = known.into_iter().flat_map(|known| &known.tools).filter(missing).cloned().collect();
    tools.extend(others);
    for tool in &mut tools {
        let before = known.and_then(|known| known.tool(&tool.name)).map_or(&[][..], |tool| &tool.params);
        let missing = |param: &&Param| param.conditional.is_some() && tool.param(&param.name).is_none();
        let others: Vec<Param> = before.iter().filter(missing).cloned().collect();
        tool.params.extend(others);
    }
    tools.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Some(match known {
        Some(known) => Server { tools, ..known.clone() },
        None => Server { tools, ..Server::new(id, origin(&answer)) },
    }))
}

/// Asks a server for its tools. Nothing is started before the user has seen what it is.
pub(super) fn ask(name: &str, endpoint: &Endpoint, offer: &str, limits: &Limits) -> Result<Answer, Failure> {
    let verb = match endpoint {
        Endpoint::Url { .. } => "asking",
        Endpoint::Command { .. } => "starting",
    };
    print_error(&format!("{}: {verb} {endpoint}\n", one_line(name)));
    let answer = list_tools(endpoint, offer, limits)?;
    for note in &answer.notes {
        print_error(&format!("note: {}\n", one_line(note)));
    }
    Ok(answer)
}

/// How the facts of an answer were obtained, for a catalog.
pub(super) fn origin(answer: &Answer) -> String {
    format!("tools/list of the server, protocol {}", answer.protocol)
}

/// A header whose value is that of a variable.
pub(super) fn from_environment(header: &str, variable: &str) -> Result<(String, String), Failure> {
    let value = std::env::var(variable)
        .map_err(|_| Failure::new(format!("the variable `{variable}` for the header `{header}` is not set")))?;
    Ok((header.to_owned(), value.trim().to_owned()))
}

fn endpoint(name: &str, reach: &Reach, folder: &Path) -> Result<Endpoint, Failure> {
    if let Some(url) = &reach.url {
        let header = |(header, variable): (&String, &String)| {
            from_environment(header, variable)
                .map_err(|failure| failure.help("set it in the environment: a secret does not belong in the settings"))
        };
        let headers = reach.header_env.iter().map(header).collect::<Result<_, Failure>>()?;
        return Ok(Endpoint::Url { url: url.clone(), headers });
    }
    let (program, args) = reach
        .command
        .split_first()
        .ok_or_else(|| Failure::new(format!("the settings of `{name}` have neither `command` nor `url`")))?;
    Ok(Endpoint::Command {
        program: program.clone(),
        args: args.to_vec(),
        env: reach.env.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        clear_env: false,
        cwd: Some(folder.join(reach.cwd.as_deref().unwrap_or_default())).filter(|it| !it.as_os_str().is_empty()),
    })
}
