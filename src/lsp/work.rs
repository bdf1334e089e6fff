//! What is done while no message waits: judging, a file at a time, and telling what came of it.

use std::collections::BTreeSet;

use lsp_types::{Diagnostic, PublishDiagnosticsParams, Uri};
use serde_json::{Value, json};

use super::{
    board::mark,
    outbox::Weight,
    serve::{Phase, Server},
};

/// From how many bytes on a document is large enough to say that it is being judged.
const LARGE: usize = 1 << 20;
/// From how many files on a workspace is large enough to say so.
const MANY: usize = 8;

/// What a client may be asked to ask for again: where it says that it can be, and how.
const REFRESHED: [(&str, &str); 4] = [
    ("/workspace/diagnostics/refreshSupport", "workspace/diagnostic/refresh"),
    ("/workspace/semanticTokens/refreshSupport", "workspace/semanticTokens/refresh"),
    ("/workspace/inlayHint/refreshSupport", "workspace/inlayHint/refresh"),
    ("/workspace/codeLens/refreshSupport", "workspace/codeLens/refresh"),
];

/// What a client was told of a file, without asking.
#[derive(Clone, PartialEq)]
pub(super) struct Pushed {
    uri: Uri,
    mark: String,
    version: Option<i32>,
}

impl Server<'_, '_> {
    /// Judges what is to be judged of the open documents.
    pub(super) fn settle(&mut self) {
        let large = self.state.documents.stale().any(|open| open.text.len() >= LARGE);
        let token = (large && self.shows_work()).then(|| self.out.begin("judging a large document"));
        self.state.documents.settle(&*self.state.world);
        if let Some(token) = token {
            self.out.progress(&token, json!({ "kind": "end" }));
        }
        let troubles: Vec<String> =
            self.state.documents.iter().filter(|open| open.untold).filter_map(|open| open.subject.trouble()).collect();
        for trouble in troubles {
            self.out.tell(Weight::Error, &trouble);
        }
    }

    pub(super) fn shows_work(&self) -> bool {
        self.state.client.can("/window/workDoneProgress")
    }

    /// One piece of what is to be done while no message waits; whether there was one.
    pub(super) fn work(&mut self) -> bool {
        if self.phase != Phase::Running {
            return false;
        }
        self.settle();
        let names = self.state.put_up();
        if !names.is_empty() {
            self.push(names);
            return true;
        }
        if let Some(names) = self.state.step() {
            self.push(names);
            self.show_load();
            return true;
        }
        for survey in std::mem::take(&mut self.surveys) {
            let answer = survey.answer(&self.state);
            self.end_survey(survey, Ok(answer));
        }
        if std::mem::take(&mut self.refresh) {
            self.ask_to_ask_again();
        }
        false
    }

    /// Something outside changed: what the client was told may be out of date.
    pub(super) fn ask_to_ask_again(&mut self) {
        for (pointer, method) in REFRESHED {
            let is_told = self.state.client.pulls || !pointer.starts_with("/workspace/diagnostics");
            if is_told && self.state.client.can(pointer) {
                self.out.ask(method, Value::Null);
            }
        }
    }

    /// Says how far the workspace is, where it is large.
    pub(super) fn show_load(&mut self) {
        let left = self.state.workspace.stale().count();
        if self.load.is_none() && left >= MANY && self.shows_work() {
            self.load = Some(self.out.begin("judging policies"));
        }
        let Some(token) = self.load.take() else { return };
        if self.state.has_work() {
            let message = format!("{left} left");
            self.out.progress(&token, json!({ "kind": "report", "message": message }));
            self.load = Some(token);
        } else {
            self.out.progress(&token, json!({ "kind": "end" }));
        }
    }

    /// Tells a client that does not ask what is found in these files now.
    pub(super) fn push(&mut self, names: Vec<String>) {
        if self.state.client.pulls {
            return;
        }
        for name in names.into_iter().collect::<BTreeSet<String>>() {
            let before = self.pushed.remove(&name);
            let open = self.state.documents.named(&name);
            let version = open.map(|open| open.version);
            // what is closed keeps the address that the client knows it by
            let told = before.as_ref().filter(|_| open.is_none()).map(|before| before.uri.clone());
            let Some(uri) = told.or_else(|| self.state.address(&name)) else { continue };
            let diagnostics = self.state.board.of(&name);
            let now = Pushed { uri, mark: mark(&diagnostics), version };
            let gone = version.is_none() && diagnostics.is_empty();
            if !gone {
                self.pushed.insert(name, now.clone());
            }
            let known = if gone { before.is_none() } else { before.as_ref() == Some(&now) };
            if known {
                continue;
            }
            if let Some(Pushed { uri, .. }) = before.filter(|before| before.uri != now.uri) {
                self.publish(uri, Vec::new(), None);
            }
            self.publish(now.uri, diagnostics, version);
        }
    }

    fn publish(&mut self, uri: Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) {
        self.out.notify("textDocument/publishDiagnostics", PublishDiagnosticsParams { uri, diagnostics, version });
    }
}
