//! Changes of servers' tools as Markdown, for a comment on a pull request.
//!
//! What servers say stands in code spans and nowhere else: there no Markdown, no HTML and no mention of people means
//! anything. See [`crate::drift::Change`] for what that relies on.

use super::{
    drift::{MOST, conclusion, summary},
    one_line, terminal,
};
use crate::drift::Drift;

pub(super) fn drift(drifts: &[Drift]) -> String {
    let mut out = format!("## Changes of MCP tools\n\n{}\n", sentence(&conclusion(drifts)));
    for drift in drifts {
        let origin = drift.origin.as_ref().map_or(String::new(), |origin| format!(", {}", code(origin)));
        out.push_str(&format!("\n### {}{origin}\n\n", code(&drift.server)));
        let Some(found) = terminal::summary(summary(drift.changes.iter())) else {
            out.push_str("No changes.\n");
            continue;
        };
        out.push_str(&format!("{}\n\n| level | change | what |\n|---|---|---|\n", sentence(&found)));
        for change in drift.changes.iter().take(MOST) {
            let (level, name) = (change.level.name(), change.kind.name);
            out.push_str(&format!("| {level} | `{name}` | {} |\n", spans(&change.message)));
        }
        if let Some(more) = drift.changes.len().checked_sub(MOST).filter(|more| *more > 0) {
            out.push_str(&format!("\n… and {more} more.\n"));
        }
        let mut helps: Vec<(&str, &str)> = Vec::new();
        for change in &drift.changes {
            let help = (change.kind.name, change.help.as_str());
            if !helps.contains(&help) {
                helps.push(help);
            }
        }
        out.push_str("\nWhat to do:\n\n");
        for (name, help) in helps {
            out.push_str(&format!("- `{name}`: {}\n", spans(help)));
        }
    }
    out
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    format!("{}{}.", first.collect::<String>(), chars.as_str())
}

/// Our own sentence, with what stands between backticks in it as code.
fn spans(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            out.push_str(&code(part));
        } else {
            for c in one_line(part).chars() {
                match c {
                    '&' => out.push_str("&amp;"),
                    '<' => out.push_str("&lt;"),
                    '>' => out.push_str("&gt;"),
                    '\\' | '|' | '*' | '_' | '[' | ']' | '#' | '@' | '~' | '!' => out.extend(['\\', c]),
                    c => out.push(c),
                }
            }
        }
    }
    out
}

/// A code span; a bar would end the cell of a table even there.
fn code(text: &str) -> String {
    let text = one_line(text).replace('`', "\\u{60}").replace('|', "\\|");
    if text.trim().is_empty() { format!("`\"{text}\"`") } else { format!("`{text}`") }
}
