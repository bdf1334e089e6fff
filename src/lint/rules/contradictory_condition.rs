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
        let Some(condition) = condition::of(rule) else { continue };
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
        let message = format!("no call of {} can satisfy this, so it {effect}", quoted_list(&tools, 3));
        findings.add(findings.finding(Level::Error, condition::span(condition), message).help(help));
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
        if let Some((first, second)) = clash(policy, id, &guards)
            && !alone.contains(&first.span)
            && !alone.contains(&second.span)
        {
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

/// Two of the conditions that let no call pass, though each alone would.
fn clash<'p>(policy: &Subject<'_>, id: ToolId, guards: &Guards<'p>) -> Option<(&'p PolicyRule, &'p PolicyRule)> {
    for (at, second) in guards.requires.iter().chain(&guards.denies).enumerate() {
        for first in guards.requires.iter().take(at) {
            let (one, other) = (condition::of(first)?, condition::of(second)?);
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
