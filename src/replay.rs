//! Recorded calls, decided one after the other by a policy or a compiled one, with counters that follow their times.
//!
//! Windows are aligned to the clock in UTC. What is not known is [`By::Unknown`] and never a permission: a counter of
//! whose window the beginning was not seen, arguments that were not kept, a line that does not read.

mod ledger;
mod tally;

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Map, Value};

use crate::{
    engine::{self, Decision},
    eval::{self, Evaluator, Trace},
    hir::checked::Rule,
    record::{Arguments, Problem, Record},
    syntax::literal::write_path,
};
use ledger::Ledger;

pub use ledger::Counting;
pub use tally::{Group, Key, SHOWN, Tally};

/// What decides.
pub enum Judge<'a> {
    /// A policy of ours.
    Policy(Evaluator<'a>),
    /// A compiled document in its engine.
    Engine(engine::Policy),
}

/// What became of a call.
#[derive(Debug, Clone)]
pub struct Decided<'a> {
    /// The decision; `None` where it is not known.
    pub decision: Option<Decision>,
    /// What made it.
    pub by: By<'a>,
    /// What the agent is told or what happened, or what is not known.
    pub message: Cow<'a, str>,
}

/// What made a decision.
#[derive(Debug, Clone)]
pub enum By<'a> {
    /// A rule of the policy.
    Rule(&'a Rule),
    /// A rule of a compiled document, by its engine's name for it.
    Named(String),
    /// The default, or that no rule of a document refused.
    Default,
    /// Nothing: something is not known.
    Unknown,
}

impl<'a> Decided<'a> {
    fn by_policy(verdict: eval::Verdict<'a>) -> Self {
        let by = verdict.rule.map_or(By::Default, By::Rule);
        Self { decision: Some(verdict.decision), by, message: verdict.message }
    }

    /// The word for the decision.
    pub fn name(&self) -> &'static str {
        self.decision.map_or("unknown", Decision::name)
    }

    /// A call that cannot be decided.
    pub fn unknown(what: String) -> Self {
        Self { decision: None, by: By::Unknown, message: Cow::Owned(what) }
    }
}

/// A counter, whosever it is.
#[derive(Debug, Clone, Copy)]
struct Counter<'c> {
    tool: Option<&'c str>,
    /// What tells it from others of the tool and the window.
    label: &'c str,
    seconds: u64,
    /// The argument that it adds up, as it is written.
    argument: Option<&'c str>,
}

impl Counter<'_> {
    /// As it is written, whether a policy or a document has it: `create_refund total args.amount per hour`.
    fn words(&self) -> String {
        let total = self.argument.map_or_else(String::new, |path| format!(" total {path}"));
        format!("{}{total} per {}", self.tool.unwrap_or("all"), eval::window(self.seconds))
    }
}

impl<'a> Judge<'a> {
    /// Decides a call; `used` says what is used of counters.
    ///
    /// # Errors
    /// What is not known.
    fn decide(
        &self,
        tool: &str,
        arguments: &Value,
        used: &dyn Fn(&Counter<'_>) -> Option<i128>,
    ) -> Result<Decided<'a>, String> {
        match self {
            Judge::Policy(evaluator) => {
                let call = eval::Call { tool, arguments };
                let amounts = |counter: &eval::Counter<'_>| with(counter, used).map(clamped);
                let verdict = evaluator.decide(&call, &amounts).map_err(|unknown| unknown.what)?;
                Ok(Decided::by_policy(verdict))
            }
            Judge::Engine(policy) => {
                let call = engine::Call { tool, args: arguments };
                let amounts = |counter: &engine::Counter<'_>| used(&of_engine(counter)).map(|amount| amount as i64);
                let verdict = policy.decide(&call, &amounts).map_err(|unknown| unknown.what)?;
                let message = verdict.message.map_or(Cow::Borrowed("no rule refuses it"), Cow::Owned);
                let by = verdict.rule.map_or(By::Default, By::Named);
                Ok(Decided { decision: Some(verdict.decision), by, message })
            }
        }
    }

    fn reads_arguments(&self, tool: &str) -> bool {
        match self {
            Judge::Policy(evaluator) => evaluator.reads_arguments(tool),
            Judge::Engine(policy) => policy.reads_arguments(tool),
        }
    }

    fn charges(&self, tool: &str, arguments: Option<&Value>, add: &mut dyn FnMut(&Counter<'_>, Option<i128>)) {
        match self {
            Judge::Policy(evaluator) => evaluator.charges(tool, arguments, &mut |counter, amount| {
                with(counter, |counter| add(counter, amount.map(i128::from)));
            }),
            Judge::Engine(policy) => {
                policy.charges(tool, arguments, &mut |counter, amount| add(&of_engine(counter), amount.map(i128::from)))
            }
        }
    }

    /// The tools that may have counters of their own.
    fn tools(&self) -> Vec<&str> {
        match self {
            Judge::Policy(evaluator) => {
                let policy = evaluator.policy();
                policy.tools().map(|id| policy.tool_name(id)).collect()
            }
            Judge::Engine(policy) => policy.tools(),
        }
    }

    /// The names under which a record may know the server that this is for.
    fn servers(&self) -> Vec<String> {
        let Judge::Policy(evaluator) = self else { return Vec::new() };
        let policy = evaluator.policy();
        let known = policy.server().into_iter().flat_map(|server| server.aliases.iter().chain([&server.id]));
        let own = policy.alias().into_iter().chain([policy.server_name()]).map(|name| name.text.to_string());
        known.cloned().chain(own).collect()
    }
}

fn with<T>(counter: &eval::Counter<'_>, then: impl FnOnce(&Counter<'_>) -> T) -> T {
    let argument = counter.argument.map(write_path);
    let label = argument.as_deref().unwrap_or_default();
    then(&Counter { tool: counter.tool, label, seconds: counter.seconds, argument: argument.as_deref() })
}

fn of_engine<'c>(counter: &engine::Counter<'c>) -> Counter<'c> {
    Counter { tool: counter.tool, label: counter.name, seconds: counter.window.0, argument: counter.argument }
}

fn clamped(amount: i128) -> u64 {
    u64::try_from(amount).unwrap_or(if amount < 0 { 0 } else { u64::MAX })
}

/// Decides records in their order.
pub struct Replay<'a> {
    judge: Judge<'a>,
    servers: Vec<String>,
    ledger: Ledger,
    nothing: Value,
}

impl<'a> Replay<'a> {
    /// A replay; `start` is what is used of counters before the first record, by the counters' words.
    ///
    /// # Errors
    /// All counters that there are, where `start` names one that there is not.
    pub fn new(judge: Judge<'a>, counting: Counting, start: &BTreeMap<String, u64>) -> Result<Self, Vec<String>> {
        let mut ledger = Ledger::new(counting);
        let mut words = Vec::new();
        let mut add = |counter: &Counter<'_>, _: Option<i128>| {
            let name = counter.words();
            ledger.open(counter, start.get(&name).copied());
            if !words.contains(&name) {
                words.push(name);
            }
        };
        judge.charges("", None, &mut add);
        for tool in judge.tools() {
            judge.charges(tool, None, &mut add);
        }
        if start.keys().any(|name| !words.contains(name)) {
            words.sort();
            return Err(words);
        }
        let servers = judge.servers();
        Ok(Self { judge, servers, ledger, nothing: Value::Object(Map::new()) })
    }

    /// What decides.
    pub fn judge(&self) -> &Judge<'a> {
        &self.judge
    }

    /// The tool that a record calls, without the prefix by which a client tells servers apart; `None` where the
    /// record says that it went to another server.
    pub fn tool<'r>(&self, record: &'r Record<'_>) -> Option<&'r str> {
        let ours = |server: &str| self.servers.iter().any(|name| name == server);
        if !self.servers.is_empty() && record.server.as_deref().is_some_and(|server| !ours(server)) {
            return None;
        }
        let rest = record.tool.strip_prefix("mcp__");
        let bare = rest.and_then(|rest| {
            self.servers.iter().find_map(|server| rest.strip_prefix(server.as_str())?.strip_prefix("__"))
        });
        Some(bare.unwrap_or(&record.tool))
    }

    /// Decides a record of a call of `tool`, and counts it.
    pub fn decide(&mut self, tool: &str, record: &Record<'_>) -> Decided<'a> {
        self.ledger.at(record.time);
        let given = self.arguments(tool, record);
        let known = given.as_ref().map(|given| given.as_ref().unwrap_or(&self.nothing));
        let decided = known
            .map_err(Clone::clone)
            .and_then(|known| self.judge.decide(tool, known, &|counter| self.used(counter, record)));
        let known = known.ok();
        let ledger = &mut self.ledger;
        match decided {
            Ok(decided) => {
                if matches!(decided.decision, Some(Decision::Allow | Decision::Ask)) {
                    self.judge.charges(tool, known, &mut |counter, amount| ledger.add(counter, amount));
                }
                decided
            }
            Err(what) => {
                // whether it was let through is not known, and so not what is used afterwards
                self.judge.charges(tool, known, &mut |counter, _| ledger.add(counter, None));
                Decided::unknown(what)
            }
        }
    }

    /// Decides a record of a call of `tool` by itself, and says why where a policy decides.
    pub fn trace(&self, tool: &str, record: &Record<'_>) -> (Decided<'a>, Option<Trace<'a>>) {
        let given = match self.arguments(tool, record) {
            Ok(given) => given,
            Err(what) => return (Decided::unknown(what), None),
        };
        let arguments = given.as_ref().unwrap_or(&self.nothing);
        let used = |counter: &Counter<'_>| self.used(counter, record);
        let Judge::Policy(evaluator) = &self.judge else {
            return (self.judge.decide(tool, arguments, &used).unwrap_or_else(Decided::unknown), None);
        };
        let amounts = |counter: &eval::Counter<'_>| with(counter, used).map(clamped);
        let trace = evaluator.trace(&eval::Call { tool, arguments }, &amounts);
        let decided = match &trace.verdict {
            Ok(verdict) => Decided::by_policy(verdict.clone()),
            Err(unknown) => Decided::unknown(unknown.what.clone()),
        };
        (decided, Some(trace))
    }

    /// The arguments, where something can hang on them.
    fn arguments(&self, tool: &str, record: &Record<'_>) -> Result<Option<Value>, String> {
        if record.arguments == Arguments::None || !self.judge.reads_arguments(tool) {
            return Ok(None);
        }
        record.arguments.value().map(Some).map_err(|Problem(why)| why)
    }

    fn used(&self, counter: &Counter<'_>, record: &Record<'_>) -> Option<i128> {
        if record.used.is_empty() {
            return self.ledger.used(counter);
        }
        let said = record.used.get(&counter.words()).map(|used| i128::from(*used));
        said.or_else(|| self.ledger.used(counter))
    }
}
