//! Literals and values that engines confuse: texts that print like numbers, truth values, lists, maps or null.

use serde_json::{Value, json};

/// The plain ones first: failures shrink towards them.
pub(super) const TEXTS: [&str; 46] = [
    "main",
    "open",
    "5",
    "true",
    "[main]",
    "map[a:b]",
    "<nil>",
    "1e+06",
    "1000000",
    "",
    "MAIN",
    "mai",
    "main ",
    "main\n",
    "false",
    "-0",
    "0",
    "5.0",
    "5.5",
    "05",
    "+5",
    "1e300",
    "1e+300",
    "NaN",
    "inf",
    "[]",
    "[5]",
    "map[]",
    "[main dev]",
    "null",
    "a.b*c",
    "(x|y)+",
    "\\d",
    "\"q\"",
    "a\tb",
    "\u{212A}",
    "k",
    "\u{17F}",
    "é",
    "日本",
    "🎈",
    "x\u{2028}y",
    "\u{7F}\u{85}",
    "\u{FEFF}",
    "\u{664}",
    "map[a:b c:1]",
];

pub(super) const NUMBERS: [&str; 16] = [
    "5",
    "0",
    "1",
    "100",
    "5.5",
    "-5",
    "1000000",
    "1_000_000",
    "-0.0",
    "1e300",
    "-1e300",
    "0.1",
    "0.5",
    "1e21",
    "1e-7",
    "9007199254740992",
];

pub(super) const PATTERNS: [&str; 24] = [
    "main",
    "[a-z]+",
    "(?i)k",
    "m.*n",
    "a|b|main",
    "^main$",
    r"\d+",
    r"\w*",
    "(?i:main)",
    r"\bmain\b",
    "[^a]*",
    "",
    ".",
    r"\s",
    "x{2,3}",
    r"[0-9]+(?:\.[0-9]+)?",
    "true|false",
    "é|日本",
    r"\x{212A}",
    "ma",
    r"\[main\]",
    "[[:alpha:]]+",
    ".*",
    r"\W",
];

pub(super) const DIRS: [&str; 4] = ["/srv/data", "/", "/srv/data/", "/a.b (c)"];

pub(super) const HOSTS: [&str; 4] = ["api.example.com", "*.example.org", "192.0.2.1", "[2001:db8::1]"];

pub(super) const PLACES: [&str; 16] = [
    "/srv/data/x",
    "/srv/data",
    "/srv/database",
    "/srv/data/../etc",
    "/etc/passwd",
    "/",
    "srv/data",
    "/srv/data//x",
    "/a.b (c)/x",
    "https://api.example.com/a",
    "HTTP://API.example.com:80",
    "https://a.example.org/",
    "https://evil.com/api.example.com",
    "https://api.example.com@evil.com/",
    "http://192.0.2.1/",
    "http://[2001:db8::1]/",
];

/// The number that a literal of the language stands for.
pub(super) fn number(literal: &str) -> f64 {
    literal.replace('_', "").parse().unwrap()
}

/// Whole numbers as integers, as a client would write them.
pub(super) fn json_number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}

/// Values for wild calls, and for the fields of schemas that admit anything.
pub(super) fn wild(what: usize) -> Value {
    let odd = [
        json!(null),
        json!(true),
        json!(false),
        json!([]),
        json!({}),
        json!(["main"]),
        json!(["5"]),
        json!([5]),
        json!([true, null]),
        json!(["main", "dev"]),
        json!([["main"]]),
        json!({"a": "b"}),
        json!({"a": "b", "c": 1}),
        json!(5.0),
        json!(-0.0),
        json!(0.99),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(9_007_199_254_740_993_i64),
        json!(f64::MAX),
        json!(f64::MIN),
        json!(5e-324),
        json!(["<nil>"]),
        json!(["true"]),
    ];
    let all = odd.len() + TEXTS.len() + NUMBERS.len() + PLACES.len();
    let at = what % all;
    if let Some(value) = odd.get(at) {
        return value.clone();
    }
    let at = at - odd.len();
    if let Some(text) = TEXTS.get(at) {
        return json!(text);
    }
    match NUMBERS.get(at - TEXTS.len()) {
        Some(literal) => json_number(number(literal)),
        None => json!(PLACES[at - TEXTS.len() - NUMBERS.len()]),
    }
}

/// How Go prints a number that comes in a call, and how an integer in a policy file.
pub(super) fn printed(number: f64) -> [String; 2] {
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    let go = if (-4..6).contains(&exponent) {
        format!("{number}")
    } else {
        format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
    };
    [go, format!("{number}")]
}
