//! A server as a program of ours: one message is one line of its standard input or output.
//!
//! Three threads move bytes, so that nothing a server does or leaves undone can hold us: it may write without end, read
//! nothing, or leave its pipes to others. None is waited for.

use std::{
    io::{Read, Write as _},
    path::Path,
    process::{Command, ExitStatus},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use serde_json::Value;

use super::{
    Deadline, Limits,
    error::{ClientError, quote},
    lines::each_line,
    message,
    process::{Pipes, Process, within},
    session::Transport,
    stop::Guard,
};

/// How many lines wait on either side.
const QUEUE: usize = 64;
/// How often we look whether we are to stop.
const GLANCE: Duration = Duration::from_millis(50);
/// How long we wait for the last words of a server that closed its output.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// The variables that a server has with `--clear-env`: without them hardly a program starts.
const KEPT: [&str; 10] =
    ["PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "PATHEXT", "TEMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA"];

/// What to start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start<'a> {
    pub(super) program: &'a str,
    pub(super) args: &'a [String],
    pub(super) env: &'a [(String, String)],
    pub(super) clear_env: bool,
    pub(super) cwd: Option<&'a Path>,
}

/// A server as a program.
#[derive(Debug)]
pub(super) struct Stdio {
    /// `None` once its input is closed.
    input: Option<SyncSender<Vec<u8>>>,
    output: Receiver<Heard>,
    errors: Arc<Mutex<Errors>>,
    /// The last line of the output that was no message.
    noise: Option<String>,
    process: Process,
    deadline: Deadline,
    guard: Guard,
}

#[derive(Debug)]
enum Heard {
    Line(Vec<u8>),
    Cut(ClientError),
}

/// What is kept of standard error: the line that tells most.
#[derive(Debug, Default)]
struct Errors {
    last: String,
    /// The last that speaks of an error.
    telling: String,
    ended: bool,
}

impl Stdio {
    /// Starts the server.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub(super) fn start(start: Start<'_>, deadline: Deadline, limits: &Limits) -> Result<Self, ClientError> {
        if let Some(folder) = start.cwd.filter(|folder| !folder.is_dir()) {
            return Err(ClientError::NoFolder(folder.to_owned()));
        }
        if let Some((name, _)) = start.env.iter().find(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(ClientError::Variable(quote(name)));
        }
        // before there is a process to leave behind
        let guard = Guard::new();
        let (process, pipes) = Process::start(command(start)).map_err(|error| {
            let found = error.kind() != std::io::ErrorKind::NotFound;
            let why = match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such program".to_owned(),
                std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
                _ => error.to_string().to_lowercase(),
            };
            ClientError::Start { program: start.program.to_owned(), why, found }
        })?;
        let Pipes { mut stdin, stdout, stderr } = pipes;
        let (input, to_write) = sync_channel::<Vec<u8>>(QUEUE);
        thread::spawn(move || {
            for line in to_write {
                // a server that went away is seen at its output
                if stdin.write_all(&line).and_then(|()| stdin.flush()).is_err() {
                    break;
                }
            }
        });
        let (heard, output) = sync_channel(QUEUE);
        let (longest, most) = (limits.line, limits.bytes);
        thread::spawn(move || {
            if let Err(cut) = each_line(stdout, longest, most, |line| heard.send(Heard::Line(line)).is_ok()) {
                // nobody listens any more
                let _ = heard.send(Heard::Cut(cut));
            }
        });
        let errors = Arc::new(Mutex::new(Errors::default()));
        let shared = Arc::clone(&errors);
        thread::spawn(move || listen(stderr, &shared));
        Ok(Self { input: Some(input), output, errors, noise: None, process, deadline, guard })
    }

    /// Ends the server and says whether we are to end as well.
    pub(super) fn end(mut self, did_its_work: bool) -> Option<i32> {
        self.input = None;
        self.process.end(did_its_work);
        self.guard.signal()
    }

    /// What the server says of itself: how it ended, and its most telling line.
    fn state(&mut self, is_over: bool) -> String {
        let status = self.process.status(if is_over { LAST_WORDS } else { Duration::ZERO });
        if is_over {
            within(LAST_WORDS, || locked(&self.errors).ended);
        }
        let mut parts = Vec::new();
        match status {
            Some(status) => parts.push(ended(status)),
            None if is_over => parts.push("it closed its output".to_owned()),
            None => {}
        }
        let errors = locked(&self.errors);
        let words = if errors.telling.is_empty() { &errors.last } else { &errors.telling };
        let words = quote(words);
        if !words.is_empty() {
            parts.push(format!("it wrote `{words}`"));
        } else if let Some(noise) = &self.noise {
            parts.push(format!("its output has `{noise}`, which is no message"));
        }
        parts.join("; ")
    }
}

impl Transport for Stdio {
    fn send(&mut self, message: &Value) -> Result<(), ClientError> {
        let mut line = message.to_string().into_bytes();
        line.push(b'\n');
        match self.input.as_ref().map(|input| input.try_send(line)) {
            Some(Err(TrySendError::Full(_))) => Err(ClientError::Deaf),
            // a server that went away is seen at its output, with its last words
            _ => Ok(()),
        }
    }

    fn receive(&mut self, method: &str) -> Result<Value, ClientError> {
        loop {
            if let Some(signal) = self.guard.signal() {
                return Err(ClientError::Stopped(signal));
            }
            let Some(left) = self.deadline.left() else {
                return Err(ClientError::NoAnswer {
                    method: method.to_owned(),
                    time: self.deadline.time,
                    state: self.state(false),
                });
            };
            match self.output.recv_timeout(left.min(GLANCE)) {
                Ok(Heard::Line(line)) => match message::read_line(&line)? {
                    Some(message) => return Ok(message),
                    None => {
                        let noise =
                            quote(&String::from_utf8_lossy(line.get(..line.len().min(400)).unwrap_or_default()));
                        if !noise.is_empty() {
                            self.noise = Some(noise);
                        }
                    }
                },
                Ok(Heard::Cut(error)) => return Err(error),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(ClientError::Ended { method: method.to_owned(), state: self.state(true) });
                }
            }
        }
    }

    fn agreed(&mut self, _: &str) {}
}

fn command(start: Start<'_>) -> Command {
    let mut command = Command::new(start.program);
    command.args(start.args);
    if start.clear_env {
        command.env_clear();
        command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    }
    command.envs(start.env.iter().map(|(name, value)| (name, value)));
    if let Some(folder) = start.cwd {
        command.current_dir(folder);
    }
    command
}

/// Keeps the telling lines of standard error; it is read to its end, so that the server can write on.
fn listen(mut stderr: impl Read, errors: &Mutex<Errors>) {
    const LONGEST: usize = 2_000;
    let mut chunk = [0; 4_096];
    let mut line: Vec<u8> = Vec::new();
    loop {
        let n = match stderr.read(&mut chunk) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            read => read.unwrap_or(0),
        };
        for &byte in chunk.get(..n).unwrap_or_default() {
            if byte == b'\n' {
                locked(errors).hear(&line);
                line.clear();
            } else if line.len() < LONGEST {
                line.push(byte);
            }
        }
        if n == 0 {
            let mut errors = locked(errors);
            errors.hear(&line);
            errors.ended = true;
            return;
        }
    }
}

impl Errors {
    fn hear(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        if line.trim().is_empty() {
            return;
        }
        if line.to_lowercase().contains("error") {
            self.telling = line.trim().to_owned();
        }
        self.last = line.trim().to_owned();
    }
}

/// A thread that panicked while it held the lock left nothing half done.
fn locked(errors: &Mutex<Errors>) -> std::sync::MutexGuard<'_, Errors> {
    errors.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("it was ended by signal {signal}");
    }
    status.code().map_or_else(|| "it ended".to_owned(), |code| format!("it ended with status {code}"))
}
