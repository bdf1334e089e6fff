//! What is shown, over the protocol: places, capabilities and commands as a client has them.

use std::thread;

use lsp_server::{Connection, Message, Notification, Request};
use mcppol::lsp::serve;
use serde_json::{Value, json};

use crate::lsp::{Disk, Memory};

const ADDRESS: &str = "file:///a.mcp";

/// The answers to requests about a text, the one about `initialize` first.
fn answers(text: &str, capabilities: &Value, requests: &[(&str, Value)]) -> Vec<Value> {
    let (server, client) = Connection::memory();
    let served = thread::spawn(move || serve(&server, &mut Memory::new(Disk::new(&[]))));
    let document = json!({ "uri": ADDRESS, "languageId": "mcppol", "version": 1, "text": text });
    let first = ("initialize", json!({ "capabilities": capabilities }));
    let last = ("shutdown", Value::Null);
    let mut out = Vec::new();
    for (id, (method, params)) in [&first].into_iter().chain(requests).chain([&last]).enumerate() {
        let request = Request::new(i32::try_from(id).unwrap().into(), (*method).to_owned(), params);
        client.sender.send(request.into()).unwrap();
        let response = loop {
            if let Message::Response(response) = client.receiver.recv().unwrap() {
                break response;
            }
        };
        out.push(serde_json::to_value(response).unwrap());
        if id == 0 {
            for (method, params) in
                [("initialized", json!({})), ("textDocument/didOpen", json!({ "textDocument": document }))]
            {
                client.sender.send(Notification::new(method.to_owned(), params).into()).unwrap();
            }
        }
    }
    client.sender.send(Notification::new("exit".to_owned(), Value::Null).into()).unwrap();
    served.join().unwrap().unwrap();
    out
}

const TEXT: &str = "// é🎈\npolicy p for trakt { default deny allow @critical deny \"🎈\", clear_auth }\n\ntest \"t\" for p { call clear_auth -> deny }\n";

#[test]
fn a_conversation() {
    let document = json!({ "uri": ADDRESS });
    let at = |line: u32, character: u32| json!({ "textDocument": document, "position": { "line": line, "character": character } });
    let all = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let requests = [
        ("textDocument/hover", at(1, 66)),
        ("textDocument/hover", at(0, 3)),
        ("textDocument/inlayHint", json!({ "textDocument": document, "range": all })),
        ("textDocument/codeLens", json!({ "textDocument": document })),
    ];
    let answers = answers(TEXT, &json!({}), &requests);
    let range = |start: u32, end: u32| json!({ "start": { "line": 1, "character": start }, "end": { "line": 1, "character": end } });
    assert_eq!(answers[1]["result"]["range"], range(61, 71), "columns are those of UTF-16");
    assert_eq!(answers[2]["result"], Value::Null);
    let hints: Vec<&Value> = answers[3]["result"].as_array().unwrap().iter().map(|hint| &hint["label"]).collect();
    assert_eq!(hints, ["→ 72 tools", "→ 5 critical tools"]);
    let lenses: Vec<&Value> =
        answers[4]["result"].as_array().unwrap().iter().map(|lens| &lens["command"]["title"]).collect();
    assert_eq!(lenses, [&json!("78 tools: 4 allowed, 74 denied"), &json!("show compiled JSON"), &Value::Null]);
}

#[test]
fn a_new_name_says_which_version_it_is_for() {
    let place = json!({ "line": 1, "character": 7 });
    let rename = json!({ "textDocument": { "uri": ADDRESS }, "position": place, "newName": "q" });
    let newest = json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } });
    let edits = |capabilities: &Value| {
        let answer = answers(TEXT, capabilities, &[("textDocument/rename", rename.clone())]).swap_remove(1);
        answer["result"].clone()
    };
    let (old, new) = (edits(&json!({})), edits(&newest));
    assert_eq!(old["changes"][ADDRESS].as_array().unwrap().len(), 2);
    let document = json!({ "uri": ADDRESS, "version": 1 });
    let change = json!({ "textDocument": document, "edits": old["changes"][ADDRESS] });
    assert_eq!(new, json!({ "documentChanges": [change] }));
}

#[test]
fn a_lens_is_completed_when_it_is_shown() {
    let lens = json!({ "range": { "start": { "line": 3, "character": 5 }, "end": { "line": 3, "character": 8 } }, "data": { "uri": ADDRESS, "test": "t" } });
    let answers = answers(TEXT, &json!({}), &[("codeLens/resolve", lens)]);
    let command = json!({ "title": "✓ passes: 1 call", "command": "mcppol.runTest", "arguments": [ADDRESS, "t"] });
    assert_eq!(answers[1]["result"]["command"], command);
}

#[test]
fn commands_answer_with_values() {
    let command =
        |name: &str, arguments: Value| ("workspace/executeCommand", json!({ "command": name, "arguments": arguments }));
    let requests = [
        command("mcppol.showCompiled", json!([ADDRESS, "p"])),
        command("mcppol.runTest", json!([ADDRESS])),
        command("mcppol.decision", json!([ADDRESS, "p", "clear_auth", {}])),
        command("mcppol.explainTool", json!([ADDRESS, "p", "clear_auth"])),
        command("mcppol.decision", json!([ADDRESS, "p"])),
        command("mcppol.decision", json!([ADDRESS, "p", "clear_auth", [1]])),
        command("mcppol.runTest", json!(["file:///b.mcp"])),
        command("mcppol.runTest", json!([])),
        command("rm", json!([ADDRESS])),
    ];
    let answers = answers(TEXT, &json!({}), &requests);
    let offered = &answers[0]["result"]["capabilities"]["executeCommandProvider"]["commands"];
    assert!(offered.as_array().unwrap().contains(&json!("mcppol.decision")), "{offered}");
    assert_eq!(answers[1]["result"]["target"], "policylayer");
    assert_eq!(answers[2]["result"][0]["passed"], true);
    assert_eq!(answers[3]["result"]["call"]["decision"], "deny");
    assert_eq!(answers[4]["result"]["tool"], "clear_auth");
    let refused: Vec<&Value> = answers[5..10].iter().map(|answer| &answer["error"]["message"]).collect();
    let refused = refused.iter().filter_map(|message| message.as_str()).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(refused, @r"
    `mcppol.decision` wants the address of a document and 2 texts
    the arguments of a call are an object, and these are `[1]`
    `file:///b.mcp` is no policy that is open
    `mcppol.runTest` wants the address of a document
    no command is named `rm`
    ");
}

#[test]
fn servers_are_documents_of_their_own_where_the_client_opens_such() {
    let page = (
        "workspace/executeCommand",
        json!({ "command": "mcppol.catalogPage", "arguments": [ADDRESS, "trakt", "clear_auth"] }),
    );
    let content = |uri: &str| ("workspace/textDocumentContent", json!({ "uri": uri }));
    let requests = [
        page,
        content("mcppol-catalog:/trakt.md"),
        content("mcppol-catalog:/nobody.md"),
        content("file:///etc/passwd"),
    ];
    let able = answers(TEXT, &json!({ "workspace": { "textDocumentContent": {} } }), &requests);
    assert_eq!(
        able[0]["result"]["capabilities"]["workspace"]["textDocumentContent"]["schemes"],
        json!(["mcppol-catalog"])
    );
    assert_eq!(able[1]["result"]["uri"], "mcppol-catalog:/trakt.md");
    let line = usize::try_from(able[1]["result"]["range"]["start"]["line"].as_u64().unwrap()).unwrap();
    let text = able[2]["result"]["text"].as_str().unwrap();
    assert_eq!(text.lines().nth(line), Some("## `clear_auth`"));
    assert_eq!((&able[3]["result"], &able[4]["result"]), (&Value::Null, &Value::Null));
    let plain = answers(TEXT, &json!({}), &requests[..1]);
    assert_eq!(plain[1]["result"]["uri"], "file:///kept/trakt.md");
    assert_eq!(plain[1]["result"]["range"], able[1]["result"]["range"]);
}
