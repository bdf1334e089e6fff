//! `mcppol catalog pull`: a server is asked for its tools, and its catalog written.

use std::{path::Path, time::Duration};

use serde_json::{Value, json};

use crate::{
    catalog::{self, Catalogs, Server},
    cli::{
        Failure, Outcome, args,
        client::{Answer, Endpoint, Limits},
        connect::{ask, from_environment, origin},
        files, print, print_error,
        project::{self, Project},
        render::{by_category, drift as render, one_line, shell},
    },
    config,
    drift::{Drift, Guards, compare},
    inventory::Launch,
    listing::{self, Keep, Listed},
    text::count,
};

pub(super) fn run(options: &args::Pull, project: &Project) -> Result<Outcome, Failure> {
    if let Some(raw) = &options.raw {
        return keep_raw(raw, &asked(options)?);
    }
    // before anything is started: whether the catalog can be written
    let output = match &options.output {
        Some(output) => output.clone(),
        None => project.folder.join("catalogs").join(file_name(&options.name)?),
    };
    let before = before(&output, &options.name)?;
    if options.when.is_some() && before.is_none() {
        return Err(no_base(&output));
    }
    let mut told = match &options.from {
        Some(file) => Told::recorded(file)?,
        None => Told::answered(&asked(options)?)?,
    };
    let keep = if options.facts { Keep::Facts } else { Keep::All };
    let tools = listing::judged(std::mem::take(&mut told.tools), keep);
    let count_before = tools.len();
    let mut server = match before.clone().filter(|_| options.when.is_some()) {
        None => described(options, project, before.as_ref(), told),
        Some(base) => base,
    };
    match &options.when {
        None => server.tools = tools,
        Some(when) => listing::merge(&mut server, tools, when),
    }
    // as in every catalog that a program writes
    server.tools.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(file) = &options.overlay {
        server = corrected(server, file)?;
    }
    let text = catalog::write(&server);
    // what is written is read by every command from now on
    catalog::parse(text.as_bytes()).map_err(|error| Failure::new(format!("the answer makes no catalog: {error}")))?;
    if let Some(folder) = output.parent() {
        files::create_dir(folder)?;
    }
    files::write(&output, &text)?;
    if let Some(before) = before {
        let changes = compare(&before, &server, &Guards::none());
        print_error(&render::text(&[Drift { server: server.id.clone(), origin: None, changes }], false));
    }
    print_error(&summary(&server, &output, options.when.as_deref(), count_before));
    if options.output.is_none() {
        print_error(&project.adopt(&output)?);
        print_error(&format!("next: `mcppol recommend {}`\n", shell(&options.name)));
    }
    Ok(Outcome::Clean)
}

/// A file name that every system takes, of a server's name that need not be one.
fn file_name(server: &str) -> Result<String, Failure> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name: String = server.chars().map(|c| if plain(c) { c.to_ascii_lowercase() } else { '-' }).collect();
    let name = name.trim_start_matches(['.', '-']);
    if name.is_empty() {
        return Err(Failure::new(format!("no file can be named after `{server}`"))
            .help("name the server with letters or digits, or the file with `-o FILE`"));
    }
    Ok(format!("{name}.json"))
}

/// The catalog that is there already; another server's is not written over.
fn before(output: &Path, name: &str) -> Result<Option<Server>, Failure> {
    let shown = output.display();
    if files::current(output)?.is_none() {
        return Ok(None);
    }
    let bytes = files::bytes(output, catalog::MAX_BYTES)?;
    let server = catalog::parse(&bytes).map_err(|error| {
        Failure::new(format!("`{shown}` is there, and is no catalog: {error}")).help("name another file with `-o FILE`")
    })?;
    if server.id != name {
        return Err(Failure::new(format!("`{shown}` is the catalog of `{}`", server.id))
            .help("name another file with `-o FILE`"));
    }
    Ok(Some(server))
}

fn no_base(output: &Path) -> Failure {
    Failure::new(format!("`{}` does not exist, and `--when` adds to a catalog", output.display()))
        .help("pull the server without the switch first, and without `--when`")
}

/// What was learnt, wherever from.
struct Told {
    tools: Vec<Listed>,
    /// What the server calls itself.
    name: Option<String>,
    version: Option<String>,
    origin: String,
}

impl Told {
    fn answered(answer: &Answer) -> Result<Self, Failure> {
        let tools = listing::from_values(&answer.tools)
            .map_err(|error| Failure::new(format!("the server's answer is no list of tools: {error}")))?;
        let said = |name: &str| {
            let said = answer.server_info.get(name).and_then(Value::as_str)?;
            (!said.is_empty()).then(|| said.to_owned())
        };
        Ok(Self { tools, name: said("name"), version: said("version"), origin: origin(answer) })
    }

    fn recorded(file: &Path) -> Result<Self, Failure> {
        let bytes = files::bytes(file, catalog::MAX_BYTES)?;
        let shown = file.display();
        let tools = listing::read(&bytes).map_err(|error| Failure::new(format!("`{shown}`: {error}")))?;
        Ok(Self { tools, name: None, version: None, origin: "a recorded answer to tools/list".to_owned() })
    }
}

fn asked(options: &args::Pull) -> Result<Answer, Failure> {
    let limits = Limits { time: Duration::from_secs_f64(options.timeout), ..Limits::default() };
    ask(&options.name, &endpoint(options)?, options.protocol, &limits)
}

fn keep_raw(to: &Path, answer: &Answer) -> Result<Outcome, Failure> {
    let document = json!({
        "server": answer.server_info,
        "protocolVersion": answer.protocol,
        "capabilities": answer.capabilities,
        "tools": answer.tools,
    });
    let text = format!("{document:#}\n");
    if to == Path::new("-") {
        print(&text)?
    } else {
        files::write(to, &text)?
    }
    Ok(Outcome::Clean)
}

/// A catalog without tools yet. What is known of the server and not said again stays.
fn described(options: &args::Pull, project: &Project, before: Option<&Server>, told: Told) -> Server {
    let known = &options.identity;
    let kept = |given: &Option<String>, was: fn(&Server) -> &Option<String>| {
        given.clone().or_else(|| before.and_then(|before| was(before).clone()))
    };
    let mut aliases = before.map(|before| before.aliases.clone()).unwrap_or_default();
    let mut add = |alias: String| {
        if alias != options.name && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    };
    known.alias.iter().cloned().for_each(&mut add);
    if let Some(said) = told.name {
        // a server does not name itself into the place of another
        match project.catalogs.find(&said).filter(|other| other.id != options.name) {
            Some(other) => {
                let note =
                    format!("it calls itself `{said}`, which is a name of `{}`: that is not taken over", other.id);
                print_error(&format!("note: {}\n", one_line(&note)));
            }
            None => add(said),
        }
    }
    // what the command line starts tells more than the server says of itself
    let launch = match &options.url {
        Some(url) => Launch::of_address(url),
        None => Launch::of_command(options.command.iter().map(String::as_str)),
    };
    if let Some(host) = launch.public_host() {
        add(host.to_owned());
    }
    let said = |package: bool| match &launch {
        Launch::Package { name, .. } if package => Some(name.clone()),
        Launch::Repository(name) if !package => Some(name.clone()),
        _ => None,
    };
    let registry = known.registry.clone().or_else(|| launch.registry().map(str::to_owned));
    let shown = before.map(|before| before.name.clone());
    Server {
        name: known.name.clone().or(shown).unwrap_or_else(|| options.name.clone()),
        repository: kept(&known.repository.clone().or_else(|| said(false)), |it| &it.repository),
        registry: kept(&registry, |it| &it.registry),
        package: kept(&known.package.clone().or_else(|| said(true)), |it| &it.package),
        version: known.package_version.clone().or(told.version),
        aliases,
        ..Server::new(&options.name, told.origin)
    }
}

/// The corrections of one server among those of a file; the others are of other servers.
fn corrected(server: Server, file: &Path) -> Result<Server, Failure> {
    let text = files::read(file)?.text;
    let id = server.id.clone();
    let wrong = |problem: &config::Problem| project::failure(file, problem);
    let overlay = config::overlay(&text).map_err(|problem| wrong(&problem))?.only(&id);
    let catalogs = Catalogs::none().with(server);
    let catalogs = overlay.apply(catalogs, &file.display().to_string(), &text).map_err(|problem| wrong(&problem))?;
    catalogs.find(&id).map(|server| (*server).clone()).ok_or_else(|| Failure::new(format!("`{id}` is gone")))
}

/// What was written, in a line or two.
fn summary(server: &Server, output: &Path, when: Option<&str>, asked: usize) -> String {
    use std::fmt::Write as _;
    let mut out = format!("`{}`: {}", output.display(), count(server.tools.len(), "tool"));
    let categories = by_category(server);
    // writing to a string cannot fail
    if !categories.is_empty() {
        let _ = write!(out, " ({})", categories.join(", "));
    }
    if let Some(when) = when {
        let added = server.tools.iter().filter(|tool| tool.conditional.as_deref() == Some(when)).count();
        let need = if added == 1 { "needs" } else { "need" };
        let _ = write!(out, "; of the {asked} that `{when}` shows, {added} {need} it");
    }
    out.push('\n');
    out
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
        headers.push(from_environment(&name, &variable)?);
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
