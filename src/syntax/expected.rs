//! What was found and what could have stood there, in words.

use super::parse::{Rule, Stop};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    text::{Span, as_u32, list, nearest, slice},
};

/// What stands where reading stopped.
pub(super) struct Found<'a> {
    /// Its text; empty at the end.
    pub(super) text: &'a str,
    /// Its length in bytes, at least what a caret needs.
    pub(super) length: usize,
    /// Whether it is a word.
    pub(super) is_word: bool,
}

impl<'a> Found<'a> {
    /// The word or character at `at`.
    pub(super) fn at(text: &'a str, at: usize) -> Self {
        let rest = slice(text, at..text.len());
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let word = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if word > 0 {
            return Self { text: slice(rest, 0..word), length: word, is_word: true };
        }
        let length = rest.chars().next().map_or(0, char::len_utf8);
        Self { text: slice(rest, 0..length), length, is_word: false }
    }

    fn words(&self) -> String {
        let Some(c) = self.text.chars().next() else { return "the end".to_owned() };
        if self.is_word {
            return format!("`{}`", clip(self.text));
        }
        match c {
            '\u{a0}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => {
                format!("an invisible character (U+{:04X})", u32::from(c))
            }
            c if c.is_control() => format!("a control character (U+{:04X})", u32::from(c)),
            c => format!("`{c}`"),
        }
    }
}

/// A word short enough for a message.
pub(super) fn clip(word: &str) -> String {
    const LONGEST: usize = 60;
    if word.chars().count() <= LONGEST {
        return word.to_owned();
    }
    word.chars().take(LONGEST).chain(['…']).collect()
}

/// The error for something that could not stand where it does. `verb` is the first word of the part around it.
pub(super) fn unexpected(found: &Found<'_>, stop: &Stop, at: Span, verb: &str) -> Diagnostic {
    let phrases = phrases(&stop.expected);
    let wanted = if phrases.is_empty() { "something else".to_owned() } else { list(&phrases, "or") };
    let message = if found.text.is_empty() {
        format!("this ends too early: expected {wanted}")
    } else {
        format!("expected {wanted}, found {}", found.words())
    };
    let error = Diagnostic::error(&codes::SYNTAX, at, message);
    if !found.is_word {
        return error.help(example(verb));
    }
    let keywords = stop.expected.iter().filter_map(|rule| keyword(*rule));
    match nearest(found.text, keywords) {
        Some(word) if word != found.text => {
            let span = Span { end: at.start + as_u32(found.length), ..at };
            error.fix(Applicability::Unsafe, format!("did you mean `{word}`?"), span, word)
        }
        _ => error.help(example(verb)),
    }
}

/// How a statement of this kind looks, for the help.
fn example(verb: &str) -> &'static str {
    match verb {
        "policy" => "a policy looks like `policy NAME for SERVER { default deny … }`",
        "set" => "a set looks like `set NAME = tool_a, tool_b`",
        "import" => "an import looks like `import \"other.mcp\"`",
        "grant" => "a grant looks like `grant \"identity\" uses POLICY, POLICY`",
        "test" => "a test looks like `test \"name\" for POLICY { call TOOL { arg: 1 } -> deny }`",
        "call" => "a call looks like `call TOOL { arg: 1 } -> allow`",
        "default" => "write `default deny`, `default allow` or `default hide`",
        "limit" => "a limit looks like `limit TOOL to 10 per minute`",
        "require" => "a condition looks like `require args.amount <= 100`",
        "include" => "an include looks like `include OTHER_POLICY`",
        "on" => "it looks like `on TOOL { require args.amount <= 100 }`",
        "allow" | "ask" | "deny" | "hide" => {
            "tools are separated by `,`; a statement looks like `deny TOOL, OTHER because \"why\"`"
        }
        _ => "every statement begins with `allow`, `ask`, `deny`, `hide`, `limit`, `on`, `include` or `default`",
    }
}

/// The expected rules as phrases, each said once, the likely ones first.
fn phrases(rules: &[Rule]) -> Vec<&'static str> {
    const MANY: usize = 6;
    let has = |rule: Rule| rules.contains(&rule);
    let mut out: Vec<&'static str> = Vec::new();
    let mut add = |phrase: &'static str| {
        if !out.contains(&phrase) {
            out.push(phrase);
        }
    };
    let statement = (has(Rule::kw_allow) || has(Rule::st_allow)) && (has(Rule::kw_include) || has(Rule::st_include));
    let clause = (has(Rule::kw_require) || has(Rule::cl_require)) && (has(Rule::kw_limit) || has(Rule::cl_limit));
    for rule in rules {
        if let Some(phrase) = phrase(*rule)
            && !(statement && keyword(*rule).is_some_and(begins_statement))
            && !(clause && keyword(*rule).is_some_and(begins_clause))
        {
            add(phrase);
        }
    }
    if statement {
        add("a new statement");
    }
    if clause {
        add("a clause");
    }
    if out.len() > MANY {
        out.truncate(MANY - 1);
        out.push("another part");
    }
    out
}

fn begins_statement(word: &str) -> bool {
    ["allow", "ask", "deny", "hide", "limit", "on", "include", "default"].contains(&word)
}

fn begins_clause(word: &str) -> bool {
    ["require", "deny", "ask", "limit"].contains(&word)
}

/// The keyword that a rule reads, for suggestions.
fn keyword(rule: Rule) -> Option<&'static str> {
    let phrase = phrase(rule)?;
    phrase.strip_prefix('`')?.strip_suffix('`').filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// What a rule reads, in words; rules that only group others, and those that read mistakes, have none.
#[expect(clippy::wildcard_enum_match_arm, reason = "rules without a phrase of their own only group others")]
fn phrase(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::kw_policy | Rule::policy => "`policy`",
        Rule::kw_set | Rule::set_def => "`set`",
        Rule::kw_import | Rule::import => "`import`",
        Rule::kw_grant | Rule::grant => "`grant`",
        Rule::kw_test | Rule::test => "`test`",
        Rule::kw_call | Rule::call => "`call`",
        Rule::kw_for => "`for`",
        Rule::kw_as => "`as`",
        Rule::kw_uses => "`uses`",
        Rule::kw_times => "`times`",
        Rule::kw_default | Rule::st_default => "`default`",
        Rule::kw_allow | Rule::st_allow => "`allow`",
        Rule::kw_ask | Rule::st_ask | Rule::cl_ask => "`ask`",
        Rule::kw_deny | Rule::st_deny | Rule::cl_deny => "`deny`",
        Rule::kw_hide | Rule::st_hide => "`hide`",
        Rule::kw_limit | Rule::st_limit | Rule::cl_limit => "`limit`",
        Rule::kw_on | Rule::st_on => "`on`",
        Rule::kw_include | Rule::st_include => "`include`",
        Rule::kw_require | Rule::cl_require => "`require`",
        Rule::kw_all => "`all`",
        Rule::kw_to | Rule::rate => "`to`",
        Rule::kw_per => "`per`",
        Rule::kw_total => "`total`",
        Rule::kw_if | Rule::if_part => "`if`",
        Rule::kw_until | Rule::until => "`until`",
        Rule::kw_because | Rule::because => "`because`",
        Rule::kw_having | Rule::having => "`having`",
        Rule::kw_except | Rule::except => "`except`",
        Rule::kw_and => "`and`",
        Rule::kw_or => "`or`",
        Rule::ident => "a name",
        Rule::tool_name | Rule::set_ref | Rule::tools => "a tool",
        Rule::string | Rule::raw_string => "a text in quotes",
        Rule::number | Rule::times => "a number",
        Rule::date => "a date like `2026-12-31`",
        Rule::unit | Rule::window => "`second`, `minute`, `hour` or `day`",
        Rule::path | Rule::comparison | Rule::condition => "an argument (`args.…`)",
        Rule::op | Rule::op_alone => "an operator (`==`, `<=`, `in`, `matches`, …)",
        Rule::bool | Rule::null | Rule::list => "a value",
        Rule::word => "a word",
        Rule::key | Rule::member => "a member's name",
        Rule::object | Rule::l_brace | Rule::block => "`{`",
        Rule::r_brace => "`}`",
        Rule::l_bracket | Rule::array => "`[`",
        Rule::r_bracket => "`]`",
        Rule::l_paren | Rule::paren => "`(`",
        Rule::r_paren => "`)`",
        Rule::comma => "`,`",
        Rule::colon => "`:`",
        Rule::assign => "`=`",
        Rule::arrow => "`->`",
        _ => return None,
    })
}
