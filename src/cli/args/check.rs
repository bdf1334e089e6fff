//! The options of `check`, `rules` and `explain`.

use std::path::PathBuf;

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{FailOn, Format, Shared};
use crate::lint::{Choice, Persona, Settings};

#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// The policy files, ours or of other formats; `-` reads standard input. Without any, all below this folder
    #[arg(value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// The server that a gateway's document is for, which does not say so itself
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) server: Option<String>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Printed::Text)]
    pub(in crate::cli) format: Printed,
    /// The weight from which a finding makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "LEVEL")]
    pub(in crate::cli) fail_on: FailOn,
    /// Print at most so many findings, the heaviest of each file, and count the rest; 200 for text unless given
    #[arg(long, value_name = "N")]
    pub(in crate::cli) max_findings: Option<usize>,
    #[command(flatten)]
    pub(in crate::cli) shared: Shared,
    #[command(flatten)]
    pub(in crate::cli) lints: Lints,
    #[command(flatten)]
    pub(in crate::cli) fixes: Fixes,
    #[command(flatten)]
    pub(in crate::cli) baseline: Baseline,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Printed {
    /// For people
    Text,
    /// For programs; its shape is documented and stable
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit XML, for test reports
    Junit,
}

/// Which findings there are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Lints")]
pub(in crate::cli) struct Lints {
    /// For whom the findings are
    #[arg(long, value_name = "PERSONA", value_parser = personas())]
    pub(in crate::cli) persona: Option<Persona>,
    /// A level for a rule: `off`, `info`, `warning` or `error`
    #[arg(long, value_name = "RULE=LEVEL", value_parser = rule_level)]
    pub(in crate::cli) level: Vec<(String, Choice)>,
    /// Ignore comments do not count
    #[arg(long)]
    pub(in crate::cli) no_inline_suppressions: bool,
    /// The lock with the reviewed tools, where it is not that of the project
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) lock: Option<PathBuf>,
}

/// What is mended.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub(in crate::cli) struct Fixes {
    /// Apply safe fixes to the files that are named; they change no decision
    #[arg(long)]
    pub(in crate::cli) fix: bool,
    /// Apply unsafe fixes as well: likely intentions, for you to look at
    #[arg(long)]
    pub(in crate::cli) unsafe_fixes: bool,
    /// Write nothing; print what the fixes would change
    #[arg(long)]
    pub(in crate::cli) diff: bool,
}

/// Which findings are known and do not count.
#[derive(Debug, Args)]
#[command(next_help_heading = "Baseline")]
pub(in crate::cli) struct Baseline {
    /// Findings in this file do not count, where it is not that of the project
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Without a baseline
    #[arg(long, conflicts_with = "baseline")]
    pub(in crate::cli) no_baseline: bool,
    /// Record the findings of now, into `mcppol-baseline.json` unless a file is named
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        conflicts_with_all = ["baseline", "no_baseline", "update_baseline", "diff"]
    )]
    pub(in crate::cli) write_baseline: Option<Option<PathBuf>>,
    /// Take out of the baseline what is not found any more; nothing is added
    #[arg(long, conflicts_with_all = ["no_baseline", "diff"])]
    pub(in crate::cli) update_baseline: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Rules {
    /// How to print the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Explain {
    /// The name that stands with the finding
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: String,
}

fn personas() -> impl TypedValueParser<Value = Persona> {
    PossibleValuesParser::new(Persona::ALL.map(Persona::name))
        .try_map(|name| Persona::ALL.into_iter().find(|persona| persona.name() == name).ok_or("no such persona"))
}

fn rule_level(text: &str) -> Result<(String, Choice), String> {
    let (rule, level) = text.split_once('=').ok_or("write `RULE=LEVEL`, such as `dead-pattern=off`")?;
    let choice = Choice::from_name(level).ok_or("the level is `off`, `info`, `warning` or `error`")?;
    // said here, so that the command line is refused as a whole
    Settings::default()
        .choose(rule, choice)
        .map_err(|unknown| format!("no rule is named `{rule}`; {}", unknown.help()))?;
    Ok((rule.to_owned(), choice))
}
