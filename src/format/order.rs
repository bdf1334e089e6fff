//! Which nodes have lines of their own, and the one order of a statement's parts.

use crate::syntax::{Node, SyntaxKind};

/// Whether a node begins a line within a block.
pub fn is_unit(kind: SyntaxKind) -> bool {
    use SyntaxKind as K;
    matches!(
        kind,
        K::Default
            | K::Allow
            | K::Ask
            | K::Deny
            | K::Hide
            | K::Limit
            | K::On
            | K::Include
            | K::Require
            | K::DenyIf
            | K::AskIf
            | K::LimitTo
            | K::Call
    )
}

/// Whether a line is broken before a node of this kind, before it is broken within one.
pub(super) fn is_part(kind: SyntaxKind) -> bool {
    rank(kind) > 0 || matches!(kind, SyntaxKind::Rate | SyntaxKind::Arrow)
}

/// The place of a part among those of a statement; what stands before all of them is 0.
pub(super) fn rank(kind: SyntaxKind) -> u8 {
    match kind {
        SyntaxKind::Having => 1,
        SyntaxKind::IfPart => 2,
        SyntaxKind::Until => 3,
        SyntaxKind::Because => 4,
        SyntaxKind::Block => 5,
        _ => 0,
    }
}

/// The parts of a node in their order; those of one kind as they are written.
pub(super) fn parts<'n>(node: Node<'n>) -> impl Iterator<Item = Node<'n>> {
    (0..=5).flat_map(move |wanted| node.children().filter(move |part| rank(part.kind()) == wanted))
}

/// Whether the parts of a node stand in their order as they are written.
pub(super) fn is_kept(node: Node<'_>) -> bool {
    node.children().map(|part| rank(part.kind())).is_sorted()
}
