//! How the benchmarks measure a command: CPU time as the kernel counts it, wall time, and peak memory.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use wait4::Wait4 as _;

/// What a command costs.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// The CPU time of a run.
    pub(crate) cpu: Duration,
    /// The time that passed.
    pub(crate) wall: Duration,
    /// The most bytes that it held.
    pub(crate) memory: u64,
}

/// The costs of a command: the least of three means, and its peak memory.
pub(crate) fn cpu(mut command: Command, runs: u32) -> Cost {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut cost = Cost { cpu: Duration::MAX, wall: Duration::MAX, memory: 0 };
    for _ in 0..3 {
        let mut sum = Duration::ZERO;
        let start = Instant::now();
        for _ in 0..runs {
            let used = command.spawn().expect("it starts").wait4().expect("it ends").rusage;
            sum += used.utime + used.stime;
            cost.memory = cost.memory.max(used.maxrss);
        }
        cost.cpu = cost.cpu.min(sum / runs);
        cost.wall = cost.wall.min(start.elapsed() / runs);
    }
    cost
}

/// Builds the anchor, a program that prints one line, in the folder.
pub(crate) fn hello(folder: &Path) -> PathBuf {
    let (source, program) = (folder.join("hello.rs"), folder.join("hello"));
    std::fs::write(&source, "fn main() { println!(\"hello\"); }").expect("a scratch file");
    let built = Command::new("rustc").arg("-O").arg("-o").arg(&program).arg(source).status();
    assert!(built.is_ok_and(|status| status.success()), "rustc builds the anchor");
    program
}

/// How many times the one costs the other's CPU time.
pub(crate) fn ratio(a: Cost, b: Cost) -> f64 {
    a.cpu.as_secs_f64() / b.cpu.as_secs_f64()
}

/// `1.25 ms`
pub(crate) fn milliseconds(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1e3)
}
