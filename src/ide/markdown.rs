//! Markdown for what is shown beside a text: words of strangers stay words, whatever stands in them.

use crate::{
    catalog::{Risk, Tool},
    text::{list, slice, visible},
};

/// How many tools a list shows.
const MOST: usize = 12;
/// How many characters of a stranger's text are shown.
const LONGEST: usize = 400;

/// Text as code, on one line, even where it has backticks of its own.
pub(super) fn code(text: &str) -> String {
    let text = visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    if longest == 0 {
        return format!("`{text}`");
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

/// A stranger's words, with nothing in them that Markdown would read but code, on one line and not too many.
pub(super) fn plain(text: &str) -> String {
    let line = visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    let line = match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", slice(&line, 0..end)),
        None => line,
    };
    // single backticks that come in pairs are read in one way only
    let has_code = !line.contains("``") && line.matches('`').count().is_multiple_of(2);
    let mut out = String::with_capacity(line.len());
    let mut in_code = false;
    for c in line.chars() {
        let read = c.is_ascii_punctuation() && !",.;:'\"?/-()".contains(c);
        if c == '`' && has_code {
            in_code = !in_code;
        } else if read && !in_code {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Names as code, the first ones of many.
pub(super) fn names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    some(names, MOST)
}

/// As [`names`], not more than so many.
pub(super) fn some<'a>(names: impl ExactSizeIterator<Item = &'a str>, most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let mut words: Vec<String> = names.take(most).map(code).collect();
    if more > 0 {
        words.push(format!("{more} more"));
    }
    list(&words, "and")
}

/// A tool's class, as pages word it.
pub(super) fn class(tool: &Tool) -> String {
    format!("{}, {} risk", tool.category, tool.risk)
}

/// Tools as a list, the riskiest first, for a long list is cut.
pub(super) fn tools(mut tools: Vec<&Tool>) -> String {
    tools.sort_by(|a, b| b.risk.cmp(&a.risk).then_with(|| a.name.cmp(&b.name)));
    let more = tools.len().saturating_sub(MOST);
    let mut out = String::new();
    for tool in tools.iter().take(MOST) {
        out.push_str(&format!("- {}: {}\n", code(&tool.name), class(tool)));
    }
    if more > 0 {
        out.push_str(&format!("- and {more} more\n"));
    }
    out
}

/// How many tools there are, and how many of them are critical.
pub(super) fn count<'a>(tools: impl Iterator<Item = Option<&'a Tool>>) -> (usize, usize) {
    let is_critical = |tool: Option<&Tool>| tool.is_some_and(|tool| tool.risk == Risk::Critical);
    tools.fold((0, 0), |(all, critical), tool| (all + 1, critical + usize::from(is_critical(tool))))
}
