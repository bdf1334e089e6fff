//! What counts as shown by a test, and what is said of the rest.

use insta::assert_snapshot;
use mcppol::trial;

use super::{place, sound};

/// The statements of a file that no test shows, and its tools.
fn uncovered(text: &str) -> String {
    let analysis = sound(text);
    let checked = analysis.checked().unwrap();
    let coverage = trial::coverage(checked, &trial::run(checked, &analysis.sources, &|_| true), &|_| true);
    let mut out = String::new();
    for it in coverage.statements.iter().filter(|it| !it.missing.is_empty()) {
        let place = place(&analysis, it.span);
        out.push_str(&format!("{place} of `{}`: {}\n", it.policy, it.missing.join(", ")));
    }
    for it in &coverage.tools {
        out.push_str(&format!("{}: {} of {} tools, not {:?}\n", it.policy, it.called, it.all, it.critical));
    }
    out + &format!("{} of {}\n", coverage.covered(), coverage.statements.len())
}

const POLICY: &str = "policy p for trakt {
  default deny
  allow @read { limit to 30 per hour }
  allow add_to_history {
    require args.history_type in [\"movies\", \"episodes\"]
    deny if args.history_type == \"episodes\"
    limit to 5 per hour
    limit to 50 per day
  }
  allow add_user_watchlist { ask if args.watchlist_type == \"shows\" }
  ask add_user_ratings
  deny start_device_auth
  hide @critical
  limit all to 60 per minute
}
";

#[test]
fn nothing_is_shown_without_tests() {
    assert_snapshot!(uncovered(POLICY), @r#"
    2:3 `default deny` of `p`: no test is refused by it
    3:3 `allow @read { limit to 30 per hour }` of `p`: no test passes by it
    3:17 `limit to 30 per hour` of `p`: no test reaches it
    4:3 `allow add_to_history { require args.history_type in ["movies", "episodes"] deny if args.history_type == "episodes" limit to 5 per hour limit to 50 per day }` of `p`: no test passes by it
    5:5 `require args.history_type in ["movies", "episodes"]` of `p`: no test is refused by it, no test passes it
    6:5 `deny if args.history_type == "episodes"` of `p`: no test is refused by it, no test passes it
    7:5 `limit to 5 per hour` of `p`: no test reaches it
    10:3 `allow add_user_watchlist { ask if args.watchlist_type == "shows" }` of `p`: no test passes by it
    10:30 `ask if args.watchlist_type == "shows"` of `p`: no test is asked by it, no test passes it unasked
    11:3 `ask add_user_ratings` of `p`: no test is asked by it
    12:3 `deny start_device_auth` of `p`: no test is refused by it
    13:3 `hide @critical` of `p`: no test is refused by it
    14:3 `limit all to 60 per minute` of `p`: no test reaches it
    p: 0 of 77 tools, not ["clear_auth", "remove_from_history", "remove_playback_item", "remove_user_ratings", "remove_user_watchlist"]
    0 of 13
    "#);
}

/// A condition has two sides, and each call shows one.
#[test]
fn each_side_counts() {
    let with = |calls: &str| uncovered(&format!("{POLICY}test \"t\" for p {{\n{calls}}}\n"));
    assert_snapshot!(with("  call add_to_history { history_type: \"movies\", items: [] } -> allow\n"), @r#"
    2:3 `default deny` of `p`: no test is refused by it
    3:3 `allow @read { limit to 30 per hour }` of `p`: no test passes by it
    3:17 `limit to 30 per hour` of `p`: no test reaches it
    5:5 `require args.history_type in ["movies", "episodes"]` of `p`: no test is refused by it
    6:5 `deny if args.history_type == "episodes"` of `p`: no test is refused by it
    7:5 `limit to 5 per hour` of `p`: no test reaches it
    10:3 `allow add_user_watchlist { ask if args.watchlist_type == "shows" }` of `p`: no test passes by it
    10:30 `ask if args.watchlist_type == "shows"` of `p`: no test is asked by it, no test passes it unasked
    11:3 `ask add_user_ratings` of `p`: no test is asked by it
    12:3 `deny start_device_auth` of `p`: no test is refused by it
    13:3 `hide @critical` of `p`: no test is refused by it
    14:3 `limit all to 60 per minute` of `p`: no test reaches it
    p: 1 of 77 tools, not ["clear_auth", "remove_from_history", "remove_playback_item", "remove_user_ratings", "remove_user_watchlist"]
    1 of 13
    "#);
    assert_snapshot!(with("  call add_to_history { history_type: \"shows\", items: [] } -> deny\n"), @r#"
    2:3 `default deny` of `p`: no test is refused by it
    3:3 `allow @read { limit to 30 per hour }` of `p`: no test passes by it
    3:17 `limit to 30 per hour` of `p`: no test reaches it
    4:3 `allow add_to_history { require args.history_type in ["movies", "episodes"] deny if args.history_type == "episodes" limit to 5 per hour limit to 50 per day }` of `p`: no test passes by it
    5:5 `require args.history_type in ["movies", "episodes"]` of `p`: no test passes it
    6:5 `deny if args.history_type == "episodes"` of `p`: no test is refused by it, no test passes it
    7:5 `limit to 5 per hour` of `p`: no test reaches it
    10:3 `allow add_user_watchlist { ask if args.watchlist_type == "shows" }` of `p`: no test passes by it
    10:30 `ask if args.watchlist_type == "shows"` of `p`: no test is asked by it, no test passes it unasked
    11:3 `ask add_user_ratings` of `p`: no test is asked by it
    12:3 `deny start_device_auth` of `p`: no test is refused by it
    13:3 `hide @critical` of `p`: no test is refused by it
    14:3 `limit all to 60 per minute` of `p`: no test reaches it
    p: 1 of 77 tools, not ["clear_auth", "remove_from_history", "remove_playback_item", "remove_user_ratings", "remove_user_watchlist"]
    0 of 13
    "#);
    assert_snapshot!(with("  call add_user_watchlist { watchlist_type: \"shows\", items: [] } -> ask\n"), @r#"
    2:3 `default deny` of `p`: no test is refused by it
    3:3 `allow @read { limit to 30 per hour }` of `p`: no test passes by it
    3:17 `limit to 30 per hour` of `p`: no test reaches it
    4:3 `allow add_to_history { require args.history_type in ["movies", "episodes"] deny if args.history_type == "episodes" limit to 5 per hour limit to 50 per day }` of `p`: no test passes by it
    5:5 `require args.history_type in ["movies", "episodes"]` of `p`: no test is refused by it, no test passes it
    6:5 `deny if args.history_type == "episodes"` of `p`: no test is refused by it, no test passes it
    7:5 `limit to 5 per hour` of `p`: no test reaches it
    10:30 `ask if args.watchlist_type == "shows"` of `p`: no test passes it unasked
    11:3 `ask add_user_ratings` of `p`: no test is asked by it
    12:3 `deny start_device_auth` of `p`: no test is refused by it
    13:3 `hide @critical` of `p`: no test is refused by it
    14:3 `limit all to 60 per minute` of `p`: no test reaches it
    p: 1 of 77 tools, not ["clear_auth", "remove_from_history", "remove_playback_item", "remove_user_ratings", "remove_user_watchlist"]
    1 of 13
    "#);
}

/// A limit that a smaller one always comes before cannot be reached where no time passes, and is not asked for.
#[test]
fn all_can_be_shown() {
    assert_snapshot!(uncovered(&format!(
        "{POLICY}test \"t\" for p {{
  call add_to_history {{ history_type: \"movies\", items: [] }} -> allow
  call add_to_history {{ history_type: \"shows\", items: [] }} -> deny
  call add_to_history {{ history_type: \"episodes\", items: [] }} -> deny
  call add_user_watchlist {{ watchlist_type: \"shows\", items: [] }} -> ask
  call add_user_watchlist {{ watchlist_type: \"movies\", items: [] }} -> allow
  call add_to_history {{ history_type: \"movies\", items: [] }} 6 times -> limited
  call fetch_history 31 times -> limited
  call fetch_history -> allow
  call add_user_ratings -> ask
  call add_user_ratings 61 times -> limited
  call start_device_auth -> deny
  call clear_auth -> hidden
  call teleport -> deny
}}
"
    )), @r#"
    p: 6 of 77 tools, not ["remove_from_history", "remove_playback_item", "remove_user_ratings", "remove_user_watchlist"]
    13 of 13
    "#);
}

/// What is included from the same file is shown by tests of those who include it; from another file it is that file's.
#[test]
fn floors() {
    assert_snapshot!(uncovered(
        "import \"floor.mcp\"\npolicy base for trakt {\n  default allow\n  hide clear_auth\n}\n\
         policy p for trakt {\n  default deny\n  include base\n  include floor\n  allow @low\n}\n\
         test \"t\" for p {\n  call clear_auth -> hidden\n}\n"
    ), @r#"
    3:3 `default allow` of `base`: no test passes by it
    7:3 `default deny` of `p`: no test is refused by it
    10:3 `allow @low` of `p`: no test passes by it
    base: 0 of 77 tools, not ["clear_auth", "remove_from_history", "remove_playback_item", "remove_user_ratings", "remove_user_watchlist"]
    p: 1 of 77 tools, not ["remove_from_history", "remove_playback_item", "remove_user_ratings", "remove_user_watchlist"]
    1 of 4
    "#);
}
