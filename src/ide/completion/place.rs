//! Where the cursor is, as far as what may follow asks: the word under it, the part that is being written, and what
//! that part stands in. Trees give the words before the cursor, also of what is broken; brackets and verbs among these
//! give the rest.

use crate::{
    ide::Document,
    syntax::{self, Continuation, Inside, Node, SyntaxKind as K},
    text::{FileId, Span, as_u32, slice},
};

/// What holds the part that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    File,
    Policy,
    Test,
    Block,
    /// The arguments of a call.
    Object,
}

/// The cursor's surroundings.
pub(super) struct Place<'a> {
    pub(super) text: &'a str,
    pub(super) offset: u32,
    pub(super) item: Option<Node<'a>>,
    pub(super) container: Container,
    /// The words before the one under the cursor, from the beginning of what the part is in.
    tokens: Vec<Node<'a>>,
    /// Where the verb of the part is among them.
    verb: Option<usize>,
    /// Where the verb of the statement is that holds the part, if a block does.
    holder: Option<usize>,
    /// The word under the cursor, which is replaced.
    pub(super) word: Span,
    /// Whether that word begins with a quote.
    pub(super) quoted: bool,
}

impl<'a> Place<'a> {
    /// The surroundings of a place that is in no comment; the second value tells what its line is in the middle of.
    pub(super) fn of(document: &'a Document, offset: u32, inside: Inside, line: u32) -> Self {
        let text = document.text();
        let word = word(text, offset, inside.text.map(|at| line + as_u32(at)));
        let Region { item, tokens, container } = region(document, word.start);
        let Scan { container, verb, holder } = scan(&tokens, container);
        let quoted = slice(text, word.range()).starts_with(['"', 'r']) && inside.text.is_some();
        Self { text, offset, item, container, tokens, verb, holder, word, quoted }
    }

    /// What is typed of the word so far.
    pub(super) fn typed(&self) -> &'a str {
        slice(self.text, self.word.start as usize..self.offset as usize)
    }

    /// Begins the word further left, where it has several parts.
    pub(super) fn begin_at(&mut self, start: u32) {
        self.word.start = start;
        let kept = self.tokens.iter().take_while(|token| token.span().end <= start).count();
        self.tokens.truncate(kept);
    }

    /// The verb of the part, or nothing between parts.
    pub(super) fn verb(&self) -> &'a str {
        self.verb_token().map_or("", Node::text)
    }

    fn verb_token(&self) -> Option<Node<'a>> {
        self.tokens.get(self.verb?).copied()
    }

    /// The words of the part before the cursor, the verb first.
    pub(super) fn part(&self) -> &[Node<'a>] {
        self.verb.and_then(|verb| self.tokens.get(verb..)).unwrap_or_default()
    }

    /// The words of the part that stand in no block of it.
    pub(super) fn own_words(&self) -> Vec<Node<'a>> {
        let mut depth = 0u32;
        let own = |token: &&Node<'_>| {
            match token.kind() {
                K::LBrace => depth += 1,
                K::RBrace => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 || depth == 1 && token.kind() == K::LBrace
        };
        self.part().iter().filter(own).copied().collect()
    }

    /// The word before the cursor, if it is of the part.
    pub(super) fn last(&self) -> Option<Node<'a>> {
        self.part().last().copied()
    }

    /// The words of the statement that says which tools the part is about, its verb first.
    pub(super) fn statement(&self) -> &[Node<'a>] {
        let from = if self.container == Container::Block { self.holder } else { self.verb };
        from.and_then(|from| self.tokens.get(from..)).unwrap_or_default()
    }

    /// Whether nothing but blanks stands before the word on its line.
    pub(super) fn fresh(&self) -> bool {
        let before = slice(self.text, 0..self.word.start as usize).trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// What may go on with the part, and what may begin a new one.
    pub(super) fn continuations(&self) -> (Vec<Continuation>, Vec<Continuation>) {
        let begin = || syntax::continuations(self.beginning(), "");
        let Some(verb) = self.verb_token() else { return (Vec::new(), begin()) };
        let kind = match verb.text() {
            "policy" | "set" | "import" | "grant" | "test" => K::BadItem,
            "call" => K::BadCall,
            "require" => K::BadClause,
            _ if self.container == Container::Block => K::BadClause,
            _ => K::BadStatement,
        };
        let before = slice(self.text, verb.span().start as usize..self.word.start as usize);
        let mut follow = syntax::continuations(kind, before);
        let ends = follow.contains(&Continuation::End) || follow.is_empty() && self.fresh();
        follow.retain(|it| *it != Continuation::End);
        (follow, if ends { begin() } else { Vec::new() })
    }

    fn beginning(&self) -> K {
        match self.container {
            Container::File => K::BadItem,
            Container::Policy => K::BadStatement,
            Container::Block => K::BadClause,
            Container::Test | Container::Object => K::BadCall,
        }
    }
}

/// The word around a place; `quote` is where a text begins that the place is in.
fn word(text: &str, offset: u32, quote: Option<u32>) -> Span {
    let part = |c: char| c.is_ascii_alphanumeric() || "_-.*?@".contains(c);
    let before = slice(text, 0..offset as usize);
    let after = slice(text, offset as usize..text.len());
    let Some(quote) = quote else {
        let mut start = before.trim_end_matches(part);
        if start.len() == before.len() {
            start = before.trim_end_matches(['<', '=', '>', '!']);
        }
        let end = after.find(|c| !part(c)).unwrap_or(after.len());
        return Span::new(FileId(0), as_u32(start.len()), offset + as_u32(end));
    };
    let line = slice(after, 0..after.find(['\n', '\r']).unwrap_or(after.len()));
    let closed = |closer: &str| line.find(closer).map(|at| at + closer.len());
    let lead = slice(text, 0..quote as usize);
    let name = lead
        .strip_suffix('[')
        .map(|lead| lead.trim_end_matches(part))
        .filter(|name| slice(lead, name.len()..lead.len()).starts_with("args"));
    if let Some(name) = name {
        let end = closed("\"]").or_else(|| closed("\"")).unwrap_or(0);
        return Span::new(FileId(0), as_u32(name.len()), offset + as_u32(end));
    }
    let raw = lead.ends_with('r') && !lead.strip_suffix('r').is_some_and(|lead| lead.ends_with(part));
    Span::new(FileId(0), quote - u32::from(raw), offset + as_u32(closed("\"").unwrap_or(0)))
}

/// The words before a place, as far back as they matter.
struct Region<'a> {
    item: Option<Node<'a>>,
    tokens: Vec<Node<'a>>,
    container: Container,
}

/// Of an item with a body only the last part of the body that begins before the place.
fn region<'a>(document: &'a Document, start: u32) -> Region<'a> {
    let begins = |node: &Node<'_>| node.span().start < start;
    let nothing = Region { item: None, tokens: Vec::new(), container: Container::File };
    let Some(piece) = document.piece_at(start) else { return nothing };
    let Some(root) = piece.roots().take_while(begins).last() else { return nothing };
    let before = |node: Node<'_>| node.span().end <= start;
    // what recovery adds has no text
    let tokens = |node: Node<'a>| {
        let written = |token: &Node<'a>| token.span().start < token.span().end;
        node.tokens().take_while(|token| before(*token)).filter(written).collect()
    };
    let container = match root.kind() {
        K::Policy => Container::Policy,
        _ => Container::Test,
    };
    let brace = root.child(K::LBrace).filter(|brace| before(*brace));
    let Some(brace) = brace.filter(|_| matches!(root.kind(), K::Policy | K::Test)) else {
        return Region { item: Some(root), tokens: tokens(root), container: Container::File };
    };
    let body = root.children().skip_while(|child| child.span().start <= brace.span().start);
    let part = |child: &Node<'_>| !matches!(child.kind(), K::MissingBrace | K::WrongSemi);
    let last = body.take_while(begins).filter(part).last();
    match last {
        Some(last) if last.kind() == K::RBrace && before(last) => nothing,
        last => Region { item: Some(root), tokens: last.map_or_else(Vec::new, tokens), container },
    }
}

struct Scan {
    container: Container,
    verb: Option<usize>,
    holder: Option<usize>,
}

/// Follows brackets and verbs through the words before the cursor.
fn scan(tokens: &[Node<'_>], container: Container) -> Scan {
    let mut now = (container, None);
    let mut open: Vec<(Container, Option<usize>)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let text = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.text());
        match token.kind() {
            K::LBrace => {
                open.push(now);
                now = match (now.0, text(now.1)) {
                    (Container::Object, _) | (_, "call") => (Container::Object, now.1),
                    (_, "policy") => (Container::Policy, None),
                    (_, "test") => (Container::Test, None),
                    _ => (Container::Block, None),
                };
            }
            K::RBrace => {
                now = open.pop().unwrap_or((Container::File, None));
                if now.0 == Container::File {
                    now.1 = None;
                }
            }
            K::Keyword if now.0 != Container::Object && is_verb(token.text(), text(index.checked_sub(1)), now.0) => {
                let next = tokens.get(index + 1);
                while now.0 == Container::Block && !is_clause(token.text(), next.map(|next| next.kind())) {
                    now = open.pop().unwrap_or((Container::Policy, None));
                }
                now.1 = Some(index);
            }
            _ => {}
        }
    }
    let holder = if now.0 == Container::Block { open.last().and_then(|(_, verb)| *verb) } else { None };
    Scan { container: now.0, verb: now.1, holder }
}

/// Whether a keyword begins a part, and is not what becomes of a call.
fn is_verb(word: &str, before: &str, container: Container) -> bool {
    match word {
        "policy" | "set" | "import" | "grant" | "test" => container == Container::File,
        "allow" | "ask" | "deny" | "hide" => !matches!(before, "->" | "default"),
        "call" | "default" | "limit" | "on" | "include" | "require" => before != "->",
        _ => false,
    }
}

/// Whether a verb within a block begins a clause; else it begins a statement, and the block lacks its brace.
fn is_clause(word: &str, next: Option<K>) -> bool {
    let names = matches!(next, Some(K::ToolName | K::SetRef | K::String | K::RawString | K::KwAll));
    word == "require" || matches!(word, "deny" | "ask" | "limit") && !names
}
