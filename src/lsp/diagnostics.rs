//! Findings, as the protocol has them.

use lsp_types::{Diagnostic, NumberOrString, PublishDiagnosticsParams};

use super::{World, convert::severity, documents::Open};
use crate::{diagnostic, text::FileId};

/// What is sent about a document.
pub(super) fn publish(open: &Open, world: &dyn World) -> PublishDiagnosticsParams {
    let findings = open.view(world).map(|view| view.document.report().findings.as_slice()).unwrap_or_default();
    let own = findings.iter().filter(|finding| finding.span.file == FileId(0));
    let diagnostics = own.map(|finding| of(open, finding)).collect();
    PublishDiagnosticsParams { uri: open.uri.clone(), diagnostics, version: Some(open.version) }
}

/// A finding of an open document.
pub(super) fn of(open: &Open, finding: &diagnostic::Diagnostic) -> Diagnostic {
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    Diagnostic {
        range: open.index.range(&open.text, finding.span),
        severity: Some(severity(finding.level)),
        code: Some(NumberOrString::String(finding.code.name.to_owned())),
        source: Some("mcppol".to_owned()),
        message,
        ..Diagnostic::default()
    }
}
