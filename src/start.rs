//! What a project begins with: a policy for each server with a test, the settings, and what that comes to in numbers.
//!
//! The policy is the recommended one, and keeps what other files say of the tools already. Finding these files is the
//! caller's affair.

mod numbers;

use crate::{
    catalog::{Risk, Server},
    hir::checked::{CheckedPolicy, Rule, Standing, ToolId},
    inventory::Launch,
    recommend::{Existing, Options, quoted, recommend},
    syntax::literal::quote,
    text::visible,
    trial,
};

pub use numbers::{Numbers, tokens};

/// A server to begin with.
#[derive(Debug)]
pub struct Start<'a> {
    /// The server.
    pub server: &'a Server,
    /// Its name in the configuration, where that is one.
    pub alias: Option<&'a str>,
    /// The tools to speak of; empty for all. The others are left to the default.
    pub tools: &'a [String],
    /// What other files say of its tools.
    pub existing: &'a [Existing],
    /// Take what is not granted out of the agent's list.
    pub hide_rest: bool,
    /// The file that will hold the policy.
    pub file: &'a str,
}

/// The policy, without its test.
#[must_use]
pub fn policy(start: &Start<'_>) -> String {
    recommend(
        start.server,
        &Options {
            tools: start.tools,
            hide_rest: start.hide_rest,
            file: Some(start.file),
            alias: start.alias,
            existing: start.existing,
        },
    )
}

/// How many calls of one kind a test makes.
const OF_A_KIND: usize = 4;

/// A test that says what the policy does, for its reader to agree with: calls that pass, that are counted, that a person
/// approves and that are refused.
#[must_use]
pub fn test(policy: CheckedPolicy<'_>) -> String {
    let policy = policy.get();
    let mut out = format!("test \"what {} starts with\" for {} {{\n", quotable(policy.name()), quoted(policy.name()));
    let critical = |id: &ToolId| policy.entry(*id).is_some_and(|tool| tool.risk == Risk::Critical);
    let limit = |id: ToolId| trial::smallest(policy, id).and_then(Rule::rate).map(|rate| rate.max);
    let mut line = |id: ToolId, times: Option<u64>, decision: &str| {
        let times = times.map_or_else(String::new, |times| format!(" {times} times"));
        out.push_str(&format!("  call {}{times} -> {decision}\n", quoted(policy.tool_name(id))));
    };
    // calls are made without arguments
    let reads = |rule: &Rule| rule.condition().is_some() || rule.rate().is_some_and(|rate| rate.argument.is_some());
    let plain = |id: &ToolId| !policy.rules_of(*id).any(reads);
    let of = |standing: Standing| policy.tools().filter(move |id| policy.standing(*id) == standing && plain(id));
    let (slow, free): (Vec<ToolId>, Vec<ToolId>) = of(Standing::Callable).partition(|id| limit(*id).is_some());
    free.into_iter().take(OF_A_KIND).for_each(|id| line(id, None, "allow"));
    for id in slow.into_iter().take(1) {
        if let Some(most) = limit(id) {
            line(id, Some(most), "allow");
            line(id, Some(most.saturating_add(1)), "limited");
        }
    }
    of(Standing::Asks).take(OF_A_KIND).for_each(|id| line(id, None, "ask"));
    let (worst, others): (Vec<ToolId>, Vec<ToolId>) = of(Standing::Hidden).partition(critical);
    worst.into_iter().chain(others).take(OF_A_KIND).for_each(|id| line(id, None, "hidden"));
    let later = if policy.is_closed() { "deny" } else { "allow" };
    out.push_str(&format!("  call \"a tool that the server gains later\" -> {later}\n}}\n"));
    out
}

/// A word within a text of the language.
fn quotable(name: &str) -> String {
    name.chars().filter(|c| *c != '"' && *c != '\\').collect()
}

/// The settings, with what may be set below comment marks; `overlay` is the file of [`names`], where there is one.
#[must_use]
pub fn settings(servers: &[(String, Launch)], overlay: Option<&str>) -> String {
    let mut out = String::from("# Settings for the policies of this project.\n\n");
    out.push_str("# Catalogs of servers that are not built in; `mcppol catalog pull NAME -- COMMAND` makes one.\n");
    out.push_str("catalogs = [\"catalogs/*.json\"]\n");
    if let Some(file) = overlay {
        out.push_str(&format!("# Corrections of what catalogs say.\noverlays = [{}]\n", quote(file)));
    }
    let reached: Vec<(&String, String)> =
        servers.iter().filter_map(|(name, launch)| Some((name, reach(launch)?))).collect();
    if !reached.is_empty() {
        out.push_str(
            "\n# How `mcppol lock --connect` and `mcppol drift --connect` reach the servers. What stands here is started, so\n# it is for you to complete and to uncomment; arguments and keys were not copied.\n",
        );
        for (name, how) in reached {
            out.push_str(&format!("# [servers.{}]\n# {}\n", key(name), visible(&how)));
        }
    }
    out
}

/// An overlay with the names that clients have for servers, by the servers' ids.
#[must_use]
pub fn names(called: &[(&str, Vec<&str>)]) -> String {
    let mut out = String::from("# What clients here call servers that the catalogs know by other names.\n");
    for (id, names) in called {
        let names: Vec<String> = names.iter().map(|name| visible(&quote(name))).collect();
        out.push_str(&format!("\n[servers.{}]\naliases = [{}]\n", key(id), names.join(", ")));
    }
    out
}

/// A name as TOML writes it in a path.
fn key(name: &str) -> String {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if plain { name.to_owned() } else { visible(&quote(name)) }
}

fn reach(launch: &Launch) -> Option<String> {
    match launch {
        Launch::Package { runner, name } => {
            let words: &[&str] = match runner.as_str() {
                "npx" => &["npx", "-y"],
                "npm" => &["npm", "exec", "-y", "--"],
                "pnpm" => &["pnpm", "dlx"],
                "yarn" => &["yarn", "dlx"],
                "bun" => &["bun", "x"],
                "uv" => &["uv", "tool", "run"],
                "pipx" => &["pipx", "run"],
                other => &[other],
            };
            let words: Vec<String> = words.iter().copied().chain([name.as_str()]).map(quote).collect();
            Some(format!("command = [{}]", words.join(", ")))
        }
        Launch::Host(_) => Some(format!("url = {}", quote(&format!("https://{}/…", launch.public_host()?)))),
        Launch::Repository(_) | Launch::Program(_) | Launch::Unknown => None,
    }
}
