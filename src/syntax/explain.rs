//! From a chunk's mistakes to words: what stands there, what was expected, what to write instead.
//!
//! Everything that syntax has to say is said here. The grammar's `wrong_*` nodes have answers of their own; a
//! `bad_*` node is answered by `bad`.

mod bad;

use std::cell::OnceCell;

use super::{
    Node, SyntaxKind, Tree, expected, literal,
    words::{is_reserved, op_for, path_for, verb_for, verbs_of},
};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    text::{FileId, Lines, Span, nearest, slice},
};

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
                    let verb = first_word(node.text());
                    if !astray || !is_reserved(verb) && nearest(verb, verbs_of(node.kind()).iter().copied()).is_some() {
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
                let tool = text.rsplit_once('/').map_or(text, |(_, tool)| tool);
                foreign(format!("tools are named without their server: `{text}`"))
                    .help(format!("the policy's `for SERVER` names the server; write `{tool}`"))
                    .fix(Applicability::Unsafe, format!("write `{tool}`"), span, tool)
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
                // a tool may have an argument that is called `input`
                let sure = !text.contains('.') || text.starts_with("arg.") || text.starts_with("Args.");
                foreign(format!("`{text}` is no argument: arguments begin with `args.`")).fix(
                    if sure { Applicability::Safe } else { Applicability::Unsafe },
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
                    format!("write `{}`", expected::clip(&quoted)),
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
        "starts_with" | "startswith" | "startsWith" => {
            "write `matches r\"prefix.*\"`; for a directory write `under \"/dir\"`, which no `..` or look-alike escapes"
        }
        "ends_with" | "endswith" | "endsWith" => "write `matches r\".*suffix\"`",
        "within" => "write `under \"/dir\"`",
        "like" => "write `matches r\"…\"`; it is compared with the whole text",
        _ => expected::OPERATORS,
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
            Applicability::Unsafe,
            "remove it, or add the `{` that it should close",
            span,
            "",
        );
    }
    outside(span, text)
}

fn outside(span: Span, verb: &str) -> Diagnostic {
    let (thing, home) = match verb {
        "call" => ("test", "test \"NAME\" for POLICY { … }"),
        _ => ("policy", "policy NAME for SERVER { … }"),
    };
    Diagnostic::error(&codes::MISPLACED_STATEMENT, span, format!("`{verb}` stands outside of any {thing}"))
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
