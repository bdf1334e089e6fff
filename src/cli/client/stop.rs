//! Signals that end us while a server of ours runs: they wait until it is ended. At every other time they do what they
//! always do. Windows tells the whole console of Ctrl-C, the server included, so there is nothing to do there.

#[cfg(not(unix))]
pub(super) use elsewhere::{Guard, die};
#[cfg(unix)]
pub(super) use unix::{Guard, die};

#[cfg(unix)]
mod unix {
    use std::sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    };

    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        flag::{register_conditional_default, register_usize},
        low_level::emulate_default_handler,
    };

    /// Handlers stay for the life of the process; what they do depends on these.
    struct Watch {
        /// Whether a signal ends us at once.
        at_once: Arc<AtomicBool>,
        /// The signal that came otherwise.
        came: Arc<AtomicUsize>,
    }

    static WATCH: OnceLock<Watch> = OnceLock::new();

    /// While this lives, signals wait.
    #[derive(Debug)]
    pub(in crate::cli::client) struct Guard(());

    impl Guard {
        pub(in crate::cli::client) fn new() -> Self {
            let watch = WATCH.get_or_init(|| {
                let watch = Watch { at_once: Arc::new(AtomicBool::new(true)), came: Arc::new(AtomicUsize::new(0)) };
                for signal in [SIGINT, SIGTERM, SIGHUP] {
                    // where a handler cannot be set, the signal ends us as ever
                    let _ = register_conditional_default(signal, Arc::clone(&watch.at_once))
                        .and_then(|_| register_usize(signal, Arc::clone(&watch.came), signal.unsigned_abs() as usize));
                }
                watch
            });
            watch.at_once.store(false, Ordering::SeqCst);
            Self(())
        }

        /// The signal that came, if one did.
        pub(in crate::cli::client) fn signal(&self) -> Option<i32> {
            let came = WATCH.get().map_or(0, |watch| watch.came.load(Ordering::SeqCst));
            i32::try_from(came).ok().filter(|&signal| signal != 0)
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            if let Some(watch) = WATCH.get() {
                watch.at_once.store(true, Ordering::SeqCst);
            }
        }
    }

    /// Ends us as the signal would have: a shell looks at this to know whether to go on.
    pub(in crate::cli::client) fn die(signal: i32) {
        // where this fails, the error that follows ends us
        let _ = emulate_default_handler(signal);
    }
}

#[cfg(not(unix))]
mod elsewhere {
    #[derive(Debug)]
    pub(in crate::cli::client) struct Guard(());

    impl Guard {
        pub(in crate::cli::client) fn new() -> Self {
            Self(())
        }

        pub(in crate::cli::client) fn signal(&self) -> Option<i32> {
            None
        }
    }

    pub(in crate::cli::client) fn die(_: i32) {}
}
