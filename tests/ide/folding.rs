//! What can be folded, drawn beside the lines.

use mcppol::{
    ide::folding::{FoldKind, folds},
    text::Lines,
};

use super::Fixture;

/// `-` stands before the first line of each fold and `'` before its last, the outer ones further left.
fn drawn(text: &str) -> String {
    let fixture = Fixture::new(text);
    let lines = Lines::new(text);
    let mut columns: Vec<String> = text.lines().map(|_| String::new()).collect();
    let folds = folds(&fixture.view());
    for fold in &folds {
        let (first, last) = (lines.line_of(fold.first) as usize, lines.line_of(fold.last) as usize);
        let width = columns[first..=last].iter().map(String::len).max().unwrap();
        let mark = match fold.kind {
            FoldKind::Region => '-',
            FoldKind::Comment => '/',
            FoldKind::Imports => 'i',
        };
        for (line, column) in columns.iter_mut().enumerate().take(last + 1).skip(first) {
            let sign = if line == first {
                mark
            } else if line == last {
                '\''
            } else {
                '|'
            };
            column.push_str(&" ".repeat(width - column.len()));
            column.push(sign);
        }
    }
    text.lines().zip(columns).map(|(line, column)| format!("{column:4}{line}").trim_end().to_owned() + "\n").collect()
}

#[test]
fn items_blocks_lists_comments_and_imports() {
    insta::assert_snapshot!(drawn(
        r#"// What this is,
// in two lines.

import "a.mcp"
import "b.mcp"

// one line
import "c.mcp"
set writes = add_to_history, checkin_to_movie,
    remove_from_history
set one = a

/// Reads freely.
/// And so on.
policy p for trakt {
  default deny
  allow a,
      b
      because "x"
  allow c, // behind
      d { // behind
    require args.x in [
      "a",
      "b",
    ]
    // here
    // and here
  }
  on e { limit to 1 per day }
  deny f if (
    args.x == 1
  )
}
test "t" for p {
  call a {
    b: [
      1,
    ],
  } -> deny
  call a { b: [
      1,
  ] } -> deny
}
"#
    ));
}

#[test]
fn broken_text() {
    insta::assert_snapshot!(drawn(
        "policy p for trakt {\n  allow a {\n    limit to 1 per day\n  deny b\n  nonsense {\n    x\n  }\n\nset s = a,\n  b\npolicy\n"
    ), @r#"
-   policy p for trakt {
|-    allow a {
|'      limit to 1 per day
|     deny b
|     nonsense {
|       x
'     }

-   set s = a,
'     b
    policy
"#);
}

/// Of what shares lines the outer one is folded, and what would cross it is not.
#[test]
fn folds_never_cross() {
    insta::assert_snapshot!(drawn("policy p { allow a {\n  limit to 1\n  per day } deny b,\n  c\n}\npolicy q {}\n"), @r#"
-   policy p { allow a {
|     limit to 1
|-    per day } deny b,
''    c
    }
    policy q {}
"#);
}
