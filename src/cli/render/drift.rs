//! Changes of servers' tools as people and programs read them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Summary, json, markdown, one_line, terminal};
use crate::{
    cli::{
        Failure, Outcome,
        args::{Report, ReportFormat},
        print,
    },
    diagnostic::Level,
    drift::{Change, Drift},
    text::count,
};

/// How many changes of one server are told; the rest is counted. JSON has all of them.
pub(super) const MOST: usize = 200;

/// Prints changes, and says what the exit code is.
pub(in crate::cli) fn report(drifts: &[Drift], options: &Report) -> Result<Outcome, Failure> {
    print(&match options.format {
        ReportFormat::Text => format!("{}{}\n", text(drifts, true), conclusion(drifts)),
        ReportFormat::Json => machine(drifts),
        ReportFormat::Markdown => markdown::drift(drifts),
    })?;
    let fails = |change: &Change| options.fail_on.fails(change.level);
    let found = drifts.iter().flat_map(|drift| &drift.changes).any(fails);
    Ok(if found { Outcome::Findings } else { Outcome::Clean })
}

pub(super) fn summary<'c>(changes: impl Iterator<Item = &'c Change>) -> Summary {
    let mut out = Summary::default();
    changes.for_each(|change| out.add(change.level));
    out
}

/// `2 errors and 1 info in 3 servers`
pub(super) fn conclusion(drifts: &[Drift]) -> String {
    let all = summary(drifts.iter().flat_map(|drift| &drift.changes));
    let found = terminal::summary(all).unwrap_or_else(|| "no changes".to_owned());
    format!("{found} in {}", count(compared(drifts), "server"))
}

/// How many servers were compared; one may be in several places.
fn compared(drifts: &[Drift]) -> usize {
    drifts.iter().map(|drift| drift.server.as_str()).collect::<BTreeSet<&str>>().len()
}

/// The changes by server and weight, one a line; with what to do, once for each run of one kind.
pub(in crate::cli) fn text(drifts: &[Drift], with_help: bool) -> String {
    let mut out = String::new();
    for drift in drifts.iter().filter(|drift| !drift.changes.is_empty()) {
        let origin = drift.origin.as_ref().map_or(String::new(), |origin| format!(", {}", one_line(origin)));
        out.push_str(&format!("`{}`{origin}\n", one_line(&drift.server)));
        let mut shown = drift.changes.iter().take(MOST).peekable();
        while let Some(change) = shown.next() {
            let (level, name) = (change.level.name(), change.kind.name);
            out.push_str(&format!("  {level}[{name}] {}\n", one_line(&change.message)));
            let last = shown.peek().is_none_or(|next| (next.level, &next.help) != (change.level, &change.help));
            if with_help && last && change.level > Level::Info {
                out.push_str(&format!("    help: {}\n", one_line(&change.help)));
            }
        }
        if let Some(more) = drift.changes.len().checked_sub(MOST).filter(|more| *more > 0) {
            out.push_str(&format!("  … and {more} more\n"));
        }
        if with_help {
            out.push('\n');
        }
    }
    out
}

#[derive(Debug, Serialize)]
struct Document<'d> {
    servers: Vec<Entry<'d>>,
    summary: Counts,
}

#[derive(Debug, Serialize)]
struct Entry<'d> {
    server: &'d str,
    origin: Option<&'d str>,
    changes: Vec<Line<'d>>,
}

#[derive(Debug, Serialize)]
struct Line<'d> {
    name: &'static str,
    level: &'static str,
    tool: Option<&'d str>,
    argument: Option<&'d str>,
    before: Option<&'d str>,
    after: Option<&'d str>,
    message: &'d str,
    help: &'d str,
}

#[derive(Debug, Serialize)]
struct Counts {
    servers: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
}

fn machine(drifts: &[Drift]) -> String {
    let servers = drifts.iter().map(|drift| Entry {
        server: &drift.server,
        origin: drift.origin.as_deref(),
        changes: drift.changes.iter().map(line).collect(),
    });
    let Summary { errors, warnings, infos } = summary(drifts.iter().flat_map(|drift| &drift.changes));
    let summary = Counts { servers: compared(drifts), errors, warnings, infos };
    json::text(&Document { servers: servers.collect(), summary })
}

fn line(change: &Change) -> Line<'_> {
    Line {
        name: change.kind.name,
        level: change.level.name(),
        tool: change.tool.as_deref(),
        argument: change.argument.as_deref(),
        before: change.before.as_deref(),
        after: change.after.as_deref(),
        message: &change.message,
        help: &change.help,
    }
}
