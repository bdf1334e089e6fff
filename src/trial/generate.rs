//! Proposed tests: what a policy decides now, at the places where a mistake would show.
//!
//! Every expectation is the evaluator's answer, so each proposed test passes. Whether it is what was meant, the reader
//! sees: that is what they are for.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{boundary, coverage, repeat, title};
use crate::{
    catalog::Risk,
    eval::{self, Decision, Evaluator, amount, lookup},
    hir::{
        Source,
        checked::{Checked, CheckedPolicy, Policy, Rule, RuleKind, Standing, ToolId},
        model::{Comparison, Condition, Op, Test},
    },
    region::{Answer, Guards, Regions, Wanted, fails, holds, test},
    syntax::literal::{number, quote, write_call, write_name, write_value},
    text::{Span, count, is_hidden},
};

/// How many statements of a policy, tests of a condition, tools of a list and critical tools there are proposals for.
/// What goes beyond is counted in a comment.
const STATEMENTS: usize = 200;
const TESTS: usize = 4;
const TOOLS: usize = 3;
const CRITICAL: usize = 12;
/// So many times a call of a test can be made.
const MANY: u64 = 1 << 53;
/// A tool that nobody has, for the default of a policy that speaks of all others.
const UNKNOWN: &str = "some_other_tool";
/// The longest name of a test, in characters, and how deep arguments may nest.
const NAME: usize = 80;
const DEPTH: usize = 32;

/// Tests as policy text, to be put below the policies of a file: each begins with an empty line. Calls that the file's
/// tests make already are left out.
pub fn generate(checked: &Checked, sources: &[Source], wanted: &dyn Fn(&str) -> bool) -> String {
    let policies = checked.policies().filter(|policy| wanted(policy.name()));
    policies.map(|policy| tests_about(checked, sources, policy, About::Policy)).collect()
}

/// What tests are to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// All of a policy.
    Policy,
    /// One of its statements, the default too.
    Statement(Span),
    /// The critical tools that no test calls.
    Critical,
}

/// As [`generate`], for one policy.
pub fn tests_about(checked: &Checked, sources: &[Source], policy: CheckedPolicy<'_>, about: About) -> String {
    let of_this = |test: &&Test| test.policy.as_ref().is_some_and(|name| *name.text == *policy.name());
    let mut proposer = Proposer {
        policy: policy.get(),
        evaluator: Evaluator::new(policy),
        regions: Regions::new(),
        sources,
        known: BTreeSet::new(),
        out: String::new(),
    };
    for call in checked.tests().iter().filter(of_this).flat_map(|test| &test.calls) {
        proposer.is_new(&call.tool.text, &call.arguments, call.times);
    }
    match about {
        About::Policy => proposer.all(),
        About::Statement(span) => proposer.of_statement(span),
        About::Critical => proposer.of_critical(),
    }
    proposer.out
}

/// A call to propose.
struct Proposal<'a> {
    tool: &'a str,
    arguments: Value,
    times: u64,
}

struct Proposer<'a> {
    policy: &'a Policy,
    evaluator: Evaluator<'a>,
    regions: Regions,
    sources: &'a [Source],
    /// The calls that there are: tool, times and arguments.
    known: BTreeSet<(String, u64, String)>,
    out: String,
}

impl<'a> Proposer<'a> {
    fn all(&mut self) {
        let own: Vec<&Rule> = self.policy.rules().iter().filter(|rule| !rule.included).collect();
        for rule in own.iter().take(STATEMENTS) {
            self.of_rule(rule);
        }
        if let Some(more) = own.len().checked_sub(STATEMENTS).filter(|more| *more > 0) {
            self.out.push_str(&format!("\n// and {} more, for which nothing is proposed\n", count(more, "statement")));
        }
        self.of_default();
        self.of_critical();
    }

    /// A statement with its clauses, or the default.
    fn of_statement(&mut self, span: Span) {
        if span == self.policy.fallback_span() {
            return self.of_default();
        }
        let own = self.policy.rules().iter().filter(|rule| !rule.included && rule.statement == span);
        own.for_each(|rule| self.of_rule(rule));
    }

    fn of_rule(&mut self, rule: &Rule) {
        let (proposals, more) = match &rule.kind {
            RuleKind::Require(_) | RuleKind::DenyIf(_) | RuleKind::AskIf(_) => self.of_condition(rule),
            RuleKind::Limit(_) | RuleKind::LimitAll(_) => (self.of_limit(rule), 0),
            RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide => self.of_tools(rule),
        };
        let title = title(self.sources, rule.span);
        // a clause does not say whose it is
        let of = proposals.first().map(|first| first.tool).filter(|_| {
            rule.condition().is_some() && rule.span != rule.statement || matches!(rule.kind, RuleKind::Limit(_))
        });
        let title = match of.filter(|name| !title.contains(name)) {
            Some(name) => format!("{name}: {title}"),
            None => title,
        };
        self.write(&title, proposals, more);
    }

    fn name(&self, id: ToolId) -> &'a str {
        self.policy.tool_name(id)
    }

    fn is_usable(&self, id: ToolId) -> bool {
        matches!(self.policy.standing(id), Standing::Callable | Standing::Asks)
    }

    fn is_critical(&self, id: ToolId) -> bool {
        self.policy.entry(id).is_some_and(|tool| tool.risk == Risk::Critical)
    }

    /// Arguments as wanted; the fewest that there can be.
    fn find(&mut self, id: ToolId, wanted: &[Wanted<'_>]) -> Option<Value> {
        match self.regions.find(self.policy.entry(id), wanted) {
            Answer::Call(arguments) => Some(arguments),
            Answer::None | Answer::Unknown => None,
        }
    }

    /// Arguments that no condition of the tool but those of `apart` keeps back, and that are besides as wanted.
    fn passing(&mut self, id: ToolId, apart: Option<&Rule>, extra: &[Wanted<'_>]) -> Option<Value> {
        let mut guards = Guards::of(self.policy, id);
        let others = |rule: &&Rule| apart.is_none_or(|apart| apart.span != rule.span);
        guards.requires.retain(others);
        guards.denies.retain(others);
        guards.asks.retain(others);
        // an argument that is added up must be a number
        let totals = repeat::limits(self.policy, Some(id)).filter_map(|rule| rule.rate()?.argument.as_ref());
        let totals: Vec<Condition> = totals.map(|path| test(&path.segments, Op::AtLeast(1.0))).collect();
        let mut wanted = guards.passing()?;
        wanted.extend(totals.iter().map(holds));
        wanted.extend_from_slice(extra);
        self.find(id, &wanted)
    }

    /// Calls of the tools of a statement, and how many tools are left out.
    fn of_tools(&mut self, rule: &Rule) -> (Vec<Proposal<'a>>, usize) {
        let grants = matches!(rule.kind, RuleKind::Allow | RuleKind::Ask);
        let mut ids: Vec<ToolId> = self.policy.covered(rule).collect();
        ids.retain(|id| {
            let guards = Guards::of(self.policy, *id);
            let guarded = !(guards.requires.is_empty() && guards.denies.is_empty() && guards.asks.is_empty());
            // where conditions speak of a tool, theirs are the calls that pass
            !grants || self.is_usable(*id) && !guarded
        });
        // where most is at stake first
        ids.sort_by_key(|id| !self.is_critical(*id));
        let more = ids.len().saturating_sub(TOOLS);
        ids.truncate(TOOLS);
        let calls = ids.into_iter().filter_map(|tool| {
            let arguments = if grants { self.passing(tool, None, &[])? } else { no_arguments() };
            Some(Proposal { tool: self.name(tool), arguments, times: 1 })
        });
        (calls.collect(), more)
    }

    /// Calls on both sides of each test of a condition.
    fn of_condition(&mut self, rule: &Rule) -> (Vec<Proposal<'a>>, usize) {
        let Some(condition) = rule.condition() else { return (Vec::new(), 0) };
        let mut leaves = Vec::new();
        spread(condition, &mut Vec::new(), &mut leaves);
        let more = leaves.len().saturating_sub(TESTS);
        let ids: Vec<ToolId> = self.policy.covered(rule).filter(|id| self.is_usable(*id)).take(TOOLS).collect();
        let mut out: Vec<Proposal<'a>> = Vec::new();
        for (leaf, context) in leaves.iter().take(TESTS) {
            for id in &ids {
                let calls = self.of_test(rule, *id, leaf, context);
                let found = !calls.is_empty();
                out.extend(calls);
                if found {
                    break;
                }
            }
        }
        (out, more)
    }

    /// Calls on both sides of a test, the rest of whose condition is such that the test decides it.
    fn of_test(&mut self, rule: &Rule, tool: ToolId, leaf: &Comparison, context: &[Wanted<'_>]) -> Vec<Proposal<'a>> {
        let (own, exists) = (Condition::Test(leaf.clone()), test(&leaf.path.segments, Op::Exists));
        let (mut holding, mut failing) = (vec![holds(&own)], vec![fails(&own), holds(&exists)]);
        holding.extend_from_slice(context);
        failing.extend_from_slice(context);
        let yes = self.passing(tool, Some(rule), &holding);
        let no = self.passing(tool, Some(rule), &failing);
        let (first, second) = if matches!(rule.kind, RuleKind::Require(_)) { (&yes, &no) } else { (&no, &yes) };
        let Some(base) = first.as_ref().or(second.as_ref()) else { return Vec::new() };
        let path = &*leaf.path.segments;
        let param = match path {
            [name] => self.policy.entry(tool).and_then(|tool| tool.param(name)),
            _ => None,
        };
        let at = |arguments: &Option<Value>| arguments.as_ref().and_then(|it| lookup(it, path)).cloned();
        let (yes, no) = (at(&yes), at(&no));
        let tried = boundary::values(&leaf.op, param, yes.as_ref(), no.as_ref(), self.evaluator.judge());
        let calls = tried.into_iter().filter_map(|value| boundary::with(base, path, value));
        calls.map(|arguments| Proposal { tool: self.name(tool), arguments, times: 1 }).collect()
    }

    /// The last call that a limit has room for, and the first that it has none for.
    fn of_limit(&mut self, rule: &Rule) -> Vec<Proposal<'a>> {
        let Some(rate) = rule.rate() else { return Vec::new() };
        let ids: Vec<ToolId> = match &rate.argument {
            None => coverage::reaches(self.policy, rule).take(TOOLS).collect(),
            Some(_) => self.policy.covered(rule).filter(|id| self.is_usable(*id)).take(TOOLS).collect(),
        };
        for tool in ids {
            let Some(base) = self.passing(tool, None, &[]) else { continue };
            let path = rate.argument.as_ref().map(|path| &*path.segments);
            let one =
                |arguments: &Value, max: u64| path.and_then(|path| boundary::with(arguments, path, Some(max.into())));
            if let (Some(last), Some(first)) = (one(&base, rate.max), one(&base, rate.max.saturating_add(1)))
                && self.reaches(rule, tool, &last, &first, 1)
            {
                return vec![
                    Proposal { tool: self.name(tool), arguments: last, times: 1 },
                    Proposal { tool: self.name(tool), arguments: first, times: 1 },
                ];
            }
            let share = path.map_or(1, |path| amount(lookup(&base, path)).unwrap_or(0));
            let Some(times) = rate.max.checked_div(share).filter(|times| (1..MANY).contains(times)) else { continue };
            if self.reaches(rule, tool, &base, &base, times) {
                let tool = self.name(tool);
                let first = Proposal { tool, arguments: base.clone(), times: times + 1 };
                return vec![Proposal { tool, arguments: base, times }, first];
            }
        }
        Vec::new()
    }

    /// Whether one call passes so many times and the other is refused by the limit, once more than that or, where the
    /// calls differ, at once.
    fn reaches(&self, rule: &Rule, tool: ToolId, passes: &Value, stops: &Value, times: u64) -> bool {
        let last = |arguments, times| {
            let call = eval::Call { tool: self.name(tool), arguments };
            repeat::last(&self.evaluator, &call, times).ok().map(|(verdict, _)| verdict)
        };
        let stopped = last(stops, if passes == stops { times + 1 } else { times });
        let goes = |decision| matches!(decision, Decision::Allow | Decision::Ask);
        last(passes, times).is_some_and(|it| goes(it.decision))
            && stopped
                .is_some_and(|it| it.decision == Decision::Limited && it.rule.is_some_and(|by| by.span == rule.span))
    }

    /// What no statement speaks of.
    fn of_default(&mut self) {
        let undecided = |id: &ToolId| {
            let decided = self.policy.rules_of(*id).any(|rule| {
                matches!(rule.kind, RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide)
                    || rule.condition().is_some()
            });
            !decided && !self.is_critical(*id)
        };
        let found = self.policy.tools().find(undecided);
        let arguments = found.filter(|_| !self.policy.is_closed()).and_then(|id| self.find(id, &[]));
        let call = Proposal {
            tool: found.map_or(UNKNOWN, |id| self.name(id)),
            arguments: arguments.unwrap_or_else(no_arguments),
            times: 1,
        };
        self.write(&title(self.sources, self.policy.fallback_span()), vec![call], 0);
    }

    /// What becomes of the critical tools that no test calls yet.
    fn of_critical(&mut self) {
        let tools = self.policy.tools();
        let critical = tools.filter(|id| self.is_critical(*id));
        let mut ids: Vec<ToolId> = critical.filter(|id| !self.is_called(self.name(*id))).collect();
        let more = ids.len().saturating_sub(CRITICAL);
        ids.truncate(CRITICAL);
        let calls = ids.into_iter().map(|tool| {
            let usable = self.is_usable(tool);
            let arguments = if usable { self.passing(tool, None, &[]) } else { None };
            Proposal { tool: self.name(tool), arguments: arguments.unwrap_or_else(no_arguments), times: 1 }
        });
        let calls = calls.collect();
        self.write("critical tools", calls, more);
    }

    /// Notes a call; whether there was none like it. The order of its arguments says nothing.
    fn is_new(&mut self, tool: &str, arguments: &Value, times: u64) -> bool {
        let mut sorted = arguments.clone();
        sorted.sort_all_objects();
        self.known.insert((tool.to_owned(), times, sorted.to_string()))
    }

    /// Whether there is a call of a tool.
    fn is_called(&self, tool: &str) -> bool {
        let first = (tool.to_owned(), 0, String::new());
        self.known.range(first..).next().is_some_and(|(known, _, _)| known == tool)
    }

    /// Writes a test of the calls that are new: first those that go ahead.
    fn write(&mut self, title: &str, proposals: Vec<Proposal<'a>>, more: usize) {
        let (mut passes, mut stops) = (String::new(), String::new());
        for it in proposals {
            let tool = it.tool;
            let call = eval::Call { tool, arguments: &it.arguments };
            let Ok((verdict, _)) = repeat::last(&self.evaluator, &call, it.times) else { continue };
            if !can_be_written(&it.arguments, 0) || !self.is_new(tool, &it.arguments, it.times) {
                continue;
            }
            let goes = matches!(verdict.decision, Decision::Allow | Decision::Ask);
            let line = line(&call, it.times, verdict.decision, verdict.rule);
            if goes { passes.push_str(&line) } else { stops.push_str(&line) }
        }
        if passes.is_empty() && stops.is_empty() {
            return;
        }
        let title = title.replace('"', "'");
        let title =
            if title.chars().count() > NAME { title.chars().take(NAME).chain(['…']).collect() } else { title };
        let raw = title.contains('\\') && !title.chars().any(is_hidden);
        let title = if raw { format!("r\"{title}\"") } else { quote(&title) };
        let more = if more > 0 { format!("  // and {more} more, left out\n") } else { String::new() };
        let policy = write_name(self.policy.name());
        self.out.push_str(&format!("\ntest {} for {policy} {{\n{passes}{stops}{more}}}\n", title));
    }
}

/// A call with what becomes of it, and with the message where a reason was given.
fn line(call: &eval::Call<'_>, times: u64, decision: Decision, by: Option<&Rule>) -> String {
    let what = match call.arguments.as_object() {
        Some(members) if members.is_empty() => write_name(call.tool),
        _ => write_call(call.tool, call.arguments, &write_value),
    };
    let times = if times > 1 { format!(" {times} times") } else { String::new() };
    let because = by.and_then(Rule::because).filter(|_| decision != Decision::Allow);
    let because = because.map_or(String::new(), |reason| format!(" {}", quote(&reason.text)));
    format!("  call {what}{times} -> {}{because}\n", decision.name())
}

/// The tests of a condition, each with what the others must be like so that it decides.
fn spread<'c>(
    condition: &'c Condition,
    context: &mut Vec<Wanted<'c>>,
    out: &mut Vec<(&'c Comparison, Vec<Wanted<'c>>)>,
) {
    let (parts, holds) = match condition {
        Condition::Test(test) => return out.push((test, context.clone())),
        Condition::All(parts) => (parts, true),
        Condition::Any(parts) => (parts, false),
    };
    for (nth, part) in parts.iter().enumerate() {
        let depth = context.len();
        let others = parts.iter().enumerate().filter(|(other, _)| *other != nth);
        context.extend(others.map(|(_, condition)| Wanted { condition, holds }));
        spread(part, context, out);
        context.truncate(depth);
    }
}

fn no_arguments() -> Value {
    Value::Object(serde_json::Map::new())
}

/// Whether arguments read as they are written: numbers that a double holds, and nothing too deep.
fn can_be_written(value: &Value, depth: usize) -> bool {
    match value {
        Value::Number(it) => number(&it.to_string()).is_some(),
        Value::Array(items) => depth < DEPTH && items.iter().all(|it| can_be_written(it, depth + 1)),
        Value::Object(members) => depth < DEPTH && members.values().all(|it| can_be_written(it, depth + 1)),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}
