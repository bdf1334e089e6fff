//! Referees: each reads a compiled policy and judges a call as that format's engine would.
//!
//! They share no code with the compiler, so that a mistake there cannot hide by being made twice, and they answer for
//! any document of their format, not only for compiled ones. What an engine does is taken from its public documents
//! and, for Intercept, from its source at commit 77f0429; everything else is listed in [`ASSUMPTIONS`].
//!
//! Absent: counting (the caller says what is used), time, identities, rollback of counters, `tools/list`, the wire.

mod condition;
mod guess;
pub mod intercept;
mod intercept_file;
mod pattern;
mod policy;
pub mod policylayer;
mod read;
pub mod rules;
#[cfg(test)]
mod schema_tests;
mod value;

use std::fmt;

use serde_json::Value;

pub use guess::{ASSUMPTIONS, Assumption};
pub use policy::Policy;

/// A `tools/call` to judge.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The tool's name, without a server's prefix.
    pub tool: &'a str,
    /// The arguments; an object, or null for none.
    pub args: &'a Value,
}

/// The length of a counter's window, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window(pub u64);

impl Window {
    /// The window that a document calls `minute`, `hour` or `day`; these three are all that Intercept knows.
    #[must_use]
    pub fn named(name: &str) -> Option<Window> {
        match name {
            "minute" => Some(Window(60)),
            "hour" => Some(Window(3_600)),
            "day" => Some(Window(86_400)),
            _ => None,
        }
    }
}

/// A counter that a document speaks of.
///
/// Intercept keeps it under `tool.name`, so that two pairs of equal spelling are one counter there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Counter<'a> {
    /// The tool whose calls are counted; `None` is every tool.
    pub tool: Option<&'a str>,
    /// The counter's name in the document; `rate_limit` in the `rules` form, which has no names.
    pub name: &'a str,
    /// The window it counts in.
    pub window: Window,
    /// The argument it adds up (`args.x`); `None` is one for each call, or a fixed step.
    pub argument: Option<&'a str>,
}

/// What of the counters is used already, before the call that is judged.
pub trait Used {
    /// The amount used in the current window; `None` where it is not known, and the call then has no verdict.
    fn used(&self, counter: &Counter<'_>) -> Option<i64>;
}

impl<F: Fn(&Counter<'_>) -> Option<i64>> Used for F {
    fn used(&self, counter: &Counter<'_>) -> Option<i64> {
        self(counter)
    }
}

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It is forwarded.
    Allow,
    /// It waits for a person.
    Ask,
    /// It is refused.
    Deny,
    /// It is refused, and its tool is not listed.
    Hidden,
    /// It is refused because of a counter.
    Limited,
}

impl Decision {
    /// The word for it, as in a policy's tests and in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Allow => "allow",
            Decision::Ask => "ask",
            Decision::Deny => "deny",
            Decision::Hidden => "hidden",
            Decision::Limited => "limited",
        }
    }
}

/// A decision, with what the engine would write about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// The rule as the format's logs name it; `None` where they name none.
    pub rule: Option<String>,
    /// The text for the agent, without the prefix that the wire adds.
    pub message: Option<String>,
}

impl Verdict {
    fn allow() -> Verdict {
        Verdict { decision: Decision::Allow, rule: None, message: None }
    }

    fn new(decision: Decision, rule: impl Into<String>, message: impl Into<String>) -> Verdict {
        Verdict { decision, rule: Some(rule.into()), message: Some(message.into()) }
    }

    fn hidden(tool: &str) -> Verdict {
        let name = value::quoted(tool);
        Verdict::new(Decision::Hidden, "(hidden)", format!("Tool {name} is hidden by policy"))
    }

    fn default_deny(tool: &str) -> Verdict {
        let name = value::quoted(tool);
        Verdict::new(Decision::Deny, "(default deny)", format!("Tool {name} is not permitted by policy"))
    }
}

/// A verdict hangs on something that the caller did not know; never to be taken for a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The missing fact.
    pub what: String,
}

impl Unknown {
    fn counter(counter: &Counter<'_>) -> Unknown {
        let scope = counter.tool.map_or_else(|| "all tools".to_owned(), |tool| format!("`{tool}`"));
        let (name, seconds) = (counter.name, counter.window.0);
        Unknown { what: format!("how much of `{name}` of {scope} is used in this window of {seconds} seconds") }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not known: {}", self.what)
    }
}

impl std::error::Error for Unknown {}

/// One thing that is wrong in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The JSON Pointer (RFC 6901) of the place; empty is the whole document.
    pub at: String,
    /// What is wrong there; for Intercept's own checks, exactly what its `validate` prints.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            write!(f, "the document: {}", self.message)
        } else {
            write!(f, "{}: {}", self.at, self.message)
        }
    }
}

/// The document is not of the format, or its engine refuses it, or it holds what cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineError {
    /// All that was found, at least one, in the order of the engine's own checks.
    pub faults: Vec<Fault>,
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for EngineError {}
