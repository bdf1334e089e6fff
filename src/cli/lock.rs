//! `mcppol lock`.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use super::{
    Failure, Outcome, args,
    catalog::server as named,
    connect::live,
    files, print, print_error,
    project::Project,
    render::{by_category, drift as render, one_line, without_check},
    review::{self, Review},
};
use crate::{
    catalog::Server,
    drift::{Drift, Guards, compare},
    lock::Lock,
    text::{count, list},
};

pub(super) fn run(options: &args::Lock, project: &Project) -> Result<Outcome, Failure> {
    let catalogs = &project.catalogs;
    let path = project.lock(options.lock.as_deref());
    let old = review::lock_in(&path)?;
    if options.policies.is_empty() && options.server.is_empty() && old.is_none() {
        return Err(Failure::new("there is nothing to lock")
            .help("name your policies, `mcppol lock policy.mcp`, or a server, `mcppol lock --server trakt`"));
    }
    let old = old.unwrap_or_default();
    let review = Review::read(&options.policies, &old, catalogs, options.today)?;
    let mut used: BTreeSet<String> = review.used().into_iter().collect();
    let mut asked = BTreeSet::new();
    for name in &options.server {
        asked.insert(named(catalogs, name)?.id.clone());
    }
    used.extend(asked.iter().cloned());
    if options.policies.is_empty() || options.keep {
        used.extend(old.servers().iter().map(|server| server.id.clone()));
    }
    let mut servers = Vec::new();
    for id in &used {
        let ours = options.policies.is_empty() || asked.contains(id) || review.guards.contains_key(id);
        let mut now = if ours { catalogs.find(id) } else { None };
        if ours && options.connect {
            let known = now.as_ref().or(old.server(id));
            now = live(project, id, known.map(AsRef::as_ref))?.map(Arc::new).or(now);
        }
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
    // before anything is said or written that rests on it
    project.sound()?;
    let new = Lock::new(servers);
    print(&said(&old, &new, &review))?;
    finish(&path, &new, options.check)
}

fn note(text: &str) -> String {
    format!("note: {}\n", one_line(text))
}

/// What is different in the new lock, for whoever reviews it.
fn said(old: &Lock, new: &Lock, review: &Review) -> String {
    let none = Guards::none();
    let mut out = String::new();
    for server in new.servers() {
        let Some(was) = old.server(&server.id) else {
            out.push_str(&format!("`{}` is locked: {}\n", one_line(&server.id), tools(server)));
            continue;
        };
        let changes = compare(was, server, review.guards.get(&server.id).unwrap_or(&none));
        if !changes.is_empty() {
            let drift = Drift { server: server.id.clone(), origin: None, changes };
            out.push_str(&render::text(&[drift], false));
        }
    }
    for gone in old.servers().iter().filter(|server| new.server(&server.id).is_none()) {
        let id = one_line(&gone.id);
        out.push_str(&format!("`{id}` is not in use and no longer locked\n"));
    }
    out
}

/// `44 tools: 30 read, 12 write and 2 destructive`
fn tools(server: &Server) -> String {
    let parts = by_category(server);
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
        print_error(&format!("`{shown}` {state}: `{}` writes it\n", without_check()));
        return Ok(Outcome::Findings);
    }
    files::write(path, &text)?;
    let tools = lock.servers().iter().map(|server| server.tools.len()).sum();
    print(&format!("wrote `{shown}`: {}, {}\n", count(lock.servers().len(), "server"), count(tools, "tool")))?;
    Ok(Outcome::Clean)
}
