//! What holds of every text: the style is a function of tokens, comments and empty lines; it is its own fixed point; the
//! policy stays, every comment stays, and what ignore comments silence stays silent.

use std::fs;

use mcppol::{
    catalog::Catalogs,
    check::{Options, check},
    diagnostic::Diagnostic,
    format::format,
    hir::{Analysis, Environment, NoImports, Source, analyze},
    lint::{self, Persona, Settings},
    syntax::{self, SyntaxKind},
    target,
    text::FileId,
};
use proptest::{
    prelude::any,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};

use super::formatted;
use crate::{
    examples::{CATALOGS, TODAY, files_below, root},
    laws::{source, world},
    rules::examples,
};

/// A text as what stands between its tokens, and the tokens: always one gap more.
fn apart(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut gaps, mut tokens, mut at) = (Vec::new(), Vec::new(), syntax::mark(text));
    for (base, part) in syntax::pieces(text) {
        let chunk = syntax::parse_chunk(FileId(0), part);
        let all = chunk.tree.all(part, FileId(0), base);
        for token in all.filter(|node| node.children().next().is_none() && node.kind() != SyntaxKind::End) {
            let place = token.span().range();
            gaps.push(text[at..place.start].to_owned());
            tokens.push(text[place.clone()].to_owned());
            at = place.end;
        }
    }
    gaps.push(text[at..].to_owned());
    (gaps, tokens)
}

fn together(gaps: &[String], tokens: &[String]) -> String {
    gaps.iter().zip(tokens.iter().map(String::as_str).chain([""])).flat_map(|(gap, token)| [gap, token]).collect()
}

fn comments(text: &str) -> Vec<String> {
    let gaps = apart(text).0;
    let lines = gaps.iter().flat_map(|gap| gap.lines());
    lines.filter_map(|line| line.find("//").map(|at| line[at..].trim_end().to_owned())).collect()
}

/// A small source of choices, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.roll(all.len())]
    }
}

/// The same tokens, comments and empty lines, with blanks and line ends anywhere else.
fn respaced(text: &str, dice: &mut Dice) -> String {
    let (mut gaps, tokens) = apart(text);
    for (at, gap) in gaps.iter_mut().enumerate() {
        let key = tokens.get(at).is_some_and(|token| token == ":");
        if gap.contains("//") {
            let lines: Vec<&str> = gap.split('\n').map(str::trim).collect();
            let blanks = ["", " ", "\t", "   \t "];
            let respaced: Vec<String> =
                lines.iter().map(|line| format!("{}{line}{}", dice.of(&blanks), dice.of(&["", " "]))).collect();
            *gap = respaced.join("\n");
        } else if gap.matches('\n').count() > 1 {
            *gap = dice.of(&["\n\n", "\n \n\t\n  ", "\n\n\n\n"]).to_owned();
        } else if at == 0 || at == tokens.len() {
            *gap = dice.of(&["", "\n", " "]).to_owned();
        } else if key {
            *gap = dice.of(&["", " "]).to_owned();
        } else {
            let blanks: &[&str] = if gap.is_empty() { &["", "", " ", "\n"] } else { &[" ", "\n", "\t", "\n     "] };
            *gap = dice.of(blanks).to_owned();
        }
    }
    together(&gaps, &tokens)
}

/// Comments among the tokens, each with its number.
fn commented(text: &str, one_in: usize, words: &[&str], dice: &mut Dice) -> String {
    let (mut gaps, tokens) = apart(text);
    let mut number = 0;
    for (at, gap) in gaps.iter_mut().enumerate() {
        if tokens.get(at).is_some_and(|token| token == ":") || dice.roll(one_in) > 0 {
            continue;
        }
        number += 1;
        let ahead = if at == 0 { "" } else { dice.of(&[" ", "", "\n", "\n\n", "\n  "]) };
        *gap = format!("{ahead}// {}{number}\n{gap}", dice.of(words));
    }
    together(&gaps, &tokens)
}

/// Every policy of ours that the project shows and that reads.
fn shown() -> Vec<(String, String)> {
    let file = |path: String| (path.clone(), fs::read_to_string(root().join(&path)).unwrap());
    let mut out: Vec<(String, String)> = files_below("examples", ".mcp").into_iter().map(file).collect();
    out.extend(files_below("tests/syntax/ok", ".mcp").into_iter().map(file));
    out.push(file("benches/small.mcp".to_owned()));
    for about in lint::abouts() {
        let ours = examples(about.page).into_iter().filter(|(_, example)| example.file == "test.mcp");
        out.extend(ours.map(|(heading, example)| (format!("{} {heading}", about.code.name), example.text)));
    }
    out.retain(|(_, text)| format(text).is_ok());
    out
}

fn analysis(catalogs: &Catalogs, text: &str) -> Analysis {
    let source = Source { name: "test.mcp".to_owned(), text: text.to_owned() };
    analyze(source, &NoImports, Environment { catalogs, today: TODAY })
}

/// What every target is told.
fn documents(catalogs: &Catalogs, text: &str) -> Vec<Option<String>> {
    let analysis = analysis(catalogs, text);
    let policies = analysis.checked().into_iter().flat_map(|checked| checked.policies());
    policies.flat_map(|policy| target::ALL.iter().map(move |target| target.lower(policy).text())).collect()
}

/// What is found, in order, and what is silenced: by name, and by the word at the place.
fn findings(catalogs: &Catalogs, text: &str, but: &[&str]) -> Vec<(bool, &'static str, String)> {
    let mut settings = Settings::default();
    settings.persona = Persona::Audit;
    let analysis = analysis(catalogs, text);
    let report = check(&analysis, &Options::new(target::ALL[0], &settings));
    let word = |found: &Diagnostic| {
        let rest = &text[found.span.start as usize..];
        rest.split(|c: char| !c.is_alphanumeric() && !"_@*?\"".contains(c)).next().unwrap_or_default().to_owned()
    };
    let open = report.findings.iter().map(|found| (false, found.code.name, word(found)));
    let silent = report.suppressed.iter().map(|it| (true, it.diagnostic.code.name, word(&it.diagnostic)));
    let mut out: Vec<_> = open.chain(silent).filter(|(_, name, _)| !but.contains(name)).collect();
    out.sort();
    out
}

/// What must hold of a text and its form.
fn judge(text: &str) -> Result<String, String> {
    let fail = |why: &str, new: &str| Err(format!("{why}\n\n{text}\n---\n{new}"));
    let new = match format(text) {
        Ok(new) => new,
        Err(refused) => return fail(&format!("{refused:#?}"), ""),
    };
    match format(&new) {
        Ok(again) if again == new => {}
        Ok(again) => return fail("it is not a fixed point", &format!("{new}---\n{again}")),
        Err(refused) => return fail(&format!("{refused:#?}"), &new),
    }
    if comments(text) != comments(&new) {
        return fail("comments", &new);
    }
    let even = new.lines().all(|line| line.trim_end() == line) && !new.contains("\n\n\n") && !new.contains("{\n\n");
    if !even || new.ends_with("\n\n") || new.contains("\n\n}") {
        return fail("blanks", &new);
    }
    Ok(new)
}

#[test]
fn spacing_does_not_matter() {
    let mut dice = Dice(1);
    let texts = shown();
    assert!(texts.len() > 150, "{}", texts.len());
    for (place, text) in texts {
        let new = judge(&text).unwrap_or_else(|why| panic!("{place}: {why}"));
        if text.contains("mcppol:") {
            continue;
        }
        for _ in 0..20 {
            let other = respaced(&text, &mut dice);
            assert_eq!(formatted(&other), new, "{place}\n{other}");
        }
    }
}

#[test]
fn findings_stay() {
    let mut silenced = 0;
    for (place, text) in shown() {
        let (before, after) = (findings(&CATALOGS, &text, &[]), findings(&CATALOGS, &formatted(&text), &[]));
        assert_eq!(before, after, "{place}\n{text}\n---\n{}", formatted(&text));
        silenced += before.iter().filter(|found| found.0).count();
    }
    assert!(silenced > 0);
}

/// Tries random policies.
fn run(cases: u32, case: impl Fn(&str, &Catalogs, &mut Dice) -> Result<(), String>) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 5_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]));
    let outcome = runner.run(&(world::tools(), source::policy(), any::<u64>()), |(tools, policy, seed)| {
        let server = world::server(&tools);
        let text = source::write(&policy, &server).text;
        let catalogs = CATALOGS.clone().with(server);
        case(&text, &catalogs, &mut Dice(seed)).map_err(TestCaseError::fail)
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{}", reason.message()),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn random_policies_with_comments_anywhere() {
    run(600, |text, catalogs, dice| {
        let one_in = [4, 12, 40][dice.roll(3)];
        let text = commented(text, one_in, &["c", "/ d", " e"], dice);
        let new = judge(&text)?;
        let other = respaced(&text, dice);
        if formatted(&other) != new {
            return Err(format!("spacing matters\n{text}\n---\n{other}\n---\n{new}\n---\n{}", formatted(&other)));
        }
        if documents(catalogs, &text) != documents(catalogs, &new) {
            return Err(format!("it means something else\n{text}\n---\n{new}"));
        }
        Ok(())
    });
}

#[test]
fn random_ignore_comments_silence_what_they_did() {
    const NAMES: [&str; 3] = [
        "mcppol: ignore[unknown-tool, dead-pattern, limit-never-binds, missing-argument-fallthrough] -- known ",
        "mcppol: ignore[redundant-condition, duplicate-statement, undocumented-grant, mixed-and-or] -- known ",
        "nothing ",
    ];
    // whether a comment stands near is what these ask
    const NEAR: [&str; 3] = ["undocumented-grant", "redundant-default", "unused-suppression"];
    run(600, |text, catalogs, dice| {
        let (one_in, spaced) = ([3, 10, 30][dice.roll(3)], dice.roll(2) == 0);
        let text = if spaced { respaced(text, dice) } else { text.to_owned() };
        let text = commented(&text, one_in, &NAMES, dice);
        let new = judge(&text)?;
        let (before, after) = (findings(catalogs, &text, &NEAR), findings(catalogs, &new, &NEAR));
        if before != after {
            return Err(format!("other findings\n{text}\n---\n{new}\n{before:#?}\n{after:#?}"));
        }
        Ok(())
    });
}
