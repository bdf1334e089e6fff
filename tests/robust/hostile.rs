//! Inputs made to hurt: time grows with length, depth has a limit, and the stack does not decide.

use std::{
    thread,
    time::{Duration, Instant},
};

use mcppol::{
    diagnostic::Diagnostic,
    syntax::{MAX_DEPTH, parse_chunk},
    text::FileId,
};

use super::{
    alone::{names, nodes},
    assert_sound, check, chunks, errors,
};

/// Time at a size and at four times that: less than ten times as much, which a square would be well above.
fn assert_linear(name: &str, make: impl Fn(usize) -> String) {
    const LARGEST: usize = 1 << 18;
    let time = |text: &str| {
        let start = Instant::now();
        std::hint::black_box(check(text).diagnostics.len());
        start.elapsed()
    };
    let mut n = 1 << 9;
    while n < LARGEST && time(&make(n)) < Duration::from_millis(8) {
        n *= 2;
    }
    let (small, large) = (make(n), make(4 * n));
    let (mut least, mut most) = (Duration::MAX, Duration::MAX);
    // another process may take the processor away at any time, but not at every time
    for _ in 0..8 {
        least = least.min(time(&small));
        most = most.min(time(&large));
        if most < (least * 10).max(Duration::from_millis(50)) {
            return;
        }
    }
    panic!("{name}: {least:?} for {} bytes, {most:?} for {}", small.len(), large.len());
}

/// What to repeat.
const HOSTILE: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "'",
    "“",
    "‘",
    "”",
    "\\",
    "\"\\",
    "\"\\\"",
    "r\"",
    "/",
    "//",
    "// ",
    "\n",
    "\r",
    " ",
    "\t",
    ";",
    ",",
    "@",
    "*",
    "?",
    "-",
    ".",
    "!",
    "a",
    "0",
    "🎈",
    "\0",
    "\u{feff}",
    "args.",
    "args[",
    "args[\"",
    "not ",
    "(\n",
    "{\n",
    "[\n",
    "\"\n",
    "a\n",
    "a, ",
    "a\n,",
    "@a except ",
    "args.x == 1 and ",
    "(args.x == 1) or ",
    "deny\n",
    "deny a\n",
    "deny a b\n",
    "deny a,\n",
    "deny a {\n",
    "deny a if (",
    "deny // x\n",
    "deny a if args.x == \"",
    "allow a { ",
    "allow a { deny b } ",
    "allow a {\n",
    "require ",
    "require args.x == 1\n",
    "policy ",
    "policy\n",
    "policy a for b {",
    "policy a for b {\n",
    "policy a for b { x } ",
    "test \"a\" for b {\n",
    "call a {\n",
    "call a { a: ",
    "call a { a: [",
    "call a { a: 1 } -> deny\n",
    "a: [1, ",
    "set a = @a\n",
    "set = ",
    "set @a = a\n",
    "import \"\n",
    "grant \"a\" uses b,\n",
    "deny: a\n",
    "on a { on ",
    "default deny\n",
    "a b c d\ndney ",
    "when unless ",
    "} deny a if ",
    "; deny",
];

/// Where to repeat it.
const PLACES: &[(&str, &str)] = &[
    ("", ""),
    ("policy p for trakt {\n  ", "\n}\n"),
    ("policy p for trakt {\n  on clear_auth {\n    ", "\n  }\n}\n"),
    ("policy p for trakt {\n  deny clear_auth if ", "\n}\n"),
    ("policy p for trakt {\n  deny ", "\n}\n"),
    ("test \"t\" for p {\n  ", "\n}\n"),
    ("test \"t\" for p {\n  call a { a: ", "\n}\n"),
];

#[test]
fn time_is_linear() {
    for (index, part) in HOSTILE.iter().enumerate() {
        // alone, and in one of the places
        for (before, after) in [PLACES[0], PLACES[1 + index % (PLACES.len() - 1)]] {
            let make = |n: usize| format!("{before}{}{after}", part.repeat(n / part.len()));
            assert_linear(&make(2 * part.len()), make);
        }
    }
}

#[test]
fn time_is_linear_where_it_reads() {
    let wide = |before: &'static str, part: &'static str, after: &'static str| {
        move |n: usize| format!("{before}{}{after}", part.repeat(n / part.len()))
    };
    let policy = "policy p for trakt {\n  default deny\n";
    assert_linear("tools", wide("set a = b", ", fetch_history", "\n"));
    assert_linear("except", wide("set a = @read except b", ", fetch_history", "\n"));
    assert_linear("tests", wide("policy p for trakt { deny clear_auth if args.x == 1", " and args.x == 1", " }"));
    assert_linear("parts", wide("policy p for trakt { allow clear_auth", " because \"x\"", " }"));
    assert_linear("list", wide("policy p for trakt { deny clear_auth if args.x in [1", ", 1", "] }"));
    assert_linear("array", wide("test \"t\" for p { call a { a: [1", ", {}", "] } -> deny }"));
    assert_linear("members", wide("test \"t\" for p { call a { a: 1", ", a: 1", "} -> deny }"));
    assert_linear("text", wide("import \"", "\\\"", "\"\n"));
    assert_linear("statements", move |n| format!("{policy}{}}}\n", "  allow fetch_history\n".repeat(n / 22)));
    assert_linear("clauses", move |n| {
        format!("{policy}  on search_movies {{\n{}  }}\n}}\n", "    require args.limit <= 5\n".repeat(n / 28))
    });
    assert_linear("calls", wide("test \"t\" for p {\n", "  call a { a: [{}] } -> deny \"why\"\n", "}\n"));
    assert_linear("semicolons", wide("policy p for trakt { deny a", ";", "}"));
    assert_linear("policies", |n| (0..n / 40).map(|i| format!("policy p{i} for trakt {{ default deny }}\n")).collect());
    assert_linear("sets", |n| (0..n / 12).map(|i| format!("set s{i} = @s{}\n", i + 1)).collect());
}

/// A text whose brackets nest so deep, of every kind that nests.
fn nested(depth: usize) -> Vec<String> {
    let policy = "policy p for trakt {\n  default deny\n";
    let parens = |n: usize| format!("{}args.limit == 1{}", "(".repeat(n), ")".repeat(n));
    let array = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    vec![
        format!("{policy}  deny search_movies if {}\n}}\n", parens(depth)),
        format!("{policy}  on search_movies {{ require {} }}\n}}\n", parens(depth - 1)),
        format!("{policy}  on search_movies {{\n    require {}\n  }}\n}}\n", parens(depth)),
        format!("{policy}  deny search_movies if {}\n}}\n", parens(depth).replace('(', "(\n").replace(')', "// )\n)")),
        format!("{policy}}}\ntest \"t\" for p {{\n  call a {{ a: {} }} -> deny\n}}\n", array(depth - 1)),
        format!(
            "{policy}}}\ntest \"t\" for p {{\n  call a {}1{} -> deny\n}}\n",
            "{ a: ".repeat(depth),
            "}".repeat(depth)
        ),
        // a keyword is a key here, and begins nothing
        format!(
            "{policy}}}\ntest \"t\" for p {{\n  call a {}1{} -> deny\n}}\n",
            "{\n deny: ".repeat(depth),
            "}\n".repeat(depth)
        ),
    ]
}

#[test]
fn nesting_reads_to_the_limit_and_no_deeper() {
    for text in nested(MAX_DEPTH) {
        assert_eq!(names(&text), [""; 0], "{text}");
        assert_sound(&text);
    }
    for text in [MAX_DEPTH + 1, 2 * MAX_DEPTH].into_iter().flat_map(nested) {
        assert_eq!(names(&text), ["nested-too-deeply"], "{:#?}\n{text}", errors(&text));
        assert_sound(&text);
    }
    assert_eq!(names(&nested(100_000)[0]), ["nested-too-deeply"]);
    // a list in a condition holds no lists; that is said once it reads
    let list = |n: usize| {
        format!(
            "policy p for trakt {{\ndefault deny\ndeny search_movies if args.limit in {}1{}\n}}\n",
            "[".repeat(n),
            "]".repeat(n)
        )
    };
    assert_eq!(names(&list(MAX_DEPTH)), ["argument-type-mismatch"]);
    assert_eq!(names(&list(MAX_DEPTH + 1)), ["nested-too-deeply"]);
}

#[test]
fn the_limit_counts_within_a_statement() {
    // what one statement leaves open is no depth of the next
    let open = "  deny a if (((((\n".repeat(MAX_DEPTH);
    let text = format!("policy p for trakt {{\n  default deny\n{open}  deny clear_auth\n}}\n");
    assert!(names(&text).iter().all(|name| *name == "syntax-error"), "{:?}", names(&text));
    assert!(nodes(&text).contains(&"Deny: deny clear_auth".to_owned()));
    // brackets in texts and comments are none
    let quiet = "(".repeat(MAX_DEPTH + 1);
    let text = format!(
        "policy p for trakt {{\n  default deny because\n  deny clear_auth because \"{quiet}\" // {quiet}\n}}\n"
    );
    assert!(!names(&text).contains(&"nested-too-deeply"), "{:?}", names(&text));
}

#[test]
fn the_answer_does_not_depend_on_the_stack() {
    let mut texts: Vec<String> = [1, MAX_DEPTH, MAX_DEPTH + 1, 400].into_iter().flat_map(nested).collect();
    for part in
        ["(", "[", "{", "!", "not ", "not(", "'\"'((", "{\ndeny:", "{\ndeny\n:", "[\ndeny_x", "args[\"(", "allow a { "]
    {
        for (before, after) in PLACES {
            texts.push(format!("{before}{}{after}", part.repeat(400)));
        }
    }
    let on = |kib: usize, read: fn(&str) -> Vec<Diagnostic>| -> Vec<Vec<Diagnostic>> {
        let texts = texts.clone();
        let all = move || texts.iter().map(|text| read(text)).collect();
        thread::Builder::new().stack_size(kib << 10).spawn(all).unwrap().join().unwrap()
    };
    let read =
        |text: &str| chunks(text).into_iter().flat_map(|(_, part)| parse_chunk(FileId(0), part).errors).collect();
    for (small, large) in [(on(256, read), on(16 << 10, read)), (on(256, errors), on(16 << 10, errors))] {
        for ((text, small), large) in texts.iter().zip(small).zip(large) {
            assert_eq!(small, large, "{}", &text[..text.len().min(200)]);
        }
    }
}
