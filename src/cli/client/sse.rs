//! Server-sent events: bytes in, events out, wherever the bytes are cut. Every sequence of bytes is read, as the HTML
//! standard has it; ids and times to reconnect are left out, for nothing here reconnects.

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Event {
    /// Its kind; empty for an ordinary message.
    pub(super) name: String,
    /// Its data, whose lines are joined by line feeds.
    pub(super) data: Vec<u8>,
}

/// A stream of events that is being read.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    event: Event,
    has_data: bool,
    /// Whether the last byte was a carriage return: a line feed after it ends nothing.
    after_return: bool,
    /// Whether a line was seen: before the first one a byte order mark may stand.
    started: bool,
}

impl Events {
    /// Reads on; gives the events that end in these bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut out = Vec::new();
        let mut rest = bytes;
        if std::mem::take(&mut self.after_return) {
            self.after_return = rest.is_empty();
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(at) = memchr::memchr2(b'\n', b'\r', rest) {
            let (line, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            self.line.extend_from_slice(line);
            let line = std::mem::take(&mut self.line);
            self.take_line(&line, &mut out);
            rest = match after {
                [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
                [] => &[],
            };
            self.after_return = after == b"\r";
        }
        self.line.extend_from_slice(rest);
        out
    }

    /// How many bytes wait for the end of their event.
    pub(super) fn held(&self) -> usize {
        self.line.len() + self.event.data.len()
    }

    fn take_line(&mut self, line: &[u8], out: &mut Vec<Event>) {
        let first = !std::mem::replace(&mut self.started, true);
        let line = if first { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            if std::mem::take(&mut self.has_data) {
                out.push(event);
            }
            return;
        }
        // a line that begins with a colon has an empty field: a comment
        let mut parts = line.splitn(2, |&byte| byte == b':');
        let field = parts.next().unwrap_or_default();
        let value = parts.next().unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.event.data.push(b'\n');
                }
                self.event.data.extend_from_slice(value);
            }
            b"event" => self.event.name = String::from_utf8_lossy(value).into_owned(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let show = |event: Event| (event.name, String::from_utf8(event.data).unwrap());
        Events::default().feed(text.as_bytes()).into_iter().map(show).collect()
    }

    fn event(name: &str, data: &str) -> (String, String) {
        (name.into(), data.into())
    }

    #[test]
    fn events_as_the_standard_has_them() {
        assert_eq!(read("data: a\n\n"), [event("", "a")]);
        assert_eq!(read("event: endpoint\r\ndata:/x?y=1\r\n\r\n"), [event("endpoint", "/x?y=1")]);
        assert_eq!(read("data: a\rdata:  b\r\r"), [event("", "a\n b")]);
        assert_eq!(read(": comment\nid: 7\nretry: 5\nodd\ndata\n\n"), [event("", "")]);
        assert_eq!(read("\u{feff}data: a\n\n"), [event("", "a")]);
        // no data, no event; its name is forgotten with it
        assert_eq!(read("event: x\n\ndata: a\n\n"), [event("", "a")]);
        // what does not end is not there
        assert_eq!(read("data: a\n\ndata: b\n"), [event("", "a")]);
    }

    proptest! {
        #[test]
        fn cuts_do_not_matter(text in "(data: ?|event:|:|id: 1|x|é|\u{feff}|\r|\n|\r\n|\n\n){0,40}", size in 1..9_usize) {
            let whole = Events::default().feed(text.as_bytes());
            let mut events = Events::default();
            let mut parts = Vec::new();
            for chunk in text.as_bytes().chunks(size) {
                parts.extend(events.feed(&[]));
                parts.extend(events.feed(chunk));
            }
            prop_assert_eq!(parts, whole);
        }

        #[test]
        fn every_byte_is_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut events = Events::default();
            let data: usize = events.feed(&bytes).iter().map(|event| event.data.len()).sum();
            prop_assert!(data + events.held() <= bytes.len());
        }
    }
}
