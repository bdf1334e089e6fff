//! What policies say of one server's tools: which may be called, which are restricted, which arguments are looked at.
//!
//! A policy is read twice, once against the reviewed tools and once against those of now: what is the same statement in
//! both readings has the same place in the source.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    hir::{
        Policy, Rule, RuleKind,
        checked::{Naming, Standing, ToolId},
        model::{Condition, Fallback},
    },
    text::Span,
};

/// What the policies for a server say of its tools.
#[derive(Debug, Clone, Default)]
pub struct Guards {
    /// By file and name.
    policies: BTreeMap<(String, String), Readings>,
    /// The tools that a restrictive statement names.
    named: BTreeSet<String>,
    paths: BTreeMap<String, BTreeSet<Vec<String>>>,
}

/// One policy against the reviewed tools and against those of now.
#[derive(Debug, Clone, Default)]
struct Readings {
    before: Option<Reading>,
    after: Option<Reading>,
}

/// How far a policy lets calls, in one reading.
#[derive(Debug, Clone)]
struct Reading {
    tools: BTreeMap<String, Reach>,
    /// Of a tool that the catalog does not have: no set or pattern covers it, and the default decides.
    others: Reach,
}

impl Reading {
    fn get(&self, tool: &str) -> &Reach {
        self.tools.get(tool).unwrap_or(&self.others)
    }
}

/// How far a policy lets calls of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reach {
    standing: Standing,
    /// The statements and clauses that refuse, ask or count.
    narrowed: BTreeSet<Span>,
}

impl Reach {
    fn is_callable(&self) -> bool {
        matches!(self.standing, Standing::Callable | Standing::Asks)
    }
}

impl Guards {
    /// Without any policy: every tool may be called and nothing is looked at.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds the policies of one file that are for the server `id`, as they read against the reviewed tools and against
    /// those of now. Policies of other servers are passed over; one that is missing in the second reading is wrong for
    /// the tools of now.
    #[must_use]
    pub fn with<'p>(
        mut self,
        id: &str,
        file: &str,
        reviewed: impl IntoIterator<Item = &'p Policy>,
        now: impl IntoIterator<Item = &'p Policy>,
    ) -> Self {
        let ours = |policy: &&Policy| server_of(policy) == id;
        let key = |policy: &Policy| (file.to_owned(), policy.name().to_owned());
        for policy in reviewed.into_iter().filter(ours) {
            self.read(policy);
            self.policies.entry(key(policy)).or_default().before = Some(reading(policy));
        }
        for policy in now.into_iter().filter(ours) {
            self.read(policy);
            let unknown = policy.unknown_tools().iter().filter(|unknown| unknown.guards);
            self.named.extend(unknown.map(|unknown| unknown.name.text.to_string()));
            self.policies.entry(key(policy)).or_default().after = Some(reading(policy));
        }
        self
    }

    /// Notes what restrictive rules name, and what conditions and counters read.
    fn read(&mut self, policy: &Policy) {
        let grants: BTreeSet<Span> =
            policy.rules().iter().filter(|it| matches!(it.kind, RuleKind::Allow)).map(|it| it.statement).collect();
        for rule in policy.rules() {
            let mut found = BTreeSet::new();
            paths(&rule.kind, &mut found);
            let named = is_restrictive(rule) && rule.naming == Naming::Exact && !grants.contains(&rule.statement);
            for id in policy.covered(rule) {
                let name = policy.tool_name(id);
                if named {
                    self.named.insert(name.to_owned());
                }
                if !found.is_empty() {
                    self.paths.entry(name.to_owned()).or_default().extend(found.iter().cloned());
                }
            }
        }
    }

    /// Whether there is a policy for the server.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        !self.policies.is_empty()
    }

    /// The policies that are wrong for the tools of now, so that it is not known what they let through.
    pub fn unfit(&self) -> impl Iterator<Item = &str> {
        self.policies.iter().filter(|(_, readings)| readings.after.is_none()).map(|((_, name), _)| name.as_str())
    }

    /// Whether some policy let the tool through as it was reviewed.
    #[must_use]
    pub fn was_callable(&self, tool: &str) -> bool {
        let callable = |it: &Reading| it.get(tool).is_callable();
        !self.is_judged() || self.policies.values().any(|it| it.before.as_ref().is_some_and(callable))
    }

    /// Whether some policy lets the tool through as it is now, or may do so.
    #[must_use]
    pub fn is_callable(&self, tool: &str) -> bool {
        let callable = |it: &Reading| it.get(tool).is_callable();
        !self.is_judged()
            || self.unfit().next().is_some()
            || self.policies.values().any(|it| it.after.as_ref().is_some_and(callable))
    }

    /// Whether a statement that refuses, asks or counts names the tool itself.
    #[must_use]
    pub fn names(&self, tool: &str) -> bool {
        self.named.contains(tool)
    }

    /// Whether a condition or counter for the tool reads the argument, a part of it, or what it is a part of.
    #[must_use]
    pub fn reads(&self, tool: &str, path: &[&str]) -> bool {
        let meets = |read: &Vec<String>| read.iter().zip(path).all(|(a, b)| a == b);
        self.paths.get(tool).is_some_and(|paths| paths.iter().any(meets))
    }

    /// The policies that let `after` through further now than they let `before` when it was reviewed, sorted.
    #[must_use]
    pub fn opened(&self, before: &str, after: &str) -> Vec<&str> {
        let further = |readings: &Readings| {
            let was = readings.before.as_ref().map(|it| it.get(before));
            let Some((was, is)) = was.zip(readings.after.as_ref().map(|it| it.get(after))) else { return false };
            is.is_callable()
                && (!was.is_callable()
                    || (was.standing == Standing::Asks && is.standing == Standing::Callable)
                    || !was.narrowed.is_subset(&is.narrowed))
        };
        self.policies.iter().filter(|(_, readings)| further(readings)).map(|((_, name), _)| name.as_str()).collect()
    }
}

/// The id of the server that a policy is for; its name as written where no catalog knows it.
#[must_use]
pub fn server_of(policy: &Policy) -> &str {
    policy.server().map_or(&policy.server_name().text, |server| &server.id)
}

fn reading(policy: &Policy) -> Reading {
    let reach = |id: ToolId| Reach {
        standing: policy.standing(id),
        narrowed: policy.rules_of(id).filter(|rule| is_restrictive(rule)).map(|rule| rule.span).collect(),
    };
    let standing = if policy.fallback() == Fallback::Allow { Standing::Callable } else { Standing::NotGranted };
    Reading {
        tools: policy.tools().map(|id| (policy.tool_name(id).to_owned(), reach(id))).collect(),
        others: Reach { standing, narrowed: BTreeSet::new() },
    }
}

fn is_restrictive(rule: &Rule) -> bool {
    !matches!(rule.kind, RuleKind::Allow | RuleKind::LimitAll(_))
}

fn paths(kind: &RuleKind, out: &mut BTreeSet<Vec<String>>) {
    match kind {
        RuleKind::AskIf(condition) | RuleKind::DenyIf(condition) | RuleKind::Require(condition) => read(condition, out),
        RuleKind::Limit(rate) | RuleKind::LimitAll(rate) => {
            out.extend(rate.argument.as_ref().map(|path| path.segments.to_vec()));
        }
        RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide => {}
    }
}

fn read(condition: &Condition, out: &mut BTreeSet<Vec<String>>) {
    match condition {
        Condition::Test(test) => {
            out.insert(test.path.segments.to_vec());
        }
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| read(part, out)),
    }
}
