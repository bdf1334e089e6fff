//! `mcppol lock`.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use super::{
    Failure, Outcome, args,
    drift::CATALOG,
    files, print, print_error,
    project::{self, Project},
    render::drift as render,
};
use crate::{
    catalog::{Catalogs, Category, Server},
    drift::{Drift, Guards, compare},
    lock::Lock,
    text::{count, list, nearest, quoted_list},
};

pub(super) fn run(options: &args::Lock) -> Result<Outcome, Failure> {
    let catalogs = Catalogs::embedded();
    let old = project::lock_in(&options.lock)?;
    if options.policies.is_empty() && options.server.is_empty() && old.is_none() {
        return Err(Failure::new("there is nothing to lock")
            .help("name your policies, `mcppol lock policy.mcp`, or a server, `mcppol lock --server trakt`"));
    }
    let old = old.unwrap_or_default();
    let project = Project::read(&options.policies, &old, &catalogs, options.today)?;
    let mut used: BTreeSet<String> = project.used().into_iter().collect();
    for name in &options.server {
        used.insert(named(name, &catalogs)?);
    }
    if options.policies.is_empty() || options.keep {
        used.extend(old.servers().iter().map(|server| server.id.clone()));
    }
    let mut servers = Vec::new();
    for id in &used {
        let ours = options.policies.is_empty() || options.server.contains(id) || project.guards.contains_key(id);
        let now = if ours { catalogs.find(id) } else { None };
        match (now, old.server(id)) {
            (Some(now), _) => servers.push(now),
            (None, Some(locked)) => {
                if ours {
                    print_error(&note(&format!("no catalog knows `{id}` any more; its entry stays as it is")));
                }
                servers.push(Arc::clone(locked));
            }
            (None, None) => print_error(&note(&format!("no catalog knows `{id}`, so it cannot be locked"))),
        }
    }
    let new = Lock::new(servers);
    print(&said(&old, &new, &project))?;
    finish(&options.lock, &new, options.check)
}

fn note(text: &str) -> String {
    format!("note: {}\n", super::render::terminal::one_line(text))
}

/// The id of the server of a name.
fn named(name: &str, catalogs: &Catalogs) -> Result<String, Failure> {
    if let Some(server) = catalogs.find(name) {
        return Ok(server.id.clone());
    }
    let ids: Vec<String> = catalogs.ids().collect();
    let failure = Failure::new(format!("no catalog knows the server `{name}`"));
    Err(match nearest(name, ids.iter().map(String::as_str)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help(format!("known servers are {}", quoted_list(&ids, 6))),
    })
}

/// What is different in the new lock, for whoever reviews it.
fn said(old: &Lock, new: &Lock, project: &Project) -> String {
    let none = Guards::none();
    let mut out = String::new();
    for server in new.servers() {
        let Some(was) = old.server(&server.id) else {
            out.push_str(&format!(
                "`{}` is locked: {}\n",
                super::render::terminal::one_line(&server.id),
                tools(server)
            ));
            continue;
        };
        let changes = compare(was, server, project.guards.get(&server.id).unwrap_or(&none));
        if !changes.is_empty() {
            let drift = Drift { server: server.id.clone(), origin: Some(CATALOG.to_owned()), changes };
            out.push_str(&render::text(&[drift], false));
        }
    }
    for gone in old.servers().iter().filter(|server| new.server(&server.id).is_none()) {
        let id = super::render::terminal::one_line(&gone.id);
        out.push_str(&format!("`{id}` is not in use and no longer locked\n"));
    }
    out
}

/// `44 tools: 30 read, 12 write and 2 destructive`
fn tools(server: &Server) -> String {
    let of = |category: Category| server.tools.iter().filter(|tool| tool.category == category).count();
    let parts = Category::ALL.into_iter().map(|category| (of(category), category)).filter(|(n, _)| *n > 0);
    let parts: Vec<String> = parts.map(|(n, category)| format!("{n} {category}")).collect();
    let all = count(server.tools.len(), "tool");
    if parts.is_empty() { all } else { format!("{all}, {}", list(&parts, "and")) }
}

fn finish(path: &Path, lock: &Lock, check: bool) -> Result<Outcome, Failure> {
    let text = lock.write();
    let current = files::current(path)?;
    let shown = path.display();
    if current.as_deref() == Some(text.as_bytes()) {
        print(&format!("`{shown}` is up to date\n"))?;
        return Ok(Outcome::Clean);
    }
    if check {
        let state = if current.is_some() { "is out of date" } else { "does not exist" };
        print_error(&format!("`{shown}` {state}: run the same command without `--check`\n"));
        return Ok(Outcome::Findings);
    }
    files::write(path, &text)?;
    let tools = lock.servers().iter().map(|server| server.tools.len()).sum();
    print(&format!("wrote `{shown}`: {}, {}\n", count(lock.servers().len(), "server"), count(tools, "tool")))?;
    Ok(Outcome::Clean)
}
