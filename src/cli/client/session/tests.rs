//! The conversation over a transport that plays a script: what we send stands beside what the server says.

use serde_json::from_str;

use super::*;

/// Plays what a server says, and writes down what it is sent.
struct Script {
    says: VecDeque<Value>,
    sent: Vec<String>,
}

impl Transport for Script {
    fn send(&mut self, message: &Value) -> Result<(), ClientError> {
        let method = message.get("method").and_then(Value::as_str);
        let params = message.get("params").cloned().unwrap_or_default();
        self.sent.push(match (method, message.get("id")) {
            (Some(method), Some(id)) => {
                let cursor = params.get("cursor").map_or_else(String::new, |cursor| format!(" after {cursor}"));
                let offer = params.get("protocolVersion").map_or_else(String::new, |offer| format!(" {offer}"));
                let meta = if params.get("_meta") == Some(&meta()) { " with meta" } else { "" };
                format!("{id} {method}{offer}{cursor}{meta}")
            }
            (Some(method), None) => method.to_owned(),
            (None, _) => message.to_string(),
        });
        Ok(())
    }

    fn receive(&mut self, method: &str) -> Result<Value, ClientError> {
        self.says.pop_front().ok_or_else(|| ClientError::Ended { method: method.to_owned(), state: String::new() })
    }

    fn agreed(&mut self, revision: &str) {
        self.sent.push(format!("[{revision}]"));
    }
}

/// What came of a conversation, and what we said in it.
fn talk(says: &[&str]) -> (Result<Answer, String>, String) {
    talk_from(OFFER, says)
}

const OFFER: &str = "2025-11-25";

fn talk_from(offer: &str, says: &[&str]) -> (Result<Answer, String>, String) {
    let mut script = Script { says: says.iter().map(|text| from_str(text).unwrap()).collect(), sent: Vec::new() };
    let limits = Limits { pages: 3, tools: 4, ..Limits::default() };
    let answer = run(&mut script, offer, &limits).map_err(|error| error.message());
    (answer, script.sent.join("; "))
}

const HELLO: &str =
    r#"{"id":1,"result":{"protocolVersion":"2025-06-18","serverInfo":{"name":"s"},"capabilities":{"tools":{}}}}"#;
const TOOLS: &str = r#"{"id":2,"result":{"tools":[{"name":"a"}]}}"#;

#[test]
fn a_plain_conversation() {
    let (answer, sent) = talk(&[HELLO, TOOLS]);
    let answer = answer.unwrap();
    assert_eq!(answer.protocol, "2025-06-18");
    assert_eq!(answer.server_info, json!({"name": "s"}));
    assert_eq!(answer.capabilities, json!({"tools": {}}));
    assert_eq!(answer.tools, [json!({"name": "a"})]);
    assert_eq!(answer.notes, [""; 0]);
    assert_eq!(sent, r#"1 initialize "2025-11-25"; [2025-06-18]; notifications/initialized; 2 tools/list"#);
}

#[test]
fn every_known_revision_is_taken_and_no_other() {
    for version in REVISIONS {
        let hello = HELLO.replace("2025-06-18", version);
        assert_eq!(talk(&[&hello, TOOLS]).0.unwrap().protocol, version);
    }
    for version in ["2099-01-01", "1999-01-01", "", "2025-06-18 "] {
        let hello = HELLO.replace("2025-06-18", version);
        let said = talk(&[&hello, TOOLS]).0.unwrap_err();
        assert!(said.contains("which is not known here"), "{said}");
    }
    let (answer, _) = talk(&[r#"{"id":1,"result":{}}"#, TOOLS]);
    let answer = answer.unwrap();
    assert_eq!(answer.protocol, OFFER);
    assert_eq!(answer.notes, ["the server names no protocol version; `2025-11-25` is assumed"]);
}

#[test]
fn a_server_without_a_handshake_is_asked_without() {
    let discovered = r#"{"id":2,"result":{"capabilities":{"tools":{}},"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s"}}}}"#;
    let tools = TOOLS.replace("\"id\":2", "\"id\":3");
    for code in STATELESS_REFUSALS {
        let refusal = format!(r#"{{"id":1,"error":{{"code":{code},"message":"no"}}}}"#);
        let (answer, sent) = talk(&[&refusal, discovered, &tools]);
        let answer = answer.unwrap();
        assert_eq!((answer.protocol.as_str(), answer.server_info), (STATELESS, json!({"name": "s"})));
        assert_eq!(
            sent,
            r#"1 initialize "2025-11-25"; [2026-07-28]; 2 server/discover with meta; 3 tools/list with meta"#
        );
    }
    let (answer, sent) = talk_from(STATELESS, &[&discovered.replace(":2", ":1"), TOOLS]);
    assert!(answer.is_ok());
    assert_eq!(sent, "[2026-07-28]; 1 server/discover with meta; 2 tools/list with meta");
}

#[test]
fn a_refusal_stays_what_it_was() {
    let refusal = r#"{"id":1,"error":{"code":-32601,"message":"first"}}"#;
    let second = r#"{"id":2,"error":{"code":-32601,"message":"second"}}"#;
    assert_eq!(talk(&[refusal, second]).0.unwrap_err(), "the server refused `initialize`: `first` (code -32601)");
    // no sign of the stateless revision: it is not tried
    let (answer, sent) = talk(&[r#"{"id":null,"error":{"code":-32000,"message":"a key is missing"}}"#]);
    assert_eq!(answer.unwrap_err(), "the server refused `initialize`: `a key is missing` (code -32000)");
    assert_eq!(sent, r#"1 initialize "2025-11-25""#);
    assert_eq!(talk(&[r#"{"id":1,"error":"no"}"#]).0.unwrap_err(), "the server refused `initialize`: `no`");
}

#[test]
fn a_server_may_say_what_it_speaks() {
    let refusal = |supported: &str| {
        format!(r#"{{"id":1,"error":{{"code":-32602,"message":"no","data":{{"supported":{supported}}}}}}}"#)
    };
    let hello = HELLO.replace("\"id\":1", "\"id\":2").replace("2025-06-18", "2025-03-26");
    let tools = TOOLS.replace("\"id\":2", "\"id\":3");
    let (answer, sent) = talk(&[&refusal(r#"["1999-01-01","2024-11-05","2025-03-26"]"#), &hello, &tools]);
    assert!(answer.is_ok());
    assert!(sent.contains(r#"2 initialize "2025-03-26""#), "{sent}");
    let (_, sent) = talk(&[&refusal(r#"["2026-07-28","2025-11-25"]"#)]);
    assert!(sent.ends_with("2 server/discover with meta"), "{sent}");
}

#[test]
fn questions_are_answered_or_refused_and_news_is_passed_over() {
    let (answer, sent) = talk(&[
        r#"{"method":"notifications/message"}"#,
        HELLO,
        r#"{"id":"p","method":"ping"}"#,
        r#"{"id":7,"method":"roots/list"}"#,
        r#"{"id":2,"method":"sampling/createMessage"}"#,
        r#"{"id":null,"method":"odd"}"#,
        TOOLS,
    ]);
    assert!(answer.unwrap().notes.is_empty());
    assert_eq!(
        sent.split("tools/list; ").last().unwrap(),
        r#"{"jsonrpc":"2.0","id":"p","result":{}}; {"jsonrpc":"2.0","id":7,"result":{"roots":[]}}; "#.to_owned()
            + r#"{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"method not found"}}"#
    );
    let question = r#"{"id":1,"method":"ping"}"#;
    let said = talk(&vec![question; MOST_QUESTIONS + 1]).0.unwrap_err();
    assert_eq!(said, "the server asked more than 1000 questions instead of answering");
}

#[test]
fn answers_are_matched_by_id_alone() {
    let (answer, _) = talk(&[
        r#"{"id":9,"result":{}}"#,
        r#"{"id":"1","result":{}}"#,
        r#"{"id":-1,"error":{"message":"not ours"}}"#,
        r#"[1,null,"x",[]]"#,
        r#"{}"#,
        HELLO,
        HELLO,
        TOOLS,
    ]);
    let answer = answer.unwrap();
    assert_eq!(answer.notes, ["9 messages of the server belonged to no question"]);
    // in a batch, and the rest of it before the next question
    let batch = format!(r#"[{{"method":"notifications/message"}},{HELLO},{TOOLS}]"#);
    assert_eq!(talk(&[&batch]).0.unwrap().tools.len(), 1);
    assert_eq!(talk(&["[]", HELLO, TOOLS]).0.unwrap().tools.len(), 1);
}

#[test]
fn pages_end() {
    let page = |id: u64, cursor: &str| {
        format!(r#"{{"id":{id},"result":{{"tools":[{{"name":"t{id}"}}],"nextCursor":{cursor}}}}}"#)
    };
    let pages = |cursors: [&str; 3]| {
        let pages: Vec<String> = cursors.iter().zip(2..).map(|(cursor, id)| page(id, cursor)).collect();
        talk(&[HELLO, &pages[0], &pages[1], &pages[2]])
    };
    let (answer, sent) = pages(["\"x\"", "\"y\"", "null"]);
    let names: Vec<Value> = answer.unwrap().tools.into_iter().map(|tool| tool["name"].clone()).collect();
    assert_eq!(names, ["t2", "t3", "t4"]);
    assert!(sent.ends_with(r#"2 tools/list; 3 tools/list after "x"; 4 tools/list after "y""#), "{sent}");
    assert_eq!(pages(["\"\"", "1", "1"]).0.unwrap().tools.len(), 1);
    let said = |cursors| pages(cursors).0.unwrap_err();
    assert_eq!(said(["\"x\"", "\"x\"", "null"]), "the server gave the cursor `x` twice: its pages have no end");
    assert_eq!(said(["\"x\"", "\"y\"", "\"z\""]), "the server has more than 3 pages of tools");
    assert_eq!(said(["5", "null", "null"]), "the answer to `tools/list` has no text as `nextCursor`");
    let many = r#"{"id":2,"result":{"tools":[1,2,3,4,5]}}"#;
    assert_eq!(talk(&[HELLO, many]).0.unwrap_err(), "the server has more than 4 tools");
}

#[test]
fn answers_have_their_members() {
    for (says, what) in [
        (r#"{"id":2,"result":{}}"#, "array `tools`"),
        (r#"{"id":2,"result":{"tools":{}}}"#, "array `tools`"),
        (r#"{"id":2,"result":[]}"#, "object `result`"),
        (r#"{"id":2}"#, "object `result`"),
    ] {
        let said = talk(&[HELLO, says]).0.unwrap_err();
        assert_eq!(said, format!("the answer to `tools/list` has no {what}"));
    }
    let refusal = r#"{"id":2,"error":{"code":-32601,"message":"no"}}"#;
    assert!(talk(&[HELLO, refusal]).0.is_err());
    let toolless = HELLO.replace("{\"tools\":{}}", "{}");
    let (answer, _) = talk(&[&toolless, refusal]);
    assert_eq!(answer.unwrap().notes, ["the server has no tools: it does not know `tools/list`"]);
}
