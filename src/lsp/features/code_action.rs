//! What can be done at a place. What an action changes is worked out when it is chosen, where the client waits for that.

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability, Diagnostic, Uri,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Feature, Refusal, answer, try_answer};
use crate::{
    diagnostic::Diagnostic as Finding,
    ide::{
        View,
        actions::{self, Action, Kind},
        completion::escaped,
    },
    lsp::{diagnostics, documents::Open, state::State},
};

pub(super) const OFFERED: Feature = Feature {
    method: "textDocument/codeAction",
    offer: |_, offers| {
        offers.code_action_provider = Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(Kind::ALL.into_iter().map(kind).collect()),
            resolve_provider: Some(true),
            ..CodeActionOptions::default()
        }));
    },
    answer: |state, params| {
        answer(params, |params: CodeActionParams| {
            let (open, view) = state.view(&params.text_document.uri)?;
            let only = params.context.only;
            let wants = |kind: Kind| match &only {
                Some(only) => only.iter().any(|wanted| is_of(name(kind), wanted.as_str())),
                // what changes the whole document is for those who ask for it
                None => kind != Kind::FixAll,
            };
            let [start, end] = [params.range.start, params.range.end].map(|at| open.index.offset(&open.text, at));
            let found = actions::actions(&view, start, end, &wants);
            let told = diagnostics::teller(&view, state);
            let written = |action: &Action| written(state, open, &view, (start, end), action, &told);
            Some(found.iter().filter_map(written).collect::<Vec<_>>())
        })
    },
};

pub(super) const CHOSEN: Feature = Feature {
    method: "codeAction/resolve",
    offer: |_, _| {},
    answer: |state, params| {
        try_answer(params, |mut chosen: Value| {
            let moved = || Refusal::failed("the text is another now: ask again");
            let place: Place =
                chosen.get("data").and_then(|it| serde_json::from_value(it.clone()).ok()).ok_or_else(moved)?;
            let (open, view) =
                state.view(&place.uri).filter(|(open, _)| open.version == place.version).ok_or_else(moved)?;
            let is_it = |action: &Action| {
                chosen.get("title").and_then(Value::as_str) == Some(&action.title)
                    && chosen.get("kind").and_then(Value::as_str) == Some(name(action.kind))
            };
            let found = actions::actions(&view, place.start, place.end, &|_| true);
            let action = found.iter().find(|action| is_it(action)).ok_or_else(moved)?;
            let edit = edit(state, open, &view, action);
            let edit = edit.ok_or_else(|| Refusal::failed(format!("{}: there is nothing to change", action.title)))?;
            if let Some(members) = chosen.as_object_mut() {
                members.insert("edit".to_owned(), edit);
            }
            Ok(Some(chosen))
        })
    },
};

/// What an action was offered for.
#[derive(Serialize, Deserialize)]
struct Place {
    uri: Uri,
    version: i32,
    start: u32,
    end: u32,
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::QuickFix => "quickfix",
        Kind::Rewrite => "refactor.rewrite",
        Kind::Inline => "refactor.inline",
        Kind::FixAll => "source.fixAll.mcppol",
    }
}

fn kind(kind: Kind) -> CodeActionKind {
    CodeActionKind::new(name(kind))
}

/// Whether a kind is another one, or a part of it.
fn is_of(kind: &str, wanted: &str) -> bool {
    let rest = kind.strip_prefix(wanted);
    wanted.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// An action as the protocol has it; `None` where it turns out to change nothing.
fn written(
    state: &State<'_>,
    open: &Open,
    view: &View<'_>,
    range: (u32, u32),
    action: &Action,
    told: &dyn Fn(&Finding) -> Option<Diagnostic>,
) -> Option<Value> {
    let findings = &view.document.report().findings;
    let answered: Vec<_> = action.findings.iter().filter_map(|index| told(findings.get(*index)?)).collect();
    let mut out = CodeAction {
        title: action.title.clone(),
        kind: Some(kind(action.kind)),
        diagnostics: (!answered.is_empty()).then_some(answered),
        is_preferred: action.preferred.then_some(true),
        ..CodeAction::default()
    };
    if state.client.resolves_edits {
        let (start, end) = range;
        let place = Place { uri: open.uri.clone(), version: open.version, start, end };
        out.data = Some(serde_json::to_value(place).ok()?);
        return serde_json::to_value(out).ok();
    }
    let mut out = serde_json::to_value(out).ok()?;
    out.as_object_mut()?.insert("edit".to_owned(), edit(state, open, view, action)?);
    Some(out)
}

/// What an action changes, in the newest form that the client reads.
fn edit(state: &State<'_>, open: &Open, view: &View<'_>, action: &Action) -> Option<Value> {
    let edits = actions::edits(view, action, &state.documents.imports(&*state.world));
    if edits.is_empty() {
        return None;
    }
    let stop = action.stop().filter(|_| state.client.snippets);
    let edits: Vec<Value> = edits
        .into_iter()
        .map(|edit| match stop {
            Some(stop) => {
                let value = snippet(&edit.text, stop);
                json!({ "range": open.index.range(&open.text, edit.span), "snippet": { "kind": "snippet", "value": value } })
            }
            None => json!(open.edit(edit)),
        })
        .collect();
    Some(state.workspace_edit(vec![(open.uri.clone(), edits)]))
}

/// A text in which the cursor goes to a place.
fn snippet(text: &str, stop: usize) -> String {
    let (before, after) = text.split_at_checked(stop).unwrap_or((text, ""));
    format!("{}$0{}", escaped(before), escaped(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_of_those_above_them() {
        assert!(is_of("refactor.inline", "refactor") && is_of("quickfix", "quickfix") && is_of("quickfix", ""));
        assert!(!is_of("refactor.inline", "refactor.in") && !is_of("source.fixAll.mcppol", "source.fixAll.other"));
    }

    #[test]
    fn the_cursor_goes_where_something_is_to_be_written() {
        assert_eq!(snippet("a$b \"\"", 5), "a\\$b \"$0\"");
    }
}
