//! What is found, and how the client hears of it: pushed, or asked for.

use insta::assert_snapshot;
use mcppol::syntax::literal::Date;
use serde_json::{Value, json};

use super::{Client, Disk, listed, pushed, uri};

const SHARED: &str = "set readers = fetch_history, get_histery\n";
const USES: &str = "import \"shared.mcp\"\npolicy p for trakt {\n  default deny\n  allow @readers\n}\n";

fn pull() -> Value {
    json!({ "textDocument": { "diagnostic": { "relatedDocumentSupport": true } } })
}

fn written(heard: &[(String, Value)]) -> String {
    serde_json::to_string_pretty(heard).unwrap()
}

fn ask(client: &mut Client, name: &str, before: Option<&str>) -> Value {
    let params = json!({ "textDocument": { "uri": uri(name) }, "previousResultId": before });
    client.ask("textDocument/diagnostic", params).unwrap()
}

#[test]
fn findings_are_told_whole() {
    let capabilities = json!({
        "textDocument": { "publishDiagnostics": { "relatedInformation": true, "tagSupport": { "valueSet": [1, 2] } } },
    });
    let text = "policy p for trakt {\n  default deny\n  allow @write\n  allow fetch_history\n  allow fetch_history\n  x\n}\n\
                policy p for plex { default deny }\nset s = a\n";
    for capabilities in [capabilities, json!({})] {
        let mut client = Client::new(&Disk::new(&[]), capabilities);
        client.open("/a.mcp", text);
        assert_snapshot!(written(&client.rest()));
        assert_eq!(client.bye(), Ok(()));
    }
}

#[test]
fn one_push_for_many_changes_and_none_for_a_client_that_asks() {
    let mut client = Client::asleep(&Disk::new(&[]));
    client.begin("initialize", json!({}));
    client.open("/a.mcp", "policy");
    for version in 2..2000 {
        client.change("/a.mcp", version, "policy p");
    }
    client.change("/a.mcp", 2000, "policy p for plex { default deny }\n");
    client.wake();
    let first = 1.into();
    client.answer(&first).unwrap();
    let heard = client.rest();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0].1["version"], 2000);
    client.close("/a.mcp");
    assert_eq!(pushed(&client.rest()), ["/a.mcp"]);

    let mut client = Client::new(&Disk::new(&[("/b.mcp", "policy")]), pull());
    client.open("/a.mcp", "policy");
    assert_eq!(client.rest(), []);
}

#[test]
fn a_change_is_told_although_a_request_came_first() {
    let mut client = Client::new(&Disk::new(&[]), json!({}));
    client.open("/a.mcp", "policy");
    let params = json!({ "textDocument": { "uri": uri("/a.mcp") }, "options": { "tabSize": 2, "insertSpaces": true } });
    client.ask("textDocument/formatting", params).unwrap();
    assert_eq!(pushed(&client.rest()), ["/a.mcp 1:1:syntax-error"]);
}

#[test]
fn what_is_asked_for_is_told_once() {
    let mut client = Client::new(&Disk::new(&[]), pull());
    assert_eq!(client.offers["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"], true);
    client.open("/a.mcp", "policy");
    let first = ask(&mut client, "/a.mcp", None);
    assert_eq!(listed(&json!("a"), &first["items"]), "a 1:1:syntax-error");
    let again = ask(&mut client, "/a.mcp", first["resultId"].as_str());
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    client.change("/a.mcp", 2, "policy p for plex {\n  default deny\n  allow get_on_deck\n}\n");
    let changed = ask(&mut client, "/a.mcp", first["resultId"].as_str());
    assert_eq!(listed(&json!("a"), &changed["items"]), "a");
    assert_eq!(changed["kind"], "full");
    assert_eq!(ask(&mut client, "/nothing.txt", None)["items"], json!([]));
}

#[test]
fn findings_belong_to_the_file_that_they_lie_in() {
    let disk = Disk::new(&[("/shared.mcp", SHARED)]);
    let mut client = Client::new(&disk, json!({}));
    client.open("/uses.mcp", USES);
    assert_eq!(pushed(&client.rest()), ["/shared.mcp 1:2:unknown-tool", "/uses.mcp"]);
    client.open("/shared.mcp", "set readers = fetch_history\n");
    assert_eq!(pushed(&client.rest()), ["/shared.mcp"]);
    client.change("/shared.mcp", 2, "\nset readers = get_histery\n");
    assert_eq!(pushed(&client.rest()), ["/shared.mcp 2:2:unknown-tool"]);
    // from now on the file on the disk counts
    client.close("/shared.mcp");
    assert_eq!(pushed(&client.rest()), ["/shared.mcp 2:2:unknown-tool", "/shared.mcp 1:2:unknown-tool"]);
    client.close("/uses.mcp");
    assert_eq!(pushed(&client.rest()), ["/shared.mcp", "/uses.mcp"]);
    assert_eq!(client.rest(), []);

    let mut client = Client::new(&disk, pull());
    client.open("/uses.mcp", USES);
    let first = ask(&mut client, "/uses.mcp", None);
    let shared = &first["relatedDocuments"]["file:///shared.mcp"];
    assert_eq!(listed(&json!("shared"), &shared["items"]), "shared 1:2:unknown-tool");
    client.change("/uses.mcp", 2, "policy p for plex { default deny }\n");
    let second = ask(&mut client, "/uses.mcp", None);
    assert_eq!(second["relatedDocuments"]["file:///shared.mcp"]["items"], json!([]), "what was told is taken back");
}

#[test]
fn what_is_closed_is_taken_back_where_it_was_told() {
    let mut client = Client::new(&Disk::new(&[("/shared(1).mcp", SHARED)]), json!({}));
    for uri in ["untitled:Untitled-1", "vscode-remote://ssh%2Bhost/a.mcp", "file:///c%3a/a(b).mcp"] {
        let item = json!({ "uri": uri, "languageId": "mcppol", "version": 1, "text": "policy" });
        client.say("textDocument/didOpen", json!({ "textDocument": item }));
        assert_eq!(pushed(&client.rest()).len(), 1);
        client.say("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
        assert_eq!(pushed(&client.rest()), [uri.trim_start_matches("file://")]);
    }
    // a file that was told of before it was opened, under an address that its client writes in another way
    client.open("/uses.mcp", &USES.replace("shared", "shared(1)"));
    assert_eq!(pushed(&client.rest()), ["/shared%281%29.mcp 1:2:unknown-tool", "/uses.mcp"]);
    client.open("/shared(1).mcp", SHARED);
    assert_eq!(pushed(&client.rest()), ["/shared%281%29.mcp", "/shared(1).mcp 1:2:unknown-tool"]);
}

#[test]
fn settings_that_cannot_be_read_are_said_and_nothing_rests_on_them() {
    let disk = Disk::new(&[("/mcppol.toml", "`mcppol.toml`, line 1: no")]);
    let mut client = Client::new(&disk, json!({}));
    client.open("/a.mcp", "policy p for nowhere {\n  default deny\n  allow x\n}\n");
    client.open("/b.mcp", "policy");
    assert_snapshot!(written(&client.rest()));
    disk.write("/mcppol.toml", "");
    let changes = json!([{ "uri": uri("/mcppol.toml"), "type": 2 }]);
    client.say("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    assert_eq!(pushed(&client.rest()), ["/a.mcp 1:2:unknown-server", "/b.mcp 1:1:syntax-error"]);
}

#[test]
fn a_day_begins() {
    let disk = Disk::new(&[]);
    let mut client = Client::new(&disk, json!({}));
    client.open("/a.mcp", "policy p for trakt {\n  default deny\n  allow fetch_history until 2026-03-01\n}\n");
    assert_eq!(pushed(&client.rest()), ["/a.mcp"]);
    assert_eq!(pushed(&client.rest()), [""; 0]);
    disk.set_today(Date { year: 2026, month: 3, day: 2 });
    assert_eq!(pushed(&client.rest()), ["/a.mcp 3:1:expired-statement"]);
}

#[test]
fn the_editors_settings() {
    let text = "policy p for trakt {\n  default deny\n  hide add_to_history\n  allow fetch_history\n}\n";
    let mut client = Client::silent(&Disk::new(&[]));
    client.greet(json!({ "initializationOptions": { "target": "rules", "trace": { "server": "off" } } }));
    client.open("/a.mcp", text);
    let rules = ["/a.mcp 3:2:visible-not-hidden"];
    assert_eq!(pushed(&client.rest()), rules);
    let settings = json!({ "mcppol": { "target": "policylayer", "persna": "x", "persona": "strict" } });
    client.say("workspace/didChangeConfiguration", json!({ "settings": settings }));
    assert_snapshot!(written(&client.rest()));
    client.say("workspace/didChangeConfiguration", json!({ "settings": settings }));
    assert_eq!(client.rest(), [], "what is wrong is said once, and what is found did not change");

    let mut client = Client::new(&Disk::new(&[]), json!({ "workspace": { "configuration": true } }));
    client.open("/a.mcp", text);
    let heard = client.rest();
    assert_eq!(heard[0].0, "workspace/configuration");
    client.reply("mcppol/1".to_owned(), json!([{ "target": "rules" }]));
    assert_eq!(pushed(&client.rest()), rules);
    client.say("workspace/didChangeConfiguration", json!({ "settings": null }));
    assert_eq!(client.rest()[0].0, "workspace/configuration");
    client.reply("mcppol/1".to_owned(), json!([{ "target": "policylayer" }]));
    client.reply("mcppol/2".to_owned(), json!([null]));
    assert_eq!(pushed(&client.rest()), [""; 0], "an old answer does not count, and `null` says nothing");
}
