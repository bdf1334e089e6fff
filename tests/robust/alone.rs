//! One mistake costs one statement: a broken one is put in the place of each good one in turn.

use mcppol::{
    diagnostic::Diagnostic,
    syntax::{SyntaxKind, parse_chunk},
    text::{FileId, Lines},
};

use super::{chunks, errors};

/// Puts `broken` in the place of each of `good` in turn, between `before` and `after`, and lists what is wrong: the
/// others must be kept, and only the broken one may be complained about.
fn costs(before: &str, good: &[&str], after: &str, broken: &str, keep: fn(&str) -> Vec<String>) -> Vec<String> {
    let mut out = Vec::new();
    let whole = |parts: &[&str]| format!("{before}{}\n{after}", parts.join("\n"));
    for index in 0..good.len() {
        let mut without = good.to_vec();
        without.remove(index);
        let mut with = good.to_vec();
        with[index] = broken;
        let text = whole(&with);
        let kept = keep(&text);
        out.extend(
            keep(&whole(&without))
                .iter()
                .filter(|wanted| !kept.contains(wanted))
                .map(|wanted| format!("`{broken}` at {index} costs `{wanted}`")),
        );
        let lines = Lines::new(&text);
        let first = line_ends(before) + good[..index].iter().map(|part| line_ends(part) + 1).sum::<u32>();
        let last = first + line_ends(broken);
        // what the others say without it is not its fault
        let before = errors(&whole(&without));
        let mut found = errors(&text);
        found.retain(|error| !before.iter().any(|known| known.message == error.message));
        let line = |error: &Diagnostic| lines.line_of(error.span.start);
        if !found.iter().any(|error| (first..=last).contains(&line(error))) {
            out.push(format!("`{broken}` at {index} is not complained about where it stands"));
        }
        let innocent = found.iter().filter(|error| line(error) + 1 < first || line(error) > last + 1);
        out.extend(
            innocent.map(|error| {
                format!("`{broken}` at {index} throws blame on line {}: {}", line(error) + 1, error.message)
            }),
        );
    }
    out
}

fn line_ends(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap()
}

const STATEMENTS: &[&str] = &[
    "  allow fetch_history, fetch_comment",
    "  deny clear_auth because \"no\"",
    "  on search_movies {\n    require args.limit <= 5 because \"few\"\n    deny if args.page exists\n  }",
    "  ask remove_user_ratings if args.rating_type == \"movies\"",
    "  limit search_shows to 3 per minute",
    "  hide start_device_auth",
];

const BROKEN_STATEMENTS: &[&str] = &[
    "  deny",
    "  deny ,",
    "  deny a b",
    "  deny a,, b",
    "  dney a",
    "  allow: a",
    "  allow a {",
    "  allow a {\n    require args.x == 1",
    "  allow a {\n    require args.x ==\n  }",
    "  allow a { b { c } }",
    "  allow { }",
    "  limit a to",
    "  limit a to ten per hour",
    "  limit a to 10 per",
    "  limit a 10",
    "  limit to",
    "  limit to 10 per minute",
    "  require args.x == 1",
    "  deny if args.x == 1",
    "  deny \"abc",
    "  deny “abc",
    "  deny 'abc",
    "  deny \"a\\",
    "  deny a if",
    "  deny a if args.x ==",
    "  deny a if args.x == [1, 2",
    "  deny a if (args.x == 1",
    "  deny a if args.x == 1)",
    "  deny a if args. == 1",
    "  deny a if args[x] == 1",
    "  deny a if args.x and",
    "  deny a because",
    "  deny a because why not",
    "  deny a because \"why",
    "  allow a until tomorrow",
    "  allow a until",
    "  on a",
    "  on a having { }",
    "  on { }",
    "  include",
    "  include \"a\"",
    "  default",
    "  default maybe",
    "  nonsense",
    "  1234",
    "  \"text\"",
    "  [1, 2]",
    "  ()",
    "  )",
    "  ]",
    "  /",
    "  # comment",
    "  /* comment */",
    "  - deny: a",
    "  🎈",
    "  \u{200b}",
    "  \0",
    "  <xml>",
    "  \"effect\": \"deny\",",
    "  tools.a.deny = true",
    "  allow = a",
    "  call a -> deny",
    "  deny a; allow , b",
    "  deny a, b, set",
    "  deny set",
    "  deny a/b/c",
    "  deny @",
    "  deny @read except",
    "  deny -a",
];

#[test]
fn a_broken_statement_costs_itself() {
    let mut found = Vec::new();
    for broken in BROKEN_STATEMENTS {
        // a chunk of its own, and one with neighbours
        found.extend(costs("policy p for trakt {\n  default deny\n", STATEMENTS, "}\n", broken, nodes));
        found.extend(costs("set a = b\npolicy p for trakt { default deny\n", STATEMENTS, "}\n", broken, nodes));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_broken_clause_costs_itself() {
    let clauses = [
        "    require args.limit <= 5 because \"few\"",
        "    deny if args.page exists",
        "    ask if args.query == \"x\"",
        "    limit to 5 per minute",
        "    limit total args.limit to 5 per hour because \"enough\"",
    ];
    let broken = [
        "    require",
        "    require because \"why\"",
        "    require args.x",
        "    require args.x ==",
        "    require args.x == 1 2",
        "    require args.x == \"abc",
        "    require args.x == 1 and",
        "    require (args.x == 1",
        "    require args.x in [1, 2",
        "    require args.x in [1,, 2]",
        "    requires args.x == 1",
        "    require: args.x == 1",
        "    deny",
        "    deny if",
        "    deny unless args.x == 1",
        "    ask",
        "    ask if args. == 1",
        "    limit",
        "    limit to",
        "    limit to 5",
        "    limit to five per minute",
        "    limit to 5 per minut3",
        "    limit total to 5 per minute",
        "    allowed",
        "    deny b",
        "    allow b until 2026-12-31",
        "    limit b to 5 per minute",
        "    amount <= ",
        "    { }",
        "    [",
        "    (",
        "    )",
        "    ->",
        "    \"abc",
        "    🎈",
        "    require args.page == 1;; x",
    ];
    let mut found = Vec::new();
    for broken in broken {
        let before = "policy p for trakt {\n  default deny\n  allow clear_auth\n  on search_movies {\n";
        found.extend(costs(before, &clauses, "  }\n  deny fetch_history\n}\n", broken, clauses_of));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// All but the statement around the clauses, which is another one where one of them is.
fn clauses_of(text: &str) -> Vec<String> {
    nodes(text).into_iter().filter(|node| !node.starts_with("On:")).collect()
}

#[test]
fn a_broken_call_costs_itself() {
    let calls = [
        "  call search_movies { query: \"x\", limit: 5 } -> deny \"few\"",
        "  call fetch_history -> allow",
        "  call \"fetch_comment\" {\n    comment_id: \"1\",\n    deny: 1\n  } -> ask",
        "  call clear_auth {} 3 times -> limited",
    ];
    let broken = [
        "  call",
        "  call a",
        "  call a ->",
        "  call a { -> deny",
        "  call a { x: 1 -> deny",
        "  call a { x: } -> deny",
        "  call a { x 1 } -> deny",
        "  call a { x: 1 y: 2 } -> deny",
        "  call a { x: [1 } -> deny",
        "  call a { x: \"abc } -> deny",
        "  call a { x: undefined } -> deny",
        "  call a { x: 1 } => deny",
        "  call a { x: 1 } deny",
        "  call a { x: 1 } 2 -> deny",
        "  call a { x: 1 } two times -> deny",
        "  call a(x: 1) -> deny",
        "  call -> deny",
        "  cal a -> deny",
        "  a { x: 1 } -> deny",
        "  deny a",
        "  allow a",
        "  expect deny",
        "  🎈",
        "  \"abc",
        "  [",
        "  call a -> deny because",
        "  call a -> deny \"why\" \"why\"",
        "  call: a -> deny",
    ];
    let mut found = Vec::new();
    for broken in broken {
        let before = "policy p for trakt { default deny }\ntest \"t\" for p {\n";
        found.extend(costs(before, &calls, "}\n", broken, nodes));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The items, statements, clauses and calls that were read, by their text.
pub(super) fn nodes(text: &str) -> Vec<String> {
    const KINDS: &[SyntaxKind] = &[
        SyntaxKind::Import,
        SyntaxKind::SetDef,
        SyntaxKind::Grant,
        SyntaxKind::Call,
        SyntaxKind::Default,
        SyntaxKind::Include,
        SyntaxKind::Allow,
        SyntaxKind::Ask,
        SyntaxKind::Deny,
        SyntaxKind::Hide,
        SyntaxKind::Limit,
        SyntaxKind::On,
        SyntaxKind::Require,
        SyntaxKind::DenyIf,
        SyntaxKind::AskIf,
        SyntaxKind::LimitTo,
    ];
    let mut out = Vec::new();
    for (start, part) in chunks(text) {
        let tree = parse_chunk(FileId(0), part).tree;
        let read = tree.all(part, FileId(0), start).filter(|node| KINDS.contains(&node.kind()));
        out.extend(read.map(|node| format!("{:?}: {}", node.kind(), node.text())));
    }
    out
}

#[test]
fn a_broken_item_costs_itself() {
    let items = [
        "set a = fetch_history, @read",
        "import \"other.mcp\"",
        "policy p for trakt {\n  default deny\n  allow fetch_history\n}",
        "grant \"bot\" uses p",
        "test \"t\" for p {\n  call fetch_history -> allow\n}",
        "policy q for plex { default allow deny a on b { require args.x == 1 } }",
    ];
    let broken = [
        "set",
        "set a",
        "set = b",
        "set b = ",
        "set b = c d",
        "set b : c",
        "set b = [c, d]",
        "import",
        "import other",
        "import \"other",
        "import \"a\" as b",
        "grant",
        "grant bot uses p",
        "grant \"bot\"",
        "grant \"bot\" use p",
        "grant \"bot\" uses",
        "grant \"bot\" uses p q",
        "policy",
        "policy p",
        "policy x for",
        "policy x for y z { default deny }",
        "policy x fro y { default deny }",
        "policy \"x\" for y { default deny }",
        "policy x for y [ default deny ]",
        "policy x for y { default deny",
        "policy x for y { default deny }}",
        "policy x for y {\n  default deny\n  allow z {\n    require args.x == 1\n  \n}",
        "test",
        "test t for p { }",
        "test \"t\" { }",
        "test \"t\" for p { call a -> deny",
        "polcy x for y {\n  default deny\n  allow z\n}",
        "nonsense",
        "nonsense { nonsense }",
        "{ \"version\": \"1\",\n  \"default\": \"deny\" }",
        "default: deny\nrules:\n  - tool: a\n    action: deny",
        "/* comment */",
        "# comment",
        "#!/usr/bin/env mcppol",
        "🎈",
        "\"abc",
        "}",
        "{",
        ")",
        "allow z",
        "require args.x == 1",
        "call a -> deny",
    ];
    let mut found = Vec::new();
    for broken in broken {
        found.extend(costs("", &items, "", broken, nodes));
        found.extend(costs("// about\n", &items, "// end", broken, nodes));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

pub(super) fn names(text: &str) -> Vec<&'static str> {
    errors(text).iter().map(|error| error.code.name).collect()
}

#[test]
fn a_missing_brace_costs_nothing_else() {
    let good = r#"policy p for trakt {
  default deny
  allow fetch_history {
    limit to 5 per hour
  }
  deny clear_auth
}
test "t" for p {
  call clear_auth {} -> deny
}
policy q for plex {
  default allow
}
"#;
    let wanted = nodes(good);
    // the block's brace, the policy's, the test's, the last one
    for (line, brace) in good.match_indices("}\n").enumerate().filter(|(_, (at, _))| !good[..*at].ends_with('{')) {
        let text = format!("{}{}", &good[..brace.0], &good[brace.0 + 1..]);
        let found = errors(&text);
        assert_eq!(names(&text), ["unclosed-brace"], "{line}: {found:#?}\n{text}");
        let kept = nodes(&text);
        let lost: Vec<_> = wanted.iter().filter(|node| !node.starts_with("Allow") && !kept.contains(node)).collect();
        assert!(lost.is_empty(), "{line}: {lost:?}\n{text}");
        assert_eq!(kept.len(), wanted.len(), "{line}: {kept:#?}\n{text}");
    }
}

#[test]
fn a_brace_too_many_is_one_error() {
    let text = r"policy p for trakt {
  default deny
  allow fetch_history { limit to 5 per hour } }
  deny clear_auth
  hide a
}
policy q for plex {
  default allow
}
";
    let found = errors(text);
    assert_eq!(names(text), ["misplaced-statement"], "{found:#?}");
    assert!(nodes(text).contains(&"Deny: deny clear_auth".to_owned()));
}

#[test]
fn several_mistakes_are_several_errors() {
    let text = r#"policy p for trakt {
  defalt deny
  dney a
  alow b
  deny clear_auth
  limit a to 5 minutes
  ask a if
  on a {
    requir args.x == 1
    deny if args.x
  }
}
set = a
test "t" for p {
  call a
  cal b -> deny
}
"#;
    let lines = Lines::new(text);
    let found: Vec<u32> = errors(text).iter().map(|error| lines.line_of(error.span.start) + 1).collect();
    assert_eq!(found, [2, 3, 4, 6, 7, 9, 10, 13, 15, 16], "{:#?}", errors(text));
}
