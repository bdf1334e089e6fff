//! Outlines of documents and of workspaces.

use mcppol::{
    hir::Source,
    ide::symbols::{self, Symbol},
};

use super::Fixture;

fn outline(symbols: &[Symbol], text: &str, depth: usize, out: &mut String) {
    for symbol in symbols {
        assert!(symbol.span.start <= symbol.name_span.start && symbol.name_span.end <= symbol.span.end, "{symbol:?}");
        let name = &text[symbol.name_span.range()];
        let lines = text[symbol.span.range()].lines().count();
        let Symbol { part, name: called, detail, .. } = symbol;
        out.push_str(&format!("{:depth$}{part:?} `{called}` `{detail}`: {lines} lines, at `{name}`\n", ""));
        outline(&symbol.children, text, depth + 2, out);
    }
}

fn told(name: &str, text: &str) -> String {
    let fixture = Fixture::with_imports(name, text, &[]);
    let mut out = String::new();
    outline(&symbols::document(&fixture.view()), text, 0, &mut out);
    out
}

#[test]
fn a_policy() {
    let text = r#"import "shared.mcp"
set reads = @read, fetch_*, "odd name" except fetch_history

/// Reads freely.
policy assistant for trakt as "my trakt" {
  default deny
  allow @read, @reads except fetch_user_ratings until 2026-12-31
  allow add_to_history, checkin_to_* {
    require args.season <= 10_000
    limit to 30 per minute
  }
  ask remove_user_ratings if args.rating_type not in ["movies"]
  limit all to 60 per 2 hours
  limit add_* to 6 per hour
  include floor
  allow , (
}
grant "support-bot" uses assistant, floor
test "reads" for assistant {
  call add_to_history { a: "x" } 2 times -> deny "why"
}
policy
test "" for p { }
"#;
    insta::assert_snapshot!(told("a.mcp", text));
}

#[test]
fn documents_of_others() {
    let text = r#"{
  "permissions": {
    "allow": ["mcp__trakt__clear_auth", "mcp__trakt__fetch_*"],
    "deny": ["mcp__plex__session_clear_all"]
  }
}
"#;
    insta::assert_snapshot!(told(".claude/settings.json", text));
}

#[test]
fn a_workspace() {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let files = [
        source(
            "a.mcp",
            "import \"floor.mcp\"\npolicy film_bot for trakt { default deny }\ngrant \"Film\" uses film_bot\n",
        ),
        source("b.mcp", "set films = a\nset other = b\ntest \"no films\" for film_bot { }\n"),
        source("c.mcp", "set flim = a\n"),
    ];
    let find = |query: &str| -> Vec<String> {
        let found = symbols::workspace(files.iter().cloned(), query);
        let line = |(source, symbols): (Source, Vec<Symbol>)| {
            symbols.into_iter().map(move |symbol| format!("{} {:?} {}", source.name, symbol.part, symbol.name))
        };
        found.into_iter().flat_map(line).collect()
    };
    assert_eq!(find("FiLm"), ["a.mcp Policy film_bot", "a.mcp Grant Film", "b.mcp Set films", "b.mcp Test no films"]);
    assert_eq!(find("fb"), ["a.mcp Policy film_bot"]);
    assert_eq!(find("").len(), 6, "all but imports");
    let many = source("many.mcp", &"set s = a\n".repeat(600));
    assert_eq!(symbols::workspace([many].into_iter(), "s")[0].1.len(), 500);
}
