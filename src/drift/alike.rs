//! What is gone and what is new, paired where one is probably the other under a new name.
//!
//! Names are compared word by word: the verb has to mean the same, the other words have to be mostly the same. So
//! `get_issue` and `issue_read` are one, and `list_users` and `list_repos` are not, however alike their arguments.

use std::collections::BTreeSet;

/// Verbs that servers use for one another, and that make two tools when they are of different rows.
const VERBS: [&[&str]; 9] = [
    &["get", "read", "fetch", "retrieve", "show", "view", "describe", "load"],
    &["list", "search", "find", "query", "browse"],
    &["create", "add", "new", "insert", "make"],
    &["delete", "remove", "destroy", "drop", "erase", "purge"],
    &["update", "edit", "modify", "change", "patch", "set", "put", "write"],
    &["run", "execute", "exec", "invoke"],
    &["send", "post", "publish"],
    &["start", "open", "enable"],
    &["stop", "close", "cancel", "disable"],
];
/// Of a thousand: how alike two names have to be, and names and arguments together.
const NAME: usize = 500;
const TOTAL: usize = 700;
/// How many pairs are looked at; with more, nothing is said to be renamed.
const PAIRS: usize = 250_000;

/// A tool that is gone or new.
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    /// The names of its arguments.
    pub(super) arguments: BTreeSet<&'a str>,
}

/// The pairs of tools that are probably one, as places in the two lists; each tool in one pair at most.
pub(super) fn tools(gone: &[Candidate<'_>], new: &[Candidate<'_>]) -> Vec<(usize, usize)> {
    let arguments = |a: usize, b: usize| match (gone.get(a), new.get(b)) {
        // without any argument there is nothing to go by
        (Some(a), Some(b)) if a.arguments.is_empty() && b.arguments.is_empty() => 500,
        (Some(a), Some(b)) => {
            1_000 * a.arguments.intersection(&b.arguments).count() / a.arguments.union(&b.arguments).count().max(1)
        }
        _ => 0,
    };
    let names = |list: &[Candidate<'_>]| -> Vec<Words> { list.iter().map(|it| Words::of(it.name)).collect() };
    pairs(&names(gone), &names(new), arguments)
}

/// The pairs of arguments that are probably one, by name.
pub(super) fn arguments<'a>(gone: &[&'a str], new: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let words = |list: &[&str]| -> Vec<Words> { list.iter().map(|it| Words::of(it)).collect() };
    let found = pairs(&words(gone), &words(new), |_, _| 1_000);
    found.into_iter().filter_map(|(a, b)| Some((*gone.get(a)?, *new.get(b)?))).collect()
}

/// The best pairs first, until nothing alike is left.
fn pairs(gone: &[Words], new: &[Words], rest: impl Fn(usize, usize) -> usize) -> Vec<(usize, usize)> {
    if gone.len().saturating_mul(new.len()) > PAIRS {
        return Vec::new();
    }
    let mut scored: Vec<(usize, usize, usize)> = Vec::new();
    for (a, old) in gone.iter().enumerate() {
        for (b, name) in new.iter().enumerate() {
            let alike = old.likeness(name);
            // the same words in another dress are the same name
            let total = if alike == 1_001 { 1_001 } else { (6 * alike + 4 * rest(a, b)) / 10 };
            if alike >= NAME && total >= TOTAL {
                scored.push((total, a, b));
            }
        }
    }
    scored.sort_by(|x, y| y.0.cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let (mut from, mut to) = (BTreeSet::new(), BTreeSet::new());
    let mut out = Vec::new();
    for (_, a, b) in scored {
        if !from.contains(&a) && !to.contains(&b) {
            from.insert(a);
            to.insert(b);
            out.push((a, b));
        }
    }
    out.sort_unstable();
    out
}

/// A name taken apart.
struct Words {
    all: Vec<String>,
    /// The rows of [`VERBS`] that it has words of.
    verbs: BTreeSet<usize>,
    others: Vec<String>,
}

impl Words {
    fn of(name: &str) -> Self {
        let mut all: Vec<String> = Vec::new();
        let mut word = String::new();
        let mut low = false;
        for c in name.chars() {
            if !c.is_alphanumeric() || (c.is_uppercase() && low) {
                all.push(std::mem::take(&mut word));
            }
            low = c.is_lowercase() || c.is_numeric();
            word.extend(c.is_alphanumeric().then_some(c).into_iter().flat_map(char::to_lowercase));
        }
        all.push(word);
        all.retain(|word| !word.is_empty());
        let row = |word: &String| VERBS.iter().position(|row| row.contains(&word.as_str()));
        let verbs = all.iter().filter_map(row).collect();
        let others = all.iter().filter(|word| row(word).is_none()).map(|word| singular(word)).collect();
        all.sort_unstable();
        Self { all, verbs, others }
    }

    /// How alike two names are, of a thousand; one more where they are the same but for signs and letter case.
    fn likeness(&self, other: &Self) -> usize {
        if self.all == other.all {
            return 1_001;
        }
        if !self.verbs.is_empty() && !other.verbs.is_empty() && self.verbs.is_disjoint(&other.verbs) {
            return 0;
        }
        let mut left: Vec<&String> = other.others.iter().collect();
        let mut common = 0;
        for word in &self.others {
            if let Some(at) = left.iter().position(|it| same_word(it, word)) {
                left.swap_remove(at);
                common += 1;
            }
        }
        let all = self.others.len() + other.others.len() - common;
        let alike = 1_000 * common / all.max(1);
        if self.verbs.is_empty() == other.verbs.is_empty() { alike } else { alike * 4 / 5 }
    }
}

fn singular(word: &str) -> String {
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s'));
    stem.unwrap_or(word).to_owned()
}

/// `repo` is short for `repository`.
fn same_word(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short == long || short.len() > 2 && long.starts_with(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(from: &str, to: &str, arguments: &[&str]) -> bool {
        let one = |name| [Candidate { name, arguments: arguments.iter().copied().collect() }];
        !tools(&one(from), &one(to)).is_empty()
    }

    #[test]
    fn renamed_and_not() {
        let arguments = &["owner", "repo"][..];
        for (from, to, yes) in [
            ("get_issue", "issue_read", true),
            ("get_issue", "getIssue", true),
            ("get_issue", "github_get_issue", true),
            ("delete_repo", "remove_repository", true),
            ("list_users", "list_repos", false),
            ("create_issue", "delete_issue", false),
            ("get_issue", "update_issue", false),
            ("get_issue", "get_pull_request", false),
        ] {
            assert_eq!(renamed(from, to, arguments), yes, "{from} -> {to}");
        }
        assert!(renamed("get_issue", "read_issue", &[]));
        assert!(!renamed("get_issue", "github_get_issue", &[]));
    }

    #[test]
    fn each_is_in_one_pair_and_the_best_wins() {
        let list = |names: &[&'static str]| -> Vec<Candidate<'static>> {
            names.iter().map(|name| Candidate { name, arguments: BTreeSet::from(["id"]) }).collect()
        };
        let found = tools(&list(&["get_issue", "get_issue_comment"]), &list(&["read_issue", "read_issue_comments"]));
        assert_eq!(found, [(0, 0), (1, 1)]);
    }

    #[test]
    fn arguments_by_name() {
        assert_eq!(arguments(&["repo", "user_id"], &["repository", "repo_id"]), [("repo", "repository")]);
        assert_eq!(arguments(&["q"], &["query"]), []);
    }
}
