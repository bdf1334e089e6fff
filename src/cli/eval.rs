//! `mcppol eval`.

mod answer;
mod calls;
mod place;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{
    Failure, Outcome, analysis_of, args,
    compile::no_such_policy,
    files, is_foreign_by_ending, of_no_format, print_error,
    project::Project,
    render::terminal::{self, Stream},
};
use crate::{
    diagnostic::{Diagnostic, codes},
    engine::{self, EngineError},
    eval::Evaluator,
    foreign,
    hir::{Source, checked::CheckedPolicy},
    record::{self, Arguments, Problem, Record},
    replay::{Counting, Judge, Replay},
    text::{nearest, quoted_list},
};
use place::Places;

pub(super) fn run(options: &args::Eval, project: &Project) -> Result<Outcome, Failure> {
    let piped = |path: &PathBuf| path == Path::new("-");
    let calls_piped = options.calls.as_ref().map_or(options.tool.is_none(), piped);
    if calls_piped && piped(&options.file) {
        return Err(Failure::new("standard input cannot be both the policy and the calls")
            .help("name a file for one of them, or the call with `--tool NAME`"));
    }
    let source = files::read(&options.file)?;
    if let Some(format) = foreign::recognise(&source.name, &source.text) {
        return compiled(options, format, source);
    }
    if is_foreign_by_ending(&options.file) {
        return Err(of_no_format(&source));
    }
    let analysis = analysis_of(source, project, options.today)?;
    let Some(checked) = analysis.checked() else {
        let errors: Vec<Diagnostic> = analysis.diagnostics.iter().filter(|d| d.is_fatal()).cloned().collect();
        return Ok(refused(&analysis.sources, &errors, "only a policy without errors decides"));
    };
    let policies: Vec<CheckedPolicy<'_>> = checked.policies().collect();
    let policy = choose(&policies, options.policy.as_deref(), &options.file)?;
    let places = Places::new(&analysis.sources, policy.name(), Vec::new());
    decide(options, Judge::Policy(Evaluator::new(policy)), &places)
}

/// Decides by a compiled document, as its engine does.
fn compiled(options: &args::Eval, format: &foreign::Format, source: Source) -> Result<Outcome, Failure> {
    if options.policy.is_some() {
        return Err(Failure::new(format!("`{}` is {}, which has no names of policies", source.name, format.title))
            .help("leave out `--policy`"));
    }
    let document = format.document(&source);
    let sources = [source];
    let [source] = &sources;
    let why = "only a document that its engine takes decides";
    let Some(root) = document.root.filter(|_| !document.problems.iter().any(Diagnostic::is_fatal)) else {
        return Ok(refused(&sources, &document.problems, why));
    };
    match engine::Policy::load(format.name, &root.to_json()) {
        None => Err(Failure::new(format!("`{}` is {}, which is checked and nothing else", source.name, format.title))
            .help("calls are decided by a `.mcp` file, or by what `mcppol compile` writes")),
        Some(Err(EngineError { faults })) => {
            let fault = |fault: &engine::Fault| {
                Diagnostic::error(&codes::INVALID_DOCUMENT, root.at(&fault.at).span, fault.message.replace('\n', " "))
            };
            Ok(refused(&sources, &faults.iter().map(fault).collect::<Vec<_>>(), why))
        }
        Some(Ok(policy)) => {
            let assumed = match format.name {
                "policylayer" => vec!["how the hosted gateway decides is not public: docs/engines.md".to_owned()],
                _ => Vec::new(),
            };
            decide(options, Judge::Engine(policy), &Places::new(&sources, &source.name, assumed))
        }
    }
}

fn refused(sources: &[Source], errors: &[Diagnostic], why: &str) -> Outcome {
    print_error(&terminal::draw(sources, errors, Stream::Stderr));
    print_error(&format!("nothing was decided: {why}\n"));
    Outcome::Findings
}

fn decide(options: &args::Eval, judge: Judge<'_>, places: &Places<'_>) -> Result<Outcome, Failure> {
    let start = used(&options.used)?;
    let counting = match (&options.calls, options.counters) {
        (None, _) | (_, args::Counters::OneWindow) => Counting::OneWindow,
        (_, args::Counters::Times) => Counting::Times,
        (_, args::Counters::Fresh) => Counting::Fresh,
    };
    let replay = Replay::new(judge, counting, &start).map_err(|known| no_such_counter(&start, &known))?;
    if let Some(path) = &options.calls {
        return calls::run(path, replay, places, options.format);
    }
    let Some(tool) = &options.tool else {
        let bytes = files::bytes(Path::new("-"), record::MAX_BYTES)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| Failure::new("standard input is not UTF-8 text"))?;
        let mut found = Vec::new();
        if !text.trim().is_empty() {
            record::read(text, &mut |_, record| found.push(record));
        }
        let record = match <[_; 1]>::try_from(found) {
            Ok([record]) => record,
            Err(found) if found.is_empty() => return Err(no_call("")),
            Err(found) => {
                return Err(Failure::new(format!("standard input has {} calls", found.len()))
                    .help("`--calls -` decides several"));
            }
        };
        let record = record.map_err(|Problem(why)| no_call(&format!(": {why}")))?;
        return answer::run(&replay, &record, places, options.format);
    };
    let not_json =
        |error| Failure::new(format!("`--args` is not JSON: {error}")).help("write an object: '{\"amount\": 5}'");
    let arguments: Value = serde_json::from_str(&options.args).map_err(not_json)?;
    if !arguments.is_object() {
        return Err(Failure::new("`--args` is not a JSON object").help("write an object: '{\"amount\": 5}'"));
    }
    let record = Record::of(tool, Arguments::Text(&options.args));
    answer::run(&replay, &record, places, options.format)
}

fn no_call(why: &str) -> Failure {
    Failure::new(format!("standard input has no call{why}"))
        .help("name the call with `--tool NAME`, or write a `tools/call` request to standard input")
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

/// The used amounts by counter.
fn used(options: &[String]) -> Result<BTreeMap<String, u64>, Failure> {
    let one = |option: &String| {
        let amount = option.rsplit_once('=').and_then(|(counter, n)| Some((counter.trim(), n.trim().parse().ok()?)));
        let (counter, amount) = amount.ok_or_else(|| {
            Failure::new(format!("`--used {option}` is not `COUNTER=N`"))
                .help("write `--used 'create_refund per hour=10'`")
        })?;
        Ok((counter.to_owned(), amount))
    };
    options.iter().map(one).collect()
}

/// A counter that the policy does not have is a mistake, not a zero.
fn no_such_counter(start: &BTreeMap<String, u64>, known: &[String]) -> Failure {
    let counter = start.keys().find(|counter| !known.contains(counter)).map_or("", String::as_str);
    let failure = Failure::new(format!("the policy has no counter `{counter}`"));
    match nearest(counter, known.iter().map(String::as_str)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => failure.help("the policy counts nothing"),
        None => failure.help(format!("it has {}", quoted_list(known, 6))),
    }
}
