//! Settings and overlays: what is read, what is refused, and what a correction does.

use super::*;
use crate::catalog::{Catalogs, Category, ClassSource, Risk, Signal};

fn wrong(text: &str) -> String {
    told(&config(text).unwrap_err())
}

fn told(problem: &Problem) -> String {
    match &problem.help {
        Some(help) => format!("{problem} | {help}"),
        None => problem.to_string(),
    }
}

#[test]
fn settings_are_read() {
    assert_eq!(config("").unwrap(), Config::default());
    let config = config(
        r#"
        catalogs = ["catalogs/*.json", "company.index"]
        overlays = ["house.toml"]
        lock = "policies/mcppol.lock"
        [servers.acme]
        command = ["npx", "acme-mcp"]
        env = { REGION = "eu" }
        [servers."far away"]
        url = "https://example.test/mcp"
        header_env = { Authorization = "ACME_TOKEN" }
        "#,
    )
    .unwrap();
    assert_eq!(config.catalogs, ["catalogs/*.json", "company.index"]);
    assert_eq!(config.servers["acme"].command, ["npx", "acme-mcp"]);
    assert_eq!(config.servers["far away"].header_env["Authorization"], "ACME_TOKEN");
}

#[test]
fn slips_in_settings_are_errors() {
    for (text, expected) in [
        (
            "\ncatlogs = []",
            "line 2: unknown field `catlogs`, expected one of `catalogs`, `overlays`, `files`, `lock`, `lint`, `servers`",
        ),
        ("catalogs = \"a\"", "line 1: invalid type: string \"a\", expected a sequence"),
        (
            "[servers.a]\n",
            "the server `a` has neither `command` nor `url` | a server is reached in one way: keep one of the two",
        ),
        (
            "[servers.a]\ncommand = [\"x\"]\nurl = \"y\"",
            "the server `a` has both `command` and `url` | a server is reached in one way: keep one of the two",
        ),
    ] {
        assert_eq!(wrong(text), expected);
    }
    assert!(wrong("a = [").starts_with("line 1: "));
    assert!(wrong(&" ".repeat(MAX_BYTES + 1)).contains("at most 4194304 are read"));
}

fn apply(text: &str) -> Result<Catalogs, String> {
    let overlay = overlay(text).map_err(|problem| told(&problem))?;
    overlay.apply(Catalogs::embedded(), "house.toml", text).map_err(|problem| told(&problem))
}

#[test]
fn corrections() {
    let catalogs = apply(
        r#"
        [servers.trakt]
        aliases = ["my-trakt"]
        [servers.trakt.tools.clear_auth]
        category = "write"
        why = "our gateway signs in again by itself"
        [servers.trakt.tools.fetch_history]
        signals = ["url", "bulk", "url"]
        [servers.trakt.tools.checkin_to_show]
        risk = "critical"
        [servers.trakt.tools.made_up]
        new = true
        category = "financial"
        params = [{ name = "amount", type = ["number"], required = true }]
        [servers.acme]
        new = true
        name = "Acme"
        [servers.acme.tools.ping]
        new = true
        category = "read"
        "#,
    )
    .unwrap();
    let trakt = catalogs.find("my-trakt").unwrap();
    let overlay = ClassSource::Overlay { file: "house.toml".into() };
    let clear = trakt.tool("clear_auth").unwrap();
    assert_eq!((clear.category, clear.risk, &clear.source), (Category::Write, Risk::Medium, &overlay));
    assert_eq!(clear.why, "our gateway signs in again by itself (was destructive: name contains `clear`)");
    let history = trakt.tool("fetch_history").unwrap();
    assert_eq!((history.signals.as_slice(), &history.source), (&[Signal::Bulk, Signal::Url][..], &overlay));
    let checkin = trakt.tool("checkin_to_show").unwrap();
    assert_eq!((checkin.category, checkin.risk), (Category::Write, Risk::Critical));
    let made_up = trakt.tool("made_up").unwrap();
    assert_eq!((made_up.risk, made_up.params.len(), made_up.why.as_str()), (Risk::Critical, 1, "added by the project"));
    assert_eq!(trakt.tools.len(), 78);
    assert_eq!(catalogs.find("acme").unwrap().name, "Acme");
    assert_eq!(catalogs.find("trakt").unwrap().tools.len(), 78);
}

#[test]
fn corrections_that_do_not_fit_are_errors() {
    for (text, expected) in [
        (
            "[servers.trakt.tools.clear_atuh]\nrisk = \"low\"",
            "line 1: no tool of `trakt` is named `clear_atuh` | did you mean `clear_auth`? a new one says `new = true`",
        ),
        (
            "\n[servers.trakkt]",
            "line 2: no catalog knows the server `trakkt` | did you mean `trakt`? a new one says `new = true`",
        ),
        (
            "[servers.trakt]\nnew = true",
            "line 1: `trakt` is not new: it is the server `trakt` | take `new = true` away to correct it",
        ),
        (
            "[servers.trakt.tools.clear_auth]\nnew = true",
            "line 1: `clear_auth` is not new: `trakt` has a tool of that name | take `new = true` away to correct it",
        ),
        (
            "[servers.trakt.tools.x]\nnew = true",
            "line 1: the new tool `x` has no `category` | a category is one of read, write, execute, financial, \
             destructive, other",
        ),
        (
            "[servers.trakt.tools.clear_auth]\ncategory = \"read\"",
            "line 1: `clear_auth` becomes less risky (critical to low), and nothing says why | add `why = \"…\"`: it is \
             shown wherever the class is",
        ),
        (
            "[servers.trakt.tools.clear_auth]\ncategory = \"execute\"\nrisk = \"critical\"",
            "line 1: `clear_auth` gets a milder category (destructive to execute), and nothing says why | add `why = \"…\"`: \
             it is shown wherever the class is",
        ),
        (
            "[servers.trakt.tools.clear_auth]\nsignals = []",
            "line 1: `clear_auth` loses the signal `credentials`, and nothing says why | add `why = \"…\"`: it is shown \
             wherever the class is",
        ),
        (
            "[servers.trakt]\naliases = [\n\"plex\"]",
            "line 3: `plex` is already a name of the server `plex` | choose another alias",
        ),
        (
            "[servers.trakt.tools.clear_auth]\nriks = \"low\"",
            "line 2: unknown field `riks`, expected one of `new`, `category`, `risk`, `signals`, `why`, `conditional`, \
             `params`",
        ),
    ] {
        assert_eq!(apply(text).unwrap_err(), expected, "{text}");
    }
}
