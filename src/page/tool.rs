//! The page of one tool.

use serde::Serialize;
use serde_json::Value;

use super::{About, trigger, words};
use crate::{
    catalog::{BuiltIn, Catalogs, Category, Confidence, Param, Risk, Server, Signal, Tool},
    hir::{Environment, NoImports, Source, analyze},
    recommend::{self, needs_review},
    syntax::literal::Date,
    target,
};

/// The most other servers that are named.
const MOST: usize = 8;

/// A tool's page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToolPage {
    /// Its server.
    pub server: About,
    /// Its name.
    pub tool: String,
    /// What a call does to the world, in one sentence.
    pub summary: String,
    /// The server's own words about it.
    pub description: Option<String>,
    /// What it does.
    pub category: Category,
    /// How bad a wrong call may be.
    pub risk: Risk,
    /// What the class rests on.
    pub why: String,
    /// Whose judgement it is.
    pub source: String,
    /// How firmly it stands, between 0 and 1; none where a person has judged.
    pub confidence: Option<Confidence>,
    /// Whether it should be looked at before anything rests on it.
    pub uncertain: bool,
    /// What the server must be set up with to offer it.
    pub conditional: Option<String>,
    /// The arguments, in the order of the schema.
    pub arguments: Vec<Argument>,
    /// What deserves a second look.
    pub signals: Vec<Noted>,
    /// What the server says of its behaviour.
    pub hints: Vec<Hint>,
    /// The built-in sets that hold it, with their `@`.
    pub sets: Vec<String>,
    /// What to do with it.
    pub recommended: Rule,
    /// What one may write instead: a condition on the use, and the statement.
    pub instead: Vec<Instead>,
    /// Other tools of the server with a word of its name.
    pub related: Vec<Same>,
    /// Other servers that have a tool of the name.
    pub elsewhere: Elsewhere,
    /// The commands to type next.
    pub next: Vec<String>,
}

/// What is said of a tool alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// What a call does to the world, in one sentence.
    pub summary: String,
    /// Whose judgement the class is.
    pub source: String,
    /// The arguments, in the order of the schema.
    pub arguments: Vec<Argument>,
    /// What deserves a second look.
    pub signals: Vec<Noted>,
    /// What the server says of its behaviour.
    pub hints: Vec<Hint>,
    /// The built-in sets that hold it, with their `@`.
    pub sets: Vec<String>,
    /// What to do with it, and why.
    pub advice: String,
}

/// An argument of a tool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// The types that it may have, in words.
    #[serde(rename = "type")]
    pub types: String,
    /// Whether each call has it.
    pub required: bool,
    /// The values that it may have; none where others may be.
    #[serde(rename = "enum")]
    pub values: Option<Vec<Value>>,
    /// What the server must be set up with to take it.
    pub conditional: Option<String>,
}

/// A signal on a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Noted {
    /// Which one.
    pub signal: Signal,
    /// What it means.
    pub meaning: &'static str,
    /// The arguments that it is about.
    pub arguments: Vec<String>,
}

/// A hint of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hint {
    /// Its name.
    pub hint: &'static str,
    /// What the server says.
    pub value: bool,
    /// What that means.
    pub meaning: &'static str,
    /// What the class says to that, where the two differ.
    pub against: Option<String>,
}

/// The recommended rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// Why.
    pub why: String,
    /// The whole policy of this one rule, in the policy language.
    pub policy: String,
    /// What that is compiled to for the default target, by the compiler.
    pub target: &'static str,
    /// The document; none where the target cannot say it.
    pub document: Option<Value>,
    /// What that policy does to the server's other tools.
    pub alone: String,
}

/// Another rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Instead {
    /// When.
    pub when: &'static str,
    /// The statement.
    pub statement: String,
}

/// A tool of another name or server, with its class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Same {
    /// The server.
    pub server: String,
    /// The tool.
    pub tool: String,
    /// What it does.
    pub category: Category,
    /// How bad a wrong call may be.
    pub risk: Risk,
}

/// Other servers with a tool of the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Elsewhere {
    /// Those that class it the same way, by id.
    pub same: Vec<Same>,
    /// Those that do not.
    pub other: Vec<Same>,
    /// How many more there are.
    pub more: usize,
}

impl Same {
    pub(super) fn of(server: &Server, tool: &Tool) -> Self {
        Self { server: server.id.clone(), tool: tool.name.clone(), category: tool.category, risk: tool.risk }
    }
}

/// What is said of a tool alone: no other tool is looked at, and nothing is compiled.
#[must_use]
pub fn facts(tool: &Tool) -> Facts {
    let noted = |(signal, arguments)| Noted { signal, meaning: words::signal(signal), arguments };
    let signals: Vec<Noted> = trigger::arguments(tool).into_iter().map(noted).collect();
    let hints = words::hints(tool).into_iter();
    Facts {
        summary: words::sentence(tool, &signals),
        source: words::source(&tool.source),
        arguments: tool.params.iter().map(Argument::of).collect(),
        signals,
        hints: hints.map(|(hint, value, meaning, against)| Hint { hint, value, meaning, against }).collect(),
        sets: BuiltIn::all().filter(|set| set.covers(tool)).map(|set| set.to_string()).collect(),
        advice: words::reason(tool),
    }
}

/// The page of a tool of the server.
#[must_use]
pub fn tool(server: &Server, tool: &Tool, catalogs: &Catalogs) -> ToolPage {
    let Facts { summary, source, arguments, signals, hints, sets, advice } = facts(tool);
    ToolPage {
        server: About::of(server),
        tool: tool.name.clone(),
        summary,
        description: tool.description.clone(),
        category: tool.category,
        risk: tool.risk,
        why: tool.why.clone(),
        source,
        confidence: tool.confidence,
        uncertain: needs_review(tool),
        conditional: tool.conditional.clone(),
        arguments,
        signals,
        hints,
        sets,
        recommended: rule(server, tool, advice),
        instead: words::instead(tool).into_iter().map(|(when, statement)| Instead { when, statement }).collect(),
        related: words::related(server, tool).into_iter().map(|other| Same::of(server, other)).collect(),
        elsewhere: elsewhere(server, tool, catalogs),
        next: words::next_of_tool(server, tool),
    }
}

impl Argument {
    /// An argument as a page tells of it.
    #[must_use]
    pub fn of(param: &Param) -> Self {
        let types = match (param.types.is_any(), param.items.is_any()) {
            (true, _) | (_, true) => param.types.to_string(),
            (false, false) => format!("{} of {}", param.types, param.items),
        };
        Self {
            name: param.name.clone(),
            types,
            required: param.required,
            values: param.values.clone(),
            conditional: param.conditional.clone(),
        }
    }
}

fn elsewhere(server: &Server, tool: &Tool, catalogs: &Catalogs) -> Elsewhere {
    let (servers, more) = catalogs.with_tool(&tool.name, MOST + 1);
    let others = servers.iter().filter(|other| other.id != server.id);
    let others = others.filter_map(|other| Some(Same::of(other, other.tool(&tool.name)?)));
    let class = (tool.category, tool.risk);
    let (same, other) = others.partition(|other| (other.category, other.risk) == class);
    Elsewhere { same, other, more }
}

/// The policy of one rule, and what the compiler makes of it.
fn rule(server: &Server, tool: &Tool, why: String) -> Rule {
    let policy = recommend::rule(server, tool);
    let catalogs = Catalogs::none().with(server.clone());
    let source = Source { name: "recommended.mcp".to_owned(), text: policy.clone() };
    // the policy speaks of no day
    let today = Date { year: 2026, month: 1, day: 1 };
    let analysis = analyze(source, &NoImports, Environment { catalogs: &catalogs, today });
    let (target, checked) = (target::ALL.first(), analysis.checked());
    let lowered = target.zip(checked.and_then(|it| it.policies().next())).map(|(target, policy)| target.lower(policy));
    Rule {
        why,
        policy,
        target: target.map_or("", |target| target.name),
        document: lowered.and_then(|lowered| lowered.document().cloned()),
        alone: words::alone(server),
    }
}
