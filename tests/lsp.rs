//! Conversations with the language server: over a connection in memory with files in memory, and with the program itself.

#![cfg(feature = "lsp")]

mod diagnostics;
mod life;
#[cfg(feature = "cli")]
mod program;
mod storm;
mod workspace;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::Duration,
};

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use mcppol::{
    catalog::Catalogs,
    lsp::{Project, World, serve},
    syntax::literal::Date,
};
use serde_json::{Value, json};

/// Files and a calendar that a test and a server share.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Mutex<Inner>>);

struct Inner {
    files: BTreeMap<PathBuf, String>,
    changed: Vec<PathBuf>,
    today: Date,
}

impl Disk {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(name, text)| (PathBuf::from(name), (*text).to_owned())).collect();
        let today = Date { year: 2026, month: 1, day: 15 };
        Self(Arc::new(Mutex::new(Inner { files, changed: Vec::new(), today })))
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let mut inner = self.0.lock().unwrap();
        inner.files.insert(name.into(), text.to_owned());
        inner.changed.push(name.into());
    }

    pub(crate) fn remove(&self, name: &str) {
        self.0.lock().unwrap().files.remove(Path::new(name));
    }

    pub(crate) fn set_today(&self, today: Date) {
        self.0.lock().unwrap().today = today;
    }
}

/// A project is made from `mcppol.toml` in the root; a text in it that is no blank is what is wrong with it.
pub(crate) struct Memory {
    disk: Disk,
    project: Rc<Project>,
}

impl Memory {
    pub(crate) fn new(disk: Disk) -> Self {
        let settings = disk.0.lock().unwrap().files.get(Path::new("/mcppol.toml")).cloned().unwrap_or_default();
        let problem = (!settings.trim().is_empty()).then_some(settings);
        Self { disk, project: Rc::new(Project { catalogs: Catalogs::embedded(), problem, ..Project::default() }) }
    }
}

impl World for Memory {
    fn today(&self) -> Date {
        self.disk.0.lock().unwrap().today
    }

    fn project(&self, _: &Path) -> Rc<Project> {
        Rc::clone(&self.project)
    }

    fn server_of(&self, _: &Path) -> Result<Option<String>, String> {
        Ok(None)
    }

    fn beside(&self, from: &str, path: &str) -> PathBuf {
        Path::new(from).parent().unwrap_or(Path::new("")).join(path)
    }

    fn read(&self, file: &Path) -> Result<String, String> {
        let inner = self.disk.0.lock().unwrap();
        inner.files.get(file).cloned().ok_or_else(|| "there is no such file".to_owned())
    }

    fn policies(&self, folder: &Path) -> Vec<PathBuf> {
        let inner = self.disk.0.lock().unwrap();
        let ours = |path: &&PathBuf| path.starts_with(folder) && path.extension().is_some_and(|it| it == "mcp");
        inner.files.keys().filter(ours).cloned().collect()
    }

    fn makes_projects(&self, file: &Path) -> bool {
        file == Path::new("/mcppol.toml")
    }

    fn keep(&self, name: &str, _: &str) -> Option<PathBuf> {
        Some(Path::new("/kept").join(name))
    }

    fn forget(&mut self) {
        *self = Self::new(self.disk.clone());
    }

    fn changed(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.disk.0.lock().unwrap().changed)
    }
}

/// An editor.
pub(crate) struct Client {
    pub(crate) connection: Connection,
    /// The server's side, until it is started.
    asleep: Option<(Connection, Disk)>,
    server: Option<JoinHandle<Result<(), String>>>,
    requests: i32,
    /// What the server said that was no answer, in order.
    pub(crate) heard: Vec<(String, Value)>,
    /// What it answered to the first request.
    pub(crate) offers: Value,
}

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl Client {
    /// A server that hears nothing yet: what is said to it waits.
    pub(crate) fn asleep(disk: &Disk) -> Self {
        let (connection, theirs) = Connection::memory();
        let asleep = Some((theirs, disk.clone()));
        Self { connection, asleep, server: None, requests: 0, heard: Vec::new(), offers: Value::Null }
    }

    /// Starts the server.
    pub(crate) fn wake(&mut self) {
        let (theirs, disk) = self.asleep.take().unwrap();
        let served = move || serve(&theirs, &mut Memory::new(disk)).map_err(|ended| ended.to_string());
        self.server = Some(thread::spawn(served));
    }

    /// A server to which nothing was said.
    pub(crate) fn silent(disk: &Disk) -> Self {
        let mut out = Self::asleep(disk);
        out.wake();
        out
    }

    /// A server that was greeted, with a workspace at the root.
    pub(crate) fn new(disk: &Disk, capabilities: Value) -> Self {
        let mut out = Self::silent(disk);
        out.greet(json!({ "capabilities": capabilities, "rootUri": "file:///" }));
        out
    }

    pub(crate) fn greet(&mut self, params: Value) {
        self.offers = self.ask("initialize", params).unwrap();
        self.say("initialized", json!({}));
    }

    pub(crate) fn send(&self, message: impl Into<Message>) {
        self.connection.sender.send(message.into()).unwrap();
    }

    pub(crate) fn say(&self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params));
    }

    pub(crate) fn begin(&mut self, method: &str, params: Value) -> RequestId {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        self.send(Request::new(id.clone(), method.to_owned(), params));
        id
    }

    /// Waits for the answer to a request; an error is its code.
    pub(crate) fn answer(&mut self, id: &RequestId) -> Result<Value, i32> {
        loop {
            match self.connection.receiver.recv_timeout(PATIENCE).expect("an answer") {
                Message::Response(response) => {
                    assert_eq!(response.id, *id, "answers come in order");
                    return response.response_result.map_err(|error| error.code);
                }
                Message::Request(it) => self.heard.push((it.method, it.params)),
                Message::Notification(it) => self.heard.push((it.method, it.params)),
            }
        }
    }

    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, i32> {
        let id = self.begin(method, params);
        self.answer(&id)
    }

    /// Waits until there is nothing left to do; what was said meanwhile.
    pub(crate) fn rest(&mut self) -> Vec<(String, Value)> {
        self.ask("workspace/diagnostic", json!({})).unwrap();
        std::mem::take(&mut self.heard)
    }

    pub(crate) fn open(&self, name: &str, text: &str) {
        let item = json!({ "uri": uri(name), "languageId": "mcppol", "version": 1, "text": text });
        self.say("textDocument/didOpen", json!({ "textDocument": item }));
    }

    /// Replaces the whole text.
    pub(crate) fn change(&self, name: &str, version: i32, text: &str) {
        let document = json!({ "uri": uri(name), "version": version });
        self.say("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [{ "text": text }] }));
    }

    pub(crate) fn close(&self, name: &str) {
        self.say("textDocument/didClose", json!({ "textDocument": { "uri": uri(name) } }));
    }

    /// Says goodbye; how the server ended.
    pub(crate) fn bye(mut self) -> Result<(), String> {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        self.say("exit", Value::Null);
        self.server.unwrap().join().unwrap()
    }

    /// Goes without a goodbye; how the server ended.
    pub(crate) fn die(self) -> Result<(), String> {
        drop(self.connection);
        self.server.unwrap().join().unwrap()
    }

    /// Answers a request of the server.
    pub(crate) fn reply(&self, id: impl Into<RequestId>, result: Value) {
        self.send(Response::new_ok(id.into(), result));
    }
}

pub(crate) fn uri(name: &str) -> String {
    format!("file://{name}")
}

/// What was pushed: for each message the file's name and, of each finding, its line, level and name.
pub(crate) fn pushed(heard: &[(String, Value)]) -> Vec<String> {
    let pushed = heard.iter().filter(|(method, _)| method == "textDocument/publishDiagnostics");
    pushed.map(|(_, params)| listed(&params["uri"], &params["diagnostics"])).collect()
}

/// A file's name and its findings in short.
pub(crate) fn listed(uri: &Value, findings: &Value) -> String {
    let one = |it: &Value| {
        let line = it["range"]["start"]["line"].as_u64().unwrap() + 1;
        let level = it["severity"].as_u64().unwrap();
        format!(" {line}:{level}:{}", it["code"].as_str().unwrap_or("-"))
    };
    let findings: String = findings.as_array().unwrap().iter().map(one).collect();
    format!("{}{findings}", uri.as_str().unwrap().trim_start_matches("file://"))
}
