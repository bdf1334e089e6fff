//! Messages over standard input and output. One thread reads and one writes, so that neither a burst of messages nor a
//! client that reads slowly stops the server. What does not read as a message is passed over; nothing here trusts the
//! other side with how much is read.

use std::{
    io::{self, BufRead, Read as _},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
};

use lsp_server::{Connection, Message, Notification};

use super::log::Log;

/// The largest message that is read: a document of the largest size, written as JSON.
const MOST: u64 = 256 << 20;
/// The longest line of a message's head.
const LINE: u64 = 4 << 10;

/// The two threads, and the server's side of them.
pub(super) struct Wire {
    connection: Connection,
    writer: JoinHandle<()>,
}

impl Wire {
    pub(super) fn new(log: Option<Log>) -> Self {
        let (connection, client) = Connection::memory();
        let log = Arc::new(Mutex::new(log));
        let Connection { sender, receiver } = client;
        let gone = sender.clone();
        let heard = Arc::clone(&log);
        thread::spawn(move || {
            let mut stdin = io::stdin().lock();
            while let Some((size, text)) = frame(&mut stdin) {
                let message = serde_json::from_slice::<Message>(&text).ok();
                note(&heard, |log| log.heard(message.as_ref(), size));
                if message.is_some_and(|message| sender.send(message).is_err()) {
                    break;
                }
            }
            let _ = sender.send(last());
        });
        let writer = thread::spawn(move || {
            for message in receiver {
                note(&log, |log| log.said(&message));
                if message.write(&mut io::stdout().lock()).is_err() {
                    let _ = gone.send(last());
                    break;
                }
            }
        });
        Self { connection, writer }
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Ends once everything is written. What reads may wait for input for ever; it ends with the process.
    pub(super) fn flush(self) {
        drop(self.connection);
        // a thread that fell had nothing more to write
        let _ = self.writer.join();
    }
}

/// What a client that is gone, on either way, would have said.
fn last() -> Message {
    Notification::new("exit".to_owned(), ()).into()
}

fn note(log: &Mutex<Option<Log>>, what: impl FnOnce(&mut Log)) {
    if let Ok(mut log) = log.lock()
        && let Some(log) = log.as_mut()
    {
        what(log);
    }
}

/// The next message's size and text; `None` at the end, and after what no client sends.
fn frame(input: &mut impl BufRead) -> Option<(u64, Vec<u8>)> {
    let mut size = None;
    loop {
        let mut line = Vec::new();
        input.by_ref().take(LINE).read_until(b'\n', &mut line).ok()?;
        if !line.ends_with(b"\n") {
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if let Some((name, value)) = line.split_once(':') {
            if name.eq_ignore_ascii_case("content-length") {
                size = value.trim().parse::<u64>().ok();
            }
        } else if line.is_empty()
            && let Some(size) = size
        {
            // blank lines before a head mean nothing
            return body(input, size);
        }
    }
}

fn body(input: &mut impl BufRead, size: u64) -> Option<(u64, Vec<u8>)> {
    let mut text = Vec::new();
    let read = input.by_ref().take(size.min(MOST)).read_to_end(&mut text).ok()?;
    (read as u64 == size).then_some((size, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames() {
        let all = |mut input: &[u8]| {
            let mut out = Vec::new();
            while let Some((_, text)) = frame(&mut input) {
                out.push(String::from_utf8(text).unwrap());
            }
            out
        };
        assert_eq!(all(b"Content-Length: 2\r\n\r\n{}Content-Length: 1\r\nContent-Type: x\r\n\r\n1"), ["{}", "1"]);
        assert_eq!(all(b"\r\ncontent-length:2\n\n{}\r\n\r\nnoise\r\nContent-Length: 3\r\n\r\nabc"), ["{}", "abc"]);
        assert_eq!(all(b"Content-Length: 99\r\n\r\n{}"), [""; 0], "the end comes too early");
        assert_eq!(all(b"Content-Length: 18446744073709551615\r\n\r\n{}"), [""; 0]);
        assert_eq!(all(&[b'x'; 10_000]), [""; 0]);
    }
}
