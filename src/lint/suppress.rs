//! `// mcppol: ignore[rule] -- reason`: silences a lint on its line or on the line below.

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Diagnostic, codes},
    hir::Source,
    text::{FileId, Lines, Span, as_u32, nearest, slice},
};

const MARK: &str = "mcppol:";

/// Takes out what ignore comments silence and adds what is wrong with the comments themselves.
///
/// Errors of syntax, names, types and targets are never silenced.
pub fn apply(sources: &[Source], diagnostics: &mut Vec<Diagnostic>) {
    for (index, source) in sources.iter().enumerate() {
        if !source.text.contains(MARK) {
            continue;
        }
        let file = FileId(as_u32(index));
        let lines = Lines::new(&source.text);
        let mut ignored: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        let mut invalid = Vec::new();
        for (start, comment) in comments(&source.text) {
            let Some(rest) = comment.trim_start_matches('/').trim_start().strip_prefix(MARK) else { continue };
            let span = Span::new(file, as_u32(start), as_u32(start + comment.trim_end().len()));
            match read(rest) {
                Ok(rules) => {
                    for rule in &rules {
                        invalid.extend(unknown(rule, span));
                    }
                    let line = lines.line_of(span.start);
                    let alone = slice(&source.text, lines.range(&source.text, line)).trim_start().starts_with("//");
                    ignored.entry(if alone { line + 1 } else { line }).or_default().extend(rules);
                }
                Err(message) => invalid.push(
                    Diagnostic::warning(&codes::INVALID_SUPPRESSION, span, message)
                        .help("write `// mcppol: ignore[rule-name] -- why this is in order`"),
                ),
            }
        }
        diagnostics.retain(|diagnostic| {
            let rules = ignored.get(&lines.line_of(diagnostic.span.start));
            diagnostic.is_fatal()
                || diagnostic.span.file != file
                || !rules.is_some_and(|rules| rules.contains(&diagnostic.code.name))
        });
        diagnostics.append(&mut invalid);
    }
}

/// The rules of `ignore[a, b] -- reason`.
fn read(text: &str) -> Result<Vec<&str>, &'static str> {
    let rest = text.trim_start().strip_prefix("ignore").ok_or("this comment speaks to mcppol, but not of `ignore`")?;
    let rest = rest.trim_start().strip_prefix('[').ok_or("this ignore comment names no rule")?;
    let (rules, rest) = rest.split_once(']').ok_or("this ignore comment has no `]`")?;
    let reason = rest.trim_start().strip_prefix("--").map(str::trim);
    if reason.is_none_or(str::is_empty) {
        return Err("this ignore comment gives no reason, so it silences nothing");
    }
    let rules: Vec<&str> = rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()).collect();
    if rules.is_empty() { Err("this ignore comment names no rule") } else { Ok(rules) }
}

fn unknown(rule: &str, span: Span) -> Option<Diagnostic> {
    let known = super::codes;
    if known().any(|code| code.name == rule) {
        return None;
    }
    let warning = Diagnostic::warning(&codes::INVALID_SUPPRESSION, span, format!("no rule is named `{rule}`"));
    Some(match nearest(rule, known().map(|code| code.name)) {
        Some(near) => warning.help(format!("did you mean `{near}`?")),
        None => warning.help("use the name that stands with the finding"),
    })
}

/// The comments of a text, each with its offset; `//` within a string begins none.
fn comments(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let bytes = line.as_bytes();
        let mut i = 0;
        while let Some(byte) = bytes.get(i) {
            match byte {
                b'/' if bytes.get(i + 1) == Some(&b'/') => return Some((start + i, slice(line, i..line.len()))),
                b'"' => {
                    let raw = i > 0 && bytes.get(i - 1) == Some(&b'r');
                    i += 1;
                    while let Some(byte) = bytes.get(i).filter(|byte| **byte != b'"') {
                        i += if *byte == b'\\' && !raw { 2 } else { 1 };
                    }
                }
                _ => {}
            }
            i += 1;
        }
        None
    })
}
