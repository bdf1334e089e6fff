//! From a chunk's tree to the model.
//!
//! A part that did not read is left out: its error is already there. What reads but means nothing (a date that is no
//! day, an `until` on a `deny`) gets its error here.

use std::sync::Arc;

use super::{
    condition,
    model::{
        Call, Clause, ClauseKind, Fallback, File, Grant, Name, Path, Policy, Rate, Selector, SelectorKind, Set,
        Statement, Test, Tools, Verb,
    },
};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    syntax::{
        Node, SyntaxKind, Tree,
        literal::{self, BadLiteral, Date},
        op_for, path_for, verb_for,
    },
    text::{FileId, Span, as_u32, nearest},
};

/// Adds what a chunk says to `file`, and what is wrong with it to `errors`.
pub(super) fn lower(tree: &Tree, text: &str, id: FileId, base: u32, file: &mut File, errors: &mut Vec<Diagnostic>) {
    let mut lowerer = Lowerer { errors };
    for node in tree.roots(text, id, base) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else stands at the top could not be read")]
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
        Some(Set { name, tools: self.tools(node.child(SyntaxKind::Tools)?) })
    }

    fn policy(&mut self, node: Node<'_>) -> Policy {
        let mut names = node.children().take_while(|child| child.kind() != SyntaxKind::LBrace);
        let mut policy = Policy {
            name: None,
            server: None,
            alias: None,
            doc: None,
            defaults: Vec::new(),
            statements: Vec::new(),
            head: node.span(),
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

    fn statement(&mut self, node: Node<'_>) -> Option<Statement> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else stands in a policy is no statement")]
        let verb = match node.kind() {
            SyntaxKind::Allow => Verb::Allow,
            SyntaxKind::Ask => Verb::Ask,
            SyntaxKind::Deny => Verb::Deny,
            SyntaxKind::Hide => Verb::Hide,
            SyntaxKind::Limit if node.has(SyntaxKind::KwAll) => Verb::LimitAll,
            SyntaxKind::Limit => Verb::Limit,
            SyntaxKind::On => Verb::On,
            SyntaxKind::Include => Verb::Include,
            SyntaxKind::Foreign => match verb_for(node.first_token()?.text())? {
                "allow" => Verb::Allow,
                "ask" => Verb::Ask,
                "limit" => Verb::Limit,
                _ => Verb::Deny,
            },
            _ => return None,
        };
        let mut out = Statement {
            span: node.span(),
            verb,
            tools: Tools { span: node.span(), ..Tools::default() },
            policy: None,
            having: None,
            condition: None,
            rate: None,
            until: None,
            because: None,
            clauses: Box::default(),
        };
        let mut readable = true;
        let mut seen: Vec<SyntaxKind> = Vec::new();
        for part in node.children() {
            let kind = part.kind();
            if PARTS.contains(&kind) {
                if !self.belongs(verb, part) {
                    continue;
                }
                if seen.contains(&kind) {
                    self.duplicate(part);
                    continue;
                }
                seen.push(kind);
            }
            #[expect(clippy::wildcard_enum_match_arm, reason = "keywords and mistakes carry nothing")]
            match kind {
                SyntaxKind::Tools => out.tools = self.tools(part),
                SyntaxKind::Ident => out.policy = Some(Box::new(bare(part))),
                SyntaxKind::Having => out.having = self.path_in(part).map(Box::new),
                SyntaxKind::IfPart => {
                    out.condition = part.child(SyntaxKind::Condition).and_then(|c| condition::lower(self, c));
                    readable &= out.condition.is_some() && !is_unless(part);
                }
                SyntaxKind::Rate => {
                    out.rate = self.rate(part).map(Arc::new);
                    readable &= out.rate.is_some();
                }
                SyntaxKind::Until => {
                    out.until = self.until(part);
                    readable &= out.until.is_some();
                }
                SyntaxKind::Because => out.because = self.text(part).map(Arc::new),
                SyntaxKind::Block => out.clauses = self.clauses(part).into(),
                _ => {}
            }
        }
        if verb == Verb::On && !node.has(SyntaxKind::Block) {
            self.error(
                Diagnostic::error(&codes::SYNTAX, out.span, "this `on` has no block, so it narrows nothing")
                    .help("write `on TOOLS { require … }`"),
            );
        }
        if verb == Verb::Limit && out.rate.is_none() && readable {
            self.error(
                Diagnostic::error(&codes::INVALID_LIMIT, out.span, "this limit does not say how many calls it allows")
                    .help("write `limit TOOL to 10 per minute`"),
            );
            readable = false;
        }
        if out.condition.is_some() && (out.until.is_some() || !out.clauses.is_empty()) {
            let place = out.until.map_or(out.span, |(_, span)| span);
            self.error(
                Diagnostic::error(
                    &codes::MISPLACED_PART,
                    place,
                    "a statement with `if` only narrows: it has no `until` and no block",
                )
                .help(
                    "put the condition into the block (`deny if …`, `ask if …`) of the statement that grants the tool",
                ),
            );
        }
        readable.then_some(out)
    }

    /// Whether a part may stand in a statement of this verb; says why not.
    fn belongs(&mut self, verb: Verb, part: Node<'_>) -> bool {
        let grants = matches!(verb, Verb::Allow | Verb::Ask);
        #[expect(clippy::wildcard_enum_match_arm, reason = "only parts are asked about")]
        let (fits, why, help) = match part.kind() {
            SyntaxKind::Until => {
                (grants, "only a grant can end: `until` belongs to `allow` and `ask`", "remove the `until`")
            }
            SyntaxKind::IfPart => (
                matches!(verb, Verb::Ask | Verb::Deny),
                match verb {
                    Verb::Allow => "`allow` has no `if`: what is granted is narrowed in a block",
                    Verb::Hide => "`hide` has no `if`: a tool is in the list or it is not",
                    _ => "`if` belongs to `deny` and `ask`",
                },
                match verb {
                    Verb::Allow => "write `allow TOOL { require … }`",
                    Verb::Hide => "write `deny TOOL if …`, or `hide TOOL` for good",
                    _ => "write `on TOOL { deny if … }`",
                },
            ),
            SyntaxKind::Having => (
                verb == Verb::On,
                "`having` belongs to `on`",
                "write `on TOOLS having args.x { … }`, and grant the tools in a statement of their own",
            ),
            SyntaxKind::Block => (
                grants || verb == Verb::On,
                "only `allow`, `ask` and `on` have a block",
                "write `on TOOLS { … }` for clauses that narrow",
            ),
            SyntaxKind::Because => (
                verb != Verb::On,
                "`on` has no reason of its own",
                "give the `because` to the clauses: `require … because \"…\"`",
            ),
            SyntaxKind::Rate => (
                matches!(verb, Verb::Limit | Verb::LimitAll),
                "a rate belongs to `limit`",
                "write `limit TOOL to 10 per minute`",
            ),
            _ => (true, "", ""),
        };
        if !fits {
            self.error(Diagnostic::error(&codes::MISPLACED_PART, part.span(), why).help(help));
        }
        fits
    }

    fn duplicate(&mut self, part: Node<'_>) {
        let word = part.first_token().map_or("", Node::text);
        self.error(
            Diagnostic::error(&codes::DUPLICATE_PART, part.span(), format!("this statement has a second `{word}`"))
                .help("keep one of the two"),
        );
    }

    fn clauses(&mut self, block: Node<'_>) -> Vec<Clause> {
        let mut out = Vec::new();
        for node in block.children() {
            let condition = |this: &mut Self| node.child(SyntaxKind::Condition).and_then(|c| condition::lower(this, c));
            #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else stands in a block is no clause")]
            let kind = match node.kind() {
                SyntaxKind::Require => condition(self).map(ClauseKind::Require),
                SyntaxKind::DenyIf if is_unless(node) => None,
                SyntaxKind::AskIf if is_unless(node) => None,
                SyntaxKind::DenyIf => condition(self).map(ClauseKind::DenyIf),
                SyntaxKind::AskIf => condition(self).map(ClauseKind::AskIf),
                SyntaxKind::LimitTo => {
                    node.child(SyntaxKind::Rate).and_then(|rate| self.rate(rate)).map(Arc::new).map(ClauseKind::Limit)
                }
                _ => continue,
            };
            let mut reasons = node.children().filter(|child| child.kind() == SyntaxKind::Because);
            let because = reasons.next().and_then(|reason| self.text(reason)).map(Arc::new);
            if let Some(second) = reasons.next() {
                self.duplicate(second);
            }
            if let Some(kind) = kind {
                out.push(Clause { span: node.span(), kind, because });
            }
        }
        out
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

    fn rate(&mut self, node: Node<'_>) -> Option<Rate> {
        let argument = self.path_in(node);
        if node.has(SyntaxKind::KwTotal) && argument.is_none() {
            return None;
        }
        let number = node.child(SyntaxKind::Number)?;
        if !node.has(SyntaxKind::KwTo) {
            self.error(Diagnostic::error(&codes::FOREIGN_SYNTAX, number.span(), "a rate is written with `to`").fix(
                Applicability::Safe,
                format!("write `to {}`", number.text()),
                number.span().at_start(),
                "to ",
            ));
        }
        let max = self.amount(number, "a limit counts to a whole number, at least 1");
        let window = node.child(SyntaxKind::Window)?;
        let times = match window.child(SyntaxKind::Number) {
            Some(number) => {
                self.amount(number, "a window is a whole number of seconds, minutes, hours or days, at least 1")?
            }
            None => 1,
        };
        let unit = window.child(SyntaxKind::Unit)?;
        let seconds = self.unit(unit)?;
        Some(Rate { span: node.span(), max: max?, seconds: seconds.checked_mul(times)?, argument })
    }

    fn amount(&mut self, token: Node<'_>, wanted: &str) -> Option<u64> {
        // what a double holds exactly, as everywhere in the language; that is enough for any counter
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        let value = literal::number(token.text()).filter(|v| v.fract() == 0.0 && *v >= 0.0 && *v <= LARGEST);
        match value {
            Some(0.0) => {
                self.error(
                    Diagnostic::error(&codes::INVALID_LIMIT, token.span(), "a limit of 0 allows nothing")
                        .help("write `deny TOOL` (or `hide TOOL`)"),
                );
                None
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number from 1 to 2^53"
            )]
            Some(value) => Some(value as u64),
            None => {
                let message = format!("`{}` cannot be counted to", token.text());
                self.error(Diagnostic::error(&codes::INVALID_LITERAL, token.span(), message).help(wanted));
                None
            }
        }
    }

    fn unit(&mut self, token: Node<'_>) -> Option<u64> {
        let seconds = match token.text() {
            "second" | "seconds" => 1,
            "minute" | "minutes" => 60,
            "hour" | "hours" => 3_600,
            "day" | "days" => 86_400,
            other => {
                let known = ["second", "minute", "hour", "day"];
                let meant = match other {
                    "s" | "sec" | "secs" => Some("second"),
                    "m" | "min" | "mins" => Some("minute"),
                    "h" | "hr" | "hrs" => Some("hour"),
                    "d" => Some("day"),
                    _ => nearest(other, known),
                };
                let error = Diagnostic::error(&codes::SYNTAX, token.span(), format!("`{other}` is not a window"));
                self.error(match meant {
                    Some(unit) => {
                        error.fix(Applicability::Unsafe, format!("did you mean `{unit}`?"), token.span(), unit)
                    }
                    None => error.help("a window is `second`, `minute`, `hour`, `day`, or several: `90 seconds`"),
                });
                return None;
            }
        };
        Some(seconds)
    }

    fn until(&mut self, node: Node<'_>) -> Option<(Date, Span)> {
        let token = node.child(SyntaxKind::Date)?;
        let date = Date::parse(token.text());
        if date.is_none() {
            self.error(
                Diagnostic::error(&codes::INVALID_LITERAL, token.span(), format!("`{}` is not a day", token.text()))
                    .help("write year, month and day: `2026-12-31`"),
            );
        }
        date.map(|date| (date, node.span()))
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
        #[expect(clippy::wildcard_enum_match_arm, reason = "commas and keywords select nothing")]
        match token.kind() {
            SyntaxKind::ToolName => Some(bare(token.text())),
            SyntaxKind::WrongQualified => token.text().split_once('/').map(|(_, tool)| bare(tool)),
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
        let tool = if is_text(first.kind()) { self.text_token(first)? } else { bare(first) };
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

/// The parts that a statement has at most once.
const PARTS: [SyntaxKind; 6] = [
    SyntaxKind::Until,
    SyntaxKind::IfPart,
    SyntaxKind::Having,
    SyntaxKind::Block,
    SyntaxKind::Because,
    SyntaxKind::Rate,
];

fn is_text(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::String | SyntaxKind::RawString | SyntaxKind::WrongString)
}

/// `unless` turns a condition round, so what stands after it cannot be taken for an `if`.
fn is_unless(node: Node<'_>) -> bool {
    node.child(SyntaxKind::WrongIf).is_some_and(|word| word.text() == "unless")
}

fn bare(token: Node<'_>) -> Name {
    Name { text: token.text().into(), span: token.span() }
}
