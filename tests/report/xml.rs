//! Reads XML as strictly as its readers do, and no more of it than is written.

/// The names of the elements, in the order in which they begin.
pub(crate) fn read(text: &str) -> Result<Vec<String>, String> {
    let allowed = |c: char| matches!(c, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    if let Some(c) = text.chars().find(|c| !allowed(*c)) {
        return Err(format!("{c:?} stands in it"));
    }
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").ok_or("no declaration")?;
    let (mut names, mut open) = (Vec::new(), Vec::<String>::new());
    while let Some((before, after)) = rest.split_once('<') {
        if open.is_empty() && !before.trim().is_empty() {
            return Err(format!("{before:?} stands outside"));
        }
        value(before)?;
        if let Some(comment) = after.strip_prefix("!--") {
            let (comment, after) = comment.split_once("-->").ok_or("a comment has no end")?;
            if comment.contains("--") {
                return Err("a comment holds `--`".to_owned());
            }
            rest = after;
            continue;
        }
        let (tag, after) = after.split_once('>').ok_or("a tag has no end")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                return Err(format!("`{name}` ends and did not begin"));
            }
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        attributes_of(attributes)?;
        names.push(name.to_owned());
        if !empty {
            open.push(name.to_owned());
        }
    }
    if open.is_empty() && rest.trim().is_empty() { Ok(names) } else { Err(format!("{open:?} do not end: {rest:?}")) }
}

fn attributes_of(mut text: &str) -> Result<(), String> {
    let mut seen = Vec::new();
    while !text.is_empty() {
        let (name, rest) = text.split_once("=\"").ok_or_else(|| format!("{text:?} is no attribute"))?;
        let (written, rest) = rest.split_once('"').ok_or("an attribute has no end")?;
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase()) || seen.contains(&name) {
            return Err(format!("{name:?} is no name, or stands twice"));
        }
        seen.push(name);
        value(written)?;
        text = rest.strip_prefix(' ').unwrap_or(rest);
    }
    Ok(())
}

/// Text between tags, or an attribute's.
fn value(text: &str) -> Result<(), String> {
    for part in text.split('&').skip(1) {
        let (entity, _) = part.split_once(';').ok_or_else(|| format!("{part:?} follows a bare `&`"))?;
        if !["amp", "lt", "gt", "quot", "apos", "#10"].contains(&entity) {
            return Err(format!("`&{entity};` is not known"));
        }
    }
    if text.contains(['>', '<']) { Err(format!("{text:?} holds a bracket")) } else { Ok(()) }
}
