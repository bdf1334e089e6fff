//! Calls for which conditions are as wanted: known answers, hostile questions, and the law that every answer is right.

mod known;
mod laws;

use std::sync::Arc;

use mcppol::{
    catalog::{Catalogs, Tool},
    hir::{Environment, NoImports, RuleKind, Source, analyze, model::Condition},
    region::{Answer, Regions, Wanted},
    syntax::literal::Date,
};

/// The condition that a text says.
fn condition(text: &str) -> Arc<Condition> {
    let text = format!("policy p for nowhere {{ default deny\n allow x {{ require {text} }} }}");
    let catalogs = Catalogs::embedded();
    let environment = Environment { catalogs: &catalogs, today: Date { year: 2026, month: 11, day: 20 } };
    let analysis = analyze(Source { name: "region.mcp".to_owned(), text: text.clone() }, &NoImports, environment);
    let rules = analysis.policies().iter().flat_map(mcppol::hir::Policy::rules);
    let found = rules.into_iter().find_map(|rule| match &rule.kind {
        RuleKind::Require(condition) => Some(Arc::clone(condition)),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{text}\n{:#?}", analysis.diagnostics))
}

/// Conditions after a `+` hold, those after a `-` do not.
fn read(question: &[&str]) -> Vec<(Arc<Condition>, bool)> {
    question.iter().map(|text| (condition(&text[1..]), text.starts_with('+'))).collect()
}

fn ask(tool: Option<&Tool>, question: &[(Arc<Condition>, bool)]) -> Answer {
    let wanted: Vec<Wanted<'_>> =
        question.iter().map(|(condition, holds)| Wanted { condition, holds: *holds }).collect();
    Regions::new().find(tool, &wanted)
}
