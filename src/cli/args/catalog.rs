//! The commands below `mcppol catalog` and their options.

use std::path::PathBuf;

use clap::{Args, Subcommand, builder::PossibleValuesParser, builder::TypedValueParser};

use crate::cli::client;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum CatalogCommand {
    /// Ask a server for its tools
    #[command(
        after_help = "Examples:\n  mcppol catalog pull files -- npx -y @modelcontextprotocol/server-filesystem .\n  mcppol catalog pull shop --env SHOP_KEY=x -- ./shop-server --stdio\n  mcppol catalog pull issues --url https://mcp.example.com/mcp --header-env Authorization=TOKEN"
    )]
    Pull(Pull),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Pull {
    /// What the server is called in policies
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: String,
    /// The server's address, instead of a command
    #[arg(long, value_name = "URL", conflicts_with_all = ["command", "env", "clear_env", "cwd"])]
    pub(in crate::cli) url: Option<String>,
    /// A header of every request
    #[arg(long, value_name = "NAME: VALUE", requires = "url")]
    pub(in crate::cli) header: Vec<String>,
    /// A header whose value is that of a variable, which keeps it out of the shell's history
    #[arg(long, value_name = "NAME=VARIABLE", requires = "url")]
    pub(in crate::cli) header_env: Vec<String>,
    /// A variable for the server
    #[arg(long, value_name = "NAME=VALUE")]
    pub(in crate::cli) env: Vec<String>,
    /// Give the server nothing of the environment but `PATH`, `HOME` and the like
    #[arg(long)]
    pub(in crate::cli) clear_env: bool,
    /// The folder to start the server in
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) cwd: Option<PathBuf>,
    /// How long to wait for all answers together
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(in crate::cli) timeout: f64,
    /// The revision of the protocol to offer
    #[arg(long, value_name = "VERSION", default_value = client::OFFERED, value_parser = revisions())]
    pub(in crate::cli) protocol: &'static str,
    /// Write what the server said here; `-` is standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(in crate::cli) raw: PathBuf,
    /// The command that starts the server
    #[arg(last = true, value_name = "COMMAND")]
    pub(in crate::cli) command: Vec<String>,
}

fn seconds(text: &str) -> Result<f64, &'static str> {
    let seconds = text.parse().ok().filter(|seconds| (0.01..=86_400.0).contains(seconds));
    seconds.ok_or("a time is a number of seconds, 86400 at most")
}

fn revisions() -> impl TypedValueParser<Value = &'static str> {
    PossibleValuesParser::new(client::REVISIONS)
        .try_map(|name| client::REVISIONS.into_iter().find(|known| *known == name).ok_or("no such revision"))
}
