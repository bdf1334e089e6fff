//! Pages about servers and tools as text: lines of the terminal's width, and nothing in them that could draw on it.

use serde::Serialize;

use super::terminal::Stream;
use crate::{
    page::{Elsewhere, Found, Line, Listing, Same, ServerPage, Servers, ToolPage},
    text::{count, visible},
};

/// How many arguments of a tool are shown on its line.
const SHOWN: usize = 6;

/// What `mcppol catalog` prints.
pub(in crate::cli) trait Page: Serialize {
    /// For people.
    fn text(&self) -> String;
}

/// Text of one width.
struct Text {
    out: String,
    width: usize,
}

/// A stranger's words on one line.
fn plain(text: &str) -> String {
    visible(&text.replace('\n', "\\n"))
}

fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    names.into_iter().map(|name| plain(name.as_ref())).collect::<Vec<_>>().join(", ")
}

impl Text {
    fn new() -> Self {
        Self { out: String::new(), width: Stream::Stdout.width() }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// A heading, with an empty line before it.
    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        self.line(text);
    }

    /// Words in as many lines as they need; `first` begins the first line, and the others stand below its text.
    fn words(&mut self, first: &str, text: &str) {
        let indent = first.chars().count();
        let (mut line, mut used) = (first.to_owned(), indent);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let length = word.chars().count();
            if used > indent && used + 1 + length > self.width {
                self.line(&line);
                line = " ".repeat(indent);
                used = indent;
            }
            if used > indent {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
        self.line(&line);
    }

    /// A name, and what is said of it, in a column.
    fn pair(&mut self, name: &str, column: usize, text: &str) {
        let name = plain(name);
        // a name that is too long for the column has a line of its own
        if name.chars().count() > column {
            self.line(&format!("  {name}"));
            self.words(&" ".repeat(column + 4), text);
        } else {
            self.words(&format!("  {name:column$}  "), text);
        }
    }

    /// Text as it is, each line indented.
    fn block(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&format!("    {}", visible(line)));
        }
    }
}

/// The width of a column that holds most of the names.
fn column<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| plain(name).chars().count()).max().unwrap_or(0).clamp(8, 40)
}

fn class(same: &Same) -> String {
    format!("{}, {} risk", same.category, same.risk)
}

impl Page for ServerPage {
    fn text(&self) -> String {
        let mut text = Text::new();
        let about = &self.server;
        text.line(&format!("{} (`{}`)", plain(&about.name), plain(&about.id)));
        for (name, value) in about.facts() {
            text.pair(name, 10, &plain(&value));
        }
        let counts: Vec<String> = self.categories.iter().map(|(category, n)| format!("{n} {category}")).collect();
        text.heading(&match counts.as_slice() {
            [] => "No tools".to_owned(),
            _ => format!("{}: {}", count(self.tools.len(), "tool"), counts.join(", ")),
        });
        if !self.critical.is_empty() {
            text.words("  critical: ", &list(&self.critical));
        }
        for (switch, tools) in &self.conditional {
            text.words("  only with ", &format!("{}: {}", plain(switch), list(tools)));
        }
        let uncertain: Vec<&str> =
            self.tools.iter().filter(|line| line.uncertain).map(|line| line.name.as_str()).collect();
        if !uncertain.is_empty() {
            text.words("  class uncertain: ", &list(&uncertain));
        }
        self.table(&mut text);
        text.next(&self.next);
        text.out
    }
}

impl ServerPage {
    fn table(&self, text: &mut Text) {
        if self.tools.is_empty() {
            return;
        }
        let column = column(self.tools.iter().map(|line| line.name.as_str()));
        text.heading(&format!("  {:column$}  {:11}  {:8}  arguments; [signals]", "tool", "category", "risk"));
        for line in &self.tools {
            let Line { name, category, risk, signals, arguments, .. } = line;
            let signals: Vec<&str> = signals.iter().map(|signal| signal.name()).collect();
            let signals = if signals.is_empty() { String::new() } else { format!(" [{}]", signals.join(" ")) };
            let class = format!("{category:11}  {risk:8}  ");
            let name = plain(name);
            let first = if name.chars().count() > column {
                text.line(&format!("  {name}"));
                format!("  {:column$}  {class}", "")
            } else {
                format!("  {name:column$}  {class}")
            };
            let more = arguments.len().saturating_sub(SHOWN);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            text.words(&first, &format!("{}{more}{signals}", list(arguments.iter().take(SHOWN))));
        }
    }
}

impl Text {
    fn next(&mut self, commands: &[String]) {
        self.heading("Next");
        for command in commands {
            self.line(&format!("  {}", plain(command)));
        }
    }

    fn elsewhere(&mut self, elsewhere: &Elsewhere) {
        let Elsewhere { same, other, more } = elsewhere;
        if same.is_empty() && other.is_empty() {
            return;
        }
        self.heading("Other servers with a tool of this name");
        if !same.is_empty() {
            self.words("  of the same class: ", &list(same.iter().map(|it| &it.server)));
        }
        for other in other {
            self.pair(&other.server, 16, &class(other));
        }
        if *more > 0 {
            self.line(&format!("  and {more} more"));
        }
    }
}

impl Page for ToolPage {
    fn text(&self) -> String {
        let mut text = Text::new();
        let (tool, server) = (plain(&self.tool), &self.server);
        text.line(&format!("{tool}: a tool of {} (`{}`)", plain(&server.name), plain(&server.id)));
        text.out.push('\n');
        text.words("  ", &plain(&self.summary));
        if let Some(description) = &self.description {
            text.heading("In the server's own words");
            for line in description.lines() {
                text.words("  > ", &plain(line));
            }
        }
        text.heading("Class");
        text.pair("category", 11, self.category.name());
        text.pair("risk", 11, self.risk.name());
        text.pair("because", 11, &plain(&self.why));
        text.pair("says who", 11, &plain(&self.source));
        if let Some(confidence) = self.confidence {
            text.pair("confidence", 11, &confidence.to_string());
        }
        if self.uncertain {
            text.pair("uncertain", 11, "look at it before you rely on it");
        }
        text.pair("in the sets", 11, &self.sets.join(" "));
        if let Some(switch) = &self.conditional {
            text.pair("only with", 11, &plain(switch));
        }
        self.arguments(&mut text);
        if !self.signals.is_empty() {
            text.heading("Signals");
        }
        let width = column(self.signals.iter().map(|noted| noted.signal.name()));
        for noted in &self.signals {
            let about = match noted.arguments.as_slice() {
                [] => String::new(),
                names => format!(" ({})", list(names)),
            };
            text.pair(noted.signal.name(), width, &format!("{}{about}", noted.meaning));
        }
        if self.hints.is_empty() {
            text.heading("The server gives no hints of its behaviour.");
        } else {
            text.heading("Hints of the server, which are its claims");
        }
        for hint in &self.hints {
            let against = hint.against.as_ref().map(|against| format!("; but {against}")).unwrap_or_default();
            text.pair(hint.hint, 11, &format!("{}: {}{against}", hint.value, hint.meaning));
        }
        text.heading("Recommended");
        text.words("  ", &plain(&self.recommended.why));
        text.out.push('\n');
        text.block(&self.recommended.policy);
        match &self.recommended.document {
            Some(document) => {
                text.heading(&format!("  as `mcppol compile` writes it for `{}`:", self.recommended.target));
                text.out.push('\n');
                text.block(&format!("{document:#}"));
            }
            None => text.heading(&format!("  `{}` has no way to say it", self.recommended.target)),
        }
        text.out.push('\n');
        text.words("  ", &plain(&self.recommended.alone));
        text.heading("Instead, where");
        for instead in &self.instead {
            text.pair(instead.when, 37, &plain(&instead.statement));
        }
        if !self.related.is_empty() {
            text.heading("Related tools of the server");
            let width = column(self.related.iter().map(|same| same.tool.as_str()));
            for same in &self.related {
                text.pair(&same.tool, width, &class(same));
            }
        }
        text.elsewhere(&self.elsewhere);
        text.next(&self.next);
        text.out
    }
}

impl ToolPage {
    fn arguments(&self, text: &mut Text) {
        text.heading(match self.arguments.as_slice() {
            [] => "It has no arguments.",
            _ => "Arguments",
        });
        let width = column(self.arguments.iter().map(|argument| argument.name.as_str()));
        for argument in &self.arguments {
            let required = if argument.required { ", required" } else { "" };
            let values = argument.values.as_ref().map(|values| {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                format!("; one of {}", list(&values))
            });
            let values = values.unwrap_or_default();
            let switch = argument.conditional.as_ref().map(|switch| format!("; only with {}", plain(switch)));
            let switch = switch.unwrap_or_default();
            text.pair(&argument.name, width, &format!("{}{required}{values}{switch}", argument.types));
        }
    }
}

impl Page for Servers {
    fn text(&self) -> String {
        let mut text = Text::new();
        let servers = count(self.servers.len() + self.more, "server");
        text.line(&format!("`{}` is a tool of {servers}:", plain(&self.tool)));
        let width = column(self.servers.iter().map(|same| same.server.as_str()));
        for same in &self.servers {
            text.pair(&same.server, width, &class(same));
        }
        if self.more > 0 {
            text.line(&format!("  and {} more", self.more));
        }
        text.out
    }
}

impl Page for Listing {
    fn text(&self) -> String {
        let mut text = Text::new();
        let width = column(self.servers.iter().map(|entry| entry.id.as_str()));
        for entry in &self.servers {
            let version = entry.version.as_ref().map(|version| format!(" ({})", plain(version))).unwrap_or_default();
            let critical = if entry.critical == 0 { String::new() } else { format!(", {} critical", entry.critical) };
            let tools = count(entry.tools, "tool");
            text.pair(&entry.id, width, &format!("{tools}{critical}; {}{version}", plain(&entry.name)));
        }
        text.line(&count(self.servers.len(), "server"));
        text.out
    }
}

impl Page for Found {
    fn text(&self) -> String {
        let mut text = Text::new();
        let width = column(self.tools.iter().map(|hit| hit.tool.as_str()));
        for hit in &self.tools {
            let signals: Vec<&str> = hit.signals.iter().map(|signal| signal.name()).collect();
            let signals = if signals.is_empty() { String::new() } else { format!(" [{}]", signals.join(" ")) };
            let (server, category, risk) = (plain(&hit.server), hit.category, hit.risk);
            text.pair(&hit.tool, width, &format!("{server}: {category}, {risk} risk{signals}"));
        }
        if self.more > 0 {
            text.line(&format!("… and {} more: add words, or `--limit N`", self.more));
        } else {
            text.line(&count(self.tools.len(), "tool"));
        }
        text.out
    }
}
