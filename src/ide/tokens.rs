//! What each word is, for colours: more than its letters say, since a tool is known by its server.
//!
//! Brackets and commas are nothing; documents of others have colours of their own.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Document, View,
    meaning::{self, Meaning},
    trivia::comments,
};
use crate::{
    catalog::{Risk, Server, built_in_set},
    lint,
    syntax::{Node, SyntaxKind as K, directive},
    text::{FileId, Span, as_u32, slice},
};

macro_rules! legend {
    ($(#[doc = $about:literal])* $name:ident: $($variant:ident = $word:literal, $says:literal;)*) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = $says] $variant,)*
        }

        impl $name {
            /// All of them, in the order of the legend.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in the protocol.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What is of this kind, in words.
            pub fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)* }
            }
        }
    };
}

legend! {
    /// What a token is.
    TokenType:
    Keyword = "keyword", "words of the language, decisions, units of time, `true`, `false` and `null`";
    Operator = "operator", "comparisons, `=` and `->`";
    String = "string", "texts: reasons, values, names of tests, identities, imported files";
    Regexp = "regexp", "patterns behind `matches`";
    Number = "number", "numbers and days";
    Comment = "comment", "comments";
    Macro = "macro", "`mcppol: ignore` in a comment";
    EnumMember = "enumMember", "rules that an ignore comment names, where they exist";
    Type = "type", "sets";
    Class = "class", "policies";
    Namespace = "namespace", "servers";
    Function = "function", "tools, and patterns for them";
    Property = "property", "arguments";
}

legend! {
    /// What is special about a token.
    Modifier:
    Definition = "definition", "the name of a policy or set where it is defined";
    Documentation = "documentation", "comments with `///`";
    DefaultLibrary = "defaultLibrary", "sets that are built in";
    Critical = "critical", "tools whose risk is critical";
    Unknown = "unknown", "tools that the server is not known to have";
}

/// A token on one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it is.
    pub span: Span,
    /// What it is.
    pub kind: TokenType,
    /// What is special about it.
    pub modifier: Option<Modifier>,
}

/// The tokens that touch a part of a policy's text, in order; no two overlap.
pub fn tokens(view: &View<'_>, within: Span) -> Vec<Token> {
    let document = view.document;
    let mut painter =
        Painter { view, within, path: Vec::new(), server: None, servers: BTreeMap::new(), out: Vec::new() };
    for piece in document.pieces() {
        let place = Span::new(FileId(0), piece.start, piece.end());
        if !touches(place, within) {
            continue;
        }
        let first = painter.out.len();
        for item in piece.roots().filter(|item| touches(item.span(), within)) {
            painter.server = painter.server_of(item);
            painter.node(item);
        }
        for comment in comments(piece).filter(|comment| touches(*comment, within)) {
            painter.comment(comment);
        }
        painter.out.get_mut(first..).unwrap_or_default().sort_by_key(|token| token.span);
    }
    painter.out
}

/// All of a document.
pub fn whole(document: &Document) -> Span {
    Span::new(FileId(0), 0, as_u32(document.text().len()))
}

fn touches(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

struct Painter<'a> {
    view: &'a View<'a>,
    within: Span,
    /// The nodes around the next one, from the item.
    path: Vec<Node<'a>>,
    /// The server of the item.
    server: Option<Arc<Server>>,
    /// The servers of policies by their names, as tests ask for them.
    servers: BTreeMap<String, Option<Arc<Server>>>,
    out: Vec<Token>,
}

impl<'a> Painter<'a> {
    fn server_of(&mut self, item: Node<'_>) -> Option<Arc<Server>> {
        let policy = match item.kind() {
            K::Policy => meaning::name_of(item),
            _ => meaning::policy_of_test(item).map(str::to_owned),
        };
        // of two policies of one name the first counts
        self.servers.entry(policy?).or_insert_with(|| self.view.server(item)).clone()
    }

    fn node(&mut self, node: Node<'a>) {
        if node.children().next().is_none() {
            if let Some((kind, modifier)) = self.word(node) {
                self.push(node.span(), kind, modifier);
            }
            return;
        }
        self.path.push(node);
        let within = self.within;
        node.children().filter(|child| touches(child.span(), within)).for_each(|child| self.node(child));
        self.path.pop();
    }

    /// Adds a token; a lone CR within it ends a line of the protocol.
    fn push(&mut self, span: Span, kind: TokenType, modifier: Option<Modifier>) {
        let mut start = span.start;
        for part in slice(self.view.text(), span.range()).split(['\r', '\n']) {
            let end = start + as_u32(part.len());
            if start < end {
                self.out.push(Token { span: Span { start, end, ..span }, kind, modifier });
            }
            start = end + 1;
        }
    }

    fn word(&self, token: Node<'a>) -> Option<(TokenType, Option<Modifier>)> {
        let kind = match token.kind() {
            K::Keyword | K::KwOr | K::KwAll | K::KwTo | K::KwTotal | K::KwPer => TokenType::Keyword,
            K::Word | K::Unit | K::Bool | K::Null | K::WrongVerb | K::WrongIf => TokenType::Keyword,
            K::Op | K::OpAlone | K::WrongOp | K::WrongLogic | K::Bang | K::Arrow | K::Assign => TokenType::Operator,
            K::Number | K::Date => TokenType::Number,
            K::Path | K::WrongPath | K::Key => TokenType::Property,
            K::WrongString | K::Unclosed => TokenType::String,
            K::SetRef | K::Ident | K::ToolName | K::String | K::RawString => return self.name(token),
            _ => return None,
        };
        Some((kind, None))
    }

    fn name(&self, token: Node<'a>) -> Option<(TokenType, Option<Modifier>)> {
        let definition = |is: bool| is.then_some(Modifier::Definition);
        Some(match meaning::of(&self.path, token) {
            Some(Meaning::Tool(name)) => return self.tool(&name),
            Some(Meaning::Pattern(_)) if self.is_broken() => return None,
            Some(Meaning::Pattern(_)) => (TokenType::Function, None),
            Some(Meaning::Set(name, false)) => (TokenType::Type, built_in_set(&name).map(|_| Modifier::DefaultLibrary)),
            Some(Meaning::Set(_, is)) => (TokenType::Type, definition(is)),
            Some(Meaning::Policy(_, is)) => (TokenType::Class, definition(is)),
            Some(Meaning::Server(_)) => (TokenType::Namespace, None),
            Some(Meaning::Argument(_)) => (TokenType::Property, None),
            Some(Meaning::Import(_) | Meaning::Identity(_)) => (TokenType::String, None),
            None if matches!(token.kind(), K::String | K::RawString) => (self.text(token), None),
            None => return None,
        })
    }

    fn tool(&self, name: &str) -> Option<(TokenType, Option<Modifier>)> {
        let known = self.server.as_ref().map(|server| server.tool(name));
        let modifier = match known {
            Some(Some(tool)) => (tool.risk == Risk::Critical).then_some(Modifier::Critical),
            _ if self.is_broken() => return None,
            Some(None) => Some(Modifier::Unknown),
            None => None,
        };
        Some((TokenType::Function, modifier))
    }

    /// Whether the next token is of what does not read, where any word may be meant.
    fn is_broken(&self) -> bool {
        self.path.last().is_some_and(|parent| matches!(parent.kind(), K::BadStatement | K::BadCall))
    }

    fn text(&self, token: Node<'_>) -> TokenType {
        let Some(parent) = self.path.last() else { return TokenType::String };
        match parent.kind() {
            K::Member if parent.span().start == token.span().start => TokenType::Property,
            K::Comparison | K::ListTest if parent.child(K::Op).is_some_and(|op| op.text().ends_with("matches")) => {
                TokenType::Regexp
            }
            _ => TokenType::String,
        }
    }

    fn comment(&mut self, span: Span) {
        let text = slice(self.view.text(), span.range());
        let modifier = text.starts_with("///").then_some(Modifier::Documentation);
        let mut at = span.start;
        for (mark, kind) in marks(text) {
            let mark = mark.shifted(span.start);
            self.push(Span { start: at, end: mark.start, ..span }, TokenType::Comment, modifier);
            self.push(mark, kind, None);
            at = mark.end;
        }
        self.push(Span { start: at, ..span }, TokenType::Comment, modifier);
    }
}

/// What is more than a comment in a comment: `mcppol: ignore`, and the rules that it names.
fn marks(comment: &str) -> Vec<(Span, TokenType)> {
    let Some(said) = directive(comment) else { return Vec::new() };
    let Some(rest) = said.trim_start().strip_prefix("ignore") else { return Vec::new() };
    // all are ends of the comment
    let place = |rest: &str| comment.len() - rest.len();
    let mark = |start: usize, end: usize, kind| (Span::new(FileId(0), as_u32(start), as_u32(end)), kind);
    let mut out = vec![mark(place(said) - "mcppol:".len(), place(rest), TokenType::Macro)];
    let Some((rules, _)) = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return out;
    };
    let mut start = place(rest.trim_start()) + 1;
    for part in rules.split(',') {
        let (name, from) = (part.trim(), start + part.len() - part.trim_start().len());
        if lint::codes().any(|code| code.name == name) {
            out.push(mark(from, from + name.len(), TokenType::EnumMember));
        }
        start += part.len() + 1;
    }
    out
}
