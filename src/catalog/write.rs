//! A catalog as a file: one tool on a line, since differences in review are by line.
//!
//! Reading it is in `parse`.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::{FORMAT, Server};

/// The text of the catalog file of a server: [`super::parse`] reads it back.
#[must_use]
pub fn write(server: &Server) -> String {
    let mut out = String::new();
    write_into(&mut out, server, "");
    out.push('\n');
    out
}

/// Adds a catalog as a part of a larger file, from its brace to its brace; `margin` stands before each further line.
pub(crate) fn write_into(out: &mut String, server: &Server, margin: &str) {
    out.push_str("{\n");
    let mut member = |name: &str, value: &str| out.push_str(&format!("{margin}  \"{name}\": {value},\n"));
    member("format", &FORMAT.to_string());
    member("id", &line(&server.id));
    member("name", &line(&server.name));
    let optional = [
        ("repository", &server.repository),
        ("registry", &server.registry),
        ("package", &server.package),
        ("version", &server.version),
        ("commit", &server.commit),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            member(name, &line(value));
        }
    }
    member("source", &line(&server.origin));
    if !server.aliases.is_empty() {
        member("aliases", &line(&server.aliases));
    }
    let tools: Vec<String> = server.tools.iter().map(|tool| format!("\n{margin}    {}", line(tool))).collect();
    out.push_str(&format!("{margin}  \"tools\": ["));
    out.push_str(&tools.join(","));
    if !tools.is_empty() {
        out.push_str(&format!("\n{margin}  "));
    }
    out.push_str(&format!("]\n{margin}}}"));
}

/// JSON on one line, with a blank after each comma and colon.
fn line<T: Serialize + ?Sized>(value: &T) -> String {
    let mut bytes = Vec::new();
    // a value made of strings, numbers and lists always has a JSON form
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, Spaced));
    debug_assert!(written.is_ok(), "{written:?}");
    String::from_utf8(bytes).unwrap_or_default()
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::parse;

    #[test]
    fn an_empty_server_is_written_too() {
        let text =
            "{\n  \"format\": 1,\n  \"id\": \"a\",\n  \"name\": \"A\",\n  \"source\": \"\",\n  \"tools\": []\n}\n";
        assert_eq!(write(&parse(text.as_bytes()).unwrap()), text);
    }
}
