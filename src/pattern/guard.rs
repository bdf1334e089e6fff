//! The guards over paths and URLs, which are defined by the regular expressions they compile to.
//!
//! Each guard comes with the expression of all values it can judge, for its negative: what is not
//! judged is neither inside nor outside. A value that two programs could read as two different
//! places is not judged. Absent on purpose: percent-decoding, symbolic links, case-insensitive file
//! systems, Windows paths, and anything that takes a look at a disk or at DNS.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Problem, check, dialect, literal};

/// What no judged path holds: `\`, which some systems take for `/`, and all that does not print.
const UNCLEAN: &str = r"\\\x00-\x1f\x7f-\x9f\x{2028}\x{2029}";
/// The inner part of a label is free, its ends are not: a hyphen at the end of an `xn--` label lets
/// it decode to another plain name.
pub(super) const LABEL: &str = "[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?";
/// A last label that begins with a digit makes the host a number: `127.1`, `0x7f000001`.
const LAST_LABEL: &str = "[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?";
const BYTE: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

/// The pattern of every clean absolute path at or below the directory.
///
/// Clean is what [`any_path`] says. The pattern is not anchored; see [`whole`](super::whole).
///
/// # Errors
///
/// The directory is not itself a clean absolute path.
pub fn under(dir: &str) -> Result<String, Problem> {
    judge_directory(dir)?;
    let pattern = match dir.trim_end_matches('/') {
        "" => any_path(),
        top => format!("{}(?:/{})*/?", literal(top), segment()),
    };
    match check(&pattern) {
        Ok(()) => Ok(pattern),
        Err(_) => Err(Problem::new(0..dir.len(), "the directory is too long", "name a shorter one")),
    }
}

/// The pattern of every path that [`under`] can judge: absolute, without empty segments and segments
/// of dots and spaces alone (`.`, `..`), without `\` and characters that do not print. One `/` may
/// end it.
pub fn any_path() -> String {
    format!("/(?:{segment}(?:/{segment})*/?)?", segment = segment())
}

pub(super) fn segment() -> String {
    format!("[. ]*[^/. {UNCLEAN}][^/{UNCLEAN}]*")
}

fn judge_directory(dir: &str) -> Result<(), Problem> {
    let refuse = |message: &str, help: &str| Err(Problem::new(0..dir.len(), message, help));
    if !dir.starts_with('/') {
        let help = "begin with `/` and write the whole path: nothing is expanded, `~` and `C:` included";
        return refuse("the directory is not an absolute path", help);
    }
    let unclean = |char: char| char == '\\' || char.is_control() || matches!(char, '\u{2028}' | '\u{2029}');
    if let Some((at, char)) = dir.char_indices().find(|(_, char)| unclean(*char)) {
        return Err(Problem::new(
            at..at + char.len_utf8(),
            format!("the directory holds `{}`", shown(char)),
            "separate segments with `/`; no judged path holds this character",
        ));
    }
    let mut at = 1;
    let mut segments = dir.strip_prefix('/').unwrap_or_default().split('/').peekable();
    while let Some(segment) = segments.next() {
        let range = at..at + segment.len();
        at = range.end + 1;
        if segment.is_empty() && segments.peek().is_some() {
            return Err(Problem::new(range, "the directory holds `//`", "write one `/`"));
        }
        if !segment.is_empty() && segment.trim_matches(['.', ' ']).is_empty() {
            let message = format!("the directory holds the segment `{segment}`");
            return Err(Problem::new(range, message, "write the path without it"));
        }
    }
    Ok(())
}

/// The pattern of every http(s) URL to one of the hosts.
///
/// A host is a name, `*.` before a name (any depth below it, not the name itself), an IPv4 address
/// or an IPv6 address in brackets. The URL is absolute, and its authority is the host, in any case,
/// and perhaps a port: no user info, `%`, `\` or white space. After it comes the end or `/` and
/// printable ASCII without `\`. A `?` or `#` right after the host is refused: programs disagree
/// about where such a host ends. The pattern is not anchored; see [`whole`](super::whole).
///
/// # Errors
///
/// The host in the list, by its place, that cannot be listed so.
pub fn host_in(hosts: &[&str]) -> Result<String, (usize, Problem)> {
    let mut pattern = String::new();
    for (nth, host) in hosts.iter().enumerate() {
        let form = host_form(host).map_err(|problem| (nth, problem))?;
        if nth > 0 {
            pattern.push('|');
        }
        pattern.push_str(&form);
        if url(&pattern).len() > dialect::LENGTH {
            let message = "the list of hosts is too long for one pattern";
            let help = "drop hosts from here on, or cover several with one `*.`";
            return Err((nth, Problem::new(0..host.len(), message, help)));
        }
    }
    if hosts.is_empty() {
        let help = "list at least one host";
        return Err((0, Problem::new(0..0, "the list of hosts is empty", help)));
    }
    let pattern = url(&pattern);
    match check(&pattern) {
        Ok(()) => Ok(pattern),
        Err(problem) => Err((0, problem)),
    }
}

/// The pattern of every URL of which it can be said that its host is not in a list: as in
/// [`host_in`], with a name whose last label begins with a letter, or a plain IPv4 address.
///
/// IPv6 addresses are left out, for one address has many spellings; and so is a last `.`.
pub fn any_url() -> String {
    url(&format!(r"(?:{LABEL}\.)*{LAST_LABEL}|{BYTE}(?:\.{BYTE}){{3}}"))
}

pub(super) fn url(hosts: &str) -> String {
    format!(r"[Hh][Tt][Tt][Pp][Ss]?://(?:{hosts})(?::[0-9]{{0,5}})?(?:/[!-\[\]-~]*)?")
}

/// The pattern of one host of a list.
fn host_form(host: &str) -> Result<String, Problem> {
    let refuse = |message: &str, help: &str| Err(Problem::new(0..host.len(), message, help));
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']').unwrap_or_default();
        return match inner.parse::<Ipv6Addr>() {
            Ok(address) if address.to_string() == inner.to_ascii_lowercase() => {
                Ok(format!(r"\[{}\]", either_case(inner)))
            }
            Ok(address) => refuse(
                "the IPv6 address is not in its short form",
                &format!("write `[{address}]`: only the spelling in the list matches"),
            ),
            Err(_) => refuse("this is no IPv6 address", "write it as in `[2001:db8::1]`"),
        };
    }
    let name = host.strip_prefix("*.").unwrap_or(host);
    judge_name(host, name)?;
    if name.parse::<Ipv4Addr>().is_ok() && name == host {
        return Ok(literal(name));
    }
    if name.rsplit('.').next().is_some_and(|last| last.starts_with(|char: char| char.is_ascii_digit())) {
        return refuse(
            "the last label of the host begins with a digit",
            "write a name, or an IPv4 address in full: `192.0.2.1`",
        );
    }
    let name = either_case(name);
    Ok(if host.starts_with("*.") { format!(r"(?:{LABEL}\.)+{name}") } else { name })
}

/// Whether the host, or what follows its `*.`, is made of labels; and if not, what it is instead.
fn judge_name(host: &str, name: &str) -> Result<(), Problem> {
    let refuse = |message: &str, help: &str| Err(Problem::new(0..host.len(), message, help));
    if name.is_empty() {
        return refuse("the host is empty", "write a host name, such as `api.example.com`");
    }
    if name.contains("://") {
        return refuse("this is a URL, not a host", "drop the scheme: both http and https are meant");
    }
    if name.parse::<Ipv6Addr>().is_ok() {
        return refuse("an IPv6 address stands in brackets", &format!("write `[{name}]`"));
    }
    let known = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    if let Some((at, char)) = name.char_indices().find(|(_, char)| !known(*char)) {
        let help = match char {
            '*' => "`*` stands only at the beginning, as in `*.example.org`",
            ':' => "drop the port: any port is meant",
            '/' | '?' | '#' => "drop the path: only the host is compared",
            '@' => "drop the user: a URL with one is never let through",
            _ if !char.is_ascii() => "write the name in its ASCII form, `xn--…`",
            _ => "a host name has letters, digits, `-`, `_` and dots",
        };
        let at = at + (host.len() - name.len());
        let message = format!("the host holds `{}`", shown(char));
        return Err(Problem::new(at..at + char.len_utf8(), message, help));
    }
    if name.ends_with('.') {
        return refuse("the host ends in a dot", "drop the last dot");
    }
    if name.split('.').any(str::is_empty) {
        return refuse("the host has an empty label", "put one dot between labels");
    }
    if name.split('.').any(|label| label.starts_with('-') || label.ends_with('-')) {
        return refuse("a label begins or ends with `-`", "no such name can be registered");
    }
    Ok(())
}

/// Each letter as a class of its two cases: `(?i)` would let two letters beyond ASCII in.
fn either_case(text: &str) -> String {
    let mut pattern = String::new();
    for char in text.chars() {
        if char.is_ascii_alphabetic() {
            pattern.extend(['[', char.to_ascii_uppercase(), char.to_ascii_lowercase(), ']']);
        } else {
            pattern.push_str(&literal(char.encode_utf8(&mut [0; 4])));
        }
    }
    pattern
}

/// The character as a message shows it.
fn shown(char: char) -> String {
    if char.is_control() || matches!(char, '\u{2028}' | '\u{2029}') {
        char.escape_unicode().to_string()
    } else {
        char.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Matcher, whole};
    use proptest::prelude::*;

    fn compile(pattern: &str) -> Matcher {
        assert_eq!(check(&whole(pattern)), Ok(()), "{pattern}");
        Matcher::new(pattern).unwrap()
    }

    #[test]
    fn paths() {
        let data = compile(&under("/srv/data").unwrap());
        for path in
            ["/srv/data", "/srv/data/", "/srv/data/a", "/srv/data/.git/é", "/srv/data/a..b", "/srv/data/..a/b./"]
        {
            assert!(data.is_match(path), "{path}");
        }
        for path in [
            "",
            "/",
            "srv/data",
            "/srv/data-evil",
            "/srv/dat",
            "/srv/data/..",
            "/srv/data/../x",
            "/srv/data/a/../../x",
            "/srv/data//x",
            "//srv/data",
            "/srv/./data",
            "/srv/data/.",
            "/srv/data/a\\..\\b",
            "/srv/data/a\0",
            "/srv/data/a\n",
            "/srv/data\n",
            "/srv/data/\u{85}",
            "/srv/data/\u{2028}",
            "/srv/data/\u{7f}",
            "/SRV/data",
            "/srv/data/.. /x",
            "/srv/data/...",
        ] {
            assert!(!data.is_match(path), "{path}");
        }
        assert_eq!(under("/srv/data/").unwrap(), under("/srv/data").unwrap());
        assert_eq!(under("/").unwrap(), any_path());
        let odd = compile(&under("/a.b (c)/[d]+").unwrap());
        assert!(odd.is_match("/a.b (c)/[d]+/x") && !odd.is_match("/aXb (c)/[d]+/x"));
    }

    #[test]
    fn directories_refused() {
        for (dir, word) in [
            ("", ""),
            ("data", "data"),
            ("~/x", "~/x"),
            ("C:\\x", "C:\\x"),
            ("/a/../b", ".."),
            ("/a/./b", "."),
            ("/a/..", ".."),
            ("/a//b", ""),
            ("//a", ""),
            ("//", ""),
            ("/a\\b", "\\"),
            ("/a\n", "\n"),
            ("/a\u{2028}b", "\u{2028}"),
        ] {
            let problem = under(dir).unwrap_err();
            assert_eq!(dir.get(problem.range.clone()), Some(word), "{problem:?}");
        }
        assert!(under(&format!("/{}", "a".repeat(5000))).is_err());
    }

    const HOSTS: [&str; 4] = ["api.example.com", "*.Kiosk.org", "192.0.2.1", "[2001:db8::1]"];

    #[test]
    fn urls() {
        let listed = compile(&host_in(&HOSTS).unwrap());
        for url in [
            "https://api.example.com",
            "HTTP://API.example.COM/",
            "https://api.example.com:8443/a?b=c@d#e",
            "http://api.example.com:/",
            "https://a.kiosk.org",
            "https://a.b_c.d-e.KIOSK.org/x",
            "http://192.0.2.1:80/",
            "http://[2001:DB8::1]:80/x",
        ] {
            assert!(listed.is_match(url), "{url}");
        }
        for url in [
            "api.example.com",
            "//api.example.com",
            "ftp://api.example.com/",
            "https:/api.example.com",
            "https:///api.example.com",
            "https:api.example.com",
            "https://api.example.com.",
            "https://api.example.com.evil.com/",
            "https://evil.com/api.example.com",
            "https://user@api.example.com/",
            "https://api.example.com@evil.com/",
            "https://api.example.com:80@evil.com/",
            "https://api.example.com:x@evil.com/",
            "https://evil.com\\@api.example.com/",
            "https://api.example.com\\@evil.com/",
            "https://api.example.com#@evil.com/",
            "https://api.example.com?@evil.com/",
            "https://api.example.com?x=1",
            "https://api%2eexample.com/",
            "https://api.example.com%00.evil.com/",
            " https://api.example.com/",
            "https://api.example.com/ ",
            "https://api.example.com/\t",
            "https://api.\nexample.com/",
            "https://api.example.com/\n",
            "https://api.example.com/a\\b",
            "https://api.example.com:123456/",
            "https://api.example.com:80:80/",
            "https://kiosk.org/",
            "https://.kiosk.org/",
            "https://a..kiosk.org/",
            "https://akiosk.org/",
            "https://a.\u{212A}iosk.org/",
            "https://a.kio\u{17F}k.org/",
            "https://evil.com/.kiosk.org",
            "https://evil.com?.kiosk.org/",
            "https://xn--a-.kiosk.org/",
            "http://192.0.2.01/",
            "http://192x0x2x1/",
            "http://[2001:db8:0::1]/",
            "http://2001:db8::1/",
            "https://api。example.com/",
            "https://api.example.com/\u{FF0F}",
        ] {
            assert!(!listed.is_match(url), "{url}");
        }
    }

    #[test]
    fn urls_judged() {
        let judged = compile(&any_url());
        for url in [
            "http://localhost",
            "https://a.b/c",
            "http://10.0.0.255:1/",
            "http://1.2.3.com/",
            "https://xn--bcher-kva.example/",
        ] {
            assert!(judged.is_match(url), "{url}");
        }
        let unjudged = "http://127.1/ http://2130706433/ http://0x7f.0.0.1/ http://0177.0.0.1/ \
            http://127.0.0.256/ http://a.0x7f/ http://[::1]/ http://a.com./ http://xn--example-.com/ \
            http://a@b.com/ http://a.com?x http:// mailto:x";
        for url in unjudged.split_whitespace() {
            assert!(!judged.is_match(url), "{url}");
        }
    }

    #[test]
    fn hosts_refused() {
        for (host, word) in [
            ("", ""),
            ("*", "*"),
            ("*.", "*."),
            ("a.*", "*"),
            ("*.*.com", "*"),
            ("https://a.com", "https://a.com"),
            ("a.com/x", "/"),
            ("a.com:80", ":"),
            ("u@a.com", "@"),
            ("a..com", "a..com"),
            (".a.com", ".a.com"),
            ("a.com.", "a.com."),
            ("bücher.de", "ü"),
            ("*.bücher.de", "ü"),
            ("a b", " "),
            ("a%2e", "%"),
            ("-a.com", "-a.com"),
            ("127.1", "127.1"),
            ("0x7f", "0x7f"),
            ("*.0.0.1", "*.0.0.1"),
            ("*.127.0.0.1", "*.127.0.0.1"),
            ("127.0.0.01", "127.0.0.01"),
            ("::1", "::1"),
            ("[::1", "[::1"),
            ("[0::1]", "[0::1]"),
            ("[::1]:80", "[::1]:80"),
            ("*.[::1]", "["),
            ("a\n", "\n"),
        ] {
            let (nth, problem) = host_in(&["ok.org", host]).unwrap_err();
            assert_eq!((nth, host.get(problem.range.clone())), (1, Some(word)), "{problem:?}");
        }
        assert!(host_in(&["*.com", "localhost", "xn--bcher-kva.de", "my_host", "[::1]"]).is_ok());
        assert_eq!(host_in(&[]).unwrap_err().0, 0);
        let many = vec!["some-host.example.com"; 200];
        assert!((10..100).contains(&host_in(&many).unwrap_err().0));
    }

    /// Where a path ends up, read part by part.
    fn resolve(path: &str) -> Vec<&str> {
        let mut place = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(place.pop()),
                name => place.push(name),
            }
        }
        place
    }

    /// The host of a URL, if everyone reads it alike.
    fn strict_host(url: &str) -> Option<&str> {
        let (scheme, rest) = url.split_once("://")?;
        (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")).then_some(())?;
        (url.bytes().all(|byte| byte.is_ascii_graphic()) && !url.contains('\\')).then_some(())?;
        let authority = rest.split('/').next()?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (authority, ""),
        };
        (port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(host)
    }

    fn listed(host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let labels = host.strip_suffix(".kiosk.org").map(|labels| {
            labels.split('.').all(|label| {
                let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
                !label.is_empty() && label.bytes().all(inner) && label.trim_matches('-') == label
            })
        });
        ["api.example.com", "192.0.2.1", "[2001:db8::1]"].contains(&host.as_str()) || labels == Some(true)
    }

    proptest! {
        #[test]
        fn no_path_escapes(parts in prop::collection::vec(
            prop::sample::select(vec!["/", "/", "srv", "data", "..", ".", "a", "\\", "\n", "é", " ", "-evil", "..."]), 0..8,
        ), inside: bool) {
            let path = format!("{}{}", if inside { "/srv/data" } else { "" }, parts.concat());
            let tidy = path.starts_with('/') && !path.contains("//") && !path.contains(['\\', '\n'])
                && path.split('/').all(|part| part.is_empty() || part.chars().any(|char| char != '.' && char != ' '));
            let place = resolve(&path);
            prop_assert_eq!(compile(&any_path()).is_match(&path), tidy);
            prop_assert_eq!(
                compile(&under("/srv/data").unwrap()).is_match(&path),
                tidy && place.starts_with(&["srv", "data"])
            );
        }

        #[test]
        fn no_url_escapes(parts in prop::collection::vec(prop::sample::select(vec![
            "/", "\\", "@", ":", "?", "#", ".", "%2e", " ", "\t", "80", "a", "-", "_", "evil.com", "api.example.com", ".kiosk.org",
            "192.0.2.1", "[2001:db8::1]", "é", "\u{212A}iosk.org", "API.Example.com", "KIOSK.ORG",
        ]), 0..6), start in "(?:https?|HTTP)://|http:/|") {
            let url = format!("{start}{}", parts.concat());
            prop_assert_eq!(
                compile(&host_in(&HOSTS).unwrap()).is_match(&url),
                strict_host(&url).is_some_and(listed), "{}", url
            );
        }

        #[test]
        fn every_guard_is_in_the_dialect(dir in "(?:/[a-zA-Z .é(+]{1,6}){1,3}", host in "(?:[a-zA-Z0-9_-]{1,5}\\.){0,3}[a-z]{1,4}") {
            for pattern in [under(&dir).ok(), host_in(&[&host]).ok()].into_iter().flatten() {
                compile(&pattern);
            }
        }
    }
}
