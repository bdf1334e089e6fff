//! The policies that the benchmarks read: always the same.

use std::fmt::Write as _;

use mcppol::{
    catalog::{Catalogs, JsonType, Param, Server},
    syntax::literal::{quote, write_name},
};

/// Policies over the real tools of three embedded servers: `rules` times an `allow` with a `require`, a `deny if` and a
/// `limit` on the tool's own arguments, under ever new policy names.
pub(crate) fn workload(rules: usize) -> String {
    let catalogs = Catalogs::embedded();
    // always the same three, so that figures of different days can be compared
    let servers: Vec<_> = ["llm-cli-gateway", "plex", "trakt"].iter().filter_map(|id| catalogs.find(id)).collect();
    let mut out = String::new();
    let (mut written, mut policies) = (0, 0);
    while written < rules {
        for server in &servers {
            written += policy(server, policies, rules - written, &mut out);
            policies += 1;
        }
    }
    out
}

/// A policy over at most so many tools of a server; how many there were.
pub(crate) fn policy(server: &Server, number: usize, most: usize, out: &mut String) -> usize {
    let tools: Vec<_> = server.tools.iter().filter(|tool| !tool.params.is_empty()).take(most).collect();
    writeln!(out, "policy p{number} for {} {{\n  default deny\n", server.id).expect("a string takes it");
    for tool in &tools {
        let first = &tool.params[0];
        // of what the lints would speak of, the figures would tell how fast findings are drawn
        let quiet = |param: &&Param| param.name != "workspace" && is_scalar(param);
        let last = tool.params.iter().rev().find(quiet).unwrap_or(first);
        writeln!(
            out,
            "  allow {} {{\n    require {} because \"only these are reviewed\"\n    deny if {}\n    limit to 30 per minute\n  }}",
            write_name(&tool.name),
            required(first),
            if last.name == first.name { denied_of_required(last) } else { denied(last) }
        )
        .expect("a string takes it");
    }
    out.push_str("}\n\n");
    tools.len()
}

fn required(param: &Param) -> String {
    let path = format!("args.{}", param.name);
    if let Some(values) = &param.values {
        let values: Vec<String> = values.iter().take(3).map(ToString::to_string).collect();
        return format!("{path} in [{}]", values.join(", "));
    }
    if param.types.admits_type(JsonType::Integer) {
        return format!("{path} <= 100");
    }
    if param.types.admits_type(JsonType::String) {
        return format!("{path} matches r\"[A-Za-z0-9 _-]+\"");
    }
    format!("{path} exists")
}

fn is_scalar(param: &Param) -> bool {
    let single = [JsonType::Integer, JsonType::String, JsonType::Boolean];
    let several = [JsonType::Array, JsonType::Object];
    let admits = |kinds: &[JsonType]| kinds.iter().any(|kind| param.types.admits_type(*kind));
    admits(&single) && !admits(&several)
}

/// What a policy refuses of an argument that it also demands something of.
fn denied_of_required(param: &Param) -> String {
    let path = format!("args.{}", param.name);
    if let Some(value) = param.values.as_ref().and_then(|values| values.first()) {
        return format!("{path} == {value}");
    }
    if param.types.admits_type(JsonType::Integer) { format!("{path} < 0") } else { format!("{path} == \"internal\"") }
}

fn denied(param: &Param) -> String {
    let path = format!("args.{}", param.name);
    if let Some(value) = param.values.as_ref().and_then(|values| values.last()) {
        return format!("{path} == {value}");
    }
    if param.types.admits_type(JsonType::Integer) {
        return format!("{path} missing or {path} > 1000");
    }
    if param.types.admits_type(JsonType::String) {
        return format!("{path} == {}", quote("internal"));
    }
    if param.types.admits_type(JsonType::Boolean) {
        return format!("{path} == true");
    }
    format!("{path} missing")
}
