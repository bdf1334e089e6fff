//! Source and what becomes of it, side by side.

use insta::assert_snapshot;

use super::formatted;

/// Parts of a policy, one below the other.
fn within(text: &str) -> String {
    let whole = formatted(&format!("policy p for x {{\n{text}\n}}"));
    let inner = whole.strip_prefix("policy p for x {\n").and_then(|rest| rest.strip_suffix("}\n"));
    inner.unwrap_or_else(|| panic!("{whole}")).to_owned()
}

#[test]
fn files() {
    assert_eq!(formatted(""), "");
    assert_eq!(formatted(" \n\n\t\r\n"), "");
    assert_eq!(formatted("\n\n// alone  "), "// alone\n");
    assert_eq!(formatted("\u{feff}set a=b"), "set a = b\n");
    assert_eq!(formatted("set a = b\r\nset c = d\n\n\n\n"), "set a = b\r\nset c = d\r\n");
    assert_eq!(formatted("set a = b\nset c = d\r\n"), "set a = b\nset c = d\n");
}

#[test]
fn items_stand_apart_where_one_has_a_block() {
    assert_snapshot!(formatted(
        "import \"a.mcp\" import \"b.mcp\"\n\n\nset s=a,b except c\n/// of the policy\npolicy p for \"x\" as \"y\"{default deny}
grant \"g\" uses p,q // behind\n// before the test\ntest \"t\" for p{call a->allow}\n// of the test\n\n// of none\n\ntest \"u\" for p {}"
    ), @r##"
    import "a.mcp"
    import "b.mcp"

    set s = a, b except c

    /// of the policy
    policy p for "x" as "y" {
      default deny
    }

    grant "g" uses p, q // behind

    // before the test
    test "t" for p {
      call a -> allow
    }
    // of the test

    // of none

    test "u" for p {}
    "##);
}

#[test]
fn statements() {
    assert_snapshot!(within(
        "default deny\n\n\n\ninclude floor allow a,b , c except d hide @critical ask e if args.a==1
limit all to 5 per minute limit f total args.n to 1_000 per 90   seconds because r\"slow\"
on @read having args.n{require args.n<=5 because \"few\" deny if args.n missing ask if (args.n==1 or args.n==2)and args.b exists

limit total args.n to 10 per hour

} allow g { } ask h {limit to 1 per day}"
    ), @r##"
      default deny

      include floor
      allow a, b, c except d
      hide @critical
      ask e if args.a == 1
      limit all to 5 per minute
      limit f total args.n to 1_000 per 90 seconds because r"slow"
      on @read having args.n {
        require args.n <= 5 because "few"
        deny if args.n missing
        ask if (args.n == 1 or args.n == 2) and args.b exists

        limit total args.n to 10 per hour
      }
      allow g {}
      ask h {
        limit to 1 per day
      }
    "##);
}

#[test]
fn parts_have_one_order() {
    assert_snapshot!(within(
        "allow a because \"r\" until 2027-01-01 // behind
allow a { limit to 1 per day } because \"r\"
deny b because \"see https://example.org\" if args.a == 1
deny b // tools
  because \"r\" if args.a == 1
deny b because \"r\" // would move past the next
  if args.a == 1 // behind
on c { require args.n == 1 // inside
} having args.n // behind"
    ), @r##"
      allow a until 2027-01-01 because "r" // behind
      allow a because "r" {
        limit to 1 per day
      }
      deny b if args.a == 1 because "see https://example.org"
      deny b // tools
          if args.a == 1 because "r"
      deny b because "r" // would move past the next
          if args.a == 1 // behind
      on c having args.n {
        require args.n == 1 // inside
      } // behind
    "##);
}

#[test]
fn long_lines() {
    assert_snapshot!(within(
        "allow fetch_user_watched_movies, fetch_user_watched_shows, fetch_user_watchlist, fetch_history, fetch_user_ratings except fetch_user_lists {
require args.history_type in [\"movies\", \"episodes\"] because \"whole shows are marked by hand, and not by agents\"
require args.first == \"a long text that takes some room\" and (args.second == \"another long text\" or args.third in [1, 2, 3])
require args.first == 1 and (args.second == \"a text that is so long that it takes a whole line\" or args.third == \"a text that is so long\")
require args.host host in [\"api.example.com\", \"www.example.com\", \"mail.example.com\", \"files.example.com\"] because \"ours\"
}
deny create_refund if args.amount > 1000 and args.reason == \"duplicate\" and args.currency == \"eur\" because \"no\"
limit create_refund, create_payment_link, create_subscription total args.amount to 1_000_000 per 24 hours because \"x\"
deny a because \"a text that has no place to be broken, and so stands there as it is, for words are never moved within it\""
    ), @r##"
      allow fetch_user_watched_movies, fetch_user_watched_shows, fetch_user_watchlist, fetch_history,
          fetch_user_ratings except fetch_user_lists {
        require args.history_type in ["movies", "episodes"]
            because "whole shows are marked by hand, and not by agents"
        require args.first == "a long text that takes some room"
            and (args.second == "another long text" or args.third in [1, 2, 3])
        require args.first == 1
            and (args.second == "a text that is so long that it takes a whole line"
                or args.third == "a text that is so long")
        require args.host host in [
          "api.example.com",
          "www.example.com",
          "mail.example.com",
          "files.example.com",
        ] because "ours"
      }
      deny create_refund if args.amount > 1000 and args.reason == "duplicate" and args.currency == "eur"
          because "no"
      limit create_refund, create_payment_link, create_subscription
          total args.amount to 1_000_000 per 24 hours because "x"
      deny a
          because "a text that has no place to be broken, and so stands there as it is, for words are never moved within it"
    "##);
}

#[test]
fn calls() {
    assert_snapshot!(formatted(
        "test \"t\" for p { call a -> allow call b{}2 times ->limited call c {a:1,\"b c\":[1,{},[ ]],} -> deny \"no\"
call create_refund { payment_intent: \"pi_1\", amount: 50000 } -> deny \"refunds over $100.00 are done by a person\"
call create_refund { payment_intent: \"pi_1\", amount: 50000, metadata: { order: 1, customer: \"someone\" }, reason: \"duplicate\" } -> allow
call d { a: 1, // one

b: { // two
} } -> ask }"
    ), @r##"
    test "t" for p {
      call a -> allow
      call b {} 2 times -> limited
      call c { a: 1, "b c": [1, {}, []] } -> deny "no"
      call create_refund { payment_intent: "pi_1", amount: 50000 }
          -> deny "refunds over $100.00 are done by a person"
      call create_refund {
        payment_intent: "pi_1",
        amount: 50000,
        metadata: { order: 1, customer: "someone" },
        reason: "duplicate",
      } -> allow
      call d {
        a: 1, // one

        b: { // two
        },
      } -> ask
    }
    "##);
}

#[test]
fn comments() {
    assert_snapshot!(formatted(
        "policy p // name
for x // server
// above the brace
{ // brace

// first
default deny
  allow // verb
    a, // a
    b // b
    , // comma
    // above c
    c
  on d {
   // only
  }
  on e { require args.a in [1, // one

    2 // two
    , // the last comma
    ] and // and
    // above the path
    args.b == 1
    // the last

  } // behind
  // the end

}
// after"
    ), @r##"
    policy p // name
        for x { // server
      // above the brace
      // brace

      // first
      default deny
      allow // verb
          a, // a
          b, // b
          // comma
          // above c
          c
      on d {
        // only
      }
      on e {
        require args.a in [
          1, // one

          2, // two
          // the last comma
        ]
            and // and
            // above the path
            args.b == 1
        // the last
      } // behind
      // the end
    }
    // after
    "##);
}

/// What an ignore comment speaks of keeps its line, however long; what it does not speak of stays off it.
#[test]
fn ignore_comments() {
    assert_snapshot!(within(
        "allow a,   b // mcppol: ignore[x] -- on its line
allow
  c,
  d // mcppol: ignore[x] -- on `d` alone
// mcppol: ignore[x] -- on the next line
  deny fetch_user_watched_movies, fetch_user_watched_shows, fetch_user_watchlist, fetch_history, fetch_user_ratings
// mcppol: ignore[x] -- on no line

deny e because \"r\"
// mcppol: ignore[x] -- on a part
until 2027-01-01
on f { require args.a == 1 } limit all to 5 per day // mcppol: ignore[x] -- on two statements
on f {
  require args.list in [1, 2, // mcppol: ignore[x] -- on two of four
    3, 4]
}"
    ), @r##"
      allow a, b // mcppol: ignore[x] -- on its line
      allow c,
          d // mcppol: ignore[x] -- on `d` alone
      // mcppol: ignore[x] -- on the next line
      deny fetch_user_watched_movies, fetch_user_watched_shows, fetch_user_watchlist, fetch_history, fetch_user_ratings
      // mcppol: ignore[x] -- on no line

      deny e because "r"
          // mcppol: ignore[x] -- on a part
          until 2027-01-01
      on f { require args.a == 1 } limit all to 5 per day // mcppol: ignore[x] -- on two statements
      on f {
        require args.list in [1, 2, // mcppol: ignore[x] -- on two of four
          3,
          4,
        ]
      }
    "##);
}
