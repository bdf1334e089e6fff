//! `mcppol catalog classify`: the classes of the tools of a listing.

use serde_json::json;

use crate::{
    catalog::{self, Tool},
    cli::{
        Failure, Outcome,
        args::{self, Format},
        files, print,
        render::one_line,
    },
    listing::{self, Keep},
};

pub(super) fn run(options: &args::Classify) -> Result<Outcome, Failure> {
    let bytes = files::bytes(&options.file, catalog::MAX_BYTES)?;
    let listed = listing::read(&bytes).map_err(|error| {
        Failure::new(format!("`{}`: {error}", options.file.display()))
            .help("record one with `mcppol catalog pull NAME --raw FILE -- COMMAND`")
    })?;
    let tools = listing::judged(listed, Keep::Facts);
    match options.format {
        Format::Json => {
            let rows: Vec<_> = tools
                .iter()
                .map(|tool| {
                    json!({
                        "name": tool.name,
                        "category": tool.category,
                        "risk": tool.risk,
                        "signals": tool.signals,
                        "confidence": tool.confidence,
                        "rationale": tool.why,
                    })
                })
                .collect();
            print(&format!("{:#}\n", serde_json::Value::Array(rows)))?;
        }
        Format::Text => print(&text(&tools))?,
    }
    Ok(Outcome::Clean)
}

/// A line for each tool: what it is, how sure that is, and why.
fn text(tools: &[Tool]) -> String {
    let names: Vec<String> = tools.iter().map(|tool| one_line(&tool.name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default().min(40);
    let mut out = String::new();
    for (tool, name) in tools.iter().zip(&names) {
        let confidence = tool.confidence.map(|it| it.to_string()).unwrap_or_default();
        out.push_str(&format!("{name:width$}  {:11}  {confidence}  {}\n", tool.category, one_line(&tool.why)));
    }
    out
}
