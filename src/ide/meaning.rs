//! What the words of a policy's text stand for, by where they stand. Trees alone are looked at, so that it holds for
//! statements that are broken, and for policies that have errors.

use super::at::At;
use crate::{
    pattern::glob,
    syntax::{Node, SyntaxKind as K, literal},
};

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A tool, by its exact name.
    Tool(String),
    /// Tools, by a pattern.
    Pattern(String),
    /// A set, by its name without `@`; whether it is the definition's own name.
    Set(String, bool),
    /// A policy; whether it is the definition's own name.
    Policy(String, bool),
    /// A server.
    Server(String),
    /// An imported file, by its path as written.
    Import(String),
    /// An argument, with the names from the arguments inward.
    Argument(Vec<String>),
    /// The identity of a grant.
    Identity(String),
}

/// What the token at a place stands for.
pub fn meaning(at: &At<'_>) -> Option<Meaning> {
    let token = at.token()?;
    of(&at.path, token)
}

/// What a token stands for; `path` is what is around it, from the item to the token or its parent.
pub fn of(path: &[Node<'_>], token: Node<'_>) -> Option<Meaning> {
    let item = path.first().copied()?;
    let parent = path.iter().rev().find(|node| node.kind() != token.kind() || node.span() != token.span()).copied();
    let parent_kind = parent.map(Node::kind);
    match token.kind() {
        K::SetRef => {
            Some(Meaning::Set(token.text().trim_start_matches('@').to_owned(), parent_kind == Some(K::SetDef)))
        }
        K::Path => literal::path(token.text()).ok().map(Meaning::Argument),
        K::ToolName | K::Ident | K::String | K::RawString => {
            let text = || text(token);
            match (parent_kind?, item.kind()) {
                // behind the arrow stands a reason
                (K::Call, _) if parent?.child(K::Arrow).is_some_and(|arrow| arrow.span() < token.span()) => None,
                (K::Tools | K::Except | K::Call, _) => tool(token),
                (K::Import, _) => text().map(Meaning::Import),
                (K::SetDef, _) => text().map(|name| Meaning::Set(name, true)),
                (K::Include, _) => text().map(|name| Meaning::Policy(name, false)),
                (K::Policy, _) => match keyword_before(parent?, token)? {
                    "policy" => text().map(|name| Meaning::Policy(name, true)),
                    "for" => text().map(Meaning::Server),
                    _ => None,
                },
                (K::BadHead, K::Policy) => {
                    let is_first = parent?.tokens().nth(1).is_some_and(|first| first.span() == token.span());
                    (is_first && is_name(token)).then(text)?.map(|name| Meaning::Policy(name, true))
                }
                (K::Test, _) if keyword_before(parent?, token)? == "for" => {
                    text().map(|name| Meaning::Policy(name, false))
                }
                (K::Grant, _) if token.kind() == K::Ident => text().map(|name| Meaning::Policy(name, false)),
                (K::Grant, _) => text().map(Meaning::Identity),
                (K::BadStatement | K::BadCall, K::Policy | K::Test) if is_name(token) => tool(token),
                _ => None,
            }
        }
        _ => None,
    }
}

/// In what is broken only what is no text: that may be a reason.
fn is_name(token: Node<'_>) -> bool {
    token.kind() == K::ToolName
}

fn tool(token: Node<'_>) -> Option<Meaning> {
    let name = text(token)?;
    // a text is an exact name, whatever stands in it
    let is_pattern = token.kind() == K::ToolName && glob::is_pattern(&name);
    Some(if is_pattern { Meaning::Pattern(name) } else { Meaning::Tool(name) })
}

/// The value of a name, bare or quoted.
pub fn text(token: Node<'_>) -> Option<String> {
    match token.kind() {
        K::String | K::RawString => literal::string(token.text()).ok(),
        _ => Some(token.text().to_owned()),
    }
}

/// The server of a policy as its head writes it.
pub fn server_of(policy: Node<'_>) -> Option<String> {
    (policy.kind() == K::Policy).then_some(())?;
    let head = policy.children().take_while(|child| child.kind() != K::LBrace);
    let mut after = "";
    for child in head {
        if child.kind() == K::Keyword {
            after = child.text();
        } else if after == "for" {
            return text(child);
        }
    }
    None
}

/// The name of a policy, set or test.
pub fn name_of(item: Node<'_>) -> Option<String> {
    let is_name =
        |node: &Node<'_>| matches!(node.kind(), K::Ident | K::ToolName | K::SetRef | K::String | K::RawString);
    let name = match item.child(K::BadHead) {
        Some(head) => head.tokens().find(is_name)?,
        None => item.children().find(is_name)?,
    };
    text(name)
}

/// The policy that a test is for.
pub fn policy_of_test(test: Node<'_>) -> Option<&str> {
    (test.kind() == K::Test).then_some(())?;
    test.child(K::Ident).map(Node::text)
}

/// The keyword among a node's children that stands last before a token.
fn keyword_before<'a>(parent: Node<'a>, token: Node<'_>) -> Option<&'a str> {
    let before = parent.children().take_while(|child| child.span().start < token.span().start);
    before.filter(|child| child.kind() == K::Keyword).last().map(Node::text)
}
