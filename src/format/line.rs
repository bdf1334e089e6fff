//! What stands on one line unless it is too long: its tokens, each with the comments around it.

use super::pins::{Pin, Pins};
use crate::{
    syntax::{self, Node, SyntaxKind, directive},
    text::slice,
};

/// A comment on a line of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment<'t> {
    pub(super) text: &'t str,
    /// Whether an empty line stands before it.
    pub(super) blank: bool,
}

/// A token and what stands around it.
#[derive(Debug)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    pub(super) kind: SyntaxKind,
    /// The comments before it that have lines of their own.
    pub(super) above: Vec<Comment<'t>>,
    /// The comment at the end of its line.
    pub(super) behind: Option<&'t str>,
    /// Whether an empty line stands before it, after those comments.
    pub(super) blank: bool,
    pub(super) pin: Pin,
    /// Whether a blank stands before it where no line ends.
    pub(super) space: bool,
    /// Whether a line ends before it, come what may.
    pub(super) breaks: bool,
    /// How many lines end so, from the beginning to here.
    pub(super) broken: usize,
    /// Its columns, were all of this one line.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The tokens of one line, and where its parts begin: what is broken first.
#[derive(Debug, Default)]
pub(super) struct Line<'t> {
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) parts: Vec<usize>,
}

/// Reads tokens in order of the text, and the comments between them.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) pins: Pins,
    /// The end of what is read: a token with the comment behind it.
    pub(super) at: usize,
    /// Where the last token began.
    before: usize,
    /// What stands over the next token, of what was moved behind the last one.
    carried: Vec<Comment<'t>>,
    ends_line: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let at = syntax::mark(text);
        Self { text, pins: Pins::of(text), at, before: 0, carried: Vec::new(), ends_line: false }
    }

    /// Adds a token to a line. `{` of a block and what never begins a line are `glued`: comments before them go behind.
    pub(super) fn push(&mut self, line: &mut Line<'t>, node: Node<'_>, glued: bool) {
        let (kind, span) = (node.kind(), node.span().range());
        let mut above = std::mem::take(&mut self.carried);
        let (blank, broken) = gap(slice(self.text, self.at..span.start), &mut above);
        let mut pin = self.pins.between(self.before, span.start, broken);
        if std::mem::take(&mut self.ends_line) {
            pin = Pin::Break;
        }
        let (mut behind, end) = self.behind(span.end);
        (self.at, self.before) = (end, span.start);
        if matches!(kind, SyntaxKind::RBracket | SyntaxKind::RBrace) {
            self.drop_comma(line, &mut above, &mut pin);
        }
        if let Some(last) = line.tokens.last_mut().filter(|_| glued)
            // a comment that speaks of its line says nothing of another one
            && behind.is_none_or(|comment| directive(comment).is_none())
        {
            let moved = behind.take();
            behind = last.behind.take();
            self.carried = std::mem::take(&mut above);
            match behind {
                None if self.carried.is_empty() => behind = moved,
                _ => self.carried.extend(moved.map(|text| Comment { text, blank: false })),
            }
            self.ends_line = pin == Pin::Break;
            pin = Pin::Free;
        }
        let text = spelled(self.text, node);
        line.add(Token {
            text,
            kind,
            above,
            behind,
            blank,
            pin,
            space: false,
            breaks: false,
            broken: 0,
            from: 0,
            to: text.chars().count(),
        });
    }

    /// Takes the comma at the end of a list away: whether there is one is for the layout to say.
    fn drop_comma(&mut self, line: &mut Line<'t>, above: &mut Vec<Comment<'t>>, pin: &mut Pin) {
        if line.tokens.last().is_none_or(|last| last.kind != SyntaxKind::Comma) {
            return;
        }
        let Some(mut comma) = line.tokens.pop() else { return };
        if comma.pin == Pin::Break {
            *pin = Pin::Break;
        }
        let Some(last) = line.tokens.last_mut() else { return };
        if last.behind.is_none() {
            last.behind = comma.behind.take();
        }
        comma.above.extend(comma.behind.map(|text| Comment { text, blank: false }));
        comma.above.append(above);
        *above = comma.above;
    }

    /// The comment behind a token that ends here, and where it ends.
    pub(super) fn behind(&self, end: usize) -> (Option<&'t str>, usize) {
        let rest = slice(self.text, end..self.text.len());
        let comment = rest.trim_start_matches([' ', '\t', '\r']);
        if !comment.starts_with("//") {
            return (None, end);
        }
        let start = self.text.len() - comment.len();
        let length = comment.find('\n').unwrap_or(comment.len());
        (Some(trimmed(slice(comment, 0..length))), start + length)
    }

    /// The comments after the last token.
    pub(super) fn rest(&mut self) -> Vec<Comment<'t>> {
        let mut out = std::mem::take(&mut self.carried);
        gap(slice(self.text, self.at..self.text.len()), &mut out);
        out
    }
}

impl<'t> Line<'t> {
    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        self.parts.clear();
    }

    fn add(&mut self, mut token: Token<'t>) {
        token.breaks = token.pin == Pin::Break || !token.above.is_empty();
        if let Some(last) = self.tokens.last() {
            token.breaks |= last.behind.is_some();
            token.space = is_apart(last.kind, token.kind);
            token.broken = last.broken + usize::from(token.breaks);
            token.from = last.to + usize::from(token.space);
            token.to += token.from;
        }
        self.tokens.push(token);
    }

    /// How many columns tokens take on one line; `None` where a line ends among them.
    pub(super) fn columns(&self, from: usize, to: usize) -> Option<usize> {
        let (first, last) = (self.tokens.get(from)?, self.tokens.get(to.checked_sub(1)?)?);
        (first.broken == last.broken).then_some(last.to - first.from)
    }
}

fn is_apart(before: SyntaxKind, after: SyntaxKind) -> bool {
    use SyntaxKind as K;
    !matches!(
        (before, after),
        (K::LBracket | K::LParen, _) | (_, K::Comma | K::Colon | K::RBracket | K::RParen) | (K::LBrace, K::RBrace)
    )
}

/// Reads what lies between two tokens: its comments, all on lines of their own, whether an empty line ends it, and
/// whether a line ends in it.
pub(super) fn gap<'t>(text: &'t str, comments: &mut Vec<Comment<'t>>) -> (bool, bool) {
    let (mut rest, mut ends, mut broken) = (text, 0, false);
    while let Some(c) = rest.bytes().next() {
        let length = match c {
            b'/' => {
                let length = rest.find('\n').unwrap_or(rest.len());
                comments.push(Comment { text: trimmed(slice(rest, 0..length)), blank: ends > 1 });
                ends = 0;
                length
            }
            b'\n' => {
                ends += 1;
                broken = true;
                1
            }
            _ => 1,
        };
        rest = slice(rest, length..rest.len());
    }
    (ends > 1, broken)
}

fn trimmed(comment: &str) -> &str {
    comment.trim_end_matches([' ', '\t', '\r'])
}

/// A token as it is written; an operator of several words has one blank between them.
pub(super) fn spelled<'t>(text: &'t str, node: Node<'_>) -> &'t str {
    const OPERATORS: [&str; 6] = ["not in", "not matches", "not contains", "not under", "host in", "host not in"];
    let text = slice(text, node.span().range());
    if node.kind() != SyntaxKind::Op || !text.contains([' ', '\t']) {
        return text;
    }
    let same = |operator: &&str| operator.split(' ').eq(text.split_ascii_whitespace());
    OPERATORS.into_iter().find(same).unwrap_or(text)
}
