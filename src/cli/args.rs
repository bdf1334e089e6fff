//! The commands and their options.

mod catalog;
mod check;
mod drift;
mod init;
mod test;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::PossibleValuesParser, builder::TypedValueParser};

pub(super) use catalog::{CatalogCommand, Classify, Index, List, Looking, Pull, Search, Show};
pub(super) use check::{Check, Explain, Fixes, Lints, Printed, Rules};
pub(super) use drift::{Diff, Drift, Lock, Report, ReportFormat};
pub(super) use init::Init;
pub(super) use test::{Results, Test};

use crate::{diagnostic::Level, syntax::literal::Date, target};

/// Check, compile and judge policies for the tools that AI agents call through MCP servers.
#[derive(Debug, Parser)]
#[command(name = "mcppol", version, max_term_width = 100, disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) project: Project,
}

#[derive(Debug, Args)]
pub(super) struct Project {
    /// The project's settings; by default the nearest `mcppol.toml`, here or above
    #[arg(long, value_name = "FILE", global = true, help_heading = "Project", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Without settings, overlays and catalogs of the project
    #[arg(long, global = true, help_heading = "Project")]
    pub(super) no_config: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Begin: find the MCP servers that are set up here, and write a policy for each
    #[command(
        after_help = "Examples:\n  mcppol init\n  mcppol init --dry-run\n  mcppol init --from ~/.cursor/mcp.json\n  mcppol init github trakt"
    )]
    Init(Init),
    /// Say what is wrong with policies
    #[command(
        after_help = "Examples:\n  mcppol check\n  mcppol check policy.mcp\n  mcppol check --server github policy.json\n  mcppol check --format json *.mcp\n  cat policy.mcp | mcppol check -\n  mcppol check --fix --diff policy.mcp\n  mcppol check --write-baseline *.mcp"
    )]
    Check(Check),
    /// List what `check` can find
    #[command(after_help = "Examples:\n  mcppol rules\n  mcppol rules --format json")]
    Rules(Rules),
    /// Say what a finding means: why it is one, and a bad and a good example
    #[command(after_help = "Examples:\n  mcppol explain unknown-tool")]
    Explain(Explain),
    /// Turn a policy into the JSON that a gateway enforces
    #[command(
        after_help = "Examples:\n  mcppol compile policy.mcp > policy.json\n  mcppol compile policy.mcp -o policy.json\n  mcppol compile --check policy.mcp -o policy.json\n  mcppol compile all.mcp --out-dir build"
    )]
    Compile(Compile),
    /// Run the tests of policies
    #[command(
        after_help = "Examples:\n  mcppol test\n  mcppol test policy.mcp --filter ceiling\n  mcppol test --coverage\n  mcppol test --format junit > report.xml\n  mcppol test --generate policy.mcp >> policy.mcp"
    )]
    Test(Test),
    /// Decide a call, or recorded calls, as the policy would, and say why
    #[command(
        after_help = "Examples:\n  mcppol eval policy.mcp --tool clear_auth\n  mcppol eval policy.mcp --policy refunds --tool create_refund --args '{\"amount\": 500}'\n  mcppol eval policy.mcp --tool create_refund --used 'create_refund per hour=10'\n  mcppol eval policy.mcp --calls calls.jsonl\n  mcppol eval policy.json --calls - --counters fresh --format json < calls.jsonl"
    )]
    Eval(Eval),
    /// Write policies in the one style
    #[command(
        after_help = "Examples:\n  mcppol fmt\n  mcppol fmt policy.mcp\n  mcppol fmt --check\n  cat policy.mcp | mcppol fmt -"
    )]
    Fmt(Fmt),
    /// Record the tools of the servers in use as reviewed
    #[command(
        after_help = "Examples:\n  mcppol lock policy.mcp\n  mcppol lock policy.mcp --server plex\n  mcppol lock --check policy.mcp"
    )]
    Lock(Lock),
    /// Say how the tools of servers differ from those that were reviewed
    #[command(
        after_help = "Examples:\n  mcppol drift policy.mcp\n  mcppol drift --format markdown policy.mcp > comment.md\n  mcppol drift --fail-on error"
    )]
    Drift(Drift),
    /// What is known of servers
    #[command(
        after_help = "Examples:\n  mcppol catalog show trakt clear_auth\n  mcppol catalog search delete --risk critical\n  mcppol catalog pull acme -- npx -y acme-mcp"
    )]
    Catalog {
        #[command(subcommand)]
        command: CatalogCommand,
    },
    /// Write a policy of another format in the language
    #[command(
        after_help = "Examples:\n  mcppol import policy.json -o stripe.mcp --server stripe\n  mcppol import policy.intercept.yaml\n  mcppol import .claude/settings.json"
    )]
    Import(Import),
    /// Write a policy to begin from: what each tool's category recommends
    #[command(
        after_help = "Examples:\n  mcppol recommend trakt\n  mcppol recommend trakt -o trakt.mcp\n  mcppol recommend plex browse_library search_plex --default hide"
    )]
    Recommend(Recommend),
    /// Serve an editor: the language server, over standard input and output
    #[command(after_help = "Examples:\n  mcppol lsp\n  mcppol lsp --log lsp.log")]
    Lsp(Lsp),
    /// Write what a shell needs to complete commands and options
    #[command(
        after_help = "Examples:\n  mcppol completions bash > ~/.local/share/bash-completion/completions/mcppol\n  mcppol completions zsh > ~/.zfunc/_mcppol\n  mcppol completions fish > ~/.config/fish/completions/mcppol.fish"
    )]
    Completions(Completions),
    /// Write the pages of the manual
    #[command(after_help = "Examples:\n  mcppol man check | man -l -\n  mcppol man --out-dir ~/.local/share/man/man1")]
    Man(Manual),
}

#[derive(Debug, Args)]
pub(super) struct Lsp {
    /// Write a line for every message to this file, with its time and how long its answer took; no text of documents
    #[arg(long, value_name = "FILE")]
    pub(super) log: Option<PathBuf>,
    /// Over standard input and output, which is the only way; editors say so
    #[arg(long)]
    pub(super) stdio: bool,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct Manual {
    /// The command whose page is wanted; without one, that of `mcppol` itself
    #[arg(value_name = "COMMAND", conflicts_with = "out_dir")]
    pub(super) command: Vec<String>,
    /// Write all pages into this directory
    #[arg(long, value_name = "DIR")]
    pub(super) out_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Compile {
    /// The policy file; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Write here, whole or not at all, instead of to standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "out_dir")]
    pub(super) output: Option<PathBuf>,
    /// Write each policy to NAME.json in this directory
    #[arg(long, value_name = "DIR", conflicts_with = "policy")]
    pub(super) out_dir: Option<PathBuf>,
    /// The policy to compile, where the file has several
    #[arg(long, value_name = "NAME")]
    pub(super) policy: Option<String>,
    /// Write nothing; say whether the output is up to date
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    pub(super) shared: Shared,
}

#[derive(Debug, Args)]
pub(super) struct Eval {
    /// The policy file, or a compiled document; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The policy to judge by, where the file has several
    #[arg(long, value_name = "NAME")]
    pub(super) policy: Option<String>,
    /// The tool that is called; without it and without `--calls`, a recorded call is read from standard input
    #[arg(long, value_name = "NAME", conflicts_with = "calls")]
    pub(super) tool: Option<String>,
    /// The call's arguments, a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}", requires = "tool")]
    pub(super) args: String,
    /// Recorded calls, one a line; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub(super) calls: Option<PathBuf>,
    /// How recorded calls are counted by limits
    #[arg(long, value_enum, default_value_t = Counters::Times, requires = "calls")]
    pub(super) counters: Counters,
    /// What is used of a counter before the call, as `TOOL per minute=N`, `TOOL total args.x per hour=N` or
    /// `all per minute=N`; for one call, what is not given is 0
    #[arg(long, value_name = "COUNTER=N")]
    pub(super) used: Vec<String>,
    /// How to print the decision; of `--calls`, JSON is one object a line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// The day on which the policy is judged, as 2026-12-31; by default today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) today: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Counters {
    /// By their times; what was used before the first call is unknown
    Times,
    /// By their times; nothing was used before the first call
    Fresh,
    /// As if all were in one window
    OneWindow,
}

#[derive(Debug, Args)]
pub(super) struct Fmt {
    /// The policy files; `-` reads standard input and prints. Without any, every `.mcp` file below this folder
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Write nothing; name the files that would change
    #[arg(long)]
    pub(super) check: bool,
    /// Write nothing; print what would change
    #[arg(long, conflicts_with = "check")]
    pub(super) diff: bool,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// A gateway's document or a client's permission list; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Write here, whole or not at all, instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long, requires = "output")]
    pub(super) force: bool,
    /// The server that a gateway's document is for, by one of its names
    #[arg(long, value_name = "NAME")]
    pub(super) server: Option<String>,
    /// The name of the policy; of several it begins their names
    #[arg(long, value_name = "NAME")]
    pub(super) policy: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Recommend {
    /// The server, by one of its names
    #[arg(value_name = "SERVER")]
    pub(super) server: String,
    /// Only these tools; the others are left to the default
    #[arg(value_name = "TOOL")]
    pub(super) tools: Vec<String>,
    /// Write here, whole or not at all, instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long, requires = "output")]
    pub(super) force: bool,
    /// What happens to the tools that nothing grants
    #[arg(long, value_enum, default_value_t = RestOf::Deny)]
    pub(super) default: RestOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RestOf {
    /// They are refused, and stay listed
    Deny,
    /// They are refused, and the agent does not see them
    Hide,
}

#[derive(Debug, Args)]
pub(super) struct Shared {
    /// What the policy is compiled to
    #[arg(long, default_value = target::DEFAULT.name, value_parser = targets())]
    pub(super) target: &'static target::Target,
    /// The day on which the policy is judged, as 2026-12-31; by default today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) today: Option<Date>,
}

fn targets() -> impl TypedValueParser<Value = &'static target::Target> {
    PossibleValuesParser::new(
        target::ALL.iter().map(|target| clap::builder::PossibleValue::new(target.name).help(target.summary)),
    )
    .try_map(|name| target::named(&name).ok_or("no such target"))
}

fn date(text: &str) -> Result<Date, &'static str> {
    Date::parse(text).ok_or("a day is written as 2026-12-31")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs; its shape is documented and stable
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Info,
    Warning,
    Error,
    /// Findings never change the exit code
    Never,
}

impl FailOn {
    pub(super) fn fails(self, level: Level) -> bool {
        match self {
            FailOn::Info => true,
            FailOn::Warning => level >= Level::Warning,
            FailOn::Error => level >= Level::Error,
            FailOn::Never => false,
        }
    }
}
