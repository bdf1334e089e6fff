//! How fast one tool is found among 900,000: whole processes of a release build, over an index that is made up here; and
//! how fast 100,000 tools are classed, in one process.
//!
//! `cargo bench --bench catalogs` prints the table that stands in `docs/benchmarks.md`. The servers are the same on every
//! run and machine: names from lists of words, arguments as servers have them, some names that thousands share.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark runs processes, reads the clock, prints, and stops where something is not as it should be"
)]

mod measure;

use std::{path::Path, process::Command, time::Instant};

use mcppol::{
    catalog::{
        Catalogs, Category, ClassSource, Hints, JsonType, Param, Server, Tool, Types,
        index::{Entry, write as index},
        write,
    },
    classify::{Facts, classify},
};
use serde_json::json;

use measure::{Cost, cpu, hello, milliseconds, ratio};

const SERVERS: usize = 43_000;
const TOOLS: usize = 900_000;

const VERBS: [(&str, Category); 16] = [
    ("get", Category::Read),
    ("list", Category::Read),
    ("search", Category::Read),
    ("fetch", Category::Read),
    ("describe", Category::Read),
    ("check", Category::Read),
    ("create", Category::Write),
    ("update", Category::Write),
    ("add", Category::Write),
    ("set", Category::Write),
    ("send", Category::Write),
    ("run", Category::Execute),
    ("start", Category::Execute),
    ("delete", Category::Destructive),
    ("remove", Category::Destructive),
    ("pay", Category::Financial),
];

const NOUNS: [&str; 40] = [
    "user",
    "issue",
    "page",
    "invoice",
    "order",
    "file",
    "message",
    "channel",
    "project",
    "task",
    "event",
    "calendar",
    "contact",
    "customer",
    "product",
    "price",
    "report",
    "dashboard",
    "metric",
    "alert",
    "device",
    "sensor",
    "pod",
    "cluster",
    "bucket",
    "object",
    "table",
    "row",
    "record",
    "document",
    "note",
    "tag",
    "label",
    "comment",
    "review",
    "branch",
    "commit",
    "release",
    "job",
    "queue",
];

const PARAMS: [&str; 16] = [
    "id",
    "name",
    "query",
    "limit",
    "page",
    "cursor",
    "path",
    "url",
    "body",
    "filter",
    "sort",
    "project_id",
    "user_id",
    "start_date",
    "end_date",
    "dry_run",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, file] = arguments.as_slice()
        && flag == "--build"
    {
        build(Path::new(file));
        return;
    }
    // cargo passes `--bench`; `cargo test --benches` does not, and measures nothing
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let folder = tempfile::tempdir().expect("a scratch folder");
    let program = Path::new(env!("CARGO_BIN_EXE_mcppol"));
    let file = folder.path().join("servers.index");
    // in a process of its own: what a child holds at its peak begins with what its parent holds
    let itself = std::env::current_exe().expect("this program");
    let built = Command::new(itself).arg("--build").arg(&file).status();
    assert!(built.is_ok_and(|status| status.success()), "the index is built");

    println!("| what | CPU | wall | peak memory | |\n|---|---|---|---|---|");
    let anchor = cpu(Command::new(hello(folder.path())), 200);
    row("a program that prints one line", anchor, anchor);
    let run = |words: &[&str], indexed: bool, runs| {
        let mut command = Command::new(program);
        command.args(words);
        if indexed {
            command.arg("--index").arg(&file);
        }
        cpu(command, runs)
    };
    row(
        "`catalog show SERVER TOOL`, the program's own catalogs",
        run(&["catalog", "show", "plex", "clear_auth"], false, 200),
        anchor,
    );
    let (middle, last) = (format!("vendor-{}", SERVERS / 2), format!("vendor-{}", SERVERS - 1));
    row("`catalog show SERVER`, with the index", run(&["catalog", "show", &middle], true, 200), anchor);
    let own = format!("own_tool_{}", SERVERS - 1);
    row("`catalog show SERVER TOOL`, with the index", run(&["catalog", "show", &last, &own], true, 200), anchor);
    row("`catalog show TOOL`, one server has it", run(&["catalog", "show", &own], true, 200), anchor);
    row("`catalog show TOOL`, thousands have it", run(&["catalog", "show", "get_user"], true, 100), anchor);
    row(
        "`catalog search WORD WORD`, all names looked at",
        run(&["catalog", "search", "vendor-77", "get_user"], true, 5),
        anchor,
    );
    classes();
}

/// What a server might write about a tool, without saying what it does.
const TEXT: &str = "in the current workspace. The identifier is that of the object as other tools of this server return it, and not \
    the one that is shown in the address of a page. Where a filter is given, only what fits it is looked at. Use it for one object at a \
    time; to work on many, call it once for each. The answer has the object as it is afterwards, with its identifier.";

/// How long the classes of 100,000 tools take in one process: the tools of the embedded catalogs, again and again.
fn classes() {
    let catalogs = Catalogs::embedded();
    let servers: Vec<_> = catalogs.ids().filter_map(|id| catalogs.find(&id)).collect();
    let tools: Vec<&Tool> = servers.iter().flat_map(|server| &server.tools).cycle().take(100_000).collect();
    let texts: Vec<String> =
        tools.iter().map(|tool| format!("{} {TEXT}", tool.name.replace(['_', '-'], " "))).collect();
    let best = |work: &dyn Fn()| {
        let once = |_| {
            let start = Instant::now();
            work();
            start.elapsed()
        };
        (0..5).map(once).min().unwrap_or_default()
    };
    let judged = |with_text: bool| {
        for (tool, text) in tools.iter().zip(&texts) {
            let description = with_text.then_some(text.as_str());
            let facts = Facts { name: &tool.name, title: None, description, params: &tool.params, hints: tool.hints };
            std::hint::black_box(classify(&facts));
        }
    };
    let listing =
        |(tool, text): (&&Tool, &String)| json!({"name": tool.name, "description": text, "params": tool.params});
    let listing = serde_json::Value::from(tools.iter().zip(&texts).map(listing).collect::<Vec<_>>()).to_string();
    let read = best(&|| {
        let value: serde_json::Value = serde_json::from_str(&listing).expect("JSON");
        std::hint::black_box(value);
    });
    println!("\n| in one process | time | ratio |\n|---|---|---|");
    println!(
        "| `serde_json` reads a listing of {} tools, {:.0} MB | {} | 1.0 |",
        tools.len(),
        listing.len() as f64 / 1e6,
        milliseconds(read)
    );
    for (what, with_text) in [("names, arguments and hints", false), ("descriptions of some 400 characters too", true)]
    {
        let time = best(&|| judged(with_text));
        let ratio = time.as_secs_f64() / read.as_secs_f64();
        println!("| the classes of these tools: {what} | {} | {ratio:.1} |", milliseconds(time));
    }
}

/// Makes up the servers, and writes their index.
fn build(file: &Path) {
    let begun = Instant::now();
    let mut random = Random(7);
    let mut tools = 0;
    let mut entries = Vec::new();
    for number in 0..SERVERS {
        // the tools that are left, spread over the servers that are left: some have three, some forty
        let mean = (TOOLS - tools) / (SERVERS - number);
        let count = if number + 1 == SERVERS { mean } else { 3 + random.below(2 * mean.saturating_sub(3) + 1) };
        let server = server(number, count.min(TOOLS - tools), &mut random);
        tools += server.tools.len();
        entries.push(Entry::new(write(&server).as_bytes()).expect("a catalog"));
    }
    let bytes = index(entries).expect("it fits");
    std::fs::write(file, &bytes).expect("a scratch file");
    let (size, time) = (bytes.len() as f64 / 1e6, begun.elapsed().as_secs_f64());
    println!("{SERVERS} servers, {tools} tools: an index of {size:.1} MB, made in {time:.0} s\n");
}

fn row(what: &str, cost: Cost, anchor: Cost) {
    let memory = cost.memory as f64 / 1e6;
    let (cpu, wall) = (milliseconds(cost.cpu), milliseconds(cost.wall));
    println!("| {what} | {cpu} | {wall} | {memory:.1} MB | {:.1} hello |", ratio(cost, anchor));
}

fn server(number: usize, tools: usize, random: &mut Random) -> Server {
    let id = format!("vendor-{number}");
    let mut out: Vec<Tool> = Vec::new();
    while out.len() + 1 < tools {
        let (verb, category) = VERBS[random.below(VERBS.len())];
        let noun = NOUNS[random.below(NOUNS.len())];
        // every other name is one that many servers share
        let name = match random.below(4) {
            0 | 1 => format!("{verb}_{noun}"),
            2 => format!("{verb}_{noun}_{}", NOUNS[random.below(NOUNS.len())]),
            _ => format!("{verb}_{noun}_{}", random.below(10_000)),
        };
        if out.iter().all(|tool| tool.name != name) {
            let why = format!("name contains `{verb}`");
            out.push(tool(name, category, why, random));
        }
    }
    if tools > 0 {
        out.push(tool(format!("own_tool_{number}"), Category::Execute, "made up".to_owned(), random));
    }
    Server {
        name: format!("Vendor {number}"),
        repository: Some(format!("vendor-{number}/mcp")),
        registry: Some("npm".to_owned()),
        package: Some(format!("@vendor-{number}/mcp")),
        version: Some("1.0.0".to_owned()),
        commit: None,
        origin: "made up".to_owned(),
        aliases: vec![format!("io-github-vendor-{number}")],
        tools: out,
        id,
    }
}

fn tool(name: String, category: Category, why: String, random: &mut Random) -> Tool {
    let first = random.below(PARAMS.len());
    let params = (0..random.below(7)).map(|at| Param {
        name: PARAMS[(first + at) % PARAMS.len()].to_owned(),
        types: Types::of(&[[JsonType::String, JsonType::Integer, JsonType::Boolean][random.below(3)]]),
        required: at == 0,
        conditional: None,
        values: None,
        items: Types::ANY,
    });
    Tool {
        name,
        category,
        risk: category.risk(),
        signals: Vec::new(),
        why,
        confidence: None,
        conditional: None,
        hints: Hints::default(),
        description: None,
        schema: None,
        params: params.collect(),
        source: ClassSource::Pulled,
    }
}

/// The same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % limit as u64).expect("it is below a usize")
    }
}
