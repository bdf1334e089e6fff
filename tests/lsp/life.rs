//! From the first word to the last: what may be said when, and what is answered to what makes no sense.

use lsp_server::Message;
use mcppol::text::{Edit, FileId, Span, apply};
use serde_json::{Value, json};

use super::{Client, Disk, uri};

const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;
const INVALID_REQUEST: i32 = -32600;
const NOT_INITIALIZED: i32 = -32002;
const CANCELLED: i32 = -32800;
const SERVER_CANCELLED: i32 = -32802;

#[test]
fn a_conversation_has_a_beginning_and_an_end() {
    let mut client = Client::silent(&Disk::new(&[]));
    assert_eq!(client.ask("textDocument/formatting", json!({})), Err(NOT_INITIALIZED));
    assert_eq!(client.ask("shutdown", Value::Null), Err(NOT_INITIALIZED));
    client.open("/a.mcp", "policy");
    client.greet(json!({}));
    assert_eq!(client.offers["serverInfo"]["name"], "mcppol");
    assert_eq!(client.offers["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(client.offers["capabilities"]["diagnosticProvider"], Value::Null);
    assert_eq!(client.ask("initialize", json!({})), Err(INVALID_REQUEST));
    assert_eq!(client.ask("textDocument/nothing", json!({})), Err(METHOD_NOT_FOUND));
    assert_eq!(client.ask("$/nothing", json!({})), Err(METHOD_NOT_FOUND));
    let formatting =
        json!({ "textDocument": { "uri": uri("/a.mcp") }, "options": { "tabSize": 2, "insertSpaces": true } });
    assert_eq!(client.ask("textDocument/formatting", formatting), Ok(Value::Null), "opened before it began: not heard");
    assert_eq!(client.ask("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(client.ask("shutdown", Value::Null), Err(INVALID_REQUEST));
    assert_eq!(client.ask("textDocument/formatting", json!({})), Err(INVALID_REQUEST));
    client.say("exit", Value::Null);
    assert_eq!(client.die(), Ok(()));
}

#[test]
fn odd_beginnings() {
    let odd = [
        Value::Null,
        json!([]),
        json!({ "capabilities": null, "workspaceFolders": [{}, 1, { "uri": "no address" }], "rootUri": 1 }),
        json!({ "capabilities": { "general": { "positionEncodings": "utf-8" }, "textDocument": [], "window": 3 } }),
        json!({ "initializationOptions": [1], "processId": "x", "trace": 0 }),
    ];
    for params in odd {
        let mut client = Client::silent(&Disk::new(&[]));
        client.greet(params);
        assert_eq!(client.offers["capabilities"]["positionEncoding"], "utf-16");
        client.rest();
        assert_eq!(client.bye(), Ok(()));
    }
    let mut client = Client::silent(&Disk::new(&[]));
    let encodings = json!(["utf-32", "utf-16", "utf-8"]);
    client
        .greet(json!({ "capabilities": { "general": { "positionEncodings": encodings }, "new": { "thing": true } } }));
    assert_eq!(client.offers["capabilities"]["positionEncoding"], "utf-8");
}

#[test]
fn endings_without_a_goodbye() {
    let gone = Err("the client went away without a goodbye".to_owned());
    assert_eq!(Client::silent(&Disk::new(&[])).die(), gone);
    assert_eq!(Client::new(&Disk::new(&[]), json!({})).die(), gone);
    for client in [Client::silent(&Disk::new(&[])), Client::new(&Disk::new(&[]), json!({}))] {
        client.say("exit", Value::Null);
        assert_eq!(client.die(), gone);
    }
    let mut client = Client::new(&Disk::new(&[]), json!({}));
    client.ask("shutdown", Value::Null).unwrap();
    assert_eq!(client.die(), Ok(()), "it had said goodbye");
}

#[test]
fn what_makes_no_sense_changes_nothing() {
    let mut client = Client::new(&Disk::new(&[]), json!({}));
    for params in [Value::Null, json!(7), json!({ "textDocument": null }), json!({ "textDocument": { "uri": 1 } })] {
        for method in ["didOpen", "didChange", "didClose", "didSave"] {
            client.say(&format!("textDocument/{method}"), params.clone());
        }
        for method in ["didChangeWatchedFiles", "didChangeConfiguration", "didChangeWorkspaceFolders"] {
            client.say(&format!("workspace/{method}"), params.clone());
        }
        client.say("$/cancelRequest", params.clone());
        client.say("$/setTrace", params.clone());
        client.say("no/such", params.clone());
        assert_eq!(client.ask("textDocument/formatting", params.clone()), Err(INVALID_PARAMS));
        assert_eq!(client.ask("textDocument/diagnostic", params), Err(INVALID_PARAMS));
    }
    client.reply(77, json!(1));
    client.reply("mcppol/1".to_owned(), json!({}));
    client.close("/a.mcp");
    client.change("/a.mcp", 3, "x");
    client.open("/a.mcp", "policy p for plex {default deny}");
    client.open("/a.mcp", "policy q for plex {default deny}");
    client.change("/a.mcp", -4, "policy r for plex {default deny}");
    let document = json!({ "uri": uri("/a.mcp"), "version": null });
    client.say("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [] }));
    let at = |line: u32, character: u32| json!({ "line": line, "character": character });
    let edits = json!([
        { "range": { "start": at(9, 9), "end": at(9, 9) }, "text": " " },
        { "range": { "start": at(0, 8), "end": at(0, 7) }, "text": "s" },
    ]);
    let document = json!({ "uri": uri("/a.mcp"), "version": 5 });
    client.say("textDocument/didChange", json!({ "textDocument": document, "contentChanges": edits }));
    let params = json!({ "textDocument": { "uri": uri("/a.mcp") }, "options": { "tabSize": 2, "insertSpaces": true } });
    let edits = client.ask("textDocument/formatting", params).unwrap();
    let (before, after) = ("policy rs for plex {default deny} ", "policy rs for plex {\n  default deny\n}\n");
    assert_eq!(applied(before, &edits), after);
    client.close("/a.mcp");
    client.close("/a.mcp");
    assert_eq!(client.bye(), Ok(()));
}

/// A line with edits in it.
fn applied(line: &str, edits: &Value) -> String {
    let at = |place: &Value| {
        assert_eq!(place["line"], 0);
        u32::try_from(place["character"].as_u64().unwrap()).unwrap()
    };
    let edit = |it: &Value| Edit {
        span: Span::new(FileId(0), at(&it["range"]["start"]), at(&it["range"]["end"])),
        text: it["newText"].as_str().unwrap().to_owned(),
    };
    apply(line, &edits.as_array().unwrap().iter().map(edit).collect::<Vec<_>>())
}

#[test]
fn what_waits_can_be_taken_back() {
    let mut client = Client::asleep(&Disk::new(&[]));
    let first = client.begin("initialize", json!({}));
    let second = client.begin("textDocument/nothing", json!({}));
    let third = client.begin("workspace/diagnostic", json!({ "workDoneToken": "t" }));
    client.say("$/cancelRequest", json!({ "id": 3 }));
    client.say("$/cancelRequest", json!({ "id": 3 }));
    client.say("$/cancelRequest", json!({ "id": "no such" }));
    client.wake();
    assert!(client.answer(&first).is_ok());
    let mut codes = Vec::new();
    while codes.len() < 2 {
        if let Message::Response(response) = client.connection.receiver.recv().unwrap() {
            codes.push((response.id.clone(), response.response_result.unwrap_err().code));
        }
    }
    codes.sort();
    assert_eq!(codes, [(second, METHOD_NOT_FOUND), (third, CANCELLED)]);
    assert_eq!(client.bye(), Ok(()));
}

#[test]
fn a_question_about_the_workspace_does_not_outlive_the_server() {
    let mut client = Client::asleep(&Disk::new(&[]));
    let ids = ["initialize", "workspace/diagnostic", "shutdown"].map(|method| client.begin(method, json!({})));
    client.say("exit", Value::Null);
    client.wake();
    assert!(client.answer(&ids[0]).is_ok());
    assert_eq!(client.answer(&ids[1]), Err(SERVER_CANCELLED));
    assert_eq!(client.answer(&ids[2]), Ok(Value::Null));
    assert_eq!(client.die(), Ok(()));
}

#[test]
fn a_silent_client_is_not_waited_for() {
    let capabilities = json!({
        "workspace": {
            "configuration": true,
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "didChangeConfiguration": { "dynamicRegistration": true },
        },
        "window": { "workDoneProgress": true },
    });
    let mut client = Client::new(&Disk::new(&[]), capabilities);
    client.open("/a.mcp", &format!("policy p for plex {{ default deny }}\n{}", "// x\n".repeat(300_000)));
    let heard: Vec<String> = client.rest().into_iter().map(|(method, _)| method).collect();
    assert_eq!(
        heard,
        [
            "client/registerCapability",
            "workspace/configuration",
            "window/workDoneProgress/create",
            "$/progress",
            "$/progress",
            "textDocument/publishDiagnostics"
        ]
    );
    assert_eq!(client.bye(), Ok(()));
}
