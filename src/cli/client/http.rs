//! A server at an address: each message is a request of its own, answered by JSON or by a stream of events. The
//! transport of 2024-11-05, one stream for all answers, is the way back where a server takes no messages at its address.
//!
//! Nothing follows a server to another place, for the headers may hold secrets.

use std::{collections::VecDeque, io::Read as _, time::Duration};

use serde_json::Value;
use ureq::{
    Agent, Body, BodyReader, Proxy,
    http::{HeaderName, HeaderValue, Method, Request, Response, Uri, header},
    tls::{RootCerts, TlsConfig},
};

use super::{
    Deadline, Limits, address,
    error::{ClientError, quote},
    message,
    session::Transport,
    sse::{Event, Events},
};

const EVENTS: &str = "text/event-stream";
const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const REVISION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
/// The headers that are ours to set.
const OURS: [HeaderName; 7] =
    [header::ACCEPT, header::CONTENT_TYPE, header::CONTENT_LENGTH, header::HOST, SESSION, REVISION, METHOD];
/// How often a server may send elsewhere within its own place.
const MOST_REDIRECTS: usize = 5;
/// How much is read of an answer that only says no.
const SAID: u64 = 2_000;
/// How long the end of a session may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// A server at an address.
#[derive(Debug)]
pub(super) struct Http {
    agent: Agent,
    url: Uri,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The session, once the server named one.
    session: Option<HeaderValue>,
    revision: Option<HeaderValue>,
    /// Whether the stream outlives a request, as in the transport of 2024-11-05.
    is_old: bool,
    stream: Option<Stream>,
    queue: VecDeque<Value>,
    /// How much was received.
    heard: usize,
    most: usize,
    longest: usize,
    deadline: Deadline,
    /// The proxy that the environment names.
    proxy: Option<String>,
    notes: Vec<String>,
}

struct Stream {
    body: BodyReader<'static>,
    events: Events,
    waiting: VecDeque<Event>,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

impl Http {
    /// Makes ready; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// The address or a header cannot be used.
    pub(super) fn new(
        url: &str,
        headers: &[(String, String)],
        deadline: Deadline,
        limits: &Limits,
    ) -> Result<Self, ClientError> {
        let url = address::read(url)?;
        let headers = headers.iter().map(|(name, value)| pair(name, value)).collect::<Result<_, _>>()?;
        let mut notes = Vec::new();
        let is_near = address::is_loopback(&url);
        if url.scheme_str() == Some("http") && !is_near {
            notes.push(format!(
                "`{}` is asked without encryption: others on the way can read and change it",
                address::host(&url)
            ));
        }
        let proxy = if is_near { None } else { Proxy::try_from_env().filter(|proxy| !proxy.is_no_proxy(&url)) };
        let shown = proxy.as_ref().map(|proxy| quote(proxy.host()));
        if let Some(proxy) = &shown {
            notes.push(format!("asked through the proxy `{proxy}` that the environment names"));
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy)
            .user_agent(concat!("mcppol/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build()
            .new_agent();
        Ok(Self {
            agent,
            url,
            headers,
            session: None,
            revision: None,
            is_old: false,
            stream: None,
            queue: VecDeque::new(),
            heard: 0,
            most: limits.bytes,
            longest: limits.line,
            deadline,
            proxy: shown,
            notes,
        })
    }

    /// What the user should know of the way.
    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Ends the session, where there is one and time for it.
    pub(super) fn end(mut self) {
        let time = self.deadline.left().map(|left| left.min(FAREWELL));
        if let (Some(time), true) = (time, self.session.is_some()) {
            self.stream = None;
            // it ends by itself in time
            let _ = self.request(Method::DELETE, &self.url, None).map(|request| self.run(request, time));
        }
    }

    fn request(&self, method: Method, url: &Uri, message: Option<&Value>) -> Result<Request<Vec<u8>>, ClientError> {
        let accept = if method == Method::GET { EVENTS } else { "application/json, text/event-stream" };
        let mut request = Request::builder().method(method).uri(url).header(header::ACCEPT, accept);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        for (name, value) in [(SESSION, &self.session), (REVISION, &self.revision)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        if message.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(method) = message.and_then(|message| message.get("method")).and_then(Value::as_str) {
            request = request.header(METHOD, method);
        }
        let body = message.map_or_else(Vec::new, |message| message.to_string().into_bytes());
        request.body(body).map_err(|error| ClientError::Unreachable {
            host: address::host(url).to_owned(),
            why: error.to_string(),
            help: "is the address written right?",
        })
    }

    fn run(&self, request: Request<Vec<u8>>, time: Duration) -> Result<Response<Body>, ureq::Error> {
        if request.body().is_empty() {
            let request = self.agent.configure_request(request.map(|_| ())).timeout_global(Some(time)).build();
            return self.agent.run(request);
        }
        self.agent.run(self.agent.configure_request(request).timeout_global(Some(time)).build())
    }

    /// One request, and those that the server sends it on to within its own place.
    fn exchange(
        &mut self,
        method: &Method,
        message: Option<&Value>,
        name: &str,
    ) -> Result<Response<Body>, ClientError> {
        let mut url = self.url.clone();
        for _ in 0..MOST_REDIRECTS {
            let request = self.request(method.clone(), &url, message)?;
            let time = self.deadline.left().ok_or_else(|| self.no_answer(name))?;
            let response = self.run(request, time).map_err(|error| self.unreachable(&error, &url, name))?;
            if !response.status().is_redirection() {
                // from here on at once
                self.url = url;
                return Ok(response);
            }
            let location = response.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
            let Some(next) = location.and_then(|location| address::resolved(&url, location)) else {
                return Err(ClientError::Status { code: response.status().as_u16(), said: String::new() });
            };
            // after the older codes a client asks anew without its message
            let keeps = matches!(response.status().as_u16(), 307 | 308) || *method == Method::GET;
            if !keeps || !address::is_same_place(&url, &next) {
                return Err(ClientError::Redirect { to: address::shown_uri(&next), follows: false });
            }
            url = next;
        }
        Err(ClientError::Redirect { to: address::shown_uri(&url), follows: true })
    }

    fn no_answer(&self, name: &str) -> ClientError {
        ClientError::NoAnswer { method: name.to_owned(), time: self.deadline.time, state: String::new() }
    }

    fn unreachable(&self, error: &ureq::Error, url: &Uri, name: &str) -> ClientError {
        if matches!(error, ureq::Error::Timeout(_)) || self.deadline.left().is_none() {
            return self.no_answer(name);
        }
        // the resolver of the system has no kind of error of its own
        let is_unknown = error.to_string().contains("failed to lookup address");
        let said = error.to_string();
        let (why, help) = match error {
            ureq::Error::HostNotFound => ("there is no such host".to_owned(), "is the name written right?"),
            ureq::Error::Io(_) if is_unknown => ("there is no such host".to_owned(), "is the name written right?"),
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                ("nobody listens there".to_owned(), "is the server running, and is the port right?")
            }
            _ if said.contains("certificate") => (
                quote(said.trim_start_matches("io: ")),
                "this system must trust the certificate: add its authority to those of the system",
            ),
            _ => (quote(said.trim_start_matches("io: ")), "is the address written right, and is the server running?"),
        };
        let why = match &self.proxy {
            Some(proxy) => format!("{why}, asked through the proxy `{proxy}` that the environment names"),
            None => why,
        };
        ClientError::Unreachable { host: address::host(url).to_owned(), why, help }
    }

    /// Reads an answer that is no stream.
    fn whole(&mut self, body: Body, name: &str) -> Result<Vec<u8>, ClientError> {
        let left = self.most.saturating_sub(self.heard).min(self.longest);
        let mut bytes = Vec::new();
        let read = body.into_reader().take(left as u64 + 1).read_to_end(&mut bytes);
        self.heard = self.heard.saturating_add(bytes.len());
        if bytes.len() > left {
            return Err(if left == self.longest {
                ClientError::LongMessage(left)
            } else {
                ClientError::TooMuch(self.most)
            });
        }
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(self.cut(&error, name)),
        }
    }

    /// An answer that breaks off.
    fn cut(&self, error: &std::io::Error, name: &str) -> ClientError {
        let is_late = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
        if matches!(is_late, Some(ureq::Error::Timeout(_))) || self.deadline.left().is_none() {
            return self.no_answer(name);
        }
        ClientError::Empty { method: name.to_owned() }
    }

    /// An answer whose status says no; it may still be the answer of an MCP server.
    fn refusal(&mut self, response: Response<Body>) -> Result<(), ClientError> {
        let code = response.status().as_u16();
        let mut said = Vec::new();
        // what cannot be read is not said
        let _ = response.into_body().into_reader().take(SAID).read_to_end(&mut said);
        if !matches!(code, 401 | 403)
            && let Ok(answer @ Value::Object(_)) = message::read(&said)
            && answer.get("jsonrpc").is_some()
            && answer.get("error").is_some()
        {
            self.queue.push_back(answer);
            return Ok(());
        }
        // a page for people says nothing in one line
        let said = String::from_utf8_lossy(&said);
        let said = if said.trim_start().starts_with('<') { String::new() } else { quote(&said) };
        Err(ClientError::Status { code, said })
    }

    fn open(&mut self, body: Body) {
        self.stream = Some(Stream { body: body.into_reader(), events: Events::default(), waiting: VecDeque::new() });
    }

    /// The next event of the stream; `None` at its end.
    fn event(&mut self, name: &str) -> Result<Option<Event>, ClientError> {
        let mut chunk = vec![0; 16 * 1024];
        loop {
            let Some(stream) = &mut self.stream else { return Ok(None) };
            if let Some(event) = stream.waiting.pop_front() {
                return Ok(Some(event));
            }
            let n = match stream.body.read(&mut chunk) {
                Ok(n) => n,
                Err(error) => return Err(self.cut(&error, name)),
            };
            if n == 0 {
                self.stream = None;
                continue;
            }
            stream.waiting.extend(stream.events.feed(chunk.get(..n).unwrap_or_default()));
            self.heard = self.heard.saturating_add(n);
            if stream.events.held() > self.longest {
                return Err(ClientError::LongMessage(self.longest));
            }
            if self.heard > self.most {
                return Err(ClientError::TooMuch(self.most));
            }
            if self.deadline.left().is_none() {
                return Err(self.no_answer(name));
            }
        }
    }

    /// The transport of 2024-11-05: a stream whose first event names the address for messages. False where the server
    /// does not speak it.
    fn go_back(&mut self) -> Result<bool, ClientError> {
        const FIRST: &str = "endpoint";
        let response = self.exchange(&Method::GET, None, FIRST)?;
        if !response.status().is_success() || kind(&response) != EVENTS {
            return Ok(false);
        }
        self.open(response.into_body());
        while let Some(event) = self.event(FIRST)? {
            if event.name != FIRST {
                continue;
            }
            let place = std::str::from_utf8(&event.data).ok().and_then(|place| address::resolved(&self.url, place));
            let Some(place) = place else {
                return Err(ClientError::Broken { why: "its `endpoint` is no address".to_owned() });
            };
            if !address::is_same_place(&self.url, &place) {
                return Err(ClientError::Redirect { to: address::shown_uri(&place), follows: false });
            }
            self.url = place;
            self.is_old = true;
            self.notes.push("the server speaks the transport of 2024-11-05, HTTP with one stream of events".to_owned());
            return Ok(true);
        }
        Ok(false)
    }
}

impl Transport for Http {
    fn send(&mut self, message: &Value) -> Result<(), ClientError> {
        let name = message.get("method").and_then(Value::as_str).unwrap_or("answer");
        let is_request = message.get("id").is_some() && message.get("method").is_some();
        if is_request && !self.is_old {
            self.stream = None;
        }
        let response = self.exchange(&Method::POST, Some(message), name)?;
        let status = response.status();
        if !status.is_success() {
            let is_first = name == "initialize" && !self.is_old;
            if !is_request {
                // a server that does not take what needs no answer may still answer
                return if matches!(status.as_u16(), 401 | 403) { self.refusal(response) } else { Ok(()) };
            }
            let said = self.refusal(response);
            if is_first && said.is_err() && matches!(status.as_u16(), 400 | 404 | 405) && self.go_back()? {
                return self.send(message);
            }
            return said;
        }
        if let Some(session) = response.headers().get(SESSION).filter(|_| name == "initialize") {
            self.session = Some(session.clone());
        }
        if !is_request || self.is_old {
            return Ok(());
        }
        match kind(&response).as_str() {
            EVENTS => self.open(response.into_body()),
            "application/json" => {
                let bytes = self.whole(response.into_body(), name)?;
                if !bytes.trim_ascii().is_empty() {
                    self.queue.push_back(message::read(&bytes)?);
                }
            }
            "" => {}
            other => return Err(ClientError::NotMcp(quote(other))),
        }
        Ok(())
    }

    fn receive(&mut self, method: &str) -> Result<Value, ClientError> {
        loop {
            if let Some(message) = self.queue.pop_front() {
                return Ok(message);
            }
            match self.event(method)? {
                // an event without data opens a stream that could be taken up again
                Some(event) if event.data.is_empty() || !matches!(event.name.as_str(), "" | "message") => {}
                Some(event) => return message::read(&event.data),
                None => return Err(ClientError::Empty { method: method.to_owned() }),
            }
        }
    }

    fn agreed(&mut self, revision: &str) {
        self.revision = HeaderValue::from_str(revision).ok();
    }
}

fn pair(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), ClientError> {
    let refused = |why| ClientError::Header { name: quote(name), why };
    let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
        return Err(refused("its name has characters that no header has"));
    };
    if OURS.contains(&header) {
        return Err(refused("mcppol sets it itself"));
    }
    let Ok(mut value) = HeaderValue::from_str(value) else {
        return Err(refused("its value has characters that no header has"));
    };
    value.set_sensitive(true);
    Ok((header, value))
}

/// The media type, without what follows it.
fn kind(response: &Response<Body>) -> String {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
