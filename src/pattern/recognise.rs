//! Patterns of guards, told from others: what directory or which hosts one was made for. Each answer is made again and
//! compared, so a pattern that only looks like a guard's is none.

use super::guard::{LABEL, any_path, host_in, segment, under, url};

/// The directory of which this is the pattern, if it is one that [`under`] makes.
pub fn directory_of(pattern: &str) -> Option<String> {
    if pattern == any_path() {
        return Some("/".to_owned());
    }
    let top = pattern.strip_suffix(&format!("(?:/{})*/?", segment()))?;
    let directory = unescaped(top)?;
    (under(&directory).as_deref() == Ok(pattern)).then_some(directory)
}

/// The hosts of which this is the pattern, if it is one that [`host_in`] makes.
pub fn hosts_of(pattern: &str) -> Option<Vec<String>> {
    let (before, after) = (url("\n"), pattern);
    let (start, end) = before.split_once('\n')?;
    let inner = after.strip_prefix(start)?.strip_suffix(end)?;
    let below = format!(r"(?:{LABEL}\.)+");
    let hosts: Option<Vec<String>> = inner
        .split('|')
        .map(|form| match form.strip_prefix(&below) {
            Some(name) => Some(format!("*.{}", one_case(name)?)),
            None => one_case(form),
        })
        .collect();
    let hosts = hosts?;
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    (host_in(&names).as_deref() == Ok(pattern)).then_some(hosts)
}

/// The text that [`literal`] made a pattern of.
fn unescaped(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        if let Some((code, after)) = after.strip_prefix("x{").and_then(|after| after.split_once('}')) {
            out.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
            rest = after;
            continue;
        }
        let mut chars = after.chars();
        out.push(chars.next()?);
        rest = chars.as_str();
    }
    out.push_str(rest);
    Some(out)
}

/// The text that [`either_case`] made a pattern of.
fn one_case(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('[') {
        // an escaped bracket stands for itself, around an address
        let Some(kept) = before.strip_suffix('\\') else {
            out.push_str(&unescaped(before)?);
            out.push(after.chars().nth(1)?);
            rest = after.split_once(']')?.1;
            continue;
        };
        out.push_str(&unescaped(kept)?);
        out.push('[');
        rest = after;
    }
    out.push_str(&unescaped(rest)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_recognised() {
        for directory in ["/", "/srv/data", "/a.b (c)", "/é\u{200b}x", "/x\\u{7b}"] {
            let Ok(pattern) = under(directory) else { continue };
            assert_eq!(directory_of(&pattern).as_deref(), Some(directory));
        }
        // a `/` at the end says nothing
        assert_eq!(directory_of(&under("/srv/").unwrap()).as_deref(), Some("/srv"));
        for hosts in [&["api.example.com"][..], &["*.example.org", "192.0.2.1", "[2001:db8::a]"], &["a-b.c_d"]] {
            assert_eq!(hosts_of(&host_in(hosts).unwrap()).unwrap(), hosts);
        }
    }

    #[test]
    fn what_only_looks_like_one_is_not() {
        for pattern in ["", "/srv/data.*", "/srv(?:/x)*/?", "[a-z]+", "\\", "[", "x{"] {
            assert_eq!((directory_of(pattern), hosts_of(pattern)), (None, None), "{pattern}");
        }
        let under = under("/srv").unwrap().replace("/srv", "/s.v");
        assert_eq!(directory_of(&under), None);
    }
}
