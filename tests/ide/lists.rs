//! What is told of a set or pattern is what the policy does with it.

use mcppol::{ide::hover::hover, text::FileId};

use super::Fixture;

/// The number of tools that a hover over the first entry of the only `allow` speaks of.
fn told(server: &str, sets: &str, entry: &str) -> (usize, usize) {
    let text = format!("{sets}\npolicy p for {server} {{\n  default deny\n  allow <|>{entry}\n}}\n");
    let fixture = Fixture::new(&text);
    let policies = fixture.document.analysis().policies();
    let covered = policies.first().map_or(0, |policy| {
        policy.rules().first().map_or(0, |rule| {
            assert_eq!(rule.span.file, FileId(0));
            policy.covered(rule).count()
        })
    });
    let told = hover(&fixture.view(), fixture.cursor()).unwrap().markdown;
    let number = |text: &str| text.split_once(": ")?.1.split(' ').next()?.parse::<usize>().ok();
    let told = told.lines().find_map(number).unwrap_or(0);
    (told, covered)
}

#[test]
fn as_many_tools_as_the_policy_means() {
    let sets = "set a = add_*, @b except @c\nset b = @read, *_list*, \"odd name\"\nset c = get_*, fetch_user_*";
    let mut some = 0;
    for server in ["trakt", "plex", "github", "slack"] {
        for entry in ["*", "get_*", "*user*", "?*_*", "@read", "@critical", "@bulk", "@credentials", "@a", "@b", "@c"] {
            let (told, covered) = told(server, sets, entry);
            // the name in `@b` is in no catalog, and only the policy counts it
            let known = if matches!(entry, "@a" | "@b") { covered - 1 } else { covered };
            assert_eq!(told, known, "{server} {entry}");
            some += usize::from(covered > 2);
        }
    }
    assert!(some > 20, "{some}");
}
