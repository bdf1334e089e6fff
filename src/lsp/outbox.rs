//! What is said to the client. Nothing here waits: a client that does not read or does not answer stops nothing.

use std::collections::BTreeSet;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::features::Answer;

/// The way to the client.
pub(super) struct Outbox<'c> {
    connection: &'c Connection,
    /// How many requests were sent.
    requests: usize,
    /// What the user was told already.
    told: BTreeSet<String>,
    /// Whether the client reads no more.
    pub(super) closed: bool,
}

/// How much a message to the user weighs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Weight {
    Error = 1,
    Warning = 2,
}

impl<'c> Outbox<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection, requests: 0, told: BTreeSet::new(), closed: false }
    }

    fn send(&mut self, message: Message) {
        self.closed |= self.connection.sender.send(message).is_err();
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, id: RequestId, answer: Answer) {
        self.send(Message::Response(match answer {
            Ok(value) => Response::new_ok(id, value),
            Err(refusal) => Response::new_err(id, refusal.code as i32, refusal.message),
        }));
    }

    /// Refuses a request.
    pub(super) fn refuse(&mut self, id: RequestId, code: ErrorCode, message: impl Into<String>) {
        self.send(Message::Response(Response::new_err(id, code as i32, message.into())));
    }

    pub(super) fn notify(&mut self, method: &str, params: impl Serialize) {
        self.send(Message::Notification(Notification::new(method.to_owned(), params)));
    }

    /// Asks the client for something; by the id its answer is known, should one come.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> RequestId {
        self.requests += 1;
        let id = RequestId::from(format!("mcppol/{}", self.requests));
        self.send(Message::Request(Request::new(id.clone(), method.to_owned(), params)));
        id
    }

    /// Tells the user something, once.
    pub(super) fn tell(&mut self, weight: Weight, message: &str) {
        if self.told.insert(message.to_owned()) {
            self.notify(
                "window/showMessage",
                json!({ "type": weight as i32, "message": format!("mcppol: {message}") }),
            );
        }
    }

    /// Shows the user how far work is, below a token that the client gave or was told of.
    pub(super) fn progress(&mut self, token: &Value, value: Value) {
        self.notify("$/progress", json!({ "token": token, "value": value }));
    }

    /// Begins to show work under a token of ours.
    pub(super) fn begin(&mut self, title: &str) -> Value {
        let token = json!(format!("mcppol/progress/{}", self.requests));
        self.ask("window/workDoneProgress/create", json!({ "token": token }));
        self.progress(&token, json!({ "kind": "begin", "title": title, "cancellable": false }));
        token
    }
}
