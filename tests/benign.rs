//! Good work stays quiet: policies that nobody should be bothered about, and the rules that everybody sees.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use mcppol::{
    check::{Options, check},
    diagnostic::{Diagnostic, Level},
    hir::{Environment, NoImports, Source, analyze},
    lint::{Persona, Settings, rule},
    recommend, target,
};

use crate::examples::{CATALOGS, TODAY, files_below, root};

/// Examples that show a fault.
const BAD: [&str; 2] = ["examples/catalogue/", "examples/refunds/draft.mcp"];

/// Every text of the corpus with a name for it: what is recommended for each server, and the examples.
fn corpus() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for id in CATALOGS.ids() {
        let server = CATALOGS.find(&id).unwrap();
        for hide_rest in [false, true] {
            let options = recommend::Options { hide_rest, ..recommend::Options::default() };
            out.push((id.clone(), recommend::recommend(&server, &options)));
        }
    }
    for path in files_below("examples", ".mcp").into_iter().filter(|path| !BAD.iter().any(|bad| path.starts_with(bad)))
    {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        out.push((path, text));
    }
    out
}

/// What lints find, for a persona.
fn lints(text: &str, persona: Persona) -> Vec<Diagnostic> {
    let source = Source { name: "benign.mcp".to_owned(), text: text.to_owned() };
    let analysis = analyze(source, &NoImports, Environment { catalogs: &CATALOGS, today: TODAY });
    let mut settings = Settings::default();
    settings.persona = persona;
    let found = check(&analysis, &Options::new(target::ALL[0], &settings)).findings;
    found.into_iter().filter(|found| rule(found.code.name).is_some()).collect()
}

#[test]
fn good_work_stays_quiet() {
    let mut loud = Vec::new();
    for (name, text) in corpus() {
        for found in lints(&text, Persona::Default).into_iter().filter(|found| found.level > Level::Info) {
            loud.push(format!("{name}: {}: {}", found.code.name, found.message));
        }
    }
    assert!(loud.is_empty(), "{}\n{}", loud.len(), loud.join("\n"));
}

/// What only some ask for is still about few policies: a rule that speaks of most of them tells nobody anything.
#[test]
fn no_rule_speaks_of_most_policies() {
    let corpus = corpus();
    let mut spoken_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, text) in &corpus {
        let names: BTreeSet<&str> = lints(text, Persona::Pedantic).iter().map(|found| found.code.name).collect();
        names.into_iter().for_each(|name| *spoken_of.entry(name).or_default() += 1);
    }
    for (name, times) in spoken_of {
        assert!(times * 2 <= corpus.len(), "{name} speaks of {times} of {}", corpus.len());
    }
}
