//! What the words of the language mean, each in one line. The whole of it is in `docs/language.md`.

/// What a keyword says.
const KEYWORDS: &[(&str, &str)] = &[
    ("policy", "what an agent may do with the tools of one server"),
    ("set", "a name for a list of tools"),
    ("import", "makes the sets and policies of another file known by their names"),
    ("grant", "says who uses which policies"),
    ("test", "calls, and what a policy must decide about them"),
    ("call", "a call of a tool, its arguments and what must become of it"),
    ("for", "names the server of a policy, or the policy of a test"),
    ("as", "the server's name in a client's configuration; no target of today uses it"),
    ("uses", "the policies of a grant, at most one for each server"),
    ("times", "the call is made so often, and the last one counts"),
    ("time", "the call is made so often, and the last one counts"),
    ("default", "what becomes of tools that nothing grants: `deny`, `allow` or `hide`; required, once"),
    ("allow", "grants; what is stronger (`hide`, `deny`, `ask`) still holds"),
    (
        "ask",
        "grants, with a person's approval of each call; with `if` it grants nothing and asks where the condition holds",
    ),
    ("deny", "refuses, and the tool stays listed; with `if` only where the condition holds"),
    ("hide", "refuses, and the agent does not see the tool"),
    ("limit", "at most so many calls in a window, counted for each tool by itself and for each grant"),
    ("on", "narrows tools with a block, without granting them"),
    ("include", "takes over the narrowing statements of another policy: never its default or what it grants"),
    (
        "require",
        "a call is refused unless the condition is true; an absent argument makes nearly every condition false",
    ),
    ("all", "one counter over the calls of every tool"),
    ("to", "how much may be used in a window"),
    ("per", "the window: seconds, minutes, hours or days"),
    ("total", "adds up an argument instead of counting calls; it must be an integer"),
    ("if", "the statement or clause applies where the condition is true"),
    ("until", "the last day of what is granted, to 24:00 UTC; from the next day on the statement is an error"),
    ("because", "the reason, which the agent reads when it is refused"),
    ("having", "keeps the tools that have this argument"),
    ("except", "takes tools away from the whole list before it"),
    ("and", "both must be true; binds tighter than `or`"),
    ("or", "one must be true; `and` binds tighter"),
    ("not", "the negative of `in`, `matches`, `contains`, `under` and `host in`"),
    ("every", "reserved for looking into lists; no target can do that yet"),
    ("any", "reserved for looking into lists; no target can do that yet"),
    ("count", "reserved for looking into lists; no target can do that yet"),
];

/// What an operator demands of the value of an argument.
const OPERATORS: &[(&str, &str)] = &[
    ("==", "equals, in type and value"),
    ("!=", "is there and does not equal; a value of another type is different"),
    ("<", "is a number below"),
    ("<=", "is a number at most so large"),
    (">", "is a number above"),
    (">=", "is a number at least so large"),
    ("in", "equals one of the list, in type and value"),
    ("not in", "is there and equals none of the list"),
    ("matches", "is a text that the pattern matches from its beginning to its end"),
    ("not matches", "is there and is no text that the whole pattern matches"),
    ("contains", "is a text with this part, or a list with this element"),
    ("not contains", "is there, without this part or element"),
    ("exists", "is there, and not null"),
    ("missing", "is absent or null"),
    ("under", "is a clean absolute path at or below the directory; what cannot be judged is refused"),
    ("not under", "is a clean absolute path elsewhere; what cannot be judged is refused"),
    ("host in", "is an absolute http or https address of one of the hosts; what cannot be judged is refused"),
    ("host not in", "is an absolute http or https address of another host; what cannot be judged is refused"),
];

/// What a policy's default does with tools that no statement speaks of.
const DEFAULTS: &[(&str, &str)] = &[
    ("deny", "what nothing grants is refused, and stays listed"),
    ("hide", "what nothing grants is refused, and the agent does not see it; needs a catalog"),
    ("allow", "what nothing refuses is allowed"),
];

/// What becomes of a call.
const DECISIONS: &[(&str, &str)] = &[
    ("allow", "the call goes ahead"),
    ("ask", "a person approves the call, or it does not go ahead"),
    ("deny", "the call is refused, with the reason"),
    ("hidden", "the agent does not see the tool, and the call is refused"),
    ("limited", "a limit has no room for the call in this window"),
];

/// What a default says, in one line.
pub fn fallback(word: &str) -> Option<&'static str> {
    find(DEFAULTS, word)
}

/// What a decision means, in one line.
pub fn decision(word: &str) -> Option<&'static str> {
    find(DECISIONS, word)
}

/// What a keyword says, in one line.
pub fn keyword(word: &str) -> Option<&'static str> {
    find(KEYWORDS, word)
}

/// What an operator demands, in one line; blanks within it do not count.
pub fn operator(word: &str) -> Option<&'static str> {
    let words: Vec<&str> = word.split_whitespace().collect();
    find(OPERATORS, &words.join(" "))
}

fn find(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(name, _)| *name == word).map(|(_, line)| *line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_language_has_its_line() {
        let grammar = include_str!("../../grammar/mcppol.pest");
        let reserved = grammar.split("reserved = _{").nth(1).and_then(|rest| rest.split('}').next()).unwrap();
        let words = reserved.split('"').skip(1).step_by(2);
        let parts_of_others = ["true", "false", "host"];
        for word in words.filter(|word| !parts_of_others.contains(word)) {
            assert!(keyword(word).or(operator(word)).is_some(), "`{word}`");
        }
        assert_eq!(operator("host  not\tin"), operator("host not in"));
        assert!(operator("host not in").is_some());
        assert_eq!(keyword("=="), None);
    }
}
