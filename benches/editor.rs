//! How fast the language server is for somebody who types: a real `mcppol lsp`, over its standard input and output, from
//! the write of an edit to the last byte of the diagnostics, its JSON included on both sides.
//!
//! `cargo bench --bench editor` prints the table that stands in `docs/benchmarks.md`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark runs processes, reads the clock, prints, and stops where something is not as it should be"
)]

mod measure;
mod workload;

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use mcppol::catalog::Catalogs;

use measure::{cpu, hello, milliseconds, ratio};
use workload::{policy, workload};

/// Rules of the workload on so many lines.
fn lines(wanted: usize) -> String {
    let mut rules = wanted / 7;
    while workload(rules).lines().count() < wanted {
        rules += 1;
    }
    workload(rules)
}

/// One policy of about so many lines, over the tools of the largest server.
fn one_policy(lines: usize) -> String {
    let server = Catalogs::embedded().find("azure").expect("a server that is embedded");
    let mut out = String::new();
    policy(&server, 0, lines / 5, &mut out);
    out
}

fn main() {
    // cargo passes `--bench`; `cargo test --benches` does not, and measures nothing
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("| what | median | 95 of 100 | at most |\n|---|---|---|---|");
    let folder = tempfile::tempdir().expect("a scratch folder");
    let line = cpu(Command::new(hello(folder.path())), 50);
    println!("| a program that prints one line | {} | | |", milliseconds(line.wall));
    let mut version = Command::new(env!("CARGO_BIN_EXE_mcppol"));
    version.arg("--version");
    let version = cpu(version, 50);
    println!("| `mcppol --version`, {:.1} times its CPU | {} | | |", ratio(version, line), milliseconds(version.wall));
    starts();
    for (wanted, limit) in [(1_000, "2 ms"), (10_000, "15 ms")] {
        let text = lines(wanted);
        let what = format!("{wanted} lines, {} policies", text.matches("\npolicy ").count() + 1);
        document(&what, &text, limit);
    }
    let single = one_policy(1_000);
    document(&format!("{} lines that are one policy", single.lines().count()), &single, "");
    edits();
    twenty_megabytes();
    anchor();
}

/// Somebody types for a long time: does the server grow?
fn edits() {
    const ALL: usize = 100_000;
    let text = lines(1_000);
    let allow = text.lines().position(|line| line.trim_start().starts_with("allow ")).expect("there is one");
    let mut client = Client::start();
    client.open(&text);
    let mut early = 0;
    for nth in 0..ALL / 2 {
        client.edit(allow, 10, 10, "q");
        client.edit(allow, 10, 11, "");
        if nth == ALL / 20 {
            early = client.memory();
        }
    }
    let late = client.memory();
    println!(
        "| resident memory after 10,000 and after 100,000 edits of 1,000 lines | {:.1} and {:.1} MB | | the same |",
        early as f64 / 1e6,
        late as f64 / 1e6
    );
    client.end();
}

/// A document that nobody writes by hand.
fn twenty_megabytes() {
    let part = lines(10_000);
    let mut text = String::new();
    let mut number = 0;
    while text.len() < 20_000_000 {
        // policies of ever new names
        text.push_str(&part.replace("policy p", &format!("policy n{number}p")));
        number += 1;
    }
    let allow = part.lines().position(|line| line.trim_start().starts_with("allow ")).expect("there is one");
    let mut client = Client::start();
    let start = Instant::now();
    client.open(&text);
    println!("| 20 MB: opened | {} | | |", milliseconds(start.elapsed()));
    let mut edits: Vec<Duration> = Vec::new();
    for _ in 0..10 {
        edits.push(client.edit(allow, 10, 10, "q"));
        edits.push(client.edit(allow, 10, 11, ""));
    }
    row("20 MB: a letter in a name, to its diagnostics", &mut edits, "");
    row("20 MB: completion of a tool", &mut [client.complete(allow, 8)], "");
    println!("| 20 MB: resident memory | {} MB | | |", client.memory() / 1_000_000);
    client.end();
}

/// From the start of the process to its first answers.
fn starts() {
    let (mut first, mut found) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        let start = Instant::now();
        let mut client = Client::start();
        first.push(start.elapsed());
        client.open(include_str!("small.mcp"));
        found.push(start.elapsed());
        client.end();
    }
    row("from the start to the first answer", &mut first, "15 ms");
    row("from the start to the diagnostics of a first document, 31 lines", &mut found, "");
}

/// What a document costs that is open.
fn document(what: &str, text: &str, limit: &str) {
    // the limits are those of the whole, not of a single large policy
    let most = |bound| if limit.is_empty() { "" } else { bound };
    let mut client = Client::start();
    let start = Instant::now();
    client.open(text);
    println!("| {what}: opened | {} | | |", milliseconds(start.elapsed()));
    let lines: Vec<&str> = text.lines().collect();
    // within a name, where the statement stays whole and the tool becomes an unknown one and back
    let places = |word: &str| -> Vec<usize> {
        let all: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].trim_start().starts_with(word)).collect();
        (0..50).map(|nth| all[nth * (all.len() - 1) / 49]).collect()
    };
    let mut edits = Vec::new();
    for line in places("allow ") {
        let column = lines[line].find("allow ").expect("it is there") + "allow x".len();
        edits.push(client.edit(line, column, column, "q"));
        edits.push(client.edit(line, column, column + 1, ""));
    }
    row(&format!("{what}: a letter in a name, to its diagnostics"), &mut edits, limit);
    let mut edits = Vec::new();
    for line in places("deny if") {
        let column = lines[line].len();
        edits.push(client.edit(line, column, column, " and args."));
        edits.push(client.edit(line, column, column + " and args.".len(), ""));
    }
    row(&format!("{what}: a condition half written, to its diagnostics"), &mut edits, limit);
    let mut edits = Vec::new();
    for line in places("allow ") {
        edits.push(client.edit(line, 0, 0, "\n"));
        let back = client.change(json!({ "start": at(line, 0), "end": at(line + 1, 0) }), "");
        edits.push(back);
    }
    row(&format!("{what}: a new line, to its diagnostics"), &mut edits, limit);
    let mut completions = Vec::new();
    for line in places("allow ") {
        let column = lines[line].find("allow ").expect("it is there") + "allow ".len();
        completions.push(client.complete(line, column));
    }
    row(&format!("{what}: completion of a tool"), &mut completions, most("3 ms"));
    let mut completions = Vec::new();
    for line in places("deny if") {
        let column = lines[line].find("args.").expect("it is there") + "args.".len();
        completions.push(client.complete(line, column));
    }
    row(&format!("{what}: completion of an argument"), &mut completions, most("3 ms"));
    // every catalog is looked at for the list of servers
    client.edit(0, 0, 0, "policy every for \n");
    client.complete(0, "policy every for ".len());
    println!(
        "| {what}: resident memory, every catalog read | {} MB | | {} |",
        client.memory() / 1_000_000,
        most("60 MB")
    );
    client.end();
}

/// How long the machine takes for a message there and back that costs nothing: a program that repeats its input.
fn anchor() {
    let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut input = child.stdin.take().expect("it has one");
    let mut output = child.stdout.take().expect("it has one");
    let mut echoes = Vec::new();
    for _ in 0..200 {
        let start = Instant::now();
        input.write_all(&[b'x'; 300]).expect("it listens");
        output.read_exact(&mut [0; 300]).expect("it answers");
        echoes.push(start.elapsed());
    }
    drop(input);
    child.wait().expect("it ends");
    row("300 bytes through `cat` and back", &mut echoes, "");
}

fn row(what: &str, times: &mut [Duration], limit: &str) {
    times.sort();
    let of = |percent: usize| milliseconds(times[(times.len() - 1) * percent / 100]);
    println!("| {what} | {} | {} | {limit} |", of(50), of(95));
}

fn at(line: usize, character: usize) -> Value {
    json!({ "line": line, "character": character })
}

const URI: &str = "file:///nowhere/bench.mcp";

/// The least that an editor is.
struct Client {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
    version: u64,
}

impl Client {
    /// A server that has answered `initialize`.
    fn start() -> Self {
        let mut child = Command::new(Path::new(env!("CARGO_BIN_EXE_mcppol")))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let input = child.stdin.take().expect("it has one");
        let output = BufReader::new(child.stdout.take().expect("it has one"));
        let mut client = Self { child, input, output, next: 0, version: 1 };
        client.ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
        client.tell("initialized", json!({}));
        client
    }

    fn write(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server listens");
        self.input.flush().expect("the server listens");
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).expect("the server answers") > 0, "the server is there");
            match line.trim_end() {
                "" => break,
                line => {
                    if let Some(value) = line.strip_prefix("Content-Length: ") {
                        length = value.parse().expect("a number");
                    }
                }
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("the server answers");
        serde_json::from_slice(&body).expect("JSON")
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.read();
            if message["id"] == id && message.get("method").is_none() {
                assert!(message.get("error").is_none(), "{message}");
                return message["result"].clone();
            }
        }
    }

    fn until_diagnostics(&mut self) {
        loop {
            let message = self.read();
            if message["method"] == "textDocument/publishDiagnostics" && message["params"]["version"] == self.version {
                return;
            }
        }
    }

    fn open(&mut self, text: &str) {
        let document = json!({ "uri": URI, "languageId": "mcppol", "version": self.version, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.until_diagnostics();
    }

    /// An edit within a line, and the time until its diagnostics are there.
    fn edit(&mut self, line: usize, from: usize, to: usize, text: &str) -> Duration {
        self.change(json!({ "start": at(line, from), "end": at(line, to) }), text)
    }

    fn change(&mut self, range: Value, text: &str) -> Duration {
        self.version += 1;
        let document = json!({ "uri": URI, "version": self.version });
        let changes = json!([{ "range": range, "text": text }]);
        let start = Instant::now();
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
        self.until_diagnostics();
        start.elapsed()
    }

    fn complete(&mut self, line: usize, column: usize) -> Duration {
        let params = json!({ "textDocument": { "uri": URI }, "position": at(line, column) });
        let start = Instant::now();
        let answer = self.ask("textDocument/completion", params);
        let time = start.elapsed();
        let items = answer.as_array().or_else(|| answer["items"].as_array()).map_or(0, Vec::len);
        assert!(items > 0, "something completes");
        time
    }

    /// Its resident memory, in bytes.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a Linux machine");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it has memory");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }

    fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.child.wait().expect("it ends").success(), "it ends well");
    }
}
