//! Where words lead, also into other files and to catalogs.

use mcppol::ide::{
    definition::{Target, definition},
    names::Places,
};

use super::Fixture;

/// Places as lines, the place in `«»`.
pub(super) fn shown(places: &[Places]) -> Vec<String> {
    let mut out = Vec::new();
    for Places { source, spans } in places {
        for span in spans {
            let (before, rest) = source.text.split_at(span.start as usize);
            let (name, after) = rest.split_at((span.end - span.start) as usize);
            let (line, start) = (before.lines().count().max(1), before.rsplit('\n').next().unwrap());
            let line = line + usize::from(before.ends_with('\n'));
            out.push(format!("{}:{line} {start}«{name}»{}", source.name, after.lines().next().unwrap_or_default()));
        }
    }
    out
}

fn told(fixture: &Fixture) -> Vec<String> {
    let of = |target| match target {
        Target::Places(places) => shown(&[places]),
        Target::Catalog { server, tool } => vec![format!("catalog: {server} {}", tool.unwrap_or_default())],
    };
    definition(&fixture.view(), fixture.cursor(), &fixture.files).into_iter().flat_map(of).collect()
}

const FLOOR: &str = "import \"deep.mcp\"\nset logins = start_device_auth, clear_auth\n\npolicy floor for trakt {\n  default allow\n  deny @logins\n}\n";
const DEEP: &str = "set deep = clear_auth\npolicy deepest for trakt { default deny }\n";

fn from(rest: &str) -> Vec<String> {
    let text = format!("import \"floor.mcp\"\nset mine = clear_auth\n{rest}\n");
    told(&Fixture::with_imports("a.mcp", &text, &[("floor.mcp", FLOOR), ("deep.mcp", DEEP)]))
}

#[test]
fn sets_and_policies() {
    let policy = |line: &str| from(&format!("policy p for trakt {{\n  default deny\n  {line}\n}}"));
    assert_eq!(policy("allow @mi<|>ne"), ["a.mcp:2 set «mine» = clear_auth"]);
    assert_eq!(policy("allow <|>@mine"), ["a.mcp:2 set «mine» = clear_auth"]);
    assert_eq!(policy("allow @logins<|>"), ["floor.mcp:2 set «logins» = start_device_auth, clear_auth"]);
    assert_eq!(policy("include fl<|>oor"), ["floor.mcp:4 policy «floor» for trakt {"]);
    assert_eq!(policy("allow @re<|>ad"), [""; 0], "built in");
    assert_eq!(policy("allow @de<|>ep"), [""; 0], "an import's imports are not known");
    assert_eq!(policy("include deep<|>est"), [""; 0]);
    assert_eq!(policy("allow @mine,, @log<|>ins ("), ["floor.mcp:2 set «logins» = start_device_auth, clear_auth"]);
    assert_eq!(from("grant \"me\" uses flo<|>or"), ["floor.mcp:4 policy «floor» for trakt {"]);
    assert_eq!(from("test \"t\" for flo<|>or { }"), ["floor.mcp:4 policy «floor» for trakt {"]);
    assert_eq!(from("policy q for {\n}\ngrant \"me\" uses q<|>"), ["a.mcp:3 policy «q» for {"], "its head is broken");
    assert_eq!(
        from("set mine = a\ngrant \"me\" uses p\nset other = @mine<|>"),
        ["a.mcp:2 set «mine» = clear_auth", "a.mcp:3 set «mine» = a"],
        "both, where a name is given twice"
    );
}

#[test]
fn a_set_that_is_called_like_a_built_in_one_is_not_meant() {
    let text = "set read = a\npolicy p for trakt {\n  default deny\n  allow @re<|>ad\n}\n";
    assert_eq!(told(&Fixture::new(text)), [""; 0]);
}

#[test]
fn files() {
    let imports = [("floor.mcp", FLOOR)];
    let of = |text: &str| told(&Fixture::with_imports("a.mcp", text, &imports));
    assert_eq!(of("import \"flo<|>or.mcp\""), ["floor.mcp:1 «»import \"deep.mcp\""]);
    assert_eq!(of("import \"gone<|>.mcp\""), [""; 0]);
    assert_eq!(of("import \"/flo<|>or.mcp\""), [""; 0], "no path that is imported");
}

#[test]
fn tools_and_servers() {
    let policy = |line: &str| from(&format!("policy p for trakt {{\n  default deny\n  {line}\n}}"));
    assert_eq!(policy("allow clear_<|>auth"), ["catalog: trakt clear_auth"]);
    assert_eq!(policy("allow cl<|>ear_auht"), [""; 0], "no tool of the server");
    assert_eq!(policy("allow clear_<|>*"), [""; 0]);
    assert_eq!(
        policy("on add_to_history, clear_auth { require args.his<|>tory_type == \"movies\" }"),
        ["catalog: trakt add_to_history", "catalog: trakt clear_auth"]
    );
    assert_eq!(from("policy p for tra<|>kt { default deny }"), ["catalog: trakt "]);
    assert_eq!(from("policy p for nob<|>ody { default deny }"), [""; 0]);
    assert_eq!(
        from("policy p for trakt { default deny }\nset s = clear<|>_auth"),
        ["catalog: trakt clear_auth"],
        "of a server that a policy here is for"
    );
    assert_eq!(from("test \"t\" for floor {\n  call clear<|>_auth -> deny\n}"), ["catalog: trakt clear_auth"]);
}

#[test]
fn documents_of_others() {
    let text = "{ \"permissions\": { \"allow\": [\"mcp__trakt__clear<|>_auth\", \"mcp__trakt__fetch_*\"] } }";
    assert_eq!(told(&Fixture::with_imports(".claude/settings.json", text, &[])), ["catalog: trakt clear_auth"]);
    let text = "{ \"permissions\": { \"allow\": [\"mcp__trakt__clear_auth\", \"mcp__trakt__fetch<|>_*\"] } }";
    assert_eq!(told(&Fixture::with_imports(".claude/settings.json", text, &[])), [""; 0]);
}
