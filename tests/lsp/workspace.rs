//! Files that are not open: the workspace, imports, and what changes on the disk.

use serde_json::{Value, json};

use super::{Client, Disk, listed, pushed, uri};

const BROKEN: &str = "policy";
const USES: &str = "import \"shared.mcp\"\npolicy p for trakt {\n  default deny\n  allow @readers\n}\n";
const SHARED: &str = "set readers = fetch_history\n";
const WORSE: &str = "set readrs = fetch_history\n";

fn survey(client: &mut Client, before: Value) -> Value {
    client.ask("workspace/diagnostic", json!({ "previousResultIds": before })).unwrap()["items"].take()
}

fn told(reports: &Value) -> Vec<String> {
    let reports = reports.as_array().unwrap().iter();
    reports
        .map(|it| match it["kind"].as_str().unwrap() {
            "full" => listed(&it["uri"], &it["items"]),
            kind => format!("{} {kind}", it["uri"].as_str().unwrap()),
        })
        .collect()
}

fn watched(client: &Client, files: &[(&str, u32)]) {
    let changes: Vec<Value> = files.iter().map(|(name, kind)| json!({ "uri": uri(name), "type": kind })).collect();
    client.say("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
}

#[test]
fn the_whole_workspace_is_told_to_who_asks() {
    let disk = Disk::new(&[("/a.mcp", BROKEN), ("/b.mcp", USES), ("/shared.mcp", SHARED), ("/c.txt", "")]);
    let pull =
        json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } });
    let mut client = Client::new(&disk, pull);
    let first = survey(&mut client, json!([]));
    assert_eq!(told(&first), ["/a.mcp 1:1:syntax-error", "/b.mcp", "/shared.mcp"]);
    let known = |it: &Value| json!({ "uri": it["uri"], "value": it["resultId"] });
    let before: Vec<Value> = first.as_array().unwrap().iter().map(known).collect();
    let second = survey(&mut client, json!(before));
    assert_eq!(told(&second), ["file:///a.mcp unchanged", "file:///b.mcp unchanged", "file:///shared.mcp unchanged"]);
    // what is open counts
    client.open("/shared.mcp", WORSE);
    let third = survey(&mut client, json!(before));
    assert_eq!(told(&third)[1..], ["/b.mcp 4:1:unknown-set", "file:///shared.mcp unchanged"]);
    assert_eq!(third[2]["version"], 1);
    assert_eq!(client.heard, []);
    client.close("/shared.mcp");
    // what is new, and what is gone
    disk.remove("/a.mcp");
    disk.write("/d.mcp", BROKEN);
    watched(&client, &[("/a.mcp", 3), ("/d.mcp", 1)]);
    let fourth = survey(&mut client, json!(before));
    assert_eq!(
        told(&fourth),
        ["file:///b.mcp unchanged", "/d.mcp 1:1:syntax-error", "file:///shared.mcp unchanged", "/a.mcp"]
    );
    client.ask("no/such", json!({})).unwrap_err();
    let asked: Vec<&str> = client.heard.iter().map(|(method, _)| method.as_str()).collect();
    assert_eq!(asked, ["workspace/diagnostic/refresh"]);
}

#[test]
fn a_question_about_the_workspace_shows_how_far_it_is() {
    let mut client = Client::new(&Disk::new(&[]), json!({}));
    client.ask("workspace/diagnostic", json!({ "workDoneToken": 7 })).unwrap();
    let kinds: Vec<&Value> = client.heard.iter().map(|(_, params)| &params["value"]["kind"]).collect();
    assert_eq!(kinds, ["begin", "end"]);
    assert_eq!(client.heard[0].1["token"], 7);
}

#[test]
fn a_large_workspace_shows_how_far_it_is() {
    let names: Vec<String> = (0..300).map(|n| format!("/{n}.mcp")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), BROKEN)).collect();
    let mut client = Client::new(&Disk::new(&files), json!({ "window": { "workDoneProgress": true } }));
    let heard = client.rest();
    assert_eq!(heard[0].0, "window/workDoneProgress/create");
    let kinds: Vec<&str> = heard[1..].iter().map(|(_, params)| params["value"]["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds[0], kinds[kinds.len() - 1]), ("begin", "end"));
    assert_eq!(kinds.iter().filter(|kind| **kind == "report").count(), 256, "of many files only some are judged");
}

#[test]
fn who_imports_a_file_is_judged_again() {
    let disk = Disk::new(&[("/a.mcp", BROKEN), ("/b.mcp", USES), ("/shared.mcp", SHARED)]);
    let mut client = Client::new(&disk, json!({}));
    assert_eq!(pushed(&client.rest()), [""; 0], "files that nobody opened, and that nothing happened to");
    client.open("/shared.mcp", SHARED);
    client.rest();
    client.change("/shared.mcp", 2, WORSE);
    let mut now = pushed(&client.rest());
    now.sort();
    assert_eq!(now, ["/b.mcp 4:1:unknown-set", "/shared.mcp"]);
    client.change("/shared.mcp", 3, SHARED);
    let mut now = pushed(&client.rest());
    now.sort();
    assert_eq!(now, ["/b.mcp", "/shared.mcp"]);
}

#[test]
fn what_changes_on_the_disk_counts() {
    let disk = Disk::new(&[]);
    let mut client = Client::new(&disk, json!({}));
    client.open("/b.mcp", USES);
    assert_eq!(pushed(&client.rest()), ["/b.mcp 1:1:import-failed 4:1:unknown-set"]);
    disk.write("/shared.mcp", SHARED);
    watched(&client, &[("/shared.mcp", 1)]);
    assert_eq!(pushed(&client.rest()), ["/b.mcp"]);
    disk.write("/shared.mcp", WORSE);
    // a client that does not watch
    client.say("textDocument/didSave", json!({ "textDocument": { "uri": uri("/b.mcp") } }));
    assert_eq!(pushed(&client.rest()), ["/b.mcp 4:1:unknown-set"]);
    disk.remove("/shared.mcp");
    watched(&client, &[("/shared.mcp", 3)]);
    assert_eq!(pushed(&client.rest()), ["/b.mcp 1:1:import-failed 4:1:unknown-set"]);
}

#[test]
fn folders_come_and_go() {
    let disk = Disk::new(&[("/x/a.mcp", BROKEN), ("/y/b.mcp", BROKEN)]);
    let mut client = Client::silent(&disk);
    let folder = |name: &str| json!({ "uri": uri(name), "name": name });
    client.greet(json!({
        "capabilities": { "textDocument": { "diagnostic": {} } },
        "rootUri": null,
        "workspaceFolders": [folder("/x")],
    }));
    assert_eq!(told(&survey(&mut client, json!([]))), ["/x/a.mcp 1:1:syntax-error"]);
    let event = json!({ "added": [folder("/y")], "removed": [folder("/x")] });
    client.say("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    assert_eq!(told(&survey(&mut client, json!([]))), ["/y/b.mcp 1:1:syntax-error"]);
}
