//! The one style, as edits.

use super::{Kind, View};
use crate::{
    format,
    text::{Edit, FileId, Span, as_u32},
};

/// What makes the document look as it should; nothing where it does, or where it has errors and is left alone.
pub fn document(view: &View<'_>) -> Vec<Edit> {
    let text = view.text();
    match (view.document.kind(), format::format(text)) {
        (Kind::Policy, Ok(formatted)) if formatted != text => {
            vec![Edit { span: Span::new(FileId(0), 0, as_u32(text.len())), text: formatted }]
        }
        _ => Vec::new(),
    }
}
