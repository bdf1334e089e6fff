//! Text that is matched: the regular expressions of a policy, the guards over paths and URLs that
//! compile to them, and the patterns over tool names.
//!
//! A regular expression is judged by [`check`] and tried by [`Matcher`]; both promise what RE2 does
//! with the same text. Absent on purpose: searching within a text (a match is always of the whole)
//! and captures.

use std::ops::Range;

use regex_syntax::ast::{Error, ErrorKind};

mod automaton;
mod dialect;
pub mod glob;
pub mod guard;
pub mod recognise;
mod search;

pub use search::{Search, searched};

pub use automaton::Automaton;

/// The most that a compiled pattern may take, in bytes. The dialect's own bound on the expanded
/// size keeps every pattern far below it.
const COMPILED: usize = 16 << 20;

/// What is wrong with a pattern, a directory or a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the text that it is about.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Problem {
    fn new(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem { range, message: message.into(), help: help.into() }
    }
}

/// Whether the text is in the dialect: accepted by RE2, Go's `regexp` and Rust's `regex`, and read
/// alike by all of them.
///
/// It only parses. A text that passes compiles, here and in Go.
///
/// # Errors
///
/// The first thing in the text that is outside the dialect.
pub fn check(pattern: &str) -> Result<(), Problem> {
    dialect::translate(pattern).map(drop)
}

/// A compiled pattern, which matches whole texts.
#[derive(Clone, Debug)]
pub struct Matcher(regex::Regex);

impl Matcher {
    /// Compiles the pattern.
    ///
    /// # Errors
    ///
    /// Those of [`check`], and no others.
    pub fn new(pattern: &str) -> Result<Matcher, Problem> {
        let text = format!(r"\A(?:{})\z", dialect::translate(pattern)?);
        regex::RegexBuilder::new(&text).size_limit(COMPILED).build().map(Matcher).map_err(|error| {
            Problem::new(0..pattern.len(), "the pattern does not compile", format!("the engine says: {error}"))
        })
    }

    /// Whether the whole text matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// The pattern for an engine that searches: it finds the text only as a whole.
pub fn whole(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// The pattern that matches just this text. It is in the dialect unless the text makes it too long.
pub fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for char in text.chars() {
        if regex_syntax::is_meta_character(char) && !"#&-~".contains(char) {
            pattern.push('\\');
            pattern.push(char);
        } else if char.is_control() || unseen(char) {
            pattern.push_str(&format!(r"\x{{{:X}}}", u32::from(char)));
        } else {
            pattern.push(char);
        }
    }
    pattern
}

/// Line separators, marks of direction and characters without width: whoever reads the compiled
/// document should see them.
fn unseen(char: char) -> bool {
    matches!(
        char,
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// What the parser refused, in the words of this language.
fn explain(pattern: &str, error: &Error) -> Problem {
    let range = error.span().start.offset..error.span().end.offset;
    let word = pattern.get(range.clone()).unwrap_or_default();
    let from_here = pattern.get(range.start..).unwrap_or_default();
    let (message, help) = match HELP.iter().find(|(kind, _)| kind == error.kind()) {
        Some((kind, help)) => (kind.to_string(), (*help).to_owned()),
        None if *error.kind() == ErrorKind::EscapeUnrecognized => escape(word),
        None if *error.kind() == ErrorKind::FlagUnrecognized => opening(from_here),
        None if *error.kind() == ErrorKind::UnsupportedBackreference => {
            let message = if word == r"\0" {
                r"octal escapes such as `\0` are not in the dialect".to_owned()
            } else {
                format!("`{word}` is a back-reference (or octal), which is not in the dialect")
            };
            (message, r"linear-time engines have no back-references; for a character write `\x{41}`".to_owned())
        }
        None if *error.kind() == ErrorKind::RepetitionMissing => {
            let sign = from_here.chars().next().unwrap_or_default();
            (
                format!("there is nothing before `{sign}` to repeat"),
                format!(r"for the sign itself write `\{sign}`; any text is `.*`"),
            )
        }
        None => (error.kind().to_string(), "see the dialect of `matches` in the language reference".to_owned()),
    };
    Problem { range, message, help }
}

/// A letter after `\` that says nothing.
fn escape(word: &str) -> (String, String) {
    let help = match word.trim_start_matches('\\') {
        "Z" => r"write `$` or `\z` for the end of the text",
        "Q" | "E" => r"put a `\` before each special character instead",
        "C" => "write `.` for a character; bytes cannot be matched",
        "h" => r"write `[ \t]`",
        "R" => r"write `(?:\r?\n)`",
        "e" => r"write `\x1B`",
        "k" | "g" => {
            return (
                format!("`{word}` is a back-reference, which is not in the dialect"),
                "linear-time engines have none: write the text out".to_owned(),
            );
        }
        _ => r"drop the `\`, or write `\\` for the sign itself",
    };
    (format!("`{word}` is not in the dialect"), help.to_owned())
}

/// What follows `(?` and is neither a group nor a flag.
fn opening(text: &str) -> (String, String) {
    let sign = text.chars().next().unwrap_or_default();
    let (what, help) = match sign {
        'P' | '&' | '0'..='9' => {
            ("a back-reference or a call of a group", "linear-time engines have none: write the text out")
        }
        '>' => ("an atomic group", "write `(?:…)`: no engine here backtracks"),
        '#' => ("a comment", "comment in the policy, with `//`"),
        '\'' => ("a named group", "drop the name: `(…)`"),
        '|' => ("a branch reset", "write `(?:…)`"),
        '(' => ("a condition", "write the cases as alternatives: `a|b`"),
        _ => ("a flag", "the one flag is `(?i)`, for a part `(?i:…)`"),
    };
    (format!("`(?{sign}` opens {what} that is not in the dialect"), help.to_owned())
}

const COUNT: &str = r"write `{3}`, `{3,}` or `{0,3}`, no spaces, no leading zeros; for the sign itself `\{`";
const NAME: &str = "drop the name: `(…)`";
const FLAG: &str = "the one flag is `(?i)`, for a part `(?i:…)`; any character is `(?:.|\\n)`";
const HEX: &str = r"after `\x` come two digits, or digits in braces: `\x41`, `\x{1F600}`";
const BOUNDARY: &str = r"write `\b`";
const RANGES: &str = r"write the ranges out, as in `[A-Za-zÀ-ÿ]` or `[\x{370}-\x{3FF}]`";
const DASH: &str = r"for the sign itself write `\-`";

/// What to write where the parser's own message says enough.
const HELP: &[(ErrorKind, &str)] = &[
    (ErrorKind::ClassEscapeInvalid, "name the characters themselves"),
    (ErrorKind::ClassRangeInvalid, DASH),
    (ErrorKind::ClassRangeLiteral, DASH),
    (ErrorKind::ClassUnclosed, r"add `]`; for the sign itself write `\[`"),
    (ErrorKind::DecimalInvalid, COUNT),
    (ErrorKind::EscapeHexEmpty, HEX),
    (ErrorKind::EscapeHexInvalid, HEX),
    (ErrorKind::EscapeHexInvalidDigit, HEX),
    (ErrorKind::EscapeUnexpectedEof, r"for the sign itself write `\\`"),
    (ErrorKind::FlagDanglingNegation, FLAG),
    (ErrorKind::FlagUnexpectedEof, FLAG),
    (ErrorKind::GroupNameEmpty, NAME),
    (ErrorKind::GroupNameInvalid, NAME),
    (ErrorKind::GroupNameUnexpectedEof, NAME),
    (ErrorKind::GroupUnclosed, r"add `)`; for the sign itself write `\(`"),
    (ErrorKind::GroupUnopened, r"for the sign itself write `\)`"),
    (ErrorKind::NestLimitExceeded(dialect::NESTING), "nest fewer groups"),
    (ErrorKind::RepetitionCountInvalid, "swap the two numbers"),
    (ErrorKind::RepetitionCountDecimalEmpty, COUNT),
    (ErrorKind::RepetitionCountUnclosed, COUNT),
    (ErrorKind::SpecialWordBoundaryUnclosed, BOUNDARY),
    (ErrorKind::SpecialWordBoundaryUnrecognized, BOUNDARY),
    (ErrorKind::SpecialWordOrRepetitionUnexpectedEof, BOUNDARY),
    (ErrorKind::UnicodeClassInvalid, RANGES),
    (ErrorKind::UnsupportedLookAround, "linear-time engines have none: use a second test"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn matches_as_re2_does() {
        for (pattern, inside, outside) in [
            ("", vec![""], vec!["a"]),
            ("a|bc", vec!["a", "bc"], vec!["abc", "ac", "b"]),
            ("a||b", vec!["", "a", "b"], vec!["ab"]),
            ("^a$", vec!["a"], vec!["a\n", "xa"]),
            (r"\Aa\z", vec!["a"], vec!["a\n"]),
            (".", vec!["\r", "\u{2028}", "é", "\u{85}"], vec!["\n", ""]),
            (r"\d+", vec!["09"], vec!["٣", ""]),
            (r"\w", vec!["_", "z"], vec!["é", "-", "\u{212A}"]),
            (r"\s", vec!["\t", "\n", "\x0C", "\r", " "], vec!["\x0B", "\u{A0}", "\u{85}"]),
            (r"[[:space:]]", vec!["\x0B"], vec!["\u{A0}"]),
            (r"\W", vec!["é", "-"], vec!["_"]),
            (r"[^\s]", vec!["\x0B"], vec![" "]),
            (r"é\bx", vec!["éx"], vec![]),
            (r"é\Bx", vec![], vec!["éx"]),
            ("(?i)k", vec!["k", "K", "\u{212A}"], vec![]),
            ("(?i)[r-t]", vec!["s", "S", "\u{17F}"], vec![]),
            (r"(?i)\w", vec!["\u{17F}", "\u{212A}"], vec!["é"]),
            (r"(?i)\W", vec!["é"], vec!["\u{17F}", "\u{212A}"]),
            ("(?i)[^k]", vec!["a"], vec!["K", "\u{212A}"]),
            ("(?i:a)b", vec!["Ab"], vec!["AB"]),
            ("(x(?i)a|b)c", vec!["xAc", "Bc"], vec!["xAC", "XAc"]),
            (r"\x41\x{1F600}\.\_", vec!["A😀._"], vec!["A😀x_"]),
            ("a{2}b{0,1}c{1,}", vec!["aac", "aabcc"], vec!["ac", "aabbc"]),
            ("a{0}", vec![""], vec!["a"]),
            ("[]a][a-][-b][x-z-9]", vec!["]--9", "aabx"], vec!["]--8"]),
            (r"[^\x00-\x{10FFFF}]?", vec![""], vec!["a"]),
            ("}]", vec!["}]"], vec![]),
        ] {
            let matcher = Matcher::new(pattern).unwrap();
            for text in inside {
                assert!(matcher.is_match(text), "{pattern} on {text:?}");
            }
            for text in outside {
                assert!(!matcher.is_match(text), "{pattern} on {text:?}");
            }
        }
    }

    /// Pattern, the words the problem points at, and a part of the message.
    #[test]
    fn refuses() {
        for (pattern, word, part) in [
            (r"a\pL", r"\pL", "Unicode classes"),
            (r"[\p{Greek}]", r"\p{Greek}", "Unicode classes"),
            ("[a-z&&[^b]]", "&&", "arithmetic"),
            ("[a-z--b]", "--", "arithmetic"),
            ("[a~~b]", "~~", "arithmetic"),
            ("[a[b]]", "[b]", "within `[…]`"),
            ("[[:foo:]]", "[:foo:]", "within `[…]`"),
            ("[[a]", "[", "unclosed"),
            ("[--a]", "-", "range to one engine"),
            ("[]-a]", "-", "range to one engine"),
            (r"[\d-z]", r"\d", "literal"),
            (r"\<a", r"\<", "different things"),
            (r"\b{start}", r"\b{start}", "different things"),
            (r"\b{x}", "x", "boundary"),
            (r"\u0041", r"\u0041", "not known"),
            (r"\U{41}", r"\U{41}", "not known"),
            (r"\0", r"\0", "octal"),
            (r"\123", r"\1", "back-reference"),
            (r"(a)\1", r"\1", "back-reference"),
            (r"(?P=a)", "P", "back-reference"),
            (r"\Qa\E", r"\Q", "not in the dialect"),
            (r"\C", r"\C", "not in the dialect"),
            (r"a\Z", r"\Z", "not in the dialect"),
            (r"\y", r"\y", "not in the dialect"),
            (r"\é", r"\é", "not in the dialect"),
            ("(?m)a", "m", "flag"),
            ("(?s:.)", "s", "flag"),
            ("(?x) a", "x", "flag"),
            ("(?U)a", "U", "flag"),
            ("(?u)a", "u", "flag"),
            ("(?R)a", "R", "flag"),
            ("(?-i)a", "-i", "flag"),
            ("(?i-s:a)", "i-s", "flag"),
            ("(?P<n>a)", "n", "names a group"),
            ("(?<n>a)", "n", "names a group"),
            ("(?=a)", "(?=", "look-around"),
            ("(?<!a)b", "(?<!", "look-around"),
            ("(?>a)", ">", "atomic"),
            ("(?#a)", "#", "comment"),
            ("a**", "**", "repeats a repetition"),
            ("a+*", "+*", "repeats a repetition"),
            ("a{2}{3}", "{2}{3}", "repeats a repetition"),
            ("a*?+", "*?+", "repeats a repetition"),
            ("a{,5}", "", "decimal"),
            ("a{ 1}", "{ 1}", "plain count"),
            ("a{1, 2}", "{1, 2}", "plain count"),
            ("a{01}", "{01}", "plain count"),
            ("a{5,2}", "{5,2}", "repetition count"),
            ("a{1001}", "{1001}", "1000 times"),
            ("a{0,1001}", "{0,1001}", "1000 times"),
            ("a{99999999999}", "99999999999", "decimal"),
            ("(?:a{10}b){101}", "{101}", "1010 copies"),
            ("((?:a{10}){10}b){11}", "{11}", "1100 copies"),
            ("(?i)é", "é", "not ASCII"),
            ("(?i)[a-é]", "é", "not ASCII"),
            (r"(?i)\x{E9}", r"\x{E9}", "not ASCII"),
            ("A[bc]|(?i)a", "A[bc]|(?i)a", "beside a `|`"),
            ("[Aa]b|Ac", "[Aa]b|Ac", "beside a `|`"),
            ("*a", "", "nothing before `*`"),
            ("a|{2}", "", "nothing before `{`"),
            ("(a", "(", "unclosed"),
            ("a)", ")", "unopened"),
            (r"a\", r"\", "escape"),
        ] {
            let problem = check(pattern).expect_err(pattern);
            assert_eq!(pattern.get(problem.range.clone()), Some(word), "{pattern}: {problem:?}");
            assert!(problem.message.contains(part), "{pattern}: {problem:?}");
            assert!(!problem.help.is_empty() && !problem.message.ends_with('.'), "{problem:?}");
        }
    }

    #[test]
    fn bounds() {
        assert!(check(&"a".repeat(4096)).is_ok());
        assert!(check(&"a".repeat(4097)).is_err());
        assert!(check(&format!("{}a{}", "(".repeat(90), ")".repeat(90))).is_ok());
        assert!(check(&format!("{}a{}", "(".repeat(110), ")".repeat(110))).is_err());
        assert!(check("(?:.{10}){100}").is_ok());
        assert!(Matcher::new("(?:[^/]{0,100}/){0,10}").is_ok());
        let wide = "é".repeat(60);
        assert!(Matcher::new(&format!("(?:{wide}){{0,500}}")).is_ok());
        assert!(check(&format!("(?:{wide}){{0,600}}")).is_err());
    }

    #[test]
    fn wraps_and_escapes() {
        assert_eq!(whole("a|b"), "^(?:a|b)$");
        assert_eq!(literal("a.b-c/d (e)"), r"a\.b-c/d \(e\)");
        assert_eq!(literal("é\n\u{202E}\u{85}"), r"é\x{A}\x{202E}\x{85}");
    }

    proptest! {
        #[test]
        fn what_passes_compiles(pattern in r"([ak]|[SKé.^$]|\\[bBdWs.nx<]|[*+?]|\{[02],?3?\}|\[\^?|[]|()-]|\(\?[i:]|\(\?i\)){0,10}") {
            if check(&pattern).is_ok() {
                prop_assert!(Matcher::new(&pattern).is_ok());
                prop_assert_eq!(check(&whole(&pattern)), Ok(()));
                prop_assert!(regex::Regex::new(&whole(&pattern)).is_ok());
            }
        }

        #[test]
        fn nothing_panics(pattern in any::<String>()) {
            if let Err(problem) = check(&pattern) {
                prop_assert!(pattern.get(problem.range).is_some());
            }
        }

        #[test]
        fn a_literal_matches_itself_alone(text in any::<String>(), other in any::<String>()) {
            let pattern = literal(&text);
            prop_assert_eq!(check(&pattern), Ok(()));
            let matcher = Matcher::new(&pattern).unwrap();
            prop_assert!(matcher.is_match(&text));
            prop_assert_eq!(matcher.is_match(&other), text == other);
        }
    }
}
