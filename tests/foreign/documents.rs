//! Reading documents: problems with their places, limits, and that nothing is fatal to the reader.

use insta::assert_snapshot;
use mcppol::{
    document::{self, Kind, Syntax, Value},
    foreign,
    hir::{Environment, Source},
    text::{FileId, Span, slice},
};
use proptest::prelude::*;

use super::{found, rendered};
use crate::examples::{CATALOGS, TODAY};

const SYNTAXES: [Syntax; 4] = [Syntax::Json, Syntax::Jsonc, Syntax::Yaml, Syntax::Toml];

fn problems(text: &str, syntax: Syntax) -> String {
    rendered(text, &document::read(text, syntax).problems)
}

#[test]
fn json_problems() {
    let texts = [
        "",
        "{",
        "[1",
        "{\"a\"}",
        "{\"a\": 1,}",
        "{\"a\": 1 \"b\": 2}",
        "{a: 1}",
        "[1 2]",
        "[1,,2]",
        "{\"a\": 01}",
        "{\"a\": 1e999}",
        "{} {}",
        "{\"a\": 'x'}",
        "{\"a\": \"x\n\"}",
        "{\"a\": \"\\q\"}",
        "// x\n{}",
        "/* x",
        "nul",
        "]",
        "{\"a\": 1, \"b\": {\"a\": 2}, \"a\": 3}",
        "{\"a\": +1}",
        "{\"a\": .5}",
    ];
    let all: Vec<String> = texts.iter().map(|text| format!("{text}\n  {}", problems(text, Syntax::Json))).collect();
    assert_snapshot!(all.join("\n"), @r#"

      1:1 error[syntax-error] at 
        the file is empty
        help: write an object: `{ … }`
    {
      1:2 error[syntax-error] at 
        the file ends within an object
        help: close it with `}`
    [1
      1:3 error[syntax-error] at 
        the file ends within a list
        help: close it with `]`
    {"a"}
      1:5 error[syntax-error] at }
        a `:` belongs here, between name and value, not `}`
        help: texts and names stand in double quotes; other values are numbers, `true`, `false`, `null`, lists and objects
    {"a": 1,}
      1:8 error[syntax-error] at ,
        a comma stands before the end, which JSON does not have
        help: take the comma out
        fix: , -> 
    {"a": 1 "b": 2}
      1:9 error[syntax-error] at "b"
        a `,` or `}` belongs here, not `"b"`
        help: write a `,` between two of them
    {a: 1}
      1:2 error[syntax-error] at a
        a name in quotes or `}` belongs here, not `a`
        help: texts and names stand in double quotes; other values are numbers, `true`, `false`, `null`, lists and objects
    [1 2]
      1:4 error[syntax-error] at 2
        a `,` or `]` belongs here, not `2`
        help: write a `,` between two of them
    [1,,2]
      1:4 error[syntax-error] at ,
        a value belongs here, not `,`
        help: texts and names stand in double quotes; other values are numbers, `true`, `false`, `null`, lists and objects
    {"a": 01}
      1:8 error[syntax-error] at 1
        a `,` or `}` belongs here, not `1`
        help: write a `,` between two of them
    {"a": 1e999}
      1:7 error[syntax-error] at 1e999
        a value belongs here, not `1e999`
        help: write the number as JSON has it: no leading zeros, and no larger than a double
    {} {}
      1:4 error[syntax-error] at {
        the document ended before this, not `{`
        help: a file holds one value; take the rest out
    {"a": 'x'}
      1:7 error[syntax-error] at '
        JSON has no single quotes
        help: write `"…"`
    {"a": "x
    "}
      1:9 error[syntax-error] at 
        a line break or control character stands within a text
        help: close the text on its line; a line break within it is written `\n`
    {"a": "\q"}
      1:8 error[syntax-error] at \q
        this text is not closed, or has an escape that JSON lacks
        help: close it with `"` on its line; a backslash is written `\\`
    // x
    {}
      1:1 error[syntax-error] at // x
        JSON has no comments
        help: take the comment out: a reader of plain JSON refuses the whole file
    /* x
      1:1 error[syntax-error] at /* x
        this comment has no end
        help: close it with `*/`
    nul
      1:1 error[syntax-error] at nul
        a value belongs here, not `nul`
        help: texts and names stand in double quotes; other values are numbers, `true`, `false`, `null`, lists and objects
    ]
      1:1 error[syntax-error] at ]
        a value belongs here, not `]`
        help: texts and names stand in double quotes; other values are numbers, `true`, `false`, `null`, lists and objects
    {"a": 1, "b": {"a": 2}, "a": 3}
      1:25 error[duplicate-part] at "a"
        `a` stands twice in one object
        help: keep one of the two: readers disagree about which one counts
    {"a": +1}
      1:7 error[syntax-error] at +
        this is not a number that JSON has
        help: write digits, with a sign, fraction or exponent where needed
    {"a": .5}
      1:7 error[syntax-error] at .
        this is not a number that JSON has
        help: write digits, with a sign, fraction or exponent where needed
    "#);
}

#[test]
fn comments_are_in_order_where_editors_have_them() {
    assert_snapshot!(problems("// x\n{\"a\": [1, /* y */ 2,],\n}\n", Syntax::Jsonc), @"");
}

#[test]
fn yaml_problems() {
    let texts = [
        "",
        "a: &x 1\nb: *x\n",
        "a: !!str 1\n",
        "a: 1\n---\nb: 2\n",
        "<<: {a: 1}\n",
        "a: 1\na: 2\n",
        "? [a]\n: 1\n",
        "a: [1\n",
        "a: yes\nb: \"yes\"\nc: Off\n",
        "a: .inf\n",
        "\ta: 1\n",
    ];
    let all: Vec<String> = texts.iter().map(|text| format!("{text}  {}", problems(text, Syntax::Yaml))).collect();
    assert_snapshot!(all.join("\n"), @r#"
      1:1 error[syntax-error] at 
        the file is empty
        help: write `version`, `default` and `tools`
    a: &x 1
    b: *x
      1:4 error[syntax-error] at &x 1
        anchors are not read
        help: write the value out where it is used
    a: !!str 1
      1:4 error[syntax-error] at !!str 1
        tags are not read
        help: take the tag out; put texts in quotes
    a: 1
    ---
    b: 2
      2:1 error[syntax-error] at ---
        a second document begins here
        help: keep one document in a file
    <<: {a: 1}
      1:1 error[syntax-error] at <<
        merges are not read
        help: write the members out
    a: 1
    a: 2
      2:1 error[duplicate-part] at a
        `a` stands twice in one object
        help: keep one of the two: readers disagree about which one counts
    ? [a]
    : 1
      1:3 error[syntax-error] at [
        a name is a list or an object here
        help: write the name as one word
    a: [1
      2:1 error[syntax-error] at 
        this is not YAML: while parsing a flow sequence, expected ',' or ']'
        help: look at the indentation and the quotes around this place
    a: yes
    b: "yes"
    c: Off
      1:4 info[ambiguous-scalar] at yes
        `yes` is a text in YAML 1.2, and a truth value for readers of YAML 1.1
        help: write `"yes"` for the text, or `true` or `false`
    3:4 info[ambiguous-scalar] at Off
        `Off` is a text in YAML 1.2, and a truth value for readers of YAML 1.1
        help: write `"Off"` for the text, or `true` or `false`
    a: .inf
      1:4 error[syntax-error] at .inf
        this number is too large
        help: numbers are doubles; put a text in quotes
    	a: 1
    "#);
}

#[test]
fn yaml_scalars_are_of_the_core_schema() {
    let text = "[1, -2, 0x1F, 0o17, 1.5, 1e3, true, False, null, ~, yes, 1_000, 0777, 2026-01-01, '1', \"true\"]";
    let document = document::read(text, Syntax::Yaml);
    let json = document.root.unwrap().to_json();
    assert_snapshot!(json, @r#"[1,-2,31,15,1.5,1000.0,true,false,null,null,"yes","1_000",777,"2026-01-01","1","true"]"#);
}

#[test]
fn toml_problems() {
    let texts = ["a = ", "a = 1\na = 2\n", "[a]\n[a]\n", "a = inf\n"];
    let all: Vec<String> = texts.iter().map(|text| format!("{text}  {}", problems(text, Syntax::Toml))).collect();
    assert_snapshot!(all.join("\n"), @"
    a =   1:5 error[syntax-error] at 
        this is not TOML: string values must be quoted, expected literal string
        help: look at the quotes and brackets around this place
    a = 1
    a = 2
      2:1 error[syntax-error] at a
        this is not TOML: duplicate key
        help: look at the quotes and brackets around this place
    [a]
    [a]
      2:2 error[syntax-error] at a
        this is not TOML: duplicate key
        help: look at the quotes and brackets around this place
    a = inf
      1:5 error[syntax-error] at inf
        this number is too large
        help: numbers are doubles
    ");
}

#[test]
fn windows_files_and_byte_order_marks() {
    let text = "\u{feff}{\r\n  \"version\": \"1\",\r\n  \"default\": \"deny\",\r\n  \"hiden\": [],\r\n  \"tools\": {\"fetch_history\": {}}\r\n}\r\n";
    assert_snapshot!(found("policy.json", text), @r#"
    1:2 info[assumed-server] at {
        this is taken to be for `trakt`, the only server that is known to have the tool `fetch_history`
        help: say so with `--server trakt`, or under `[files]` in `mcppol.toml`
    4:3 error[obsolete-schema-field] at "hiden"
        a policy has no member `hiden`
        help: did you mean `hide`?
        fix: hiden -> hide
    "#);
    let text =
        "\u{feff}version: \"1\"\r\ntools:\r\n  \"ärger\":\r\n    rules:\r\n      - name: a\r\n        action: dney\r\n";
    assert_snapshot!(found("policy.yaml", text), @"
    6:17 error[invalid-document] at dney
        there is no `action` called `dney`
        help: did you mean `deny`?
        fix: dney -> deny
    ");
}

#[test]
fn what_does_not_read_is_said_in_place() {
    assert_snapshot!(found("policy.json", "{\n  \"version\": \"1\",\n  \"default\": \"deny\"\n  \"tools\": {}\n}\n"), @r#"
    4:3 error[syntax-error] at "tools"
        a `,` or `}` belongs here, not `"tools"`
        help: write a `,` between two of them
    "#);
    assert_snapshot!(found("policy.json", "{\n  \"version\": \"1\", // ours\n  \"default\": \"deny\",\n  \"hide\": [],\n}\n"), @"
    2:19 error[syntax-error] at // ours
        JSON has no comments
        help: take the comment out: a reader of plain JSON refuses the whole file
    4:13 error[syntax-error] at ,
        a comma stands before the end, which JSON does not have
        help: take the comma out
        fix: , ->
    ");
}

#[test]
fn hostile_texts_are_bounded() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        for syntax in SYNTAXES {
            for closed in [true, false] {
                let end = if closed { close.repeat(50_000) } else { String::new() };
                let document = document::read(&format!("{}1{end}", open.repeat(50_000)), syntax);
                assert!(document.root.is_none() && !document.problems.is_empty(), "{open} {syntax:?}");
            }
        }
    }
    assert!(document::read(&format!("a = {}1{}", "[".repeat(5_000), "]".repeat(5_000)), Syntax::Toml).root.is_none());
    let wide = format!("{{\"version\": \"1\", \"default\": \"deny\", \"hide\": [{}\"x\"]}}", "\"x\",".repeat(200_000));
    assert!(document::read(&wide, Syntax::Json).root.is_some());
    let huge = " ".repeat(mcppol::syntax::MAX_BYTES + 1);
    let names = |syntax| document::read(&huge, syntax).problems.iter().map(|found| found.code.name).collect::<Vec<_>>();
    assert!(SYNTAXES.iter().all(|syntax| names(*syntax) == ["file-too-large"]));
}

/// Every place of a value is of the text, and holds the places within.
fn sound(text: &str, value: &Value, around: Span) {
    let within = |span: Span| {
        assert!(span.file == FileId(0) && span.start <= span.end && text.get(span.range()).is_some(), "{span:?}");
        assert!(around.start <= span.start, "{span:?} in {around:?}");
    };
    within(value.span);
    if let Kind::Text(content) = &value.kind {
        let place = document::content_span(text, value.span, content);
        assert!(place == value.span || slice(text, place.range()) == &**content);
    }
    for item in value.items() {
        sound(text, item, value.span);
    }
    for member in value.members() {
        assert!(text.get(member.key_span.range()).is_some());
        sound(text, &member.value, Span { start: 0, ..value.span });
    }
}

fn all_of(text: &str) {
    for syntax in SYNTAXES {
        let document = document::read(text, syntax);
        assert!(document.root.is_some() || !document.problems.is_empty());
        for problem in &document.problems {
            assert!(text.get(problem.span.range()).is_some(), "{problem:?}");
        }
        if let Some(root) = &document.root {
            sound(text, root, Span { start: 0, ..root.span });
        }
    }
    for format in foreign::ALL {
        for name in ["x.json", "x.yaml", "x.toml"] {
            let source = Source { name: name.to_owned(), text: text.to_owned() };
            let environment = Environment { catalogs: &CATALOGS, today: TODAY };
            let analysis = foreign::analyze(source, format, Some("trakt"), environment);
            assert!(analysis.checked().is_none());
            for found in super::said(&analysis) {
                assert!(text.get(found.span.range()).is_some(), "{found:?}");
                for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
                    assert!(text.get(edit.span.range()).is_some(), "{found:?}");
                }
            }
        }
    }
}

/// Pieces of documents, put together anyhow.
const PIECES: [&str; 44] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\n",
    " ",
    "  ",
    "- ",
    "\"version\"",
    "\"1\"",
    "\"default\"",
    "\"deny\"",
    "\"allow\"",
    "\"tools\"",
    "\"hide\"",
    "\"rules\"",
    "\"conditions\"",
    "\"args.x\"",
    "\"regex\"",
    "\"^a\"",
    "\"*\"",
    "clear_auth",
    "null",
    "true",
    "1",
    "-0.5",
    "1e9",
    "\"\\u00e9\"",
    "é",
    "\u{feff}",
    "#",
    "//",
    "&a",
    "*a",
    "!!str",
    "=",
    "[mcp_servers.trakt]",
    "enabled_tools",
    "\"permissions\"",
    "\"mcp__trakt__x\"",
    "mcpAllowlist",
    "\r\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_can_be_read(text in "\\PC{0,60}") {
        all_of(&text);
    }

    #[test]
    fn pieces_can_be_read(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        all_of(&pieces.concat());
    }

    /// A whole document with a piece of it gone or something put in.
    #[test]
    fn damaged_documents_can_be_read(at in 0usize..2000, gone in 0usize..40, piece in prop::sample::select(&PIECES[..])) {
        for text in [include_str!("../../examples/refunds/refunds.policylayer.json"), include_str!("../../examples/refunds/refunds.intercept.json")] {
            let at = at % text.len();
            let end = (at + gone).min(text.len());
            all_of(&format!("{}{piece}{}", &text[..at], &text[end..]));
        }
    }
}
