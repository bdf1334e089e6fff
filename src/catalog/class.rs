//! How tools are classed: category, risk, signals, and what follows from them.
//!
//! Closed lists, with their names in the policy language and in the catalog files. Deciding the
//! class of a tool is absent: a catalog states it, and `classify` proposes it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a tool does: the six categories of the public tool registry at policylayer.com.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Retrieves, changes nothing.
    Read,
    /// Creates or changes, and can be undone.
    Write,
    /// Starts something whose effect depends on the arguments.
    Execute,
    /// Moves money.
    Financial,
    /// Deletes or overwrites for good.
    Destructive,
    /// None of these.
    Other,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Write, Self::Execute, Self::Financial, Self::Destructive, Self::Other];

    /// The name in the language and in catalogs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Execute => "execute",
            Self::Financial => "financial",
            Self::Destructive => "destructive",
            Self::Other => "other",
        }
    }

    /// The category of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The risk of the category. The registry shows it as a function of the category alone.
    #[must_use]
    pub const fn risk(self) -> Risk {
        match self {
            Self::Read | Self::Other => Risk::Low,
            Self::Write => Risk::Medium,
            Self::Execute => Risk::High,
            Self::Financial | Self::Destructive => Risk::Critical,
        }
    }

    /// The rule that the registry's tool pages recommend for the category. For `other` they show
    /// none today; its limit is that of the older pages.
    #[must_use]
    pub const fn recommended(self) -> Recommendation {
        match self {
            Self::Read => Recommendation::Allow,
            Self::Write => Recommendation::Limit { per_minute: 30 },
            Self::Execute => Recommendation::Limit { per_minute: 10 },
            Self::Financial => Recommendation::Ask,
            Self::Destructive => Recommendation::Hide,
            Self::Other => Recommendation::Limit { per_minute: 60 },
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What to do with a tool unless there is a reason to do otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recommendation {
    /// Allow it without more.
    Allow,
    /// Allow it, so many calls a minute.
    Limit {
        /// The calls a minute.
        per_minute: u32,
    },
    /// Ask a person about each call.
    Ask,
    /// Take it out of the agent's list.
    Hide,
}

impl Recommendation {
    /// How much it takes away from an agent, from 0.
    #[must_use]
    pub const fn strictness(self) -> u32 {
        match self {
            Self::Allow => 0,
            // fewer calls are stricter
            Self::Limit { per_minute } => u32::MAX - 2 - per_minute,
            Self::Ask => u32::MAX - 1,
            Self::Hide => u32::MAX,
        }
    }
}

/// How bad a wrong call may be, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Little to lose.
    Low,
    /// Can be undone.
    Medium,
    /// Depends on the arguments.
    High,
    /// Cannot be undone.
    Critical,
}

impl Risk {
    /// All of them, lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name in the language and in catalogs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The risk of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What about a tool deserves a second look: the risk signals of the registry's tool pages, and `Dispatch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// One call affects many targets.
    Bulk,
    /// Takes the path of a file or a directory.
    Filesystem,
    /// Takes a URL, a host or an endpoint.
    Url,
    /// Takes a command, a query or code.
    Code,
    /// Takes raw content, such as HTML or a template.
    Markup,
    /// Handles credentials.
    Credentials,
    /// Has ten arguments or more.
    ManyParameters,
    /// Affects a single target.
    SingleTarget,
    /// Calls other tools, whose own rules the policy then does not see.
    Dispatch,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Bulk,
        Self::Filesystem,
        Self::Url,
        Self::Code,
        Self::Markup,
        Self::Credentials,
        Self::ManyParameters,
        Self::SingleTarget,
        Self::Dispatch,
    ];

    /// The name in the language and in catalogs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Filesystem => "filesystem",
            Self::Url => "url",
            Self::Code => "code",
            Self::Markup => "markup",
            Self::Credentials => "credentials",
            Self::ManyParameters => "many-parameters",
            Self::SingleTarget => "single-target",
            Self::Dispatch => "dispatch",
        }
    }

    /// The signal of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
