//! From a chunk's tree to the model.
//!
//! A part that did not read is left out: its error is already there. What reads but means nothing (a date that is no
//! day, an `until` on a `deny`) gets its error here.

mod statement;

pub use statement::part_fits;

use super::{
    condition,
    model::{Call, Fallback, File, Grant, Name, Path, Policy, Selector, SelectorKind, Set, Test, Tools},
    origin::Origin,
};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    syntax::{
        Node, SyntaxKind, Tree,
        literal::{self, BadLiteral},
        op_for, path_for,
    },
    text::{FileId, Span, as_u32, nearest},
};

/// Adds what a chunk says to `file`, and what is wrong with it to `errors`.
pub(super) fn lower(tree: &Tree, text: &str, id: FileId, base: u32, file: &mut File, errors: &mut Vec<Diagnostic>) {
    let mut lowerer = Lowerer { errors };
    for node in tree.roots(text, id, base) {
        match node.kind() {
            SyntaxKind::Import => file.imports.extend(lowerer.text(node)),
            SyntaxKind::SetDef => file.sets.extend(lowerer.set(node)),
            SyntaxKind::Policy => file.policies.push(lowerer.policy(node)),
            SyntaxKind::Grant => file.grants.extend(lowerer.grant(node)),
            SyntaxKind::Test => file.tests.extend(lowerer.test(node)),
            _ => {}
        }
    }
}

/// The state of lowering: only the errors so far.
pub(super) struct Lowerer<'e> {
    errors: &'e mut Vec<Diagnostic>,
}

impl Lowerer<'_> {
    pub(super) fn error(&mut self, diagnostic: Diagnostic) {
        self.errors.push(diagnostic);
    }

    /// The first text among a node's children.
    fn text(&mut self, node: Node<'_>) -> Option<Name> {
        let token = node.children().find(|child| is_text(child.kind()))?;
        self.text_token(token)
    }

    /// The value of a text token.
    pub(super) fn text_token(&mut self, token: Node<'_>) -> Option<Name> {
        match literal::string(token.text()) {
            Ok(text) => Some(Name { text: text.into(), span: token.span() }),
            Err(bad) => {
                self.bad_literal(token, bad);
                None
            }
        }
    }

    fn bad_literal(&mut self, token: Node<'_>, bad: BadLiteral) {
        let start = token.span().start;
        let span = Span { start: start + as_u32(bad.range.start), end: start + as_u32(bad.range.end), ..token.span() };
        self.error(Diagnostic::error(&codes::INVALID_LITERAL, span, bad.message).help(bad.help));
    }

    fn set(&mut self, node: Node<'_>) -> Option<Set> {
        let name = match node.child(SyntaxKind::SetRef) {
            Some(reference) => {
                let bare = reference.text().trim_start_matches('@');
                self.error(
                    Diagnostic::error(&codes::FOREIGN_SYNTAX, reference.span(), "a set is defined without its `@`")
                        .fix(Applicability::Safe, format!("write `{bare}`"), reference.span(), bare),
                );
                Name { text: bare.into(), span: reference.span() }
            }
            None => bare(node.child(SyntaxKind::Ident)?),
        };
        Some(Set { name, tools: self.tools(node.child(SyntaxKind::Tools)?), span: node.span() })
    }

    fn policy(&mut self, node: Node<'_>) -> Policy {
        let mut names = node.children().take_while(|child| child.kind() != SyntaxKind::LBrace);
        let mut policy = Policy {
            name: None,
            server: None,
            alias: None,
            defaults: Vec::new(),
            statements: Vec::new(),
            head: node.span(),
            span: node.span(),
            origin: Origin::Language,
            notes: Vec::new(),
        };
        let mut after = "";
        if let Some(head) = node.child(SyntaxKind::BadHead) {
            // the rest of the file may speak of it
            policy.name = head.tokens().nth(1).filter(|token| token.kind() == SyntaxKind::ToolName).map(bare);
        }
        for child in names.by_ref() {
            policy.head = Span { end: child.span().end, ..policy.head };
            let name = match child.kind() {
                SyntaxKind::Keyword => {
                    after = child.text();
                    continue;
                }
                SyntaxKind::Ident => Some(bare(child)),
                kind if is_text(kind) => self.text_token(child),
                _ => None,
            };
            match after {
                "policy" => policy.name = name,
                "for" => policy.server = name,
                "as" => policy.alias = name,
                _ => {}
            }
        }
        if policy.server.is_none() && policy.name.is_some() && !node.has(SyntaxKind::BadHead) {
            self.error(
                Diagnostic::error(&codes::SYNTAX, policy.head, "this policy does not say for which server it is")
                    .help("write `policy NAME for SERVER { … }`"),
            );
        }
        let mut wrong = None;
        for child in node.children() {
            if child.kind() == SyntaxKind::Default {
                let fallback = self.fallback(child);
                wrong = wrong.or(fallback.is_none().then_some(child));
                policy.defaults.extend(fallback);
            } else if child.kind() == SyntaxKind::BadStatement {
                let word = child.first_token().map_or("", Node::text);
                wrong = wrong.or(nearest(word, ["default"]).map(|_| child));
            } else if let Some(statement) = self.statement(child) {
                policy.statements.push(statement);
            }
        }
        if let Some(wrong) = wrong.filter(|_| policy.defaults.is_empty()) {
            // a default that does not read has its own error, and is not missing besides
            policy.defaults.push((Fallback::Deny, wrong.span()));
        }
        policy
    }

    fn fallback(&mut self, node: Node<'_>) -> Option<(Fallback, Span)> {
        let word = node.child(SyntaxKind::Word)?;
        let fallback = match word.text() {
            "allow" => Fallback::Allow,
            "deny" => Fallback::Deny,
            "hide" => Fallback::Hide,
            other => {
                let error = Diagnostic::error(&codes::SYNTAX, word.span(), format!("`{other}` is not a default"));
                let meant = match other {
                    "block" | "forbid" | "reject" | "disallow" | "none" => Some("deny"),
                    "permit" | "all" => Some("allow"),
                    _ => nearest(other, ["allow", "deny", "hide"]),
                };
                self.error(match meant {
                    Some(word_) => {
                        error.fix(Applicability::Unsafe, format!("did you mean `{word_}`?"), word.span(), word_)
                    }
                    None => error.help("write `default deny`, `default allow` or `default hide`"),
                });
                return None;
            }
        };
        Some((fallback, node.span()))
    }

    fn path_in(&mut self, node: Node<'_>) -> Option<Path> {
        let token = node.children().find(|child| matches!(child.kind(), SyntaxKind::Path | SyntaxKind::WrongPath))?;
        self.path(token)
    }

    /// The path of a path token, also of one that lacks its `args.`.
    pub(super) fn path(&mut self, token: Node<'_>) -> Option<Path> {
        let written = if token.kind() == SyntaxKind::Path { token.text().to_owned() } else { path_for(token.text()) };
        if token.kind() == SyntaxKind::WrongPath && literal::is_bad_path(&written) {
            return None;
        }
        match literal::path(&written) {
            Ok(segments) => Some(Path { segments: segments.into(), span: token.span() }),
            Err(bad) => {
                self.bad_literal(token, bad);
                None
            }
        }
    }

    fn tools(&mut self, node: Node<'_>) -> Tools {
        let except = node.child(SyntaxKind::Except);
        Tools {
            take: node.children().filter_map(|item| self.selector(item)).collect(),
            except: except.into_iter().flat_map(Node::children).filter_map(|item| self.selector(item)).collect(),
            span: node.span(),
        }
    }

    fn selector(&mut self, token: Node<'_>) -> Option<Selector> {
        let span = token.span();
        let bare = |text: &str| {
            let kind = if text.contains(['*', '?']) { SelectorKind::Pattern } else { SelectorKind::Exact };
            Selector { kind, text: text.into(), span }
        };
        match token.kind() {
            SyntaxKind::ToolName => Some(bare(token.text())),
            SyntaxKind::WrongQualified => token.text().rsplit_once('/').map(|(_, tool)| bare(tool)),
            SyntaxKind::SetRef => {
                let text = token.text().trim_start_matches('@').into();
                Some(Selector { kind: SelectorKind::Set, text, span })
            }
            kind if is_text(kind) => {
                let name = self.text_token(token)?;
                if name.text.is_empty() {
                    self.error(
                        Diagnostic::error(&codes::INVALID_LITERAL, span, "a tool's name is not empty")
                            .help("write the tool's name"),
                    );
                    return None;
                }
                Some(Selector { kind: SelectorKind::Exact, text: name.text, span })
            }
            _ => None,
        }
    }

    fn grant(&mut self, node: Node<'_>) -> Option<Grant> {
        let identity = self.text(node)?;
        let policies = node.children().filter(|child| child.kind() == SyntaxKind::Ident).map(bare).collect();
        Some(Grant { identity, policies })
    }

    fn test(&mut self, node: Node<'_>) -> Option<Test> {
        let name = self.text(node)?;
        let policy = node.child(SyntaxKind::Ident).map(bare);
        let calls = node.children().filter(|child| child.kind() == SyntaxKind::Call);
        Some(Test { name, policy, calls: calls.filter_map(|call| self.call(call)).collect() })
    }

    fn call(&mut self, node: Node<'_>) -> Option<Call> {
        const DECISIONS: [&str; 5] = ["allow", "ask", "deny", "hidden", "limited"];
        let mut parts = node.children().skip(1);
        let first = parts.next()?;
        let tool = match first.text().rsplit_once('/') {
            Some((_, tool)) if first.kind() == SyntaxKind::WrongQualified => {
                Name { text: tool.into(), span: first.span() }
            }
            _ if is_text(first.kind()) => self.text_token(first)?,
            _ => bare(first),
        };
        let arguments = match node.child(SyntaxKind::Object) {
            Some(object) => condition::json(self, object)?,
            None => serde_json::Value::Object(serde_json::Map::new()),
        };
        let times = match node.child(SyntaxKind::Times).and_then(|times| times.child(SyntaxKind::Number)) {
            Some(number) => self.amount(number, "a call is made a whole number of times, at least once")?,
            None => 1,
        };
        let word = node.child(SyntaxKind::Word)?;
        if !DECISIONS.contains(&word.text()) {
            let error = Diagnostic::error(&codes::SYNTAX, word.span(), format!("`{}` is not a decision", word.text()));
            let meant = match word.text() {
                "hide" => Some("hidden"),
                "limit" => Some("limited"),
                other => nearest(other, DECISIONS),
            };
            self.error(match meant {
                Some(meant) => error.fix(Applicability::Unsafe, format!("did you mean `{meant}`?"), word.span(), meant),
                None => error.help("a decision is `allow`, `ask`, `deny`, `hidden` or `limited`"),
            });
            return None;
        }
        let message =
            node.children().skip_while(|child| child.kind() != SyntaxKind::Arrow).find(|child| is_text(child.kind()));
        let message = message.and_then(|token| self.text_token(token));
        Some(Call { span: node.span(), tool, arguments, times, expected: bare(word), message })
    }

    /// The operator of a comparison in the language's own words, also where a foreign one stands for it.
    pub(super) fn op_text(&mut self, token: Node<'_>) -> Option<String> {
        if token.kind() == SyntaxKind::WrongOp {
            return op_for(token.text()).map(str::to_owned);
        }
        Some(token.text().split_ascii_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn is_text(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::String | SyntaxKind::RawString | SyntaxKind::WrongString)
}

fn bare(token: Node<'_>) -> Name {
    Name { text: token.text().into(), span: token.span() }
}
