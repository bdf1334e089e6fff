//! The grant nearest to a tool that nothing grants.

use super::written;
use crate::{
    hir::{
        Source,
        checked::{Policy, RuleKind},
        model::{Call, Verb},
    },
    syntax::literal::write_name,
    text::{self, Span},
};

/// So many letters at their beginnings make two names alike.
const ALIKE: usize = 4;

/// What comes nearest to granting a tool.
pub(super) struct Near {
    /// Where it stands, and what is to be said of it.
    pub(super) place: Option<(Span, String)>,
    /// What to do.
    pub(super) help: String,
}

/// The grant that nearly covers the tool of a call that is expected to be granted.
pub(super) fn grant(policy: &Policy, call: &Call, sources: &[Source]) -> Near {
    let tool = &*call.tool.text;
    let verb = if &*call.expected.text == "ask" { "ask" } else { "allow" };
    let name = write_name(tool);
    let id = policy.tool(tool);
    let catalogued = id.is_some_and(|id| policy.entry(id).is_some());
    let grants = || policy.rules().iter().filter(|rule| matches!(rule.kind, RuleKind::Allow | RuleKind::Ask));
    if id.is_none() {
        let names: Vec<&str> = policy.tools().map(|id| policy.tool_name(id)).collect();
        if let Some(near) = text::nearest(tool, names) {
            return Near { place: None, help: format!("the nearest name is `{}`", write_name(near)) };
        }
    }
    let is_grant = |verb| matches!(verb, Verb::Allow | Verb::Ask);
    if let Some(pattern) = policy.patterns().iter().find(|it| is_grant(it.verb) && fits(&it.text.text, tool)) {
        let (why, help) = if catalogued {
            ("matches it, and `except` takes it away", format!("take `{name}` out of the `except`"))
        } else {
            ("matches it, and covers only what the catalog has", format!("write `{verb} {name}`"))
        };
        return Near { place: Some((pattern.text.span, why.to_owned())), help };
    }
    let excepted = |span| {
        let list = written(sources, span).split_once("except").map_or("", |(_, list)| list);
        list.split([',', ' ', '\n']).any(|word| word == name)
    };
    if let Some(rule) = grants().find(|rule| excepted(rule.tools_span)) {
        let why = "its `except` takes it away".to_owned();
        return Near { place: Some((rule.tools_span, why)), help: format!("take `{name}` out of the `except`") };
    }
    let alike = grants().filter_map(|rule| {
        let names = policy.covered(rule).map(|id| shared(policy.tool_name(id), tool));
        names.max().filter(|length| *length >= ALIKE).map(|length| (length, rule))
    });
    // of equals the first
    match alike.min_by_key(|(length, _)| std::cmp::Reverse(*length)) {
        Some((_, rule)) => Near {
            place: Some((rule.tools_span, "the nearest grant".to_owned())),
            help: format!("add `{name}` to this list, or write `{verb} {name}`"),
        },
        None => Near { place: None, help: format!("write `{verb} {name}`") },
    }
}

fn fits(pattern: &str, tool: &str) -> bool {
    crate::pattern::glob::matches(pattern, tool)
}

/// How many characters two names share at their beginnings.
fn shared(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}
