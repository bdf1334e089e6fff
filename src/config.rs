//! A project's own settings: `mcppol.toml`, and the overlays that it names.
//!
//! Text in, values out. Finding the files, and reading what they name, is left to the front ends.

mod overlay;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, de::DeserializeOwned};

use crate::text::{Lines, as_u32};

pub use overlay::{Overlay, overlay};

/// The name of the file, in the project's folder.
pub const FILE: &str = "mcppol.toml";
/// The most bytes a settings file or an overlay may have.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// What `mcppol.toml` says. Paths are relative to its folder.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Catalog files and indexes; the last part of a path may have `*`. Those named later count more.
    pub catalogs: Vec<String>,
    /// Overlay files; the last part of a path may have `*`. Those named later count more.
    pub overlays: Vec<String>,
    /// The servers that documents of gateways are for, by path; the last part of a path may have `*`.
    pub files: BTreeMap<String, String>,
    /// The lock file, where it is not `mcppol.lock`.
    pub lock: Option<String>,
    /// What the lints look at, and how much their findings weigh.
    pub lint: Lint,
    /// How servers are reached, by the names that policies use; for those that are asked with `--connect`.
    pub servers: BTreeMap<String, Reach>,
}

/// What a project says of the lints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lint {
    /// For whom the findings are: `default`, `pedantic` or `audit`.
    pub persona: Option<String>,
    /// The file of known findings, where there is one.
    pub baseline: Option<String>,
    /// For a rule, `off` or the level of its findings.
    pub rules: BTreeMap<String, String>,
}

/// How one server is reached: by a command or by a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reach {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Variables of its environment, besides the user's own.
    pub env: BTreeMap<String, String>,
    /// The folder in which it is started, relative to that of the file.
    pub cwd: Option<String>,
    /// Where it listens.
    pub url: Option<String>,
    /// Headers whose values are taken from the environment: the header, then the variable.
    pub header_env: BTreeMap<String, String>,
}

/// What is wrong with a settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1, where there is one.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem.
    pub fn new(line: Option<usize>, message: impl Into<String>) -> Self {
        Self { line, message: message.into(), help: None }
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Reads `mcppol.toml`.
///
/// # Errors
///
/// Where the text is not TOML, or names a setting that there is not.
pub fn config(text: &str) -> Result<Config, Problem> {
    let config: Config = read(text)?;
    for (name, reach) in &config.servers {
        let both = !reach.command.is_empty() && reach.url.is_some();
        let neither = reach.command.is_empty() && reach.url.is_none();
        if both || neither {
            let has = if both { "both `command` and `url`" } else { "neither `command` nor `url`" };
            return Err(Problem::new(None, format!("the server `{name}` has {has}"))
                .help("a server is reached in one way: keep one of the two"));
        }
    }
    Ok(config)
}

/// Strict, as everything that is meant to be followed: a misspelt setting is an error.
fn read<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    if text.len() > MAX_BYTES {
        return Err(Problem::new(None, format!("the file has {} bytes, at most {MAX_BYTES} are read", text.len())));
    }
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        Problem::new(line, error.message().lines().collect::<Vec<_>>().join(", "))
    })
}

/// The line of a byte, from 1.
fn line_of(text: &str, at: usize) -> usize {
    Lines::new(text).line_of(as_u32(at)) as usize + 1
}

#[cfg(test)]
mod tests;
