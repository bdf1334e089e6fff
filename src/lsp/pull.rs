//! Diagnostics for clients that ask: of one document, and of all policies of the workspace.

use std::collections::{BTreeMap, BTreeSet};

use lsp_server::RequestId;
use lsp_types::{DiagnosticOptions, DiagnosticServerCapabilities, DocumentDiagnosticParams};
use serde_json::{Map, Value, json};

use super::{board::mark, state::State, uri};

/// Of one document.
pub(super) const DOCUMENT: &str = "textDocument/diagnostic";
/// Of the workspace.
pub(super) const WORKSPACE: &str = "workspace/diagnostic";

/// What is offered to clients that ask.
pub(super) fn offer() -> DiagnosticServerCapabilities {
    DiagnosticServerCapabilities::Options(DiagnosticOptions {
        identifier: Some("mcppol".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        ..DiagnosticOptions::default()
    })
}

/// A question about the workspace, which waits until all of it is judged.
pub(super) struct Survey {
    pub(super) id: RequestId,
    /// The marks of what the client has, by address.
    before: BTreeMap<String, String>,
    /// Where the client wants to see how far it is.
    pub(super) token: Option<Value>,
}

impl Survey {
    /// The question that these parameters ask: without a list of what the client has, it has nothing.
    pub(super) fn new(id: RequestId, params: &Value) -> Self {
        let list = params.get("previousResultIds").and_then(Value::as_array).into_iter().flatten();
        let text = |it: &Value, member: &str| Some(it.get(member)?.as_str()?.to_owned());
        let before = list.filter_map(|it| Some((text(it, "uri")?, text(it, "value")?))).collect();
        Self { id, before, token: params.get("workDoneToken").filter(|token| !token.is_null()).cloned() }
    }

    /// The answer: every file that has findings or may have some, and those that had.
    pub(super) fn answer(&self, state: &State<'_>) -> Value {
        let names: BTreeSet<&String> = state.board.all().chain(state.workspace.names()).collect();
        let mut reports = Vec::new();
        let mut told = BTreeSet::new();
        for name in names {
            let Some(uri) = state.address(name) else { continue };
            let mut report = report(state, name, self.before.get(uri.as_str()).map(String::as_str));
            if let Some(report) = report.as_object_mut() {
                let version = state.documents.get(&uri).map(|open| open.version);
                report.insert("uri".to_owned(), json!(uri));
                report.insert("version".to_owned(), json!(version));
            }
            told.insert(uri.as_str().to_owned());
            reports.push(report);
        }
        for uri in self.before.keys().filter(|uri| !told.contains(*uri)) {
            reports.push(json!({ "uri": uri, "version": null, "kind": "full", "items": [] }));
        }
        json!({ "items": reports })
    }
}

/// The findings in a document, and in others that it imports.
pub(super) fn document(state: &State<'_>, params: &DocumentDiagnosticParams) -> Value {
    let name = uri::name(&params.text_document.uri);
    let mut out = report(state, &name, params.previous_result_id.as_deref());
    if state.client.can("/textDocument/diagnostic/relatedDocumentSupport") {
        let others = state.board.names(&name).filter(|other| **other != name);
        let report = |other: &String| Some((state.address(other)?.as_str().to_owned(), report(state, other, None)));
        let others: Map<String, Value> = others.filter_map(report).collect();
        if let Some(out) = out.as_object_mut().filter(|_| !others.is_empty()) {
            out.insert("relatedDocuments".to_owned(), json!(others));
        }
    }
    out
}

fn report(state: &State<'_>, name: &str, before: Option<&str>) -> Value {
    let items = state.board.of(name);
    let mark = mark(&items);
    match before == Some(mark.as_str()) {
        true => json!({ "kind": "unchanged", "resultId": mark }),
        false => json!({ "kind": "full", "resultId": mark, "items": items }),
    }
}
