//! From our values to those of the protocol, where several features need them.

use lsp_types::{DiagnosticSeverity, MarkupContent, MarkupKind, TextEdit};

use super::{client::Client, documents::Open};
use crate::{diagnostic::Level, text::Edit};

impl Open {
    /// An edit of this document.
    pub(super) fn edit(&self, edit: Edit) -> TextEdit {
        TextEdit { range: self.index.range(&self.text, edit.span), new_text: edit.text }
    }
}

/// A text to read: as Markdown where the client lists that among its formats, which stand at a place of its
/// capabilities. Ours reads well without being set, too.
pub(super) fn markup(client: &Client, formats: &str, value: String) -> MarkupContent {
    let kind = if client.lists(formats, "markdown") { MarkupKind::Markdown } else { MarkupKind::PlainText };
    MarkupContent { kind, value }
}

/// How a level is called.
pub(super) fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Info => DiagnosticSeverity::INFORMATION,
        Level::Warning => DiagnosticSeverity::WARNING,
        Level::Error => DiagnosticSeverity::ERROR,
    }
}
