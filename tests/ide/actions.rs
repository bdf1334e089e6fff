//! What is offered at a place, and what comes of it. Two marks are a range, one is a cursor.

mod laws;

use insta::assert_snapshot;
use mcppol::{
    hir::NoImports,
    ide::actions::{Action, Kind, actions, edits},
    lint::{Persona, Settings},
    text::apply,
};

use super::{Files, Fixture};

fn offers(fixture: &Fixture) -> Vec<Action> {
    let (start, end) = (fixture.cursors[0], *fixture.cursors.last().unwrap());
    actions(&fixture.view(), start, end, &|_| true)
}

fn listed(fixture: &Fixture) -> String {
    let line = |action: &Action| {
        let answered: Vec<&str> =
            action.findings.iter().map(|at| fixture.document.report().findings[*at].code.name).collect();
        let preferred = if action.preferred { "!" } else { "" };
        let answered = if answered.is_empty() { String::new() } else { format!(" [{}]", answered.join(", ")) };
        format!("{:?}{preferred}: {}{answered}", action.kind, action.title)
    };
    offers(fixture).iter().map(line).collect::<Vec<_>>().join("\n")
}

fn offered(marked: &str) -> String {
    listed(&Fixture::new(marked))
}

/// The text after the action of a title; where something is to be written, `<|>`.
fn applied(fixture: &Fixture, title: &str) -> String {
    let offers = offers(fixture);
    let action = offers.iter().find(|action| action.title.starts_with(title));
    let action = action.unwrap_or_else(|| panic!("`{title}` is not among\n{}", listed(fixture)));
    let mut edits = edits(&fixture.view(), action, &NoImports);
    if let Some(stop) = action.stop() {
        edits[0].text.insert_str(stop, "<|>");
    }
    if edits.is_empty() { "nothing to do".to_owned() } else { apply(fixture.document.text(), &edits) }
}

fn done(marked: &str, title: &str) -> String {
    applied(&Fixture::new(marked), title)
}

/// A policy for Trakt with these lines.
fn policy(lines: &str) -> String {
    format!("policy p for trakt {{\n  default deny\n{lines}\n}}\n")
}

#[test]
fn fixes_of_findings() {
    let text = policy("  allow fetch_history;\n  allow fetch_comment<|>;\n  hide clear_autth");
    assert_snapshot!(offered(&text), @"
    QuickFix!: remove the `;` [foreign-syntax]
    QuickFix: fix all `foreign-syntax` in this file [foreign-syntax]
    FixAll: apply all safe fixes in this file
    ");
    assert_snapshot!(done(&text, "remove the `;`"), @"
    policy p for trakt {
      default deny
      allow fetch_history;
      allow fetch_comment
      hide clear_autth
    }
    ");
    assert_snapshot!(done(&text, "fix all `foreign-syntax`"), @"
    policy p for trakt {
      default deny
      allow fetch_history
      allow fetch_comment
      hide clear_autth
    }
    ");
    assert_snapshot!(done(&text, "apply all safe fixes"), @"
    policy p for trakt {
      default deny
      allow fetch_history
      allow fetch_comment
      hide clear_autth
    }
    ");
    assert_snapshot!(offered(&policy("  allow <|>fetch_history\n  hide clear_autth, remove_from_histor<|>y2")), @"
    QuickFix: did you mean `clear_auth`? [unknown-tool]
    QuickFix: did you mean `remove_from_history`? [unknown-tool]
    QuickFix: fix all `unknown-tool` in this file [unknown-tool, unknown-tool]
    Rewrite: add a test of this statement
    QuickFix: ignore `unknown-tool` here, for a reason to be written [unknown-tool, unknown-tool]
    ");
    assert_snapshot!(done(&policy("  hide clear_au<|>tth, remove_from_histor"), "fix all `unknown-tool`"), @"
    policy p for trakt {
      default deny
      hide clear_auth, remove_from_history
    }
    ");
}

#[test]
fn only_what_is_wanted() {
    let fixture = Fixture::new(&policy("  allow @re<|>ad;"));
    for kind in Kind::ALL {
        let found = actions(&fixture.view(), fixture.cursor(), fixture.cursor(), &|it| it == kind);
        assert!(found.iter().all(|action| action.kind == kind));
    }
    assert!(actions(&fixture.view(), fixture.cursor(), fixture.cursor(), &|_| false).is_empty());
}

#[test]
fn comments_that_silence() {
    let title = "ignore `wildcard-allow-covers-critical` here";
    assert_snapshot!(done(&policy("  allow fetch_*, cl<|>ear_*"), title), @"
    policy p for trakt {
      default deny
      // mcppol: ignore[wildcard-allow-covers-critical] -- <|>
      allow fetch_*, clear_*
    }
    ");
    // of a line with a comment for another rule, which gives its reason
    let other = "  // mcppol: ignore[dead-pattern] -- not released yet\n  allow clear_*, zzz_<|>*";
    assert_snapshot!(offered(&policy(other)), @"
    QuickFix: write `ask` instead of `allow` [wildcard-allow-covers-critical]
    Rewrite: add a test of this statement
    QuickFix: add `wildcard-allow-covers-critical` to the ignore comment [wildcard-allow-covers-critical]
    ");
    assert_snapshot!(done(&policy(other), "add `wildcard-allow-covers-critical` to"), @"
    policy p for trakt {
      default deny
      // mcppol: ignore[dead-pattern, wildcard-allow-covers-critical] -- not released yet
      allow clear_*, zzz_*
    }
    ");
    // `///` lines stay directly above their policy
    let documented = "/// Reads.\npolicy <|>p for trakt {\n  default deny\n  hide clear_auth\n}\n";
    assert_snapshot!(done(documented, "ignore `deny-everything-by-accident`"), @"
    /// Reads.
    policy p for trakt { // mcppol: ignore[deny-everything-by-accident] -- <|>
      default deny
      hide clear_auth
    }
    ");
    // errors are not silenced
    assert_snapshot!(offered(&policy("  allow fetch_hi<|>story, @reed")), @"");
}

#[test]
fn reasons() {
    let title = "say why";
    assert_snapshot!(done(&policy("  deny clear_a<|>uth"), title), @r#"
    policy p for trakt {
      default deny
      deny clear_auth because "<|>"
    }
    "#);
    assert_snapshot!(done(&policy("  allow checkin_to_show {\n    limit to 1 per d<|>ay\n  }"), title), @r#"
    policy p for trakt {
      default deny
      allow checkin_to_show {
        limit to 1 per day because "<|>"
      }
    }
    "#);
    assert_snapshot!(done(&policy("  as<|>k clear_auth {\n    limit to 1 per day\n  }"), title), @r#"
    policy p for trakt {
      default deny
      ask clear_auth because "<|>" {
        limit to 1 per day
      }
    }
    "#);
    assert!(!offered(&policy("  deny clear_a<|>uth because \"no\"")).contains(title));
}

#[test]
fn sets_written_out() {
    let title = "replace";
    assert_snapshot!(done(&policy("  hide @criti<|>cal except clear_auth"), title), @"
    policy p for trakt {
      default deny
      hide remove_from_history, remove_playback_item, remove_user_ratings, remove_user_watchlist
    }
    ");
    assert_snapshot!(done(&policy("  hide @critical<|>, fetch_* except clear_auth, fetch_comment*"), title), @"
    policy p for trakt {
      default deny
      hide remove_from_history, remove_playback_item, remove_user_ratings, remove_user_watchlist,
          fetch_* except clear_auth, fetch_comment*
    }
    ");
    assert_snapshot!(done(&policy("  hide @critical, fetch_* except clear_auth, fetch_comment<|>*"), title), @"
    policy p for trakt {
      default deny
      hide @critical, fetch_* except clear_auth, fetch_comment, fetch_comment_replies
    }
    ");
    assert_snapshot!(done(&policy("  hide remove_*<|>, remove_from_history except clear_auth"), title), @"
    policy p for trakt {
      default deny
      hide remove_playback_item, remove_user_ratings, remove_user_watchlist, remove_from_history
    }
    ");
    let own = format!("set own = clear_*, checkin_to_show\n{}", policy("  ask @ow<|>n, start_device_auth"));
    assert_snapshot!(done(&own, title), @"
    set own = clear_*, checkin_to_show
    policy p for trakt {
      default deny
      ask checkin_to_show, clear_auth, start_device_auth
    }
    ");
    // a text that is not in the style stays so
    assert_snapshot!(done("policy p for trakt { default deny\nhide   clear_*<|>  }", title), @"
    policy p for trakt { default deny
    hide   clear_auth  }
    ");
    assert_snapshot!(offered(&policy("  hide @critical except clear_a<|>uth")), @"
    Rewrite: add `hide clear_auth`, as recommended
    Rewrite: add a test of this statement
    ");
}

#[test]
fn names_written_as_a_set() {
    let critical = "clear_auth, remove_from_history, remove_playback_item, remove_user_ratings, remove_user_watchlist";
    assert_snapshot!(offered(&policy(&format!("  hide <|>{critical}"))), @"
    Rewrite: write `@destructive` for these 5 tools, and for those that the server gains later
    Rewrite: write `@critical` for these 5 tools, and for those that the server gains later
    Rewrite: add a test of this statement
    ");
    assert_snapshot!(done(&policy(&format!("  hide <|>{critical}")), "write `@destructive`"), @"
    policy p for trakt {
      default deny
      hide @destructive
    }
    ");
    // a set would grant what the server gains later
    assert_snapshot!(offered(&policy(&format!("  ask <|>{critical} because \"why\""))), @"
    Rewrite: add a test of this statement
    QuickFix: ignore `lossy-lowering` here, for a reason to be written [lossy-lowering]
    ");
    let own = format!(
        "set fixed = clear_auth, checkin_to_show\nset grows = clear_*, checkin_*\n{}",
        policy("  ask clear_au<|>th, checkin_to_show because \"why\"")
    );
    assert_snapshot!(offered(&own), @"
    Rewrite: write `@fixed` for these 2 tools
    Rewrite: add a test of this statement
    QuickFix: ignore `lossy-lowering` here, for a reason to be written [lossy-lowering]
    ");
}

#[test]
fn recommended_statements() {
    let tested = format!(
        "{}test \"t\" for p {{\n  call clear_au<|>th -> deny\n}}\n",
        policy("  hide remove_from_history // for good\n  allow @read")
    );
    assert_snapshot!(offered(&tested), @"Rewrite: add `hide clear_auth`, as recommended");
    assert_snapshot!(done(&tested, "add `hide clear_auth`"), @r#"
    policy p for trakt {
      default deny
      hide remove_from_history // for good
      hide clear_auth
      allow @read
    }
    test "t" for p {
      call clear_auth -> deny
    }
    "#);
    assert_snapshot!(done(&policy("  limit checkin_to_sh<|>ow to 5 per hour"), "add `allow checkin_to_show"), @"
    policy p for trakt {
      default deny
      limit checkin_to_show to 5 per hour
      allow checkin_to_show {
        limit to 30 per minute
      }
    }
    ");
    assert!(!offered(&policy("  allow checkin_to_sh<|>ow")).contains("as recommended"), "it is decided");
}

#[test]
fn tests_that_are_missing() {
    let text = "policy p for trakt {\n  default deny\n  allow add_to_history {\n    limit to 5 per<|> hour\n  }\n}\n\npolicy q for plex {\n  default deny\n}\n";
    assert_snapshot!(done(text, "add a test of this statement"), @r#"
    policy p for trakt {
      default deny
      allow add_to_history {
        limit to 5 per hour
      }
    }

    test "allow add_to_history" for p {
      call add_to_history { history_type: "movies", items: [] } -> allow
    }

    test "add_to_history: limit to 5 per hour" for p {
      call add_to_history { history_type: "movies", items: [] } 5 times -> allow
      call add_to_history { history_type: "movies", items: [] } 6 times -> limited
    }

    policy q for plex {
      default deny
    }
    "#);
    let shown = "policy <|>p for trakt {\n  default deny\n  allow checkin_to_show\n}\n\ntest \"a\" for p {\n  call checkin_to_show -> allow\n} // all\n\nset a = b\n";
    assert_snapshot!(done(shown, "add tests for what no test shows"), @r#"
    policy p for trakt {
      default deny
      allow checkin_to_show
    }

    test "a" for p {
      call checkin_to_show -> allow
    } // all

    test "allow checkin_to_show" for p {
      call checkin_to_show { season: 0, episode: 0 } -> allow
    }

    test "default deny" for p {
      call add_to_history -> deny
    }

    test "critical tools" for p {
      call clear_auth -> deny
      call remove_from_history -> deny
      call remove_playback_item -> deny
      call remove_user_ratings -> deny
      call remove_user_watchlist -> deny
    }

    set a = b
    "#);
    let settings = Settings::new(Persona::Audit);
    let critical = "policy <|>p for trakt {\n  default deny\n  allow @read\n  ask @critical because \"sure?\"\n}\n";
    let fixture = Fixture::judged("a.mcp", critical, &[], settings);
    assert_snapshot!(listed(&fixture), @"
    QuickFix: add a test of the critical tools that no test calls [untested-critical-deny]
    Rewrite: add tests for what no test shows
    QuickFix: ignore `untested-critical-deny` here, for a reason to be written [untested-critical-deny]
    ");
    assert_snapshot!(applied(&fixture, "add a test of the critical tools"), @r#"
    policy p for trakt {
      default deny
      allow @read
      ask @critical because "sure?"
    }

    test "critical tools" for p {
      call clear_auth -> ask "sure?"
      call remove_from_history { history_type: "movies", items: [] } -> ask "sure?"
      call remove_playback_item { playback_id: 0 } -> ask "sure?"
      call remove_user_ratings { rating_type: "movies", items: [] } -> ask "sure?"
      call remove_user_watchlist { watchlist_type: "movies", items: [] } -> ask "sure?"
    }
    "#);
    let default = "policy p for trakt {\n  defa<|>ult deny\n  allow @read\n}\ntest \"d\" for p {\n  call add_to_history -> deny\n}\n";
    assert_snapshot!(done(default, "add a test of this statement"), @"nothing to do");
}

#[test]
fn a_default_that_is_missing() {
    let text = "policy p<|> for trakt { // all\n  allow @read\n}\n";
    assert_snapshot!(offered(text), @"QuickFix: add `default deny` [missing-default]");
    assert_snapshot!(done(text, "add `default deny`"), @"
    policy p for trakt { // all
      default deny
      allow @read
    }
    ");
    assert_snapshot!(done("policy p<|> for trakt { allow @read }\n", "add `default deny`"), @"policy p for trakt { default deny allow @read }");
}

#[test]
fn lines_end_as_they_did() {
    let text = "policy p for trakt {\n  default deny\n  allow clear_<|>*\n}\n".replace('\n', "\r\n");
    for action in offers(&Fixture::new(&text)) {
        let after = done(&text, &action.title);
        assert!(!after.replace("\r\n", "").contains(['\r', '\n']), "{}:\n{after:?}", action.title);
    }
}

#[test]
fn files_that_import_others() {
    let shared = [("sets.mcp", "set own = clear_*, checkin_to_show\n")];
    let text = "import \"sets.mcp\"\npolicy p for trakt {\n  default deny;\n  ask @ow<|>n\n}\n";
    let fixture = Fixture::with_imports("a.mcp", text, &shared);
    let view = fixture.view();
    let files = Files(shared.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect());
    let fix_all = actions(&view, 0, 0, &|kind| kind == Kind::FixAll);
    assert_snapshot!(apply(fixture.document.text(), &edits(&view, &fix_all[0], &files)), @r#"
    import "sets.mcp"
    policy p for trakt {
      default deny
      ask @own
    }
    "#);
    let text = text.replace(';', "");
    assert_snapshot!(applied(&Fixture::with_imports("a.mcp", &text, &shared), "replace"), @r#"
    import "sets.mcp"
    policy p for trakt {
      default deny
      ask checkin_to_show, clear_auth
    }
    "#);
}

#[test]
fn documents_of_others() {
    let text = "{\"permissions\": {\"allow\": [\"mcp__trakt__fetch_hi<|>storyy\"], \"deny\": [\"mcp__trakt__clear_autth\"]}}\n";
    let fixture = Fixture::with_imports(".claude/settings.json", text, &[]);
    assert_snapshot!(listed(&fixture), @"
    QuickFix: did you mean `fetch_history`? [unknown-tool]
    QuickFix: fix all `unknown-tool` in this file [unknown-tool]
    ");
}
