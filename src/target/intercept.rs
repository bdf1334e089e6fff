//! The file of the open-source proxy Intercept (JSON, which its YAML reader takes).
//!
//! Its rules say what is allowed: all conditions of all rules of a tool must hold. So a `require` is itself, and a
//! `deny if` becomes the opposite condition, which is stricter on calls that lack the argument.

use serde_json::{Map, Value, json};

use super::{
    Target, logic,
    notes::{Notes, Refusal},
    policylayer::{approval_text, named_window, narrow_ask, odd_window, smallest, too_many},
    predicate::{self, Test},
};
use crate::{
    diagnostic::Level,
    hir::{
        checked::{CheckedPolicy, Policy, Rule, RuleKind, Standing, ToolId},
        model::{Condition, Fallback, Name, Rate},
    },
    syntax::literal::write_path,
};

pub(super) static TARGET: Target =
    Target { name: "intercept", summary: "the policy file of the open-source proxy Intercept", lower };

/// The name under which the proxy keeps the counters of all tools.
const GLOBAL: &str = "_global";

fn lower<'a>(policy: CheckedPolicy<'a>, notes: &mut Notes<'a>) -> Box<dyn super::Document + 'a> {
    let policy = policy.get();
    let mut hide: Vec<Value> = Vec::new();
    let mut tools = Map::new();
    let mut lowering = Lowering { policy, notes };
    for id in policy.tools_by_name() {
        let name = policy.tool_name(id);
        let standing = policy.standing(id);
        lowering.notes.name(id, standing);
        let rules = match standing {
            Standing::NotGranted => continue,
            Standing::Hidden => {
                lowering.notes.hidden_name(id);
                lowering.lose_reason(policy.standing_rule(id, Standing::Hidden));
                hide.push(name.into());
                continue;
            }
            Standing::Denied => {
                let rule = policy.standing_rule(id, Standing::Denied);
                vec![denial(rule.and_then(|rule| rule.because()).map(|because| because.text.to_string()))]
            }
            Standing::Asks => {
                let rule = policy.standing_rule(id, Standing::Asks);
                if let Some(rule) = rule {
                    narrow_ask(lowering.notes, rule, id);
                }
                vec![denial(Some(approval_text(rule.and_then(|rule| rule.because()))))]
            }
            Standing::Callable => {
                let rules = lowering.callable(id);
                if policy.fallback() == Fallback::Allow && rules.is_empty() {
                    continue;
                }
                rules
            }
        };
        tools.insert(name.to_owned(), json!({ "rules": rules }));
    }
    let all = lowering.all_tools();
    if !all.is_empty() {
        // `*` as a key opens a tool of that name, and `_global` is where the counters of all tools are kept
        for (name, clashes) in [("*", policy.tool("*").is_some()), (GLOBAL, tools.contains_key(GLOBAL))] {
            if let Some(rule) = policy.rules_of_all().next().filter(|_| clashes) {
                let why = format!("it cannot tell a tool named `{name}` from all tools");
                let refusal = Refusal::new(why, "rename the tool, or limit each tool by itself");
                lowering.notes.refuse(rule.span, refusal, policy.tool(name));
            }
        }
        tools.insert("*".to_owned(), json!({ "rules": all }));
    }
    let default = super::default_word(policy);
    let mut document = Map::new();
    document.insert("version".to_owned(), "1".into());
    document.insert("default".to_owned(), default.into());
    if !hide.is_empty() {
        document.insert("hide".to_owned(), hide.into());
    }
    if !tools.is_empty() {
        document.insert("tools".to_owned(), tools.into());
    }
    Box::new(document)
}

/// The rules of one tool so far; their names count up.
#[derive(Default)]
struct Rules(Vec<Value>);

impl Rules {
    fn push(&mut self, kind: &str, members: Map<String, Value>, because: Option<&str>) {
        let mut rule = Map::new();
        rule.insert("name".to_owned(), format!("{kind}-{}", self.0.len() + 1).into());
        rule.extend(members);
        if let Some(because) = because {
            rule.insert("on_deny".to_owned(), because.into());
        }
        self.0.push(Value::Object(rule));
    }

    fn conditions(&mut self, kind: &str, tests: &[Test], because: Option<&str>) {
        let conditions: Value = tests.iter().map(Test::json).collect();
        self.push(kind, Map::from_iter([("conditions".to_owned(), conditions)]), because);
    }
}

fn denial(because: Option<String>) -> Value {
    let mut rule = json!({ "name": "deny", "action": "deny" });
    if let (Some(because), Some(rule)) = (because, rule.as_object_mut()) {
        rule.insert("on_deny".to_owned(), because.into());
    }
    rule
}

struct Lowering<'a, 'n, 'm> {
    policy: &'a Policy,
    notes: &'m mut Notes<'n>,
}

impl Lowering<'_, '_, '_> {
    fn lose_reason(&mut self, rule: Option<&Rule>) {
        if let Some(because) = rule.and_then(|rule| rule.because()) {
            self.notes.lost_reason(because.span);
        }
    }

    fn callable(&mut self, id: ToolId) -> Vec<Value> {
        let mut out = Rules::default();
        for rule in self.policy.rules_of(id) {
            let because = rule.because().map(|because| &*because.text);
            match &rule.kind {
                RuleKind::Require(condition) => self.require(rule, condition, id, because, &mut out),
                RuleKind::DenyIf(condition) => self.deny_if(rule, condition, id, because, &mut out),
                RuleKind::AskIf(condition) => {
                    narrow_ask(self.notes, rule, id);
                    let text = approval_text(rule.because());
                    self.deny_if(rule, condition, id, Some(&text), &mut out);
                }
                RuleKind::Allow
                | RuleKind::Ask
                | RuleKind::Deny
                | RuleKind::Hide
                | RuleKind::Limit(_)
                | RuleKind::LimitAll(_) => {}
            }
        }
        // the first rule that fails decides, and conditions come before counters
        self.totals(id, &mut out);
        self.limits(id, &mut out);
        out.0
    }

    /// Whether no other limit of the same argument and window is tighter; of equal ones the first binds.
    fn binds(&self, rule: &Rule, rate: &Rate, id: ToolId) -> bool {
        let same = |other: &Rate| {
            other.seconds == rate.seconds
                && other.argument.as_ref().map(|path| &path.segments)
                    == rate.argument.as_ref().map(|path| &path.segments)
        };
        let rates = self.policy.rules_of(id).filter_map(|rule| match &rule.kind {
            RuleKind::Limit(rate) if same(rate) => Some((rate.max, rule)),
            _ => None,
        });
        rates.min_by_key(|(max, _)| *max).is_some_and(|(_, first)| std::ptr::eq(first, rule))
    }

    fn require(&mut self, rule: &Rule, condition: &Condition, id: ToolId, because: Option<&str>, out: &mut Rules) {
        let Some(clauses) = logic::conjunctive(condition) else {
            self.notes.refuse(rule.span, too_many(), Some(id));
            return;
        };
        let mut together = Vec::new();
        for clause in clauses {
            let folded = predicate::folded(&clause);
            let test = match (clause.as_slice(), &folded) {
                ([test], _) => test,
                (_, Some(test)) => test,
                (_, None) => {
                    let refusal = Refusal::new(
                        "it has no `or` over different tests",
                        "write `in […]` where one argument is tested, or deny or ask the tool",
                    );
                    self.notes.refuse(rule.span, refusal, Some(id));
                    continue;
                }
            };
            match predicate::required(test) {
                Ok(needs) if needs.not.is_empty() => {
                    self.notes.stricter(rule.span, needs.stricter, &test.path, id);
                    together.extend(needs.hold);
                }
                Ok(_) => {
                    let refusal = Refusal::new(
                        "its rules say what is allowed, and this needs one that forbids",
                        "write what the value must be (`matches`, `in`, `==` a text), or deny or ask the tool",
                    );
                    self.notes.refuse(rule.span, refusal, Some(id));
                }
                Err(refusal) => self.notes.refuse(rule.span, refusal, Some(id)),
            }
        }
        if !together.is_empty() {
            out.conditions("require", &together, because);
        }
    }

    fn deny_if(&mut self, rule: &Rule, condition: &Condition, id: ToolId, because: Option<&str>, out: &mut Rules) {
        let Some(clauses) = logic::disjunctive(condition) else {
            self.notes.refuse(rule.span, too_many(), Some(id));
            return;
        };
        for clause in clauses {
            let [test] = clause.as_slice() else {
                let refusal = Refusal::new(
                    "its rules cannot forbid two things only together",
                    "forbid one of them, or write a `require`",
                );
                self.notes.refuse(rule.span, refusal, Some(id));
                continue;
            };
            match predicate::dual(test) {
                Ok((tests, stricter)) => {
                    self.notes.stricter(rule.span, stricter, &test.path, id);
                    out.conditions("deny-if", &tests, because);
                }
                Err(refusal) => self.notes.refuse(rule.span, refusal, Some(id)),
            }
        }
    }

    fn totals(&mut self, id: ToolId, out: &mut Rules) {
        let policy = self.policy;
        for rule in policy.rules_of(id) {
            if let RuleKind::Limit(rate) = &rule.kind
                && let Some(path) = &rate.argument
                && self.binds(rule, rate, id)
            {
                self.total(rule, rate, &write_path(&path.segments), id, out);
            }
        }
    }

    fn limits(&mut self, id: ToolId, out: &mut Rules) {
        let policy = self.policy;
        let rates = policy.rules_of(id).filter_map(|rule| match &rule.kind {
            RuleKind::Limit(rate) if rate.argument.is_none() => Some((rule, &**rate)),
            _ => None,
        });
        let chosen = smallest(rates, |rule, refusal| self.notes.refuse(rule.span, refusal, Some(id)));
        for (window, rule, rate) in chosen {
            self.countable(rule, id);
            self.per_proxy();
            rate_limit(window, rate, rule.because(), out);
        }
    }

    fn all_tools(&mut self) -> Vec<Value> {
        let policy = self.policy;
        let mut out = Rules::default();
        let rates = policy.rules_of_all().filter_map(|rule| match &rule.kind {
            RuleKind::LimitAll(rate) => Some((rule, &**rate)),
            _ => None,
        });
        let chosen = smallest(rates, |rule, refusal| self.notes.refuse(rule.span, refusal, None));
        for (window, rule, rate) in chosen {
            self.per_proxy();
            rate_limit(window, rate, rule.because(), &mut out);
        }
        out.0
    }

    /// Counters are kept under `TOOL.COUNTER`, split at the first dot, and those of all tools under [`GLOBAL`].
    fn countable(&mut self, rule: &Rule, id: ToolId) -> bool {
        let name = self.policy.tool_name(id);
        let why = if name.contains('.') {
            "it cannot count a tool with a dot in its name"
        } else if name == GLOBAL {
            "it keeps the counters of all tools under this name"
        } else {
            return true;
        };
        let refusal = Refusal::new(format!("{why} (`{name}`)"), "deny or ask the tool, or count it elsewhere");
        self.notes.refuse(rule.span, refusal, Some(id));
        false
    }

    /// Said once a policy, at its name.
    fn per_proxy(&mut self) {
        let what = "counters are the proxy's: every identity behind it shares them";
        self.notes.narrow(
            self.policy.name_span(),
            Level::Info,
            what,
            "run one proxy for each identity to count by grant",
            None,
        );
    }

    /// A limit that adds up an argument. The proxy counts 0.99 as 0 and wraps huge numbers, so amounts are listed one
    /// by one: nothing but a whole number from 0 to the limit passes.
    fn total(&mut self, rule: &Rule, rate: &Rate, shown: &str, id: ToolId, out: &mut Rules) {
        const MOST: u64 = 1_000;
        let Some(window) = named_window(rate.seconds) else {
            self.notes.refuse(rule.span, odd_window(rate), Some(id));
            return;
        };
        let Some(Ok(at)) = rate.argument.as_ref().map(predicate::path) else {
            let refusal =
                Refusal::new(format!("its paths are split at dots, and `{shown}` has one in a name"), "count calls");
            self.notes.refuse(rule.span, refusal, Some(id));
            return;
        };
        if rate.max > MOST {
            let refusal = Refusal::new(
                format!("it counts fractions as nothing, so every allowed amount is listed, and that ends at {MOST}"),
                "count calls with `limit to N per …`, and bound each with `require … <= N`",
            );
            self.notes.refuse(rate.span, refusal, Some(id));
            return;
        }
        if !self.countable(rule, id) {
            return;
        }
        self.per_proxy();
        let tool = self.policy.tool_name(id);
        let counter = format!("total_{}_per_{window}", out.0.len() + 1);
        let amounts: Value = (0..=rate.max).collect();
        let conditions = json!([
            Test::new(&at, "gte", 0).json(),
            Test::new(&at, "in", amounts).json(),
            { "path": format!("state.{tool}.{counter}"), "op": "lte", "value": rate.max },
        ]);
        let members = Map::from_iter([
            ("conditions".to_owned(), conditions),
            ("state".to_owned(), json!({ "counter": counter, "window": window, "increment_from": at })),
        ]);
        out.push("total", members, rule.because().map(|because| &*because.text));
    }
}

fn rate_limit(window: &str, rate: &Rate, because: Option<&Name>, out: &mut Rules) {
    let limit: Value = format!("{}/{window}", rate.max).into();
    let members = Map::from_iter([("rate_limit".to_owned(), limit)]);
    out.push("limit", members, because.map(|because| &*because.text));
}
