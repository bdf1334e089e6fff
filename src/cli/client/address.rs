//! Addresses as far as a client must understand them: where they lead, and what of them may be shown.

use std::net::IpAddr;

use ureq::http::Uri;

use super::error::{ClientError, quote};

/// Reads the address of an endpoint.
///
/// # Errors
///
/// It is none, or none that may be used.
pub(super) fn read(text: &str) -> Result<Uri, ClientError> {
    let address = |why: String, help| ClientError::Address { why, help };
    let whole = "an address is written in full, as `https://mcp.example.com/mcp`";
    // what cannot be read is not shown: nobody knows which part of it is secret
    let uri: Uri = text.parse().map_err(|error| address(format!("`--url` is no address: {error}"), whole))?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        Some(scheme) => return Err(address(format!("`{scheme}` addresses are not supported"), "use `https`")),
        None => return Err(address("`--url` is no whole address: it has no `https://`".to_owned(), whole)),
    }
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(address(
            format!("the address of `{}` has a user name in it", host(&uri)),
            "send it as a header, which is not shown: `--header-env Authorization=NAME`",
        ));
    }
    if host(&uri).is_empty() {
        return Err(address("`--url` names no host".to_owned(), whole));
    }
    Ok(uri)
}

/// The address without user, password and query, in which secrets stand.
pub(super) fn shown(text: &str) -> String {
    match text.parse::<Uri>() {
        Ok(uri) => shown_uri(&uri),
        Err(_) => "an address that cannot be read".to_owned(),
    }
}

/// As [`shown`].
pub(super) fn shown_uri(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("http");
    let port = uri.port().map_or_else(String::new, |port| format!(":{port}"));
    quote(&format!("{scheme}://{}{port}{}", host(uri), uri.path()))
}

pub(super) fn host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default()
}

/// Whether it leads to this machine.
pub(super) fn is_loopback(uri: &Uri) -> bool {
    let host = host(uri).trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether headers that one may see the other may see as well.
pub(super) fn is_same_place(one: &Uri, other: &Uri) -> bool {
    let port = |uri: &Uri| uri.port_u16().or(if uri.scheme_str() == Some("https") { Some(443) } else { Some(80) });
    one.scheme_str() == other.scheme_str() && host(one).eq_ignore_ascii_case(host(other)) && port(one) == port(other)
}

/// Where a reference leads that stands in an answer from `base`.
pub(super) fn resolved(base: &Uri, reference: &str) -> Option<Uri> {
    let reference = reference.split('#').next().unwrap_or_default().trim();
    let scheme = base.scheme_str()?;
    let authority = base.authority()?;
    let text = if reference.contains("://") {
        reference.to_owned()
    } else if reference.starts_with("//") {
        format!("{scheme}:{reference}")
    } else if reference.starts_with('/') {
        format!("{scheme}://{authority}{reference}")
    } else if reference.starts_with('?') {
        format!("{scheme}://{authority}{}{reference}", base.path())
    } else {
        let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{reference}")
    };
    text.parse().ok().filter(|uri: &Uri| uri.host().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(shown("https://me:pw@host.example:8443/mcp?key=1"), "https://host.example:8443/mcp");
        assert_eq!(shown("https://host\u{1b}/"), "an address that cannot be read");
        for (bad, why) in [
            ("https://me:pw@host.example/mcp", "the address of `host.example` has a user name in it"),
            ("ftp://host.example/", "`ftp` addresses are not supported"),
            ("host.example", "`--url` is no whole address: it has no `https://`"),
            ("/mcp", "`--url` is no whole address: it has no `https://`"),
        ] {
            assert_eq!(read(bad).unwrap_err().message(), why);
        }
        assert!(read("http://[::1]:80/mcp").is_ok());
    }

    #[test]
    fn places() {
        let uri = |text: &str| text.parse::<Uri>().unwrap();
        for near in ["http://localhost/", "http://127.0.0.1:8/", "http://[::1]/", "http://127.9.9.9/"] {
            assert!(is_loopback(&uri(near)), "{near}");
        }
        for far in ["http://localhost.example/", "http://10.0.0.1/", "http://127.0.0.1.example/"] {
            assert!(!is_loopback(&uri(far)), "{far}");
        }
        assert!(is_same_place(&uri("https://a.b/x"), &uri("https://A.b:443/y")));
        assert!(!is_same_place(&uri("https://a.b/x"), &uri("http://a.b/x")));
        assert!(!is_same_place(&uri("https://a.b/x"), &uri("https://a.b:8443/x")));
    }

    #[test]
    fn references() {
        let base: Uri = "https://a.b:1/x/sse?k=1".parse().unwrap();
        for (reference, whole) in [
            ("/m?s=1", "https://a.b:1/m?s=1"),
            ("m", "https://a.b:1/x/m"),
            ("?s=1", "https://a.b:1/x/sse?s=1"),
            ("//c.d/m", "https://c.d/m"),
            ("http://c.d/m#f", "http://c.d/m"),
        ] {
            assert_eq!(resolved(&base, reference).unwrap().to_string(), whole);
        }
        assert_eq!(resolved(&base, "https://"), None);
        assert_eq!(resolved(&base, "/a b"), None);
    }
}
