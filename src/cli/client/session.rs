//! The conversation: handshake, pages of tools, and what a server asks meanwhile. No process, socket or clock here: a
//! [`Transport`] has them.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use super::{
    Answer, Limits, REVISIONS, STATELESS,
    error::{ClientError, quote},
};
use crate::text::count;

/// How many questions of a server are answered or refused.
const MOST_QUESTIONS: usize = 1_000;

/// The errors by which a server of the stateless revision turns down `initialize`: unknown method, invalid parameters,
/// unsupported version and mismatched headers, the last two also under the numbers of the drafts.
const STATELESS_REFUSALS: [i64; 6] = [-32601, -32602, -32022, -32020, -32004, -32001];

/// A way to a server, with its own deadline and limits.
pub(super) trait Transport {
    /// Sends one message.
    ///
    /// # Errors
    ///
    /// The server cannot be reached or does not take it.
    fn send(&mut self, message: &Value) -> Result<(), ClientError>;

    /// Waits for the next message; `method` is what is waited for, for the words of an error.
    ///
    /// # Errors
    ///
    /// The deadline or a limit is reached, the server is gone, or what it sent cannot be read.
    fn receive(&mut self, method: &str) -> Result<Value, ClientError>;

    /// From here on the revision is agreed.
    fn agreed(&mut self, revision: &str);
}

/// Asks for everything.
///
/// # Errors
///
/// Those of the transport; the server refuses, or answers what is no answer.
pub(super) fn run(transport: &mut dyn Transport, offer: &str, limits: &Limits) -> Result<Answer, ClientError> {
    let mut session = Session {
        transport,
        last: 0,
        meta: None,
        waiting: VecDeque::new(),
        questions: 0,
        strange: 0,
        notes: Vec::new(),
    };
    let hello = session.open(offer)?;
    let tools = session.tools(&hello, limits)?;
    if session.strange > 0 {
        session.notes.push(format!("{} of the server belonged to no question", count(session.strange, "message")));
    }
    Ok(Answer {
        server_info: hello.info,
        protocol: hello.revision,
        capabilities: hello.capabilities,
        tools,
        notes: session.notes,
    })
}

struct Session<'a> {
    transport: &'a mut dyn Transport,
    /// The id of the last request.
    last: u64,
    /// What every request carries in the stateless revision.
    meta: Option<Value>,
    /// The rest of a batch.
    waiting: VecDeque<Value>,
    questions: usize,
    strange: usize,
    notes: Vec<String>,
}

struct Hello {
    info: Value,
    revision: String,
    capabilities: Value,
}

impl Session<'_> {
    fn open(&mut self, offer: &str) -> Result<Hello, ClientError> {
        if offer == STATELESS {
            return self.discover();
        }
        let refusal = match self.initialize(offer) {
            Err(refusal @ ClientError::Refused { .. }) => refusal,
            other => return other,
        };
        let ClientError::Refused { code, supported, .. } = &refusal else { return Err(refusal) };
        let common = REVISIONS.iter().rev().find(|known| supported.iter().any(|version| version == *known));
        match common {
            Some(&common) if common != STATELESS && common != offer => self.initialize(common),
            Some(&STATELESS) => self.discover(),
            // the first refusal says more than the second
            _ if code.is_some_and(|code| STATELESS_REFUSALS.contains(&code)) => self.discover().map_err(|_| refusal),
            _ => Err(refusal),
        }
    }

    /// The handshake of the revisions up to 2025-11-25.
    fn initialize(&mut self, offer: &str) -> Result<Hello, ClientError> {
        let params = json!({ "protocolVersion": offer, "capabilities": {}, "clientInfo": client_info() });
        let mut hello = self.request("initialize", params)?;
        let revision = match hello.get("protocolVersion") {
            Some(Value::String(version)) => known(version)?.to_owned(),
            _ => {
                self.notes.push(format!("the server names no protocol version; `{offer}` is assumed"));
                offer.to_owned()
            }
        };
        self.transport.agreed(&revision);
        if revision == STATELESS {
            self.meta = Some(meta());
        }
        self.transport.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))?;
        Ok(Hello { info: take(&mut hello, "serverInfo"), revision, capabilities: take(&mut hello, "capabilities") })
    }

    /// The stateless revision: every request says what it needs said.
    fn discover(&mut self) -> Result<Hello, ClientError> {
        self.transport.agreed(STATELESS);
        self.meta = Some(meta());
        let mut hello = self.request("server/discover", json!({}))?;
        let info = match take(&mut hello, "serverInfo") {
            Value::Null => hello
                .get_mut("_meta")
                .and_then(|meta| meta.get_mut("io.modelcontextprotocol/serverInfo"))
                .map_or(Value::Null, Value::take),
            info => info,
        };
        Ok(Hello { info, revision: STATELESS.to_owned(), capabilities: take(&mut hello, "capabilities") })
    }

    fn tools(&mut self, hello: &Hello, limits: &Limits) -> Result<Vec<Value>, ClientError> {
        const METHOD: &str = "tools/list";
        let mut tools = Vec::new();
        let mut cursors: BTreeSet<String> = BTreeSet::new();
        let mut params = json!({});
        for _ in 0..limits.pages {
            let mut page = match self.request(METHOD, params) {
                // a server that never said it had tools need not know the method
                Err(ClientError::Refused { code: Some(-32601), .. })
                    if tools.is_empty() && hello.capabilities.get("tools").is_none() =>
                {
                    self.notes.push("the server has no tools: it does not know `tools/list`".to_owned());
                    return Ok(tools);
                }
                page => page?,
            };
            let Value::Array(more) = take(&mut page, "tools") else {
                return Err(ClientError::Shape { method: METHOD.to_owned(), what: "array `tools`" });
            };
            tools.extend(more);
            if tools.len() > limits.tools {
                return Err(ClientError::TooMany { what: "tools", most: limits.tools });
            }
            let cursor = match take(&mut page, "nextCursor") {
                Value::String(cursor) if !cursor.is_empty() => cursor,
                Value::String(_) | Value::Null => return Ok(tools),
                _ => return Err(ClientError::Shape { method: METHOD.to_owned(), what: "text as `nextCursor`" }),
            };
            if !cursors.insert(cursor.clone()) {
                return Err(ClientError::Circle(quote(&cursor)));
            }
            params = json!({ "cursor": cursor });
        }
        Err(ClientError::TooMany { what: "pages of tools", most: limits.pages })
    }

    /// Asks and waits for the answer; answers what the server asks meanwhile.
    fn request(&mut self, method: &str, mut params: Value) -> Result<Map<String, Value>, ClientError> {
        if let (Some(meta), Some(params)) = (&self.meta, params.as_object_mut()) {
            params.insert("_meta".to_owned(), meta.clone());
        }
        self.last += 1;
        let id = self.last;
        self.transport.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let Value::Object(mut message) = self.next(method)? else {
                self.strange += 1;
                continue;
            };
            if message.contains_key("method") {
                self.question(&message)?;
                continue;
            }
            let answers = match message.get("id") {
                None | Some(Value::Null) => message.contains_key("error"),
                Some(other) => other.as_u64() == Some(id),
            };
            if !answers {
                self.strange += 1;
            } else if let Some(error) = message.get("error").filter(|error| !error.is_null()) {
                return Err(ClientError::refused(method, error));
            } else if let Some(Value::Object(result)) = message.get_mut("result").map(Value::take) {
                return Ok(result);
            } else {
                return Err(ClientError::Shape { method: method.to_owned(), what: "object `result`" });
            }
        }
    }

    /// The next message, out of its batch.
    fn next(&mut self, method: &str) -> Result<Value, ClientError> {
        loop {
            if let Some(message) = self.waiting.pop_front() {
                return Ok(message);
            }
            match self.transport.receive(method)? {
                Value::Array(batch) => self.waiting.extend(batch),
                message => return Ok(message),
            }
        }
    }

    /// A question of the server; a notification asks nothing.
    fn question(&mut self, message: &Map<String, Value>) -> Result<(), ClientError> {
        let Some(id) = message.get("id").filter(|id| !id.is_null()) else { return Ok(()) };
        self.questions += 1;
        if self.questions > MOST_QUESTIONS {
            return Err(ClientError::Asking(MOST_QUESTIONS));
        }
        let answer = match message.get("method").and_then(Value::as_str) {
            Some("ping") => json!({ "jsonrpc": "2.0", "id": id, "result": {} }),
            Some("roots/list") => json!({ "jsonrpc": "2.0", "id": id, "result": { "roots": [] } }),
            _ => json!({ "jsonrpc": "2.0", "id": id, "error": { "code": -32601, "message": "method not found" } }),
        };
        self.transport.send(&answer)
    }
}

fn known(version: &str) -> Result<&str, ClientError> {
    if REVISIONS.contains(&version) { Ok(version) } else { Err(ClientError::Revision(quote(version))) }
}

fn take(object: &mut Map<String, Value>, member: &str) -> Value {
    object.get_mut(member).map_or(Value::Null, Value::take)
}

fn client_info() -> Value {
    json!({ "name": "mcppol", "version": env!("CARGO_PKG_VERSION") })
}

fn meta() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": STATELESS,
        "io.modelcontextprotocol/clientInfo": client_info(),
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}
