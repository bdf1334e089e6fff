//! The conversation: one message after the other.

use std::fmt;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, PublishDiagnosticsParams,
    ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    World, catalog, diagnostics, features,
    state::{self, Client, State},
};

/// Why a conversation ended otherwise than it should.
#[derive(Debug)]
pub struct Ended(String);

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Ended {}

/// Serves one client until it says goodbye.
///
/// # Errors
/// The client went away, or says what the protocol does not know at that point.
pub fn serve(connection: &Connection, world: &mut dyn World) -> Result<(), Ended> {
    let ended = |error: lsp_server::ProtocolError| Ended(error.to_string());
    let (id, params) = connection.initialize_start().map_err(ended)?;
    let client = Client::new(&params);
    let mut offers = json!(capabilities(&client));
    catalog::offer(&mut offers);
    let answer = json!({
        "capabilities": offers,
        "serverInfo": { "name": "mcppol", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer).map_err(ended)?;
    let roots = state::roots(&params);
    let mut server = Server { connection, state: State { client, world, documents: Default::default(), roots } };
    server.run()
}

fn capabilities(client: &Client) -> ServerCapabilities {
    let mut offers = ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::INCREMENTAL)),
        ..ServerCapabilities::default()
    };
    for feature in features::ALL {
        (feature.offer)(client, &mut offers);
    }
    offers
}

struct Server<'c, 'w> {
    connection: &'c Connection,
    state: State<'w>,
}

impl Server<'_, '_> {
    fn run(&mut self) -> Result<(), Ended> {
        loop {
            let waiting = self.connection.receiver.try_recv().ok();
            let message = match waiting {
                Some(message) => message,
                None => {
                    self.rest();
                    match self.connection.receiver.recv() {
                        Ok(message) => message,
                        Err(_) => return Err(Ended("the client went away".to_owned())),
                    }
                }
            };
            match message {
                Message::Request(request) => {
                    let goodbye = self.connection.handle_shutdown(&request);
                    if goodbye.map_err(|error| Ended(error.to_string()))? {
                        return Ok(());
                    }
                    self.answer(request);
                }
                Message::Notification(notification) => self.hear(notification),
                Message::Response(_) => {}
            }
        }
    }

    fn send(&self, message: impl Into<Message>) {
        // a client that went away is seen where its next message does not come
        let _ = self.connection.sender.send(message.into());
    }

    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let Some(feature) = features::ALL.iter().find(|feature| feature.method == method) else {
            let code = ErrorCode::MethodNotFound as i32;
            self.send(Response::new_err(id, code, format!("`{method}` is not known here")));
            return;
        };
        self.state.documents.settle(&*self.state.world);
        self.send(match (feature.answer)(&self.state, params) {
            Ok(value) => Response::new_ok(id, value),
            Err(refusal) => Response::new_err(id, refusal.code as i32, refusal.message),
        });
    }

    fn hear(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let state = &mut self.state;
        let encoding = state.client.encoding;
        match method.as_str() {
            "textDocument/didOpen" => {
                let Some(DidOpenTextDocumentParams { text_document: it }) = read(params) else { return };
                state.documents.open(it.uri, &it.language_id, it.version, it.text, encoding, &*state.world);
            }
            "textDocument/didChange" => {
                let Some(DidChangeTextDocumentParams { text_document: it, content_changes }) = read(params) else {
                    return;
                };
                state.documents.change(&it.uri, it.version, content_changes, encoding);
            }
            "textDocument/didClose" => {
                let Some(DidCloseTextDocumentParams { text_document: it }) = read(params) else { return };
                if state.documents.close(&it.uri).is_some() && !state.client.pulls {
                    let gone = PublishDiagnosticsParams { uri: it.uri, diagnostics: Vec::new(), version: None };
                    self.send(Notification::new("textDocument/publishDiagnostics".to_owned(), gone));
                }
            }
            _ => {}
        }
    }

    /// No message waits.
    fn rest(&mut self) {
        let state = &mut self.state;
        if !state.documents.is_stale() {
            return;
        }
        let judged = state.documents.settle(&*state.world);
        if state.client.pulls {
            return;
        }
        for open in judged.iter().filter_map(|uri| self.state.documents.get(uri)) {
            let params = diagnostics::publish(open, &*self.state.world);
            self.send(Notification::new("textDocument/publishDiagnostics".to_owned(), params));
        }
    }
}

fn read<P: DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
