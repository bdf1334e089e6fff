//! From a reader's stop to words: what stands there, what was expected, what to write instead.
//!
//! Everything that syntax has to say is said here. The grammar's `wrong_*` nodes have answers of their own; a
//! `bad_*` node is read once more alone, and where that stops is the place of the error.

use std::cell::OnceCell;

use super::{
    Node, SyntaxKind, Tree,
    expected::{self, Found},
    literal,
    parse::stop,
};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    text::{FileId, Lines, Span, as_u32, nearest, slice},
};

/// The words that begin a statement, a clause, a test's call or an item.
const VERBS: &[&str] = &[
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
    #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else could not be read stands at the top level")]
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
        "!==" | "<>" => "!=",
        "=~" | "regex" => "matches",
        "!~" => "not matches",
        _ => return None,
    })
}

/// The path that a bare or foreign one stands for: `amount` and `arg.amount` are `args.amount`.
pub fn path_for(foreign: &str) -> String {
    let rest = ["args.", "arg.", "arguments.", "params.", "parameters.", "input."]
        .iter()
        .find_map(|prefix| foreign.strip_prefix(prefix))
        .unwrap_or(foreign);
    format!("args.{rest}")
}

/// Words a chunk's mistakes.
pub(super) struct Explainer<'a> {
    file: FileId,
    text: &'a str,
    /// The text as the grammar saw it, with brackets past the limit made unreadable.
    readable: &'a str,
    lines: OnceCell<Lines>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(file: FileId, text: &'a str, readable: &'a str) -> Self {
        Self { file, text, readable, lines: OnceCell::new() }
    }

    /// One diagnostic for each mistake in the tree, in order of place.
    pub(super) fn mistakes(&mut self, tree: &Tree) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        // after something that should have opened a policy, what follows is not astray by its own fault
        let mut astray = false;
        for node in tree.roots(self.text, self.file, 0) {
            match node.kind() {
                SyntaxKind::Stray => {
                    if !std::mem::replace(&mut astray, true) {
                        out.push(stray(node));
                    }
                }
                SyntaxKind::BadItem => {
                    if !astray {
                        out.extend(self.bad(node));
                    }
                    astray = true;
                }
                _ => astray = false,
            }
        }
        let mut covered = 0;
        for node in tree.all(self.text, self.file, 0) {
            let span = node.span();
            if let Some(diagnostic) = self.mistake(node) {
                // tokens of a bad node are its own affair
                if span.start >= covered {
                    out.push(diagnostic);
                }
            }
            if matches!(
                node.kind(),
                SyntaxKind::BadStatement
                    | SyntaxKind::BadClause
                    | SyntaxKind::BadCall
                    | SyntaxKind::BadItem
                    | SyntaxKind::BadHead
            ) {
                covered = covered.max(span.end);
            }
            if matches!(node.kind(), SyntaxKind::Policy | SyntaxKind::Test | SyntaxKind::Block) {
                out.extend(self.unclosed(node));
            }
        }
        out.sort_by_key(|diagnostic| diagnostic.span);
        out
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other kind is no mistake")]
    fn mistake(&self, node: Node<'_>) -> Option<Diagnostic> {
        let span = node.span();
        let text = node.text();
        let foreign = |message: String| Diagnostic::error(&codes::FOREIGN_SYNTAX, span, message);
        Some(match node.kind() {
            SyntaxKind::WrongSemi => foreign(
                "`;` ends nothing here: every statement begins with its own keyword".to_owned(),
            )
            .fix(Applicability::Safe, "remove the `;`", span, ""),
            SyntaxKind::WrongComma => foreign("this list of names ends with a `,`".to_owned()).fix(
                Applicability::Safe,
                "remove the `,`, or add the name that is missing",
                span,
                "",
            ),
            SyntaxKind::WrongSlash => foreign("a rate is written with `per`, not `/`".to_owned()).fix(
                Applicability::Safe,
                "write `per`, as in `10 per minute`",
                span,
                " per ",
            ),
            SyntaxKind::WrongQualified => {
                let (server, tool) = text.split_once('/').unwrap_or(("", text));
                foreign(format!("tools are named without their server: `{text}`"))
                    .help(format!("the policy's `for {server}` names the server; write `{tool}`"))
                    .fix(Applicability::Safe, format!("write `{tool}`"), span, tool)
            }
            SyntaxKind::WrongVerb => {
                let verb = verb_for(text).unwrap_or("deny");
                foreign(format!("`{text}` is not a word of this language"))
                    .help(match verb {
                        "deny" => {
                            "write `deny` (the tool stays listed and calls are refused) or `hide` (the agent never \
                                   sees it)"
                                .to_owned()
                        }
                        "ask" => "write `ask`: a person approves each call".to_owned(),
                        "limit" => {
                            "write `limit TOOL to 10 per minute`, or `limit to 10 per minute` in the tool's block"
                                .to_owned()
                        }
                        _ => format!("write `{verb}`"),
                    })
                    .fix(Applicability::Safe, format!("write `{verb}`"), span, verb)
            }
            SyntaxKind::WrongIf if text == "unless" => foreign("`unless` is not a word of this language".to_owned())
                .help(
                    "say what must hold: `on TOOL { require … }` denies every call for which the condition is not true",
                ),
            SyntaxKind::WrongIf => foreign(format!("`{text}` is not a word of this language")).fix(
                Applicability::Safe,
                "write `if`",
                span,
                "if",
            ),
            SyntaxKind::WrongLogic => {
                let word = if text == "&&" { "and" } else { "or" };
                foreign(format!("`{text}` is written `{word}`")).fix(
                    Applicability::Safe,
                    format!("write `{word}`"),
                    span,
                    word,
                )
            }
            SyntaxKind::WrongPath if literal::is_bad_path(&path_for(text)) => {
                foreign(format!("`{text}` names no argument"))
                    .help("write the argument's name after `args.`, as in `args.amount`")
            }
            SyntaxKind::WrongPath => {
                let path = path_for(text);
                foreign(format!("`{text}` is no argument: arguments begin with `args.`")).fix(
                    Applicability::Safe,
                    format!("write `{path}`"),
                    span,
                    path,
                )
            }
            SyntaxKind::WrongOp => wrong_op(foreign(format!("`{text}` is not an operator")), text, span),
            SyntaxKind::WrongString => {
                let quoted = literal::quote(&literal::string(text).unwrap_or_default());
                foreign("texts stand in straight double quotes".to_owned()).fix(
                    Applicability::Safe,
                    format!("write `{quoted}`"),
                    span,
                    quoted,
                )
            }
            SyntaxKind::WrongNot => wrong_not(node),
            SyntaxKind::BadStatement | SyntaxKind::BadClause | SyntaxKind::BadCall | SyntaxKind::BadHead => {
                self.bad(node)?
            }
            SyntaxKind::StrayClause => stray_clause(node),
            SyntaxKind::StrayStatement => stray_statement(node),
            _ => return None,
        })
    }

    /// The brace that was opened and not closed: one whose `}` is missing, or, as the indentation has it, one within
    /// that took this `}` for its own.
    fn unclosed(&self, node: Node<'_>) -> Option<Diagnostic> {
        node.child(SyntaxKind::MissingBrace)?;
        let mut blocks = node.children().filter_map(|statement| Some((statement, statement.child(SyntaxKind::Block)?)));
        let lines = || self.lines.get_or_init(|| Lines::new(self.text));
        // the blanks before a token that begins its line
        let indent = |token: Node<'_>| {
            let at = token.span().start;
            let start = lines().range(self.text, lines().line_of(at)).start;
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

    /// Reads a bad part alone and words where that stops.
    fn bad(&self, node: Node<'_>) -> Option<Diagnostic> {
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
        Some(self.special(node, &found, at, verb).unwrap_or_else(|| expected::unexpected(&found, &stop, at, verb)))
    }

    /// Answers to the mistakes that have a better answer than a list of what was expected.
    fn special(&self, node: Node<'_>, found: &Found<'_>, at: Span, verb: &str) -> Option<Diagnostic> {
        let span = node.span();
        if let Some(open) = node.tokens().find(|token| token.kind() == SyntaxKind::Unclosed)
            && at.start <= open.span().start
        {
            return Some(
                Diagnostic::error(&codes::UNCLOSED_STRING, open.span(), "this text is not closed on its line")
                    .help("end it with `\"`; a `\"` within it is written `\\\"`"),
            );
        }
        let first = Span { end: span.start + as_u32(verb.len()), ..span };
        let keywords = verbs_of(node.kind());
        if at.start == span.start && !verb.is_empty() && !is_reserved(verb) {
            let message = format!("`{}` does not begin a {}", expected::clip(verb), part_name(node.kind()));
            let error = Diagnostic::error(&codes::SYNTAX, first, message);
            return Some(match nearest(verb, keywords.iter().copied()) {
                Some(word) => error.fix(Applicability::Unsafe, format!("did you mean `{word}`?"), first, word),
                None => error.help(format!("begin with {}", crate::text::list(&quoted(keywords), "or"))),
            });
        }
        if found.is_word && is_reserved(found.text) && at.start > span.start && wants_name(node, at) {
            let quoted = literal::quote(found.text);
            return Some(
                Diagnostic::error(
                    &codes::RESERVED_WORD,
                    at,
                    format!("`{}` is a keyword, so it cannot stand for a name here", found.text),
                )
                .fix(
                    Applicability::Safe,
                    format!("if a tool has that name, write `{quoted}`"),
                    at,
                    quoted,
                ),
            );
        }
        if found.is_word && follows_tool(node, at) {
            return Some(
                Diagnostic::error(&codes::SYNTAX, at, format!("`{}` follows a tool without a `,`", found.text)).fix(
                    Applicability::Unsafe,
                    format!("if `{}` is another tool, write `,` before it", found.text),
                    before(node, at)?.span().at_end(),
                    ",",
                ),
            );
        }
        None
    }
}

fn before<'a>(node: Node<'a>, at: Span) -> Option<Node<'a>> {
    node.tokens().take_while(|token| token.span().end <= at.start).last()
}

/// Whether a list of tools was being read.
fn follows_tool(node: Node<'_>, at: Span) -> bool {
    let kinds = [SyntaxKind::ToolName, SyntaxKind::SetRef];
    let read: Vec<Node<'_>> = node.tokens().take_while(|token| token.span().end <= at.start).collect();
    let names_tools = read.first().is_some_and(|verb| ["allow", "ask", "deny", "hide", "on"].contains(&verb.text()));
    let in_list = read.iter().skip(1).all(|token| kinds.contains(&token.kind()) || token.kind() == SyntaxKind::Comma);
    names_tools && in_list && read.len() > 1 && read.last().is_some_and(|token| kinds.contains(&token.kind()))
}

/// Whether the token before `at` wants a name after it.
fn wants_name(node: Node<'_>, at: Span) -> bool {
    before(node, at).is_some_and(|token| {
        token.kind() == SyntaxKind::Comma
            || ["allow", "ask", "deny", "hide", "on", "except", "call"].contains(&token.text())
    })
}

fn quoted(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| format!("`{word}`")).collect()
}

fn part_name(kind: SyntaxKind) -> &'static str {
    #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else could not be read stands at the top level")]
    match kind {
        SyntaxKind::BadStatement => "statement",
        SyntaxKind::BadClause => "clause",
        SyntaxKind::BadCall => "test's call",
        _ => "part of a policy file",
    }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(text.len());
    slice(text, 0..end)
}

fn wrong_op(error: Diagnostic, text: &str, span: Span) -> Diagnostic {
    if let Some(op) = op_for(text) {
        return error.fix(Applicability::Safe, format!("write `{op}`"), span, op);
    }
    error.help(match text {
        "starts_with" | "startswith" => {
            "write `matches r\"prefix.*\"`; for a directory write `under \"/dir\"`, which no `..` or look-alike escapes"
        }
        "ends_with" | "endswith" => "write `matches r\".*suffix\"`",
        "within" => "write `under \"/dir\"`",
        "like" => "write `matches r\"…\"`; it is compared with the whole text",
        _ => "the operators are `==` `!=` `<` `<=` `>` `>=` `in` `matches` `contains` `under` `host in` `exists` `missing`",
    })
}

fn wrong_not(node: Node<'_>) -> Diagnostic {
    let op = node.child(SyntaxKind::Comparison).and_then(|test| {
        test.children().find(|part| matches!(part.kind(), SyntaxKind::Op | SyntaxKind::OpAlone | SyntaxKind::WrongOp))
    });
    let error = Diagnostic::error(
        &codes::FOREIGN_SYNTAX,
        node.first_token().map_or(node.span(), Node::span),
        "there is no general `not`: each test has its own negative",
    );
    let negative = op.and_then(|op| {
        Some(match op.text() {
            "==" | "=" => "!=",
            "!=" => "==",
            "in" => "not in",
            "matches" => "not matches",
            "contains" => "not contains",
            "under" => "not under",
            "exists" => "missing",
            "missing" => "exists",
            _ => return None,
        })
    });
    match negative {
        Some(negative) => error.help(format!("write `{negative}`")),
        None => error.help("write the tests with their negatives: `!=`, `not in`, `not matches`, `missing`, …"),
    }
}

fn stray(node: Node<'_>) -> Diagnostic {
    let first = node.first_token();
    let span = first.map_or(node.span(), Node::span);
    let text = first.map_or("", Node::text);
    if text == "}" {
        return Diagnostic::error(&codes::MISPLACED_STATEMENT, span, "this `}` closes nothing").fix(
            Applicability::Safe,
            "remove it, or add the `{` that it should close",
            span,
            "",
        );
    }
    let home = if text == "call" { "test \"NAME\" for POLICY { … }" } else { "policy NAME for SERVER { … }" };
    let thing = if text == "call" { "test" } else { "policy" };
    Diagnostic::error(&codes::MISPLACED_STATEMENT, span, format!("`{text}` stands outside of any {thing}"))
        .help(format!("put it inside `{home}`; a `}}` above may close it too early"))
}

fn stray_clause(node: Node<'_>) -> Diagnostic {
    let first = node.first_token();
    let verb = first.map_or("", Node::text);
    Diagnostic::error(
        &codes::MISPLACED_STATEMENT,
        first.map_or(node.span(), Node::span),
        format!("this `{verb}` names no tools: a clause stands in a tool's block"),
    )
    .help("write `on TOOLS { … }` around it, or move it into the block of an `allow`")
}

fn stray_statement(node: Node<'_>) -> Diagnostic {
    let first = node.first_token();
    let verb = first.map_or("", Node::text);
    Diagnostic::error(
        &codes::MISPLACED_STATEMENT,
        first.map_or(node.span(), Node::span),
        format!("this `{verb}` is a statement of its own, and stands in the block of another"),
    )
    .help("move it out of the block, which holds `require …`, `deny if …`, `ask if …` and `limit to …`")
}
