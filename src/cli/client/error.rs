//! Why a server could not be asked for its tools, and what to do about it. All wording is here; what others wrote is
//! cleaned before it is quoted, and what the user keeps secret is masked.

use std::{path::PathBuf, time::Duration};

use serde_json::Value;

use crate::{
    cli::Failure,
    text::{list, quoted_list},
};

/// The longest quotation of another's words, in characters.
const LONGEST_QUOTE: usize = 300;

/// The shortest secret that is masked: shorter ones would mask ordinary words.
const SHORTEST_SECRET: usize = 6;

/// Why there is no answer. What a server said stands in fields that [`ClientError::masked`] knows.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cli) enum ClientError {
    /// The program cannot be started.
    Start { program: String, why: String, found: bool },
    /// The folder to start in does not exist.
    NoFolder(PathBuf),
    /// A variable that cannot be given to a program.
    Variable(String),
    /// The server went away, or ended its answer, before it answered.
    Ended { method: String, state: String },
    /// A response over HTTP without the answer.
    Empty { method: String },
    /// The server takes nothing more in.
    Deaf,
    /// The time is over.
    NoAnswer { method: String, time: Duration, state: String },
    /// One message is too long.
    LongMessage(usize),
    /// All that was received is too long.
    TooMuch(usize),
    /// A message cannot be read.
    Broken { why: String },
    /// The server answered with an error.
    Refused { method: String, code: Option<i64>, message: String, supported: Vec<String> },
    /// An answer has not the members that it must have.
    Shape { method: String, what: &'static str },
    /// The server wants to speak a revision that is not known here.
    Revision(String),
    /// The pages of tools go round in a circle.
    Circle(String),
    /// There are more pages or tools than anyone could want.
    TooMany { what: &'static str, most: usize },
    /// The server asks and asks.
    Asking(usize),
    /// The address cannot be used.
    Address { why: String, help: &'static str },
    /// A header cannot be sent.
    Header { name: String, why: &'static str },
    /// The address cannot be reached.
    Unreachable { host: String, why: String, help: &'static str },
    /// The HTTP status says no.
    Status { code: u16, said: String },
    /// The address answers with something else.
    NotMcp(String),
    /// The address sends elsewhere.
    Redirect { to: String, follows: bool },
    /// We were told to stop, by this signal.
    Stopped(i32),
}

impl ClientError {
    /// What is wrong and why.
    pub(in crate::cli) fn message(&self) -> String {
        match self {
            Self::Start { program, why, .. } => format!("`{program}` cannot be started: {why}"),
            Self::NoFolder(path) => format!("the server cannot be started in `{}`: it is no folder", path.display()),
            Self::Variable(name) => format!("the variable `{name}` cannot be set: a NUL stands in it"),
            Self::Ended { method, state } => format!("the server ended before it answered `{method}`{}", after(state)),
            Self::Empty { method } => format!("the response to `{method}` ended without an answer"),
            Self::Deaf => "the server does not read what it is sent".to_owned(),
            Self::NoAnswer { method, time, state } => {
                format!("no answer to `{method}` within {}{}", seconds(*time), after(state))
            }
            Self::LongMessage(most) => format!("the server sent a message longer than {most} bytes"),
            Self::TooMuch(most) => format!("the server sent more than {most} bytes"),
            Self::Broken { why } => format!("the server sent a message that cannot be read: {why}"),
            Self::Refused { method, code, message, .. } => {
                let code = code.map_or_else(String::new, |code| format!(" (code {code})"));
                format!("the server refused `{method}`: `{message}`{code}")
            }
            Self::Shape { method, what } => format!("the answer to `{method}` has no {what}"),
            Self::Revision(version) => format!("the server speaks the protocol `{version}`, which is not known here"),
            Self::Circle(cursor) => format!("the server gave the cursor `{cursor}` twice: its pages have no end"),
            Self::TooMany { what, most } => format!("the server has more than {most} {what}"),
            Self::Asking(most) => format!("the server asked more than {most} questions instead of answering"),
            Self::Address { why, .. } => why.clone(),
            Self::Header { name, why } => format!("the header `{name}` cannot be sent: {why}"),
            Self::Unreachable { host, why, .. } => format!("`{host}` cannot be reached: {why}"),
            Self::Status { code, said } => {
                let what = match code {
                    401 => "the server wants to know who asks",
                    403 => "the server does not let you ask",
                    404 => "there is no MCP server at this address",
                    405 => "the address takes no messages",
                    429 => "the server is asked too often",
                    500.. => "the server failed",
                    _ => "the server refused the request",
                };
                let said = if said.is_empty() { String::new() } else { format!(": `{said}`") };
                format!("{what} (HTTP {code}){said}")
            }
            Self::NotMcp(kind) => format!("the address answers with `{kind}`, and not as an MCP server"),
            Self::Redirect { to, follows: false } => format!("the server sends to another place: `{to}`"),
            Self::Redirect { to, follows: true } => format!("the server sends from place to place, last to `{to}`"),
            Self::Stopped(signal) => format!("stopped by signal {signal}"),
        }
    }

    /// What to do, where something can be done.
    pub(in crate::cli) fn help(&self) -> Option<String> {
        Some(match self {
            Self::Start { found: false, .. } if cfg!(windows) => {
                "is it installed, and on the `PATH`? scripts are named in full, as `npx.cmd`".to_owned()
            }
            Self::Start { found: false, .. } => "is it installed, and on the `PATH`?".to_owned(),
            Self::Ended { .. } => {
                "run the server by itself to see what it misses; `--env NAME=VALUE` gives it a variable".to_owned()
            }
            Self::NoAnswer { .. } => "`--timeout SECONDS` waits longer".to_owned(),
            Self::Broken { .. } | Self::Deaf | Self::LongMessage(_) | Self::TooMuch(_) => {
                "is it an MCP server, and does it write its log to standard error?".to_owned()
            }
            Self::Refused { supported, .. } if !supported.is_empty() => {
                format!("it speaks {}: choose with `--protocol`", quoted_list(supported, 6))
            }
            Self::Revision(_) => format!("known are {}: offer one with `--protocol`", list(&super::REVISIONS, "and")),
            Self::Address { help, .. } | Self::Unreachable { help, .. } => (*help).to_owned(),
            Self::Status { code: 401 | 403, .. } => {
                "send a token: `--header \"Authorization: Bearer …\"`, or from a variable: `--header-env \
                 Authorization=NAME`"
                    .to_owned()
            }
            Self::Status { code: 404 | 405, .. } | Self::NotMcp(_) => {
                "is it the address of the MCP endpoint? many end with `/mcp` or `/sse`".to_owned()
            }
            Self::Redirect { follows: false, .. } => "if you trust that place, name it with `--url`".to_owned(),
            _ => return None,
        })
    }

    /// The same without the secrets, wherever the words of others stand.
    pub(super) fn masked(mut self, secrets: &[&str]) -> Self {
        let said = match &mut self {
            Self::Ended { state: said, .. }
            | Self::NoAnswer { state: said, .. }
            | Self::Broken { why: said }
            | Self::Refused { message: said, .. }
            | Self::Revision(said)
            | Self::Circle(said)
            | Self::Unreachable { why: said, .. }
            | Self::Status { said, .. }
            | Self::NotMcp(said)
            | Self::Redirect { to: said, .. } => said,
            _ => return self,
        };
        for secret in secrets.iter().filter(|secret| secret.chars().count() >= SHORTEST_SECRET) {
            *said = said.replace(secret, "…");
        }
        self
    }

    /// The error of a server in answer to a method.
    pub(super) fn refused(method: &str, error: &Value) -> Self {
        let message = match error.get("message").unwrap_or(error) {
            Value::String(text) => quote(text),
            other => quote(&other.to_string()),
        };
        let supported = error.pointer("/data/supported").and_then(Value::as_array);
        Self::Refused {
            method: method.to_owned(),
            code: error.get("code").and_then(Value::as_i64),
            message,
            supported: supported.into_iter().flatten().filter_map(Value::as_str).take(20).map(quote).collect(),
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let failure = Failure::new(error.message());
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

fn after(state: &str) -> String {
    if state.is_empty() { String::new() } else { format!(": {state}") }
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

/// The words of others on one line: no control characters, none that turn the text round, no backticks, not long.
pub(super) fn quote(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut out = String::new();
    for word in without_colours(text).split_whitespace() {
        let word = word.chars().filter(|&c| !hidden(c)).map(|c| if c == '`' { '\'' } else { c });
        let before = out.len();
        out.extend((!out.is_empty()).then_some(' ').into_iter().chain(word));
        if out.len() == before + 1 && out.ends_with(' ') {
            out.pop();
        }
    }
    if out.chars().count() > LONGEST_QUOTE {
        out = out.chars().take(LONGEST_QUOTE).chain(['…']).collect();
    }
    out
}

/// The text without the sequences that colour a terminal.
fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' && rest.next_if_eq(&'[').is_some() {
            // parameters, then one letter
            while rest.next_if(|c| !('@'..='~').contains(c)).is_some() {}
            rest.next();
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_harmless() {
        assert_eq!(quote("\u{1b}[31mError:\u{1b}[0m  a\n\tb `c`\u{7}\u{202e}"), "Error: a b 'c'");
        assert_eq!(quote("\u{1b}[31m"), "");
        assert_eq!(quote("a \u{7} b"), "a b");
        assert_eq!(quote(&"x".repeat(1000)).chars().count(), LONGEST_QUOTE + 1);
    }

    #[test]
    fn secrets_are_masked_in_the_words_of_others() {
        let error = ClientError::Ended { method: "initialize".into(), state: "bad key `s3cr3t` or abc".into() };
        let masked = error.masked(&["s3cr3t", "abc", ""]);
        assert_eq!(masked.message(), "the server ended before it answered `initialize`: bad key `…` or abc");
    }
}
