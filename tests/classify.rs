//! Classes: public labels, names that are easy to get wrong, and what holds for any tool.
//!
//! `tests/data/labels.jsonl` has the labels of two public sources, as facts: server, tool, category. They are not
//! consistent with each other; `docs/classes.md` says where we differ and why. `tests/data/classes.txt` is one line for
//! each name: the name, its class and the reason; `MCPPOL_UPDATE=1` rewrites all but the names.

mod laws;

use std::fs;

use mcppol::{
    catalog::{Category, Confidence, Hints, Param, Risk, Signal},
    classify::{Class, Facts, classify},
};
use serde_json::{Value, json};

use crate::examples::{CATALOGS, compare, root};

pub(crate) fn named(name: &str) -> Facts<'_> {
    Facts { name, title: None, description: None, params: &[], hints: Hints::default() }
}

fn params(schema: &Value) -> Vec<Param> {
    serde_json::from_value(schema.clone()).unwrap()
}

struct Label {
    server: String,
    tool: String,
    category: Category,
    source: String,
}

fn labels() -> Vec<Label> {
    let text = fs::read_to_string(root().join("tests/data/labels.jsonl")).unwrap();
    text.lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| row[name].as_str().unwrap().to_owned();
            let category = Category::from_name(&field("category").to_lowercase()).unwrap();
            Label { server: field("server"), tool: field("tool"), category, source: field("from") }
        })
        .collect()
}

/// What a starter policy calls financial though it only reads, or is a word without a verb.
const ONLY_READ: [&str; 6] =
    ["list_charges", "list_invoices", "list_payment_intents", "list_subscriptions", "pricing", "subscription"];

/// `MCPPOL_SHOW=1 cargo test labels_are_met` fails, to show the figures and each difference.
#[test]
fn labels_are_met() {
    let rows: Vec<_> = labels().into_iter().map(|label| (classify(&named(&label.tool)), label)).collect();
    let mut report = String::new();
    for (class, label) in rows.iter().filter(|(class, label)| class.category != label.category) {
        report += &format!(
            "{} {}: {} is {}, and we say {} {:.2}: {}\n",
            label.source,
            label.server,
            label.tool,
            label.category,
            class.category,
            class.confidence.value(),
            class.why
        );
    }
    let mut figure = |what: &str, least: f64, of: &dyn Fn(&Label) -> bool, met: &dyn Fn(&Class, &Label) -> bool| {
        let of: Vec<_> = rows.iter().filter(|(_, label)| of(label)).collect();
        let count = of.iter().filter(|(class, label)| met(class, label)).count();
        let percent = 100.0 * count as f64 / of.len() as f64;
        report += &format!("{what}: {count} of {} = {percent:.1} %\n", of.len());
        percent >= least
    };
    let critical = |category: Category| category.risk() == Risk::Critical;
    let read = |label: &Label| label.source == "starter policy" && ONLY_READ.contains(&label.tool.as_str());
    let is_critical = |class: &Class, _: &Label| class.risk == Risk::Critical;
    let same = |class: &Class, label: &Label| class.category == label.category;
    let met = [
        figure("critical found", 94.0, &|it| critical(it.category), &is_critical),
        figure("critical found, without what only reads", 98.0, &|it| critical(it.category) && !read(it), &is_critical),
        figure("reads not critical", 99.0, &|it| it.category == Category::Read, &|class, _| {
            class.risk != Risk::Critical
        }),
        figure("same as the registry", 92.0, &|it| it.source == "registry", &same),
        figure("same as the starter policies", 95.0, &|it| it.source == "starter policy", &same),
    ];
    let show = std::env::var_os("MCPPOL_SHOW").is_some();
    assert!(met.iter().all(|it| *it) && !show, "{report}");
}

#[test]
fn names_that_are_easy_to_get_wrong() {
    let path = root().join("tests/data/classes.txt");
    let text = fs::read_to_string(&path).unwrap();
    let mut wanted = String::new();
    for name in text.lines().filter_map(|line| line.split_whitespace().next()) {
        let class = classify(&named(name));
        let signals: String = class.signals.iter().map(|it| format!(" @{it}")).collect();
        let line =
            format!("{name:36}{:12}{:.2}  {}{signals}\n", class.category.name(), class.confidence.value(), class.why,);
        wanted += &line;
    }
    compare(&path, &wanted);
}

/// The catalogs are judged by people, who know what a program does that says `request`, and keep the registry's labels.
#[test]
fn where_the_shipped_catalogs_differ() {
    let mut differ = Vec::new();
    for id in ["llm-cli-gateway", "plex", "trakt"] {
        for tool in &CATALOGS.find(id).unwrap().tools {
            let class = classify(&Facts { params: &tool.params, hints: tool.hints, ..named(&tool.name) });
            if class.category != tool.category {
                differ.push(format!("{}: {}, not {}", tool.name, class.category, tool.category));
            }
        }
    }
    assert_eq!(
        differ,
        [
            "cli_upgrade: write, not execute",
            "codex_fork_session: write, not execute",
            "consensus_check: write, not execute",
            "red_team_review: write, not read",
            "validate_with_models: write, not execute",
            "authenticate_plex: execute, not read",
        ]
    );
}

/// The class of a tool with a description and arguments, as one line.
fn line(facts: &Facts<'_>) -> String {
    let class = classify(facts);
    format!("{} {:.2}: {}", class.category, class.confidence.value(), class.why)
}

#[test]
fn descriptions_choose_for_unclear_names_only() {
    let said = |name, description| line(&Facts { description: Some(description), ..named(name) });
    for (name, description, wanted) in [
        ("wallets", "Lists the wallets.", "read 0.45: description says `lists`"),
        ("wallets", "This tool allows you to delete a wallet", "destructive 0.60: description says `delete`"),
        ("wallets", "To delete a wallet use another tool", "execute 0.20: nothing in the name says what it does"),
        ("wallets", "Never deletes a wallet", "execute 0.20: nothing in the name says what it does"),
        ("get_wallet", "Gets soft-deleted wallets too", "read 0.95: name contains `get`"),
        ("get_wallet", "Deletes the wallet", "destructive 0.60: name contains `get`; description says `deletes`"),
        ("delete_wallet", "Only reads. Safe! This tool is read-only.", "destructive 0.85: name contains `delete`"),
        ("pay", "Lists payments, changes nothing", "financial 0.85: name contains `pay`"),
        (
            "manage_wallet",
            "Manage wallets: create, update, delete",
            "destructive 0.60: name contains `manage`; description says `delete`",
        ),
        (
            "archive_wallet",
            "Archives a wallet. This cannot be undone.",
            "destructive 0.60: name contains `archive`; description says `undone`",
        ),
        ("update_labels", "Adds or removes labels", "write 0.95: name contains `update`"),
        ("query", "Run a read-only SQL query", "read 0.45: name contains `query`"),
    ] {
        assert_eq!(said(name, description), wanted, "{name}: {description}");
    }
}

#[test]
fn arguments_count() {
    let taking = |name, schema: Value| line(&Facts { params: &params(&schema), ..named(name) });
    let text = |name: &str| json!({"name": name, "type": ["string"], "required": true});
    let choice = |name: &str, values: &[&str]| json!({"name": name, "required": true, "enum": values});
    assert_eq!(
        taking("manage_label", json!([choice("action", &["list", "create", "delete"])])),
        "destructive 0.60: name contains `manage`; argument `action` may be `delete`"
    );
    assert_eq!(
        taking("list_events", json!([choice("action", &["create", "delete"])])),
        "read 0.55: name contains `list`",
        "a filter"
    );
    assert_eq!(
        taking("thing", json!([choice("method", &["GET", "POST", "DELETE"])])),
        "execute 0.20: nothing in the name says what it does"
    );
    assert_eq!(taking("query", json!([text("query")])), "read 0.45: name contains `query`");
    assert_eq!(taking("query", json!([text("sql")])), "execute 0.60: name contains `query`; argument `sql` is run");
    assert_eq!(taking("validate", json!([text("script")])), "read 0.85: name contains `validate`");
    assert_eq!(
        taking("make_it", json!([text("amount"), text("currency")])),
        "financial 0.60: name contains `make`; argument `amount` moves money"
    );
    assert_eq!(
        taking("whatever", json!([text("tool_name"), text("arguments")])),
        "execute 0.60: calls the tool that `tool_name` names"
    );
    assert_eq!(
        taking("session_clear_all", json!([])),
        "destructive 0.85: name contains `clear_all`; no argument must narrow it"
    );
}

#[test]
fn hints_make_stricter() {
    let hinted = |name, read_only, destructive| {
        line(&Facts { hints: Hints { read_only, destructive, ..Hints::default() }, ..named(name) })
    };
    let stricter = "makes it stricter";
    assert_eq!(hinted("delete_x", Some(true), Some(false)), "destructive 0.85: name contains `delete`");
    assert_eq!(
        hinted("get_x", Some(false), None),
        format!("write 0.60: name contains `get`; the server's hint `readOnlyHint` {stricter}")
    );
    // the protocol's default, which servers put on any change
    assert_eq!(hinted("create_x", Some(false), Some(true)), "write 0.85: name contains `create`");
    assert_eq!(hinted("get_x", None, Some(true)), "read 0.85: name contains `get`");
    assert_eq!(
        hinted("replace_x", Some(false), Some(true)),
        format!("destructive 0.60: name contains `replace`; the server's hint `destructiveHint` {stricter}")
    );
}

#[test]
fn signals_of_arguments() {
    let text = |name: &str| json!({"name": name, "type": ["string"], "required": false});
    let names = [
        "file_path",
        "json_path",
        "webhook_url",
        "sql",
        "country_code",
        "content",
        "api_key",
        "page_token",
        "max_tokens",
        "id",
        "name",
        "title",
    ];
    let schema: Vec<Value> = names.iter().map(|it| text(it)).collect();
    let class = classify(&Facts { params: &params(&json!(schema)), ..named("batch_call_tool") });
    assert_eq!(
        class.signals,
        [
            Signal::Bulk,
            Signal::Filesystem,
            Signal::Url,
            Signal::Code,
            Signal::Markup,
            Signal::Credentials,
            Signal::ManyParameters,
            Signal::Dispatch
        ]
    );
    let number = json!([{"name": "token", "type": ["integer"], "required": false}]);
    assert_eq!(classify(&Facts { params: &params(&number), ..named("get_x") }).signals, []);
}

#[test]
fn confidence_is_written_as_a_number() {
    assert_eq!(serde_json::to_string(&Confidence::AGREED).unwrap(), "0.95");
    assert_eq!(Confidence::DEFAULT.hundredths(), 20);
    assert_eq!(serde_json::to_string(&Category::Destructive).unwrap(), "\"destructive\"");
    assert_eq!(serde_json::to_string(&[Signal::ManyParameters]).unwrap(), "[\"many-parameters\"]");
}
