//! Navigation as an editor asks for it: the real program, in a folder with files that import one another.
#![cfg(all(feature = "cli", unix))]

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

use crate::cli::Folder;

const FLOOR: &str = "set logins = clear_auth\npolicy floor for trakt {\n  default allow\n  hide @logins\n}\n";
const ONE: &str =
    "import \"../floor.mcp\"\npolicy one for trakt {\n  default deny\n  include floor\n  allow @logins\n}\n";

/// The answers to some requests about a file that is open, with the folder's path as `…`.
fn answers(folder: &Folder, open: &str, text: &str, requests: &[(&str, Value)]) -> Vec<Value> {
    let root = folder.path("").canonicalize().unwrap();
    let here = root.display().to_string();
    let root = format!("file://{here}");
    let document = json!({ "uri": format!("{root}{open}"), "languageId": "mcppol", "version": 1, "text": text });
    let mut stdin = Vec::new();
    let ask = |stdin: &mut Vec<u8>, id: usize, method: &str, params: Value| {
        let id = i32::try_from(id).unwrap().into();
        Message::from(Request::new(id, method.to_owned(), params)).write(stdin).unwrap();
    };
    let hello = json!({ "capabilities": {}, "workspaceFolders": [{ "uri": root, "name": "all" }] });
    ask(&mut stdin, 0, "initialize", hello);
    let say = |stdin: &mut Vec<u8>, method: &str, params: Value| {
        Message::from(Notification::new(method.to_owned(), params)).write(stdin).unwrap();
    };
    say(&mut stdin, "initialized", json!({}));
    say(&mut stdin, "textDocument/didOpen", json!({ "textDocument": document }));
    for (index, (method, params)) in requests.iter().enumerate() {
        let mut params = params.clone();
        params["textDocument"] = json!({ "uri": document["uri"] });
        ask(&mut stdin, index + 1, method, params);
    }
    ask(&mut stdin, requests.len() + 1, "shutdown", json!(null));
    say(&mut stdin, "exit", json!(null));
    let output = folder.output("lsp", &stdin);
    let mut answers = Vec::new();
    let mut stdout = output.stdout.as_slice();
    while let Some(message) = Message::read(&mut stdout).unwrap() {
        let Ok(Value::Object(message)) = serde_json::to_value(message) else { continue };
        let answer = message.get("result").or(message.get("error"));
        let Some(answer) = answer else { continue };
        let answer = answer.to_string().replace(&root, "…").replace(&here, "…");
        answers.push(serde_json::from_str(&answer).unwrap());
    }
    answers.truncate(requests.len() + 1);
    answers.split_off(1)
}

#[test]
fn across_files() {
    let folder = Folder::new(&[
        ("floor.mcp", FLOOR),
        ("sub/one.mcp", ONE),
        ("two.mcp", "import \"floor.mcp\"\nset more = @logins\n"),
        ("gone.mcp", "import \"floor.mcp\"\nset gone = @logins\n"),
        (".ignore", "gone.mcp\n"),
    ]);
    // what is open counts, not what is on the disk
    let text = ONE.replace("  allow", "  // é\n  allow");
    let at = json!({ "position": { "line": 5, "character": 11 } });
    let with = |name: &str, value: Value| {
        let mut params = at.clone();
        params[name] = value;
        params
    };
    let requests = [
        ("textDocument/definition", at.clone()),
        ("textDocument/references", with("context", json!({ "includeDeclaration": true }))),
        ("textDocument/rename", with("newName", json!("accounts"))),
        ("textDocument/rename", with("newName", json!("more"))),
        ("workspace/symbol", json!({ "query": "ON" })),
        ("textDocument/documentHighlight", at.clone()),
        ("textDocument/prepareRename", at.clone()),
    ];
    let answers = answers(&folder, "/sub/one.mcp", &text, &requests);
    let lines = requests.iter().zip(&answers).map(|((method, _), answer)| format!("{method}\n  {answer}\n"));
    insta::assert_snapshot!(lines.collect::<String>());
}
