//! `mcppol eval`.

use std::{collections::BTreeMap, path::Path};

use serde::Serialize;
use serde_json::Value;

use super::{
    Failure, Outcome,
    args::{self, Format},
    compile::no_such_policy,
    print, print_error,
    project::Project,
    render::{
        json,
        terminal::{self, Stream},
    },
};
use crate::{
    diagnostic::Diagnostic,
    eval::{Call, Counter, Evaluator, Verdict, counters},
    hir::{Source, checked::CheckedPolicy},
    text::{Lines, head, nearest, quoted_list, slice},
};

/// The machine-readable shape of a decision: documented, with a schema, stable.
#[derive(Debug, Serialize)]
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
}

pub(super) fn run(options: &args::Eval, project: &Project) -> Result<Outcome, Failure> {
    let analysis = super::analysis(&options.file, project, options.today)?;
    let Some(checked) = analysis.checked() else {
        let errors: Vec<Diagnostic> = analysis.diagnostics.iter().filter(|d| d.is_fatal()).cloned().collect();
        print_error(&terminal::draw(&analysis.sources, &errors, Stream::Stderr));
        print_error("nothing was decided: only a policy without errors decides\n");
        return Ok(Outcome::Findings);
    };
    let policies: Vec<CheckedPolicy<'_>> = checked.policies().collect();
    let policy = choose(&policies, options.policy.as_deref(), &options.file)?;
    let arguments: Value = serde_json::from_str(&options.args).map_err(|error| {
        Failure::new(format!("`--args` is not JSON: {error}")).help("write an object: '{\"amount\": 5}'")
    })?;
    if !arguments.is_object() {
        return Err(Failure::new("`--args` is not a JSON object").help("write an object: '{\"amount\": 5}'"));
    }
    let used = used(&options.used, policy)?;
    let amounts = |counter: &Counter<'_>| Some(used.get(&counter.to_string()).copied().unwrap_or(0));
    let call = Call { tool: &options.tool, arguments: &arguments };
    let verdict = Evaluator::new(policy)
        .decide(&call, &amounts)
        .map_err(|unknown| Failure::new(format!("unknown: {unknown}")))?;
    let answer = answer(&analysis.sources, policy, &verdict, &options.tool);
    match options.format {
        Format::Json => print(&json::text(&answer))?,
        Format::Text => print(&text(&answer))?,
    }
    Ok(Outcome::Clean)
}

fn choose<'a>(policies: &[CheckedPolicy<'a>], name: Option<&str>, file: &Path) -> Result<CheckedPolicy<'a>, Failure> {
    let names: Vec<&str> = policies.iter().map(|policy| policy.get().name()).collect();
    match (name, policies) {
        (Some(name), _) => {
            policies.iter().find(|policy| policy.name() == name).copied().ok_or_else(|| no_such_policy(name, &names))
        }
        (None, [only]) => Ok(*only),
        (None, []) => Err(Failure::new(format!("`{}` has no policy", file.display()))),
        (None, _) => Err(Failure::new(format!(
            "`{}` has several policies: {}",
            file.display(),
            quoted_list(&names, names.len())
        ))
        .help("choose one with `--policy NAME`")),
    }
}

/// The used amounts by counter; a counter that the policy does not have is a mistake, not a zero.
fn used(options: &[String], policy: CheckedPolicy<'_>) -> Result<BTreeMap<String, u64>, Failure> {
    let known: Vec<String> = counters(policy.get()).iter().map(ToString::to_string).collect();
    let mut out = BTreeMap::new();
    for option in options {
        let amount = option.rsplit_once('=').and_then(|(counter, n)| Some((counter.trim(), n.trim().parse().ok()?)));
        let Some((counter, amount)) = amount else {
            return Err(Failure::new(format!("`--used {option}` is not `COUNTER=N`"))
                .help("write `--used 'create_refund per hour=10'`"));
        };
        if !known.iter().any(|known| known == counter) {
            let failure = Failure::new(format!("the policy has no counter `{counter}`"));
            return Err(match nearest(counter, known.iter().map(String::as_str)) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None if known.is_empty() => failure.help("the policy counts nothing"),
                None => failure.help(format!("it has {}", quoted_list(&known, 6))),
            });
        }
        out.insert(counter.to_owned(), amount);
    }
    Ok(out)
}

fn answer(sources: &[Source], policy: CheckedPolicy<'_>, verdict: &Verdict<'_>, tool: &str) -> Answer {
    let span = verdict.rule.map(|rule| rule.span);
    let source = span.and_then(|span| sources.get(span.file.0 as usize));
    let place = span.zip(source).map(|(span, source)| Lines::new(&source.text).position(&source.text, span.start));
    let rule = span.zip(source).map(|(span, source)| head(slice(&source.text, span.range())));
    let mut notes = Vec::new();
    if !verdict.catalogued {
        notes.push(match policy.get().server() {
            Some(server) => format!("the catalog of `{}` does not know `{tool}`", server.id),
            None => format!("no catalog knows the server `{}`", policy.get().server_name().text),
        });
    }
    Answer {
        decision: verdict.decision.name(),
        message: verdict.message.clone(),
        rule,
        file: source.map(|source| source.name.clone()),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
        policy: policy.name().to_owned(),
        tool: tool.to_owned(),
        notes,
    }
}

fn text(answer: &Answer) -> String {
    let mut out = format!("{}: {}\n", answer.decision, answer.message);
    if let (Some(rule), Some(file), Some(line), Some(column)) = (&answer.rule, &answer.file, answer.line, answer.column)
    {
        out.push_str(&format!("  by `{rule}` at {file}:{line}:{column}\n"));
    } else {
        out.push_str("  by the default\n");
    }
    for note in &answer.notes {
        out.push_str(&format!("  note: {note}\n"));
    }
    out
}
