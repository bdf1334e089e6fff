//! JSON, with or without comments and trailing commas, from the tokens of `jsonc-parser`.
//!
//! The crate cuts and unescapes tokens; how they follow each other is judged here, without recursion and in our words.
//! The first thing that is out of place ends the reading; a comment or a trailing comma in strict JSON does not.

use jsonc_parser::{Scanner, ScannerOptions, errors::ParseErrorKind, tokens::Token};

use super::{Kind, build::Builder};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    text::{as_u32, slice},
};

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A value.
    Value,
    /// A value or the end of the list.
    FirstItem,
    /// A name or the end of the object.
    FirstKey,
    /// After a comma: a value or name, or (a trailing comma) the end.
    AfterComma,
    /// The colon after a name.
    Colon,
    /// After a value: a comma or the end.
    CommaOrEnd,
    /// Nothing but comments.
    Nothing,
}

pub(super) fn read(text: &str, lenient: bool, builder: &mut Builder) {
    let options = ScannerOptions {
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let mut scanner = Scanner::new(text, &options);
    let mut next = Next::Value;
    let mut comma = (0, 0);
    while !builder.is_broken() {
        let token = match scanner.scan() {
            Ok(Some(token)) => token,
            Ok(None) => return end(text, next, builder),
            Err(error) => {
                let range = error.range();
                return fail(text, (range.start, range.end), error.kind(), builder);
            }
        };
        let (start, end) = (scanner.token_start(), scanner.token_end());
        let at = (as_u32(start), as_u32(end));
        if matches!(token, Token::CommentLine(_) | Token::CommentBlock(_)) {
            if !lenient {
                let problem = Diagnostic::error(&codes::SYNTAX, builder.span(at.0, at.1), "JSON has no comments");
                builder.problem(problem.help("take the comment out: a reader of plain JSON refuses the whole file"));
            }
            continue;
        }
        if let (Token::String(_), Some(inside)) = (&token, control(slice(text, start..end))) {
            let inside = builder.span(at.0 + inside, at.0 + inside + 1);
            let problem =
                Diagnostic::error(&codes::SYNTAX, inside, "a line break or control character stands within a text");
            return builder.fail(problem.help("close the text on its line; a line break within it is written `\\n`"));
        }
        next = match (next, token) {
            (Next::Value | Next::FirstItem | Next::AfterComma, token @ (Token::OpenBrace | Token::OpenBracket))
                if next != Next::AfterComma || !builder.in_object() =>
            {
                if token == Token::OpenBrace {
                    builder.open_object(at.0);
                    Next::FirstKey
                } else {
                    builder.open_list(at.0);
                    Next::FirstItem
                }
            }
            (Next::FirstKey | Next::AfterComma, Token::String(name)) if builder.in_object() => {
                builder.key(&name, at.0, at.1);
                Next::Colon
            }
            (Next::Colon, Token::Colon) => Next::Value,
            (Next::CommaOrEnd, Token::Comma) => {
                comma = at;
                Next::AfterComma
            }
            (Next::FirstKey | Next::CommaOrEnd | Next::AfterComma, Token::CloseBrace) if builder.in_object() => {
                trailing(next, comma, lenient, builder);
                close(at.1, builder)
            }
            (Next::FirstItem | Next::CommaOrEnd | Next::AfterComma, Token::CloseBracket) if !builder.in_object() => {
                trailing(next, comma, lenient, builder);
                close(at.1, builder)
            }
            (Next::Value | Next::FirstItem | Next::AfterComma, token)
                if next != Next::AfterComma || !builder.in_object() =>
            {
                let Some(kind) = scalar(&token) else {
                    return unexpected(text, next, at, builder);
                };
                builder.value(kind, at.0, at.1);
                after(builder)
            }
            (next, _) => return unexpected(text, next, at, builder),
        };
    }
}

/// Where a text holds a character that JSON wants escaped.
fn control(text: &str) -> Option<u32> {
    text.bytes().position(|byte| byte < 0x20).map(as_u32)
}

fn close(end: u32, builder: &mut Builder) -> Next {
    builder.close(end);
    after(builder)
}

fn after(builder: &Builder) -> Next {
    if builder.is_complete() { Next::Nothing } else { Next::CommaOrEnd }
}

fn trailing(next: Next, comma: (u32, u32), lenient: bool, builder: &mut Builder) {
    if next == Next::AfterComma && !lenient {
        let span = builder.span(comma.0, comma.1);
        let problem =
            Diagnostic::error(&codes::SYNTAX, span, "a comma stands before the end, which JSON does not have");
        builder.problem(problem.fix(Applicability::Safe, "take the comma out", span, ""));
    }
}

fn scalar(token: &Token<'_>) -> Option<Kind> {
    Some(match token {
        Token::String(text) => Kind::Text(text.as_ref().into()),
        Token::Boolean(value) => Kind::Bool(*value),
        Token::Null => Kind::Null,
        Token::Number(digits) => {
            let bare = digits.trim_start_matches('-');
            if bare.len() > 1 && bare.starts_with('0') && bare.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            match digits.parse() {
                Ok(integer) => Kind::Integer(integer),
                Err(_) => Kind::Float(digits.parse().ok().filter(|number: &f64| number.is_finite())?),
            }
        }
        _ => return None,
    })
}

fn unexpected(text: &str, next: Next, at: (u32, u32), builder: &mut Builder) {
    let found = slice(text, at.0 as usize..at.1 as usize);
    let wanted = match next {
        Next::Value => "a value belongs here",
        Next::FirstItem => "a value or `]` belongs here",
        Next::FirstKey => "a name in quotes or `}` belongs here",
        Next::AfterComma if builder.in_object() => "a name in quotes belongs here",
        Next::AfterComma => "a value belongs here",
        Next::Colon => "a `:` belongs here, between name and value",
        Next::CommaOrEnd if builder.in_object() => "a `,` or `}` belongs here",
        Next::CommaOrEnd => "a `,` or `]` belongs here",
        Next::Nothing => "the document ended before this",
    };
    let help = match (next, found) {
        (Next::CommaOrEnd, _) => "write a `,` between two of them",
        (Next::Nothing, _) => "a file holds one value; take the rest out",
        (Next::Value | Next::FirstItem | Next::AfterComma, _)
            if found.starts_with(|c: char| c.is_ascii_digit() || c == '-') =>
        {
            "write the number as JSON has it: no leading zeros, and no larger than a double"
        }
        _ => {
            "texts and names stand in double quotes; other values are numbers, `true`, `false`, `null`, lists and objects"
        }
    };
    let shown = found.chars().take(40).collect::<String>().replace('`', "'");
    let span = builder.span(at.0, at.1);
    builder.fail(Diagnostic::error(&codes::SYNTAX, span, format!("{wanted}, not `{shown}`")).help(help));
}

/// The text ended.
fn end(text: &str, next: Next, builder: &mut Builder) {
    if next == Next::Nothing {
        return;
    }
    let at = as_u32(text.trim_end().len());
    let span = builder.span(at, at);
    let (message, help) = match (builder.depth(), builder.in_object()) {
        (0, _) => ("the file is empty".to_owned(), "write an object: `{ … }`"),
        (_, true) => ("the file ends within an object".to_owned(), "close it with `}`"),
        (_, false) => ("the file ends within a list".to_owned(), "close it with `]`"),
    };
    builder.fail(Diagnostic::error(&codes::SYNTAX, span, message).help(help));
}

/// A token that is none.
fn fail(text: &str, range: (usize, usize), kind: &ParseErrorKind, builder: &mut Builder) {
    let start = range.0.min(text.len());
    let start = (0..=start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let end = (range.1.max(start)..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let (message, help) = match kind {
        ParseErrorKind::String(_) => (
            "this text is not closed, or has an escape that JSON lacks",
            "close it with `\"` on its line; a backslash is written `\\\\`",
        ),
        ParseErrorKind::UnterminatedCommentBlock => ("this comment has no end", "close it with `*/`"),
        ParseErrorKind::SingleQuotedStringsNotAllowed => ("JSON has no single quotes", "write `\"…\"`"),
        ParseErrorKind::UnexpectedWord | ParseErrorKind::UnexpectedToken => {
            ("this is no part of JSON", "texts and names stand in double quotes")
        }
        _ => ("this is not a number that JSON has", "write digits, with a sign, fraction or exponent where needed"),
    };
    let span = builder.span(as_u32(start), as_u32(end));
    builder.fail(Diagnostic::error(&codes::SYNTAX, span, message).help(help));
}
