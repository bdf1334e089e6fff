//! The conversation: what waits is taken in, then one request is answered, then what was taken in is worked out.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
};

use lsp_server::{Connection, ErrorCode, Message, Request, RequestId};
use lsp_types::{
    ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};
use serde_json::{Value, json};

use super::{
    World, catalog,
    client::Client,
    features::{self, Refusal},
    outbox::Outbox,
    pull::{self, Survey},
    state::State,
    uri,
    work::Pushed,
};

/// Why a conversation ended otherwise than it should.
#[derive(Debug)]
pub struct Ended(&'static str);

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Ended {}

/// Serves one client until it says goodbye.
///
/// # Errors
/// The client went away without a goodbye.
pub fn serve(connection: &Connection, world: &mut dyn World) -> Result<(), Ended> {
    Server::new(connection, world).run()
}

/// How many messages are taken in while a request waits.
const AT_ONCE: usize = 1_000;

/// Where in its life a conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing was said.
    New,
    /// The client has our offers, and was not heard since.
    Offered,
    Running,
    /// The client asked to shut down.
    Down,
}

pub(super) struct Server<'c, 'w> {
    connection: &'c Connection,
    pub(super) out: Outbox<'c>,
    pub(super) state: State<'w>,
    pub(super) phase: Phase,
    /// The requests that wait for an answer.
    waiting: VecDeque<Request>,
    /// Those that wait until the workspace is judged.
    pub(super) surveys: Vec<Survey>,
    /// The question for the editor's settings whose answer counts.
    pub(super) settings: Option<RequestId>,
    /// What was pushed last, by file.
    pub(super) pushed: BTreeMap<String, Pushed>,
    /// Whether the client is to ask again for what it was told.
    pub(super) refresh: bool,
    /// Where the user sees how far the workspace is.
    pub(super) load: Option<Value>,
    /// Whether no more messages come.
    over: bool,
}

impl<'c, 'w> Server<'c, 'w> {
    fn new(connection: &'c Connection, world: &'w mut dyn World) -> Self {
        Self {
            connection,
            out: Outbox::new(connection),
            state: State::new(world),
            phase: Phase::New,
            waiting: VecDeque::new(),
            surveys: Vec::new(),
            settings: None,
            pushed: BTreeMap::new(),
            refresh: false,
            load: None,
            over: false,
        }
    }

    fn run(mut self) -> Result<(), Ended> {
        loop {
            self.take_in();
            if self.out.closed {
                break;
            } else if let Some(request) = self.waiting.pop_front() {
                self.answer(request);
            } else if self.over {
                self.refuse_surveys();
                break;
            } else if !self.work() {
                match self.connection.receiver.recv() {
                    Ok(message) => self.take(message),
                    Err(_) => self.over = true,
                }
            }
        }
        match self.phase {
            Phase::Down => Ok(()),
            _ => Err(Ended("the client went away without a goodbye")),
        }
    }

    /// Takes in the messages that wait.
    fn take_in(&mut self) {
        let mut taken = 0;
        while !self.over && (taken < AT_ONCE || self.waiting.is_empty()) {
            taken += 1;
            match self.connection.receiver.try_recv() {
                Ok(message) => self.take(message),
                Err(none) => {
                    self.over = none.is_disconnected();
                    return;
                }
            }
        }
    }

    fn take(&mut self, message: Message) {
        if self.phase == Phase::Offered {
            self.phase = Phase::Running;
        }
        self.state.look_at_the_calendar();
        match message {
            Message::Request(request) if self.phase == Phase::New => self.begin(request),
            Message::Request(request) => self.waiting.push_back(request),
            Message::Notification(it) if it.method == "exit" => self.over = true,
            Message::Notification(it) if it.method == "$/cancelRequest" => self.cancel(&it.params),
            Message::Notification(it) if self.phase == Phase::Running => self.hear(it),
            Message::Notification(_) => {}
            Message::Response(response) => self.hear_answer(response),
        }
    }

    /// Answers the first request of all.
    fn begin(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if method != "initialize" {
            self.out.refuse(id, ErrorCode::ServerNotInitialized, format!("`{method}` before `initialize`"));
            return;
        }
        self.state.client = Client::new(&params);
        self.state.workspace.add(folders(&params));
        self.choose(params.get("initializationOptions").unwrap_or(&Value::Null));
        let answer = json!({
            "capabilities": capabilities(&self.state.client),
            "serverInfo": { "name": "mcppol", "version": env!("CARGO_PKG_VERSION") },
        });
        self.out.answer(id, Ok(answer));
        self.phase = Phase::Offered;
    }

    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        match method.as_str() {
            _ if self.phase == Phase::Down => {
                self.out.refuse(id, ErrorCode::InvalidRequest, format!("`{method}` after `shutdown`"));
            }
            "initialize" => self.out.refuse(id, ErrorCode::InvalidRequest, "`initialize` a second time"),
            "shutdown" => {
                self.phase = Phase::Down;
                self.refuse_surveys();
                self.out.answer(id, Ok(Value::Null));
            }
            pull::WORKSPACE => self.survey(id, &params),
            pull::DOCUMENT => {
                self.settle();
                self.state.put_up();
                let answer = features::answer(params, |params| Some(pull::document(&self.state, &params)));
                self.out.answer(id, answer);
            }
            _ => {
                let Some(feature) = features::ALL.iter().find(|feature| feature.method == method) else {
                    self.out.refuse(id, ErrorCode::MethodNotFound, format!("`{method}` is not known here"));
                    return;
                };
                self.settle();
                let answer = (feature.answer)(&self.state, params);
                self.out.answer(id, answer);
            }
        }
    }

    fn survey(&mut self, id: RequestId, params: &Value) {
        let survey = Survey::new(id, params);
        if let Some(token) = &survey.token {
            self.out.progress(token, json!({ "kind": "begin", "title": "judging policies", "cancellable": true }));
        }
        self.surveys.push(survey);
    }

    fn refuse_surveys(&mut self) {
        for survey in std::mem::take(&mut self.surveys) {
            let why = Refusal { code: ErrorCode::ServerCancelled, message: "the server shuts down".to_owned() };
            self.end_survey(survey, Err(why));
        }
    }

    pub(super) fn end_survey(&mut self, survey: Survey, answer: features::Answer) {
        if let Some(token) = &survey.token {
            self.out.progress(token, json!({ "kind": "end" }));
        }
        self.out.answer(survey.id, answer);
    }

    /// The client does not want an answer any more; it gets one that says so, if there was none yet.
    fn cancel(&mut self, params: &Value) {
        let Some(Ok(id)) = params.get("id").cloned().map(serde_json::from_value::<RequestId>) else { return };
        let why = Refusal { code: ErrorCode::RequestCanceled, message: "cancelled".to_owned() };
        if let Some(at) = self.waiting.iter().position(|request| request.id == id) {
            self.waiting.remove(at);
            self.out.answer(id, Err(why));
        } else if let Some(at) = self.surveys.iter().position(|survey| survey.id == id) {
            let survey = self.surveys.remove(at);
            self.end_survey(survey, Err(why));
        }
    }
}

fn capabilities(client: &Client) -> Value {
    let mut offers = ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        })),
        diagnostic_provider: client.pulls.then(pull::offer),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(lsp_types::OneOf::Left(true)),
            }),
            ..WorkspaceServerCapabilities::default()
        }),
        ..ServerCapabilities::default()
    };
    for feature in features::ALL {
        (feature.offer)(client, &mut offers);
    }
    let mut offers = json!(offers);
    if let Some(offers) = offers.as_object_mut() {
        offers.insert("positionEncoding".to_owned(), json!(client.encoding.name()));
    }
    catalog::offer(&mut offers);
    offers
}

/// The folders that the client works in: as a list, or in an older way as one.
fn folders(params: &Value) -> Vec<std::path::PathBuf> {
    let path = |uri: &Value| uri::path(&uri.as_str()?.parse().ok()?);
    match params.get("workspaceFolders").and_then(Value::as_array) {
        Some(folders) => folders.iter().filter_map(|folder| path(folder.get("uri")?)).collect(),
        None => params.get("rootUri").and_then(path).into_iter().collect(),
    }
}
