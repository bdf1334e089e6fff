//! The lock: the tools of every server in use, as somebody reviewed them.
//!
//! One file of catalogs, one tool on a line, since it is reviewed by line. Bytes in, values out: finding and writing
//! the file is the command line's, and comparing a lock with what a server offers now is in `drift`.

use std::{fmt, sync::Arc};

use serde::Deserialize;

use crate::catalog::{self, CatalogError, Server};

/// The version of the format that this program reads and writes.
pub const FORMAT: u64 = 1;
/// The most bytes a lock may have.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// The most servers a lock may have.
pub const MAX_SERVERS: usize = 1_000;
/// What the file is called where nothing else is asked for.
pub const FILE_NAME: &str = "mcppol.lock";

/// The reviewed tools of the servers in use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// Sorted by id, no id twice; [`Lock::server`] relies on it.
    servers: Vec<Arc<Server>>,
}

impl Lock {
    /// A lock of these servers; of two with one id the first counts.
    #[must_use]
    pub fn new(mut servers: Vec<Arc<Server>>) -> Self {
        servers.sort_by(|a, b| a.id.cmp(&b.id));
        servers.dedup_by(|second, first| second.id == first.id);
        Self { servers }
    }

    /// The servers, sorted by id.
    #[must_use]
    pub fn servers(&self) -> &[Arc<Server>] {
        &self.servers
    }

    /// The server of exactly this id.
    #[must_use]
    pub fn server(&self, id: &str) -> Option<&Arc<Server>> {
        let at = self.servers.binary_search_by(|server| server.id.as_str().cmp(id)).ok()?;
        self.servers.get(at)
    }

    /// The text of the file: [`parse`] reads it back.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = format!("{{\n  \"format\": {FORMAT},\n  \"servers\": [");
        for (index, server) in self.servers.iter().enumerate() {
            out.push_str(if index == 0 { "\n    " } else { ",\n    " });
            catalog::write_into(&mut out, server, "    ");
        }
        out.push_str(if self.servers.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        out
    }
}

/// Why bytes are not a lock.
#[derive(Debug)]
#[non_exhaustive]
pub enum LockError {
    /// More than [`MAX_BYTES`].
    TooLarge {
        /// The bytes there are.
        bytes: usize,
    },
    /// Another version of the format.
    Format {
        /// The version there is.
        found: u64,
    },
    /// Not JSON, or not of the format; the error says at which line and column.
    Json(serde_json::Error),
    /// More than [`MAX_SERVERS`].
    TooManyServers {
        /// The servers there are.
        count: usize,
    },
    /// Two servers of one id.
    DuplicateServer {
        /// The id.
        id: String,
    },
    /// A server's entry is not a catalog.
    Server {
        /// The id that it gives itself.
        id: String,
        /// What is wrong with it.
        error: CatalogError,
    },
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => write!(f, "the lock has {bytes} bytes, at most {MAX_BYTES} are read"),
            Self::Format { found } => write!(f, "the lock has format {found}, this version reads format {FORMAT}"),
            Self::Json(error) => write!(f, "not a lock: {error}"),
            Self::TooManyServers { count } => {
                write!(f, "the lock has {count} servers, at most {MAX_SERVERS} are allowed")
            }
            Self::DuplicateServer { id } => write!(f, "the server `{id}` is locked twice"),
            Self::Server { id, error } => write!(f, "the entry of the server `{id}`: {error}"),
        }
    }
}

impl std::error::Error for LockError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            Self::Server { error, .. } => Some(error),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    format: u64,
    servers: Vec<catalog::File>,
}

/// Reads a lock. Servers and tools may come in any order, as after a merge; they are sorted here.
///
/// # Errors
///
/// Where the bytes are not a lock of format [`FORMAT`] within the limits.
pub fn parse(bytes: &[u8]) -> Result<Lock, LockError> {
    if bytes.len() > MAX_BYTES {
        return Err(LockError::TooLarge { bytes: bytes.len() });
    }
    let file: File = serde_json::from_slice(bytes).map_err(|error| match catalog::format_of(bytes) {
        Some(found) if found != FORMAT => LockError::Format { found },
        _ => LockError::Json(error),
    })?;
    if file.format != FORMAT {
        return Err(LockError::Format { found: file.format });
    }
    let count = file.servers.len();
    if count > MAX_SERVERS {
        return Err(LockError::TooManyServers { count });
    }
    let mut servers: Vec<Arc<Server>> = Vec::with_capacity(count);
    for entry in file.servers {
        let id = entry.id.clone();
        servers.push(Arc::new(catalog::server(entry).map_err(|error| LockError::Server { id, error })?));
    }
    servers.sort_by(|a, b| a.id.cmp(&b.id));
    let twice = servers.iter().zip(servers.iter().skip(1)).find(|(a, b)| a.id == b.id);
    if let Some((server, _)) = twice {
        return Err(LockError::DuplicateServer { id: server.id.clone() });
    }
    Ok(Lock { servers })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalogs;

    fn message(text: &str) -> String {
        parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_lock_is_read_back_as_it_was() {
        let catalogs = Catalogs::embedded();
        let lock = Lock::new(["trakt", "plex", "trakt"].map(|id| catalogs.find(id).unwrap()).to_vec());
        let text = lock.write();
        let read = parse(text.as_bytes()).unwrap();
        assert_eq!(read.write(), text);
        assert_eq!(read.servers().iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["plex", "trakt"]);
        assert_eq!(read.server("plex").unwrap().tools.len(), lock.server("plex").unwrap().tools.len());
        assert_eq!(read.server("Plex"), None);
        let tools: usize = lock.servers().iter().map(|it| it.tools.len()).sum();
        assert_eq!(text.lines().filter(|line| line.starts_with("        {\"name\": ")).count(), tools);
    }

    #[test]
    fn an_empty_lock_is_written_too() {
        let text = "{\n  \"format\": 1,\n  \"servers\": []\n}\n";
        assert_eq!(Lock::default().write(), text);
        assert_eq!(parse(text.as_bytes()).unwrap(), Lock::default());
    }

    #[test]
    fn errors_name_the_place() {
        let server = |id: &str, tools: &str| {
            format!(r#"{{"format": 1, "id": "{id}", "name": "A", "source": "s", "tools": [{tools}]}}"#)
        };
        let lock = |servers: &[String]| format!(r#"{{"format": 1, "servers": [{}]}}"#, servers.join(","));
        assert_eq!(message(&lock(&[server("a", ""), server("a", "")])), "the server `a` is locked twice");
        let tool = r#"{"name": "", "category": "read", "risk": "low", "signals": [], "why": "", "params": []}"#;
        assert_eq!(message(&lock(&[server("a", tool)])), "the entry of the server `a`: the name of a tool is empty");
        assert_eq!(message(r#"{"format": 2, "new": 1}"#), "the lock has format 2, this version reads format 1");
        assert_eq!(message(r#"{"format": 2, "servers": []}"#), "the lock has format 2, this version reads format 1");
        assert!(message("{\n").starts_with("not a lock: EOF while parsing an object at line 2"));
        assert!(
            message(r#"{"format": 1, "servers": [], "tolls": 1}"#).starts_with("not a lock: unknown field `tolls`")
        );
        let many: Vec<String> = (0..=MAX_SERVERS).map(|n| server(&n.to_string(), "")).collect();
        assert_eq!(message(&lock(&many)), "the lock has 1001 servers, at most 1000 are allowed");
    }
}
