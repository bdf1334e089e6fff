//! What `.gitignore` and `.ignore` files leave out: the patterns of Git, but for classes (`[a-z]`) and escapes.
//!
//! A pattern that is not understood leaves nothing out, so that a policy is rather checked than missed.

use crate::pattern::glob;

/// The most patterns that one file may have; more are not looked at.
const PATTERNS: usize = 10_000;

/// A line of such a file.
#[derive(Debug)]
struct Rule {
    /// The parts of the pattern; one of them may be `**`.
    parts: Vec<String>,
    /// Whether it is about the whole path from the file's folder, not about a name at any depth.
    anchored: bool,
    /// Whether it is about folders only.
    folders: bool,
    /// Whether it takes back what an earlier line left out.
    again: bool,
}

/// The lines of one file.
#[derive(Debug)]
pub(super) struct Rules(Vec<Rule>);

impl Rules {
    pub(super) fn read(text: &str) -> Self {
        Self(text.trim_start_matches('\u{feff}').lines().take(PATTERNS).filter_map(rule).collect())
    }

    /// Whether the last line that fits a path, given in parts from the file's folder, leaves it out; `None` where none
    /// fits.
    pub(super) fn verdict(&self, path: &[&str], is_folder: bool) -> Option<bool> {
        let fits = |rule: &&Rule| {
            (is_folder || !rule.folders)
                && match (rule.anchored, rule.parts.as_slice(), path.last()) {
                    (false, [name], Some(last)) => glob::matches(name, last),
                    (true, parts, _) => matches(parts, path),
                    _ => false,
                }
        };
        self.0.iter().rev().find(fits).map(|rule| !rule.again)
    }
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.trim_end();
    if line.is_empty() || line.starts_with('#') || line.contains(['[', '\\']) {
        return None;
    }
    let (again, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
    let (folders, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
    let anchored = line.contains('/');
    let parts: Vec<String> = line.strip_prefix('/').unwrap_or(line).split('/').map(str::to_owned).collect();
    (!line.is_empty()).then_some(Rule { parts, anchored, folders, again })
}

/// Whether the whole path fits; `**` stands for any number of parts, at least one at the end.
fn matches(pattern: &[String], path: &[&str]) -> bool {
    // the positions in the path that the pattern may have come to
    let mut open = vec![false; path.len() + 1];
    if let Some(start) = open.first_mut() {
        *start = true;
    }
    for (index, part) in pattern.iter().enumerate() {
        let mut next = vec![false; path.len() + 1];
        let last = index + 1 == pattern.len();
        let mut reached = false;
        for (at, slot) in next.iter_mut().enumerate() {
            let here = open.get(at).copied().unwrap_or_default();
            let before = at.checked_sub(1).and_then(|before| open.get(before)).copied().unwrap_or_default();
            *slot = if part == "**" {
                let through = reached || (here && !last);
                reached |= here;
                through
            } else {
                before
                    && at
                        .checked_sub(1)
                        .and_then(|before| path.get(before))
                        .is_some_and(|name| glob::matches(part, name))
            };
        }
        open = next;
    }
    open.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Rules;

    #[test]
    fn patterns_of_git() {
        let table = [
            ("build", "build", true, Some(true)),
            ("build/", "a/build", true, Some(true)),
            ("build/", "build", false, None),
            ("/build", "a/build", true, None),
            ("*.json", "a/b/c.json", false, Some(true)),
            ("a/*.json", "a/c.json", false, Some(true)),
            ("a/*.json", "a/b/c.json", false, None),
            ("a/**/c", "a/c", false, Some(true)),
            ("a/**/c", "a/b/b/c", false, Some(true)),
            ("**/c", "a/c", false, Some(true)),
            ("a/**", "a/b/c", false, Some(true)),
            ("a/**", "a", true, None),
            ("*\n!keep", "keep", false, Some(false)),
            ("# note\n\n", "note", false, None),
            ("[ab].mcp", "a.mcp", false, None),
        ];
        for (text, path, is_folder, wanted) in table {
            let path: Vec<&str> = path.split('/').collect();
            assert_eq!(Rules::read(text).verdict(&path, is_folder), wanted, "{text:?} {path:?}");
        }
    }
}
