//! What a part says that could not be read: it is read once more alone, and where that stops is the place of the error.

use super::{Explainer, first_word, outside};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    syntax::{
        Node, SyntaxKind,
        expected::{self, Found},
        parse::{Stop, stop},
        words::{VERBS, is_reserved, verb_for, verbs_of},
    },
    text::{Edit, Lines, Span, as_u32, nearest, slice},
};

impl Explainer<'_> {
    /// Reads a bad part alone and words where that stops.
    pub(super) fn bad(&self, node: Node<'_>) -> Option<Diagnostic> {
        let span = node.span();
        // a head is read with the brace that should follow it
        let end = if node.kind() == SyntaxKind::BadHead {
            let rest = slice(self.readable, span.end as usize..self.readable.len());
            let gap = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            if rest.trim_start().starts_with('{') { span.end + as_u32(gap) + 1 } else { span.end }
        } else {
            span.end
        };
        let part = slice(self.readable, span.start as usize..end as usize);
        let Some(stop) = stop(node.kind(), part) else {
            return Some(Diagnostic::error(&codes::SYNTAX, span, "this could not be read"));
        };
        let found = Found::at(part, stop.at);
        let masked = slice(self.text, span.start as usize + stop.at..self.text.len()).chars().next();
        if found.text == "#" && masked != Some('#') {
            return None; // too deep, and said so already
        }
        let at = Span::new(self.file, span.start + as_u32(stop.at), span.start + as_u32(stop.at + found.length));
        let verb = first_word(part);
        Some(
            self.special(node, &found, &stop, at, verb)
                .unwrap_or_else(|| expected::unexpected(&found, &stop, at, node.kind(), verb)),
        )
    }

    /// Answers to the mistakes that have a better answer than a list of what was expected.
    fn special(&self, node: Node<'_>, found: &Found<'_>, stop: &Stop, at: Span, verb: &str) -> Option<Diagnostic> {
        let span = node.span();
        let rest = slice(self.text, at.start as usize..span.end as usize);
        if let Some(open) = node.tokens().find(|token| token.kind() == SyntaxKind::Unclosed)
            && at.start <= open.span().start
        {
            return Some(unclosed_text(open.span(), open.text()));
        }
        if let Some(error) = self.comment(node, at, rest) {
            return Some(error);
        }
        if let Some(c) = rest.chars().next().filter(|c| expected::is_invisible(*c)) {
            let (instead, title) = if c.is_whitespace() { (" ", "write a plain space") } else { ("", "remove it") };
            let message = format!("an invisible character stands here (U+{:04X})", u32::from(c));
            return Some(Diagnostic::error(&codes::SYNTAX, at, message).fix(Applicability::Safe, title, at, instead));
        }
        let first = Span { end: span.start + as_u32(verb.len()), ..span };
        let keywords = verbs_of(node.kind());
        if at.start == span.start
            && let Some(error) = elsewhere(node.kind(), rest, first, verb)
        {
            return Some(error);
        }
        if at.start == span.start && !verb.is_empty() && !is_reserved(verb) {
            let message = format!("`{}` does not begin a {}", expected::clip(verb), part_name(node.kind()));
            let error = Diagnostic::error(&codes::SYNTAX, first, message);
            return Some(match nearest(verb, keywords.iter().copied()) {
                Some(word) => error.fix(Applicability::Unsafe, format!("did you mean `{word}`?"), first, word),
                None => error.help(format!("begin with {}", crate::text::list(&quoted(keywords), "or"))),
            });
        }
        let before = before(node, at)?;
        if before.kind() == SyntaxKind::WrongString {
            return Some(
                Diagnostic::error(&codes::FOREIGN_SYNTAX, before.span(), "texts stand in straight double quotes")
                    .help("write `\"…\"`; a `\"` within it is written `\\\"`"),
            );
        }
        if found.text == "," && (before.kind() == SyntaxKind::Comma || before.span() == first) {
            let error = Diagnostic::error(&codes::SYNTAX, at, "this `,` separates nothing");
            return Some(error.fix(Applicability::Safe, "remove it, or add the name that is missing", at, ""));
        }
        if ["'", "“", "‘"].contains(&found.text) {
            // closed on its line, it would have been read
            let line = rest.split(['\n', '\r']).next().unwrap_or(rest);
            let open = Span { end: at.start + as_u32(line.len()), ..at };
            return Some(
                Diagnostic::error(&codes::UNCLOSED_STRING, open, "this text is not closed on its line")
                    .help("texts stand in straight double quotes: `\"…\"`"),
            );
        }
        if matches!(found.text, ":" | "=") && before.span() == first {
            let error = Diagnostic::error(&codes::SYNTAX, at, format!("no `{}` stands after `{verb}`", found.text));
            let gap = Span { start: first.end, ..at };
            return Some(match verb {
                "default" => error.fix(Applicability::Unsafe, "remove it: `default deny`", gap, ""),
                _ => error.help(expected::example(node.kind(), verb)),
            });
        }
        if node.kind() == SyntaxKind::BadCall && (rest.starts_with("=>") || rest.starts_with('→')) {
            let arrow = Span { end: at.start + if rest.starts_with('→') { 3 } else { 2 }, ..at };
            let message = format!("`{}` is written `->`", if rest.starts_with('→') { "→" } else { "=>" });
            return Some(Diagnostic::error(&codes::FOREIGN_SYNTAX, arrow, message).fix(
                Applicability::Safe,
                "write `->`",
                arrow,
                "->",
            ));
        }
        if found.is_word && is_reserved(found.text) {
            if let Some(error) = expected::reserved(found, stop, at, before.text()) {
                return Some(error);
            }
        } else if follows_tool(node, at) && (found.is_word || found.text.starts_with(['"', '@', '“', '\'', '*', '?']))
        {
            let word = rest.split([' ', ',', '\n', '\r', '\t', ';']).next().unwrap_or(found.text);
            // a part that is misspelt follows its tools too
            if expected::suggestion(found, stop).is_none() {
                return Some(
                    Diagnostic::error(
                        &codes::SYNTAX,
                        at,
                        format!("`{}` follows a tool without a `,`", expected::clip(word)),
                    )
                    .fix(
                        Applicability::Unsafe,
                        format!("if `{}` is another tool, write `,` before it", expected::clip(word)),
                        before.span().at_end(),
                        ",",
                    ),
                );
            }
        }
        None
    }

    /// Comments of other languages.
    fn comment(&self, node: Node<'_>, at: Span, rest: &str) -> Option<Diagnostic> {
        let sign = ["#", "/*", "<!--", "--"].into_iter().find(|sign| rest.starts_with(sign))?;
        let place = Span { end: at.start + as_u32(sign.len()), ..at };
        let error =
            Diagnostic::error(&codes::FOREIGN_SYNTAX, place, "a comment begins with `//` and ends with its line");
        if sign != "#" {
            return Some(error.help("write `//` before each line of it"));
        }
        let mut error = error.fix(Applicability::Safe, "write `//`", place, "//");
        // and so for the lines of comments that follow, which are read as one mistake with this one
        let lines = self.lines();
        for line in lines.line_of(at.start) + 1..=lines.line_of(node.span().end) {
            let range = lines.range(self.text, line);
            let text = slice(self.text, range.clone());
            let indent = text.len() - text.trim_start().len();
            if text.trim_start().starts_with('#')
                && let Some(fix) = &mut error.fix
            {
                let start = as_u32(range.start + indent);
                fix.edits.push(Edit { span: Span { start, end: start + 1, ..at }, text: "//".to_owned() });
            }
        }
        Some(error)
    }

    /// The brace that was opened and not closed: one whose `}` is missing, or, as the indentation has it, one within
    /// that took this `}` for its own.
    pub(super) fn unclosed(&self, node: Node<'_>) -> Option<Diagnostic> {
        node.child(SyntaxKind::MissingBrace)?;
        let mut blocks = node.children().filter_map(|statement| Some((statement, statement.child(SyntaxKind::Block)?)));
        // the blanks before a token that begins its line
        let indent = |token: Node<'_>| {
            let at = token.span().start;
            let start = self.lines().range(self.text, self.lines().line_of(at)).start;
            let before = slice(self.text, start..at as usize);
            before.bytes().all(|b| matches!(b, b' ' | b'\t')).then_some(before.len())
        };
        // a part that could not be read took it, and has its own error
        let took = |bad: Node<'_>| {
            let mut closers = bad.tokens().filter(|token| token.kind() == SyntaxKind::RBrace);
            closers.any(|close| indent(close).is_some_and(|close| indent(bad).is_some_and(|bad| close < bad)))
        };
        let bad = [SyntaxKind::BadStatement, SyntaxKind::BadCall];
        if node.children().any(|part| bad.contains(&part.kind()) && took(part)) {
            return None;
        }
        let thief = blocks.find_map(|(statement, block)| {
            let close = block.child(SyntaxKind::RBrace)?;
            (indent(close)? < indent(statement)?).then_some((statement, block, close))
        });
        let (owner, block) = thief.map_or((node, node), |(statement, block, _)| (statement, block));
        let open = block.child(SyntaxKind::LBrace)?;
        let owner = match owner.kind() {
            SyntaxKind::Block => "block".to_owned(),
            _ => format!("`{}`", first_word(owner.text())),
        };
        let error =
            Diagnostic::error(&codes::UNCLOSED_BRACE, open.span(), format!("this `{{` of the {owner} is never closed"))
                .help("add the `}` that closes it");
        Some(match thief {
            Some((_, _, close)) => error.label(close.span(), "this `}` is indented to close something else"),
            None => {
                let last = node.tokens().filter(|token| token.kind() != SyntaxKind::MissingBrace).last()?;
                error.label(last.span().at_end(), "expected `}` by here")
            }
        })
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::new(self.text))
    }
}

/// What begins a part and belongs elsewhere, or into another language.
fn elsewhere(kind: SyntaxKind, rest: &str, first: Span, verb: &str) -> Option<Diagnostic> {
    const EXAMPLE: &str = "a policy looks like `policy NAME for SERVER { default deny … }`";
    if kind != SyntaxKind::BadItem {
        return (verb == "call").then(|| outside(first, verb));
    }
    let after = slice(rest, verb.len()..rest.len()).trim_start_matches([' ', '\t']);
    if rest.starts_with('{') || rest.starts_with('[') {
        let span = Span { end: first.start + 1, ..first };
        let message = "this is JSON, and a policy file has a language of its own";
        return Some(Diagnostic::error(&codes::FOREIGN_SYNTAX, span, message).help(EXAMPLE));
    }
    if rest.starts_with("---") || !verb.is_empty() && after.starts_with(':') {
        let span = if verb.is_empty() { Span { end: first.start + 3, ..first } } else { first };
        let message = "this is YAML, and a policy file has a language of its own";
        return Some(Diagnostic::error(&codes::FOREIGN_SYNTAX, span, message).help(EXAMPLE));
    }
    let inner = is_reserved(verb) && !verbs_of(SyntaxKind::BadItem).contains(&verb) && VERBS.contains(&verb);
    inner.then(|| outside(first, verb))
}

/// A text whose end is not on its line, or cannot be reached.
fn unclosed_text(span: Span, text: &str) -> Diagnostic {
    let text = text.trim_end_matches('\r');
    if let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_ascii_control() && *c != '\t') {
        let place = Span { start: span.start + as_u32(at), end: span.start + as_u32(at) + 1, ..span };
        let message = format!("a text holds no control character (U+{:04X})", u32::from(c));
        return Diagnostic::error(&codes::INVALID_LITERAL, place, message)
            .help(format!("write it as `\\u{:04x}`", u32::from(c)));
    }
    let span = Span { end: span.start + as_u32(text.len()), ..span };
    Diagnostic::error(&codes::UNCLOSED_STRING, span, "this text is not closed on its line")
        .help("end it with `\"`; a `\"` within it is written `\\\"`")
}

fn before<'a>(node: Node<'a>, at: Span) -> Option<Node<'a>> {
    node.tokens().take_while(|token| token.span().end <= at.start).last()
}

/// Whether a list of tools was being read.
fn follows_tool(node: Node<'_>, at: Span) -> bool {
    let kinds = [
        SyntaxKind::ToolName,
        SyntaxKind::SetRef,
        SyntaxKind::String,
        SyntaxKind::RawString,
        SyntaxKind::WrongString,
        SyntaxKind::Comma,
    ];
    let mut read = node.tokens().take_while(|token| token.span().end <= at.start);
    let verb = read.next().map_or("", Node::text);
    let between = match verb_for(verb).unwrap_or(verb) {
        "allow" | "ask" | "deny" | "hide" | "on" | "limit" => 0,
        // the name and the `=`
        "set" => 2,
        _ => return false,
    };
    let mut read = read.skip(between);
    let mut last = None;
    let in_list = read.all(|token| {
        last = Some(token.kind());
        kinds.contains(&token.kind())
    });
    in_list && last.is_some_and(|last| last != SyntaxKind::Comma)
}

fn quoted(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("`{word}`")).collect()
}

fn part_name(kind: SyntaxKind) -> &'static str {
    match kind {
        SyntaxKind::BadStatement => "statement",
        SyntaxKind::BadClause => "clause",
        SyntaxKind::BadCall => "test's call",
        _ => "part of a policy file",
    }
}
