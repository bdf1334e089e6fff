//! How fast recorded calls are decided: whole processes of a release build over a million lines.
//!
//! `cargo bench --bench calls` prints the table that stands in `docs/benchmarks.md`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark runs processes, reads the clock, prints, and stops where something is not as it should be"
)]

mod measure;

use std::{
    io::{self, BufWriter, Write},
    path::Path,
    process::Command,
};

use measure::{cpu, hello, milliseconds, ratio};

const CALLS: u32 = 1_000_000;

/// The tools of a shop, of a tracker and of a mailbox: reads, conditions, a pattern, limits, and what is refused.
const POLICY: &str = r#"policy desk for desk {
  default deny
  allow get_order, list_orders, search_orders, get_customer, list_customers
  allow get_issue, list_issues, search_issues, list_comments
  allow list_messages, read_message, search_messages
  allow create_refund {
    require args.amount <= 10000 because "large refunds are made by hand"
    require args.currency in ["eur", "usd", "gbp"]
    deny if args.reason == "test"
    limit to 100000 per hour
  }
  allow add_comment {
    require args.issue matches r"[A-Z]{2,5}-[0-9]+"
    limit to 100000 per minute
  }
  allow send_message {
    require args.to matches r"[a-z.]+@example\.(com|org)" because "only to colleagues"
    limit to 100000 per day
  }
  ask close_issue because "a person closes issues"
  hide delete_customer, delete_mailbox
  limit all to 1000000 per hour
}
"#;

fn main() {
    // cargo passes `--bench`; `cargo test --benches` does not, and measures nothing
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().expect("a scratch folder");
    let program = Path::new(env!("CARGO_BIN_EXE_mcppol"));
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a scratch file");
        path
    };
    let policy = file("desk.mcp", POLICY);
    let document = folder.path().join("desk.policylayer.json");
    let compiled = Command::new(program).arg("compile").arg(&policy).arg("-o").arg(&document).output();
    assert!(compiled.is_ok_and(|output| output.status.success()), "the policy compiles");
    let (plain, messages) = (folder.path().join("calls.jsonl"), folder.path().join("messages.jsonl"));
    for (path, as_messages) in [(&plain, false), (&messages, true)] {
        let file = std::fs::File::create(path).expect("a scratch file");
        workload(as_messages, &mut BufWriter::new(file)).expect("a scratch file takes it");
    }

    let start = cpu(Command::new(hello(folder.path())), 200);
    let megabytes = |path: &Path| std::fs::metadata(path).map_or(0, |data| data.len()) as f64 / 1e6;
    println!("{CALLS} calls, {:.0} MB, as messages {:.0} MB\n", megabytes(&plain), megabytes(&messages));
    println!("| what | CPU | ratio | calls a second | peak memory |\n|---|---|---|---|---|");
    println!("| a program that prints one line | {} | 1.0 hello | | |", milliseconds(start.cpu));
    for (what, policy, calls, format) in [
        ("`eval --calls`", &policy, &plain, "text"),
        ("`eval --calls --format json`", &policy, &plain, "json"),
        ("`eval --calls`, `tools/call` messages", &policy, &messages, "text"),
        ("`eval --calls` by the compiled `policylayer` document", &document, &plain, "text"),
    ] {
        let mut command = Command::new(program);
        command.arg("eval").arg(policy).arg("--calls").arg(calls).args(["--counters", "fresh", "--format", format]);
        let cost = cpu(command, 2);
        let speed = f64::from(CALLS) / cost.cpu.as_secs_f64();
        println!(
            "| {what} | {} | {:.0} hello | {:.0} thousand | {} MB |",
            milliseconds(cost.cpu),
            ratio(cost, start),
            speed / 1e3,
            cost.memory >> 20
        );
    }
}

/// Writes a million calls of half a day, always the same: seven of ten read, one of ten is refused.
fn workload(as_messages: bool, out: &mut impl Write) -> io::Result<()> {
    const READS: [&str; 12] = [
        "get_order",
        "list_orders",
        "search_orders",
        "get_customer",
        "list_customers",
        "get_issue",
        "list_issues",
        "search_issues",
        "list_comments",
        "list_messages",
        "read_message",
        "search_messages",
    ];
    let mut seed: u64 = 7;
    for nth in 0..CALLS {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (kind, value) = ((seed >> 33) % 100, (seed >> 40) % 10_000);
        let (tool, args) = match kind {
            0..70 => (READS[(value % 12) as usize], format!(r#"{{"id":"ord_{value}","limit":50,"fields":["a","b"]}}"#)),
            70..78 => (
                "create_refund",
                format!(r#"{{"order":"ord_{value}","amount":{value},"currency":"eur","reason":"damaged"}}"#),
            ),
            78..82 => ("create_refund", format!(r#"{{"order":"ord_{value}","amount":5{value}0,"currency":"chf"}}"#)),
            82..87 => ("add_comment", format!(r#"{{"issue":"SHOP-{value}","text":"looked at it, \"as is\""}}"#)),
            87..92 => ("send_message", format!(r#"{{"to":"jo.doe@example.com","subject":"order {value}"}}"#)),
            92..95 => ("send_message", format!(r#"{{"to":"jo{value}@elsewhere.net","subject":"order {value}"}}"#)),
            95..97 => ("close_issue", format!(r#"{{"issue":"SHOP-{value}"}}"#)),
            97 => ("delete_customer", format!(r#"{{"id":"{value}"}}"#)),
            _ => ("export_everything", "{}".to_owned()),
        };
        let second = nth / 25;
        let time = format!("2026-11-20T{:02}:{:02}:{:02}.25Z", second / 3_600, second / 60 % 60, second % 60);
        if as_messages {
            writeln!(
                out,
                r#"{{"timestamp":"{time}","direction":"in","message":{{"jsonrpc":"2.0","id":{nth},"method":"tools/call","params":{{"name":"{tool}","arguments":{args}}}}}}}"#
            )?;
        } else {
            writeln!(out, r#"{{"time":"{time}","id":{nth},"tool":"{tool}","args":{args},"result":"allowed"}}"#)?;
        }
    }
    out.flush()
}
