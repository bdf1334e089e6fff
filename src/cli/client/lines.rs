//! Lines out of a stream of bytes whose writer is not trusted: no line and no stream is without end.

use std::io::Read;

use super::error::ClientError;

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// Calls `each` with every line, without its end, until the stream ends or `each` returns false.
///
/// # Errors
///
/// A line is longer than `longest` bytes, or all of them together than `most`.
pub(super) fn each_line(
    mut from: impl Read,
    longest: usize,
    most: usize,
    mut each: impl FnMut(Vec<u8>) -> bool,
) -> Result<(), ClientError> {
    let mut chunk = vec![0; CHUNK];
    let mut line = Vec::new();
    let mut total = 0_usize;
    loop {
        let bytes = match from.read(&mut chunk) {
            Ok(n) => chunk.get(..n).unwrap_or_default(),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            // a pipe that breaks is a pipe that ends
            Err(_) => &[],
        };
        if bytes.is_empty() {
            if !line.is_empty() {
                each(line);
            }
            return Ok(());
        }
        total = total.saturating_add(bytes.len());
        let mut parts = bytes.split(|&byte| byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            line.extend_from_slice(part);
            if line.len() > longest {
                return Err(ClientError::LongMessage(longest));
            }
            if parts.peek().is_some() && !each(std::mem::take(&mut line)) {
                return Ok(());
            }
        }
        if total > most {
            return Err(ClientError::TooMuch(most));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8], longest: usize, most: usize) -> (Vec<String>, Result<(), ClientError>) {
        let mut out = Vec::new();
        let end = each_line(text, longest, most, |line| {
            out.push(String::from_utf8(line).unwrap());
            true
        });
        (out, end)
    }

    #[test]
    fn lines_end_where_they_end() {
        assert_eq!(lines(b"a\n\nbc\nd", 10, 100), (vec!["a".into(), String::new(), "bc".into(), "d".into()], Ok(())));
        assert_eq!(lines(b"", 10, 100).0.len(), 0);
        let long = [b'x'; CHUNK + 5];
        assert_eq!(lines(&long, CHUNK + 5, 1 << 20).0, [String::from_utf8(long.to_vec()).unwrap()]);
    }

    #[test]
    fn nothing_is_endless() {
        assert_eq!(lines(b"ab\nabcdef", 5, 100), (vec!["ab".into()], Err(ClientError::LongMessage(5))));
        assert_eq!(lines(b"ab\ncd\n", 5, 5).1, Err(ClientError::TooMuch(5)));
        assert_eq!(each_line(std::io::repeat(b'\n'), 5, 1 << 20, |_| true), Err(ClientError::TooMuch(1 << 20)));
        assert_eq!(each_line(std::io::repeat(b'x'), 5, 1 << 20, |_| true), Err(ClientError::LongMessage(5)));
        assert_eq!(each_line(std::io::repeat(b'\n'), 5, 1 << 20, |_| false), Ok(()));
    }
}
