//! `mcppol catalog pull` against `data/stub_server.py`, which behaves well or badly as a scenario says. After every
//! scenario no process of ours is left. The file is long because each scenario stands beside what is said of it.
#![cfg(all(feature = "cli", unix))]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use insta::assert_snapshot;

const STUB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/stub_server.py");

/// What the server said goes to standard output, unless it goes elsewhere.
fn raw(options: &[&str]) -> &'static [&'static str] {
    if options.contains(&"--raw") { &[] } else { &["--raw", "-"] }
}

/// A pull from a stub, in a folder of its own.
struct Pull {
    folder: tempfile::TempDir,
    command: Command,
    /// The stub, where it is not started by us.
    server: Option<Child>,
    started: Instant,
}

impl Drop for Pull {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }
}

impl Pull {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_mcppol"));
        command.args(["catalog", "pull", "shop"]).current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { folder, command, server: None, started: Instant::now() }
    }

    /// From a stub that is started.
    fn stdio(options: &[&str], scenario: &str) -> Self {
        let mut pull = Self::new();
        pull.command.args(raw(options)).args(options).args(["--", "python3", STUB, scenario, "pids"]);
        pull
    }

    /// From a stub that listens.
    fn http(options: &[&str], scenario: &str) -> Self {
        let mut pull = Self::new();
        let mut server = Command::new("python3")
            .args([STUB, "http", scenario])
            .current_dir(pull.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
        pull.server = Some(server);
        pull.command.args(["--url", &format!("http://127.0.0.1:{}/mcp?key=s3cret", port.trim())]);
        pull.command.args(raw(options)).args(options);
        pull.started = Instant::now();
        pull
    }

    fn output(&mut self) -> Output {
        let output = self.command.output().unwrap();
        assert!(self.started.elapsed() < Duration::from_secs(10), "it takes {:?}", self.started.elapsed());
        for id in self.processes() {
            assert!(gone(&id), "the process {id} is left");
        }
        output
    }

    /// How it ends and what it says of it.
    fn says(&mut self) -> String {
        let output = self.output();
        let said = std::str::from_utf8(&output.stderr).unwrap().replace(STUB, "STUB");
        // the first line says what is started
        let said = said.split_once('\n').unwrap().1;
        format!("exit {}\n{said}", output.status.code().unwrap())
    }

    /// The answer of a pull that went well.
    fn answer(&mut self) -> serde_json::Value {
        let output = self.output();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The revision and the names of the tools.
    fn tools(&mut self) -> String {
        let answer = self.answer();
        assert_eq!(answer["server"]["name"], "stub");
        let names = answer["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap());
        format!("{} {}", answer["protocolVersion"].as_str().unwrap(), names.collect::<Vec<_>>().join(" "))
    }

    /// The stub and what it started, as far as they are known by now.
    fn processes(&self) -> Vec<String> {
        let ids = fs::read_to_string(self.folder.path().join("pids")).unwrap_or_default();
        ids.split_whitespace().map(str::to_owned).collect()
    }
}

/// Whether a process has ended; one that nobody has buried yet has.
fn gone(id: &str) -> bool {
    let state = if Path::new("/proc/self/stat").exists() {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().unwrap().to_owned()
    } else {
        String::from_utf8(Command::new("ps").args(["-o", "stat=", "-p", id]).output().unwrap().stdout).unwrap()
    };
    state.is_empty() || state.starts_with(['Z', 'X'])
}

fn failure(scenario: &str) -> String {
    Pull::stdio(&[], scenario).says()
}

// ---------------------------------------------------------------- standard input and output

#[test]
fn servers_that_behave() {
    let tools = |scenario: &str| Pull::stdio(&[], scenario).tools();
    assert_eq!(tools("ok"), "2025-11-25 list_things make_thing");
    assert_eq!(tools("paged"), "2025-11-25 page_0 page_1 page_2");
    assert_eq!(tools("batch"), "2025-11-25 list_things make_thing");
    assert_eq!(tools("banner"), "2025-11-25 list_things make_thing");
    for version in ["2024-11-05", "2025-03-26", "2025-06-18"] {
        assert_eq!(tools(&format!("version:{version}")), format!("{version} list_things make_thing"));
        let mut offered = Pull::stdio(&["--protocol", version], "ok");
        assert_eq!(offered.tools(), format!("{version} list_things make_thing"));
    }
    assert_eq!(tools("only-old"), "2024-11-05 list_things make_thing");
    assert_eq!(tools("stateless"), "2026-07-28 list_things make_thing");
    assert_eq!(tools("stateless-supported"), "2026-07-28 list_things make_thing");
    assert_eq!(Pull::stdio(&["--protocol", "2026-07-28"], "stateless").tools(), "2026-07-28 list_things make_thing");
}

#[test]
fn the_whole_answer_and_what_is_started() {
    let mut pull = Pull::stdio(&["--env", "STUB_KEY=s3cret-key", "--raw", "out.json"], "ok");
    let output = pull.output();
    assert_eq!(
        std::str::from_utf8(&output.stderr).unwrap().replace(STUB, "STUB"),
        "shop: starting python3 STUB ok pids with STUB_KEY set\n"
    );
    assert_eq!(output.stdout, b"");
    assert_snapshot!(fs::read_to_string(pull.folder.path().join("out.json")).unwrap(), @r#"
    {
      "server": {
        "name": "stub",
        "version": "1.0"
      },
      "protocolVersion": "2025-11-25",
      "capabilities": {
        "tools": {}
      },
      "tools": [
        {
          "name": "list_things",
          "description": "does something",
          "inputSchema": {
            "type": "object",
            "properties": {}
          }
        },
        {
          "name": "make_thing",
          "description": "does something",
          "inputSchema": {
            "type": "object",
            "properties": {}
          }
        }
      ]
    }
    "#);
}

#[test]
fn the_environment_of_a_server() {
    let names = |options: &[&str]| {
        let mut pull = Pull::stdio(options, "environment");
        pull.command.env("OF_OURS", "1");
        pull.tools()
    };
    let all = names(&["--env", "OF_THEIRS=1"]);
    assert!(all.contains(" OF_OURS ") && all.contains(" OF_THEIRS ") && all.contains(" PATH "), "{all}");
    let few = names(&["--env", "OF_THEIRS=1", "--clear-env", "--cwd", "/"]);
    assert!(!few.contains(" OF_OURS ") && few.contains(" OF_THEIRS ") && few.contains(" PATH "), "{few}");
    assert!(few.ends_with(" /"), "{few}");
}

#[test]
fn questions_and_strange_answers() {
    let said = Pull::stdio(&[], "asks").answer()["tools"][0]["description"].as_str().unwrap().to_owned();
    assert_snapshot!(said, @r#"[{"jsonrpc": "2.0", "id": "ours", "result": {}}, {"jsonrpc": "2.0", "id": "ours", "result": {"roots": []}}, {"jsonrpc": "2.0", "id": "ours", "error": {"code": -32601, "message": "method not found"}}]"#);
    assert_eq!(failure("out-of-order"), "exit 0\nnote: 4 messages of the server belonged to no question\n");
    assert_eq!(failure("toolless"), "exit 0\nnote: the server has no tools: it does not know `tools/list`\n");
}

#[test]
fn servers_that_cannot_be_started() {
    let says = |options: &[&str]| {
        let mut pull = Pull::new();
        pull.command.args(options);
        let output = pull.output();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert_snapshot!(says(&["--", "no such program", "it's"]), @r"
    shop: starting 'no such program' 'it'\''s'
    error: `no such program` cannot be started: there is no such program
      help: is it installed, and on the `PATH`?
    ");
    assert_snapshot!(says(&["--cwd", "nowhere", "--", "true"]), @"
    shop: starting true in nowhere
    error: the server cannot be started in `nowhere`: it is no folder
    ");
    assert_snapshot!(says(&["--env", "s3cret", "--", "true"]), @"
    error: a value of `--env` has no `=` after a name
      help: write `--env 'NAME=VALUE'`
    ");
    assert_snapshot!(says(&[]), @"
    error: no server is named
      help: name the command that starts it, after `--`, or its address with `--url`
    ");
}

#[test]
fn servers_that_refuse_or_die() {
    let says = |scenario: &str| Pull::stdio(&["--env", "STUB_KEY=s3cret-key"], scenario).says();
    assert_snapshot!(says("refuses"), @"
    exit 2
    error: the server refused `initialize`: `the key '…' is wrong` (code -32000)
    ");
    assert_snapshot!(says("dies"), @"
    exit 2
    error: the server ended before it answered `initialize`: it ended with status 3; it wrote `Error: STUB_KEY is '…', and that is wrong`
      help: run the server by itself to see what it misses; `--env NAME=VALUE` gives it a variable
    ");
    assert_snapshot!(says("dies-midway"), @"
    exit 2
    error: the server ended before it answered `tools/list`: it was ended by signal 9; it wrote `TypeError: cannot read tools`
      help: run the server by itself to see what it misses; `--env NAME=VALUE` gives it a variable
    ");
    assert_snapshot!(says("only-banner"), @"
    exit 2
    error: the server ended before it answered `initialize`: it ended with status 0; its output has `Usage: stub [options]`, which is no message
      help: run the server by itself to see what it misses; `--env NAME=VALUE` gives it a variable
    ");
    assert_snapshot!(says("closes-output"), @"
    exit 2
    error: the server ended before it answered `initialize`: it closed its output
      help: run the server by itself to see what it misses; `--env NAME=VALUE` gives it a variable
    ");
    assert_snapshot!(says("version:1999-01-01"), @"
    exit 2
    error: the server speaks the protocol `1999-01-01`, which is not known here
      help: known are 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25 and 2026-07-28: offer one with `--protocol`
    ");
    assert_snapshot!(says("no-list"), @"
    exit 2
    error: the server refused `tools/list`: `method not found` (code -32601)
    ");
}

#[test]
fn servers_without_end() {
    assert_snapshot!(failure("endless-line"), @"
    exit 2
    error: the server sent a message longer than 16777216 bytes
      help: is it an MCP server, and does it write its log to standard error?
    ");
    assert_snapshot!(failure("endless-noise"), @"
    exit 2
    error: the server sent more than 33554432 bytes
      help: is it an MCP server, and does it write its log to standard error?
    ");
    assert_snapshot!(failure("huge"), @"
    exit 2
    error: the server sent a message longer than 16777216 bytes
      help: is it an MCP server, and does it write its log to standard error?
    ");
    assert_snapshot!(failure("endless-pages"), @"
    exit 2
    error: the server has more than 1000 pages of tools
    ");
    assert_snapshot!(failure("same-cursor"), @"
    exit 2
    error: the server gave the cursor `again` twice: its pages have no end
    ");
    assert_snapshot!(failure("asks-without-end"), @"
    exit 2
    error: the server asked more than 1000 questions instead of answering
    ");
    assert_snapshot!(failure("deaf"), @"
    exit 2
    error: the server does not read what it is sent
      help: is it an MCP server, and does it write its log to standard error?
    ");
}

#[test]
fn messages_that_cannot_be_read() {
    assert_snapshot!(failure("deep"), @"
    exit 2
    error: the server sent a message that cannot be read: it is nested too deep
      help: is it an MCP server, and does it write its log to standard error?
    ");
    assert_snapshot!(failure("not-utf8"), @"
    exit 2
    error: the server sent a message that cannot be read: it is not UTF-8 text: the byte at offset 52 belongs to no character
      help: is it an MCP server, and does it write its log to standard error?
    ");
}

#[test]
fn servers_that_never_answer() {
    let says = |scenario: &str| Pull::stdio(&["--timeout", "0.6"], scenario).says();
    assert_snapshot!(says("silent"), @"
    exit 2
    error: no answer to `initialize` within 0.6 s: it wrote `waiting for the moon`
      help: `--timeout SECONDS` waits longer
    ");
    assert_snapshot!(says("wrong-ids"), @"
    exit 2
    error: no answer to `initialize` within 0.6 s
      help: `--timeout SECONDS` waits longer
    ");
}

#[test]
fn servers_that_do_not_want_to_go() {
    assert_eq!(Pull::stdio(&[], "stubborn").tools(), "2025-11-25 list_things make_thing");
    assert_eq!(Pull::stdio(&[], "leaves-a-child").tools(), "2025-11-25 list_things make_thing");
    assert!(Pull::stdio(&["--timeout", "0.6"], "stubborn-silent").says().contains("no answer to `initialize`"));
}

#[test]
fn a_daemon_that_keeps_the_pipes_holds_nobody() {
    let mut pull = Pull::stdio(&[], "daemon");
    let output = pull.command.output().unwrap();
    assert!(output.status.success() && pull.started.elapsed() < Duration::from_secs(5));
    let ids = pull.processes();
    assert!(gone(&ids[0]), "the server is left");
    // it left the group, and is out of our reach
    Command::new("kill").args(["-9", &ids[1]]).status().unwrap();
}

#[test]
fn signals_end_the_server_and_then_us() {
    use std::os::unix::process::ExitStatusExt as _;
    let signals = [("TERM", 15), ("INT", 2), ("HUP", 1)];
    let mut started: Vec<(Pull, Child)> = Vec::new();
    for _ in signals {
        let mut pull = Pull::stdio(&[], "stubborn-silent");
        let child = pull.command.spawn().unwrap();
        started.push((pull, child));
    }
    for ((pull, child), (signal, _)) in started.iter().zip(signals) {
        while pull.processes().len() < 2 {
            assert!(pull.started.elapsed() < Duration::from_secs(10), "the stub does not start");
            sleep(Duration::from_millis(5));
        }
        Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
    }
    for ((pull, child), (signal, number)) in started.into_iter().zip(signals) {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.signal(), Some(number), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(pull.processes().iter().all(|id| gone(id)), "after {signal} a process is left");
    }
}

// ---------------------------------------------------------------- HTTP

#[test]
fn http_servers_that_behave() {
    let pages = "2025-11-25 page_0 page_1 page_2";
    let tools = |scenario: &str| Pull::http(&[], scenario).tools();
    assert_eq!(tools("ok"), pages);
    assert_eq!(tools("sse"), pages);
    assert_eq!(tools("sse-asks"), pages);
    assert_eq!(tools("redirect-here"), pages);
    assert_eq!(tools("stateless-http"), "2026-07-28 list_things make_thing");
    let mut session = Pull::http(&[], "session");
    assert_eq!(session.tools(), pages);
    assert_eq!(fs::read_to_string(session.folder.path().join("deleted")).unwrap(), "s-1");
    let mut old = Pull::http(&["--raw", "out.json"], "old-sse");
    assert_eq!(
        old.says(),
        "exit 0\nnote: the server speaks the transport of 2024-11-05, HTTP with one stream of events\n"
    );
}

#[test]
fn http_servers_that_want_a_token() {
    let header = "Authorization: Bearer open-sesame";
    assert!(Pull::http(&["--header", header], "token").output().status.success());
    let mut from_variable = Pull::http(&["--header-env", "Authorization=TOKEN"], "token");
    assert!(from_variable.command.env("TOKEN", "Bearer open-sesame").output().unwrap().status.success());
    assert_snapshot!(Pull::http(&["--header", "Authorization: Bearer wrong"], "token").says(), @r#"
    exit 2
    error: the server wants to know who asks (HTTP 401): `{"error":"no token"}`
      help: send a token: `--header "Authorization: Bearer …"`, or from a variable: `--header-env Authorization=NAME`
    "#);
    let output = Pull::http(&["--header", "Host: s3cret"], "ok").output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("error: the header `Host` cannot be sent: mcppol sets it itself\n"), "{said}");
    // neither the query of the address nor a value is shown
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn http_servers_that_refuse() {
    let says = |scenario: &str| {
        let said = Pull::http(&[], scenario).says();
        let (before, rest) = said.split_once("http://127.0.0.1:").unwrap_or((&said, ""));
        format!("{before}{}", rest.trim_start_matches(|c: char| c.is_ascii_digit()))
    };
    assert_snapshot!(says("status:403"), @r#"
    exit 2
    error: the server does not let you ask (HTTP 403): `go away`
      help: send a token: `--header "Authorization: Bearer …"`, or from a variable: `--header-env Authorization=NAME`
    "#);
    assert_snapshot!(says("status:404"), @"
    exit 2
    error: there is no MCP server at this address (HTTP 404): `go away`
      help: is it the address of the MCP endpoint? many end with `/mcp` or `/sse`
    ");
    assert_snapshot!(says("status:405"), @"
    exit 2
    error: the address takes no messages (HTTP 405): `go away`
      help: is it the address of the MCP endpoint? many end with `/mcp` or `/sse`
    ");
    assert_snapshot!(says("status:503"), @"
    exit 2
    error: the server failed (HTTP 503): `go away`
    ");
    assert_snapshot!(says("redirect"), @"
    exit 2
    error: the server sends to another place: `http://elsewhere.invalid/mcp`
      help: if you trust that place, name it with `--url`
    ");
    assert_snapshot!(says("redirect-301"), @"
    exit 2
    error: the server sends to another place: `/other`
      help: if you trust that place, name it with `--url`
    ");
    assert_snapshot!(says("redirect-loop"), @"
    exit 2
    error: the server sends from place to place, last to `/mcp`
    ");
    assert_snapshot!(says("html"), @"
    exit 2
    error: the address answers with `text/html`, and not as an MCP server
      help: is it the address of the MCP endpoint? many end with `/mcp` or `/sse`
    ");
    assert_snapshot!(says("not-json"), @"
    exit 2
    error: the server sent a message that cannot be read: it is not JSON: key must be a string at line 1 column 2, in `{hello`
      help: is it an MCP server, and does it write its log to standard error?
    ");
    assert_snapshot!(says("empty"), @"
    exit 2
    error: the response to `initialize` ended without an answer
    ");
    assert_snapshot!(says("sse-cut"), @"
    exit 2
    error: the response to `initialize` ended without an answer
    ");
}

#[test]
fn http_servers_without_end() {
    assert!(Pull::http(&[], "endless-sse").says().contains("the server sent more than 33554432 bytes"));
    assert!(Pull::http(&[], "huge").says().contains("the server sent a message longer than 16777216 bytes"));
    let mut slow = Pull::http(&["--timeout", "0.6"], "slow");
    assert!(slow.says().contains("no answer to `initialize` within 0.6 s"));
}

#[test]
fn nobody_listens() {
    // a port that was free a moment ago
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut pull = Pull::new();
    pull.command.args(["--url", &format!("http://127.0.0.1:{port}/mcp")]);
    pull.command.env("ALL_PROXY", "http://proxy.invalid");
    assert_snapshot!(pull.says(), @"
    exit 2
    error: `127.0.0.1` cannot be reached: nobody listens there
      help: is the server running, and is the port right?
    ");
}
