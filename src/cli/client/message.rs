//! Messages as JSON, from bytes of others: strictly, with the nesting bounded.

use serde_json::Value;

use super::error::{ClientError, quote};

/// Reads a message that must be one.
///
/// # Errors
///
/// The bytes are not UTF-8 or not JSON, or it is nested too deep.
pub(super) fn read(bytes: &[u8]) -> Result<Value, ClientError> {
    let broken = |why: String| ClientError::Broken { why };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        broken(format!("it is not UTF-8 text: the byte at offset {} belongs to no character", error.valid_up_to()))
    })?;
    // the parser bounds the nesting by itself, at 128
    serde_json::from_str(text).map_err(|error| {
        let why = error.to_string();
        if why.starts_with("recursion limit exceeded") {
            broken("it is nested too deep".to_owned())
        } else {
            broken(format!("it is not JSON: {why}, in `{}`", quote(&start(text))))
        }
    })
}

/// Reads a line that may be a message: `None` for one that is something else, as a greeting or a line of a log.
///
/// # Errors
///
/// As [`read`], where the line was meant to be a message.
pub(super) fn read_line(line: &[u8]) -> Result<Option<Value>, ClientError> {
    let line = line.trim_ascii();
    let read = read(line);
    let is_meant = |line: &[u8]| matches!(line.first(), Some(b'{' | b'[')) && find(line, b"\"jsonrpc\"");
    match read {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => Ok(Some(value)),
        Err(error) if is_meant(line) => Err(error),
        Ok(_) | Err(_) => Ok(None),
    }
}

fn start(text: &str) -> String {
    text.chars().take(80).collect()
}

fn find(bytes: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(bytes, word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_no_message_and_a_broken_message_is_an_error() {
        for noise in ["", "  ", "Server running", "[INFO] up", "{ banner }", "5", "null", "\"text\"", "\u{1b}[32m{"] {
            assert_eq!(read_line(noise.as_bytes()), Ok(None), "{noise}");
        }
        assert_eq!(read_line(b"\xff\xfe hello"), Ok(None));
        assert!(read_line(b" {\"jsonrpc\":\"2.0\"}\r").unwrap().is_some());
        let why = |line: &[u8]| read_line(line).unwrap_err().message();
        assert!(why(b"{\"jsonrpc\":\"2.0\"").contains("not JSON"));
        assert!(why(b"{\"jsonrpc\":\"2.0\",\"x\":\"\\ud800\"}").contains("not JSON"));
        assert!(why(b"{\"jsonrpc\":\"2.0\",\"x\":\"\xff\"}").contains("offset 22 belongs to no character"));
        let deep = format!("{{\"jsonrpc\":{}", "[".repeat(100_000));
        assert!(why(deep.as_bytes()).contains("nested too deep"));
    }
}
