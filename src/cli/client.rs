//! Asking an MCP server for its tools, over its standard input and output or over HTTP. What becomes of the answer is
//! not decided here, and nothing is written anywhere.

mod address;
mod error;
mod http;
mod lines;
mod message;
mod process;
mod session;
mod sse;
mod stdio;
mod stop;

use std::{
    fmt,
    path::PathBuf,
    time::{Duration, Instant},
};

use serde_json::Value;

pub(in crate::cli) use error::ClientError;

/// The revisions of the protocol that are spoken here, the oldest first.
pub(in crate::cli) const REVISIONS: [&str; 5] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", STATELESS];

/// The revision that is offered first.
pub(in crate::cli) const OFFERED: &str = "2025-11-25";

/// The first revision without a handshake.
const STATELESS: &str = "2026-07-28";

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Endpoint {
    /// A program that is started.
    Command {
        /// The program, found as a shell finds it.
        program: String,
        /// Its arguments.
        args: Vec<String>,
        /// Variables on top of its environment; their values are never shown.
        env: Vec<(String, String)>,
        /// Whether it gets nothing of our environment but what hardly a program starts without.
        clear_env: bool,
        /// The folder to start it in.
        cwd: Option<PathBuf>,
    },
    /// An address.
    Url {
        /// The address of the endpoint.
        url: String,
        /// Headers of every request; their values are never shown.
        headers: Vec<(String, String)>,
    },
}

/// What one exchange may cost at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Limits {
    /// The time for all of it.
    pub(in crate::cli) time: Duration,
    /// All bytes that are received.
    pub(in crate::cli) bytes: usize,
    /// The bytes of one message.
    pub(in crate::cli) line: usize,
    /// The pages of tools.
    pub(in crate::cli) pages: usize,
    /// The tools.
    pub(in crate::cli) tools: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(30), bytes: 32 << 20, line: 16 << 20, pages: 1_000, tools: 100_000 }
    }
}

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cli) struct Answer {
    /// Its name and version, as it says them; null where it does not.
    pub(in crate::cli) server_info: Value,
    /// The revision that was spoken.
    pub(in crate::cli) protocol: String,
    /// What it says it can do.
    pub(in crate::cli) capabilities: Value,
    /// Its tools as it describes them, in the order of its pages; whatever stood in the lists.
    pub(in crate::cli) tools: Vec<Value>,
    /// What the user should know about the exchange.
    pub(in crate::cli) notes: Vec<String>,
}

/// The moment at which an exchange is over.
#[derive(Debug, Clone, Copy)]
struct Deadline {
    start: Instant,
    time: Duration,
}

impl Deadline {
    fn new(time: Duration) -> Self {
        Self { start: Instant::now(), time }
    }

    /// What is left; `None` when nothing is.
    fn left(&self) -> Option<Duration> {
        self.time.checked_sub(self.start.elapsed()).filter(|left| !left.is_zero())
    }
}

/// Asks the server at `endpoint` for its tools, offering the revision `offer`. A program that is started for it is
/// ended, with all that it started, before this returns.
///
/// # Errors
///
/// The server cannot be reached, does not answer as a server must, or reaches a limit.
pub(in crate::cli) fn list_tools(endpoint: &Endpoint, offer: &str, limits: &Limits) -> Result<Answer, ClientError> {
    let deadline = Deadline::new(limits.time);
    match endpoint {
        Endpoint::Command { program, args, env, clear_env, cwd } => {
            let start = stdio::Start { program, args, env, clear_env: *clear_env, cwd: cwd.as_deref() };
            let mut server = stdio::Stdio::start(start, deadline, limits)?;
            let answer = session::run(&mut server, offer, limits);
            if let Some(signal) = server.end(answer.is_ok()) {
                stop::die(signal);
                return Err(ClientError::Stopped(signal));
            }
            let secrets: Vec<&str> = env.iter().map(|(_, value)| value.as_str()).collect();
            answer.map_err(|error| error.masked(&secrets))
        }
        Endpoint::Url { url, headers } => {
            let mut server = http::Http::new(url, headers, deadline, limits)?;
            let answer = session::run(&mut server, offer, limits);
            let notes = server.notes();
            server.end();
            // what stands after a word as `Bearer` is secret by itself
            let secrets: Vec<&str> = headers
                .iter()
                .flat_map(|(_, value)| [Some(value.as_str()), value.split_whitespace().next_back()])
                .flatten()
                .collect();
            match answer {
                Ok(answer) => Ok(Answer { notes: notes.into_iter().chain(answer.notes).collect(), ..answer }),
                Err(error) => Err(error.masked(&secrets)),
            }
        }
    }
}

/// The command line as a shell would take it, with variables by name only; the address without what may be secret.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Command { program, args, env, clear_env, cwd } => {
                f.write_str(&quoted(program))?;
                for arg in args {
                    write!(f, " {}", quoted(arg))?;
                }
                if let Some(folder) = cwd {
                    write!(f, " in {}", quoted(&folder.to_string_lossy()))?;
                }
                let names: Vec<&str> = env.iter().map(|(name, _)| name.as_str()).collect();
                match (names.is_empty(), clear_env) {
                    (true, true) => f.write_str(" with an empty environment"),
                    (true, false) => Ok(()),
                    (false, true) => write!(f, " with nothing but {} set", names.join(", ")),
                    (false, false) => write!(f, " with {} set", names.join(", ")),
                }
            }
            Endpoint::Url { url, .. } => f.write_str(&address::shown(url)),
        }
    }
}

/// A word as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let shown: String = word.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    format!("'{}'", shown.replace('\'', "'\\''"))
}
