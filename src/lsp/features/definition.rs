//! Where what a word stands for is defined.

use lsp_types::{GotoDefinitionParams, GotoDefinitionResponse, OneOf};

use super::{Feature, answer};
use crate::{
    ide::definition::{Target, definition},
    lsp::catalog,
};

pub(super) const DEFINITION: Feature = Feature {
    method: "textDocument/definition",
    offer: |_, offers| offers.definition_provider = Some(OneOf::Left(true)),
    answer: |state, params| {
        answer(params, |params: GotoDefinitionParams| {
            let (_, view, offset) = state.place(&params.text_document_position_params)?;
            let mut locations = Vec::new();
            for target in definition(&view, offset, &state.imports()) {
                match target {
                    Target::Places(places) => locations.extend(state.locations(&[places])),
                    Target::Catalog { server, tool } => {
                        let server = view.around.catalogs.find(&server);
                        // without a tool, the page's beginning
                        let tool = tool.unwrap_or_default();
                        locations.extend(server.and_then(|it| catalog::location(state, &it, &tool)));
                    }
                }
            }
            Some(GotoDefinitionResponse::Array(locations))
        })
    },
};
