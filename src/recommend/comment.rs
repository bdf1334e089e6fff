//! The page that is written: comments and statements in lines of one width, and names in few words.
//!
//! Names and texts of a server are a stranger's: none of them begins a line, ends a comment, or reaches a terminal raw.

use super::quoted;
use crate::{
    catalog::{Category, Recommendation, Server, Tool},
    format::{WIDTH, format},
    text::{is_hidden, visible},
};

/// The most characters of one text of the catalog.
const MOST: usize = 200;
/// Up to so many names are all said.
const FEW: usize = 12;
/// From so many on, names with one first word are counted.
const ALIKE: usize = 3;

/// What is written so far.
#[derive(Debug, Default)]
pub(super) struct Page {
    out: String,
    inside: bool,
}

impl Page {
    /// A line as it is.
    pub(super) fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
        self.inside |= text.ends_with('{');
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A comment, in as many lines as it needs; one that begins with two blanks is indented.
    pub(super) fn comment(&mut self, text: &str) {
        let indent = if self.inside { "  " } else { "" };
        let deeper = if text.starts_with("  ") { "  " } else { "" };
        let mut begin = format!("{indent}// {deeper}");
        let mut line = String::new();
        for word in words(text) {
            // a line that begins so would speak to the linter
            let full = begin.len() + line.chars().count() + 1 + word.chars().count() > WIDTH;
            if full && !line.is_empty() && !word.starts_with("mcppol:") {
                self.line(&format!("{begin}{line}"));
                line.clear();
                begin = format!("{indent}//   ");
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(&format!("{begin}{line}"));
    }

    /// The statement that a category recommends for these tools.
    pub(super) fn statement(&mut self, category: Category, take: &[String], except: &[String]) {
        let recommended = category.recommended();
        let verb = match recommended {
            Recommendation::Allow | Recommendation::Limit { .. } => "allow",
            Recommendation::Ask => "ask",
            Recommendation::Hide => "hide",
        };
        let tail = match recommended {
            Recommendation::Limit { .. } => " {",
            Recommendation::Ask => " because \"it moves money\"",
            Recommendation::Allow | Recommendation::Hide => "",
        };
        self.tools(verb, take, except, tail);
        if let Recommendation::Limit { per_minute } = recommended {
            self.line(&format!("    limit to {per_minute} per minute\n  }}"));
        }
    }

    /// A verb and its tools, and what stands behind them.
    pub(super) fn tools(&mut self, verb: &str, take: &[String], except: &[String], tail: &str) {
        let except = if except.is_empty() { String::new() } else { format!(" except {}", except.join(", ")) };
        self.line(&format!("  {verb} {}{except}{tail}", take.join(", ")));
    }

    /// The whole text, in the one style; lists of tools are broken there.
    pub(super) fn finish(self) -> String {
        format(&self.out).unwrap_or(self.out)
    }
}

/// The words of a comment; what stands in quotes or backticks is one, however many blanks it has.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let (mut within, mut escaped) = (None, false);
    text.split(move |c: char| {
        match (c, within) {
            ('"' | '`', None) => within = Some(c),
            (_, Some(quote)) if c == quote && !escaped => within = None,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        c == ' ' && within.is_none()
    })
    .filter(|word| !word.is_empty())
}

/// A text of a catalog on one line, without what does not show.
pub(super) fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('"', "'");
    let mut out: String = line.chars().take(MOST).collect();
    if out.len() < line.len() {
        out.push('…');
    }
    // a lone one would make the rest of the comment one word
    if out.matches('`').count() % 2 == 1 {
        out = out.replace('`', "'");
    }
    visible(&out)
}

/// The same text for the language, with escapes for what does not show: within quotes they mean the same.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Names, with commas.
pub(super) fn list(names: &[&str]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// The tools by name; of many, those with one beginning as `fetch_* (63)`, where no other tool of the server has it.
pub(super) fn names(server: &Server, tools: &[&Tool]) -> String {
    parts(server, tools).into_iter().map(|(part, _)| part).collect::<Vec<_>>().join(", ")
}

/// The first of them, and how many more there are.
pub(super) fn some_names(server: &Server, tools: &[&Tool]) -> String {
    let parts = parts(server, tools);
    let more: usize = parts.iter().skip(FEW).map(|(_, n)| n).sum();
    let mut shown: Vec<String> = parts.into_iter().take(FEW).map(|(part, _)| part).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

/// The tools as they are named, each with how many it stands for.
fn parts(server: &Server, tools: &[&Tool]) -> Vec<(String, usize)> {
    let all: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
    if all.len() <= FEW {
        return all.iter().map(|name| (quoted(name), 1)).collect();
    }
    let mut out = Vec::new();
    let mut rest = all.as_slice();
    while let Some((first, others)) = rest.split_first() {
        // names are sorted, so those with one beginning stand together
        let alike = |start: &str| rest.iter().take_while(|name| name.starts_with(start)).count();
        let exact = |start: &&str| {
            let n = alike(start);
            n >= ALIKE && n == server.tools.iter().filter(|tool| tool.name.starts_with(start)).count()
        };
        rest = match beginnings(first).into_iter().find(exact) {
            Some(start) => {
                let n = alike(start);
                out.push((format!("{start}* ({n})"), n));
                rest.get(n..).unwrap_or_default()
            }
            None => {
                out.push((quoted(first), 1));
                others
            }
        };
    }
    out
}

/// `a_`, `a_b_` of `a_b_c`; `get` of `getUser`; none of a name that must be quoted.
fn beginnings(name: &str) -> Vec<&str> {
    let mut out = Vec::new();
    if quoted(name) != name {
        return out;
    }
    let separator = |c: char| !c.is_ascii_alphanumeric();
    let pairs = name.char_indices().zip(name.chars().skip(1));
    for ((at, c), next) in pairs {
        let word = separator(c) && !separator(next);
        let hump = (c.is_ascii_lowercase() || c.is_ascii_digit()) && next.is_ascii_uppercase();
        if word || hump {
            out.extend(name.get(..at + c.len_utf8()));
        }
    }
    out
}
