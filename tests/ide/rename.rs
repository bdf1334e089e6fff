//! New names: what is refused and why, what changes where, and that nothing else does.

use std::{cell::Cell, collections::BTreeMap};

use mcppol::{
    catalog::Catalogs,
    hir::{Analysis, Environment, Source, analyze},
    ide::{
        definition::definition,
        names::Names,
        rename::{Renamed, prepare, rename},
    },
    text::{Edit, apply},
};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestRunner};

use super::{Files, Fixture, TODAY, definition::shown};

/// The answer in the first of some files, at its cursor.
fn told(new: &str, files: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let (name, text) = files[0];
    let mut fixture = Fixture::with_imports(name, text, &files[1..]);
    fixture.files.0.insert(name.to_owned(), fixture.document.text().to_owned());
    let source = |(name, text): &(&str, &str)| Source { name: (*name).to_owned(), text: (*text).to_owned() };
    let others = files[1..].iter().map(source);
    rename(&fixture.view(), fixture.cursor(), new, &fixture.files, others).map(|renamed| shown(&renamed.places))
}

const FLOOR: &str = "set s = a\npolicy floor for trakt {\n  default deny\n  deny @s\n}\n";
const ONE: &str =
    "import \"floor.mcp\"\nset mine = b\npolicy one for trakt {\n  default deny\n  include floor\n  allow @s\n}\n";
const ALONE: &str = "set s = b\nset t = @s\n";

#[test]
fn in_all_files_that_know_the_name() {
    let floor = FLOOR.replace("set s", "set s<|>");
    let files = [("floor.mcp", &*floor), ("one.mcp", ONE), ("alone.mcp", ALONE)];
    let all = ["floor.mcp:1 set «s» = a", "floor.mcp:4   deny @«s»", "one.mcp:6   allow @«s»"];
    assert_eq!(told("t", &files).unwrap(), all);
    assert_eq!(told("@t", &files).unwrap(), all, "written as a use");
    assert_eq!(told("s", &files).unwrap(), [""; 0], "nothing to do");
    let one = ONE.replace("include floor", "include <|>floor");
    let files = [("one.mcp", &*one), ("floor.mcp", FLOOR)];
    assert_eq!(
        told("base", &files).unwrap(),
        ["one.mcp:5   include «floor»", "floor.mcp:2 policy «floor» for trakt {"]
    );
    assert_eq!(told("s", &files).unwrap().len(), 2, "sets and policies have names of their own");
}

#[test]
fn names_that_cannot_be_taken() {
    let floor = FLOOR.replace("set s", "set s<|>");
    let other = "set taken = a\n";
    let both = "import \"floor.mcp\"\nimport \"other.mcp\"\n";
    let dangling = "import \"floor.mcp\"\nset u = @dangling\n";
    let files = [
        ("floor.mcp", &*floor),
        ("one.mcp", ONE),
        ("other.mcp", other),
        ("both.mcp", both),
        ("dangling.mcp", dangling),
    ];
    let refused = |new: &str| told(new, &files).unwrap_err();
    let all = ["allow", "two words", "", "a//b", "é", "-a", "read", "mine", "taken", "dangling"].map(refused);
    insta::assert_snapshot!("names_that_cannot_be_taken", all.join("\n"));
    let twice = ("twice.mcp", "import \"floor.mcp\"\nset s = b\n");
    let files = [("floor.mcp", &*floor), twice];
    insta::assert_snapshot!("a_name_given_twice", told("t", &files).unwrap_err());
}

#[test]
fn what_cannot_be_renamed() {
    let text = r#"import "floor.mcp"
policy p for trakt {
  default deny
  allow clear_auth, @read, @nothing, fetch_* { require args.a == 1 }
}
grant "me" uses p
"#;
    let told = |name: &str, text: &str, before: &str| {
        let (head, tail) = text.split_at(text.find(before).unwrap() + before.len());
        let fixture = Fixture::with_imports(name, &format!("{head}<|>{tail}"), &[("floor.mcp", FLOOR)]);
        prepare(&fixture.view(), fixture.cursor(), &fixture.files)
    };
    let places = ["\"fl", "for tr", "defa", "allow cl", "@re", "@noth", "fetch", "args.", "\"m"];
    let mut all: Vec<String> = places.iter().map(|before| told("a.mcp", text, before).unwrap_err()).collect();
    let foreign = "{ \"permissions\": { \"allow\": [\"mcp__trakt__clear_auth\"] } }";
    all.push(told(".claude/settings.json", foreign, "trakt__").unwrap_err());
    insta::assert_snapshot!(all.join("\n"));
    let (span, now) = told("a.mcp", text, "uses ").unwrap();
    assert_eq!((&text[span.range()], &*now), ("p", "p"));
    let (span, now) = told("floor.mcp", FLOOR, "deny @").unwrap();
    assert_eq!((&FLOOR[span.range()], &*now), ("s", "s"), "without its @");
}

type World = BTreeMap<String, String>;

fn sources(world: &World) -> impl Iterator<Item = Source> + '_ {
    world.iter().map(|(name, text)| Source { name: name.clone(), text: text.clone() })
}

fn fixture(world: &World, name: &str) -> Fixture {
    let others: Vec<(&str, &str)> = world.iter().map(|(name, text)| (&**name, &**text)).collect();
    Fixture::with_imports(name, &world[name], &others)
}

fn renamed(world: &World, file: &str, offset: u32, new: &str) -> Result<(World, Renamed), String> {
    let fixture = fixture(world, file);
    let renamed = rename(&fixture.view(), offset, new, &fixture.files, sources(world))?;
    let mut out = world.clone();
    for places in &renamed.places {
        let edits: Vec<Edit> =
            places.spans.iter().map(|span| Edit { span: *span, text: renamed.name.clone() }).collect();
        out.insert(places.source.name.clone(), apply(&places.source.text, &edits));
    }
    Ok((out, renamed))
}

/// What the files of a world mean, but for names: their findings, and what their policies make of every tool.
fn meaning(world: &World) -> Vec<String> {
    let (catalogs, imports) = (Catalogs::embedded(), Files(world.clone()));
    let environment = Environment { catalogs: &catalogs, today: TODAY };
    let of = |source: Source| {
        let analysis: Analysis = analyze(source, &imports, environment);
        let mut codes: Vec<&str> = analysis.diagnostics.iter().map(|finding| finding.code.name).collect();
        codes.sort_unstable();
        let policy = |policy: &mcppol::hir::Policy| {
            let tool = |id| (policy.tool_name(id).to_owned(), policy.standing(id), policy.rules_of(id).count());
            format!("{:?}", policy.tools().map(tool).collect::<Vec<_>>())
        };
        format!("{codes:?} {:?}", analysis.policies().iter().map(policy).collect::<Vec<_>>())
    };
    sources(world).map(of).collect()
}

/// Three files that import one another, with few names, so that many are the same.
fn worlds() -> impl Strategy<Value = World> {
    let set = (select(vec!["a", "b", "c"]), select(vec!["clear_auth", "@a", "@b", "@c", "@read"]));
    let policy =
        (select(vec!["p", "q", "r"]), select(vec!["allow @a", "deny @b", "allow @c", "include p", "include q"]));
    let file = (
        any::<[bool; 2]>(),
        vec(set, 0..3),
        vec(policy, 0..3),
        select(vec!["", "grant \"g\" uses p\n", "test \"t\" for q {}\n"]),
    );
    [file.clone(), file.clone(), file].prop_map(|files| {
        let text = |(index, (imports, sets, policies, last)): (usize, ([bool; 2], Vec<_>, Vec<_>, &str))| {
            let others = (index + 1..3).zip(imports).filter(|(_, wanted)| *wanted);
            let mut text: String = others.map(|(other, _)| format!("import \"{other}.mcp\"\n")).collect();
            text.extend(sets.into_iter().map(|(name, member)| format!("set {name} = fetch_history, {member}\n")));
            text.extend(
                policies
                    .into_iter()
                    .map(|(name, line)| format!("policy {name} for trakt {{\n  default deny\n  {line}\n}}\n")),
            );
            (format!("{index}.mcp"), text + last)
        };
        files.into_iter().enumerate().map(text).collect()
    })
}

/// What is renamed means the same, each name still leads to the same definition, and back is back; how many were.
fn nothing_but_names_change(world: &World, new: &str) -> Result<usize, TestCaseError> {
    let before = meaning(world);
    let mut done = 0;
    for (file, text) in world {
        for occurrence in Names::of_text(text).all() {
            let Ok((after, change)) = renamed(world, file, occurrence.span.start, new) else { continue };
            // it has that name already
            let [own, ..] = change.places.as_slice() else { continue };
            prop_assert_eq!(&own.source.name, file);
            prop_assert_eq!(&meaning(&after), &before, "{:?}", after);
            // the same word, which those before it have moved
            let earlier = own.spans.iter().filter(|span| span.start < occurrence.span.start).count();
            let old = (occurrence.span.end - occurrence.span.start) as usize;
            let start = occurrence.span.start as usize + earlier * new.len() - earlier * old;
            let start = u32::try_from(start).unwrap();
            let fixture = fixture(&after, file);
            prop_assert_eq!(definition(&fixture.view(), start, &fixture.files).len(), 1);
            let name = &text[occurrence.span.range()];
            let (back, _) = renamed(&after, file, start, name).map_err(TestCaseError::fail)?;
            prop_assert_eq!(&back, world);
            done += 1;
        }
    }
    Ok(done)
}

#[test]
fn nothing_but_the_name_changes() {
    let done = Cell::new(0);
    let names = select(vec!["a", "b", "p", "q", "fresh", "read"]);
    let mut runner = TestRunner::new(ProptestConfig { cases: 32, ..ProptestConfig::default() });
    let law = |(world, new): (World, &str)| {
        done.set(done.get() + nothing_but_names_change(&world, new)?);
        Ok(())
    };
    runner.run(&(worlds(), names), law).unwrap();
    assert!(done.get() >= 20, "only {} were renamed", done.get());
}
