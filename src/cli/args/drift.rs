//! The options of `lock`, `drift` and `catalog diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{FailOn, date};
use crate::syntax::literal::Date;

#[derive(Debug, Args)]
pub(in crate::cli) struct Lock {
    /// The policy files whose servers are locked; without any, the servers that are locked already
    #[arg(value_name = "POLICY")]
    pub(in crate::cli) policies: Vec<PathBuf>,
    /// Lock this server too
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) server: Vec<String>,
    /// The lock; by default `mcppol.lock` beside the project's settings, or what they name
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) lock: Option<PathBuf>,
    /// Keep the entries of servers that the policies do not speak of
    #[arg(long)]
    pub(in crate::cli) keep: bool,
    /// Ask the servers themselves, as `mcppol.toml` says how, and record what they answer
    #[arg(long)]
    pub(in crate::cli) connect: bool,
    /// Write nothing; say whether the lock is up to date
    #[arg(long)]
    pub(in crate::cli) check: bool,
    /// The day on which the policies are judged, as 2026-12-31; by default today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) today: Option<Date>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Drift {
    /// The policy files whose servers are compared, and which say what may be called; without any, every locked server
    #[arg(value_name = "POLICY")]
    pub(in crate::cli) policies: Vec<PathBuf>,
    /// The lock; by default `mcppol.lock` beside the project's settings, or what they name
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) lock: Option<PathBuf>,
    /// Ask the servers themselves too, as `mcppol.toml` says how
    #[arg(long)]
    pub(in crate::cli) connect: bool,
    #[command(flatten)]
    pub(in crate::cli) report: Report,
    /// The day on which the policies are judged, as 2026-12-31; by default today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) today: Option<Date>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Diff {
    /// How it was: a catalog, a lock, or the name of a known server
    #[arg(value_name = "OLD")]
    pub(in crate::cli) old: String,
    /// How it is: a catalog, a lock, or the name of a known server
    #[arg(value_name = "NEW")]
    pub(in crate::cli) new: String,
    #[command(flatten)]
    pub(in crate::cli) report: Report,
}

/// How changes are told.
#[derive(Debug, Args)]
pub(in crate::cli) struct Report {
    /// How to print the changes
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(in crate::cli) format: ReportFormat,
    /// The weight from which a change makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "LEVEL")]
    pub(in crate::cli) fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReportFormat {
    /// For people
    Text,
    /// For programs; its shape is documented and stable
    Json,
    /// For a comment on a pull request
    Markdown,
}
