//! The dialect of `matches`: the regular expressions that RE2 (Go's `regexp` with it) and Rust's
//! `regex` both accept and both read alike.
//!
//! The text is parsed by `regex-syntax`, every node is compared with a white list, and what remains
//! is written out again for Rust with RE2's meaning made explicit: no flags, every class as a list
//! of ranges. Where the two would read one text differently it is refused, never interpreted.
//! Absent on purpose: Unicode classes (the tables of the engines differ by version), every flag but
//! `(?i)`, class arithmetic, names of groups, and all that needs backtracking.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::ast::{
    Assertion, AssertionKind, Ast, ClassAsciiKind, ClassBracketed, ClassPerl, ClassPerlKind, ClassSet, ClassSetItem,
    Flag, Flags, FlagsItemKind, Group, GroupKind, HexLiteralKind, Literal, LiteralKind, Repetition, RepetitionKind,
    RepetitionRange, Span,
};
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};
use regex_syntax::utf8::Utf8Sequences;

use super::{COUNT, FLAG, NAME, Problem, RANGES, explain};

/// The longest pattern, in bytes.
pub(crate) const LENGTH: usize = 4096;
/// The deepest tree, as `regex-syntax` counts.
pub(crate) const NESTING: u32 = 100;
/// How often nested counts may copy one piece together: RE2's own limit.
const COPIES: u32 = 1000;
/// The size once the counts are written out, in states of an automaton over bytes. It keeps the
/// compiled form below `super::COMPILED` with room to spare, and below RE2's default as well.
const STATES: usize = 1 << 16;

type Chars = (char, char);

/// The pattern written for Rust's `regex` without flags, as one piece that may hold a bare `|`.
pub(crate) fn translate(pattern: &str) -> Result<String, Problem> {
    let whole = 0..pattern.len();
    if pattern.len() > LENGTH {
        return Err(Problem::new(
            whole,
            format!("the pattern is {} bytes long", pattern.len()),
            format!("a pattern has at most {LENGTH} bytes"),
        ));
    }
    let tree =
        ParserBuilder::new().nest_limit(NESTING).build().parse(pattern).map_err(|error| explain(pattern, &error))?;
    let mut reader = Reader {
        text: pattern,
        out: String::with_capacity(pattern.len().saturating_mul(2)),
        fold: false,
        branches: false,
        pairs: BTreeSet::new(),
        singles: BTreeSet::new(),
    };
    let size = reader.node(&tree)?;
    if size.states > STATES {
        return Err(Problem::new(
            whole,
            "the pattern is too large once its counts are written out",
            "lower the counts in `{…}`, or use `*` or `+`",
        ));
    }
    match reader.pairs.intersection(&reader.singles).next() {
        Some(letter) if reader.branches => Err(Problem::new(
            whole,
            format!("beside a `|`, `{letter}` stands both with and without its other case"),
            "some versions of Go confuse the two: put `(?i)` before the whole pattern, or write \
             both cases everywhere",
        )),
        _ => Ok(reader.out),
    }
}

/// What a piece costs.
#[derive(Clone, Copy)]
struct Size {
    /// An upper bound for the states it compiles to.
    states: usize,
    /// How many copies the counts within it make of one piece.
    copies: u32,
}

impl Size {
    fn of(states: usize) -> Size {
        Size { states, copies: 1 }
    }

    fn beside(self, other: Size) -> Size {
        Size { states: self.states.saturating_add(other.states), copies: self.copies.max(other.copies) }
    }
}

struct Reader<'p> {
    text: &'p str,
    out: String,
    /// Whether `(?i)` holds here. Both engines let it run on to the end of its group, `|` included.
    fold: bool,
    /// Whether there is a `|`.
    branches: bool,
    /// Pieces that match a letter in either case, by the first of the two, and pieces that match it
    /// alone: older versions of Go take the one for the other when alternatives begin with them.
    pairs: BTreeSet<char>,
    singles: BTreeSet<char>,
}

impl Reader<'_> {
    fn node(&mut self, ast: &Ast) -> Result<Size, Problem> {
        match ast {
            Ast::Empty(_) => Ok(Size::of(1)),
            Ast::Flags(set) => {
                self.flags(&set.flags)?;
                Ok(Size::of(1))
            }
            Ast::Literal(literal) => self.literal(literal),
            Ast::Dot(_) => Ok(self.class(&complement(&[('\n', '\n')]))),
            Ast::Assertion(assertion) => self.assertion(assertion),
            Ast::ClassUnicode(class) => Err(unicode_class(&class.span)),
            Ast::ClassPerl(class) => {
                let ranges = self.perl(class);
                Ok(self.class(&set_of(&ranges)))
            }
            Ast::ClassBracketed(class) => self.bracketed(class),
            Ast::Repetition(repetition) => self.repetition(repetition),
            Ast::Group(group) => self.group(group),
            Ast::Alternation(branches) => {
                self.branches = true;
                let mut size = Size::of(1);
                for (nth, branch) in branches.asts.iter().enumerate() {
                    if nth > 0 {
                        self.out.push('|');
                    }
                    size = size.beside(Size::of(1)).beside(self.node(branch)?);
                }
                Ok(size)
            }
            Ast::Concat(pieces) => {
                let mut size = Size::of(1);
                for piece in &pieces.asts {
                    size = size.beside(self.node(piece)?);
                }
                Ok(size)
            }
        }
    }

    /// A problem whose message begins with the words it is about.
    fn refuse(&self, range: Range<usize>, says: &str, help: &str) -> Problem {
        let word = self.text.get(range.clone()).unwrap_or_default();
        Problem::new(range, format!("`{word}` {says}"), help)
    }

    fn flags(&mut self, flags: &Flags) -> Result<(), Problem> {
        let fold = FlagsItemKind::Flag(Flag::CaseInsensitive);
        if flags.items.iter().any(|item| item.kind != fold) {
            let says = "is a flag that is not in the dialect";
            return Err(self.refuse(bytes(&flags.span), says, FLAG));
        }
        self.fold |= !flags.items.is_empty();
        Ok(())
    }

    fn group(&mut self, group: &Group) -> Result<Size, Problem> {
        let outside = self.fold;
        match &group.kind {
            GroupKind::CaptureIndex(_) => {}
            GroupKind::CaptureName { name, .. } => {
                return Err(self.refuse(bytes(&name.span), "names a group", NAME));
            }
            GroupKind::NonCapturing(flags) => self.flags(flags)?,
        }
        self.out.push_str("(?:");
        let size = self.node(&group.ast)?;
        self.out.push(')');
        self.fold = outside;
        Ok(size)
    }

    fn repetition(&mut self, repetition: &Repetition) -> Result<Size, Problem> {
        let span = bytes(&repetition.op.span);
        if let Ast::Repetition(inner) = &*repetition.ast {
            return Err(self.refuse(
                inner.op.span.start.offset..span.end,
                "repeats a repetition",
                "keep one of the two, or group the inner one: `(?:a+)*`",
            ));
        }
        let word = self.text.get(span.clone()).unwrap_or_default();
        let (sign, copies) = match &repetition.op.kind {
            RepetitionKind::ZeroOrOne => ("?", 1),
            RepetitionKind::ZeroOrMore => ("*", 1),
            RepetitionKind::OneOrMore => ("+", 1),
            RepetitionKind::Range(range) => {
                let sign = word.strip_suffix('?').unwrap_or(word);
                if !plain_count(sign) {
                    return Err(self.refuse(span, "is not a plain count", COUNT));
                }
                match range {
                    RepetitionRange::Exactly(count)
                    | RepetitionRange::AtLeast(count)
                    | RepetitionRange::Bounded(_, count) => (sign, (*count).max(1)),
                }
            }
        };
        let sign = sign.to_owned();
        if copies > COPIES {
            let says = format!("repeats more than {COPIES} times");
            let help = format!("a count is at most {COPIES}; `*` and `+` have no bound");
            return Err(self.refuse(span, &says, &help));
        }
        let inner = self.node(&repetition.ast)?;
        let product = copies.saturating_mul(inner.copies);
        if product > COPIES {
            return Err(Problem::new(
                span,
                format!("counts within counts make {product} copies"),
                format!("keep the product of nested counts at {COPIES} or less"),
            ));
        }
        self.out.push_str(&sign);
        // An open end adds one copy more, and each copy up to three states that join it to the next.
        let states = usize::try_from(copies)
            .unwrap_or(usize::MAX)
            .saturating_add(1)
            .saturating_mul(inner.states.saturating_add(3));
        Ok(Size { states, copies: product })
    }

    fn assertion(&mut self, assertion: &Assertion) -> Result<Size, Problem> {
        // RE2's words are ASCII.
        self.out.push_str(match assertion.kind {
            AssertionKind::StartLine | AssertionKind::StartText => r"\A",
            AssertionKind::EndLine | AssertionKind::EndText => r"\z",
            AssertionKind::WordBoundary => r"(?-u:\b)",
            AssertionKind::NotWordBoundary => r"(?-u:\B)",
            AssertionKind::WordBoundaryStart
            | AssertionKind::WordBoundaryEnd
            | AssertionKind::WordBoundaryStartAngle
            | AssertionKind::WordBoundaryEndAngle
            | AssertionKind::WordBoundaryStartHalf
            | AssertionKind::WordBoundaryEndHalf => {
                return Err(self.refuse(
                    bytes(&assertion.span),
                    "means different things to different engines",
                    r"for a word boundary write `\b`; for the sign itself `<` or `>`, without a `\`",
                ));
            }
        });
        Ok(Size::of(1))
    }

    fn literal(&mut self, literal: &Literal) -> Result<Size, Problem> {
        let char = self.char(literal)?;
        if self.fold && char.is_ascii_alphabetic() {
            let mut ranges = Vec::new();
            self.pairs.insert(char.to_ascii_uppercase());
            self.fold_into(&mut ranges, (char, char));
            return Ok(self.class(&set_of(&ranges)));
        }
        self.single(char);
        self.write_char(char);
        Ok(Size::of(char.len_utf8()))
    }

    /// The character that a literal stands for, in or out of a class.
    fn char(&self, literal: &Literal) -> Result<char, Problem> {
        let shared = match &literal.kind {
            LiteralKind::Verbatim | LiteralKind::Meta | LiteralKind::Superfluous => true,
            LiteralKind::HexFixed(kind) | LiteralKind::HexBrace(kind) => *kind == HexLiteralKind::X,
            LiteralKind::Special(_) => true,
            LiteralKind::Octal => false,
        };
        if !shared {
            let help = format!(r"write `\x{{{:X}}}`", u32::from(literal.c));
            return Err(self.refuse(bytes(&literal.span), "is not known to every engine", &help));
        }
        if self.fold && !literal.c.is_ascii() {
            return Err(self.refuse(
                bytes(&literal.span),
                "stands under `(?i)` and is not ASCII",
                "engines differ in the case of such letters: write both, as in `[Éé]`, and put \
                 `(?i:…)` around the rest only",
            ));
        }
        Ok(literal.c)
    }

    fn bracketed(&mut self, class: &ClassBracketed) -> Result<Size, Problem> {
        let items = match &class.kind {
            ClassSet::Item(ClassSetItem::Union(union)) => union.items.as_slice(),
            ClassSet::Item(item) => std::slice::from_ref(item),
            ClassSet::BinaryOp(operation) => {
                let gap = operation.lhs.span().end.offset..operation.rhs.span().start.offset;
                return Err(self.refuse(
                    gap,
                    "within `[…]` is arithmetic to one engine and text to another",
                    r"write the characters out; for the signs themselves, `\&`, `\-`, `\~`",
                ));
            }
        };
        let mut ranges = Vec::new();
        let mut before = None;
        let mut rest = items.iter().peekable();
        while let Some(item) = rest.next() {
            if is_dash(item) && !dash_is_plain(before, rest.peek().copied()) {
                return Err(Problem::new(
                    bytes(item.span()),
                    "this `-` is a range to one engine and text to another",
                    r"write `\-`, or put a single `-` at the end of the class",
                ));
            }
            self.item(item, &mut ranges)?;
            before = Some(item);
        }
        let set = if class.negated { complement(&ranges) } else { set_of(&ranges) };
        Ok(self.class(&set))
    }

    fn item(&self, item: &ClassSetItem, ranges: &mut Vec<Chars>) -> Result<(), Problem> {
        match item {
            ClassSetItem::Empty(_) => {}
            ClassSetItem::Literal(literal) => {
                let char = self.char(literal)?;
                self.fold_into(ranges, (char, char));
            }
            ClassSetItem::Range(range) => {
                let ends = (self.char(&range.start)?, self.char(&range.end)?);
                self.fold_into(ranges, ends);
            }
            ClassSetItem::Ascii(class) => {
                ranges.extend(self.group_of(posix(&class.kind), class.negated));
            }
            ClassSetItem::Perl(class) => ranges.extend(self.perl(class)),
            ClassSetItem::Unicode(class) => return Err(unicode_class(&class.span)),
            ClassSetItem::Bracketed(inner) => {
                return Err(self.refuse(
                    bytes(&inner.span),
                    "within `[…]` is a class to one engine and text to another",
                    r"write `\[` for the sign, `[[:alpha:]]` for a named class",
                ));
            }
            ClassSetItem::Union(union) => {
                for item in &union.items {
                    self.item(item, ranges)?;
                }
            }
        }
        Ok(())
    }

    fn perl(&self, class: &ClassPerl) -> Vec<Chars> {
        let ranges: &[Chars] = match class.kind {
            ClassPerlKind::Digit => &[('0', '9')],
            // Without the vertical tab.
            ClassPerlKind::Space => &[('\t', '\n'), ('\x0C', '\r'), (' ', ' ')],
            ClassPerlKind::Word => posix(&ClassAsciiKind::Word),
        };
        self.group_of(ranges, class.negated)
    }

    /// A named class: RE2 folds it first and negates it then.
    fn group_of(&self, named: &[Chars], negated: bool) -> Vec<Chars> {
        let mut ranges = Vec::new();
        for range in named {
            self.fold_into(&mut ranges, *range);
        }
        if !negated {
            return ranges;
        }
        complement(&ranges).iter().map(|range| (range.start(), range.end())).collect()
    }

    /// Adds the range, under `(?i)` with the other case of its ASCII letters, and with the two
    /// letters beyond ASCII that both engines count as a `k` and an `s`.
    fn fold_into(&self, ranges: &mut Vec<Chars>, (start, end): Chars) {
        ranges.push((start, end));
        for small in ('a'..='z').filter(|_| self.fold) {
            let large = small.to_ascii_uppercase();
            if [small, large].iter().any(|letter| (start..=end).contains(letter)) {
                ranges.extend([(small, small), (large, large)]);
                match small {
                    'k' => ranges.push(('\u{212A}', '\u{212A}')),
                    's' => ranges.push(('\u{17F}', '\u{17F}')),
                    _ => {}
                }
            }
        }
    }

    /// Notes a piece that matches one character. A small ASCII letter is never the first of a pair.
    fn single(&mut self, char: char) {
        if char.is_ascii_uppercase() || !char.is_ascii() {
            self.singles.insert(char);
        }
    }

    /// Beyond ASCII any two may be a pair: that is in the engines' tables.
    fn pair(&mut self, first: char, second: char) {
        if !first.is_ascii() || first.eq_ignore_ascii_case(&second) {
            self.pairs.insert(first);
        }
    }

    /// Writes a class out and counts the states of its encodings.
    fn class(&mut self, set: &ClassUnicode) -> Size {
        if set.ranges().is_empty() {
            self.out.push_str(r"[^\x{0}-\x{10FFFF}]");
            return Size::of(1);
        }
        match set.ranges() {
            [one] if one.len() == 1 => self.single(one.start()),
            [one] if one.len() == 2 => self.pair(one.start(), one.end()),
            [one, other] if one.len() == 1 && other.len() == 1 => {
                self.pair(one.start(), other.start());
            }
            _ => {}
        }
        let mut states: usize = 2;
        self.out.push('[');
        for range in set.iter() {
            self.write_char(range.start());
            if range.start() != range.end() {
                self.out.push('-');
                self.write_char(range.end());
            }
            let encodings = Utf8Sequences::new(range.start(), range.end());
            states = states.saturating_add(encodings.map(|bytes| bytes.len()).sum());
        }
        self.out.push(']');
        Size::of(states)
    }

    fn write_char(&mut self, char: char) {
        if char.is_ascii_alphanumeric() {
            self.out.push(char);
        } else {
            // Writing to a string does not fail.
            let _ = write!(self.out, r"\x{{{:X}}}", u32::from(char));
        }
    }
}

fn bytes(span: &Span) -> Range<usize> {
    span.start.offset..span.end.offset
}

fn set_of(ranges: &[Chars]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|(start, end)| ClassUnicodeRange::new(*start, *end)))
}

fn complement(ranges: &[Chars]) -> ClassUnicode {
    let mut set = set_of(ranges);
    set.negate();
    set
}

/// Go reads a count with spaces or leading zeros as text. The rest of its form the parser has seen to.
fn plain_count(word: &str) -> bool {
    word.trim_matches(['{', '}'])
        .split(',')
        .all(|number| number.bytes().all(|byte| byte.is_ascii_digit()) && (number == "0" || !number.starts_with('0')))
}

fn is_dash(item: &ClassSetItem) -> bool {
    matches!(item, ClassSetItem::Literal(Literal { kind: LiteralKind::Verbatim, c: '-', .. }))
}

/// Go begins a range at any bare character, a first `-` or `]` too; Rust does not.
fn dash_is_plain(before: Option<&ClassSetItem>, after: Option<&ClassSetItem>) -> bool {
    let clear_before = before.is_none_or(|item| matches!(item, ClassSetItem::Range(_) | ClassSetItem::Ascii(_)));
    match after {
        None => !before.is_some_and(is_dash),
        Some(next) => clear_before && !is_dash(next),
    }
}

fn posix(kind: &ClassAsciiKind) -> &'static [Chars] {
    match kind {
        ClassAsciiKind::Alnum => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        ClassAsciiKind::Alpha => &[('A', 'Z'), ('a', 'z')],
        ClassAsciiKind::Ascii => &[('\0', '\x7F')],
        ClassAsciiKind::Blank => &[('\t', '\t'), (' ', ' ')],
        ClassAsciiKind::Cntrl => &[('\0', '\x1F'), ('\x7F', '\x7F')],
        ClassAsciiKind::Digit => &[('0', '9')],
        ClassAsciiKind::Graph => &[('!', '~')],
        ClassAsciiKind::Lower => &[('a', 'z')],
        ClassAsciiKind::Print => &[(' ', '~')],
        ClassAsciiKind::Punct => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        ClassAsciiKind::Space => &[('\t', '\r'), (' ', ' ')],
        ClassAsciiKind::Upper => &[('A', 'Z')],
        ClassAsciiKind::Word => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        ClassAsciiKind::Xdigit => &[('0', '9'), ('A', 'F'), ('a', 'f')],
    }
}

fn unicode_class(span: &Span) -> Problem {
    Problem::new(bytes(span), "Unicode classes are not in the dialect", RANGES)
}
