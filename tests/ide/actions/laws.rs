//! What holds of every action: what its title says, and no more.

use std::{collections::BTreeSet, mem::discriminant};

use mcppol::{
    diagnostic::{Applicability, Diagnostic},
    format::format,
    hir::{NoImports, Policy},
    ide::actions::{Action, Kind, actions, edits},
    lint::{self, Persona, Settings},
    text::apply,
    trial,
};

use super::Fixture;
use crate::{cli::Folder, rules::examples};

/// Policies that stand alone, each in the one style.
fn sources() -> Vec<String> {
    let examples = ["examples/trakt/assistant.mcp", "examples/refunds/refunds.mcp", "examples/plex/listener.mcp"];
    let read = |path: &&str| std::fs::read_to_string(crate::examples::root().join(path)).unwrap();
    let mut out: Vec<String> = examples.iter().map(read).collect();
    out.push(
        "set own = clear_*, checkin_to_show except clear_all\nset two = add_to_history, checkin_to_show\n\n\
         /// Reads.\npolicy p for trakt {\n  default deny\n  allow fetch_*, @own except fetch_history\n  \
         allow add_to_history, checkin_to_show {\n    limit to 5 per hour\n  }\n  \
         deny remove_*, remove_user_ratings // why\n  \
         hide clear_auth, remove_from_history, remove_playback_item, remove_user_ratings, remove_user_watchlist\n  \
         on @two, @read having args.limit {\n    require args.limit <= 10\n  }\n}\n\n\
         test \"t\" for p {\n  call start_device_auth -> deny\n}\n"
            .to_owned(),
    );
    out.iter().map(|text| format(text).unwrap()).collect()
}

fn fixture(text: &str) -> Fixture {
    let mut settings = Settings::default();
    settings.persona = Persona::Audit;
    Fixture::judged("a.mcp", text, &[], settings)
}

/// What every policy says of each tool, by its rules. A name of which nothing is said is like any other.
fn said(fixture: &Fixture) -> Vec<String> {
    let policies = fixture.document.analysis().policies().iter();
    let of = |policy: &Policy| -> Vec<String> {
        let rules = |id| policy.rules_of(id).map(|rule| discriminant(&rule.kind)).collect::<Vec<_>>();
        let spoken_of = policy.tools().filter(|id| !rules(*id).is_empty());
        spoken_of.map(|id| format!("{}: {:?} {:?}", policy.tool_name(id), policy.standing(id), rules(id))).collect()
    };
    policies.flat_map(of).collect()
}

fn fatal(fixture: &Fixture) -> usize {
    fixture.document.report().findings.iter().filter(|finding| finding.is_fatal()).count()
}

/// Every action of a text at every place where a token may begin, once.
fn all(fixture: &Fixture, each: &mut dyn FnMut(&Action, String)) {
    let text = fixture.document.text();
    let mut seen = BTreeSet::new();
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let begins = !c.is_alphanumeric() || !last.is_alphanumeric();
        last = c;
        if !begins {
            continue;
        }
        let at = u32::try_from(at).unwrap();
        for action in actions(&fixture.view(), at, at, &|_| true) {
            if seen.insert(format!("{action:?}")) {
                let edits = edits(&fixture.view(), &action, &NoImports);
                each(&action, apply(text, &edits));
            }
        }
    }
}

#[test]
fn titles_are_kept() {
    let mut tried = BTreeSet::new();
    for text in sources() {
        let before = fixture(&text);
        assert_eq!(fatal(&before), 0, "{text}");
        all(&before, &mut |action, after| {
            let first = action.title.split(' ').next().unwrap().to_owned();
            let name = &action.title;
            let judged = fixture(&after);
            assert_eq!(fatal(&judged), 0, "{name}:\n{after}");
            match (action.kind, first.as_str()) {
                (Kind::Inline, _) | (Kind::Rewrite, "write" | "replace") => {
                    assert_eq!(said(&before), said(&judged), "{name}:\n{after}");
                    assert_eq!(format(&after).unwrap(), after, "{name}");
                    assert_ne!(text, after);
                }
                (Kind::Rewrite | Kind::QuickFix, "add") if name.contains("test") => {
                    let checked = judged.document.analysis().checked().unwrap();
                    let run = trial::run(checked, &judged.document.analysis().sources, &|_| true);
                    assert!(run.iter().all(trial::Tried::passed), "{name}:\n{after}");
                    assert_eq!(format(&after).unwrap(), after, "{name}");
                    if action.kind == Kind::QuickFix {
                        let of = |it: &&Diagnostic| it.code.name == "untested-critical-deny";
                        let left = judged.document.report().findings.iter().filter(of).count();
                        assert_eq!(left, before.document.report().findings.iter().filter(of).count() - 1);
                    }
                }
                (Kind::QuickFix, "ignore") => {
                    let stop = action.stop().unwrap();
                    silences(&before, action, stop, &after);
                }
                (Kind::Rewrite, "add") => {
                    assert_eq!(format(&after).unwrap(), after, "{name}");
                    assert_ne!(said(&before), said(&judged), "{name}:\n{after}");
                }
                (Kind::Rewrite, "say") => assert_eq!(said(&before), said(&judged), "{name}:\n{after}"),
                _ => return,
            }
            tried.insert(first);
        });
    }
    assert_eq!(tried.into_iter().collect::<Vec<_>>(), ["add", "ignore", "replace", "say", "write"]);
}

/// With a reason, exactly the findings that the action answers go, and none comes.
fn silences(before: &Fixture, action: &Action, stop: usize, without: &str) {
    let names = |fixture: &Fixture| -> Vec<String> {
        let all = fixture.document.report().findings.iter();
        // any comment answers this one
        let all = all.filter(|it| it.code.name != "undocumented-grant");
        let mut out: Vec<String> = all.map(|it| format!("{}: {}", it.code.name, it.message)).collect();
        out.sort();
        out
    };
    let left = names(&fixture(without));
    assert!(left.iter().any(|it| it.starts_with("invalid-suppression")), "without a reason it silences nothing");
    let mut edits = edits(&before.view(), action, &NoImports);
    edits[0].text.insert_str(stop, "it is in order");
    let after = apply(before.document.text(), &edits);
    let mut wanted = names(before);
    for index in &action.findings {
        let it = &before.document.report().findings[*index];
        let at = wanted.iter().position(|name| *name == format!("{}: {}", it.code.name, it.message));
        wanted.remove(at.unwrap());
    }
    assert_eq!(names(&fixture(&after)), wanted, "{}:\n{after}", action.title);
}

/// What an editor does for all safe fixes is what the command does.
#[test]
fn all_safe_fixes_are_those_of_the_command() {
    // those that stand alone
    let alone = |rule: &&&lint::Rule| rule.fix == Some(Applicability::Safe) && !rule.page.contains("```json ");
    let alone = lint::ALL.iter().filter(alone);
    let mut texts: Vec<String> = alone.flat_map(|rule| examples(rule.page)).map(|(_, it)| it.text).collect();
    texts.extend(sources().iter().map(|text| text.replace("\n  allow", ";\n  allow").replace("limit to", "limit")));
    texts.push(
        "policy p for trakt {\n  default deny;\n  block clear_auth when args.x = 1;\n  ask @clear_auth\n}\n".to_owned(),
    );
    let names: Vec<String> = (0..texts.len()).map(|nth| format!("{nth}.mcp")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    let folder = Folder::new(&files);
    folder.run(&format!("check --fix {}", names.join(" ")));
    let mut fixed = 0;
    for (name, text) in files {
        let fixture = Fixture::new(text);
        let view = fixture.view();
        let all = actions(&view, 0, 0, &|kind| kind == Kind::FixAll);
        let edits = all.first().map(|action| edits(&view, action, &NoImports)).unwrap_or_default();
        fixed += edits.len();
        assert_eq!(apply(text, &edits), folder.read(name), "{text}");
    }
    assert!(fixed > 5, "{fixed}");
}

/// Of any text, at any place.
#[test]
fn broken_texts_have_places() {
    for text in sources() {
        let chars: Vec<char> = text.chars().collect();
        for nth in 0..12 {
            let mut broken = chars.clone();
            let from = nth * chars.len() / 12;
            broken.drain(from..(from + 1 + nth).min(chars.len()));
            if nth % 3 == 0 {
                broken.insert(from, '🎈');
            }
            let text: String = broken.into_iter().collect();
            let fixture = fixture(&text);
            let end = u32::try_from(text.len()).unwrap();
            for at in (0..end + 2).step_by(7) {
                for action in actions(&fixture.view(), at, end.min(at + 3), &|kind| kind != Kind::FixAll) {
                    // what judges the text again is tried elsewhere
                    if action.title.starts_with("fix all") || action.title.contains("test") {
                        continue;
                    }
                    for edit in edits(&fixture.view(), &action, &NoImports) {
                        assert!(text.get(edit.span.range()).is_some(), "{}: {edit:?}", action.title);
                    }
                }
            }
        }
    }
}
