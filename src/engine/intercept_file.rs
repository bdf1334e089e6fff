//! Intercept's policy file: reading, the `rate_limit` shorthand, and the checks of its `validate` with their messages
//! (internal/config at 77f0429).
//!
//! Stricter than its YAML reader, which drops unknown members, takes null for absent and turns scalars into strings:
//! here those are faults. The reason after `invalid regex` is not Go's wording. Absent: later versions' members.

use std::collections::BTreeMap;

use serde_json::Value;

use super::condition::{Condition, Written};
use super::read::{Node, below};
use super::value::{Go, quoted};
use super::{EngineError, Fault, Window};

/// A file that its engine takes.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) allow_unlisted: bool,
    pub(super) hide: Vec<String>,
    pub(super) tools: BTreeMap<String, Vec<Rule>>,
}

#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) deny: bool,
    pub(super) conditions: Vec<Condition>,
    pub(super) on_deny: String,
    pub(super) state: Option<State>,
}

#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) counter: String,
    pub(super) window: Window,
    pub(super) increment: i64,
    /// `args.x`, or empty.
    pub(super) increment_from: String,
}

/// A rule as it is written, with the shorthand expanded where it can be.
struct Draft {
    at: String,
    name: String,
    action: String,
    rate_limit: String,
    conditions: Vec<Written>,
    on_deny: String,
    state: Option<DraftState>,
}

struct DraftState {
    counter: String,
    window: String,
    increment: i64,
    increment_from: String,
}

/// Collects what `validate` says.
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, at: impl Into<String>, message: impl Into<String>) {
        self.0.push(Fault { at: at.into(), message: message.into() });
    }
}

pub(super) fn read(document: &Value) -> Result<File, EngineError> {
    let top = Node::root(document).object(&["version", "description", "default", "hide", "tools"])?;
    let version = top.text("version")?.unwrap_or_default();
    top.text("description")?;
    let default = top.text("default")?.filter(|text| !text.is_empty()).unwrap_or("allow");
    let hide = top.items("hide")?.iter().map(|node| Ok(node.text()?.to_owned())).collect::<Result<Vec<_>, _>>()?;
    let mut drafts = BTreeMap::new();
    for (name, node) in top.members("tools")? {
        let rules = node.object(&["rules"])?.items("rules")?;
        let rules = rules.iter().map(|node| draft(name, node)).collect::<Result<Vec<_>, _>>()?;
        drafts.insert(name.to_owned(), rules);
    }

    let mut faults = Faults(Vec::new());
    if version != "1" {
        faults.add("/version", format!("version must be \"1\", got {}", quoted(version)));
    }
    if default != "allow" && default != "deny" {
        faults.add("/default", format!("default must be \"allow\" or \"deny\", got {}", quoted(default)));
    }
    for (i, name) in hide.iter().enumerate() {
        let at = format!("/hide/{i}");
        if name.trim().is_empty() {
            faults.add(at, format!("hide[{i}]: entry must not be empty"));
        } else if hide.iter().take(i).any(|other| other == name) {
            faults.add(at, format!("hide: duplicate entry {}", quoted(name)));
        }
    }
    let mut tools = BTreeMap::new();
    for (tool, rules) in &drafts {
        duplicates(tool, rules, &mut faults);
        let rules = rules.iter().enumerate();
        let rules =
            rules.filter_map(|(i, rule)| check(&format!("tools.{tool}.rules[{i}]"), rule, &drafts, &mut faults));
        tools.insert(tool.clone(), rules.collect());
    }
    if !faults.0.is_empty() {
        return Err(EngineError { faults: faults.0 });
    }
    Ok(File { allow_unlisted: default == "allow", hide, tools })
}

fn draft(tool: &str, node: &Node<'_>) -> Result<Draft, EngineError> {
    let object = node.object(&["name", "action", "rate_limit", "conditions", "on_deny", "state"])?;
    let text = |key: &str| object.text(key).map(|text| text.unwrap_or_default().to_owned());
    let conditions = object.items("conditions")?;
    let mut draft = Draft {
        at: node.at.clone(),
        name: text("name")?,
        action: text("action")?,
        rate_limit: text("rate_limit")?,
        conditions: conditions.iter().map(|node| Written::read(node, false)).collect::<Result<_, _>>()?,
        on_deny: text("on_deny")?,
        state: object.get("state").map(|node| draft_state(&node)).transpose()?,
    };
    if draft.conditions.is_empty()
        && draft.state.is_none()
        && draft.action != "deny"
        && let Ok((count, window)) = rate(&draft.rate_limit)
    {
        expand(tool, count, window.to_owned(), &mut draft);
    }
    if draft.action.is_empty() {
        "evaluate".clone_into(&mut draft.action);
    }
    Ok(draft)
}

fn draft_state(node: &Node<'_>) -> Result<DraftState, EngineError> {
    let object = node.object(&["counter", "window", "increment", "increment_from"])?;
    let text = |key: &str| object.text(key).map(|text| text.unwrap_or_default().to_owned());
    let increment = object.get("increment").map_or(Ok(0), |node| node.integer())?;
    Ok(DraftState {
        counter: text("counter")?,
        window: text("window")?,
        // Go's zero stands for an absent one
        increment: if increment == 0 { 1 } else { increment },
        increment_from: text("increment_from")?,
    })
}

/// The shorthand's meaning; an action that is neither empty nor `deny` is overwritten.
fn expand(tool: &str, count: i64, window: String, draft: &mut Draft) {
    let scope = if tool == "*" { "_global" } else { tool };
    let counter = format!("_rate_{window}");
    let path = format!("state.{scope}.{counter}");
    "evaluate".clone_into(&mut draft.action);
    draft.conditions = vec![Written { path, op: "lte".to_owned(), value: Go::Int(count) }];
    if draft.on_deny.is_empty() {
        draft.on_deny = format!("Rate limit of {count} per {window} reached. Try again later.");
    }
    draft.state = Some(DraftState { counter, window, increment: 1, increment_from: String::new() });
    draft.rate_limit.clear();
}

fn rate(text: &str) -> Result<(i64, &str), String> {
    let Some((count, window)) = text.split_once('/') else {
        return Err(format!("rate_limit must be in the format \"N/window\" (e.g. \"5/hour\"), got {}", quoted(text)));
    };
    let Some(number) = count.parse().ok().filter(|number: &i64| *number > 0) else {
        return Err(format!("rate_limit count must be a positive integer, got {}", quoted(count)));
    };
    if Window::named(window).is_none() {
        let window = quoted(window);
        return Err(format!("rate_limit window must be \"minute\", \"hour\", or \"day\", got {window}"));
    }
    Ok((number, window))
}

fn duplicates(tool: &str, rules: &[Draft], faults: &mut Faults) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, rule) in rules.iter().enumerate() {
        let Some(state) = &rule.state else { continue };
        if let Some(first) = seen.get(state.counter.as_str()) {
            let counter = quoted(&state.counter);
            let message =
                format!("tools.{tool}.rules[{i}]: duplicate state counter {counter} (also used by rules[{first}])");
            faults.add(&rule.at, message);
        } else {
            seen.insert(&state.counter, i);
        }
    }
}

/// The rule, or `None` where it cannot be used; the faults then say why.
fn check(prefix: &str, draft: &Draft, all: &BTreeMap<String, Vec<Draft>>, faults: &mut Faults) -> Option<Rule> {
    if !draft.rate_limit.is_empty() {
        conflicts(prefix, draft, faults);
        return None;
    }
    let at = &draft.at;
    if draft.name.is_empty() {
        faults.add(at, format!("{prefix}: rule must have a name"));
    }
    let deny = draft.action == "deny";
    if deny && !draft.conditions.is_empty() {
        faults.add(at, format!("{prefix}: deny rules must not have conditions"));
    } else if draft.action == "evaluate" && draft.conditions.is_empty() {
        faults.add(at, format!("{prefix}: evaluate rules must have at least one condition"));
    } else if !deny && draft.action != "evaluate" {
        let action = quoted(&draft.action);
        faults.add(at, format!("{prefix}: action must be \"evaluate\" or \"deny\", got {action}"));
    }
    let mut conditions = Vec::new();
    for (j, written) in draft.conditions.iter().enumerate() {
        let (at, prefix) = (format!("{at}/conditions/{j}"), format!("{prefix}.conditions[{j}]"));
        if !written.path.starts_with("args.") && !written.path.starts_with("state.") {
            let path = quoted(&written.path);
            faults.add(&at, format!("{prefix}: path must start with \"args.\" or \"state.\", got {path}"));
        }
        match written.check() {
            Ok(condition) => conditions.push(condition),
            Err(message) => faults.add(&at, format!("{prefix}: {message}")),
        }
    }
    let state = draft.state.as_ref().map(|state| check_state(prefix, at, state, faults));
    for written in &draft.conditions {
        if let Some((tool, counter)) = split_state(&written.path)
            && !scope_rules(all, tool).any(|rule| rule.state.as_ref().is_some_and(|state| state.counter == counter))
        {
            let what = format!("state.{tool}.{counter}");
            faults.add(at, format!("{prefix}: condition references {what} but no matching state block found"));
        }
    }
    let state = match state {
        Some(state) => Some(state?),
        None => None,
    };
    Some(Rule { name: draft.name.clone(), deny, conditions, on_deny: draft.on_deny.clone(), state })
}

/// A `rate_limit` that stayed: nothing else is said of its rule.
fn conflicts(prefix: &str, draft: &Draft, faults: &mut Faults) {
    if let Err(message) = rate(&draft.rate_limit) {
        faults.add(below(&draft.at, "rate_limit"), format!("{prefix}: {message}"));
    }
    if !draft.conditions.is_empty() || draft.state.is_some() {
        let message =
            "rate_limit cannot be combined with conditions or state; use separate rules or the full syntax instead";
        faults.add(&draft.at, format!("{prefix}: {message}"));
    }
    if draft.action == "deny" {
        faults.add(&draft.at, format!("{prefix}: rate_limit cannot be used with action \"deny\""));
    }
}

fn check_state(prefix: &str, at: &str, state: &DraftState, faults: &mut Faults) -> Option<State> {
    let (at, from) = (below(at, "state"), &state.increment_from);
    if state.counter.is_empty() {
        faults.add(&at, format!("{prefix}.state: counter must not be empty"));
    }
    let window = Window::named(&state.window);
    if window.is_none() {
        let got = quoted(&state.window);
        faults.add(&at, format!("{prefix}.state: window must be \"minute\", \"hour\", or \"day\", got {got}"));
    }
    if !from.is_empty() && !from.starts_with("args.") {
        let got = quoted(from);
        faults.add(&at, format!("{prefix}.state: increment_from must start with \"args.\", got {got}"));
    }
    Some(State {
        counter: state.counter.clone(),
        window: window?,
        increment: state.increment,
        increment_from: from.clone(),
    })
}

/// The scope and the counter of `state.SCOPE.COUNTER`, split at the first two dots, as the engine splits it: a tool's
/// name that has a dot is never found again.
pub(super) fn split_state(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("state.")?.split_once('.')
}

/// The rules that count for a scope: the tool's, or for `_global` without such a tool those of `*`.
pub(super) fn scope_rules<'a, R>(
    tools: &'a BTreeMap<String, Vec<R>>,
    scope: &str,
) -> impl Iterator<Item = &'a R> + use<'a, R> {
    let global = || tools.get("*").filter(|_| scope == "_global");
    tools.get(scope).or_else(global).into_iter().flatten()
}
