//! Proposing a class for a tool: category, risk and signals, from its name, description and schema.
//!
//! The same facts always give the same class: tables of words, and rules that `docs/classes.md`
//! explains. A name counts most, since a client shows it and a policy names it. Descriptions and
//! hints are claims of the server: they make a class stricter, and choose one only where the name
//! says nothing. Obtaining the facts from a server is absent, and so is deciding what a policy
//! does with a class.

mod description;
mod judge;
mod name;
mod nouns;
mod phrases;
mod schema;
mod signals;
mod tokens;
mod vocabulary;
mod words;

use crate::catalog::{Category, Confidence, Hints, Param, Risk, Signal};

/// What is known of a tool.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The name in a `tools/call`.
    pub name: &'a str,
    /// The name for people.
    pub title: Option<&'a str>,
    /// What the server says that the tool does.
    pub description: Option<&'a str>,
    /// The arguments; empty where none are known.
    pub params: &'a [Param],
    /// What the server says of the tool's behaviour.
    pub hints: Hints,
}

/// The class of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// What the tool does.
    pub category: Category,
    /// How bad a wrong call may be: always that of the category.
    pub risk: Risk,
    /// What deserves a second look, sorted, without duplicates.
    pub signals: Vec<Signal>,
    /// How firmly the category stands.
    pub confidence: Confidence,
    /// What the category rests on, in a few words.
    pub why: String,
}

/// The class that the facts speak for. A tool of which nothing can be told is `execute`, with
/// [`Confidence::DEFAULT`]: what it does depends on what nobody has said.
#[must_use]
pub fn classify(facts: &Facts<'_>) -> Class {
    judge::judge(facts)
}
