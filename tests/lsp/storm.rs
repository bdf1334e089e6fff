//! Any messages in any order: every request is answered once, the server's text is the client's, and nothing falls.

use lsp_server::Message;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Client, Disk, uri};

/// Values that stand where the protocol wants others.
fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!([])),
        Just(json!({ "textDocument": { "uri": "" } })),
        Just(json!({ "id": "x", "textDocument": 1, "position": { "line": -1 } })),
        Just(json!("x")),
    ]
}

fn place() -> impl Strategy<Value = Value> {
    let number = || prop_oneof![0u32..6, Just(u32::MAX)];
    (number(), number()).prop_map(|(line, character)| json!({ "line": line, "character": character }))
}

fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "policy p for trakt {\n",
        "default deny\r\n",
        "allow @read, ",
        "get_history\n",
        "}\n",
        "🎈é",
        "\r",
        "{ ",
        "\"",
        "import \"b.mcp\"\n",
        "set s = get_history\n",
        "test \"t\" for p {\n",
        "require args.x == 1",
        "/// x\n",
        "",
    ]);
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

/// A request or a notification: its name and parameters, and whether it is to be answered.
fn message() -> impl Strategy<Value = (bool, String, Value)> {
    let name = || prop::sample::select(vec!["/a.mcp", "/b.mcp", "/policy.json", "/🎈 .mcp"]).prop_map(uri);
    let requests = || {
        prop::sample::select(vec![
            "textDocument/formatting",
            "textDocument/diagnostic",
            "workspace/diagnostic",
            "textDocument/hover",
            "textDocument/completion",
            "textDocument/definition",
            "textDocument/codeAction",
            "textDocument/rename",
            "textDocument/documentSymbol",
            "textDocument/semanticTokens/full",
            "textDocument/inlayHint",
            "textDocument/references",
            "no/such",
            "initialize",
        ])
    };
    let params = (name(), place(), place()).prop_map(|(uri, start, end)| {
        json!({
            "textDocument": { "uri": uri }, "position": start, "range": { "start": start, "end": end },
            "context": { "diagnostics": [], "includeDeclaration": true }, "newName": "x",
            "options": { "tabSize": 2, "insertSpaces": true },
        })
    });
    let request = (requests(), prop_oneof![4 => params.boxed(), 1 => odd().boxed()]);
    let open = (name(), text()).prop_map(|(uri, text)| {
        let item = json!({ "uri": uri, "languageId": "", "version": 1, "text": text });
        ("textDocument/didOpen", json!({ "textDocument": item }))
    });
    let edit = (place(), place(), text(), any::<bool>()).prop_map(|(start, end, text, whole)| match whole {
        true => json!({ "text": text }),
        false => json!({ "range": { "start": start, "end": end }, "text": text }),
    });
    let change = (name(), prop::collection::vec(edit, 0..4), any::<i32>()).prop_map(|(uri, edits, version)| {
        let document = json!({ "uri": uri, "version": version });
        ("textDocument/didChange", json!({ "textDocument": document, "contentChanges": edits }))
    });
    let close = name().prop_map(|uri| ("textDocument/didClose", json!({ "textDocument": { "uri": uri } })));
    let files =
        name().prop_map(|uri| ("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] })));
    let cancel = (0i32..40).prop_map(|id| ("$/cancelRequest", json!({ "id": id })));
    let notices = prop::sample::select(vec![
        "textDocument/didOpen",
        "textDocument/didChange",
        "textDocument/didClose",
        "textDocument/didSave",
        "workspace/didChangeConfiguration",
        "workspace/didChangeWorkspaceFolders",
        "initialized",
        "$/x",
    ]);
    let notice = prop_oneof![
        4 => open.boxed(),
        6 => change.boxed(),
        1 => close.boxed(),
        1 => files.boxed(),
        2 => cancel.boxed(),
        1 => (notices, odd()).boxed(),
    ];
    prop_oneof![
        2 => request.prop_map(|(method, params)| (true, method.to_owned(), params)),
        3 => notice.prop_map(|(method, params)| (false, method.to_owned(), params)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_is_answered_once(
        messages in prop::collection::vec(message(), 0..40),
        pulls in any::<bool>(),
        at_once in any::<bool>(),
    ) {
        let disk = Disk::new(&[("/b.mcp", "set s = get_history\n"), ("/c.mcp", "import \"b.mcp\"")]);
        let mut client = if at_once { Client::asleep(&disk) } else { Client::silent(&disk) };
        let diagnostic = if pulls { json!({ "relatedDocumentSupport": true }) } else { Value::Null };
        let first = json!({ "capabilities": { "textDocument": { "diagnostic": diagnostic } }, "rootUri": "file:///" });
        let mut wanted = vec![client.begin("initialize", first)];
        for (answered, method, params) in messages {
            if answered {
                wanted.push(client.begin(&method, params));
            } else {
                client.say(&method, params);
            }
        }
        wanted.push(client.begin("shutdown", Value::Null));
        client.say("exit", Value::Null);
        if at_once {
            client.wake();
        }
        let mut answered = Vec::new();
        while let Ok(message) = client.connection.receiver.recv() {
            match message {
                Message::Response(response) => answered.push(response.id),
                Message::Notification(it) if it.method == "textDocument/publishDiagnostics" => prop_assert!(!pulls),
                _ => {}
            }
        }
        answered.sort();
        wanted.sort();
        prop_assert_eq!(answered, wanted);
        prop_assert_eq!(client.die(), Ok(()));
    }
}

/// What the formatter would write says what the server's text is: it replaces all of it.
#[test]
fn two_thousand_edits() {
    let mut client = Client::new(&Disk::new(&[]), json!({}));
    let mut text = "policy p for trakt {\n  default deny\n}\n".to_owned();
    client.open("/a.mcp", &text);
    let document = json!({ "uri": uri("/a.mcp"), "version": 2 });
    for turn in 0..2000 {
        let (line, word) = (1, if turn % 2 == 0 { "  allow fetch_history\n" } else { "  // 🎈\n" });
        let at: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        text.insert_str(at, word);
        let place = json!({ "line": line, "character": 0 });
        let edit = json!({ "range": { "start": place, "end": place }, "text": word });
        client.say("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [edit] }));
        if turn % 4 == 3 {
            // never more than a few lines: what was put in is taken out again
            let end = json!({ "line": 5, "character": 0 });
            let edit = json!({ "range": { "start": { "line": 1, "character": 0 }, "end": end }, "text": "" });
            let kept: usize = text.split_inclusive('\n').skip(1).take(4).map(str::len).sum();
            text.replace_range(21..21 + kept, "");
            client.say("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [edit] }));
        }
    }
    let params = json!({ "textDocument": { "uri": uri("/a.mcp") }, "options": { "tabSize": 2, "insertSpaces": true } });
    assert_eq!(client.ask("textDocument/formatting", params), Ok(json!([])), "{text}");
    assert_eq!(text, "policy p for trakt {\n  default deny\n}\n");
    assert_eq!(client.bye(), Ok(()));
}
