//! The other places of a document that speak of the same.

use super::{
    View,
    names::{Names, named},
};
use crate::text::Span;

/// Where the document speaks of what the word at a place stands for, the word itself among them, in order; and whether
/// each defines it.
pub fn highlight(view: &View<'_>, offset: u32) -> Vec<(Span, bool)> {
    let names = Names::of_document(view.document);
    let Some(one) = named(view, &names, offset) else { return Vec::new() };
    names.alike(&one).map(|other| (other.span, other.defines())).collect()
}
