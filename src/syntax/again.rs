//! A chunk after an edit. Where all of the edit is within one statement of a policy, only that statement is read again.

use super::{
    MAX_DEPTH, SyntaxKind,
    parse::statement,
    tree::{Raw, Tree},
};
use crate::text::{as_u32, slice};

/// The tree of a chunk `new`, made of the tree of `old`, in which nothing was wrong. `None` where that cannot be: then
/// the chunk is to be read as a whole.
///
/// It is the tree that reading the whole gives: the statement's keyword and what follows the statement stay, so what
/// is around it reads as it did; and what it would be read on into, a keyword or a brace, continues no statement.
pub fn reparse(tree: &Tree, old: &str, new: &str) -> Option<Tree> {
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let before = old.bytes().zip(new.bytes()).take_while(same).count();
    let rest = old.len().min(new.len()) - before;
    let after = old.bytes().rev().zip(new.bytes().rev()).take(rest).take_while(same).count();
    let (at, old_statement) = holding(tree, before, old.len() - after)?;
    let start = old_statement.start;
    let behind = old.len() - old_statement.end as usize;
    let text = slice(new, start as usize..new.len() - behind);
    let ends = new.as_bytes().get(new.len() - behind).is_some_and(u8::is_ascii_whitespace);
    let brackets = text.bytes().filter(|byte| b"([{".contains(byte)).count();
    let mistaken = |tree: &Tree| tree.nodes.iter().any(|node| node.kind.is_mistake());
    if !ends || brackets >= MAX_DEPTH || mistaken(tree) {
        return None;
    }
    let read = statement(text).filter(|read| !mistaken(read))?;
    let is_all = |first: &Raw| first.end as usize == text.len() && first.size as usize == read.nodes.len();
    read.nodes.first().filter(|first| is_all(first))?;

    let (was, is) = (as_u32(old.len()), as_u32(new.len()));
    let statements = read.nodes.iter().map(|raw| Raw { start: raw.start + start, end: raw.end + start, ..*raw });
    let (around, rest) = tree.nodes.split_at_checked(at)?;
    let (_, rest) = rest.split_at_checked(old_statement.size as usize)?;
    let rest = rest.iter().map(|raw| Raw { start: raw.start + is - was, end: raw.end + is - was, ..*raw });
    let mut nodes: Vec<Raw> = around.iter().copied().chain(statements).chain(rest).collect();
    let policy = nodes.first_mut()?;
    policy.end = policy.end + is - was;
    policy.size = policy.size + as_u32(read.nodes.len()) - old_statement.size;
    Some(Tree { nodes })
}

/// The statement that holds a part of the text behind its keyword, with its place in the tree.
fn holding(tree: &Tree, start: usize, end: usize) -> Option<(usize, Raw)> {
    let policy = tree.nodes.first().filter(|node| node.kind == SyntaxKind::Policy)?;
    let mut at = 1;
    while at < policy.size as usize {
        let node = tree.nodes.get(at)?;
        if start < node.end as usize && end <= node.end as usize {
            let keyword = tree.nodes.get(at + 1).filter(|_| node.size > 1)?;
            return (start > keyword.end as usize).then_some((at, *node));
        }
        at += node.size.max(1) as usize;
    }
    None
}
