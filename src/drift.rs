//! Drift: what a server offers now against what was reviewed, and what that means under the policies.
//!
//! Values in, changes out. Where the tools of now come from (catalogs, a live server) is the caller's; so is showing
//! changes to people.

mod alike;
mod compare;
mod guards;
pub mod kinds;
pub mod schema;
mod shape;
mod words;

use std::{collections::BTreeMap, sync::Arc};

use crate::{catalog::Server, diagnostic::Level, lock::Lock};

pub use compare::compare;
pub use guards::{Guards, server_of};
pub use kinds::Kind;
use words::word;

/// One thing that is not as it was reviewed.
///
/// In `before`, `after`, `message` and `help` the words of servers and policies stand between backticks and have none
/// themselves; they may hold any other character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which kind.
    pub kind: &'static Kind,
    /// How much it weighs here.
    pub level: Level,
    /// The tool, by the name that it had; by its new one where it had none. `None` where it is the server.
    pub tool: Option<String>,
    /// The argument or a part of it, as the language writes paths.
    pub argument: Option<String>,
    /// How it was, in words.
    pub before: Option<String>,
    /// How it is, in words.
    pub after: Option<String>,
    /// What is different: lower case, no full stop.
    pub message: String,
    /// What to do now.
    pub help: String,
}

impl Change {
    fn of_server(kind: &'static Kind, message: String) -> Self {
        Self {
            kind,
            level: kind.level,
            tool: None,
            argument: None,
            before: None,
            after: None,
            message,
            help: kind.action.to_owned(),
        }
    }

    fn of_tool(kind: &'static Kind, level: Level, tool: &str, message: String) -> Self {
        Self { level, tool: Some(tool.to_owned()), ..Self::of_server(kind, message) }
    }

    fn between(self, before: String, after: String) -> Self {
        Self { before: Some(before), after: Some(after), ..self }
    }

    fn place(&self) -> usize {
        kinds::ALL.iter().position(|kind| *kind == self.kind).unwrap_or(usize::MAX)
    }
}

/// Puts changes into their one order: by weight, by kind, by tool and argument.
fn sort(changes: &mut Vec<Change>) {
    changes.sort_by(|a, b| {
        (b.level, a.place(), &a.tool, &a.argument, &a.message).cmp(&(
            a.level,
            b.place(),
            &b.tool,
            &b.argument,
            &b.message,
        ))
    });
    changes.dedup();
}

/// A server as something offers it now.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Where it was seen, in words: `the catalog`, `the live server`.
    pub origin: String,
    /// The server.
    pub server: Arc<Server>,
}

/// What became of one locked server, as one origin shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The server's id.
    pub server: String,
    /// Where it was seen; `None` where nothing knows it.
    pub origin: Option<String>,
    /// The changes, in their order.
    pub changes: Vec<Change>,
}

/// Compares the servers in use with their entries in the lock; one that was seen twice is compared twice.
///
/// `used` are the ids of the servers in use, and `guards` what policies say of them; a server without guards is judged
/// as if there were no policy.
#[must_use]
pub fn drift(lock: &Lock, used: &[String], now: &[Seen], guards: &BTreeMap<String, Guards>) -> Vec<Drift> {
    let mut ids: Vec<&String> = used.iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let none = Guards::none();
    let mut out = Vec::new();
    for id in ids {
        let guards = guards.get(id).unwrap_or(&none);
        let seen: Vec<&Seen> = now.iter().filter(|seen| seen.server.id == *id).collect();
        let locked = lock.server(id);
        if seen.is_empty() {
            let change = match locked {
                Some(_) => Change::of_server(&kinds::SERVER_GONE, format!("no catalog knows {} any more", word(id))),
                None => {
                    Change::of_server(&kinds::NO_CATALOG, format!("neither the lock nor a catalog knows {}", word(id)))
                }
            };
            out.push(Drift { server: id.clone(), origin: None, changes: vec![change] });
        }
        for seen in seen {
            let changes = match locked {
                Some(locked) => compare(locked, &seen.server, guards),
                None => vec![not_locked(&seen.server)],
            };
            out.push(Drift { server: id.clone(), origin: Some(seen.origin.clone()), changes });
        }
    }
    out
}

fn not_locked(server: &Server) -> Change {
    let tools = crate::text::count(server.tools.len(), "tool");
    Change::of_server(&kinds::NOT_LOCKED, format!("{} with {tools} is not in the lock", word(&server.id)))
}
