//! How fast the command is, as whole processes of a release build: CPU time and peak memory, and ratios to two
//! anchors measured in the same run: a program that prints one line, and `serde_json` reading the compiled output.
//!
//! `cargo bench --bench speed` prints the table that stands in `docs/benchmarks.md`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark runs processes, reads the clock, prints, and stops where something is not as it should be"
)]

mod measure;
mod workload;

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use mcppol::{
    catalog::Catalogs,
    hir::{Environment, NoImports, Source, analyze},
    syntax::literal::Date,
    target,
};

use measure::{cpu, hello, milliseconds, ratio};
use workload::workload;

fn main() {
    // cargo passes `--bench`; `cargo test --benches` does not, and measures nothing
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().expect("a scratch folder");
    let at = |name: &str| folder.path().join(name);
    let program = Path::new(env!("CARGO_BIN_EXE_mcppol"));

    let hello = hello(folder.path());

    let small = write(&at("small.mcp"), SMALL);
    let rules = |count| write(&at(&format!("{count}.mcp")), &workload(count));
    let (thousands, many) = (rules(10_000), rules(100_000));

    println!("| what | CPU | ratio |\n|---|---|---|");
    let start = cpu(Command::new(&hello), 200);
    println!("| a program that prints one line | {} | 1.0 hello |", milliseconds(start.cpu));
    let check = |file: &Path, runs| {
        let mut command = Command::new(program);
        command.arg("check").arg(file);
        cpu(command, runs)
    };
    let thirty = check(&small, 200);
    println!(
        "| `check`, {} lines | {} | {:.1} hello |",
        SMALL.lines().count(),
        milliseconds(thirty.cpu),
        ratio(thirty, start)
    );
    let ten = check(&thousands, 10);
    println!("| `check`, 10,000 rules | {} | {:.0} hello |", milliseconds(ten.cpu), ratio(ten, start));
    let hundred = check(&many, 3);
    println!(
        "| `check`, 100,000 rules | {} | {:.1} times the 10,000 |",
        milliseconds(hundred.cpu),
        ratio(hundred, ten)
    );
    let mut command = Command::new(program);
    command.arg("compile").arg(&thousands).arg("--out-dir").arg(at("out"));
    let compile = cpu(command, 5);
    println!(
        "| `compile --out-dir`, 10,000 rules | {} | {:.1} checks |",
        milliseconds(compile.cpu),
        ratio(compile, ten)
    );
    let mut command = Command::new(program);
    command.arg("fmt").arg("--check").arg(&thousands);
    let fmt = cpu(command, 10);
    println!(
        "| `fmt`, 10,000 rules, its own output read again | {} | {:.1} checks |",
        milliseconds(fmt.cpu),
        ratio(fmt, ten)
    );
    println!("| peak memory of `check`, 100,000 rules | {} MB | |", hundred.memory >> 20);
    json_anchor();
}

/// In one process: reading and checking a policy against `serde_json` reading what it compiles to.
fn json_anchor() {
    let text = workload(10_000);
    let catalogs = Catalogs::embedded();
    let today = Date { year: 2026, month: 1, day: 1 };
    let run = || {
        let source = Source { name: "b.mcp".to_owned(), text: text.clone() };
        analyze(source, &NoImports, Environment { catalogs: &catalogs, today })
    };
    let analysis = run();
    let checked = analysis.checked().expect("the workload has no errors");
    let compiled: Vec<String> =
        checked.policies().map(|policy| target::ALL[0].lower(policy).text().expect("it compiles")).collect();
    let bytes: usize = compiled.iter().map(String::len).sum();
    let ours = best(5, || drop(run()));
    let theirs = best(5, || {
        for document in &compiled {
            let value: serde_json::Value = serde_json::from_str(document).expect("JSON");
            drop(value);
        }
    });
    println!(
        "| reading and checking {:.1} MB of policy | {} | {:.1} times `serde_json` on the {:.1} MB that it compiles to ({}) |",
        text.len() as f64 / 1e6,
        milliseconds(ours),
        ours.as_secs_f64() / theirs.as_secs_f64(),
        bytes as f64 / 1e6,
        milliseconds(theirs)
    );
}

fn best(runs: usize, mut work: impl FnMut()) -> Duration {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn write(path: &Path, text: &str) -> PathBuf {
    std::fs::write(path, text).expect("a scratch file");
    path.to_owned()
}

const SMALL: &str = include_str!("small.mcp");
