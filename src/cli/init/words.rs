//! What `init` says: what was found, what was written, what it comes to, and what to type next.

use std::path::PathBuf;

use super::{
    File, State,
    find::{Found, Known, Unknown},
};
use crate::{
    cli::{Failure, args, render::shell},
    inventory::{By, Launch, PLACES},
    start::Numbers,
    text::{count, list, visible},
};

/// What there is to say.
pub(super) struct Report<'a> {
    pub(super) options: &'a args::Init,
    pub(super) found: &'a Found,
    pub(super) files: &'a [File],
    /// Servers that have a policy in another file.
    pub(super) elsewhere: &'a [(String, PathBuf)],
    pub(super) numbers: Numbers,
}

/// Nothing is set up here.
pub(super) fn nothing(found: &Found, options: &args::Init) -> Failure {
    let off = match found.off.as_slice() {
        [] => String::new(),
        off => {
            format!("; switched off: {}", list(&off.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>(), "and"))
        }
    };
    let failure = Failure::new(format!("no MCP server is set up here{off}"));
    if options.from.is_empty() {
        let mut clients: Vec<&str> = PLACES.iter().map(|place| place.client).collect();
        clients.dedup();
        clients.sort_unstable();
        clients.dedup();
        failure.help(format!(
            "looked at the configurations of {}; name one with `--from FILE`, or a server: `mcppol init github`",
            list(&clients, "and")
        ))
    } else {
        failure.help("name a server instead: `mcppol init github`")
    }
}

/// All of it, in lines.
pub(super) fn report(report: &Report<'_>) -> String {
    let mut out = servers(report.found);
    out.push('\n');
    files(report, &mut out);
    if report.numbers.before > 0 {
        out.push('\n');
        numbers(&report.numbers, &mut out);
    }
    let todo = unknown(&report.found.unknown);
    if !todo.is_empty() {
        out.push('\n');
        out.push_str(&todo);
    }
    out.push_str(if report.options.dry_run {
        "\nnext: the same without `--dry-run`\n"
    } else {
        "\nnext: mcppol check\n"
    });
    visible(&out)
}

fn servers(found: &Found) -> String {
    let total = found.known.len() + found.unknown.len();
    let mut out = match found.files {
        0 => format!("{}\n", count(total, "server")),
        files => format!("{} in {}\n", count(total, "server"), count(files, "configuration")),
    };
    let mut rows: Vec<[String; 3]> = Vec::new();
    for (id, known) in &found.known {
        let names = if known.names.is_empty() { id.clone() } else { known.names.join(", ") };
        rows.push([names, format!("{}{}", what(known), how(known)), known.files.join(", ")]);
    }
    for (name, unknown) in &found.unknown {
        rows.push([name.clone(), "in no catalog".to_owned(), unknown.files.join(", ")]);
    }
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let (first, second) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
    for [name, what, files] in &rows {
        out.push_str(format!("  {name:first$}  {what:second$}  {files}").trim_end());
        out.push('\n');
    }
    if !found.off.is_empty() {
        out.push_str(&format!("  switched off, and left out: {}\n", found.off.join(", ")));
    }
    out
}

fn what(known: &Known) -> String {
    let server = &known.server;
    let tools = count(server.tools.len(), "tool");
    match known.names.as_slice() {
        [] => tools,
        [only] if *only == server.id => tools,
        _ => format!("{}, {tools}", server.id),
    }
}

fn how(known: &Known) -> &'static str {
    match known.by {
        Some(By::Name) => ", by its name alone",
        Some(By::Package | By::Repository | By::Host) | None => "",
    }
}

fn files(report: &Report<'_>, out: &mut String) {
    let would = report.options.dry_run;
    for file in report.files {
        let what = match file.state {
            State::New if would => "would write",
            State::New => "wrote",
            State::Replaced if would => "would replace",
            State::Replaced => "replaced",
            State::Same => "up to date",
            State::Kept => "kept",
        };
        out.push_str(&format!("{what} {}", file.path.display()));
        if file.state == State::Kept {
            out.push_str(", which is there already; `--force` replaces it");
        } else if let Some(from) = &file.from {
            let path = from.path.display();
            out.push_str(&match from.stricter {
                0 => format!(", which decides as {path} does"),
                n => format!(", stricter than {path} in {}: `mcppol import {path}` says where", count(n, "place")),
            });
        }
        out.push('\n');
    }
    for (id, path) in report.elsewhere {
        out.push_str(&format!("left {id} alone: its policy is in {}\n", path.display()));
    }
}

fn numbers(numbers: &Numbers, out: &mut String) {
    let saved = numbers.tokens_before.saturating_sub(numbers.tokens_after);
    let mut critical = format!("{} of {} blocked", numbers.blocked, numbers.critical);
    if numbers.critical_asked > 0 {
        critical.push_str(&format!(", {} need a person", numbers.critical_asked));
    }
    for (what, value) in [
        ("tools the agent sees", format!("{} before, {} now", numbers.before, numbers.after)),
        ("context saved", format!("about {} of {} tokens", round(saved), round(numbers.tokens_before))),
        ("critical tools", critical),
        ("calls that ask", format!("{} % of the tools that can be called", numbers.share_asked())),
    ] {
        out.push_str(&format!("{what:22}{value}\n"));
    }
}

/// Two digits are all that an estimate is good for.
fn round(number: usize) -> String {
    let mut step = 1;
    while number / step >= 100 {
        step *= 10;
    }
    let rounded = (number + step / 2) / step * step;
    let digits = rounded.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// How to get the catalog of a server that none knows.
fn unknown(unknown: &std::collections::BTreeMap<String, Unknown>) -> String {
    let mut out = String::new();
    for (name, server) in unknown {
        let how = match &server.launch {
            Launch::Package { runner, name: package } => format!("-- {runner} {} …", shell(package)),
            Launch::Host(_) => match server.launch.public_host() {
                Some(host) => format!("--url https://{host}/…"),
                None => "--url URL".to_owned(),
            },
            Launch::Repository(_) | Launch::Program(_) | Launch::Unknown => "-- COMMAND".to_owned(),
        };
        let word = shell(name);
        out.push_str(&format!(
            "{name} is in no catalog: `mcppol catalog pull {word} {how}`, then `mcppol init {word}`\n"
        ));
    }
    out
}
