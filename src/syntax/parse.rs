//! From text to chunks, and from a chunk to its tree. The only file that knows pest.
//!
//! A chunk reaches from one line that begins a top-level item (`policy`, `set`, ...) to the next. It is read strictly
//! first; only a chunk that the strict grammar refuses is read again with recovery, and every part that could not be
//! read is read a third time alone, for its message.
//!
//! Limits: a file of at most [`MAX_BYTES`]; brackets at most [`MAX_DEPTH`](super::MAX_DEPTH) deep. They are fixed, so
//! that a policy is not right on one machine or thread and wrong on another.

use pest::{Parser, Token, error::ErrorVariant, error::InputLocation, iterators::Pairs};

use super::{
    SyntaxKind, depth, explain, recover,
    tree::{Raw, Tree},
};
use crate::{
    diagnostic::{Diagnostic, codes},
    text::{FileId, Span, as_u32, slice},
};

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/mcppol.pest"]
struct Grammar;

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// One piece of a file and what it reads as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Its tree; places in it count from the chunk's first byte.
    pub tree: Tree,
    /// What is wrong with it; places count from the chunk's first byte too.
    pub errors: Vec<Diagnostic>,
}

/// The length of the byte order mark at the beginning of a text: it is no part of it.
pub fn mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// Why a text is not read at all.
pub fn too_large(file: FileId, text: &str) -> Option<Diagnostic> {
    let message = || format!("the file has {} bytes; at most {MAX_BYTES} are read", text.len());
    (text.len() > MAX_BYTES).then(|| {
        Diagnostic::error(&codes::FILE_TOO_LARGE, Span::new(file, 0, 0), message())
            .help("split it: a policy file can `import` others")
    })
}

/// The chunks of a text, each with its place: what [`split`] says, behind a byte order mark.
pub fn pieces(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let skip = mark(text);
    let body = slice(text, skip..text.len());
    let starts = split(body);
    let ends: Vec<u32> = starts.iter().skip(1).copied().chain([as_u32(body.len())]).collect();
    starts
        .into_iter()
        .zip(ends)
        .map(move |(start, end)| (start + as_u32(skip), slice(body, start as usize..end as usize)))
}

/// Where the chunks of a text begin, the first at 0; together they tile the text.
///
/// A chunk begins at a line whose first word is a top-level keyword that is not a member's name (`test: 1`). No
/// token of the language crosses a line end, so this never cuts one.
pub fn split(text: &str) -> Vec<u32> {
    let mut starts = vec![0];
    let bytes = text.as_bytes();
    let mut line = 0;
    while line < bytes.len() {
        let rest = bytes.get(line..).unwrap_or_default();
        let indent = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        let first = line + indent;
        if first > 0 && begins_item(bytes.get(first..).unwrap_or_default()) {
            starts.push(as_u32(first));
        }
        line += memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
    }
    starts
}

fn begins_item(rest: &[u8]) -> bool {
    if !matches!(rest.first(), Some(b'p' | b's' | b'i' | b'g' | b't')) {
        return false;
    }
    let keywords: [&[u8]; 5] = [b"policy", b"set", b"import", b"grant", b"test"];
    keywords.iter().any(|keyword| {
        let Some(after) = rest.strip_prefix(*keyword) else { return false };
        let ends = !matches!(after.first(), Some(b) if b.is_ascii_alphanumeric() || b"_-.*?".contains(b));
        let next = after.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        ends && next != Some(&b':')
    })
}

/// Reads one chunk. Never fails: what cannot be read is a node of its own, with an error.
pub fn parse_chunk(file: FileId, text: &str) -> Chunk {
    let mut errors = Vec::new();
    let readable = depth::limit(file, text, &mut errors);
    let (tree, strict) = match Grammar::parse(Rule::items, &readable) {
        Ok(pairs) => (build(pairs), true),
        Err(_) => match Grammar::parse(Rule::loose_items, &readable) {
            Ok(pairs) => (recover::keep_lines(&readable, build(pairs)), false),
            // out of reach with the depth limited; still, a tree is owed
            Err(_) => (whole_as_bad(&readable), false),
        },
    };
    if !strict || tree.nodes.iter().any(|node| node.kind.is_mistake()) {
        let mut reader = explain::Explainer::new(file, text, &readable);
        errors.extend(reader.mistakes(&tree));
        if !strict && errors.is_empty() {
            let span = Span::new(file, 0, as_u32(text.len()));
            errors.push(Diagnostic::error(&codes::SYNTAX, span, "this could not be read"));
        }
    }
    Chunk { tree, errors }
}

fn build(pairs: Pairs<'_, Rule>) -> Tree {
    let mut nodes: Vec<Raw> = Vec::with_capacity(pairs.len().saturating_mul(8));
    let mut open: Vec<usize> = Vec::new();
    let mut last = 0;
    for token in pairs.tokens() {
        match token {
            Token::Start { rule, pos } => {
                if let Some(kind) = SyntaxKind::of(rule) {
                    open.push(nodes.len());
                    let start = as_u32(pos.pos());
                    nodes.push(Raw { kind, start, end: start, size: 1 });
                }
            }
            Token::End { rule, pos } => {
                if SyntaxKind::of(rule).is_none() {
                    continue;
                }
                let Some(index) = open.pop() else { continue };
                let size = as_u32(nodes.len() - index);
                if size == 1 {
                    last = as_u32(pos.pos());
                }
                if let Some(node) = nodes.get_mut(index) {
                    // a node ends with its last token, whatever trivia its rule went on to read
                    node.end = last.max(node.start);
                    node.size = size;
                }
            }
        }
    }
    nodes.shrink_to_fit();
    Tree { nodes }
}

fn whole_as_bad(text: &str) -> Tree {
    let end = as_u32(text.len());
    let token = Raw { kind: SyntaxKind::Other, start: 0, end, size: 1 };
    Tree { nodes: vec![Raw { kind: SyntaxKind::BadItem, size: 2, ..token }, token] }
}

/// Reads `text` as one whole statement, clause, call or item, however its block reads.
pub(super) fn whole(kind: SyntaxKind, text: &str) -> Option<Tree> {
    let rule = match kind {
        SyntaxKind::BadStatement => Rule::whole_statement,
        SyntaxKind::BadClause => Rule::one_clause,
        SyntaxKind::BadCall => Rule::one_call,
        _ => Rule::one_item,
    };
    let mut tree = build(Grammar::parse(rule, text).ok()?);
    tree.nodes.retain(|node| node.kind != SyntaxKind::End);
    Some(tree)
}

/// Reads `text` as one statement, by the strict grammar.
pub(super) fn statement(text: &str) -> Option<Tree> {
    let mut tree = build(Grammar::parse(Rule::one_statement, text).ok()?);
    tree.nodes.retain(|node| node.kind != SyntaxKind::End);
    Some(tree)
}

/// What pest expected where it could not go on.
pub(super) struct Stop {
    /// The byte offset.
    pub(super) at: usize,
    /// The rules that could have come, without those that read mistakes.
    pub(super) expected: Vec<Rule>,
    /// Whether a `(` or `[` before it is open.
    pub(super) open: bool,
}

/// Reads `text` as one whole part of a kind, and says where that stops.
pub(super) fn stop(kind: SyntaxKind, text: &str) -> Option<Stop> {
    let rule = match kind {
        SyntaxKind::BadHead => Rule::one_head,
        SyntaxKind::BadStatement => Rule::one_statement,
        SyntaxKind::BadClause => Rule::one_clause,
        SyntaxKind::BadCall => Rule::one_call,
        _ => Rule::one_item,
    };
    let error = Grammar::parse(rule, text).err()?;
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let expected = match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    let before = slice(text, 0..at).bytes();
    let open = before.fold(0i64, |open, b| match b {
        b'(' | b'[' => open + 1,
        b')' | b']' => open - 1,
        _ => open,
    });
    Some(Stop { at, expected, open: open > 0 })
}
