//! New names, in every file that knows them.

use lsp_types::{OneOf, PrepareRenameResponse, RenameOptions, RenameParams, TextDocumentPositionParams, TextEdit};
use serde_json::json;

use super::{Feature, Refusal, try_answer};
use crate::ide::rename::{prepare, rename};

pub(super) const PREPARE: Feature = Feature {
    method: "textDocument/prepareRename",
    offer: |client, offers| {
        offers.rename_provider = Some(match client.prepares_renames {
            true => OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: Default::default(),
            }),
            false => OneOf::Left(true),
        });
    },
    answer: |state, params| {
        try_answer(params, |params: TextDocumentPositionParams| {
            let Some((open, view, offset)) = state.place(&params) else { return Ok(None) };
            let (span, placeholder) = prepare(&view, offset, &state.imports()).map_err(Refusal::failed)?;
            let range = open.index.range(&open.text, span);
            Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder }))
        })
    },
};

pub(super) const RENAME: Feature = Feature {
    method: "textDocument/rename",
    // said with the other
    offer: |_, _| {},
    answer: |state, params| {
        try_answer(params, |params: RenameParams| {
            let Some((_, view, offset)) = state.place(&params.text_document_position) else { return Ok(None) };
            let new = params.new_name;
            let renamed = rename(&view, offset, &new, &state.imports(), state.policies()).map_err(Refusal::failed)?;
            let edit = |range| json!(TextEdit { range, new_text: renamed.name.clone() });
            let edits = renamed.places.iter().filter_map(|places| {
                let (uri, ranges) = state.ranges(&places.source, &places.spans)?;
                Some((uri, ranges.into_iter().map(edit).collect()))
            });
            Ok(Some(state.workspace_edit(edits.collect())))
        })
    },
};
