//! The decision about one call, with its trace.

use std::borrow::Cow;

use serde::Serialize;

use super::{
    super::{Failure, Outcome, args::Format, print, render::json, render::one_line},
    place::{Place, Places},
};
use crate::{
    engine::Decision,
    eval::{Outcome as Came, Trace},
    record::Record,
    replay::{By, Decided, Judge, Replay},
    text::slice,
};

/// The machine-readable shape of a decision: documented, with a schema, stable.
#[derive(Serialize)]
struct Answer {
    decision: &'static str,
    message: String,
    /// The statement or clause that decided, as written; null where the default did.
    rule: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    policy: String,
    tool: String,
    notes: Vec<String>,
    trace: Vec<Step>,
}

/// What a rule that concerns the tool came to.
#[derive(Serialize)]
struct Step {
    rule: String,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    outcome: &'static str,
    why: String,
}

pub(super) fn run(
    replay: &Replay<'_>,
    record: &Record<'_>,
    places: &Places<'_>,
    format: Format,
) -> Result<Outcome, Failure> {
    let tool = replay.tool(record).ok_or_else(|| {
        let server = record.server.as_deref().unwrap_or_default();
        Failure::new(format!("the call is of another server: `{server}`"))
    })?;
    let (decided, trace) = replay.trace(tool, record);
    let answer = answer(replay.judge(), &decided, trace, places, tool);
    print(&match format {
        Format::Json => json::text(&answer),
        Format::Text => text(&answer, places.sources.first().map_or("", |source| &source.name)),
    })?;
    Ok(if decided.decision.is_some() { Outcome::Clean } else { Outcome::Findings })
}

fn answer(
    judge: &Judge<'_>,
    decided: &Decided<'_>,
    trace: Option<Trace<'_>>,
    places: &Places<'_>,
    tool: &str,
) -> Answer {
    let place = match &decided.by {
        By::Rule(rule) => places.of(rule.span),
        By::Named(_) | By::Default | By::Unknown => None,
    };
    let rule = match &decided.by {
        By::Named(name) => Some(name.clone()),
        _ => place.as_ref().map(|place| place.rule.clone()),
    };
    let steps = match (judge, trace) {
        (Judge::Policy(evaluator), Some(trace)) => trace
            .steps
            .into_iter()
            .filter_map(|step| {
                let why = match (step.outcome, step.why) {
                    (Came::Overruled(decision), why) if why.is_empty() => would(decision),
                    (Came::Overruled(decision), why) => format!("{}: {why}", would(decision)),
                    (_, why) => why,
                };
                Some(placed(places.of_step(step.rule, evaluator)?, step.outcome.name(), why))
            })
            .collect(),
        _ => rule.iter().map(|rule| unplaced(rule, decided)).collect(),
    };
    Answer {
        decision: decided.name(),
        message: decided.message.to_string(),
        rule,
        file: place.as_ref().map(|place| place.file.to_owned()),
        line: place.as_ref().map(|place| place.line),
        column: place.as_ref().map(|place| place.column),
        policy: places.policy.to_owned(),
        tool: tool.to_owned(),
        notes: places.notes(judge, tool),
        trace: steps,
    }
}

fn would(decision: Decision) -> String {
    format!("would be `{}`", decision.name())
}

fn placed(place: Place<'_>, outcome: &'static str, why: String) -> Step {
    let (line, column) = (Some(place.line), Some(place.column));
    Step { rule: place.rule, file: Some(place.file.to_owned()), line, column, outcome, why }
}

fn unplaced(rule: &str, decided: &Decided<'_>) -> Step {
    let why = decided.message.to_string();
    Step { rule: rule.to_owned(), file: None, line: None, column: None, outcome: Came::Decided.name(), why }
}

/// How many characters of a rule are shown in a trace.
const RULE: usize = 40;
/// How many of its line; JSON has all.
const LINE: usize = 100;

fn text(answer: &Answer, main: &str) -> String {
    let mut out = format!("{}: {}\n", answer.decision, one_line(&answer.message));
    match (&answer.rule, &answer.file, answer.line, answer.column) {
        (Some(rule), Some(file), Some(line), Some(column)) => {
            out.push_str(&format!("  by `{rule}` at {file}:{line}:{column}\n"));
        }
        (Some(rule), ..) => out.push_str(&format!("  by `{}`\n", one_line(rule))),
        (None, ..) if answer.trace.iter().any(Step::has_decided) => out.push_str("  by the default\n"),
        (None, ..) => {}
    }
    // what an engine says is the message already
    let decided = answer.trace.iter().find(|step| step.has_decided() && step.line.is_some() && !step.why.is_empty());
    if let Some(step) = decided {
        out.push_str(&format!("  because {}\n", one_line(&step.why)));
    }
    for step in answer.trace.iter().filter(|step| !step.has_decided()) {
        let said = match (step.outcome, &*step.why) {
            (outcome, "") => outcome.replace('-', " "),
            ("unknown" | "overruled", why) => why.to_owned(),
            (outcome, why) => format!("{}, {why}", outcome.replace('-', " ")),
        };
        let file = step.file.as_ref().filter(|file| *file != main).map_or_else(String::new, |file| format!("{file}:"));
        let at = step.line.zip(step.column).map_or_else(String::new, |(line, column)| format!("{line}:{column} "));
        let rule = cut(&step.rule, RULE);
        out.push_str(&cut(&format!("  {file}{at}`{rule}`: {}", one_line(&said)), LINE));
        out.push('\n');
    }
    for note in &answer.notes {
        out.push_str(&format!("  note: {}\n", one_line(note)));
    }
    out
}

/// The first characters of a text.
fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", slice(text, 0..end)).into(),
        None => text.into(),
    }
}

impl Step {
    fn has_decided(&self) -> bool {
        self.outcome == Came::Decided.name()
    }
}
