//! Where lines end. All of it is decided from left to right by what fits; nothing is tried and taken back.

use super::{
    WIDTH,
    line::{Comment, Line, Token},
    pins::Pin,
};
use crate::syntax::SyntaxKind;

/// How much deeper a level stands, and what continues a line.
pub(super) const LEVEL: usize = 2;
const CONTINUED: usize = 4;

/// What stands before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// Nothing: the file begins.
    File,
    /// Another item, and an empty line between the two.
    Apart,
    /// What stands on the same level.
    Next,
    /// The `{` around it.
    Open,
    /// The line is the `}` of a block that holds something, or nothing.
    Close,
    CloseEmpty,
}

/// The text that is written.
#[derive(Debug, Default)]
pub(super) struct Page<'t> {
    out: String,
    /// The comment that ends the line.
    behind: Option<&'t str>,
    /// The indentation of the line, and the column that is reached.
    indent: usize,
    column: usize,
}

impl<'t> Page<'t> {
    /// Writes a line with the break before it.
    pub(super) fn line(&mut self, line: &Line<'t>, lead: Lead, indent: usize) {
        let Some(first) = line.tokens.first() else { return };
        match (lead, first.pin) {
            (Lead::CloseEmpty, Pin::Free | Pin::Join) if first.above.is_empty() && self.behind.is_none() => {}
            (Lead::File, _) | (_, Pin::Free | Pin::Break) => {
                let inner = if matches!(lead, Lead::Close | Lead::CloseEmpty) { indent + LEVEL } else { indent };
                let kept = first.blank || first.above.iter().any(|comment| comment.blank);
                let ahead = match lead {
                    Lead::File | Lead::Open | Lead::CloseEmpty => Some(false),
                    Lead::Apart if !kept => Some(true),
                    _ => None,
                };
                let blank = first.blank && !matches!(lead, Lead::Close | Lead::CloseEmpty);
                self.lines(&first.above, blank, ahead, inner, indent);
            }
            (_, Pin::Join) => self.space(),
        }
        let end = line.tokens.len();
        if self.fits(line, 0, end) {
            return self.flat(line, 0, end);
        }
        let mut apart = false;
        let starts = std::iter::once(0).chain(line.parts.iter().copied().filter(|at| *at > 0));
        let ends = line.parts.iter().copied().filter(|at| *at > 0).chain([end]);
        for (start, end) in starts.zip(ends) {
            if start > 0 {
                let wish = apart || !self.would_fit(line, start, end);
                self.start(line, start, wish, indent + CONTINUED);
            }
            apart = self.run(line, start, end, indent + CONTINUED);
        }
    }

    /// The comments at the end, and the text.
    pub(super) fn finish(mut self, rest: &[Comment<'t>]) -> String {
        let first = self.out.is_empty().then_some(false);
        for (nth, comment) in rest.iter().enumerate() {
            self.lines(&[], comment.blank, first.filter(|_| nth == 0), 0, 0);
            self.text(comment.text);
        }
        if !self.out.is_empty() {
            self.end_line();
        }
        self.out
    }

    /// Adds the comment that ends the line, where it was found after the line was written.
    pub(super) fn behind(&mut self, comment: Option<&'t str>) {
        self.behind = self.behind.or(comment);
    }

    fn end_line(&mut self) {
        if let Some(comment) = self.behind.take() {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.out.push('\n');
    }

    /// Begins a new line, below comments on their own. `ahead` says whether an empty line comes first, whatever was
    /// written.
    fn lines(&mut self, above: &[Comment<'t>], blank: bool, ahead: Option<bool>, inner: usize, indent: usize) {
        let mut ahead = ahead;
        for comment in above {
            self.begin(ahead.take().unwrap_or(comment.blank), inner);
            self.text(comment.text);
        }
        self.begin(ahead.unwrap_or(blank), indent);
    }

    fn begin(&mut self, blank: bool, indent: usize) {
        if !self.out.is_empty() {
            self.end_line();
            if blank {
                self.out.push('\n');
            }
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        (self.indent, self.column) = (indent, indent);
    }

    fn space(&mut self) {
        self.out.push(' ');
        self.column += 1;
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn token(&mut self, token: &Token<'t>) {
        self.text(token.text);
        self.column += token.columns();
        self.behind = token.behind;
    }

    /// Whether tokens stand on the rest of the line.
    fn fits(&self, line: &Line<'t>, from: usize, to: usize) -> bool {
        line.columns(from, to).is_some_and(|columns| self.column + columns <= WIDTH)
    }

    /// The same, with the blank before the first of them.
    fn would_fit(&self, line: &Line<'t>, from: usize, to: usize) -> bool {
        line.columns(from, to).is_some_and(|columns| self.column + 1 + columns <= WIDTH)
    }

    /// Goes where a token within a line begins: to a new line where it must, or where it is wished and can be.
    fn start(&mut self, line: &Line<'t>, at: usize, wish: bool, indent: usize) -> bool {
        let Some(token) = line.tokens.get(at) else { return false };
        let breaks = token.breaks || (wish && token.pin != Pin::Join);
        if breaks {
            self.lines(&token.above, token.blank && token.breaks, None, indent, indent);
        } else if token.space {
            self.space();
        }
        breaks
    }

    fn flat(&mut self, line: &Line<'t>, from: usize, to: usize) {
        for (nth, token) in line.tokens.iter().take(to).skip(from).enumerate() {
            if nth > 0 && token.space {
                self.space();
            }
            self.token(token);
        }
    }

    /// Writes tokens from a place on: a list of tools is filled, a condition has each test on a line of its own, and
    /// whether it has is the answer.
    fn run(&mut self, line: &Line<'t>, from: usize, to: usize, indent: usize) -> bool {
        if self.fits(line, from, to) {
            self.flat(line, from, to);
            return false;
        }
        self.broken(line, from, to, indent)
    }

    fn broken(&mut self, line: &Line<'t>, from: usize, to: usize, indent: usize) -> bool {
        let mut tests = false;
        let mut start = from;
        while start < to {
            let end = next(line, start, to);
            if start > from {
                let test = line.tokens.get(start).is_some_and(is_logic);
                tests |= test;
                let wish = test || !self.would_fit(line, start, end);
                self.start(line, start, wish, indent);
            }
            self.piece(line, start, end, indent);
            start = end;
        }
        tests
    }

    /// Writes tokens that hold no place to break but brackets.
    fn piece(&mut self, line: &Line<'t>, from: usize, to: usize, indent: usize) {
        if self.fits(line, from, to) {
            return self.flat(line, from, to);
        }
        self.opened(line, from, to, indent);
    }

    fn opened(&mut self, line: &Line<'t>, from: usize, to: usize, indent: usize) {
        let mut at = from;
        while at < to {
            if at > from && self.start(line, at, false, indent) && self.fits(line, at, to) {
                return self.flat(line, at, to);
            }
            let Some(token) = line.tokens.get(at) else { return };
            self.token(token);
            at += 1;
            let close = if is_open(token.kind) { closing(line, at, to) } else { None };
            let Some(close) = close else { continue };
            if token.kind == SyntaxKind::LParen {
                if !self.start(line, at, false, indent + CONTINUED) || !self.fits(line, at, to) {
                    self.broken(line, at, close, indent + CONTINUED);
                } else {
                    self.flat(line, at, close);
                }
                self.start(line, close, false, indent + CONTINUED);
            } else {
                self.entries(line, at, close);
            }
            let Some(token) = line.tokens.get(close) else { return };
            self.token(token);
            at = close + 1;
        }
    }

    /// Writes what a list or an object holds, an entry on a line, and goes to the line of its end.
    fn entries(&mut self, line: &Line<'t>, from: usize, close: usize) {
        let (outer, inner) = (self.indent, self.indent + LEVEL);
        let mut at = from;
        while at < close {
            let end = next(line, at, close);
            let Some(token) = line.tokens.get(at) else { return };
            if token.pin == Pin::Join {
                self.start(line, at, false, inner);
            } else {
                self.lines(&token.above, token.blank, (at == from).then_some(false), inner, inner);
            }
            // the last one gets its comma here
            let columns = line.columns(at, end).map(|columns| columns + usize::from(end == close));
            if columns.is_some_and(|columns| self.column + columns <= WIDTH) {
                self.flat(line, at, end);
            } else {
                self.opened(line, at, end, inner + CONTINUED);
            }
            if end == close {
                self.text(",");
                self.column += 1;
            }
            at = end;
        }
        let Some(token) = line.tokens.get(close) else { return };
        if token.pin == Pin::Join {
            self.start(line, close, false, outer);
        } else {
            self.lines(&token.above, false, None, inner, outer);
        }
    }
}

impl Token<'_> {
    fn columns(&self) -> usize {
        self.to - self.from
    }
}

/// Where the next piece begins: behind a `,`, at `except`, `and` or `or`, outside of brackets.
fn next(line: &Line<'_>, from: usize, to: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while let Some(token) = line.tokens.get(at).filter(|_| at < to) {
        if depth == 0 && at > from && (is_logic(token) || token.text == "except" && token.kind == SyntaxKind::Keyword) {
            return at;
        }
        if is_open(token.kind) {
            depth += 1;
        } else if is_close(token.kind) {
            depth = depth.saturating_sub(1);
        }
        at += 1;
        if depth == 0 && token.kind == SyntaxKind::Comma {
            return at;
        }
    }
    to
}

/// The bracket that closes what is open at a place.
fn closing(line: &Line<'_>, from: usize, to: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in line.tokens.iter().enumerate().take(to).skip(from) {
        if is_open(token.kind) {
            depth += 1;
        } else if is_close(token.kind) {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Some(at),
            }
        }
    }
    None
}

fn is_open(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::LBracket | SyntaxKind::LParen | SyntaxKind::LBrace)
}

fn is_close(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::RBracket | SyntaxKind::RParen | SyntaxKind::RBrace)
}

fn is_logic(token: &Token<'_>) -> bool {
    token.kind == SyntaxKind::KwOr || token.kind == SyntaxKind::Keyword && token.text == "and"
}
