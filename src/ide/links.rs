//! What a text refers to outside of it: the files that it imports.

use super::{
    View,
    meaning::{self, Meaning},
};
use crate::{
    syntax::{Node, SyntaxKind as K},
    text::Span,
};

/// A place that leads to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The path as it is written, with its quotes.
    pub span: Span,
    /// The path, as seen from the document.
    pub path: String,
}

/// The links of a document, in order.
pub fn links(view: &View<'_>) -> Vec<Link> {
    let imports = view.document.items().filter(|item| item.kind() == K::Import);
    let link = |item: Node<'_>| {
        let token = item.tokens().last()?;
        match meaning::of(&[item], token)? {
            Meaning::Import(path) => Some(Link { span: token.span(), path }),
            _ => None,
        }
    };
    imports.filter_map(link).collect()
}
