//! What the referees take for granted because no public record settles it.
//!
//! The same list, sentence by sentence, is in `docs/engines.md`.

/// Something a referee takes for granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumption {
    /// Its name, unique.
    pub id: &'static str,
    /// The format it is about: `policylayer`, `rules` or `intercept`.
    pub target: &'static str,
    /// What is assumed.
    pub says: &'static str,
    /// What would be wrong if it did not hold.
    pub otherwise: &'static str,
}

const fn assume(target: &'static str, id: &'static str, says: &'static str, otherwise: &'static str) -> Assumption {
    Assumption { id, target, says, otherwise }
}

/// Every assumption, by format.
pub const ASSUMPTIONS: &[Assumption] = &[
    assume(
        "policylayer",
        "operators-as-intercept",
        "The hosted engine's eleven operators read values as Intercept's do, odd types included.",
        "A predicate could hold of a numeric string, a null or a list where the policy means it to fail.",
    ),
    assume(
        "policylayer",
        "missing-is-false",
        "Of an absent argument every operator is false but `exists` with `false`.",
        "A `require` could let a call pass that leaves its argument out.",
    ),
    assume(
        "policylayer",
        "paths-split-at-dots",
        "A path walks into objects at its dots; there is no list index and no escape.",
        "A condition could look at another argument than the one it names.",
    ),
    assume(
        "policylayer",
        "regex-is-re2-unanchored",
        "`regex` is RE2 as in Go, and matches anywhere in the string unless it is anchored.",
        "A pattern could be refused, or match more or fewer strings.",
    ),
    assume(
        "policylayer",
        "conditions-all-hold",
        "A predicate holds if all its conditions do, and so if it has none, in `require` as in `deny_if`.",
        "Two conditions in one `deny_if` would refuse calls for either alone, and an empty `require` would refuse all.",
    ),
    assume(
        "policylayer",
        "require-every-deny-any",
        "Every predicate of `require` must hold, and any one of `deny_if` refuses.",
        "A second `require` could be passed over, or a single `deny_if` would not refuse.",
    ),
    assume(
        "policylayer",
        "require-deny-limits-in-order",
        "`require` comes first, then `deny_if`, then the tool's limits, then those of all tools.",
        "The same calls would be refused, but with another message, and refused calls could use up a limit.",
    ),
    assume(
        "policylayer",
        "limits-count-calls",
        "A limit of N lets N calls through in a window, one for each call that passes everything else.",
        "The window would close one call early or late, or refused calls would count.",
    ),
    assume(
        "policylayer",
        "windows-minute-hour-day",
        "A window is `minute`, `hour` or `day`; the last is not shown on any page.",
        "A policy with a limit by the day would be refused by the gateway.",
    ),
    assume(
        "policylayer",
        "no-tool-wildcard",
        "`*` has a meaning in `hide` only; a tool of that name is refused here.",
        "Nothing: such a document is not judged.",
    ),
    assume(
        "policylayer",
        "one-place-per-counter",
        "A counter belongs to the one limit that names it; a document that names it twice is refused here.",
        "Nothing: such a document is not judged.",
    ),
    assume(
        "policylayer",
        "arguments-are-an-object",
        "Arguments that are not an object are read as no arguments at all.",
        "A malformed call could be decided otherwise than is said here.",
    ),
    assume(
        "policylayer",
        "rule-names",
        "A rule is named by an escaped JSON Pointer that ends in path and operator for one condition, else in the position.",
        "Only the name of the rule that is reported would differ from the gateway's log.",
    ),
    assume(
        "policylayer",
        "stock-messages",
        "Where a predicate has no `on_deny`, and for limits, the gateway's texts are Intercept's.",
        "Only the text of a refusal would differ.",
    ),
    assume(
        "rules",
        "rules-head",
        "`version` and `default` are as in the other two formats, and a tool that is not listed falls to the default.",
        "A tool without rules could be open where the policy means it to be closed.",
    ),
    assume(
        "rules",
        "rules-strongest-decides",
        "Of a tool's rules any `deny` decides, then a limit without room, then `require_approval`; order means nothing.",
        "With several rules on a tool the first could decide, and a later `deny` be passed over.",
    ),
    assume(
        "rules",
        "rules-limit-by-tool-and-window",
        "`rate_limit` counts one for each call of the tool that no `deny` refuses, in a counter for each window.",
        "Two limits of one window could count apart, or tools share a count.",
    ),
    assume(
        "rules",
        "rules-limit-before-approval",
        "A call over its limit is refused before a person is asked.",
        "People would be asked about calls that cannot go ahead, or an approved call would pass its limit.",
    ),
    assume(
        "rules",
        "rules-names-and-texts",
        "A rule is named by its JSON Pointer, and the texts without a `reason` are Intercept's.",
        "Only the reported name and text would differ.",
    ),
    assume(
        "intercept",
        "intercept-has-a-store",
        "The proxy runs with a state store that answers.",
        "Without a store every counter condition passes and nothing is counted; with Redis failing open, likewise.",
    ),
    assume(
        "intercept",
        "intercept-on-amd64-with-sqlite",
        "Counters are 64-bit integers that wrap, and an amount that does not fit becomes the least of them.",
        "On other processors, or with Redis, which adds in doubles, amounts from about nine quadrillion on count otherwise.",
    ),
    assume(
        "intercept",
        "intercept-yaml-reads-json",
        "The proxy's YAML reader takes a JSON document for the same values.",
        "A string with an escape that YAML lacks (a surrogate pair) would keep the file from loading.",
    ),
    assume(
        "intercept",
        "intercept-no-tool-named-star",
        "No server has a tool that is literally named `*`.",
        "The proxy reads `tools.\"*\"` as rules over all tools and as that tool's entry, so `limit all` would let its calls through under `default deny`.",
    ),
];

#[cfg(test)]
mod tests {
    use super::ASSUMPTIONS;

    #[test]
    fn the_docs_list_the_same() {
        let docs = include_str!("../../docs/engines.md");
        let rows: Vec<&str> = docs.lines().filter(|line| line.starts_with("| `")).collect();
        let want: Vec<String> =
            ASSUMPTIONS.iter().map(|a| format!("| `{}` | {} | {} |", a.id, a.says, a.otherwise)).collect();
        assert_eq!(rows, want);
    }

    #[test]
    fn names_are_unique_and_kebab_case() {
        for (i, a) in ASSUMPTIONS.iter().enumerate() {
            assert!(ASSUMPTIONS.iter().skip(i + 1).all(|b| a.id != b.id), "{}", a.id);
            assert!(a.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", a.id);
            assert!(["policylayer", "rules", "intercept"].contains(&a.target), "{}", a.id);
            assert!(a.says.ends_with('.') && a.otherwise.ends_with('.'), "{}", a.id);
        }
    }
}
