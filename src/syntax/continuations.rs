//! What may follow a text, by the grammar alone: what the strict rule of a part expects where the text ends.
//!
//! A construct that is new in the grammar is expected here by itself; names and types are not looked at.

use super::{
    SyntaxKind, comments, depth,
    expected::{Found, sign},
    parse::{Rule, stop},
};
use crate::text::FileId;

/// Something that may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuation {
    /// A word of the language.
    Keyword(&'static str),
    /// A bracket, a comma, an arrow.
    Sign(&'static str),
    /// A bare name of a policy, a set or a server.
    Name,
    /// A tool: its name, perhaps quoted, or a pattern.
    Tool,
    /// A set, with its `@`.
    Set,
    /// A text in quotes.
    Text,
    /// An argument of a tool.
    Argument,
    /// The operator of a test.
    Operator,
    /// A value, in a condition or an argument of a call.
    Value,
    /// The name of a member of an object.
    Member,
    /// A number.
    Number,
    /// A unit of time.
    Unit,
    /// A day.
    Date,
    /// What becomes of a call, or of calls that nothing decides.
    Decision,
    /// The end of the part: whatever follows it.
    End,
}

/// What no token begins with: reading stops before it at the latest.
const NOTHING: char = '\u{1}';

/// What may follow `before`, which is the beginning of a part of a kind: of a statement (`BadStatement`), a clause, a
/// call, or else an item. Of what cannot be read in it, a few words are overlooked.
pub fn continuations(part: SyntaxKind, before: &str) -> Vec<Continuation> {
    const OVERLOOKED: usize = 4;
    let mut text = depth::limit(FileId(0), before, &mut Vec::new()).into_owned();
    text.push(NOTHING);
    for _ in 0..=OVERLOOKED {
        let Some(stop) = stop(part, &text) else { break };
        if stop.at >= before.len() {
            return meant(&stop.expected, after_comma(before));
        }
        let length = Found::at(&text, stop.at).length;
        text.replace_range(stop.at..stop.at + length, &" ".repeat(length));
    }
    Vec::new()
}

/// Whether the last thing that is no comment is a comma, after which a list goes on, whatever else reads for a message.
fn after_comma(before: &str) -> bool {
    let code = |line: &str| {
        let end = comments::inside(line).comment.unwrap_or(line.len());
        line.get(..end).unwrap_or_default().trim_end().chars().next_back()
    };
    before.lines().rev().find_map(code) == Some(',')
}

fn meant(rules: &[Rule], in_list: bool) -> Vec<Continuation> {
    use Continuation as C;
    let mut out: Vec<Continuation> = Vec::new();
    for rule in rules {
        let several: &[Continuation] = match rule {
            Rule::tools | Rule::tool_name => &[C::Tool, C::Set],
            Rule::set_ref => &[C::Set],
            Rule::ident => &[C::Name],
            Rule::string | Rule::raw_string => &[C::Text],
            Rule::path => &[C::Argument],
            Rule::comparison | Rule::condition => &[C::Argument, C::Sign("(")],
            Rule::op | Rule::op_alone => &[C::Operator],
            Rule::bool | Rule::null | Rule::list => &[C::Value],
            Rule::member => &[C::Member],
            Rule::key => &[C::Member],
            Rule::rate => &[C::Keyword("to"), C::Keyword("total"), C::Number],
            Rule::window => &[C::Number, C::Unit],
            Rule::unit => &[C::Unit],
            Rule::number | Rule::times => &[C::Number],
            Rule::date => &[C::Date],
            Rule::word => &[C::Decision],
            Rule::EOI => &[C::End],
            rule => match sign(*rule) {
                Some(word) if word.starts_with(|c: char| c.is_ascii_lowercase()) => &[C::Keyword(word)],
                Some(word) => &[C::Sign(word)],
                None => &[],
            },
        };
        out.extend(several.iter().filter(|it| !in_list || !matches!(it, C::Keyword(_) | C::Sign("{") | C::End)));
    }
    let mut seen = Vec::new();
    out.retain(|it| {
        !seen.contains(it) && {
            seen.push(*it);
            true
        }
    });
    out
}
