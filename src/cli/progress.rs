//! A line on a terminal about work that takes longer than a second; nothing where nobody watches.

use std::{
    io::{IsTerminal as _, Write as _, stderr},
    time::{Duration, Instant},
};

/// From when on the line is shown.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it changes.
const PAUSE: Duration = Duration::from_millis(100);

/// How far some work is.
pub(super) struct Progress {
    what: &'static str,
    total: Option<usize>,
    done: usize,
    /// When the line may be written; never where standard error is no terminal.
    next: Option<Instant>,
    shown: bool,
}

impl Progress {
    /// Work on things that are called so in the plural; on how many, where that is known.
    pub(super) fn new(what: &'static str, total: Option<usize>) -> Self {
        let next = stderr().is_terminal().then(|| Instant::now() + PATIENCE);
        Self { what, total, done: 0, next, shown: false }
    }

    /// So many more are done.
    pub(super) fn step(&mut self, more: usize) {
        self.done += more;
        let now = Instant::now();
        if self.next.is_some_and(|next| next <= now) {
            self.next = Some(now + PAUSE);
            self.shown = true;
            draw(&format!("\r\u{1b}[K{}", self.line()));
        }
    }

    fn line(&self) -> String {
        match self.total {
            Some(total) => format!("{} of {total} {}", self.done, self.what),
            None => format!("{} {}", self.done, self.what),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            draw("\r\u{1b}[K");
        }
    }
}

fn draw(text: &str) {
    let mut stderr = stderr().lock();
    // nowhere to report a failure of standard error itself
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn the_line_counts() {
        let mut progress = Progress { what: "files", total: Some(10), done: 0, next: None, shown: false };
        progress.step(3);
        assert_eq!((progress.line().as_str(), progress.shown), ("3 of 10 files", false));
        progress.total = None;
        assert_eq!(progress.line(), "3 files");
    }
}
