//! What was found and what could have stood there, in words.

use super::{
    SyntaxKind, literal,
    parse::{Rule, Stop},
    words::verb_for,
};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    text::{Span, list, nearest, slice},
};

const A_TOOL: &str = "a tool";
const A_NAME: &str = "a name";
const A_TEXT: &str = "a text in quotes";
const A_DATE: &str = "a date like `2026-12-31`";
const A_VALUE: &str = "a value";
const AN_ARGUMENT: &str = "an argument (`args.…`)";
const AN_OPERATOR: &str = "an operator (`==`, `<=`, `in`, `matches`, …)";

/// What every test has.
pub(super) const OPERATORS: &str = "the operators are `==` `!=` `<` `<=` `>` `>=` `in` `matches` `contains` `under` \
                                    `host in` `exists` `missing`";

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
        if word > 0 && !rest.starts_with('-') {
            return Self { text: slice(rest, 0..word), length: word, is_word: true };
        }
        let length = rest.chars().next().map_or(0, char::len_utf8);
        Self { text: slice(rest, 0..length), length, is_word: false }
    }

    fn words(&self) -> String {
        match self.text.chars().next() {
            None => "the end".to_owned(),
            Some(c) if c.is_control() => format!("a control character (U+{:04X})", u32::from(c)),
            Some('`') => "a backtick".to_owned(),
            Some(_) => format!("`{}`", clip(self.text)),
        }
    }
}

/// Whether a character looks like none, or like a plain space, and is not one.
pub(super) fn is_invisible(c: char) -> bool {
    !c.is_ascii() && c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

/// A word short enough for a message.
pub(super) fn clip(word: &str) -> String {
    const LONGEST: usize = 60;
    if word.chars().count() <= LONGEST {
        return word.to_owned();
    }
    word.chars().take(LONGEST).chain(['…']).collect()
}

/// The error for something that could not stand where it does, in a part of this kind that begins with `verb`.
pub(super) fn unexpected(found: &Found<'_>, stop: &Stop, at: Span, part: SyntaxKind, verb: &str) -> Diagnostic {
    let phrases = phrases(&stop.expected);
    let wanted = list(&phrases, "or");
    let message = match (found.text, phrases.is_empty()) {
        ("", _) => format!("this ends too early: expected {wanted}"),
        (_, true) => format!("{} does not belong here", found.words()),
        (")" | "]", _) if !stop.open => format!("this `{}` closes nothing", found.text),
        _ => format!("expected {wanted}, found {}", found.words()),
    };
    let error = Diagnostic::error(&codes::SYNTAX, at, message);
    if let Some(word) = suggestion(found, stop) {
        return error.fix(Applicability::Unsafe, format!("did you mean `{word}`?"), at, word);
    }
    error.help(hint(found, &phrases).unwrap_or_else(|| example(part, verb).to_owned()))
}

/// The keyword that a word is nearly.
pub(super) fn suggestion(found: &Found<'_>, stop: &Stop) -> Option<&'static str> {
    let keywords = stop.expected.iter().filter_map(|rule| keyword(*rule));
    let values = stop.expected.contains(&Rule::bool).then_some(["true", "false"]).into_iter().flatten();
    let known = keywords.chain(values).filter(|_| found.is_word);
    nearest(found.text, known).filter(|word| *word != found.text)
}

/// The error for a keyword where a name is expected.
pub(super) fn reserved(found: &Found<'_>, stop: &Stop, at: Span, before: &str) -> Option<Diagnostic> {
    // these stand after the names, of which there are none
    if ["except", "if", "because", "until", "having", "to", "total", "and", "or", "for", "as", "uses"]
        .contains(&found.text)
    {
        return None;
    }
    let phrases = phrases(&stop.expected);
    let has = |phrase| phrases.contains(&phrase);
    let message = format!("`{}` is a keyword, so it cannot stand for a name here", found.text);
    let error = Diagnostic::error(&codes::RESERVED_WORD, at, message);
    if before != "set" && (has(A_TOOL) || before == "," && !has(A_NAME) && !has("`,`")) || has(A_NAME) && has(A_TEXT) {
        if found.text == "all" {
            return Some(error.fix(Applicability::Unsafe, "for every tool write `*`", at, "*"));
        }
        let quoted = literal::quote(found.text);
        return Some(error.fix(Applicability::Unsafe, format!("if that is its name, write `{quoted}`"), at, quoted));
    }
    has(A_NAME).then(|| error.help(format!("choose another name, such as `my_{}`", found.text)))
}

/// What to do about something that stands where something else is expected, judged by what is expected.
fn hint(found: &Found<'_>, phrases: &[&str]) -> Option<String> {
    let only = |phrase| *phrases == [phrase];
    let has = |phrase| phrases.contains(&phrase);
    Some(match found.text {
        "not" => "each test has a negative of its own: `!=`, `not in`, `not matches`, `missing`, …".to_owned(),
        "between" => "write two tests: `args.amount >= 1 and args.amount <= 5`".to_owned(),
        "[" if has(AN_OPERATOR) => "an argument is written `args.name`, or `args[\"odd name\"]`".to_owned(),
        "host" => "write `host in [\"api.example.com\"]`".to_owned(),
        ")" | "]" if phrases.len() > 1 => "remove it, or add the bracket that it closes".to_owned(),
        "-" if has(A_TOOL) || phrases.len() > 2 => "a name that begins or ends with `-` stands in quotes".to_owned(),
        "(" if has("`->`") => "arguments stand in braces: `call TOOL { amount: 1 } -> allow`".to_owned(),
        "(" if has(A_TOOL) || has("`,`") => "tools stand without parentheses, separated by `,`".to_owned(),
        "because" if only(A_TEXT) => "write the text without the `because`".to_owned(),
        "," | "&" | "|" if has("`and`") => {
            "tests are joined by `and` or `or`; digits are grouped with `_`: `1_000`".to_owned()
        }
        _ if only(A_TEXT) && !found.is_word => "a text stands in straight double quotes: `\"…\"`".to_owned(),
        _ if only(A_DATE) => "write the last day without quotes, year first: `until 2026-12-31`".to_owned(),
        _ if has(AN_ARGUMENT) => "an argument is written `args.amount`, and a test `args.amount <= 100`".to_owned(),
        _ if has(A_VALUE) => "a value is a text in quotes, a number, `true`, `false` or a list in `[` `]`".to_owned(),
        _ if has("`)`") => "add the `)` that closes the `(`".to_owned(),
        _ if has(AN_OPERATOR) => OPERATORS.to_owned(),
        _ => return None,
    })
}

/// How a part of this kind looks, for the help.
pub(super) fn example(part: SyntaxKind, verb: &str) -> &'static str {
    match verb_for(verb).unwrap_or(verb) {
        "limit" if part == SyntaxKind::BadClause => "a limit looks like `limit to 10 per minute`",
        "deny" if part == SyntaxKind::BadClause => "the clause looks like `deny if args.amount > 100`",
        "ask" if part == SyntaxKind::BadClause => "the clause looks like `ask if args.amount > 100`",
        "policy" => "a policy looks like `policy NAME for SERVER { default deny … }`",
        "set" => "a set looks like `set NAME = tool_a, tool_b`",
        "import" => "an import looks like `import \"other.mcp\"`",
        "grant" => "a grant looks like `grant \"identity\" uses POLICY, POLICY`",
        "test" => "a test looks like `test \"name\" for POLICY { call TOOL { arg: 1 } -> deny }`",
        "call" => "a call looks like `call TOOL { arg: 1 } -> deny \"why\"`",
        "default" => "write `default deny`, `default allow` or `default hide`",
        "limit" => "a limit looks like `limit TOOL to 10 per minute`",
        "require" => "a condition looks like `require args.amount <= 100`",
        "include" => "an include looks like `include OTHER_POLICY`",
        "on" => "it looks like `on TOOL { require args.amount <= 100 }`",
        "allow" | "ask" | "deny" | "hide" => {
            "tools are separated by `,`; a statement looks like `deny TOOL, OTHER because \"why\"`"
        }
        _ => others(part),
    }
}

fn others(part: SyntaxKind) -> &'static str {
    match part {
        SyntaxKind::BadStatement => {
            "a statement begins with `allow`, `ask`, `deny`, `hide`, `limit`, `on`, `include` or `default`"
        }
        SyntaxKind::BadClause => "a clause looks like `require …`, `deny if …`, `ask if …` or `limit to …`",
        SyntaxKind::BadCall => "a test holds calls: `call TOOL { arg: 1 } -> deny`",
        _ => "a file holds `policy`, `set`, `import`, `grant` and `test`",
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
    let value = has(Rule::bool) || has(Rule::null) || has(Rule::literal);
    let clause = (has(Rule::kw_require) || has(Rule::cl_require)) && (has(Rule::kw_limit) || has(Rule::cl_limit));
    for rule in rules {
        if let Some(phrase) = phrase(*rule)
            && !(value && matches!(phrase, A_TEXT | "a number" | "`[`" | "`{`"))
            && !(has(Rule::ident) && has(Rule::assign) && phrase == A_TOOL)
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
    sign(rule).filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// The one word or sign that a rule reads or begins with.
pub(super) fn sign(rule: Rule) -> Option<&'static str> {
    phrase(rule)?.strip_prefix('`')?.strip_suffix('`').filter(|word| !word.contains('`'))
}

/// What a rule reads, in words; rules that only group others, and those that read mistakes, have none.
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
        Rule::ident => A_NAME,
        Rule::tool_name | Rule::set_ref | Rule::tools => A_TOOL,
        Rule::string | Rule::raw_string => A_TEXT,
        Rule::number | Rule::times => "a number",
        Rule::date => A_DATE,
        Rule::unit | Rule::window => "`second`, `minute`, `hour` or `day`",
        Rule::path | Rule::comparison | Rule::condition => AN_ARGUMENT,
        Rule::op | Rule::op_alone => AN_OPERATOR,
        Rule::bool | Rule::null | Rule::list => A_VALUE,
        Rule::word => "a decision",
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
