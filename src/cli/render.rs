//! Diagnostics and pages as people and programs read them.

pub(super) mod drift;
pub(super) mod explain;
pub(super) mod github;
pub(super) mod json;
pub(super) mod junit;
mod markdown;
pub(super) mod page;
pub(super) mod report;
pub(super) mod sarif;
pub(super) mod terminal;
pub(super) mod trial;

use crate::{
    catalog::{Category, Server},
    diagnostic::Level,
    text::visible,
};

/// Text that cannot draw on the terminal, line ends spelt out too.
pub(super) fn one_line(text: &str) -> String {
    visible(text).replace('\n', "\\u{a}")
}

/// A name as a shell takes it for one word.
pub(super) fn shell(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./@:".contains(c);
    if name.chars().all(plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', r"'\''")) }
}

/// What to run so that what `--check` found missing or old is written: this very command without `--check`, for where
/// only the message is seen, as in a hook.
pub(super) fn without_check() -> String {
    let words = std::env::args_os().skip(1).filter(|word| word != "--check");
    words.fold("mcppol".to_owned(), |line, word| format!("{line} {}", one_line(&shell(&word.to_string_lossy()))))
}

/// `30 read`, `12 write`: how many tools of each category a server has.
pub(super) fn by_category(server: &Server) -> Vec<String> {
    let of = |category: Category| server.tools.iter().filter(|tool| tool.category == category).count();
    let parts = Category::ALL.into_iter().map(|category| (of(category), category)).filter(|(n, _)| *n > 0);
    parts.map(|(n, category)| format!("{n} {category}")).collect()
}

/// How many findings of each weight there are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Summary {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) infos: usize,
}

impl Summary {
    pub(super) fn add(&mut self, level: Level) {
        match level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Info => self.infos += 1,
        }
    }
}
