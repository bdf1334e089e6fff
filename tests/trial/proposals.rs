//! Proposed tests, as a reviewer reads them.

use insta::assert_snapshot;
use mcppol::trial;

use super::sound;

fn proposed(text: &str) -> String {
    let analysis = sound(text);
    trial::generate(analysis.checked().unwrap(), &analysis.sources, &|_| true)
}

#[test]
fn numbers_and_lists() {
    assert_snapshot!(proposed(
        "policy p for trakt {\n  default deny\n  allow add_to_history {\n    \
         require args.history_type in [\"movies\", \"episodes\"] because \"no shows\"\n    limit to 5 per hour\n    \
         limit to 50 per day\n  }\n}\npolicy q for plex {\n  default deny\n  allow browse_collection {\n    \
         deny if args.limit > 50\n  }\n}\n"
    ), @r#"

    test "add_to_history: require args.history_type in ['movies', 'episodes']" for p {
      call add_to_history { history_type: "movies", items: [] } -> allow
      call add_to_history { history_type: "shows", items: [] } -> deny "no shows"
      call add_to_history { items: [] } -> deny "no shows"
    }

    test "add_to_history: limit to 5 per hour" for p {
      call add_to_history { history_type: "movies", items: [] } 5 times -> allow
      call add_to_history { history_type: "movies", items: [] } 6 times -> limited
    }

    test "default deny" for p {
      call add_user_ratings -> deny
    }

    test "critical tools" for p {
      call clear_auth -> deny
      call remove_from_history -> deny
      call remove_playback_item -> deny
      call remove_user_ratings -> deny
      call remove_user_watchlist -> deny
    }

    test "browse_collection: deny if args.limit > 50" for q {
      call browse_collection { limit: 50, collection_id: "a" } -> allow
      call browse_collection { collection_id: "a" } -> allow
      call browse_collection { limit: 50.01, collection_id: "a" } -> deny
    }

    test "default deny" for q {
      call add_to_playlist -> deny
    }

    test "critical tools" for q {
      call clear_auth -> deny
      call delete_playlist -> deny
    }
    "#);
}

/// Of a tool that no catalog knows, values of every kind may come.
#[test]
fn guards_and_patterns() {
    assert_snapshot!(proposed(
        "policy p for web {
  default deny
  allow fetch {
    require args.url host in [\"*.example.org\"] because \"only \\\"ours\\\"\"
    require args.path under \"/srv/data\"
    require args.name matches r\"\\d+\"
    deny if args.opts.raw == true and args.depth >= 2
    ask if args.note missing
    limit total args.amount to 100 per day
  }
  allow price {
    require args.price < 0.5 or args.free == true
  }
}
"
    ), @r#"

    test "fetch: require args.url host in ['*.example.org']" for p {
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data/a", url: "https://sub.example.org/" } -> allow
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data/a", url: "https://example.org/" } -> deny "only \"ours\""
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data/a", url: "https://sub.example.org.evil.example/" } -> deny "only \"ours\""
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data/a", url: "https://sub.example.org@evil.example/" } -> deny "only \"ours\""
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data/a" } -> deny "only \"ours\""
    }

    test "fetch: require args.path under '/srv/data'" for p {
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data", url: "https://a.example.org" } -> allow
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data/file", url: "https://a.example.org" } -> allow
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data-evil/file", url: "https://a.example.org" } -> deny
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data/../file", url: "https://a.example.org" } -> deny
      call fetch { amount: 1, name: "0", note: "a", url: "https://a.example.org" } -> deny
    }

    test r"fetch: require args.name matches r'\d+'" for p {
      call fetch { amount: 1, name: "0", note: "a", path: "/srv/data/a", url: "https://a.example.org" } -> allow
      call fetch { amount: 1, name: "0!", note: "a", path: "/srv/data/a", url: "https://a.example.org" } -> deny
      call fetch { amount: 1, note: "a", path: "/srv/data/a", url: "https://a.example.org" } -> deny
    }

    test "fetch: deny if args.opts.raw == true and args.depth >= 2" for p {
      call fetch { amount: 1, depth: 2, name: "0", note: "a", opts: { raw: false }, path: "/srv/data/a", url: "https://a.example.org" } -> allow
      call fetch { amount: 1, depth: 2, name: "0", note: "a", opts: {}, path: "/srv/data/a", url: "https://a.example.org" } -> allow
      call fetch { amount: 1, depth: 1, name: "0", note: "a", opts: { raw: true }, path: "/srv/data/a", url: "https://a.example.org" } -> allow
      call fetch { amount: 1, name: "0", note: "a", opts: { raw: true }, path: "/srv/data/a", url: "https://a.example.org" } -> allow
      call fetch { amount: 1, depth: 2, name: "0", note: "a", opts: { raw: true }, path: "/srv/data/a", url: "https://a.example.org" } -> deny
    }

    test "fetch: ask if args.note missing" for p {
      call fetch { amount: 1, name: "0", path: "/srv/data/a", url: "https://a.example.org" } -> ask
    }

    test "fetch: limit total args.amount to 100 per day" for p {
      call fetch { amount: 100, name: "0", note: "a", path: "/srv/data/a", url: "https://a.example.org" } -> allow
      call fetch { amount: 101, name: "0", note: "a", path: "/srv/data/a", url: "https://a.example.org" } -> limited
    }

    test "require args.price < 0.5 or args.free == true" for p {
      call price { price: 0 } -> allow
      call price { free: true } -> allow
      call price { price: 0.5 } -> deny
      call price -> deny
      call price { free: false } -> deny
    }

    test "default deny" for p {
      call some_other_tool -> deny
    }
    "#);
}

#[test]
fn statements_and_critical_tools() {
    assert_snapshot!(proposed(
        "policy p for trakt {\n  default hide\n  allow @read\n  ask add_* because \"look first\"\n  \
         deny @critical except clear_auth, remove_from_history because \"by hand\"\n  hide clear_auth\n  \
         limit all to 60 per minute\n}\n"
    ), @r#"

    test "allow @read" for p {
      call check_auth_status -> allow
      call fetch_anticipated_movies -> allow
      call fetch_anticipated_shows -> allow
      // and 60 more, left out
    }

    test "ask add_*" for p {
      call add_to_history { history_type: "movies", items: [] } -> ask "look first"
      call add_user_ratings { rating_type: "movies", items: [] } -> ask "look first"
      call add_user_watchlist { watchlist_type: "movies", items: [] } -> ask "look first"
    }

    test "deny @critical except clear_auth, remove_from_history" for p {
      call remove_playback_item -> deny "by hand"
      call remove_user_ratings -> deny "by hand"
      call remove_user_watchlist -> deny "by hand"
    }

    test "hide clear_auth" for p {
      call clear_auth -> hidden
    }

    test "limit all to 60 per minute" for p {
      call add_to_history { history_type: "movies", items: [] } 60 times -> ask "look first"
      call add_to_history { history_type: "movies", items: [] } 61 times -> limited
    }

    test "default hide" for p {
      call checkin_to_show -> hidden
    }

    test "critical tools" for p {
      call remove_from_history -> hidden
    }
    "#);
}

/// What the file's tests call already is not proposed again, and nothing is said of what does not decide.
#[test]
fn nothing_twice() {
    let policy = "policy p for web {\n  default deny\n  allow a\n  ask b if args.x > 1\n}\n";
    let tests = proposed(policy);
    assert_snapshot!(tests, @r#"

    test "allow a" for p {
      call a -> allow
    }

    test "default deny" for p {
      call some_other_tool -> deny
    }
    "#);
    assert_eq!(proposed(&(policy.to_owned() + &tests)), "");
    let first = "test \"mine\" for p {\n  call a {} -> allow\n}\n";
    assert!(!proposed(&(policy.to_owned() + first)).contains("call a "));
}

/// However large the policy, the proposals are bounded, and what is left out is counted.
#[test]
fn bounded() {
    let tools: Vec<String> = (0..400).map(|nth| format!("tool{nth}")).collect();
    let statements: String = tools.iter().map(|tool| format!("  allow {tool} {{ require args.x < 5 }}\n")).collect();
    let policy = format!("policy p for web {{\n  default deny\n  deny {}, z\n{statements}}}\n", "y, ".repeat(3) + "x");
    let tests = proposed(&policy);
    assert!(tests.contains("// and 601 statements more, for which nothing is proposed"), "{tests}");
    assert!(tests.lines().count() < 1_000, "{} lines", tests.lines().count());
    let leaves: Vec<String> = (0..40).map(|nth| format!("args.a{nth} == {nth}")).collect();
    let tests = proposed(&format!(
        "policy p for web {{\n  default deny\n  allow a {{\n    require {}\n  }}\n}}\n",
        leaves.join(" and ")
    ));
    assert!(tests.contains("// and 36 more, left out"), "{tests}");
}
