//! What a document consists of, as an outline; and what a workspace has that is named.

use super::{Kind, View, meaning, names::each_item};
use crate::{
    hir::{Policy, Source},
    syntax::{Node, SyntaxKind as K},
    text::{self, Span, slice},
};

/// What a part of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `import`.
    Import,
    /// `set`.
    Set,
    /// `policy`.
    Policy,
    /// `grant`.
    Grant,
    /// `test`.
    Test,
    /// A statement of a policy.
    Statement,
    /// A call of a test.
    Call,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// What it is.
    pub part: Part,
    /// What it is called, never empty.
    pub name: String,
    /// What else there is to say on its line.
    pub detail: String,
    /// All of it.
    pub span: Span,
    /// Its name, within it.
    pub name_span: Span,
    /// The parts of it.
    pub children: Vec<Symbol>,
}

/// The longest name or detail, in characters.
const LONGEST: usize = 80;
/// How many symbols of a workspace are shown.
const SHOWN: usize = 500;

/// The document as an outline.
pub fn document(view: &View<'_>) -> Vec<Symbol> {
    match view.document.kind() {
        Kind::Policy => {
            let with_parts = |item| Some(Symbol { children: parts(item), ..symbol(item)? });
            view.document.items().filter_map(with_parts).collect()
        }
        Kind::Foreign(_) => {
            let policies = view.document.analysis().policies().iter();
            policies.map(|policy| of_others(policy, view.text())).collect()
        }
    }
}

/// The sets, policies, grants and tests of a workspace whose names have the letters of a query in its order, by file.
pub fn workspace(sources: impl Iterator<Item = Source>, query: &str) -> Vec<(Source, Vec<Symbol>)> {
    let mut out = Vec::new();
    let mut left = SHOWN;
    for source in sources {
        let mut found = Vec::new();
        each_item(&source.text, &mut |item| {
            let fits = |symbol: &Symbol| symbol.part != Part::Import && has_letters(&symbol.name, query);
            found.extend(symbol(item).filter(fits));
        });
        found.truncate(left);
        left -= found.len();
        if !found.is_empty() {
            out.push((source, found));
        }
        if left == 0 {
            break;
        }
    }
    out
}

fn has_letters(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).all(|c| letters.any(|other| other == c))
}

/// An item alone.
fn symbol(item: Node<'_>) -> Option<Symbol> {
    let part = match item.kind() {
        K::Import => Part::Import,
        K::SetDef => Part::Set,
        K::Policy => Part::Policy,
        K::Grant => Part::Grant,
        K::Test => Part::Test,
        _ => return None,
    };
    let is_name = |token: &Node<'_>| {
        matches!(token.kind(), K::Ident | K::ToolName | K::SetRef | K::String | K::RawString | K::WrongString)
    };
    let token = item.tokens().take_while(|token| token.kind() != K::LBrace).find(is_name).or(item.first_token())?;
    let name = meaning::text(token).filter(|name| !name.is_empty());
    let rest = Span { start: token.span().end, ..item.span() };
    let offset = (rest.start - item.span().start) as usize;
    let rest = text::head(slice(item.text(), offset..item.text().len()));
    Some(Symbol {
        part,
        name: short(&name.unwrap_or_else(|| token.text().to_owned())),
        detail: short(rest.trim_start_matches(['=', ' '])),
        span: item.span(),
        name_span: token.span(),
        children: Vec::new(),
    })
}

/// The statements of a policy and the calls of a test.
fn parts(item: Node<'_>) -> Vec<Symbol> {
    let symbol = |node: Node<'_>| {
        let part = match node.kind() {
            K::Allow | K::Ask | K::Deny | K::Hide | K::Limit | K::On | K::Default | K::Include => Part::Statement,
            K::Call => Part::Call,
            _ => return None,
        };
        // a call is named by its tool, a statement by its verb and tools
        let named = match part {
            Part::Call => node.children().nth(1),
            _ => node.child(K::Tools),
        };
        let end = named.map_or(node.span().end, |tools| tools.span().end);
        let (name, rest) = node.text().split_at_checked((end - node.span().start) as usize)?;
        let detail = match part {
            Part::Call => node.child(K::Arrow).map_or("", |arrow| {
                slice(node.text(), (arrow.span().start - node.span().start) as usize..node.text().len())
            }),
            _ => rest,
        };
        Some(Symbol {
            part,
            name: short(&text::head(name)),
            detail: short(&text::head(detail)),
            span: node.span(),
            name_span: Span { end, ..node.span() },
            children: Vec::new(),
        })
    };
    item.children().filter_map(symbol).collect()
}

/// A policy in a document of others, with the places where it speaks of tools.
fn of_others(policy: &Policy, text: &str) -> Symbol {
    let mut children: Vec<Symbol> = Vec::new();
    for rule in policy.rules() {
        let (name, name_span) = (short(slice(text, rule.tools_span.range())), rule.tools_span);
        // one entry may make several rules; what is said of all tools is no entry
        if name.is_empty() || children.last().is_some_and(|last| last.name_span == name_span) {
            continue;
        }
        let span = rule.statement.to(name_span);
        let (part, detail) = (Part::Statement, String::new());
        children.push(Symbol { part, name, detail, span, name_span, children: Vec::new() });
    }
    let (head, server) = (policy.head(), &policy.server_name().text);
    Symbol {
        part: Part::Policy,
        name: policy.name().to_owned(),
        detail: if server.is_empty() { String::new() } else { format!("for {server}") },
        span: children.iter().fold(head, |whole, child| whole.to(child.span)),
        name_span: head,
        children,
    }
}

/// On one line, and not too long.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", slice(&line, 0..end)),
        None => line,
    }
}
