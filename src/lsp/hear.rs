//! What the client says that wants no answer.

use lsp_server::{Notification, Response};
use lsp_types::{DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    outbox::Weight,
    serve::{Phase, Server},
    settings,
};

impl Server<'_, '_> {
    pub(super) fn hear(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" => self.ask_for_news(),
            "textDocument/didOpen" => {
                if let Some(DidOpenTextDocumentParams { text_document }) = read(params) {
                    self.state.open(text_document);
                }
            }
            "textDocument/didChange" => {
                if let Some(params) = read::<DidChangeTextDocumentParams>(params) {
                    self.state.change(&params);
                }
            }
            "textDocument/didClose" => {
                if let Some(DidCloseTextDocumentParams { text_document }) = read(params) {
                    let names = self.state.close(&text_document.uri);
                    self.push(names);
                }
            }
            "textDocument/didSave" => self.refresh |= self.state.saved(),
            "workspace/didChangeWatchedFiles" => {
                if let Some(params) = read(params) {
                    self.state.watched(params);
                    self.refresh = true;
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                if let Some(event) = params.get("event").cloned().and_then(read) {
                    self.state.folders(event);
                }
            }
            "workspace/didChangeConfiguration" => match params.pointer("/settings/mcppol") {
                Some(section) => self.choose(section),
                None => self.ask_for_settings(),
            },
            _ => {}
        }
    }

    pub(super) fn hear_answer(&mut self, response: Response) {
        if self.settings.as_ref() != Some(&response.id) {
            return;
        }
        self.settings = None;
        // `null` where the editor has no such section: what was said at the beginning stays
        if let Ok(Value::Array(sections)) = response.response_result
            && let Some(section) = sections.first().filter(|section| !section.is_null())
        {
            self.choose(section);
        }
    }

    /// The client has our offers: what we want of it.
    pub(super) fn ask_for_news(&mut self) {
        let mut registrations = Vec::new();
        if self.state.client.can("/workspace/didChangeWatchedFiles/dynamicRegistration") {
            let watchers = json!([{ "globPattern": "**/*.{mcp,json,jsonc,yaml,yml,toml,lock}" }]);
            registrations.push(json!({
                "id": "mcppol/files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": watchers },
            }));
        }
        if self.state.client.can("/workspace/didChangeConfiguration/dynamicRegistration") {
            registrations.push(json!({
                "id": "mcppol/settings",
                "method": "workspace/didChangeConfiguration",
                "registerOptions": { "section": settings::SECTION },
            }));
        }
        if !registrations.is_empty() {
            self.out.ask("client/registerCapability", json!({ "registrations": registrations }));
        }
        self.ask_for_settings();
    }

    pub(super) fn ask_for_settings(&mut self) {
        if self.state.client.can("/workspace/configuration") {
            let params = json!({ "items": [{ "section": settings::SECTION }] });
            self.settings = Some(self.out.ask("workspace/configuration", params));
        }
    }

    pub(super) fn choose(&mut self, section: &Value) {
        // some clients send all sections, some ours
        let (choices, wrong) = settings::read(section.get(settings::SECTION).unwrap_or(section));
        for wrong in wrong {
            self.out.tell(Weight::Warning, &wrong);
        }
        self.state.choose(choices);
        self.refresh = self.phase == Phase::Running;
    }
}

fn read<P: DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
