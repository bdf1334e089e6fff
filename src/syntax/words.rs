//! The words of the language, and what other languages call them.

use super::SyntaxKind;

/// The words that begin a statement, a clause, a test's call or an item.
pub(super) const VERBS: &[&str] = &[
    "policy", "set", "import", "grant", "test", "call", "default", "allow", "ask", "deny", "hide", "limit", "on",
    "include", "require",
];

/// The words that are never bare names, besides [`VERBS`].
const OTHER_RESERVED: &[&str] = &[
    "all", "and", "any", "as", "because", "contains", "count", "every", "except", "exists", "false", "for", "having",
    "host", "if", "in", "matches", "missing", "not", "or", "per", "to", "total", "true", "under", "until", "uses",
];

/// What other policy languages call our verbs.
const FOREIGN_VERBS: &[(&str, &str)] = &[
    ("block", "deny"),
    ("forbid", "deny"),
    ("reject", "deny"),
    ("disallow", "deny"),
    ("permit", "allow"),
    ("approve", "ask"),
    ("require_approval", "ask"),
    ("rate_limit", "limit"),
];

/// Whether a word may never be a bare name.
pub fn is_reserved(word: &str) -> bool {
    VERBS.contains(&word) || OTHER_RESERVED.contains(&word)
}

/// The words that begin a part of this kind.
pub(super) fn verbs_of(bad: SyntaxKind) -> &'static [&'static str] {
    match bad {
        SyntaxKind::BadStatement => &["default", "allow", "ask", "deny", "hide", "limit", "on", "include"],
        SyntaxKind::BadClause => &["require", "deny", "ask", "limit"],
        SyntaxKind::BadCall => &["call"],
        _ => &["policy", "set", "import", "grant", "test"],
    }
}

/// Whether reading resumes at a line that begins with this word.
pub(super) fn resumes(word: &str) -> bool {
    VERBS.contains(&word)
}

/// The verb that a foreign word stands for.
pub fn verb_for(foreign: &str) -> Option<&'static str> {
    FOREIGN_VERBS.iter().find(|(word, _)| *word == foreign).map(|(_, verb)| *verb)
}

/// The operator that a foreign one stands for, if ours can say it with the same operand.
pub fn op_for(foreign: &str) -> Option<&'static str> {
    Some(match foreign {
        "=" | "===" | "equals" | "is" => "==",
        "=<" => "<=",
        "=>" => ">=",
        "!==" | "<>" => "!=",
        "=~" | "regex" => "matches",
        "!~" => "not matches",
        _ => return None,
    })
}

/// What other languages call the arguments.
const ROOTS: &[&str] = &[
    "args",
    "arg",
    "arguments",
    "argument",
    "params",
    "param",
    "parameters",
    "parameter",
    "inputs",
    "input",
    "request",
];

/// The path that a bare or foreign one stands for: `amount`, `arg.amount` and `Args.amount` are `args.amount`.
pub fn path_for(foreign: &str) -> String {
    let mut rest = foreign;
    while let Some((root, inner)) = rest.split_once('.')
        && ROOTS.contains(&root.to_ascii_lowercase().as_str())
    {
        rest = inner;
    }
    if ROOTS.contains(&rest) { "args.".to_owned() } else { format!("args.{rest}") }
}
