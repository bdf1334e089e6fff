//! What a tool can do that matters in combination: read what is private, take in what strangers wrote, send outward,
//! and the capabilities that one tool can stand in for another with.
//!
//! It goes by the words of names, and by categories, signals and arguments where these are firmer. It is made to be
//! right where it speaks, not to find everything. Judging policies is absent.

use std::{collections::BTreeMap, ops::BitOr, sync::LazyLock};

use crate::{
    catalog::{Category, JsonType, Param, Server, Signal, Tool},
    syntax::literal::write_path,
};

/// A set of things that a tool can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traits(u16);

impl Traits {
    /// Returns what is not meant for everybody: files, mail, messages, rows, secrets.
    pub(super) const PRIVATE: Self = Self(1);
    /// Returns text that strangers can write: the web, mail, issues and comments of public trackers.
    pub(super) const UNTRUSTED: Self = Self(1 << 1);
    /// Carries what it is given to others: mail, messages, public comments, requests to any address.
    pub(super) const OUTWARD: Self = Self(1 << 2);
    /// Reads a file of this machine.
    pub(super) const READ_FILE: Self = Self(1 << 3);
    /// Creates or overwrites a file of this machine.
    pub(super) const WRITE_FILE: Self = Self(1 << 4);
    /// Changes or moves a file of this machine.
    pub(super) const EDIT_FILE: Self = Self(1 << 5);
    /// Deletes a file of this machine.
    pub(super) const DELETE_FILE: Self = Self(1 << 6);
    /// Runs a command or code on this machine.
    pub(super) const RUN: Self = Self(1 << 7);
    /// Runs any SQL.
    pub(super) const SQL: Self = Self(1 << 8);
    /// Sends a request to any address.
    pub(super) const FETCH: Self = Self(1 << 9);
    /// Sends a message to somebody.
    pub(super) const SEND: Self = Self(1 << 10);
    /// Hands out a secret.
    pub(super) const SECRET: Self = Self(1 << 11);

    /// Whether all of the others are among them.
    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether one of the others is among them.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What a server's id says of its tools.
    pub(super) fn of_server(server: &Server) -> Words {
        words(&server.id)
    }

    /// What a tool of such a server can do.
    pub(super) fn of(server: Words, tool: &Tool) -> Self {
        let name = words(&tool.name);
        let about = server | name;
        [
            files(name, tool),
            correspondence(about, name, tool),
            records(about, name, tool),
            tracker(about, name, tool),
            web(server, name, tool),
            runs(about, tool),
        ]
        .into_iter()
        .fold(Self::default(), Self::bitor)
    }

    fn when(self, holds: bool) -> Self {
        if holds { self } else { Self::default() }
    }
}

impl BitOr for Traits {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

fn files(name: Words, tool: &Tool) -> Traits {
    let read = tool.category == Category::Read;
    let file = name.has(Words::FILE) && !name.has(Words::ABOUT);
    let contents = read && file && !name.has(Words::LISTING) && !name.has(Words::TRACKED);
    let moved = tool.params.iter().any(|param| is_end(tool, &param.name));
    let local = tool.signals.contains(&Signal::Filesystem) && is_local(tool) && path_param(tool).is_some();
    if !local && !moved {
        return Traits::PRIVATE.when(contents);
    }
    let file = file && !name.has(Words::ELSEWHERE);
    let whole = file || name.has(Words::FOLDER) && !name.has(Words::ABOUT);
    (Traits::PRIVATE | Traits::READ_FILE).when(contents)
        | Traits::WRITE_FILE.when(!read && file && name.has(Words::SAVE))
        | Traits::EDIT_FILE.when(!read && (moved || (file || name.has(Words::BLOCK)) && name.has(Words::EDIT)))
        | Traits::DELETE_FILE.when(!read && whole && name.has(Words::DELETE))
}

fn correspondence(about: Words, name: Words, tool: &Tool) -> Traits {
    let read = tool.category == Category::Read;
    let mail = name.has(Words::MAIL) && !name.has(Words::ABOUT) && !name.has(Words::FOLDER);
    let message = name.has(Words::MESSAGE) && about.has(Words::CHAT) && !name.has(Words::ABOUT);
    let chat = message || about.has(Words::CHAT_APP) && name.has(Words::THREAD) && !name.has(Words::LISTING);
    let made = about.has(Words::PHONE) && name.has(Words::CREATE) && name.has(Words::TEXT) && !name.has(Words::ABOUT);
    let told = name.has(Words::SEND) && (name.has(Words::MAIL) || name.has(Words::MESSAGE) || chat);
    let sent = !read && (made || told);
    (Traits::PRIVATE | Traits::UNTRUSTED).when(read && mail)
        | Traits::PRIVATE.when(read && chat)
        | (Traits::OUTWARD | Traits::SEND).when(sent && !name.has(Words::DRAFT))
}

fn records(about: Words, name: Words, tool: &Tool) -> Traits {
    let read = tool.category == Category::Read;
    let sql = sql_param(tool).is_some();
    let rows = name.has(Words::ROW) || about.has(Words::STORE) && name.has(Words::FIND);
    let notes = about.has(Words::DRIVE) && name.has(Words::PAGE);
    let people = name.has(Words::PERSONAL) || about.has(Words::CALENDAR) && name.has(Words::EVENT);
    let secret = name.has(Words::SECRET) || name.has(Words::TOKEN) && name.has(Words::ACCESS);
    let shown = read && !name.has(Words::ABOUT);
    Traits::PRIVATE.when(sql || shown && (rows || notes || people))
        | Traits::SQL.when(sql && !read)
        | (Traits::PRIVATE | Traits::SECRET).when(shown && secret && !name.has(Words::LISTING))
}

fn tracker(about: Words, name: Words, tool: &Tool) -> Traits {
    if !about.has(Words::FORGE) {
        return Traits::default();
    }
    let read = tool.category == Category::Read;
    let text = name.has(Words::TRACKED) && !name.has(Words::ABOUT) && !name.has(Words::DRAFT);
    let public = tool.category == Category::Write && text && name.has(Words::CREATE);
    Traits::PRIVATE.when(read && name.has(Words::SOURCE) && name.has(Words::LISTING))
        | Traits::UNTRUSTED.when(read && text)
        | (Traits::OUTWARD | Traits::SEND).when(public)
}

fn web(server: Words, name: Words, tool: &Tool) -> Traits {
    let fetched = name.has(Words::FETCH) && free_url_param(tool).is_some();
    let searched = name.has(Words::SEARCH) && (name.has(Words::WEB) || server.has(Words::SEARCHER));
    (Traits::UNTRUSTED | Traits::OUTWARD | Traits::FETCH).when(fetched)
        | Traits::UNTRUSTED.when(tool.category == Category::Read && searched)
}

fn runs(about: Words, tool: &Tool) -> Traits {
    let elsewhere = ["container", "pod", "namespace", "app", "project_id", "sandbox_id", "host", "server"];
    let here = !elsewhere.iter().any(|other| tool.param(other).is_some()) && !about.has(Words::ELSEWHERE);
    let runs = |param: &Param| word_in(&param.name, Words::COMMAND) || is_fed(words(&tool.name), param);
    let command = code_param(tool).is_some_and(|param| !is_sql(param) && runs(param));
    Traits::RUN.when(here && command)
}

/// Whether a tool's path is one of this machine: nothing says in which repository, bucket or account it is.
fn is_local(tool: &Tool) -> bool {
    let elsewhere = [
        "owner",
        "repo",
        "repo_path",
        "repositoryId",
        "project",
        "project_id",
        "bucket",
        "fileKey",
        "user_google_email",
        "projectRoot",
        "branch",
    ];
    !elsewhere.iter().any(|other| tool.param(other).is_some())
}

/// The argument that holds SQL of the caller's choice.
pub(super) fn sql_param(tool: &Tool) -> Option<&Param> {
    if !tool.signals.contains(&Signal::Code) || tool.signals.contains(&Signal::Dispatch) {
        return None;
    }
    let name = words(&tool.name);
    if name.has(Words::LOGS) || name.has(Words::CREATE) {
        return None;
    }
    let text = |param: &&Param| param.types.admits_type(JsonType::String) && !param.types.is_any();
    let found = tool.params.iter().filter(text).find(|param| is_sql(param));
    let queried = |param: &&Param| matches!(param.name.as_str(), "query" | "statement" | "command");
    let query = || tool.params.iter().filter(text).find(queried).filter(|_| name.has(Words::SQL));
    found.or_else(query)
}

fn is_sql(param: &Param) -> bool {
    param.name.eq_ignore_ascii_case("sql")
}

/// The argument that holds the command, code or SQL that a tool runs.
pub(super) fn code_param(tool: &Tool) -> Option<&Param> {
    if tool.category != Category::Execute || tool.signals.contains(&Signal::Dispatch) {
        return None;
    }
    let name = words(&tool.name);
    let signal = || tool.signals.contains(&Signal::Code) && name.has(Words::RUN);
    let code = || tool.params.iter().find(|param| word_in(&param.name, Words::COMMAND));
    sql_param(tool)
        .or_else(|| signal().then(code).flatten())
        .or_else(|| tool.params.iter().find(|param| is_written(name, param)))
}

/// Whether what is written there is run, by what tool and argument are called alone.
fn is_written(tool: Words, param: &Param) -> bool {
    let text = param.types.admits_type(JsonType::String) && param.values.is_none();
    let code = ["function", "script", "expression", "code", "javascript"].contains(&param.name.as_str());
    text && (tool.has(Words::EVALUATE) && code || is_fed(tool, param))
}

/// Whether it is what a running process, such as a shell, is given to read.
fn is_fed(tool: Words, param: &Param) -> bool {
    tool.has(Words::INTERACT) && tool.has(Words::PROCESS) && param.name == "input"
}

/// The argument that says which file; of a tool that moves or copies one, where it goes to.
pub(super) fn path_param(tool: &Tool) -> Option<&Param> {
    let end = || ENDS.into_iter().find(|name| is_end(tool, name)).and_then(|name| tool.param(name));
    tool.params.iter().find(|param| is_path(&param.name)).or_else(end)
}

/// What the two ends of a move or copy are called, the new place first.
const ENDS: [&str; 7] = ["destination", "dest", "dst", "to", "source", "src", "from"];

/// Whether it is one of the two paths between which a tool moves or copies a file of this machine.
fn is_end(tool: &Tool, name: &str) -> bool {
    let words = words(&tool.name);
    let moves = words.has(Words::FILE) && words.has(Words::MOVE) && !words.has(Words::ELSEWHERE) && is_local(tool);
    moves && ENDS.contains(&name) && holds_text(tool, name)
}

fn holds_text(tool: &Tool, name: &str) -> bool {
    tool.param(name).is_some_and(|param| param.types.admits_type(JsonType::String))
}

/// Whether an argument of this name holds a path.
pub(super) fn is_path(name: &str) -> bool {
    [
        "path",
        "paths",
        "file_path",
        "filePath",
        "filepath",
        "file_paths",
        "filename",
        "directory",
        "savePath",
        "outputPath",
    ]
    .contains(&name)
        || name.ends_with("_path") && name != "direct_asset_path"
}

/// Whether an argument of the tool holds a path of this machine.
pub(super) fn holds_path(tool: &Tool, name: &str) -> bool {
    let local = || tool.signals.contains(&Signal::Filesystem) && is_local(tool);
    is_end(tool, name) || is_path(name) && holds_text(tool, name) && local()
}

/// The argument that holds any address of the web.
pub(super) fn free_url_param(tool: &Tool) -> Option<&Param> {
    tool.params.iter().find(|param| matches!(param.name.as_str(), "url" | "urls" | "uri"))
}

/// Whether an argument of the tool holds an address of the web.
pub(super) fn holds_url(tool: &Tool, name: &str) -> bool {
    let named = matches!(name, "url" | "uri") || name.ends_with("_url") || name.ends_with("Url");
    named && holds_text(tool, name)
}

/// The argument that says to whom.
pub(super) fn recipient_param(tool: &Tool) -> Option<&Param> {
    let to = ["to", "To", "recipient", "recipients", "channel", "channel_id", "chat_id", "chatId", "space_id", "phone"];
    tool.params.iter().find(|param| to.contains(&param.name.as_str()))
}

/// The argument that says how much money.
pub(super) fn amount_param(tool: &Tool) -> Option<&Param> {
    let number = |param: &&Param| param.types.admits_type(JsonType::Integer) && !param.types.is_any();
    tool.params.iter().filter(number).find(|param| word_in(&param.name, Words::AMOUNT))
}

/// Whether an argument of this name says which things are meant.
pub(super) fn is_scope(name: &str) -> bool {
    word_in(name, Words::SCOPE)
}

/// What to write so that an argument has only values of the author's choice; `None` where no condition can say it.
pub(super) fn narrowed(param: &Param, test: &str) -> Option<String> {
    let text = param.types.admits_type(JsonType::String);
    text.then(|| format!("require {} {test}", write_path(std::slice::from_ref(&param.name))))
}

/// The argument that names the tool or command that a dispatcher calls.
pub(super) fn inner_param(tool: &Tool) -> Option<&Param> {
    let names = ["tool", "tool_name", "toolName", "command", "name", "action", "operation", "method"];
    names.iter().find_map(|name| tool.param(name))
}

fn word_in(name: &str, group: Words) -> bool {
    words(name).has(group)
}

/// The groups that the words of a name belong to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Words(u64);

impl Words {
    fn has(self, group: Self) -> bool {
        self.0 & group.0 != 0
    }
}

impl BitOr for Words {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

macro_rules! groups {
    ($($name:ident = $at:literal: $words:literal;)*) => {
        impl Words {
            $(const $name: Self = Self(1 << $at);)*
        }

        /// Every group with its words.
        const GROUPS: &[(Words, &str)] = &[$((Words::$name, $words),)*];
    };
}

groups! {
    ABOUT = 0: "info metadata label labels filter filters permission permissions template templates setting settings \
        status config size sizes rule rules views link links statistics stats emoji reaction reactions milestone \
        type types schema property properties watchers restrictions share shares snapshot snapshots connections pipelines version versions approval \
        state conflicts changed usage configuration feedback check public console log logs error errors tips allowed count";
    FILE = 1: "file files pdf media";
    FOLDER = 2: "folder folders directory directories dir";
    LISTING = 3: "list tree search find";
    SAVE = 4: "write save create append";
    EDIT = 5: "edit move rename replace patch";
    BLOCK = 6: "block";
    DELETE = 7: "delete remove unlink rm trash";
    ELSEWHERE = 8: "dyno pod container sandbox browser playwright puppeteer cookie storage devtools page";
    MAIL = 9: "email emails mail mails gmail inbox";
    MESSAGE = 10: "message messages chat chats replies conversation conversations dm dms sms";
    CHAT = 11: "slack discord telegram whatsapp teams chat workspace 365 twilio messages";
    CHAT_APP = 12: "slack discord telegram whatsapp teams";
    THREAD = 13: "history thread threads replies";
    SEND = 14: "send reply forward post tweet publish";
    DRAFT = 15: "draft drafts queue";
    CREATE = 16: "create add";
    ROW = 17: "record records row rows";
    STORE = 18: "mongodb mongo dynamodb firestore";
    FIND = 19: "find aggregate scan query";
    DRIVE = 20: "drive gdrive notion confluence onedrive sharepoint obsidian evernote dropbox";
    PAGE = 21: "search page pages block content contents markdown doc document note notes";
    PERSONAL = 22: "contact contacts";
    SECRET = 23: "secret secrets password passwords passphrase";
    TOKEN = 24: "token tokens";
    ACCESS = 25: "access api admin auth session bearer private";
    FORGE = 26: "github gitlab gitea forgejo bitbucket";
    TRACKED = 27: "issue issues comment comments discussion discussions review reviews note notes gist pull merge";
    SOURCE = 28: "code";
    FETCH = 29: "fetch scrape crawl crawling extract navigate browse visit goto http request curl expand post put";
    SEARCH = 30: "search";
    WEB = 31: "web internet news google bing";
    SEARCHER = 32: "brave tavily exa duckduckgo firecrawl serper searxng kagi perplexity serpapi";
    SQL = 33: "sql psql mysql postgres postgresql sqlite query migration";
    LOGS = 34: "log logs docs documentation graphql promql jql wiql search";
    COMMAND = 35: "command cmd code script shell bash function sql";
    RUN = 36: "execute exec run eval evaluate shell bash terminal command process psql code script python kubectl terraform \
        dyno console repl";
    AMOUNT = 37: "amount total";
    PHONE = 38: "twilio";
    TEXT = 39: "message messages sms";
    CALENDAR = 40: "calendar";
    EVENT = 41: "event events";
    SCOPE = 42: "id ids cli provider user filter label tag project folder session status query since before";
    EVALUATE = 43: "evaluate eval script";
    INTERACT = 44: "interact";
    PROCESS = 45: "process";
    MOVE = 46: "move rename copy";
}

/// The groups of each word.
static BY_WORD: LazyLock<BTreeMap<&[u8], Words>> = LazyLock::new(|| {
    let mut out = BTreeMap::new();
    for (group, listed) in GROUPS {
        for word in listed.split_ascii_whitespace() {
            let groups: &mut Words = out.entry(word.as_bytes()).or_default();
            *groups = *groups | *group;
        }
    }
    out
});

/// The groups of a name's words, which `_`, `-`, `.` or a capital begin.
fn words(name: &str) -> Words {
    let mut out = Words::default();
    let mut word = Buffer::default();
    let mut before = b' ';
    for byte in name.bytes() {
        if byte.is_ascii_uppercase() && before.is_ascii_lowercase() || !byte.is_ascii_alphanumeric() {
            out = out | word.take();
        }
        if byte.is_ascii_alphanumeric() {
            word.push(byte.to_ascii_lowercase());
        }
        before = byte;
    }
    out | word.take()
}

/// A word on its way, without an allocation: longer ones are in no group.
#[derive(Default)]
struct Buffer {
    bytes: [u8; 16],
    len: usize,
}

impl Buffer {
    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.len) {
            *slot = byte;
        }
        self.len += 1;
    }

    fn take(&mut self) -> Words {
        let word = self.bytes.get(..self.len).unwrap_or_default();
        let found = BY_WORD.get(word).copied().unwrap_or_default();
        self.len = 0;
        found
    }
}
