//! A file that is edited: after every edit, what is known of it is what a fresh look says.

mod edits;

use std::collections::BTreeMap;

use mcppol::{
    check::{self, Options},
    hir::{Analysis, Environment, ImportError, Imports, Source, analyze},
    lint::{Persona, Settings},
    syntax::{literal::Date, parse_chunk, pieces, reparse},
    target,
    text::FileId,
};
use proptest::{collection::vec, prelude::*};

use crate::examples::{CATALOGS, TODAY};
use edits::{Edit, edit};

/// A file with everything that the language has, some of it wrong.
const ROOT: &str = include_str!("live/root.mcp");
/// What it imports.
const FLOOR: &str = include_str!("live/floor.mcp");
const MORE: &str =
    "set reading = read_graph, open_nodes\npolicy wide for memory { default deny include narrow allow @reading }\n";

/// Statements that stand close together.
const STATEMENTS: &str = r#"policy a for b as "é" { default deny
  allow x, "y z", @s except t* having args.x if args.a == 1 because "é // no" until 2027-01-01 // it ends
  deny "u"deny v if any args.list matches r"a\d" or (args.b missing and args.c not in ["x", "y"]) ask w
  on * { require args.p under "/srv" because "x" limit total args.n to 5 per 2 days deny if args.q exists }

  limit all to 1 per day hide h /// a doc
  include other }
"#;

struct Files(BTreeMap<&'static str, String>);

impl Imports for Files {
    fn load(&self, _: &str, path: &str) -> Result<Source, ImportError> {
        let text = self.0.get(path).ok_or_else(|| ImportError("there is none".to_owned()))?;
        Ok(Source { name: path.to_owned(), text: text.clone() })
    }
}

/// What a step changes: a text, or how it is looked at.
#[derive(Debug, Clone)]
enum Step {
    Root(Edit),
    Undo,
    Floor(Edit),
    Persona(Persona),
    Target(usize),
    Only(Option<&'static str>),
    Day(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        40 => edit().prop_map(Step::Root),
        20 => Just(Step::Undo),
        2 => edit().prop_map(Step::Floor),
        1 => prop::sample::select(&Persona::ALL[..]).prop_map(Step::Persona),
        1 => (0..target::ALL.len()).prop_map(Step::Target),
        1 => prop::option::of(Just("reader")).prop_map(Step::Only),
        1 => (1..28_u8).prop_map(Step::Day),
    ]
}

proptest! {
    // each case is up to thirty files
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 4, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_file_is_known_as_a_new_one(
        steps in vec(step(), 1..30),
        long in any::<bool>(),
    ) {
        follow(steps, long)?;
    }

    #[test]
    fn a_statement_is_read_again_as_the_whole_is(edits in vec(edit(), 1..4)) {
        let old = parse_chunk(FileId(0), STATEMENTS);
        assert!(old.errors.is_empty());
        let mut new = STATEMENTS.to_owned();
        edits.iter().for_each(|edit| edit.apply(&mut new));
        if let Some(tree) = reparse(&old.tree, STATEMENTS, &new) {
            let whole = parse_chunk(FileId(0), &new);
            prop_assert!(tree == whole.tree && whole.errors.is_empty(), "{}", new);
        }
    }
}

fn follow(steps: Vec<Step>, long: bool) -> Result<(), TestCaseError> {
    let mut text = if long { ROOT.to_owned() } else { "policy a for plex { default deny }\n".to_owned() };
    let mut files = Files([("floor.mcp", FLOOR.to_owned()), ("more.mcp", MORE.to_owned())].into());
    let (mut settings, mut target, mut only, mut today) = (Settings::new(Persona::Audit), 0, None, TODAY);
    let mut before = Vec::new();
    let mut live: Option<check::Live> = None;
    for step in std::iter::once(Step::Only(None)).chain(steps) {
        match step {
            Step::Root(edit) => {
                before.push(text.clone());
                edit.apply(&mut text);
            }
            Step::Undo => text = before.pop().unwrap_or(text),
            Step::Floor(edit) => edit.apply(files.0.get_mut("floor.mcp").unwrap()),
            Step::Persona(persona) => settings = Settings::new(persona),
            Step::Target(number) => target = number,
            Step::Only(policy) => only = policy,
            Step::Day(day) => today = Date { day, ..TODAY },
        }
        let root = Source { name: "root.mcp".to_owned(), text: text.clone() };
        let environment = Environment { catalogs: &CATALOGS, today };
        let options = Options { only, ..Options::new(target::ALL[target], &settings) };
        match &mut live {
            Some(live) => live.update(root.clone(), &files, environment, &options),
            None => live = Some(check::Live::new(root.clone(), &files, environment, &options)),
        }
        let live = live.as_ref().unwrap();
        let fresh = analyze(root, &files, environment);
        let report = check::check(&fresh, &options);
        let place = || format!("the text is\n{text}");
        prop_assert_eq!(&live.analysis().diagnostics, &fresh.diagnostics, "{}", place());
        let (known, wanted) = (show(live.analysis()), show(&fresh));
        let first = known.lines().zip(wanted.lines()).find(|(a, b)| a != b);
        prop_assert!(known == wanted, "{first:?} {}", place());
        prop_assert_eq!(&live.report().findings, &report.findings, "{}", place());
        prop_assert_eq!(&live.report().suppressed, &report.suppressed, "{}", place());
        let chunks: Vec<_> = live.chunks().map(|(base, part, tree)| (base, part, tree.clone())).collect();
        let wanted: Vec<_> =
            pieces(&text).map(|(base, part)| (base, part, parse_chunk(FileId(0), part).tree)).collect();
        prop_assert!(chunks == wanted, "chunks; {}", place());
    }
    Ok(())
}

/// Edits of one chunk that change what is known of another.
const FAR: &[(&str, &str)] = &[
    ("  include narrow\n", ""),
    ("  include narrow\n", "  include twig\n"),
    ("policy narrow for", "policy narrower for"),
    ("  limit to 30 per minute\n", ""),
    ("no_such_member except", "fetch except"),
    ("set reading = read_file", "set reading = no_such_file"),
    ("set reading =", "set reading2 ="),
    ("list_playlists,", "list_playlists, allow_nothing,"),
    ("import \"floor.mcp\"\n", ""),
    ("policy keeper for memory", "policy keeper for plex"),
    ("grant \"bot\" uses reader", "grant \"bot\" uses getter"),
    ("policy elsewhere", "set inner = fetch\npolicy elsewhere"),
    ("// mcppol: ignore[default-allow] -- it is looked at by a person\n", ""),
    ("  deny clear_auth, authenticate_plex\n}\n", ""),
    ("/// Answers questions.\n", "policy x for fetch { default deny allow fetch }\n"),
];

#[test]
fn edits_reach_as_far_as_they_do() {
    for (old, new) in FAR {
        let steps = vec![Step::Root(Edit::Swap(old, new)), Step::Undo, Step::Root(Edit::Swap(old, new))];
        let wrong = follow(steps, true).err();
        assert!(wrong.is_none(), "{old} {new} {wrong:?}");
    }
}

#[test]
fn within_a_statement_only_that_is_read_again() {
    let old = parse_chunk(FileId(0), STATEMENTS);
    let read = |from: &str, to: &str| reparse(&old.tree, STATEMENTS, &STATEMENTS.replacen(from, to, 1)).is_some();
    assert!(read("\"/srv\"", "\"/srv/é\""));
    assert!(read("to 5 per 2 days", "to 5 per day"));
    assert!(read("args.p under", "args.p exists deny if args.z under"));
    // the keyword, what is wrong, what reaches behind the statement, what is no statement's
    assert!(!read("on *", "allow *"));
    assert!(!read("\"/srv\"", "/srv"));
    assert!(!read("2 days deny", "2 days } deny"));
    assert!(!read("2027-01-01", "2027-01-01 //"));
    assert!(!read("\"u\"deny", "udeny"));
    assert!(!read("policy a", "policy b"));
}

/// All that an analysis knows, without what catalogs say.
fn show(analysis: &Analysis) -> String {
    let mut out = format!("{:#?}\n{:?}\n{}\n", analysis.outline, analysis.sources, analysis.checked().is_some());
    for policy in analysis.policies() {
        let tools: Vec<_> = policy.tools().map(|id| (policy.tool_name(id), policy.rules_of(id).count())).collect();
        let until: Vec<_> = policy.rules().iter().map(|rule| policy.until(rule)).collect();
        out += &format!(
            "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:#?} {:?} {:?} {:?} {tools:?} {until:?}\n",
            policy.name(),
            policy.name_span(),
            policy.head(),
            policy.server_name(),
            policy.alias(),
            policy.fallback(),
            policy.fallback_span(),
            policy.is_included(),
            policy.rules(),
            policy.rules_of_all().count(),
            policy.unknown_tools(),
            policy.patterns(),
        );
    }
    if let Some(checked) = analysis.checked() {
        out += &format!("{:?} {:?}\n", checked.grants(), checked.tests());
    }
    out
}
