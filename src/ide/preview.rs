//! What a document comes to, for those who ask: compiled policies, tests that are run, and decisions, as plain values.

use serde::Serialize;
use serde_json::Value;

use super::{
    View,
    bearing::{Bearing, bearing},
    places::{Place, Places},
};
use crate::{
    diagnostic::Diagnostic,
    eval::{Call, Counter, Evaluator},
    hir::checked::{CheckedPolicy, Policy},
    page::{self, ToolPage},
    text::{FileId, nearest},
    trial,
};

/// Why something cannot be shown, in words.
pub type Refused = String;

/// What a policy is compiled to.
#[derive(Debug, Serialize)]
pub struct Compiled {
    /// The policy.
    pub policy: String,
    /// The form that it is compiled to.
    pub target: &'static str,
    /// The document, as the bytes of its file; none where there are problems.
    pub text: Option<String>,
    /// What is in the way of it.
    pub problems: Vec<Problem>,
}

/// An error.
#[derive(Debug, Serialize)]
pub struct Problem {
    /// Where it is.
    #[serde(flatten)]
    pub place: Place,
    /// What kind of error.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// A test that was run.
#[derive(Debug, Serialize)]
pub struct Tested {
    /// Its name.
    pub name: String,
    /// The policy that it is for.
    pub policy: String,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// Whether every call came out as expected.
    pub passed: bool,
    /// Its calls.
    pub calls: Vec<Made>,
}

/// A call of a test.
#[derive(Debug, Serialize)]
pub struct Made {
    /// The tool.
    pub tool: String,
    /// The line of the call, from one.
    pub line: u32,
    /// What is expected.
    pub expected: String,
    /// What is decided, and the message to the agent; none where that is not known.
    pub decision: Option<&'static str>,
    /// What the agent is told.
    pub message: Option<String>,
    /// What is wrong, where it is not what is expected.
    pub failure: Option<String>,
    /// What to do then.
    pub help: Option<String>,
}

/// What becomes of a tool.
#[derive(Debug, Serialize)]
pub struct Decided {
    /// What holds of each call.
    #[serde(flatten)]
    pub bearing: Bearing,
    /// What becomes of one call, step by step; none where no arguments were given.
    pub call: Option<Traced>,
}

/// A policy with what becomes of every tool of its server.
#[derive(Debug, Serialize)]
pub struct Overview {
    /// The policy.
    pub policy: String,
    /// Its server; empty where it names none.
    pub server: String,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// The tools, by name.
    pub tools: Vec<Judged>,
}

/// A tool of it.
#[derive(Debug, Serialize)]
pub struct Judged {
    /// What holds of each call.
    #[serde(flatten)]
    pub bearing: Bearing,
    /// Its risk; none where no catalog has it.
    pub risk: Option<&'static str>,
}

/// What becomes of one call with fresh counters.
#[derive(Debug, Serialize)]
pub struct Traced {
    /// The decision.
    pub decision: &'static str,
    /// What the agent is told.
    pub message: String,
    /// The steps of the decision table that concern the tool.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Serialize)]
pub struct Step {
    /// The statement or clause on one line.
    pub rule: String,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// What it came to.
    pub outcome: &'static str,
    /// Why, in words.
    pub why: String,
}

/// The document that a policy is compiled to, or what is in the way.
///
/// # Errors
/// There is no such policy.
pub fn compiled(view: &View<'_>, name: &str) -> Result<Compiled, Refused> {
    let analysis = view.document.analysis();
    let target = view.around.target;
    let known = &analysis.outline.policies;
    if !known.iter().any(|(policy, _)| &*policy.text == name) {
        return Err(no_such("policy", name, known.iter().map(|(policy, _)| &*policy.text)));
    }
    let mut places = Places::new(view);
    let mut out = |text: Option<String>, problems: &[Diagnostic]| {
        let fatal = problems.iter().filter(|problem| problem.is_fatal());
        let problems = fatal.map(|fatal| problem(&mut places, fatal)).collect();
        Compiled { policy: name.to_owned(), target: target.name, text, problems }
    };
    Ok(match analysis.checked().and_then(|checked| checked.policy(name)) {
        Some(policy) => {
            let lowered = target.lower(policy);
            out(lowered.text(), &lowered.diagnostics)
        }
        None => out(None, &view.document.report().findings),
    })
}

/// The tests of a name, run; without one all of them.
///
/// # Errors
/// The file has errors, or no such test.
pub fn tested(view: &View<'_>, name: Option<&str>) -> Result<Vec<Tested>, Refused> {
    let analysis = view.document.analysis();
    let checked = analysis.checked().ok_or("the file has errors: no test of it was run")?;
    let tried = trial::run(checked, &analysis.sources, &|test| name.is_none_or(|name| &*test.name.text == name));
    match name.filter(|_| tried.is_empty()) {
        Some(name) => Err(no_such("test", name, checked.tests().iter().map(|test| &*test.name.text))),
        None => {
            let mut places = Places::new(view);
            Ok(tried.iter().map(|tried| of_test(&mut places, tried)).collect())
        }
    }
}

fn of_test(places: &mut Places<'_>, tried: &trial::Tried<'_>) -> Tested {
    let calls: Vec<Made> = tried
        .calls
        .iter()
        .map(|made| Made {
            tool: made.call.tool.text.to_string(),
            line: places.of(made.call.span).line,
            expected: made.call.expected.text.to_string(),
            decision: made.got.as_ref().ok().map(|verdict| verdict.decision.name()),
            message: made.got.as_ref().ok().map(|verdict| verdict.message.to_string()),
            failure: made.failure.as_ref().map(|failure| failure.message.clone()),
            help: made.failure.as_ref().and_then(|failure| failure.help.clone()),
        })
        .collect();
    Tested {
        name: tried.test.name.text.to_string(),
        policy: tried.test.policy.as_ref().map_or(String::new(), |name| name.text.to_string()),
        place: places.of(tried.test.name.span),
        passed: tried.passed(),
        calls,
    }
}

/// What a policy makes of a tool, and with arguments of a call of it.
///
/// # Errors
/// The policy or the file has errors, or nothing has such a name.
pub fn decided(view: &View<'_>, policy: &str, tool: &str, arguments: Option<&Value>) -> Result<Decided, Refused> {
    let sound = sound(view, policy)?;
    let unknown = || no_such("tool", tool, sound.tools().map(|id| sound.tool_name(id)));
    let id = sound.tool(tool).ok_or_else(unknown)?;
    let call = match arguments {
        None => None,
        Some(arguments) if !arguments.is_object() => {
            return Err(Refused::from(format!("the arguments of a call are an object, and these are `{arguments}`")));
        }
        Some(arguments) => {
            let checked = view.document.analysis().checked().and_then(|checked| checked.policy(policy));
            let checked = checked.ok_or("the file has errors: no call is judged")?;
            Some(traced(view, checked, &Call { tool, arguments })?)
        }
    };
    Ok(Decided { bearing: bearing(view, sound, id), call })
}

/// What the sound policies of a document itself make of each tool.
pub fn overviews(view: &View<'_>) -> Vec<Overview> {
    let policies = view.document.analysis().policies().iter().filter(|policy| policy.head().file == FileId(0));
    let judged = |policy: &Policy, id| Judged {
        bearing: bearing(view, policy, id),
        risk: policy.entry(id).map(|tool| tool.risk.name()),
    };
    policies
        .map(|policy| Overview {
            policy: policy.name().to_owned(),
            server: policy.server_name().text.to_string(),
            place: Places::new(view).of(policy.name_span()),
            tools: policy.tools_by_name().into_iter().map(|id| judged(policy, id)).collect(),
        })
        .collect()
}

fn traced(view: &View<'_>, policy: CheckedPolicy<'_>, call: &Call<'_>) -> Result<Traced, Refused> {
    let evaluator = Evaluator::new(policy);
    let trace = evaluator.trace(call, &|_: &Counter<'_>| Some(0));
    let verdict = trace.verdict.map_err(|unknown| format!("it is not known {unknown}"))?;
    let mut places = Places::new(view);
    let steps = trace.steps.into_iter().map(|step| {
        let span = step.rule.map_or(policy.fallback_span(), |rule| rule.span);
        Step {
            rule: trial::title(places.sources, span),
            place: places.of(span),
            outcome: step.outcome.name(),
            why: step.why,
        }
    });
    Ok(Traced { decision: verdict.decision.name(), message: verdict.message.to_string(), steps: steps.collect() })
}

/// All that is known of a tool of a policy's server.
///
/// # Errors
/// The policy has errors, or no catalog has the tool.
pub fn explained(view: &View<'_>, policy: &str, tool: &str) -> Result<ToolPage, Refused> {
    let policy = sound(view, policy)?;
    let none = || format!("no catalog knows the server `{}`", policy.server_name().text);
    let server = policy.server().ok_or_else(none)?;
    let unknown = || no_such("tool", tool, server.tools.iter().map(|tool| tool.name.as_str()));
    Ok(page::tool(server, server.tool(tool).ok_or_else(unknown)?, view.around.catalogs))
}

fn sound<'v>(view: &View<'v>, name: &str) -> Result<&'v Policy, Refused> {
    let analysis = view.document.analysis();
    if let Some(policy) = analysis.policies().iter().find(|policy| policy.name() == name) {
        return Ok(policy);
    }
    let mut known = analysis.outline.policies.iter().map(|(policy, _)| &*policy.text);
    if known.clone().any(|known| known == name) {
        return Err(format!("`{name}` has errors: nothing is decided by it"));
    }
    Err(no_such("policy", name, &mut known))
}

fn no_such<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("no {what} is named `{name}`; did you mean `{near}`?"),
        None => format!("no {what} is named `{name}`"),
    }
}

fn problem(places: &mut Places<'_>, error: &Diagnostic) -> Problem {
    let (message, help) = (error.message.clone(), error.help.clone());
    Problem { place: places.of(error.span), code: error.code.name, message, help }
}
