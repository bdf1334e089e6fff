//! The options of `test`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::date;
use crate::syntax::literal::Date;

#[derive(Debug, Args)]
pub(in crate::cli) struct Test {
    /// The policy files; `-` reads standard input. Without any, all `.mcp` files below this folder
    #[arg(value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Only tests with this in their name or their policy's; with `*` or `?` a pattern of the whole name
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) filter: Option<String>,
    /// Only tests of this policy
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) policy: Option<String>,
    /// How to print what came out
    #[arg(long, value_enum, default_value_t = Results::Text)]
    pub(in crate::cli) format: Results,
    /// Say which statements and tools no test shows
    #[arg(long)]
    pub(in crate::cli) coverage: bool,
    /// The same, and the exit code is 1 where tests show less than so many of a hundred statements
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(in crate::cli) min_coverage: Option<usize>,
    /// Run nothing; propose tests of what the policy decides now: at the boundary of each condition and limit, and of each
    /// critical tool
    #[arg(long, conflicts_with_all = ["filter", "format", "coverage", "min_coverage"])]
    pub(in crate::cli) generate: bool,
    /// The day on which the policies are judged, as 2026-12-31; by default today, in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) today: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Results {
    /// For people
    Text,
    /// For programs; its shape is documented and stable
    Json,
    /// JUnit XML, for test reports
    Junit,
}

fn percent(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|it| *it <= 100).ok_or("it is a whole number from 0 to 100")
}
