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
    if options.raw == Path::new("-") {
        print(&text)?
    } else {
        files::write(&options.raw, &text)?
    }
    Ok(Outcome::Clean)
}

fn endpoint(options: &args::Pull) -> Result<Endpoint, Failure> {
    if let Some(url) = &options.url {
        return Ok(Endpoint::Url { url: url.clone(), headers: headers(options)? });
    }
    let Some((program, args)) = options.command.split_first() else {
        return Err(Failure::new("no server is named")
            .help("name the command that starts it, after `--`, or its address with `--url`"));
    };
    let env = options.env.iter().map(|text| pair("--env", text, '=', "NAME=VALUE"));
    Ok(Endpoint::Command {
        program: program.clone(),
        args: args.to_vec(),
        env: env.collect::<Result<_, _>>()?,
        clear_env: options.clear_env,
        cwd: options.cwd.clone(),
    })
}

fn headers(options: &args::Pull) -> Result<Vec<(String, String)>, Failure> {
    let given = options.header.iter().map(|text| pair("--header", text, ':', "Name: value"));
    let mut headers = given.collect::<Result<Vec<_>, _>>()?;
    for text in &options.header_env {
        let (name, variable) = pair("--header-env", text, '=', "Name=VARIABLE")?;
        let value = std::env::var(&variable)
            .map_err(|_| Failure::new(format!("the variable `{variable}` for the header `{name}` is not set")))?;
        headers.push((name, value.trim().to_owned()));
    }
    Ok(headers)
}

/// The two halves of an option's value, which is not shown: it may be secret.
fn pair(option: &str, text: &str, between: char, form: &str) -> Result<(String, String), Failure> {
    match text.split_once(between) {
        Some((name, value)) if !name.trim().is_empty() => {
            let value = if between == ':' { value.trim() } else { value };
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err(Failure::new(format!("a value of `{option}` has no `{between}` after a name"))
            .help(format!("write `{option} '{form}'`"))),
    }
}
