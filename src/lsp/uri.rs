//! Addresses of documents, and paths of files.

use std::{
    path::{Path, PathBuf},
    str::FromStr as _,
};

use lsp_types::Uri;

/// The path of a `file:` address; `None` for other addresses.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    // the host is left out, or this machine
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let decoded = decoded(rest)?;
    let bytes = decoded.as_bytes();
    // `/c:/folder` is a path of Windows
    let drive = cfg!(windows) && bytes.get(2) == Some(&b':');
    Some(PathBuf::from(if drive { decoded.strip_prefix('/').unwrap_or(&decoded) } else { &decoded }))
}

/// The name of the file at an address: its path, or the address itself where it is on no disk.
pub(super) fn name(uri: &Uri) -> String {
    path(uri).map_or_else(|| uri.as_str().to_owned(), |path| path.display().to_string())
}

/// The address of a file; `None` for what is on no disk.
pub(super) fn of(path: &Path) -> Option<Uri> {
    let text = path.to_str().filter(|_| path.has_root())?;
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() };
    let mut out = String::from("file://");
    if !text.starts_with('/') {
        out.push('/');
    }
    out.push_str(&encoded(&text, b"/-._~"));
    Uri::from_str(&out).ok()
}

/// A text of letters, digits and these characters; all others become percent signs.
pub(super) fn encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The last part of a path.
pub(super) fn last(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// What percent signs stand for; `None` where they stand for no text.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        };
        out.push(byte);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for name in ["/a/b.mcp", "/with space/é#?%.mcp", "/🎈"] {
            assert_eq!(path(&of(Path::new(name)).unwrap()), Some(PathBuf::from(name)));
        }
        let uri = |text: &str| Uri::from_str(text).unwrap();
        assert_eq!(path(&uri("untitled:Untitled-1")), None);
        assert_eq!((of(Path::new("untitled:Untitled-1")), of(Path::new("a.mcp"))), (None, None));
        assert_eq!(path(&uri("file://localhost/a")), Some(PathBuf::from("/a")));
        assert_eq!(path(&uri("file:///a%FFb")), None, "no UTF-8");
    }
}
