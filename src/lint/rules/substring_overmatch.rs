use std::collections::BTreeMap;

use crate::{
    diagnostic::{Class, Code, Level},
    hir::{checked::ToolId, model::Verb},
    lint::{Check, Confidence, Findings, Persona, Rule, Subject},
    text::quoted_list,
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "substring-overmatch",
        class: Class::Lint,
        summary: "a pattern with a verb in it also catches a name that says something else",
    },
    level: Level::Warning,
    persona: Persona::Default,
    confidence: Confidence::Medium,
    fix: None,
    page: include_str!("substring_overmatch.md"),
    check: Check::Form(check),
};

/// Verbs, and words that hold them and say something else; past and opposite forms are made from the verb.
const OTHERS: &[(&str, &[&str])] = &[
    ("add", &["address", "addresses", "addon", "addons", "ladder", "padding"]),
    ("archive", &[]),
    ("block", &[]),
    ("call", &["callback", "callbacks", "recall"]),
    ("cancel", &["cancelled", "cancellation", "cancellations"]),
    ("copy", &["copyright"]),
    ("create", &[]),
    ("delete", &[]),
    ("drop", &["dropdown", "dropdowns", "dropbox", "dropped"]),
    ("edit", &["credit", "credits", "editor", "editors", "reddit"]),
    ("execute", &[]),
    ("follow", &["follower", "followers"]),
    ("get", &["budget", "budgets", "forget", "gadget", "gadgets", "target", "targets", "widget", "widgets"]),
    ("hide", &[]),
    ("kill", &["skill", "skills"]),
    ("like", &["dislike", "likes", "likelihood"]),
    (
        "list",
        &[
            "allowlist",
            "blocklist",
            "checklist",
            "listen",
            "listener",
            "playlist",
            "playlists",
            "watchlist",
            "wishlist",
        ],
    ),
    ("lock", &["block", "blocks", "clock"]),
    ("mark", &["benchmark", "benchmarks", "bookmark", "bookmarks", "market", "markets", "markdown", "watermark"]),
    ("move", &["movement", "movements", "remove"]),
    ("pay", &["payload", "payloads"]),
    ("pin", &["ping", "pinned", "spinner"]),
    ("post", &["postal", "postcode", "postgres", "postpone"]),
    ("publish", &["publisher", "publishers"]),
    ("put", &["compute", "input", "inputs", "output", "outputs"]),
    ("read", &["readiness", "ready", "readme", "spread", "spreadsheet", "spreadsheets", "thread", "threads"]),
    ("remove", &[]),
    ("run", &["prune", "runtime", "runtimes", "truncate"]),
    ("search", &["research"]),
    ("send", &["sender", "senders"]),
    ("set", &["asset", "assets", "dataset", "datasets", "offset", "reset", "settings", "setup", "subset"]),
    ("star", &["restart", "start", "started"]),
    ("subscribe", &["subscriber", "subscribers"]),
    ("update", &[]),
    ("view", &["interview", "interviews", "preview", "review", "reviewer", "reviewers", "reviews", "viewer"]),
    ("write", &["writer", "writers"]),
];

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    // the tools whose names hold a verb and say something else
    let mut astray: BTreeMap<&str, Vec<ToolId>> = BTreeMap::new();
    for pattern in policy.patterns() {
        if matches!(pattern.verb, Verb::Limit | Verb::LimitAll | Verb::On | Verb::Include) {
            continue;
        }
        let text = &*pattern.text.text;
        let Some((verb, others)) = open_verb(text) else { continue };
        let says_else = |id: &ToolId| {
            let name = policy.tool_name(*id);
            if !name.as_bytes().windows(verb.len()).any(|part| part.eq_ignore_ascii_case(verb.as_bytes())) {
                return false;
            }
            let words = words(name);
            !words.iter().any(|word| word == verb) && words.iter().any(|word| says_else(word, verb, others))
        };
        let astray = astray.entry(verb).or_insert_with(|| policy.tools().filter(says_else).collect());
        let by_this = |id: &ToolId| {
            policy.rules_of(*id).any(|rule| rule.statement == pattern.statement) && policy.fits(text, *id)
        };
        let tools: Vec<ToolId> = astray.iter().copied().filter(by_this).collect();
        if tools.is_empty() {
            continue;
        }
        let names = policy.names(&tools);
        let is = if names.len() == 1 { "is" } else { "are" };
        let message = format!("`{text}` also matches {}, which {is} not what `{verb}` says", quoted_list(&names, 3));
        findings.add(findings.finding(Level::Warning, pattern.text.span, message).help(format!(
            "give the verb its place, as in `{verb}_*` or `*_{verb}`, or add {} after `except`",
            quoted_list(&names, 3)
        )));
    }
}

/// The verb of the table that a pattern leaves open on at least one side.
fn open_verb(pattern: &str) -> Option<(&'static str, &'static [&'static str])> {
    let wild = |c: char| matches!(c, '*' | '?');
    let mut parts = pattern.split(wild).peekable();
    let mut first = true;
    while let Some(part) = parts.next() {
        let open_before = !std::mem::take(&mut first);
        let open_after = parts.peek().is_some();
        let head = part.split(|c: char| !c.is_ascii_alphabetic()).next().filter(|_| open_before);
        let tail = part.rsplit(|c: char| !c.is_ascii_alphabetic()).next().filter(|_| open_after);
        for word in head.into_iter().chain(tail) {
            if let Some(known) = OTHERS.iter().find(|(verb, _)| *verb == word) {
                return Some(*known);
            }
        }
    }
    None
}

/// The words of a tool's name, in lower case: `listDeleted` and `list_deleted` are two.
fn words(name: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut word = String::new();
        let mut after_small = false;
        for c in part.chars() {
            if c.is_ascii_uppercase() && after_small {
                out.push(std::mem::take(&mut word));
            }
            after_small = c.is_ascii_lowercase();
            word.push(c.to_ascii_lowercase());
        }
        out.push(word);
    }
    out
}

fn says_else(word: &str, verb: &str, others: &[&str]) -> bool {
    let past = |end: &str| word.strip_suffix(end).is_some_and(|stem| stem == verb);
    let opposite = |start: &str| word.strip_prefix(start).is_some_and(|stem| stem == verb);
    others.contains(&word) || past("d") && verb.ends_with('e') || past("ed") || opposite("un") || opposite("dis")
}
