//! The conversation: what waits is taken in, then one request is answered, then what was taken in is worked out.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, PublishDiagnosticsParams,
    ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    World,
    board::mark,
    catalog,
    client::Client,
    features::{self, Refusal},
    outbox::{Outbox, Weight},
    pull::{self, Survey},
    settings,
    state::State,
    uri,
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

/// Where in its life a conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing was said.
    New,
    /// The client has our offers, and was not heard since.
    Offered,
    Running,
    /// The client asked to shut down.
    Down,
}

struct Server<'c, 'w> {
    connection: &'c Connection,
    out: Outbox<'c>,
    state: State<'w>,
    phase: Phase,
    /// The requests that wait for an answer.
    waiting: VecDeque<Request>,
    /// Those that wait until the workspace is judged.
    surveys: Vec<Survey>,
    /// The question for the editor's settings whose answer counts.
    settings: Option<RequestId>,
    /// What was pushed last, by file.
    pushed: BTreeMap<String, (String, Option<i32>)>,
    /// Whether the client is to ask again for what it was told.
    refresh: bool,
    /// Where the user sees how far the workspace is.
    load: Option<Value>,
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

    /// The client has our offers: what we want of it.
    fn ask_for_news(&mut self) {
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

    fn ask_for_settings(&mut self) {
        if self.state.client.can("/workspace/configuration") {
            let params = json!({ "items": [{ "section": settings::SECTION }] });
            self.settings = Some(self.out.ask("workspace/configuration", params));
        }
    }

    fn choose(&mut self, section: &Value) {
        // some clients send all sections, some ours
        let (choices, wrong) = settings::read(section.get(settings::SECTION).unwrap_or(section));
        for wrong in wrong {
            self.out.tell(Weight::Warning, &wrong);
        }
        self.state.choose(choices);
        self.refresh = self.phase == Phase::Running;
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

    fn end_survey(&mut self, survey: Survey, answer: features::Answer) {
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

    fn hear(&mut self, notification: Notification) {
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

    fn hear_answer(&mut self, response: Response) {
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

    /// Judges what is to be judged of the open documents.
    fn settle(&mut self) {
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

    fn shows_work(&self) -> bool {
        self.state.client.can("/window/workDoneProgress")
    }

    /// One piece of what is to be done while no message waits; whether there was one.
    fn work(&mut self) -> bool {
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
    fn ask_to_ask_again(&mut self) {
        for (pointer, method) in REFRESHED {
            let is_told = self.state.client.pulls || !pointer.starts_with("/workspace/diagnostics");
            if is_told && self.state.client.can(pointer) {
                self.out.ask(method, Value::Null);
            }
        }
    }

    /// Says how far the workspace is, where it is large.
    fn show_load(&mut self) {
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
    fn push(&mut self, names: Vec<String>) {
        if self.state.client.pulls {
            return;
        }
        for name in names.into_iter().collect::<BTreeSet<String>>() {
            let Some(uri) = self.state.address(&name) else { continue };
            let version = self.state.documents.get(&uri).map(|open| open.version);
            let diagnostics = self.state.board.of(&name);
            let now = (mark(&diagnostics), version);
            let gone = version.is_none() && diagnostics.is_empty();
            let before = if gone { self.pushed.remove(&name) } else { self.pushed.insert(name, now.clone()) };
            let known = if gone { before.is_none() } else { before == Some(now) };
            if known {
                continue;
            }
            let params = PublishDiagnosticsParams { uri, diagnostics, version };
            self.out.notify("textDocument/publishDiagnostics", params);
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

fn read<P: DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
