//! What stands between the words of a policy for the reader: how many tools a list means, and how many are left to the
//! default. Lists of exact names alone say it themselves.

use std::{
    cell::LazyCell,
    collections::{BTreeMap, BTreeSet},
};

use super::{Kind, Piece, View, markdown};
use crate::{
    hir::checked::{Naming, Policy, Rule, RuleKind, Standing, ToolId},
    syntax::{Node, SyntaxKind as K},
    text::{FileId, Span, count, slice},
};

/// A note within the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Where it stands.
    pub offset: u32,
    /// What it says.
    pub label: String,
    /// What is told to those who ask, in Markdown.
    pub tooltip: String,
}

/// The notes of a part of a document, by place. Policies with errors have none.
pub fn hints(view: &View<'_>, part: Span) -> Vec<Hint> {
    let mut out = Vec::new();
    let havings = havings(view, part);
    let meets = |span: Span| span.file == FileId(0) && span.start <= part.end && part.start <= span.end;
    for policy in view.document.analysis().policies() {
        if meets(policy.fallback_span()) && policy.origin().manners().is_none() {
            out.extend(of_default(policy));
        }
        let rules = policy.rules().iter().filter(|rule| !rule.included && meets(rule.statement));
        // each tool is judged once, however many limits there are
        let callable = LazyCell::new(|| callable(policy));
        let mut last = None;
        for rule in rules {
            if last.replace(rule.tools_span) != Some(rule.tools_span) {
                out.extend(of_list(view, &havings, policy, rule));
            }
            out.extend(of_limit(policy, rule, &callable));
        }
    }
    out.retain(|hint: &Hint| part.start <= hint.offset && hint.offset <= part.end);
    out.sort_by_key(|hint| hint.offset);
    out
}

/// How many tools a list means, where it says more than names.
fn of_list(view: &View<'_>, havings: &BTreeMap<u32, u32>, policy: &Policy, rule: &Rule) -> Option<Hint> {
    if rule.naming == Naming::Exact || matches!(rule.kind, RuleKind::LimitAll(_)) {
        return None;
    }
    let tools: Vec<ToolId> = policy.covered(rule).collect();
    let mut label = format!("→ {}", counted(policy, &tools));
    let unknown = tools.iter().filter(|id| policy.entry(**id).is_none()).count();
    if unknown > 0 && policy.server().is_some() {
        label.push_str(&format!(", {unknown} unknown"));
    }
    Some(Hint { offset: end_of_list(view, havings, rule), label, tooltip: listed(policy, &tools) })
}

/// Behind the list and what it is narrowed to.
fn end_of_list(view: &View<'_>, havings: &BTreeMap<u32, u32>, rule: &Rule) -> u32 {
    let end = rule.tools_span.end;
    if matches!(view.document.kind(), Kind::Policy) {
        return havings.get(&rule.tools_span.start).copied().unwrap_or(end);
    }
    // behind the quote that ends a text
    let next = slice(view.text(), end as usize..view.text().len());
    end + u32::from(next.starts_with(['"', '\'']))
}

/// Where `having args.x` ends, by where the list before it begins, for the chunks that meet a part of the text.
fn havings(view: &View<'_>, part: Span) -> BTreeMap<u32, u32> {
    let document = view.document;
    let pieces = document.pieces().filter(|piece| part.start <= piece.end() && piece.start <= part.end);
    let statements = pieces.flat_map(Piece::roots).flat_map(Node::children);
    let place = |statement: Node<'_>| {
        let last = statement.child(K::Having)?.tokens().last()?;
        Some((statement.child(K::Tools)?.span().start, last.span().end))
    };
    statements.filter_map(place).collect()
}

/// A limit over several tools that can be called: each is counted by itself.
fn of_limit(policy: &Policy, rule: &Rule, callable: &BTreeSet<ToolId>) -> Option<Hint> {
    let RuleKind::Limit(rate) = &rule.kind else { return None };
    let tools: Vec<ToolId> = policy.covered(rule).filter(|id| callable.contains(id)).collect();
    let all = u64::try_from(tools.len()).ok().filter(|n| *n > 1)?;
    let window = crate::eval::window(rate.seconds);
    let together = rate.max.saturating_mul(all);
    let what = if rate.argument.is_some() { "" } else { " calls" };
    Some(Hint {
        offset: rate.span.end,
        label: "→ each tool by itself".to_owned(),
        tooltip: format!(
            "Each of the {all} tools has a counter of its own: this limit alone lets {together}{what} per {window} pass.\n\n{}",
            listed(policy, &tools)
        ),
    })
}

/// The tools whose calls may pass.
fn callable(policy: &Policy) -> BTreeSet<ToolId> {
    policy.tools().filter(|id| matches!(policy.standing(*id), Standing::Asks | Standing::Callable)).collect()
}

/// How many tools no statement decides about.
fn of_default(policy: &Policy) -> Option<Hint> {
    let decides = |rule: &Rule| matches!(rule.kind, RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide);
    policy.server()?;
    let left: Vec<ToolId> = policy.tools().filter(|id| !policy.rules_of(*id).any(decides)).collect();
    let label = format!("→ {}", counted(policy, &left));
    Some(Hint { offset: policy.fallback_span().end, label, tooltip: listed(policy, &left) })
}

fn counted(policy: &Policy, tools: &[ToolId]) -> String {
    match markdown::count(tools.iter().map(|id| policy.entry(*id))) {
        (all, 0) => count(all, "tool"),
        (all, critical) if critical == all => count(all, "critical tool"),
        (all, critical) => format!("{}, {critical} critical", count(all, "tool")),
    }
}

fn listed(policy: &Policy, tools: &[ToolId]) -> String {
    let known = markdown::tools(tools.iter().filter_map(|id| policy.entry(*id)).collect());
    let unknown = tools.iter().filter(|id| policy.entry(**id).is_none()).map(|id| policy.tool_name(*id));
    let unknown: Vec<&str> = unknown.collect();
    match unknown.len() {
        0 => known,
        n => format!("{known}- {} that no catalog knows: {}\n", count(n, "tool"), markdown::names(unknown.into_iter())),
    }
}
