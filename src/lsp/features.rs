//! What the server answers: a file for each request, one line here.

mod completion;
mod formatting;

use lsp_server::ErrorCode;
use lsp_types::ServerCapabilities;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::state::{Client, State};

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
pub(super) static ALL: &[&Feature] = &[&completion::COMPLETION, &completion::RESOLVE, &formatting::DOCUMENT];

/// Reads parameters, and writes what comes of them; nothing to say is `null`.
fn answer<P: DeserializeOwned, R: Serialize>(params: Value, work: impl FnOnce(P) -> Option<R>) -> Answer {
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
