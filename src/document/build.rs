//! Puts values together from what a reader meets in the order of the text; bounds nesting, refuses a name twice.

use std::collections::BTreeMap;

use super::{Document, Kind, Member, Value, place, too_deep};
use crate::{
    diagnostic::{Diagnostic, codes},
    syntax::MAX_DEPTH,
    text::Span,
};

/// A list or object whose end is not reached.
enum Open {
    List { start: u32, items: Vec<Value> },
    Object { start: u32, members: Vec<Member>, keys: BTreeMap<Box<str>, Span>, key: Option<Key> },
}

/// A name whose value comes next.
struct Key {
    text: Box<str>,
    span: Span,
    /// Whether the object has it already, so that its value is let go.
    again: bool,
}

/// What is read so far. Places are given from the first byte after a byte order mark.
pub(super) struct Builder {
    base: u32,
    stack: Vec<Open>,
    root: Option<Value>,
    problems: Vec<Diagnostic>,
    broken: bool,
}

impl Builder {
    pub(super) fn new(base: u32) -> Self {
        Self { base, stack: Vec::new(), root: None, problems: Vec::new(), broken: false }
    }

    pub(super) fn span(&self, start: u32, end: u32) -> Span {
        place(start + self.base, end + self.base)
    }

    /// A problem that leaves the value readable.
    pub(super) fn problem(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// A problem after which nothing is read.
    pub(super) fn fail(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
        self.broken = true;
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    pub(super) fn depth(&self) -> usize {
        self.stack.len()
    }

    pub(super) fn in_object(&self) -> bool {
        matches!(self.stack.last(), Some(Open::Object { .. }))
    }

    /// Whether a name of an object waits for its value.
    pub(super) fn has_key(&self) -> bool {
        matches!(self.stack.last(), Some(Open::Object { key: Some(_), .. }))
    }

    /// Whether the whole value is there.
    pub(super) fn is_complete(&self) -> bool {
        self.root.is_some() && self.stack.is_empty()
    }

    pub(super) fn open_list(&mut self, start: u32) {
        self.open(start, Open::List { start: start + self.base, items: Vec::new() });
    }

    pub(super) fn open_object(&mut self, start: u32) {
        let object = Open::Object { start: start + self.base, members: Vec::new(), keys: BTreeMap::new(), key: None };
        self.open(start, object);
    }

    fn open(&mut self, start: u32, open: Open) {
        if self.stack.len() >= MAX_DEPTH {
            let span = self.span(start, start + 1);
            self.fail(too_deep(span));
            return;
        }
        self.stack.push(open);
    }

    /// The name of the next member.
    pub(super) fn key(&mut self, text: &str, start: u32, end: u32) {
        let span = self.span(start, end);
        let Some(Open::Object { keys, key, .. }) = self.stack.last_mut() else { return };
        let again = keys.get(text).copied();
        if let Some(first) = again {
            let problem =
                Diagnostic::error(&codes::DUPLICATE_PART, span, format!("`{text}` stands twice in one object"))
                    .label(first, "the first one")
                    .help("keep one of the two: readers disagree about which one counts");
            self.problems.push(problem);
        } else {
            keys.insert(text.into(), span);
        }
        *key = Some(Key { text: text.into(), span, again: again.is_some() });
    }

    pub(super) fn value(&mut self, kind: Kind, start: u32, end: u32) {
        let value = Value { kind, span: self.span(start, end) };
        self.put(value);
    }

    /// Ends the innermost list or object.
    pub(super) fn close(&mut self, end: u32) {
        let end = end + self.base;
        let value = match self.stack.pop() {
            Some(Open::List { start, items }) => Value { kind: Kind::List(items), span: place(start, end) },
            Some(Open::Object { start, members, .. }) => Value { kind: Kind::Object(members), span: place(start, end) },
            None => return,
        };
        self.put(value);
    }

    fn put(&mut self, value: Value) {
        match self.stack.last_mut() {
            None => self.root = Some(value),
            Some(Open::List { items, .. }) => items.push(value),
            Some(Open::Object { members, key, .. }) => {
                if let Some(Key { text, span, again: false }) = key.take() {
                    members.push(Member { key: text, key_span: span, value });
                }
            }
        }
    }

    pub(super) fn finish(self) -> Document {
        let root = self.root.filter(|_| !self.broken);
        Document { root, problems: self.problems }
    }
}
