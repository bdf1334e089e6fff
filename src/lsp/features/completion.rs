//! Completion, and what is told of a proposal once somebody looks at it.

use std::path::Path;

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionList, CompletionOptions,
    CompletionParams, CompletionTextEdit, Documentation, InsertTextFormat, InsertTextMode, MarkupContent, MarkupKind,
    Uri,
};
use serde::{Deserialize, Serialize};

use super::{Feature, answer};
use crate::{
    ide::completion::{self, Item, ItemKind, Key, Options},
    lsp::{documents::Open, state::State},
};

/// What opens the list besides letters: `@` of sets, `.` of arguments, `[` of ignore comments, `"` of names and values.
const TRIGGERS: [&str; 4] = ["@", ".", "[", "\""];

pub(super) const COMPLETION: Feature = Feature {
    method: "textDocument/completion",
    offer: |_, offers| {
        offers.completion_provider = Some(CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some(TRIGGERS.map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        });
    },
    answer: |state, params| {
        answer(params, |params: CompletionParams| {
            let at = params.text_document_position;
            let (open, view) = state.view(&at.text_document.uri)?;
            let offset = open.index.offset(&open.text, at.position);
            let imports = || importable(state, open);
            let options = Options {
                snippets: state.client.can("/textDocument/completion/completionItem/snippetSupport"),
                imports: &imports,
            };
            let found = completion::complete(&view, offset, &options);
            let items = found.items.into_iter().enumerate().map(|(index, item)| shown(open, index, item)).collect();
            Some(CompletionList { is_incomplete: found.more, items })
        })
    },
};

pub(super) const RESOLVE: Feature = Feature {
    method: "completionItem/resolve",
    offer: |_, _| {},
    answer: |state, params| {
        answer(params, |mut item: CompletionItem| {
            let about = item.data.clone().and_then(|data| about(state, data));
            if let Some(about) = about {
                item.detail = item.detail.or(about.detail);
                let sets =
                    state.client.lists("/textDocument/completion/completionItem/documentationFormat", "markdown");
                item.documentation = Some(match sets {
                    true => {
                        Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value: about.text })
                    }
                    false => Documentation::String(about.text),
                });
            }
            Some(item)
        })
    },
};

/// What an item carries until it is asked for more.
#[derive(Serialize, Deserialize)]
struct More {
    uri: Uri,
    key: Key,
}

fn about(state: &State<'_>, data: serde_json::Value) -> Option<completion::About> {
    let More { uri, key } = serde_json::from_value(data).ok()?;
    let (_, view) = state.view(&uri)?;
    completion::resolve(&key, view.around.catalogs)
}

fn shown(open: &Open, index: usize, item: Item) -> CompletionItem {
    let more = item.key.map(|key| More { uri: open.uri.clone(), key });
    let details = (item.signature.is_some() || item.origin.is_some())
        .then_some(CompletionItemLabelDetails { detail: item.signature, description: item.origin });
    CompletionItem {
        label: item.label,
        label_details: details,
        kind: Some(kind(item.kind)),
        detail: item.detail,
        sort_text: Some(format!("{index:05}")),
        filter_text: Some(item.filter),
        insert_text_format: item.snippet.then_some(InsertTextFormat::SNIPPET),
        insert_text_mode: item.edit.text.contains('\n').then_some(InsertTextMode::ADJUST_INDENTATION),
        text_edit: Some(CompletionTextEdit::Edit(open.edit(item.edit))),
        data: more.and_then(|more| serde_json::to_value(more).ok()),
        ..CompletionItem::default()
    }
}

fn kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Keyword => CompletionItemKind::KEYWORD,
        ItemKind::Whole => CompletionItemKind::SNIPPET,
        ItemKind::Tool => CompletionItemKind::FUNCTION,
        ItemKind::Set => CompletionItemKind::CONSTANT,
        ItemKind::Policy => CompletionItemKind::CLASS,
        ItemKind::Server => CompletionItemKind::MODULE,
        ItemKind::Argument => CompletionItemKind::FIELD,
        ItemKind::Operator => CompletionItemKind::OPERATOR,
        ItemKind::Value => CompletionItemKind::ENUM_MEMBER,
        ItemKind::Unit => CompletionItemKind::UNIT,
        ItemKind::File => CompletionItemKind::FILE,
        ItemKind::Rule => CompletionItemKind::REFERENCE,
    }
}

/// The other policies in the document's folder and below, as an import names them.
fn importable(state: &State<'_>, open: &Open) -> Vec<String> {
    let Some(path) = &open.path else { return Vec::new() };
    let folder = path.parent().unwrap_or(Path::new(""));
    let others = state.world.policies(folder).into_iter().filter(|other| other != path);
    let relative = |other: std::path::PathBuf| Some(other.strip_prefix(folder).ok()?.to_str()?.replace('\\', "/"));
    others.filter_map(relative).filter(|path| path.ends_with(".mcp")).collect()
}
