//! The JSON of the hosted gateway: `version`, `default`, `hide`, `all_tools`, `tools`.
//!
//! A key of `tools` is what allows a tool under `default: deny`, so only granted tools become keys. The gateway has no
//! approval: what asks is denied with a text that says so, as its own catalogue recommends.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Serialize, Serializer};

use super::{
    Target, logic,
    notes::{Notes, Refusal},
    predicate::{self, Test},
};
use crate::{
    diagnostic::Level,
    eval::window,
    hir::{
        checked::{CheckedPolicy, Policy, Rule, RuleKind, Standing, ToolId},
        model::{Comparison, Condition, Fallback, Name, Rate},
    },
    syntax::literal::write_path,
};

pub(super) static TARGET: Target =
    Target { name: "policylayer", summary: "the JSON policy of the hosted PolicyLayer gateway", lower };

/// The document, member by member in the order of the file.
#[derive(Debug, Serialize)]
struct Document<'a> {
    version: &'static str,
    default: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hide: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    all_tools: Option<Entry<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_map")]
    tools: Vec<(&'a str, Entry<'a>)>,
}

#[derive(Debug, Default, Serialize)]
struct Entry<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    require: Vec<Predicate<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deny_if: Vec<Predicate<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    limits: Vec<Limit>,
}

impl Entry<'_> {
    fn is_empty(&self) -> bool {
        self.require.is_empty() && self.deny_if.is_empty() && self.limits.is_empty()
    }
}

#[derive(Debug, Serialize)]
struct Predicate<'a> {
    conditions: Vec<Test>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_deny: Option<Cow<'a, str>>,
}

#[derive(Debug, Serialize)]
struct Limit {
    counter: String,
    window: &'static str,
    max: u64,
    scope: &'static str,
}

fn as_map<S: Serializer>(entries: &[(&str, Entry<'_>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|(name, entry)| (name, entry)))
}

fn lower<'a>(policy: CheckedPolicy<'a>, notes: &mut Notes<'a>) -> Box<dyn super::Document + 'a> {
    let policy = policy.get();
    let mut lowering = Lowering { policy, notes, counters: BTreeMap::new() };
    let all = lowering.all_tools();
    let mut document = Document {
        version: "1",
        default: super::default_word(policy),
        hide: Vec::new(),
        all_tools: (!all.is_empty()).then(|| Entry { limits: all, ..Entry::default() }),
        tools: Vec::new(),
    };
    for id in policy.tools_by_name() {
        let name = policy.tool_name(id);
        let standing = policy.standing(id);
        lowering.notes.name(id, standing);
        match standing {
            Standing::Hidden => {
                lowering.hidden(id);
                document.hide.push(name);
            }
            Standing::Denied => document.tools.push((name, lowering.denied(id))),
            Standing::Asks => document.tools.push((name, lowering.asks(id))),
            // no key: a key would allow it
            Standing::NotGranted => {}
            Standing::Callable => {
                let entry = lowering.callable(id);
                if policy.fallback() != Fallback::Allow || !entry.is_empty() {
                    document.tools.push((name, entry));
                }
            }
        }
    }
    Box::new(document)
}

/// The text with which an engine without approvals refuses what a person should approve.
pub(super) fn approval_text(because: Option<&Name>) -> String {
    match because {
        Some(because) => format!("Requires human approval: {}", because.text),
        None => "Requires human approval".to_owned(),
    }
}

/// The windows that both engines count, with their names.
pub(super) fn named_window(seconds: u64) -> Option<&'static str> {
    match seconds {
        60 => Some("minute"),
        3_600 => Some("hour"),
        86_400 => Some("day"),
        _ => None,
    }
}

/// Why a window cannot be counted.
pub(super) fn odd_window(rate: &Rate) -> Refusal {
    Refusal::new(
        format!("it counts by minute, hour or day, not per {}", window(rate.seconds)),
        "write `per minute`, `per hour` or `per day`",
    )
}

/// The smallest limit of calls for each window, in order of the first rule of each.
pub(super) fn smallest<'r>(
    rules: impl Iterator<Item = (&'r Rule, &'r Rate)>,
    mut refuse: impl FnMut(&'r Rule, Refusal),
) -> Vec<(&'static str, &'r Rule, &'r Rate)> {
    let mut out: Vec<(&'static str, &Rule, &Rate)> = Vec::new();
    for (rule, rate) in rules {
        let Some(name) = named_window(rate.seconds) else {
            refuse(rule, odd_window(rate));
            continue;
        };
        match out.iter_mut().find(|(known, ..)| *known == name) {
            Some(slot) if slot.2.max > rate.max => *slot = (name, rule, rate),
            Some(_) => {}
            None => out.push((name, rule, rate)),
        }
    }
    out
}

struct Lowering<'a, 'n> {
    policy: &'a Policy,
    notes: &'n mut Notes<'a>,
    /// Counter names in use, lower-cased, each with the last number that was put behind it.
    counters: BTreeMap<String, usize>,
}

impl<'a> Lowering<'a, '_> {
    fn hidden(&mut self, id: ToolId) {
        self.notes.hidden_name(id);
        let reason = self.policy.standing_rule(id, Standing::Hidden);
        if let Some(because) = reason.and_then(|rule| rule.because()) {
            self.notes.lost_reason(because.span);
        }
    }

    fn denied(&mut self, id: ToolId) -> Entry<'a> {
        let rule = self.policy.standing_rule(id, Standing::Denied);
        refusal_entry(rule.and_then(reason))
    }

    fn asks(&mut self, id: ToolId) -> Entry<'a> {
        let rule = self.policy.standing_rule(id, Standing::Asks);
        if let Some(rule) = rule {
            narrow_ask(self.notes, rule, id);
        }
        refusal_entry(Some(approval_text(rule.and_then(Rule::because)).into()))
    }

    fn callable(&mut self, id: ToolId) -> Entry<'a> {
        let mut entry = Entry::default();
        for rule in self.policy.rules_of(id) {
            match &rule.kind {
                RuleKind::Require(condition) => self.require(rule, condition, id, &mut entry),
                RuleKind::DenyIf(condition) => {
                    self.deny_if(rule, condition, id, reason(rule), &mut entry.deny_if);
                }
                RuleKind::AskIf(condition) => {
                    narrow_ask(self.notes, rule, id);
                    let text = Some(approval_text(rule.because()).into());
                    self.deny_if(rule, condition, id, text, &mut entry.deny_if);
                }
                RuleKind::Allow
                | RuleKind::Ask
                | RuleKind::Deny
                | RuleKind::Hide
                | RuleKind::Limit(_)
                | RuleKind::LimitAll(_) => {}
            }
        }
        entry.limits = self.limits(id);
        entry
    }

    fn require(&mut self, rule: &'a Rule, condition: &Condition, id: ToolId, entry: &mut Entry<'a>) {
        let Some(clauses) = logic::conjunctive(condition) else {
            self.notes.refuse(rule.span, too_many(), Some(id));
            return;
        };
        // tests that stand alone share one predicate: all of its conditions must hold
        let mut together: Vec<Test> = Vec::new();
        for clause in clauses {
            let folded = predicate::folded(&clause);
            let needs = match (clause.as_slice(), &folded) {
                ([test], _) => predicate::required(test),
                (_, Some(test)) => predicate::required(test),
                (tests, None) => {
                    match alternatives(tests) {
                        Ok(entries) => entry.deny_if.extend(predicates(entries, reason(rule))),
                        Err(refusal) => self.notes.refuse(rule.span, refusal, Some(id)),
                    }
                    continue;
                }
            };
            match needs {
                Ok(needs) => {
                    if let Some(test) = clause.first() {
                        self.notes.stricter(rule.span, needs.stricter, &test.path, id);
                    }
                    together.extend(needs.hold);
                    entry.deny_if.extend(predicates(needs.not, reason(rule)));
                }
                Err(refusal) => self.notes.refuse(rule.span, refusal, Some(id)),
            }
        }
        if !together.is_empty() {
            entry.require.push(Predicate { conditions: together, on_deny: reason(rule) });
        }
    }

    fn deny_if(
        &mut self,
        rule: &Rule,
        condition: &Condition,
        id: ToolId,
        because: Option<Cow<'a, str>>,
        deny_if: &mut Vec<Predicate<'a>>,
    ) {
        let Some(clauses) = logic::disjunctive(condition) else {
            self.notes.refuse(rule.span, too_many(), Some(id));
            return;
        };
        for clause in clauses {
            let mut parts: Vec<Option<Vec<Vec<Test>>>> = Vec::new();
            for test in clause {
                match predicate::forbidden(test) {
                    Ok((entries, stricter)) => {
                        self.notes.stricter(rule.span, stricter, &test.path, id);
                        parts.push(Some(entries));
                    }
                    Err(refusal) => {
                        self.notes.refuse(rule.span, refusal, Some(id));
                        return;
                    }
                }
            }
            match logic::product(parts.into_iter()) {
                Some(entries) => deny_if.extend(predicates(entries, because.clone())),
                None => self.notes.refuse(rule.span, too_many(), Some(id)),
            }
        }
    }

    fn limits(&mut self, id: ToolId) -> Vec<Limit> {
        let policy = self.policy;
        for rule in policy.rules_of(id) {
            if let RuleKind::Limit(rate) = &rule.kind {
                if rate.argument.is_some() {
                    let refusal = Refusal::new(
                        "the member that counts an argument is not known",
                        "count calls with `limit to N per …`, and bound each with `require … <= N`; `--target intercept` counts arguments",
                    );
                    self.notes.refuse(rate.span, refusal, Some(id));
                }
                if let Some(because) = rule.because() {
                    self.notes.lost_reason(because.span);
                }
            }
        }
        let name = policy.tool_name(id).to_lowercase();
        let rates = policy.rules_of(id).filter_map(|rule| match &rule.kind {
            RuleKind::Limit(rate) if rate.argument.is_none() => Some((rule, &**rate)),
            _ => None,
        });
        let chosen = smallest(rates, |rule, refusal| self.notes.refuse(rule.span, refusal, Some(id)));
        chosen
            .into_iter()
            .map(|(window, _, rate)| Limit::new(self.counter(format!("{name}_per_{window}")), window, rate.max))
            .collect()
    }

    fn all_tools(&mut self) -> Vec<Limit> {
        let policy = self.policy;
        for because in policy.rules_of_all().filter_map(|rule| rule.because()) {
            self.notes.lost_reason(because.span);
        }
        let rates = policy.rules_of_all().filter_map(|rule| match &rule.kind {
            RuleKind::LimitAll(rate) => Some((rule, &**rate)),
            _ => None,
        });
        let chosen = smallest(rates, |rule, refusal| self.notes.refuse(rule.span, refusal, None));
        chosen
            .into_iter()
            .map(|(window, _, rate)| Limit::new(self.counter(format!("calls-per-{window}")), window, rate.max))
            .collect()
    }

    /// A counter name that no other limit has; names count without letter case.
    fn counter(&mut self, name: String) -> String {
        let mut number = self.counters.get(&name).copied().unwrap_or(1);
        let mut candidate = name.clone();
        while self.counters.contains_key(&candidate) {
            number += 1;
            candidate = format!("{name}_{number}");
        }
        if number > 1 {
            self.counters.insert(name, number);
        }
        self.counters.insert(candidate.clone(), 1);
        candidate
    }
}

/// Announces that what a person should approve is refused.
pub(super) fn narrow_ask(notes: &mut Notes<'_>, rule: &Rule, id: ToolId) {
    let what = "nobody can be asked, so these calls are refused with a text that says so";
    let help = "that is the gateway's own way; `--target rules` has approvals";
    notes.narrow(rule.span, Level::Info, what, help, Some(id));
}

pub(super) fn too_many() -> Refusal {
    Refusal::new(
        format!("written out, the condition has more than {} parts", logic::MAX_PARTS),
        "split it into several clauses; all of them apply together",
    )
}

/// Entries of which none may fire, for a list of tests of which one must hold.
fn alternatives(tests: &[&Comparison]) -> Result<Vec<Vec<Test>>, Refusal> {
    let mut parts = Vec::new();
    for test in tests {
        match predicate::opposite(test)? {
            Some(opposite) => parts.push(Some(opposite)),
            None => {
                return Err(Refusal::new(
                    format!(
                        "it has no `or`, and `{}` has no opposite to write it with",
                        write_path(&test.path.segments)
                    ),
                    "split the tool's uses into two policies, or deny or ask the tool",
                ));
            }
        }
    }
    logic::product(parts.into_iter()).ok_or_else(too_many)
}

fn reason(rule: &Rule) -> Option<Cow<'_, str>> {
    rule.because().map(|because| Cow::Borrowed(&*because.text))
}

fn predicates<'a>(entries: Vec<Vec<Test>>, on_deny: Option<Cow<'a, str>>) -> impl Iterator<Item = Predicate<'a>> {
    entries.into_iter().map(move |conditions| Predicate { conditions, on_deny: on_deny.clone() })
}

/// An entry that refuses every call; it is the only member of its tool.
fn refusal_entry(on_deny: Option<Cow<'_, str>>) -> Entry<'_> {
    Entry { deny_if: vec![Predicate { conditions: Vec::new(), on_deny }], ..Entry::default() }
}

impl Limit {
    fn new(counter: String, window: &'static str, max: u64) -> Self {
        Self { counter, window, max, scope: "grant" }
    }
}
