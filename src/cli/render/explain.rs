//! The kinds of findings for people and programs: the list of all, and the page of one.

use serde::Serialize;

use super::terminal::Stream;
use crate::lint::About;

/// A part of a page.
enum Part<'p> {
    Title(&'p str),
    Heading(&'p str),
    /// One paragraph, its line ends blanks.
    Words(String),
    /// A block of code, as it is.
    Code(Vec<&'p str>),
}

fn parts(page: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let mut words = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let special = line.is_empty() || line.starts_with('#') || line.starts_with("```");
        if special && !words.is_empty() {
            out.push(Part::Words(std::mem::take(&mut words)));
        }
        if line.starts_with("```") {
            out.push(Part::Code(lines.by_ref().take_while(|line| !line.starts_with("```")).collect()));
        } else if let Some(heading) = line.strip_prefix("## ") {
            out.push(Part::Heading(heading));
        } else if let Some(title) = line.strip_prefix("# ") {
            out.push(Part::Title(title));
        } else if !line.is_empty() {
            words.push_str(if words.is_empty() { "" } else { " " });
            words.push_str(line);
        }
    }
    if !words.is_empty() {
        out.push(Part::Words(words));
    }
    out
}

/// Why the kind is a fault, as one line.
pub(super) fn why(page: &str) -> String {
    let parts = parts(page);
    let after = parts.iter().skip_while(|part| !matches!(part, Part::Heading("Why"))).skip(1);
    let words = after.map_while(|part| if let Part::Words(words) = part { Some(words.as_str()) } else { None });
    words.collect::<Vec<_>>().join(" ")
}

/// The page without the signs of Markdown.
pub(super) fn plain(page: &str) -> String {
    draw(page, None, &|text| text.to_owned())
}

/// The page for the terminal.
pub(in crate::cli) fn page(page: &str, stream: Stream) -> String {
    let bold = |text: &str| format!("\u{1b}[1m{text}\u{1b}[0m");
    let as_is = |text: &str| text.to_owned();
    let width = Some(stream.width().min(100));
    if stream.colours() { draw(page, width, &bold) } else { draw(page, width, &as_is) }
}

fn draw(page: &str, width: Option<usize>, heading: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    for part in parts(page) {
        if !out.is_empty() {
            out.push('\n');
        }
        match part {
            Part::Title(text) | Part::Heading(text) => out.push_str(&format!("{}\n", heading(text))),
            Part::Words(text) => wrap(&text, width.unwrap_or(usize::MAX), &mut out),
            Part::Code(lines) => {
                out.extend(lines.iter().map(|line| format!("    {line}").trim_end().to_owned() + "\n"))
            }
        }
    }
    out
}

/// Words in lines of at most so many characters.
fn wrap(text: &str, width: usize, out: &mut String) {
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            out.push('\n');
            used = 0;
        }
        if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out.push('\n');
}

#[derive(Serialize)]
struct Document {
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    class: &'static str,
    level: &'static str,
    persona: &'static str,
    confidence: &'static str,
    fix: Option<&'static str>,
    summary: &'static str,
}

/// The list of all kinds, as data.
pub(in crate::cli) fn list_as_json(abouts: &[About]) -> String {
    let entry = |about: &About| Entry {
        name: about.code.name,
        class: about.code.class.name(),
        level: about.level.name(),
        persona: about.persona.name(),
        confidence: about.confidence.name(),
        fix: about.fix.map(|fix| fix.name()),
        summary: about.code.summary,
    };
    super::json::text(&Document { rules: abouts.iter().map(entry).collect() })
}

/// The list of all kinds, a line each.
pub(in crate::cli) fn list(abouts: &[About]) -> String {
    let longest = abouts.iter().map(|about| about.code.name.len()).max().unwrap_or_default();
    let line = |name: &str, level: &str, persona: &str, fix: &str, summary: &str| {
        format!("{name:longest$}  {level:7}  {persona:8}  {fix:6}  {summary}\n")
    };
    let rows = abouts.iter().map(|about| {
        let fix = about.fix.map_or("", |fix| fix.name());
        line(about.code.name, about.level.name(), about.persona.name(), fix, about.code.summary)
    });
    std::iter::once(line("name", "level", "persona", "fix", "what it finds")).chain(rows).collect()
}
