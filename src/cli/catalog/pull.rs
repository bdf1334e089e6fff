//! `mcppol catalog pull`.

use std::{path::Path, time::Duration};

use serde_json::json;

use crate::cli::{
    Failure, Outcome, args,
    client::{Endpoint, Limits, list_tools},
    files, print, print_error,
};

pub(super) fn run(options: &args::Pull) -> Result<Outcome, Failure> {
    let endpoint = endpoint(options)?;
    let limits = Limits { time: Duration::from_secs_f64(options.timeout), ..Limits::default() };
    let verb = if options.url.is_some() { "asking" } else { "starting" };
    print_error(&format!("{}: {verb} {endpoint}\n", options.name));
    let answer = list_tools(&endpoint, options.protocol, &limits)?;
    for note in &answer.notes {
        print_error(&format!("note: {note}\n"));
    }
    let document = json!({
        "server": answer.server_info,
        "protocolVersion": answer.protocol,
        "capabilities": answer.capabilities,
        "tools": answer.tools,
    });
    let text = format!("{document:#}\n");
    if options.raw == Path::new("-") { print(&text)? } else { files::write(&options.raw, &text)? }
    Ok(Outcome::Clean)
}

fn endpoint(options: &args::Pull) -> Result<Endpoint, Failure> {
    if let Some(url) = &options.url {
        let mut headers = options.header.clone();
        for (name, variable) in &options.header_env {
            let value = std::env::var(variable).map_err(|_| {
                Failure::new(format!("the variable `{variable}` for the header `{name}` is not set"))
                    .help(format!("set it: `export {variable}=…`"))
            })?;
            headers.push((name.clone(), value));
        }
        return Ok(Endpoint::Url { url: url.clone(), headers });
    }
    let Some((program, args)) = options.command.split_first() else {
        return Err(Failure::new("no server is named")
            .help("name the command that starts it, after `--`, or its address with `--url`"));
    };
    Ok(Endpoint::Command {
        program: program.clone(),
        args: args.to_vec(),
        env: options.env.clone(),
        clear_env: options.clear_env,
        cwd: options.cwd.clone(),
    })
}
