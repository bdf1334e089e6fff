//! Statements and clauses: which parts belong to which verb, and what rates and dates mean.

use std::sync::Arc;

use super::{Lowerer, bare};
use crate::{
    diagnostic::{Applicability, Diagnostic, codes},
    hir::{
        condition,
        model::{Clause, ClauseKind, Rate, Statement, Tools, Verb},
    },
    syntax::{
        Node, SyntaxKind,
        literal::{self, Date},
        verb_for,
    },
    text::{Span, nearest},
};

/// The longest window in seconds: what a double holds exactly.
const LONGEST_WINDOW: u64 = 1 << 53;

/// The parts that a statement has at most once.
const PARTS: [SyntaxKind; 6] = [
    SyntaxKind::Until,
    SyntaxKind::IfPart,
    SyntaxKind::Having,
    SyntaxKind::Block,
    SyntaxKind::Because,
    SyntaxKind::Rate,
];

/// Whether a part of a kind may stand in a statement of this verb.
pub fn part_fits(verb: Verb, kind: SyntaxKind) -> bool {
    belonging(verb, kind).0
}

/// Whether it may, and if not why, and what to do.
fn belonging(verb: Verb, kind: SyntaxKind) -> (bool, &'static str, &'static str) {
    let grants = matches!(verb, Verb::Allow | Verb::Ask);
    match kind {
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
    }
}

impl Lowerer<'_> {
    pub(super) fn statement(&mut self, node: Node<'_>) -> Option<Statement> {
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
        let mut out = Statement::new(verb, Tools { span: node.span(), ..Tools::default() }, node.span());
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
        let (fits, why, help) = belonging(verb, part.kind());
        if !fits {
            self.error(Diagnostic::error(&codes::MISPLACED_PART, part.span(), why).help(help));
        }
        fits
    }

    fn duplicate(&mut self, part: Node<'_>) {
        let what = match part.first_token().map_or("", Node::text) {
            "{" => "block".to_owned(),
            word => format!("`{word}`"),
        };
        self.error(
            Diagnostic::error(&codes::DUPLICATE_PART, part.span(), format!("this statement has a second {what}"))
                .help("keep one of the two"),
        );
    }

    fn clauses(&mut self, block: Node<'_>) -> Vec<Clause> {
        let mut out = Vec::new();
        for node in block.children() {
            let condition = |this: &mut Self| node.child(SyntaxKind::Condition).and_then(|c| condition::lower(this, c));
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
        let max = if literal::number(number.text()) == Some(0.0) {
            self.error(
                Diagnostic::error(&codes::INVALID_LIMIT, number.span(), "a limit of 0 allows nothing")
                    .help("write `deny TOOL` (or `hide TOOL`)"),
            );
            None
        } else {
            self.amount(number, "a limit counts to a whole number from 1 to 9007199254740992")
        };
        let window = node.child(SyntaxKind::Window)?;
        let times = match window.child(SyntaxKind::Number) {
            Some(number) => {
                self.amount(number, "a window is a whole number of seconds, minutes, hours or days, at least 1")?
            }
            None => 1,
        };
        let unit = window.child(SyntaxKind::Unit)?;
        let seconds = self.unit(unit)?;
        let seconds = seconds.checked_mul(times).filter(|seconds| *seconds <= LONGEST_WINDOW);
        if seconds.is_none() {
            self.error(
                Diagnostic::error(&codes::INVALID_LIMIT, window.span(), "this window is longer than can be counted")
                    .help("a window has at most 9007199254740992 seconds"),
            );
        }
        Some(Rate { span: node.span(), max: max?, seconds: seconds?, argument })
    }

    pub(super) fn amount(&mut self, token: Node<'_>, wanted: &str) -> Option<u64> {
        // what a double holds exactly, as everywhere in the language; that is enough for any counter
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        let value = literal::number(token.text()).filter(|v| v.fract() == 0.0 && *v >= 1.0 && *v <= LARGEST);
        match value {
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
}

/// `unless` turns a condition round, so what stands after it cannot be taken for an `if`.
fn is_unless(node: Node<'_>) -> bool {
    node.child(SyntaxKind::WrongIf).is_some_and(|word| word.text() == "unless")
}
