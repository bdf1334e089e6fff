//! The commands below `mcppol catalog` and their options.

use std::path::PathBuf;

use clap::{Args, Subcommand, builder::PossibleValuesParser, builder::TypedValueParser};

use super::{Diff, Format};
use crate::{
    catalog::{Category, Risk, Signal},
    cli::client,
};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum CatalogCommand {
    /// Ask a server for its tools
    #[command(
        after_help = "Examples:\n  mcppol catalog pull files -- npx -y @modelcontextprotocol/server-filesystem .\n  mcppol catalog pull shop --env SHOP_KEY=x -- ./shop-server --stdio\n  mcppol catalog pull issues --url https://mcp.example.com/mcp --header-env Authorization=TOKEN"
    )]
    Pull(Box<Pull>),
    /// Say what class each tool of a listing has, and why
    #[command(
        after_help = "Examples:\n  mcppol catalog classify tools.json\n  mcppol catalog pull shop --raw - -- ./shop-server | mcppol catalog classify - --format json"
    )]
    Classify(Classify),
    /// Say how two catalogs or locks differ
    #[command(
        after_help = "Examples:\n  mcppol catalog diff trakt trakt.json\n  mcppol catalog diff old.lock mcppol.lock --format markdown"
    )]
    Diff(Diff),
    /// Show what is known of a server, of one of its tools, or of a tool wherever it is
    #[command(
        after_help = "Examples:\n  mcppol catalog show trakt\n  mcppol catalog show trakt clear_auth\n  mcppol catalog show clear_auth\n  mcppol catalog show plex search_plex --format json"
    )]
    Show(Show),
    /// List the servers that are known
    #[command(after_help = "Examples:\n  mcppol catalog list\n  mcppol catalog list --format json")]
    List(List),
    /// Find tools by words of their names and of their servers' names
    #[command(
        after_help = "Examples:\n  mcppol catalog search playlist\n  mcppol catalog search plex delete\n  mcppol catalog search --category destructive --limit 100\n  mcppol catalog search auth --signal credentials --format json"
    )]
    Search(Search),
    /// Pack catalogs into one file, of which a command reads only what it needs
    #[command(
        after_help = "Examples:\n  mcppol catalog index -o servers.index catalogs\n  mcppol catalog index -o servers.index a.json b.json"
    )]
    Index(Index),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Index {
    /// The catalog files; of a folder, all that end in `.json`
    #[arg(value_name = "CATALOG_FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Where to write the index, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: PathBuf,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// The server, by one of its names; or a tool, to see which servers have it
    #[arg(value_name = "SERVER")]
    pub(in crate::cli) server: String,
    /// The tool
    #[arg(value_name = "TOOL")]
    pub(in crate::cli) tool: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) shared: Looking,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    #[command(flatten)]
    pub(in crate::cli) shared: Looking,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Search {
    /// Each must stand in the tool's name or in a name of its server; letter case does not count
    #[arg(value_name = "WORD", required_unless_present_any = ["category", "risk", "signal"])]
    pub(in crate::cli) words: Vec<String>,
    /// Only tools of this category
    #[arg(long, value_parser = one_of(&Category::ALL, Category::name))]
    pub(in crate::cli) category: Option<Category>,
    /// Only tools of exactly this risk
    #[arg(long, value_parser = one_of(&Risk::ALL, Risk::name))]
    pub(in crate::cli) risk: Option<Risk>,
    /// Only tools with this signal
    #[arg(long, value_parser = one_of(&Signal::ALL, Signal::name))]
    pub(in crate::cli) signal: Option<Signal>,
    /// How many tools to show; the rest is counted
    #[arg(long, value_name = "N", default_value = "50")]
    pub(in crate::cli) limit: usize,
    #[command(flatten)]
    pub(in crate::cli) shared: Looking,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Looking {
    /// Look in this index or catalog file as well
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) index: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
}

/// One of the words of a closed list of the catalogs.
fn one_of<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(|it| name(*it)))
        .try_map(move |text| all.iter().find(|it| name(**it) == text).copied().ok_or("no such word"))
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
    /// Take the tools from a recorded answer to `tools/list` instead; nothing is started
    #[arg(long, value_name = "FILE", conflicts_with_all = ["command", "url"])]
    pub(in crate::cli) from: Option<PathBuf>,
    /// Write what the server said here, as it said it, instead of a catalog; `-` is standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "when", "overlay", "from"])]
    pub(in crate::cli) raw: Option<PathBuf>,
    /// Write the catalog here; by default `catalogs/NAME.json` in the project
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// The switch that the server was started with: the tools it adds to the catalog become conditional
    #[arg(long, value_name = "SWITCH", allow_hyphen_values = true)]
    pub(in crate::cli) when: Option<String>,
    /// Keep names, types and hints alone, without the server's own text and whole schemas
    #[arg(long)]
    pub(in crate::cli) facts: bool,
    /// Correct classes by this overlay before the catalog is written
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) overlay: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) identity: Identity,
    /// The command that starts the server
    #[arg(last = true, value_name = "COMMAND")]
    pub(in crate::cli) command: Vec<String>,
}

/// What else the server is known by.
#[derive(Debug, Args)]
#[command(next_help_heading = "What the catalog says of the server")]
pub(in crate::cli) struct Identity {
    /// The name for people
    #[arg(long = "name", id = "display", value_name = "TEXT")]
    pub(in crate::cli) name: Option<String>,
    /// The name of the published package
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) package: Option<String>,
    /// Where the package is published
    #[arg(long, value_name = "NAME", requires = "package")]
    pub(in crate::cli) registry: Option<String>,
    /// The version of the package; by default what the server says
    #[arg(long, value_name = "VERSION")]
    pub(in crate::cli) package_version: Option<String>,
    /// The public repository, as owner/name
    #[arg(long, value_name = "OWNER/NAME")]
    pub(in crate::cli) repository: Option<String>,
    /// Another name of the server in policies and clients
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) alias: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Classify {
    /// An answer to `tools/list`, or the array of its tools; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
    /// How to print the classes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
}

fn seconds(text: &str) -> Result<f64, &'static str> {
    let seconds = text.parse().ok().filter(|seconds| (0.01..=86_400.0).contains(seconds));
    seconds.ok_or("a time is a number of seconds, 86400 at most")
}

fn revisions() -> impl TypedValueParser<Value = &'static str> {
    PossibleValuesParser::new(client::REVISIONS)
        .try_map(|name| client::REVISIONS.into_iter().find(|known| *known == name).ok_or("no such revision"))
}
