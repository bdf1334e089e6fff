//! The log: a line for every message, with its time, and for every answer how long it took. No text of documents.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use lsp_server::Message;

use super::super::{Failure, files};
use crate::text::visible;

/// The most bytes that the file gets.
const MOST: u64 = 10 << 20;
/// How many requests are waited for.
const WAITING: usize = 10_000;

/// The log of one conversation.
pub(super) struct Log {
    file: File,
    /// How many bytes it has.
    size: u64,
    /// The requests without an answer: their methods, and when they came.
    waiting: BTreeMap<String, (String, Instant)>,
}

impl Log {
    /// Goes on with a file.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let fail = |error: std::io::Error| {
            Failure::new(format!("`{}` cannot be written: {}", path.display(), files::words(&error)))
        };
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(fail)?;
        let size = file.metadata().map_err(fail)?.len();
        Ok(Self { file, size, waiting: BTreeMap::new() })
    }

    /// A message of the client.
    pub(super) fn heard(&mut self, message: Option<&Message>, size: u64) {
        let what = match message {
            Some(Message::Request(request)) => {
                if self.waiting.len() < WAITING {
                    self.waiting.insert(request.id.to_string(), (request.method.clone(), Instant::now()));
                }
                format!("{} {}", request.method, request.id)
            }
            Some(Message::Notification(it)) => it.method.clone(),
            Some(Message::Response(response)) => format!("answer {}", response.id),
            None => "not a message".to_owned(),
        };
        self.line(&format!("<- {what}, {size} bytes"));
    }

    /// A message to the client.
    pub(super) fn said(&mut self, message: &Message) {
        let what = match message {
            Message::Request(request) => format!("{} {}", request.method, request.id),
            Message::Notification(it) => it.method.clone(),
            Message::Response(response) => {
                let id = response.id.to_string();
                let refused = match &response.response_result {
                    Ok(_) => String::new(),
                    Err(error) => format!(", error {}", error.code),
                };
                match self.waiting.remove(&id) {
                    Some((method, since)) => {
                        format!("{method} {id}, {:.1} ms{refused}", since.elapsed().as_secs_f64() * 1e3)
                    }
                    None => format!("answer {id}{refused}"),
                }
            }
        };
        self.line(&format!("-> {what}"));
    }

    fn line(&mut self, what: &str) {
        if self.size >= MOST {
            return;
        }
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut line = format!("{}.{:03} {}\n", time.as_secs(), time.subsec_millis(), visible(what));
        self.size += line.len() as u64;
        if self.size >= MOST {
            line.push_str("the log is full\n");
        }
        // there is nobody to tell that nothing can be written
        let _ = self.file.write_all(line.as_bytes());
    }
}
