//! The two laws, for one call: what the policy says, what the compiled document's engine says, and whether a
//! difference is one that was announced for just this reason.

use std::collections::BTreeMap;

use mcppol::{
    diagnostic::codes,
    engine, eval,
    hir::{
        Policy, Rule, RuleKind,
        checked::ToolId,
        model::{Comparison, Fallback, Literal, Op},
    },
    target::Lowered,
};
use serde_json::Value;

use super::calls::{literals, tests_of};

/// What is used of a counter: its tool, its window, the argument that it adds up.
pub(super) type Used<'a> = dyn Fn(Option<&str>, u64, Option<&str>) -> u64 + 'a;

/// A compiled document in its engine.
pub(super) struct Engine {
    policy: engine::Policy,
    /// What the names of counters stand for, where the document says it elsewhere.
    counters: Option<BTreeMap<String, (Option<String>, u64)>>,
}

impl Engine {
    pub(super) fn load(target: &str, document: &Value) -> Result<Engine, engine::EngineError> {
        let policy = engine::Policy::load(target, document).expect("every target has an engine")?;
        Ok(Engine { policy, counters: (target == "policylayer").then(|| counters(document)) })
    }

    /// Judges a call; `used` answers for the policy's counters: tool, window, argument.
    pub(super) fn decide(&self, call: &engine::Call<'_>, used: &Used<'_>) -> engine::Verdict {
        let amount = |tool: Option<&str>, seconds: u64, argument: Option<&str>| {
            i64::try_from(used(tool, seconds, argument)).ok()
        };
        let counter = |counter: &engine::Counter<'_>| {
            let argument = counter.argument.map(|path| path.strip_prefix("args.").unwrap());
            match &self.counters {
                // here a counter is its name, and what the name counts is where the document has it
                Some(counters) => {
                    let (tool, seconds) = counters.get(counter.name)?;
                    assert_eq!((tool.as_deref(), *seconds), (counter.tool, counter.window.0), "{counter:?}");
                    amount(tool.as_deref(), *seconds, None)
                }
                None => amount(counter.tool, counter.window.0, argument),
            }
        };
        self.policy.decide(call, &counter).unwrap()
    }
}

/// The counters of a `policylayer` document: the tool in whose entry each stands, and its window.
fn counters(document: &Value) -> BTreeMap<String, (Option<String>, u64)> {
    let mut out = BTreeMap::new();
    let mut add = |tool: Option<&str>, entry: &Value| {
        for limit in entry.get("limits").and_then(Value::as_array).into_iter().flatten() {
            let seconds = match limit["window"].as_str() {
                Some("minute") => 60,
                Some("hour") => 3_600,
                _ => 86_400,
            };
            let name = limit["counter"].as_str().unwrap().to_owned();
            assert_eq!(out.insert(name, (tool.map(str::to_owned), seconds)), None, "{document}");
        }
    };
    add(None, &document["all_tools"]);
    for (tool, entry) in document.get("tools").and_then(Value::as_object).into_iter().flatten() {
        add(Some(tool), entry);
    }
    let folded: std::collections::BTreeSet<String> = out.keys().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), out.len(), "counters differ in letter case alone: {document}");
    out
}

/// One call under one target.
pub(super) struct Trial<'a> {
    pub(super) target: &'static str,
    pub(super) policy: &'a Policy,
    pub(super) lowered: &'a Lowered<'a>,
    pub(super) tool: &'a str,
    pub(super) args: &'a Value,
    /// Whether the call fits the tool's input schema.
    pub(super) valid: bool,
}

/// How a document's decision agrees with the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// The same decision.
    Same,
    /// Stricter, as announced.
    Announced,
    /// Stricter on a call that the tool's schema forbids.
    Invalid,
    /// The one call on which a document is wider.
    Star,
}

impl Trial<'_> {
    pub(super) fn judge(&self, meant: &eval::Verdict<'_>, got: &engine::Verdict) -> Result<Agreement, String> {
        use engine::Decision::{Allow, Ask, Deny, Hidden, Limited};
        let (want, have) = (meant.decision, got.decision);
        if have == Deny && want == Deny {
            self.reason(meant, got)?;
        }
        if have == want {
            return Ok(Agreement::Same);
        }
        let wider = match have {
            Allow => true,
            Ask => want != Allow,
            Deny | Hidden | Limited => false,
        };
        if self.star() && want == Deny && matches!(have, Allow | Limited) {
            return Ok(Agreement::Star);
        }
        if wider {
            return Err(format!("law 2: wider, {} where the policy says {}", have.name(), want.name()));
        }
        // `rules` has no way to hide, and says so where it matters
        let visible = |d: &mcppol::diagnostic::Diagnostic| d.code.name == codes::VISIBLE_NOT_HIDDEN.name;
        if self.target == "rules" && want == Hidden && have == Deny && self.lowered.diagnostics.iter().any(visible) {
            return Ok(Agreement::Announced);
        }
        // an amount that does not fit is refused by a condition there, before any counter is looked at
        if self.target == "intercept" && want == Limited && have == Deny && self.totals() {
            return Ok(Agreement::Announced);
        }
        if self.explained(want, got) {
            return Ok(Agreement::Announced);
        }
        if self.valid {
            return Err(format!(
                "law 1: {} where the policy says {}, and no reason was given",
                have.name(),
                want.name()
            ));
        }
        Ok(Agreement::Invalid)
    }

    fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.policy.tool(self.tool).into_iter().flat_map(|id| self.policy.rules_of(id))
    }

    fn id(&self) -> Option<ToolId> {
        self.policy.tool(self.tool)
    }

    fn totals(&self) -> bool {
        self.rules().any(|rule| matches!(&rule.kind, RuleKind::Limit(rate) if rate.argument.is_some()))
    }

    /// Intercept takes `tools."*"`, which holds the limits of all tools, for a tool of that name as well, and forwards
    /// its calls although `default deny` refuses them. No catalog has such a tool; where one did, the target refuses.
    fn star(&self) -> bool {
        self.target == "intercept"
            && self.tool == "*"
            && self.id().is_none()
            && self.policy.fallback() != Fallback::Allow
            && self.policy.rules_of_all().next().is_some()
    }

    /// Whether a stricter decision was announced for a reason that is there in this call.
    fn explained(&self, want: engine::Decision, got: &engine::Verdict) -> bool {
        let announced = |rule: &Rule| {
            let at =
                |d: &mcppol::diagnostic::Diagnostic| d.code.name == codes::LOSSY_LOWERING.name && d.span == rule.span;
            self.id().is_some_and(|id| self.lowered.narrowed.contains(&id)) && self.lowered.diagnostics.iter().any(at)
        };
        got.decision == engine::Decision::Deny
            && self.rules().filter(|rule| announced(rule)).any(|rule| match &rule.kind {
                // nobody can be asked; and where a limit has no room, nobody would have been
                RuleKind::Ask => matches!(want, engine::Decision::Ask | engine::Decision::Limited),
                RuleKind::AskIf(condition) => {
                    let ask = matches!(want, engine::Decision::Ask | engine::Decision::Limited);
                    let mut tests = Vec::new();
                    tests_of(condition, &mut tests);
                    ask && shown(rule, got) || tests.iter().any(|test| self.strays(test)) && shown(rule, got)
                }
                RuleKind::DenyIf(condition) | RuleKind::Require(condition) => {
                    let mut tests = Vec::new();
                    tests_of(condition, &mut tests);
                    tests.iter().any(|test| self.strays(test)) && shown(rule, got)
                }
                RuleKind::Allow | RuleKind::Deny | RuleKind::Hide | RuleKind::Limit(_) | RuleKind::LimitAll(_) => false,
            })
    }

    /// Whether the call's value is one that the engine may judge more strictly than the test: it prints like one of
    /// the literals and is of another type, or, where a `deny if` is turned round, it is absent or cannot be compared.
    fn strays(&self, test: &Comparison) -> bool {
        let turned = self.target == "intercept";
        let literals = literals(&test.op);
        let value = test.path.segments.iter().try_fold(self.args, |value, key| value.get(key));
        let Some(value) = value else { return turned };
        let alike = |value: &Value| literals.iter().any(|literal| prints_like(value, literal));
        let compared = matches!(&test.op, Op::Less(_) | Op::AtMost(_) | Op::Greater(_) | Op::AtLeast(_));
        let listed = matches!(&test.op, Op::Contains(_) | Op::NotContains(_));
        turned && value.is_null()
            || alike(value)
            || turned && compared && !value.is_number()
            || listed && value.as_array().is_some_and(|items| items.iter().any(alike))
    }

    /// A refusal shows a reason of a rule that refuses calls of this tool, where all such rules have one.
    fn reason(&self, meant: &eval::Verdict<'_>, got: &engine::Verdict) -> Result<(), String> {
        let refuses = |kind: &RuleKind| match kind {
            RuleKind::Deny | RuleKind::DenyIf(_) | RuleKind::Require(_) | RuleKind::Ask | RuleKind::AskIf(_) => true,
            RuleKind::Limit(rate) => rate.argument.is_some(),
            RuleKind::Allow | RuleKind::Hide | RuleKind::LimitAll(_) => false,
        };
        let message = got.message.as_deref().unwrap_or_default();
        let refusing: Vec<&Rule> = self.rules().filter(|rule| refuses(&rule.kind)).collect();
        let own = refusing.iter().any(|rule| rule.because().is_some() && shown(rule, got));
        if !own && message.contains("reason ") {
            return Err(format!("the reason {message:?} is none of the tool's"));
        }
        let all = refusing.iter().all(|rule| rule.because().is_some()) && meant.rule.is_some();
        if !own && all {
            return Err(format!("the reason {:?} became {message:?}", meant.message));
        }
        Ok(())
    }
}

/// Whether the message is the rule's reason, as it is or as a request for approval; a rule without one has no text.
fn shown(rule: &Rule, got: &engine::Verdict) -> bool {
    let message = got.message.as_deref().unwrap_or_default();
    let asks = matches!(rule.kind, RuleKind::Ask | RuleKind::AskIf(_));
    match rule.because() {
        Some(because) if asks => message == format!("Requires human approval: {}", because.text),
        Some(because) => message == &*because.text,
        None if asks => message == "Requires human approval",
        None => message.starts_with("Denied by rule"),
    }
}

/// Whether a value of another type prints like the literal.
fn prints_like(value: &Value, literal: &Literal) -> bool {
    match (value, literal) {
        (Value::Number(n), Literal::Text(text)) => text.parse().ok() == n.as_f64(),
        (Value::String(text), Literal::Number(n)) => text.parse() == Ok(*n),
        (Value::Bool(b), Literal::Text(text)) => **text == b.to_string(),
        (Value::String(text), Literal::Bool(b)) => *text == b.to_string(),
        (Value::Null, Literal::Text(text)) => &**text == "<nil>",
        (Value::Array(_), Literal::Text(text)) => text.starts_with('['),
        (Value::Object(_), Literal::Text(text)) => text.starts_with("map["),
        (
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_),
            _,
        ) => false,
    }
}
