//! From our values to those of the protocol, where several features need them.

use lsp_types::{DiagnosticSeverity, TextEdit};

use super::documents::Open;
use crate::{diagnostic::Level, text::Edit};

impl Open {
    /// An edit of this document.
    pub(super) fn edit(&self, edit: Edit) -> TextEdit {
        TextEdit { range: self.index.range(&self.text, edit.span), new_text: edit.text }
    }
}

/// How a level is called.
pub(super) fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Info => DiagnosticSeverity::INFORMATION,
        Level::Warning => DiagnosticSeverity::WARNING,
        Level::Error => DiagnosticSeverity::ERROR,
    }
}
