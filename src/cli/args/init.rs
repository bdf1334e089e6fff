//! The options of `init`.

use std::path::PathBuf;

use clap::Args;

use super::RestOf;

#[derive(Debug, Args)]
pub(in crate::cli) struct Init {
    /// Only these servers, by their names in the configurations or in the catalogs
    #[arg(value_name = "SERVER")]
    pub(in crate::cli) servers: Vec<String>,
    /// Read this configuration, and none of those in their usual places
    #[arg(long, value_name = "FILE", conflicts_with = "local")]
    pub(in crate::cli) from: Vec<PathBuf>,
    /// Look into this folder alone, not into the user's settings
    #[arg(long)]
    pub(in crate::cli) local: bool,
    /// The folder for the policies
    #[arg(long, value_name = "DIR", default_value = "policies")]
    pub(in crate::cli) dir: PathBuf,
    /// What happens to the tools that nothing grants
    #[arg(long, value_enum, default_value_t = RestOf::Deny)]
    pub(in crate::cli) default: RestOf,
    /// Write over files that are there
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Write nothing; say what would be written
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}
