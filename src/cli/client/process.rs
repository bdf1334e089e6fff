//! A server as a process: started as the leader of a group of its own, and ended with all of that group.
//!
//! A process that leaves the group (`setsid`) is out of reach. On Windows there are no groups: `taskkill /T` ends the
//! tree below the server instead.

use std::{
    io,
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long a server that did its work has to end by itself once its input is closed.
const GRACE: Duration = Duration::from_millis(700);
/// How long any other has.
const SHORT_GRACE: Duration = Duration::from_millis(100);
/// How long it has after it is told to.
#[cfg(unix)]
const TERM: Duration = Duration::from_millis(1_000);
/// How long the system has to end what cannot refuse; the dead count until someone buries them.
const KILL: Duration = Duration::from_millis(300);

/// The three pipes of a process.
#[derive(Debug)]
pub(super) struct Pipes {
    pub(super) stdin: ChildStdin,
    pub(super) stdout: ChildStdout,
    pub(super) stderr: ChildStderr,
}

/// A running server, and whatever it starts.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    ended: bool,
}

impl Process {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// The system cannot start it.
    pub(super) fn start(mut command: Command) -> io::Result<(Self, Pipes)> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let mut process = Self { child, ended: false };
        let pipes = (process.child.stdin.take(), process.child.stdout.take(), process.child.stderr.take());
        match pipes {
            (Some(stdin), Some(stdout), Some(stderr)) => Ok((process, Pipes { stdin, stdout, stderr })),
            _ => Err(io::Error::other("it has no pipes")),
        }
    }

    /// How it ended, if it did within the time.
    pub(super) fn status(&mut self, time: Duration) -> Option<ExitStatus> {
        let mut status = None;
        within(time, || {
            status = self.child.try_wait().ok().flatten();
            status.is_some()
        });
        status
    }

    /// Ends it and all of its group. Its input must be closed before, which is the polite way to say so; one that did
    /// its work is given the time to see it.
    pub(super) fn end(&mut self, did_its_work: bool) {
        if !std::mem::replace(&mut self.ended, true) {
            let left = self.status(if did_its_work { GRACE } else { SHORT_GRACE }).is_some();
            self.end_group(left);
        }
    }

    /// The group keeps its number for as long as it has members, so no other group is met here.
    #[cfg(unix)]
    fn end_group(&mut self, left: bool) {
        use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
        let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) else { return };
        let is_empty = |child: &mut Child| {
            child.try_wait().is_ok_and(|status| status.is_some()) && test_kill_process_group(group).is_err()
        };
        if left && is_empty(&mut self.child) {
            return;
        }
        for (signal, time) in [(Signal::TERM, TERM), (Signal::KILL, KILL)] {
            // a group that is gone needs no signal
            let _ = kill_process_group(group, signal);
            if within(time, || is_empty(&mut self.child)) {
                return;
            }
        }
    }

    #[cfg(not(unix))]
    fn end_group(&mut self, left: bool) {
        if left {
            return;
        }
        let id = self.child.id().to_string();
        let quiet = |command: &mut Command| {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
        };
        if !quiet(Command::new("taskkill").args(["/T", "/F", "/PID", &id])) {
            // the server at least
            let _ = self.child.kill();
        }
        self.status(KILL);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end(false);
    }
}

/// Whether something becomes true in time; it is looked at more and more seldom.
pub(super) fn within(time: Duration, mut is_true: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if is_true() {
            return true;
        }
        if start.elapsed() >= time {
            return false;
        }
        sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}
