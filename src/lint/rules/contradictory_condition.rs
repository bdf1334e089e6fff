use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostic::{Class, Code, Level},
    hir::checked::{Rule as PolicyRule, RuleKind, ToolId},
    lint::{
        Check, Confidence, Findings, Persona, Rule, Subject, condition,
        exact::{self, Guards},
    },
    region::Wanted,
    text::{Span, quoted_list},
};

pub(super) static RULE: Rule = Rule {
    code: Code {
        name: "contradictory-condition",
        class: Class::Lint,
        summary: "no call can satisfy a condition, or all conditions of a tool together",
    },
    level: Level::Error,
    persona: Persona::Default,
    confidence: Confidence::High,
    fix: None,
    page: include_str!("contradictory_condition.md"),
    check: Check::Policy(check),
};

fn check(policy: &Subject<'_>, findings: &mut Findings) {
    let mut alone: BTreeSet<Span> = BTreeSet::new();
    for rule in policy.rules().iter().filter(|rule| !rule.included) {
        let Some(condition) = rule.condition() else { continue };
        let never = |id: &ToolId| {
            !exact::is_contingent(condition, policy.entry(*id)) && exact::none(policy, *id, &[exact::holds(condition)])
        };
        let tools: Vec<&str> = policy.covered(rule).filter(never).map(|id| policy.tool_name(id)).collect();
        if tools.is_empty() {
            continue;
        }
        alone.insert(rule.span);
        let (effect, help) = match rule.kind {
            RuleKind::Require(_) => {
                ("refuses every call", "block the tool outright if that is meant, else correct the condition")
            }
            RuleKind::AskIf(_) => ("never asks anybody", "correct the condition, or remove it"),
            _ => ("never denies anything", "correct the condition: what it was meant to block is open"),
        };
        let tools = quoted_list(&tools, 3);
        let place = condition::span(condition);
        // a guard may repeat the schema, against a server that checks less
        findings.add(if !matches!(rule.kind, RuleKind::Require(_)) && policy.can_hold(condition) {
            let message =
                format!("by their schema no call of {tools} can satisfy this, so it {effect} that the server takes");
            findings
                .finding(Level::Info, place, message)
                .help("keep it against a server that checks less than its schema says, or remove it")
        } else {
            let message = format!("no call of {tools} can satisfy this, so it {effect}");
            findings.finding(Level::Error, place, message).help(help)
        });
    }
    together(policy, &alone, findings);
}

/// Conditions that each can hold, and not all at once.
fn together(policy: &Subject<'_>, alone: &BTreeSet<Span>, findings: &mut Findings) {
    let mut clashes: BTreeMap<(Span, Span), (Vec<&str>, &PolicyRule, &PolicyRule)> = BTreeMap::new();
    for id in policy.usable() {
        if !policy.has_conditions(id) {
            continue;
        }
        let guards = Guards::of(policy, id);
        let Some((first, second)) = clash(policy, id, &guards) else {
            several(policy, id, &guards, alone, findings);
            continue;
        };
        if !alone.contains(&first.span) && !alone.contains(&second.span) {
            let clash = clashes.entry((first.span, second.span)).or_insert((Vec::new(), first, second));
            clash.0.push(policy.tool_name(id));
        }
    }
    for (tools, first, second) in clashes.into_values() {
        let what = if policy.origin().manners().is_some() {
            "no call gets past both this and another condition"
        } else if matches!(second.kind, RuleKind::Require(_)) {
            "no call satisfies both this and the other `require`"
        } else {
            "every call that satisfies the `require` is denied by this"
        };
        let message = format!("{what}, so all calls of {} are refused", quoted_list(&tools, 3));
        let finding = findings.finding(Level::Error, second.span, message);
        findings.add(
            finding
                .label(first.span, "excludes it")
                .help("block the tool outright if no call is to pass, else widen one of the two"),
        );
    }
}

/// Three conditions and more that let no call pass, though no two of them do.
fn several(policy: &Subject<'_>, id: ToolId, guards: &Guards<'_>, alone: &BTreeSet<Span>, findings: &mut Findings) {
    let all: Vec<&PolicyRule> = guards.requires.iter().chain(&guards.denies).copied().collect();
    let (Some(last), true) = (all.iter().max_by_key(|rule| rule.span), all.len() > 2) else { return };
    if all.iter().any(|rule| alone.contains(&rule.span)) {
        return;
    }
    if guards.unstopped().is_some_and(|wanted| exact::none(policy, id, &wanted)) {
        let message = format!("together, the {} conditions of `{}` refuse every call", all.len(), policy.tool_name(id));
        findings.add(
            findings
                .finding(Level::Error, last.span, message)
                .help("block the tool outright if no call is to pass, else widen one of them"),
        );
    }
}

/// Two of the conditions that let no call pass, though each alone would.
fn clash<'p>(policy: &Subject<'_>, id: ToolId, guards: &Guards<'p>) -> Option<(&'p PolicyRule, &'p PolicyRule)> {
    for (at, second) in guards.requires.iter().chain(&guards.denies).enumerate() {
        for first in guards.requires.iter().take(at) {
            let (one, other) = (first.condition()?, second.condition()?);
            let second_wanted = Wanted { condition: other, holds: matches!(second.kind, RuleKind::Require(_)) };
            if condition::meet(one, other)
                && exact::none(policy, id, &[exact::holds(one), second_wanted])
                // one that denies every call is a matter of its own
                && !exact::none(policy, id, &[second_wanted])
            {
                return Some((first, second));
            }
        }
    }
    None
}
