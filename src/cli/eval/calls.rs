//! The decisions about recorded calls.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read as _},
    path::Path,
};

use serde::Serialize;

use super::{
    super::{Failure, Outcome, args::Format, files, print, progress::Progress, render::one_line},
    place::Places,
};
use crate::{
    record::{self, MAX_BYTES, Problem, Record},
    replay::{By, Decided, Group, Judge, Key, Replay, Tally},
    text::count,
};

/// How much is gathered before it is printed.
const CHUNK: usize = 1 << 16;
/// How many lines are read before anybody is told.
const LINES: u64 = 1 << 14;

/// One call of many, for programs: documented, with a schema, stable.
#[derive(Serialize)]
struct Line<'a> {
    /// The line of the record.
    record: u64,
    tool: Option<&'a str>,
    decision: &'static str,
    message: &'a str,
    rule: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
    /// Whether the call passed then.
    passed: Option<bool>,
}

/// Decides records as they come.
struct Run<'a> {
    replay: Replay<'a>,
    places: &'a Places<'a>,
    format: Format,
    tally: Tally,
    out: Vec<u8>,
    failure: Option<Failure>,
}

pub(super) fn run(path: &Path, replay: Replay<'_>, places: &Places<'_>, format: Format) -> Result<Outcome, Failure> {
    let tally = Tally::default();
    let mut run = Run { replay, places, format, tally, out: Vec::new(), failure: None };
    let opened: io::Result<Box<dyn BufRead>> = match path == Path::new("-") {
        true => Ok(Box::new(io::stdin().lock())),
        false => fs::File::open(path).map(|file| Box::new(BufReader::with_capacity(CHUNK, file)) as _),
    };
    opened
        .and_then(|mut reader| run.all(&mut *reader))
        .map_err(|error| Failure::new(format!("`{}` cannot be read: {}", path.display(), files::words(&error))))?;
    if let Some(failure) = run.failure {
        return Err(failure);
    }
    match format {
        Format::Json => print(&String::from_utf8_lossy(&run.out))?,
        Format::Text => print(&run.summary())?,
    }
    Ok(if run.tally.count("unknown") == 0 { Outcome::Clean } else { Outcome::Findings })
}

impl Run<'_> {
    /// Reads line by line into one buffer. A first line that begins a list or an object and does not end it begins a
    /// document of several lines.
    fn all(&mut self, mut reader: &mut dyn BufRead) -> io::Result<()> {
        let mut buffer = Vec::new();
        let mut number: u64 = 0;
        let mut progress = Progress::new("lines", None);
        loop {
            buffer.clear();
            number += 1;
            // where the decisions themselves go to a terminal, they show how far it is
            if number.is_multiple_of(LINES) && self.format == Format::Text {
                progress.step(LINES as usize);
            }
            let read = (&mut reader).take(MAX_BYTES as u64 + 1).read_until(b'\n', &mut buffer)?;
            if read == 0 || self.failure.is_some() {
                return Ok(());
            }
            let whole = buffer.trim_ascii();
            if number == 1 && (whole == b"{" || whole.starts_with(b"[") && !whole.ends_with(b"]")) {
                (&mut reader).take(MAX_BYTES as u64).read_to_end(&mut buffer)?;
            }
            if buffer.len() > MAX_BYTES {
                self.decide(number, Err(Problem(format!("it is longer than {MAX_BYTES} bytes"))));
                skip_line(reader, &buffer)?;
                continue;
            }
            match std::str::from_utf8(&buffer) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => {
                    let before = self.tally.calls + self.tally.elsewhere.count;
                    record::read(text, &mut |line, record| self.decide(number + line, record));
                    if self.tally.calls + self.tally.elsewhere.count == before {
                        self.tally.others += 1;
                    }
                }
                Err(_) => self.decide(number, Err(Problem("it is not UTF-8 text".to_owned()))),
            }
        }
    }

    fn decide(&mut self, line: u64, record: Result<Record<'_>, Problem>) {
        let (tool, decided, passed) = match &record {
            Err(Problem(why)) => (None, Decided::unknown(why.clone()), None),
            Ok(record) => match self.replay.tool(record) {
                None => return self.tally.elsewhere(line),
                Some(tool) => (Some(tool), self.replay.decide(tool, record), record.passed),
            },
        };
        if self.format == Format::Json {
            self.write(line, tool, &decided, passed);
        }
        self.tally.add(line, decided, passed);
    }

    fn write(&mut self, line: u64, tool: Option<&str>, decided: &Decided<'_>, passed: Option<bool>) {
        let place = match &decided.by {
            By::Rule(rule) => self.places.of(rule.span),
            By::Named(_) | By::Default | By::Unknown => None,
        };
        let rule = match &decided.by {
            By::Named(name) => Some(name.as_str()),
            _ => place.as_ref().map(|place| place.rule.as_str()),
        };
        let shown = Line {
            record: line,
            tool,
            decision: decided.name(),
            message: &decided.message,
            rule,
            file: place.as_ref().map(|place| place.file),
            line: place.as_ref().map(|place| place.line),
            column: place.as_ref().map(|place| place.column),
            passed,
        };
        // a line of texts and numbers can always be written to memory
        let _ = serde_json::to_writer(&mut self.out, &shown);
        self.out.push(b'\n');
        if self.out.len() >= CHUNK {
            self.failure = print(&String::from_utf8_lossy(&self.out)).err();
            self.out.clear();
        }
    }

    fn summary(&self) -> String {
        let tally = &self.tally;
        let words = ["allow", "ask", "deny", "hidden", "limited", "unknown"];
        let counts = words.map(|word| (word, tally.count(word)));
        let counts: Vec<String> =
            counts.iter().filter(|(_, n)| *n > 0).map(|(word, n)| format!("{} {word}", grouped(*n))).collect();
        let mut out = format!("{}: {}\n", calls(tally.calls), counts.join(", "));
        if tally.calls == 0 {
            out = "no calls\n".to_owned();
        }
        for word in words {
            let mut groups: Vec<(&Key, &Group)> = tally.of(word).collect();
            groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.count));
            for (key, group) in groups {
                let lines = if matches!(word, "allow" | "ask") { String::new() } else { lines(group) };
                out.push_str(&format!(
                    "  {:>9} {word:<7} {}{lines}\n",
                    grouped(group.count),
                    one_line(&self.by(key, word))
                ));
            }
        }
        let mut compared = |group: &Group, then: &str, now: &str| {
            if group.count > 0 {
                let recorded = calls(tally.recorded).replacen(' ', " recorded ", 1);
                let share = format!("{} of {recorded}", grouped(group.count));
                out.push_str(&format!("{share} {then} then and would {now} now{}\n", lines(group)));
            }
        };
        compared(&tally.now_refused, "passed", "be refused");
        compared(&tally.now_passed, if tally.now_passed.count == 1 { "was refused" } else { "were refused" }, "pass");
        if tally.elsewhere.count > 0 {
            let elsewhere = &tally.elsewhere;
            out.push_str(&format!("{} of other servers{}\n", calls(elsewhere.count), lines(elsewhere)));
        }
        if tally.others > 0 {
            out.push_str(&format!("{} without a call\n", count(tally.others as usize, "line")));
        }
        out
    }

    fn by(&self, key: &Key, word: &str) -> String {
        match key {
            Key::Rule(span) => match self.places.of(*span) {
                Some(place) => format!("`{}` at {}", place.rule, place.at()),
                None => String::new(),
            },
            Key::Named(name) => format!("`{name}`"),
            Key::Default => match self.replay.judge() {
                Judge::Policy(_) => "the default".to_owned(),
                Judge::Engine(_) if word == "allow" => "no rule refuses it".to_owned(),
                Judge::Engine(_) => "a rule that the engine does not name".to_owned(),
            },
            Key::Unknown(what) => what.clone(),
        }
    }
}

/// Passes over the rest of a line of which a part was read.
fn skip_line(reader: &mut dyn BufRead, read: &[u8]) -> io::Result<()> {
    let mut ended = read.ends_with(b"\n");
    while !ended {
        let chunk = reader.fill_buf()?;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(chunk.len(), |end| end + 1);
        ended = end.is_some() || chunk.is_empty();
        reader.consume(length);
    }
    Ok(())
}

/// ` (lines 3, 17, 40, …)`
fn lines(group: &Group) -> String {
    let numbers: Vec<String> = group.lines.iter().map(ToString::to_string).collect();
    let more = if group.count > group.lines.len() as u64 { ", …" } else { "" };
    let word = if group.count == 1 { "line" } else { "lines" };
    format!(" ({word} {}{more})", numbers.join(", "))
}

fn calls(n: u64) -> String {
    format!("{} {}", grouped(n), if n == 1 { "call" } else { "calls" })
}

/// `1,000,000`
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
