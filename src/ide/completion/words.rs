//! What completion says of the language's own words, and the statements that it can write as a whole.

use crate::hir::model::{Literal, Op};

/// What a keyword is for, on one line.
pub(super) fn keyword(word: &str) -> &'static str {
    match word {
        "policy" => "says which tools of one server an agent may call",
        "set" => "names a list of tools",
        "import" => "makes the sets and policies of another file known",
        "grant" => "says who uses which policies",
        "test" => "says what must become of calls",
        "call" => "a call, and what must become of it",
        "for" => "what the policy or test is for",
        "as" => "the server's name in a client's configuration",
        "uses" => "the policies that the identity uses",
        "time" | "times" => "so many equal calls; the last one counts",
        "default" => "what happens to calls that nothing decides; once in each policy",
        "allow" => "grants the tools",
        "ask" => "grants the tools, with a person's approval of each call; with `if` it only narrows",
        "deny" => "refuses the tools, which stay listed; with `if` only where the condition holds",
        "hide" => "refuses the tools, and takes them out of the agent's list",
        "limit" => "at most so many calls in a window",
        "on" => "narrows the tools without granting them",
        "include" => "takes over the narrowing statements of another policy",
        "require" => "denies every call for which the condition is not true",
        "all" => "one counter over the calls of every tool",
        "to" => "the most calls, or the most that they add up to",
        "per" => "the window",
        "total" => "adds up an argument instead of counting calls",
        "if" => "only where the condition holds",
        "until" => "the last day of the grant, in UTC",
        "because" => "the reason; the agent reads it when the statement refuses",
        "having" => "of these tools only those with such an argument",
        "except" => "takes tools away from the list",
        "and" => "both hold; binds tighter than `or`",
        "or" => "one of them holds",
        _ => "",
    }
}

/// The order in which keywords are proposed.
pub(super) const ORDER: &[&str] = &[
    "and", "or", "if", "until", "except", "having", "all", "because", "default", "require", "allow", "ask", "deny",
    "hide", "limit", "on", "include", "policy", "set", "test", "grant", "import",
];

/// A statement, clause or item to be written as a whole: the keyword that begins it, its label, and the text with
/// places to fill in.
pub(super) const WHOLE: &[(&str, &str, &str)] = &[
    ("policy", "policy … for … { … }", "policy ${1:NAME} for ${2:SERVER} {\n  default deny\n\n  $0\n}"),
    ("test", "test … for … { … }", "test \"${1:what it shows}\" for ${2:POLICY} {\n  call $0\n}"),
    ("set", "set … = …", "set ${1:NAME} = $0"),
    ("grant", "grant … uses …", "grant \"${1:identity}\" uses $0"),
    ("import", "import \"…\"", "import \"$0\""),
    ("allow", "allow … { limit … }", "allow ${1:TOOL} {\n  limit to ${2:30} per ${3:minute}\n}"),
    ("allow", "allow … { require … }", "allow ${1:TOOL} {\n  require $0\n}"),
    ("ask", "ask … because \"…\"", "ask ${1:TOOL} because \"$0\""),
    ("deny", "deny … because \"…\"", "deny ${1:TOOL} because \"$0\""),
    ("deny", "deny … if …", "deny ${1:TOOL} if $0"),
    ("limit", "limit … to … per …", "limit ${1:TOOL} to ${2:30} per ${3:minute}"),
    ("limit", "limit all to … per …", "limit all to ${1:60} per ${2:minute}"),
    ("on", "on … { require … }", "on ${1:TOOL} {\n  require $0\n}"),
    ("call", "call … -> …", "call ${1:TOOL} { $2 } -> ${3:deny}"),
];

/// Clauses to be written as a whole.
pub(super) const CLAUSES: &[(&str, &str, &str)] = &[
    ("require", "require … because \"…\"", "require ${1:args.} because \"$0\""),
    ("deny", "deny if … because \"…\"", "deny if ${1:args.} because \"$0\""),
    ("limit", "limit to … per …", "limit to ${1:30} per ${2:minute}"),
];

/// What may stand after `default`.
pub(super) const FALLBACKS: &[(&str, &str)] = &[
    ("deny", "what nothing grants is refused"),
    ("hide", "what nothing grants is refused, and taken out of the agent's list"),
    ("allow", "what nothing refuses is granted"),
];

/// What may become of a call.
pub(super) const DECISIONS: &[(&str, &str)] = &[
    ("allow", "the call passes"),
    ("deny", "the call is refused"),
    ("ask", "a person is asked"),
    ("hidden", "the call is refused, and the agent does not see the tool"),
    ("limited", "a limit has no room left"),
];

/// The units of windows.
pub(super) const UNITS: &[&str] = &["second", "minute", "hour", "day"];

/// An operator with what it is true of.
pub(super) struct Operator {
    pub(super) word: &'static str,
    pub(super) says: &'static str,
    /// What stands behind it, to fill in.
    pub(super) operand: &'static str,
    /// Whether it belongs in `require` alone.
    pub(super) guards: bool,
}

const fn operator(word: &'static str, says: &'static str, operand: &'static str) -> Operator {
    Operator { word, says, operand, guards: false }
}

const fn guard(word: &'static str, says: &'static str, operand: &'static str) -> Operator {
    Operator { word, says, operand, guards: true }
}

/// All operators, the usual ones first.
pub(super) const OPERATORS: &[Operator] = &[
    operator("==", "equals the value, in type too", ""),
    operator("!=", "is there and does not equal the value", ""),
    operator("<=", "is a number, at most", ""),
    operator("<", "is a number below", ""),
    operator(">=", "is a number, at least", ""),
    operator(">", "is a number above", ""),
    operator("in", "equals one of the list", "[$1]"),
    operator("not in", "is there and equals none of the list", "[$1]"),
    operator("contains", "is a text with it in it, or a list with an element that equals it", ""),
    operator("not contains", "is there and does not contain it", ""),
    operator("matches", "is a text that the pattern matches from its beginning to its end", "r\"$1\""),
    operator("not matches", "is there and the pattern does not match the whole of it", "r\"$1\""),
    guard("under", "is a path at or below the directory", "\"/$1\""),
    guard("not under", "is a path elsewhere", "\"/$1\""),
    guard("host in", "is a URL to one of the hosts", "[\"$1\"]"),
    guard("host not in", "is a URL to another host", "[\"$1\"]"),
    operator("exists", "is there", ""),
    operator("missing", "is not there, or null", ""),
];

/// The test of an operator with an operand.
pub(super) fn op(word: &str, operand: Literal) -> Op {
    match word {
        "==" => Op::Equal(operand),
        "!=" => Op::NotEqual(operand),
        "<" => Op::Less(0.0),
        "<=" => Op::AtMost(0.0),
        ">" => Op::Greater(0.0),
        ">=" => Op::AtLeast(0.0),
        "in" => Op::In(vec![operand]),
        "not in" => Op::NotIn(vec![operand]),
        "matches" | "not matches" => Op::Matches("".into()),
        "contains" => Op::Contains(operand),
        "not contains" => Op::NotContains(operand),
        "under" | "not under" => Op::Under("".into()),
        "host in" | "host not in" => Op::HostIn(Vec::new()),
        "missing" => Op::Missing,
        _ => Op::Exists,
    }
}

/// A text with places to fill in as plain text, for editors that do not know such places.
pub(super) fn plain(snippet: &str) -> String {
    let mut out = String::new();
    let mut rest = snippet;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = match after.strip_prefix('{').and_then(|place| place.split_once('}')) {
            Some((place, after)) => {
                out.push_str(place.split_once(':').map_or("", |(_, word)| word));
                after
            }
            None => after.trim_start_matches(|c: char| c.is_ascii_digit()),
        };
    }
    out.push_str(rest);
    out
}

/// A text that stands for itself within a snippet.
pub fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn snippets_as_plain_text() {
        assert_eq!(plain("allow ${1:TOOL} {\n  require $0\n}"), "allow TOOL {\n  require \n}");
        assert_eq!(plain("in [$1]"), "in []");
    }
}
