//! Whose language a policy is written in, and what a rule must know of it to judge and advise there.

use crate::text::Span;

/// Where a policy comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// A `.mcp` file.
    #[default]
    Language,
    /// A document of somebody else's format. It is judged, and never compiled or enforced.
    Foreign(Foreign),
}

/// A document of somebody else's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// What its format has, and its words.
    pub manners: &'static Manners,
    /// What becomes of the tools that this policy does not name.
    pub unlisted: Unlisted,
}

/// What becomes of tools that a policy does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlisted {
    /// Their calls are refused.
    Refused,
    /// Their calls pass.
    Allowed,
    /// A person is asked before each call.
    Asked,
}

/// What a format has, and in which words it says so.
///
/// In every text `{}` stands for the tools, in quotes as the format writes them, and for the path in
/// [`Manners::presence`].
#[derive(Debug, PartialEq, Eq)]
pub struct Manners {
    /// The name of the format, as in a sentence.
    pub title: &'static str,
    /// What is written before a tool's name; `{}` is the server.
    pub prefix: &'static str,
    /// How tools are blocked: hidden where the format can, else denied.
    pub block: &'static str,
    /// How a tool's own entry is taken back, where a person is then asked; `None` where that is not so.
    pub revoke: Option<&'static str>,
    /// How what is not granted is refused.
    pub close: &'static str,
    /// How tools are granted.
    pub grant: &'static str,
    /// How a person is asked; `None` where the format has no approvals.
    pub ask: Option<&'static str>,
    /// How a granted tool is narrowed; `None` where the format has neither conditions nor limits.
    pub narrow: Option<&'static str>,
    /// How an argument is demanded; `None` where the format has no conditions.
    pub presence: Option<&'static str>,
    /// Whether the format can take a tool out of the list that the agent sees.
    pub hides: bool,
}

impl Origin {
    /// The format's manners; `None` in our own language.
    pub fn manners(self) -> Option<&'static Manners> {
        match self {
            Origin::Language => None,
            Origin::Foreign(foreign) => Some(foreign.manners),
        }
    }

    /// Whether a foreign policy refuses the tools that it does not name.
    pub fn refuses_the_rest(self) -> bool {
        matches!(self, Origin::Foreign(Foreign { unlisted: Unlisted::Refused, .. }))
    }

    /// Whether a person is asked about tools that the policy does not name.
    pub fn asks_about_the_rest(self) -> bool {
        matches!(self, Origin::Foreign(Foreign { unlisted: Unlisted::Asked, .. }))
    }
}

impl Manners {
    /// A tool as the format writes it.
    pub fn written(&self, server: &str, tool: &str) -> String {
        format!("{}{tool}", self.prefix.replace("{}", server))
    }

    /// A text of the format about tools.
    pub fn about(text: &str, names: &str) -> String {
        text.replace("{}", names)
    }
}

/// A fact about a foreign text that its policy does not hold, for the lint that is about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where it stands.
    pub span: Span,
    /// The fact.
    pub fact: Fact,
}

/// What can be worth a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A pattern that demands something of an argument is searched for within the text, and does not reach to its ends.
    LooseRegex {
        /// The argument's path.
        path: String,
        /// The pattern as written.
        pattern: String,
        /// The pattern with both anchors.
        anchored: String,
        /// A value that passes though it should not.
        slips: String,
    },
    /// A pattern that keeps paths below a directory ends without a separator.
    OpenPrefix {
        /// The argument's path.
        path: String,
        /// The directory that is meant.
        directory: String,
        /// The pattern that says so.
        closed: String,
        /// A path elsewhere that passes.
        slips: String,
    },
    /// A pattern stands where names are compared letter by letter.
    Glob {
        /// The list or table that it stands in, as the format names it.
        within: &'static str,
        /// Whether the entry should block, so that a mistake leaves something open.
        guards: bool,
        /// The text.
        text: String,
    },
    /// A list is there and empty.
    EmptyList {
        /// The list as the format names it.
        list: &'static str,
        /// What an empty one means.
        means: &'static str,
        /// What to write instead.
        instead: &'static str,
    },
    /// One entry, or the mode, lets every tool of every server pass.
    EveryServer {
        /// The entry or mode as written.
        text: String,
    },
    /// A server is named by what a tool made up, and may be another name tomorrow.
    MadeUpServer {
        /// The server's name.
        name: String,
    },
}
