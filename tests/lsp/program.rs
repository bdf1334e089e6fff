//! The program itself, over its standard input and output: the same findings as `check`, the log, and its ends.

use std::{
    collections::BTreeMap,
    io::{BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use lsp_server::{Message, Notification, Request};
use mcppol::{
    diagnostic::codes,
    lint,
    text::{Lines, visible},
};
use serde_json::{Value, json};

use crate::{
    cli::Folder,
    examples::{files_below, root},
};

/// The program, served by a client.
struct Program {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    requests: i32,
}

impl Program {
    fn new(folder: &Folder, line: &str) -> Self {
        let mut command = folder.command(line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, stdin, stdout, requests: 0 }
    }

    fn say(&mut self, method: &str, params: Value) {
        Message::from(Notification::new(method.to_owned(), params)).write(&mut self.stdin).unwrap();
    }

    /// The answer to a request, and what was pushed before it.
    fn ask(&mut self, method: &str, params: Value) -> (Value, Vec<Value>) {
        self.requests += 1;
        Message::from(Request::new(self.requests.into(), method.to_owned(), params)).write(&mut self.stdin).unwrap();
        let mut pushed = Vec::new();
        loop {
            match Message::read(&mut self.stdout).unwrap().expect("an answer") {
                Message::Response(response) => return (response.response_result.unwrap(), pushed),
                Message::Notification(it) if it.method == "textDocument/publishDiagnostics" => pushed.push(it.params),
                _ => {}
            }
        }
    }

    /// How it ends, and what it writes to standard error.
    fn end(self) -> (Option<i32>, String) {
        drop((self.stdin, self.stdout));
        let output = self.child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }
}

fn whole(folder: &Folder, name: &str) -> String {
    folder.path(name).canonicalize().unwrap().display().to_string()
}

fn uri(folder: &Folder, name: &str) -> String {
    format!("file://{}", whole(folder, name))
}

/// The examples of the pages of all rules, each a file, and a project with everything that a project can have.
fn files() -> Vec<(String, String)> {
    let pages = lint::ALL.iter().map(|rule| (rule.code.name, rule.page));
    let pages = pages.chain(codes::ALL.iter().map(|kind| (kind.code.name, kind.page)));
    let mut out = Vec::new();
    for (name, page) in pages {
        for (nth, block) in page.split("\n```").skip(1).step_by(2).enumerate() {
            let (head, text) = block.split_once('\n').unwrap();
            let file = match head {
                "mcp" => format!("{name}-{nth}.mcp"),
                "json policy.json" => format!("{name}-{nth}.json"),
                "json .claude/settings.json" => format!("{name}-{nth}/.claude/settings.json"),
                _ => continue,
            };
            out.push((file, text.to_owned()));
        }
    }
    assert!(out.len() > 150);
    for ending in [".mcp", ".json"] {
        let examples = files_below("examples", ending).into_iter();
        out.extend(examples.map(|file| (file.clone(), std::fs::read_to_string(root().join(file)).unwrap())));
    }
    out.push(("shared.mcp".to_owned(), "set readers = get_histery, get_history\n".to_owned()));
    let uses =
        "import \"shared.mcp\"\npolicy 🎈 for trakt {}\npolicy p for trakt {\n  default deny\n  allow @readers\n}\n";
    out.push(("uses.mcp".to_owned(), uses.to_owned()));
    out
}

/// Findings by file: place, level, name and the first line of the message.
type Said = BTreeMap<String, Vec<(u64, u64, u64, u64, &'static str, String, String)>>;

/// What `check` says of all files.
fn checked(folder: &Folder, files: &[(String, String)]) -> Said {
    // an editor knows whole paths, and one rule asks whether a policy lets its own path through
    let names: Vec<String> = files.iter().map(|(name, _)| whole(folder, name)).collect();
    let output = folder.output(&format!("check --format json {}", names.join(" ")), b"");
    let output: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut out = Said::new();
    for it in output["diagnostics"].as_array().unwrap() {
        let number = |name: &str| it[name].as_u64().unwrap();
        let text = |name: &str| it[name].as_str().unwrap().to_owned();
        let level = level(match &*text("level") {
            "error" => 1,
            "warning" => 2,
            _ => 3,
        });
        let place = (number("line"), number("column"), number("end_line"), number("end_column"));
        let found = (place.0, place.1, place.2, place.3, level, text("name"), visible(&text("message")));
        let list = out.entry(text("file")).or_default();
        // a file that several import is told of once
        if !list.contains(&found) {
            list.push(found);
        }
    }
    out
}

fn level(severity: u64) -> &'static str {
    ["", "error", "warning", "info"][usize::try_from(severity).unwrap()]
}

/// Findings of the server, in the places of `check`.
fn told(text: &str, items: &Value, out: &mut Vec<(u64, u64, u64, u64, &'static str, String, String)>) {
    let lines = Lines::new(text);
    let column = |place: &Value| {
        let (line, units) = (place["line"].as_u64().unwrap(), place["character"].as_u64().unwrap());
        let line_text = &text[lines.range(text, u32::try_from(line).unwrap())];
        let mut left = usize::try_from(units).unwrap();
        let chars = line_text.chars().take_while(|c| {
            let before = left > 0;
            left = left.saturating_sub(c.len_utf16());
            before
        });
        (line + 1, chars.count() as u64 + 1)
    };
    for it in items.as_array().unwrap() {
        let ((line, from), (end, to)) = (column(&it["range"]["start"]), column(&it["range"]["end"]));
        let message = it["message"].as_str().unwrap().lines().next().unwrap().to_owned();
        let name = it["code"].as_str().unwrap().to_owned();
        out.push((line, from, end, to, level(it["severity"].as_u64().unwrap()), name, message));
    }
}

#[test]
fn the_same_findings_as_check() {
    let files = files();
    let listed: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = Folder::new(&listed);
    for settings in
        ["", "[lint]\npersona = \"audit\"\nbaseline = \"known.json\"\n[lint.rules]\nunknown-tool = \"info\"\n"]
    {
        std::fs::write(folder.path("mcppol.toml"), settings).unwrap();
        if !settings.is_empty() {
            folder.output("check --write-baseline uses.mcp approval-on-read-only-0.mcp", b"");
        }
        let mut wanted = checked(&folder, &files);
        wanted.values_mut().for_each(|list| list.sort());
        for pulls in [false, true] {
            let diagnostic = if pulls { json!({}) } else { Value::Null };
            let mut program = Program::new(&folder, "lsp --stdio");
            let capabilities = json!({ "textDocument": { "diagnostic": diagnostic } });
            program.ask("initialize", json!({ "capabilities": capabilities, "rootUri": uri(&folder, ".") }));
            program.say("initialized", json!({}));
            let mut reports = BTreeMap::new();
            for (name, text) in &files {
                let item = json!({ "uri": uri(&folder, name), "languageId": "", "version": 1, "text": text });
                program.say("textDocument/didOpen", json!({ "textDocument": item }));
            }
            let (survey, pushed) = program.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
            for report in if pulls { survey["items"].as_array().unwrap().clone() } else { pushed } {
                let items = if pulls { &report["items"] } else { &report["diagnostics"] };
                reports.insert(report["uri"].as_str().unwrap().to_owned(), items.clone());
            }
            let mut found = Said::new();
            for (name, text) in &files {
                let mut list = Vec::new();
                told(text, &reports[&uri(&folder, name)], &mut list);
                list.sort();
                if !list.is_empty() {
                    found.insert(whole(&folder, name), list);
                }
            }
            for (name, list) in &wanted {
                assert_eq!(found.get(name), Some(list), "{name}, pulls: {pulls}, {settings}");
            }
            assert_eq!(found.len(), wanted.len());
            program.ask("shutdown", Value::Null);
            program.say("exit", Value::Null);
            assert_eq!(program.end(), (Some(0), String::new()));
        }
    }
}

#[test]
fn the_log_has_a_line_for_each_message_and_no_text() {
    let folder = Folder::new(&[]);
    let mut program = Program::new(&folder, "lsp --log a.log");
    program.ask("initialize", json!({}));
    let item = json!({ "uri": "file:///secret.mcp", "languageId": "mcppol", "version": 1, "text": "policy secret" });
    program.say("textDocument/didOpen", json!({ "textDocument": item }));
    program.stdin.write_all(b"Content-Length: 5\r\n\r\n{\"a\":").unwrap();
    program.ask("workspace/diagnostic", json!({}));
    program.ask("shutdown", Value::Null);
    program.say("exit", Value::Null);
    assert_eq!(program.end().0, Some(0));
    let log = folder.read("a.log");
    assert!(!log.contains("secret"), "{log}");
    let line = |line: &str| {
        let line = line.split_once(' ').unwrap().1;
        line.split([',']).next().unwrap().to_owned()
    };
    let mut lines: Vec<String> = log.lines().map(line).collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "-> initialize 1",
            "-> shutdown 3",
            "-> textDocument/publishDiagnostics",
            "-> workspace/diagnostic 2",
            "<- exit",
            "<- initialize 1",
            "<- not a message",
            "<- shutdown 3",
            "<- textDocument/didOpen",
            "<- workspace/diagnostic 2",
        ]
    );
    let failed = folder.output("lsp --log no/such/folder.log", b"");
    assert_eq!(failed.status.code(), Some(2));
}

#[test]
fn the_program_ends_when_its_client_is_gone() {
    let folder = Folder::new(&[("mcppol.toml", "no = 1\n")]);
    let gone = (Some(2), "error: the client went away without a goodbye\n".to_owned());
    // settings that cannot be read do not keep it from starting
    let mut program = Program::new(&folder, "lsp");
    program.ask("initialize", json!({}));
    assert_eq!(program.end(), gone);
    // nobody reads any more, and standard input stays open
    let mut program = Program::new(&folder, "lsp");
    program.ask("initialize", json!({}));
    drop(program.stdout);
    let message = Message::from(Request::new(2.into(), "no/such".to_owned(), Value::Null));
    while message.write(&mut program.stdin).is_ok() {}
    let output = program.child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), gone);
}
