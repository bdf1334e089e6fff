//! Recommended policies: what they say as a page, and that they keep their promise for every server there is.

use std::sync::Arc;

use insta::assert_snapshot;
use mcppol::{
    catalog::{Catalogs, Category, ClassSource, Recommendation, Risk, Server, Signal, Tool, parse},
    check::{self, check},
    diagnostic::Level,
    hir::{
        Analysis, Environment, NoImports, Source, analyze,
        checked::{Policy, RuleKind, Standing},
    },
    lint::Settings,
    recommend::{Options, policy_name, recommend, rule},
    target,
    text::is_hidden,
};
use proptest::{collection::vec, prelude::*};

use crate::{
    examples::{CATALOGS, TODAY},
    laws::world,
};

fn analysis(server: &Server, text: &str) -> Analysis {
    let catalogs = Catalogs::none().with(server.clone());
    let source = Source { name: "recommended.mcp".to_owned(), text: text.to_owned() };
    analyze(source, &NoImports, Environment { catalogs: &catalogs, today: TODAY })
}

/// What a policy does with a tool, as a recommendation says it; `None` where it is left to the default.
fn done(policy: &Policy, name: &str) -> Option<Recommendation> {
    let id = policy.tool(name)?;
    let limits: Vec<(u64, u64)> = policy
        .rules_of(id)
        .filter_map(|rule| match &rule.kind {
            RuleKind::Limit(rate) => Some((rate.max, rate.seconds)),
            _ => None,
        })
        .collect();
    match (policy.standing(id), limits.as_slice()) {
        (Standing::Callable, []) => Some(Recommendation::Allow),
        (Standing::Callable, [(max, 60)]) => Some(Recommendation::Limit { per_minute: u32::try_from(*max).unwrap() }),
        (Standing::Asks, []) => Some(Recommendation::Ask),
        (Standing::Hidden, []) => Some(Recommendation::Hide),
        (Standing::NotGranted, []) => None,
        other => panic!("{name}: {other:?}"),
    }
}

/// What no target can be told of.
fn unsayable(tool: &Tool) -> bool {
    tool.name == "*" || tool.name.trim().is_empty()
}

/// What a target says of every limit and every hidden tool, whoever wrote it.
const OWN: [(&str, &str); 3] = [
    ("rules", "session-scoped-limit"),
    ("rules", "visible-not-hidden"),
    // it cannot count a tool with a dot in its name, or of the name `_global`
    ("intercept", "unenforceable-on-target"),
];

/// What is said of the server's own words, whatever the policy does with its tools.
const OF_THE_SERVER: [&str; 2] = ["confusable-name", "invisible-characters"];

/// The promise: it reads, nothing above an info is found on any target, and each tool is treated as recommended.
fn promise(server: &Server, options: &Options<'_>) -> Result<String, String> {
    let text = recommend(server, options);
    let fail = |why: String| Err(format!("{why}\n\n{text}"));
    if let Some(c) = text.chars().find(|c| is_hidden(*c) && *c != '\n') {
        return fail(format!("{c:?} is written raw"));
    }
    let analysis = analysis(server, &text);
    for target in target::ALL {
        let found = check(&analysis, &check::Options::new(target, &Settings::default())).findings;
        let own = |name| OWN.contains(&(target.name, name)) || OF_THE_SERVER.contains(&name);
        if let Some(finding) = found.iter().find(|it| it.level > Level::Info && !own(it.code.name)) {
            return fail(format!("`{}`: {finding:#?}", target.name));
        }
    }
    let Some(checked) = analysis.checked() else { return fail("it is not sound".to_owned()) };
    let Some(policy) = checked.policy(&policy_name(server)) else { return fail("it has another name".to_owned()) };
    for target in target::ALL {
        let uncounted = |tool: &Tool| tool.name.contains('.') || tool.name == "_global";
        let uncountable = target.name == "intercept" && server.tools.iter().any(uncounted);
        let lowered = target.lower(policy);
        if !uncountable && !lowered.is_complete() {
            return fail(format!("`{}` cannot express it: {:?}", target.name, lowered.diagnostics));
        }
    }
    for tool in &server.tools {
        let spoken_of = options.tools.is_empty() || options.tools.contains(&tool.name);
        let wanted = (spoken_of && !unsayable(tool)).then(|| tool.recommended());
        let hidden = options.hide_rest && wanted.is_none() && !server.tools.iter().any(unsayable);
        let wanted = if hidden { Some(Recommendation::Hide) } else { wanted };
        let found = done(policy.get(), &tool.name);
        if found != wanted {
            return fail(format!("{tool:?}: {found:?}"));
        }
        let plain = tool.name.bytes().all(|b| b.is_ascii_alphanumeric());
        if plain && spoken_of && server.tools.len() < 13 && !text.contains(&*tool.name) {
            return fail(format!("`{}` is not spoken of", tool.name));
        }
    }
    Ok(text)
}

#[test]
fn every_embedded_catalog_gets_a_clean_policy() {
    for id in CATALOGS.ids() {
        let server = CATALOGS.find(&id).unwrap();
        promise(&server, &Options::default()).unwrap();
        promise(&server, &Options { hide_rest: true, ..Options::default() }).unwrap();
        // for what the project adds on the spot
        let mut guessed = Server::clone(&server);
        guessed.tools.iter_mut().for_each(|tool| tool.source = ClassSource::Guessed);
        promise(&guessed, &Options::default()).unwrap();
    }
}

/// What a catalog may say besides: another risk, another judge, no reason, a hostile one.
#[derive(Debug, Clone)]
struct Odd {
    risk: Option<usize>,
    source: usize,
    why: usize,
    signal: usize,
}

const WHYS: [&str; 6] = [
    "made up",
    "",
    "mcppol: ignore[unknown-tool] -- \u{202e}no\nhide *\n} policy x for y {",
    "a lone ` and a \" and a very very very very very very very very very very very very very long text mcppol: ignore[x]",
    "\u{1b}[2J // mcppol:",
    "name contains `get`",
];

fn odd() -> impl Strategy<Value = Odd> {
    (proptest::option::weighted(0.2, 0..4_usize), 0..8_usize, 0..WHYS.len() + 6, 0..12_usize)
        .prop_map(|(risk, source, why, signal)| Odd { risk, source, why, signal })
}

fn spoilt(mut server: Server, odd: &[Odd]) -> Server {
    for (tool, odd) in server.tools.iter_mut().zip(odd) {
        tool.risk = odd.risk.map_or(tool.risk, |at| Risk::ALL[at]);
        tool.why = WHYS.get(odd.why).unwrap_or(&WHYS[0]).to_string();
        tool.source = match odd.source {
            0 => ClassSource::Guessed,
            1 => ClassSource::Overlay { file: Arc::from("a\nb.toml") },
            _ => ClassSource::Pulled,
        };
        tool.conditional = tool.conditional.take().map(|switch| format!("{switch}{}", tool.why));
        tool.signals.extend(Signal::ALL.get(odd.signal));
        tool.signals.sort_unstable();
        tool.signals.dedup();
    }
    server
}

#[test]
fn every_random_server_gets_a_clean_policy() {
    let ids = ["odd", "set", "a b", "é", "-", ".-x", "@scope/pack.age", "x\u{2028}\"y\n"];
    let strategy = (vec(world::tools(), 1..4), vec(odd(), 20), 0..ids.len(), any::<bool>(), any::<bool>());
    let config = ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |((specs, odd, id, some, hide_rest) in strategy)| {
        let mut server = spoilt(world::server(&specs.concat()), &odd);
        server.id = ids[id].to_owned();
        server.name = format!("{}\n{}", ids[id], WHYS[2]);
        let tools: Vec<String> = server.tools.iter().step_by(2).map(|tool| tool.name.clone()).collect();
        let options = Options { tools: if some { &tools } else { &[] }, hide_rest, file: None };
        promise(&server, &options).map_err(TestCaseError::fail)?;
    });
}

#[test]
fn one_tool_has_one_rule() {
    let trakt = CATALOGS.find("trakt").unwrap();
    let of = |name: &str| rule(&trakt, trakt.tool(name).unwrap());
    assert_eq!(of("clear_auth"), "policy trakt for trakt {\n  default deny\n  hide clear_auth\n}\n");
    assert_snapshot!(of("add_to_history"), @r"
    policy trakt for trakt {
      default deny
      allow add_to_history {
        limit to 30 per minute
      }
    }
    ");
}

fn tool(name: &str, category: Category, more: &str) -> String {
    let risk = if more.contains("\"risk\"") { String::new() } else { format!(", \"risk\": \"{}\"", category.risk()) };
    let why = if more.contains("\"why\"") { String::new() } else { ", \"why\": \"made up\"".to_owned() };
    let signals = if more.contains("\"signals\"") { "" } else { ", \"signals\": []" };
    format!("{{\"name\": \"{name}\", \"category\": \"{category}\", \"params\": []{risk}{why}{signals}{more}}}")
}

fn server(tools: &[String]) -> Server {
    let tools = tools.join(",");
    let text = format!(
        "{{\"format\": 1, \"id\": \"shop\", \"name\": \"Shop\", \"source\": \"made up\", \"tools\": [{tools}]}}"
    );
    parse(text.as_bytes()).unwrap()
}

#[test]
fn a_server_of_every_kind() {
    let critical = ", \"risk\": \"critical\"";
    let tools = [
        tool("get_order", Category::Read, ""),
        tool("get_secrets", Category::Read, &format!("{critical}, \"signals\": [\"credentials\"]")),
        tool("run_sql", Category::Read, ", \"signals\": [\"code\"]"),
        tool("frob", Category::Read, ", \"why\": \"\""),
        tool("ping", Category::Other, ""),
        tool("add_item", Category::Write, ", \"conditional\": \"--writable\""),
        tool("run_job", Category::Execute, ", \"signals\": [\"code\"]"),
        tool("pay", Category::Financial, ""),
        tool("delete_order", Category::Destructive, ""),
        tool("*", Category::Read, ""),
    ];
    assert_snapshot!(promise(&server(&tools), &Options::default()).unwrap());
}

#[test]
fn servers_with_nothing_to_grant() {
    let empty = promise(&server(&[]), &Options::default()).unwrap();
    assert_snapshot!(empty, @r"
    // Recommended policy for Shop: 0 tools
    // Facts: made up
    // Next: read the groups and change what your agent needs, then `mcppol check shop.mcp`, then
    //   `mcppol compile shop.mcp`
    // mcppol: ignore[deny-everything-by-accident] -- there is no tool to grant
    policy shop for shop {
      default deny
    }
    ");
    let critical = promise(&server(&[tool("drop_all", Category::Destructive, "")]), &Options::default()).unwrap();
    assert_snapshot!(critical, @r"
    // Recommended policy for Shop: 1 tool
    // Facts: made up
    // Classes: a catalog of the project
    // Next: read the groups and change what your agent needs, then `mcppol check shop.mcp`, then
    //   `mcppol compile shop.mcp`
    // mcppol: ignore[deny-everything-by-accident] -- every tool is critical
    policy shop for shop {
      default deny

      // destructive, critical risk: 1 tool, hidden: the effect is for good
      //   drop_all
      // if the agent needs one: `except NAME` in this statement, and `ask NAME` below it
      hide @destructive
    }
    ");
}

#[test]
fn some_tools_alone() {
    let tools = ["fetch_history".to_owned(), "clear_auth".to_owned(), "add_to_history".to_owned()];
    let options = Options { tools: &tools, hide_rest: true, file: Some("three.mcp") };
    assert_snapshot!(promise(&CATALOGS.find("trakt").unwrap(), &options).unwrap(), @r"
    // Recommended policy for Trakt (wwiens/trakt_mcpserver, commit 3be3eae): 3 of 77 tools; the others
    //   are left to the default
    // Facts: tools/list of the server at the commit, run offline; the project declares no version
    // Classes: the catalog that ships with mcppol
    // Next: read the groups and change what your agent needs, then `mcppol check three.mcp`, then
    //   `mcppol compile three.mcp`
    policy trakt for trakt {
      default hide

      // read, low risk: 1 tool, allowed: reading changes nothing
      allow fetch_history

      // write, medium risk: 1 tool, allowed slowly: can be undone, and the limit ends a loop early
      allow add_to_history {
        limit to 30 per minute
      }

      // destructive, critical risk: 1 tool, hidden: the effect is for good
      // if the agent needs one: take it out of this statement, and write `ask NAME` below it
      hide clear_auth
    }
    ");
}

#[test]
fn the_seed_servers() {
    for id in ["trakt", "plex", "llm-cli-gateway"] {
        let text = promise(&CATALOGS.find(id).unwrap(), &Options::default()).unwrap();
        assert_snapshot!(id, text);
    }
}
