//! What the server answers: a file for each request, one line here.

mod code_action;
mod code_lens;
mod completion;
mod content;
mod definition;
mod document_link;
mod execute;
mod folding_range;
mod formatting;
mod highlight;
mod hover;
mod inlay_hint;
mod references;
mod rename;
mod selection_range;
mod semantic_tokens;
mod symbol;

pub(super) use semantic_tokens::Tokens;

use lsp_server::ErrorCode;
use lsp_types::ServerCapabilities;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{client::Client, state::State};

/// A request that is answered.
pub(super) struct Feature {
    /// Its name in the protocol.
    pub(super) method: &'static str,
    /// What the server says of it at the beginning.
    pub(super) offer: fn(&Client, &mut ServerCapabilities),
    /// The answer to its parameters.
    pub(super) answer: fn(&State<'_>, Value) -> Answer,
}

/// An answer, or why there is none.
pub(super) type Answer = Result<Value, Refusal>;

/// Why a request has no answer.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: ErrorCode,
    pub(super) message: String,
}

impl Refusal {
    /// For what the client asked for and cannot be had.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::RequestFailed, message: message.into() }
    }
}

/// All of them.
pub(super) static ALL: &[&Feature] = &[
    &code_action::CHOSEN,
    &code_action::OFFERED,
    &code_lens::CODE_LENS,
    &code_lens::RESOLVE,
    &completion::COMPLETION,
    &completion::RESOLVE,
    &content::TEXT_DOCUMENT_CONTENT,
    &definition::DEFINITION,
    &document_link::DOCUMENT_LINK,
    &execute::EXECUTE_COMMAND,
    &folding_range::FOLDING_RANGE,
    &formatting::DOCUMENT,
    &formatting::ON_TYPE,
    &formatting::RANGE,
    &highlight::HIGHLIGHT,
    &hover::HOVER,
    &inlay_hint::INLAY_HINT,
    &references::REFERENCES,
    &rename::PREPARE,
    &rename::RENAME,
    &selection_range::SELECTION_RANGE,
    &semantic_tokens::DELTA,
    &semantic_tokens::FULL,
    &semantic_tokens::RANGE,
    &symbol::DOCUMENT,
    &symbol::WORKSPACE,
];

/// Reads parameters, and writes what comes of them; nothing to say is `null`.
pub(super) fn answer<P: DeserializeOwned, R: Serialize>(params: Value, work: impl FnOnce(P) -> Option<R>) -> Answer {
    try_answer(params, |params| Ok(work(params)))
}

/// As [`answer`], where the work may be refused.
fn try_answer<P: DeserializeOwned, R: Serialize>(
    params: Value,
    work: impl FnOnce(P) -> Result<Option<R>, Refusal>,
) -> Answer {
    let invalid = |error: serde_json::Error| Refusal { code: ErrorCode::InvalidParams, message: error.to_string() };
    let params = serde_json::from_value(params).map_err(invalid)?;
    let internal = |error: serde_json::Error| Refusal { code: ErrorCode::InternalError, message: error.to_string() };
    serde_json::to_value(work(params)?).map_err(internal)
}
