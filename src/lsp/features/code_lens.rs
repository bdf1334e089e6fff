//! Lines above policies and tests. What a test comes to is worked out when its line is shown.

use lsp_types::{CodeLens, CodeLensOptions, CodeLensParams, Command, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Feature, answer, execute};
use crate::ide::lenses::{self, About};

pub(super) const CODE_LENS: Feature = Feature {
    method: "textDocument/codeLens",
    offer: |_, offers| offers.code_lens_provider = Some(CodeLensOptions { resolve_provider: Some(true) }),
    answer: |state, params| {
        answer(params, |params: CodeLensParams| {
            let uri = params.text_document.uri;
            let (open, view) = state.view(&uri)?;
            let shown = |lens: lenses::Lens| {
                let range = open.index.range(&open.text, lens.span);
                let (command, data) = match lens.about {
                    // a line to read: nothing happens where it is chosen
                    About::Counts(text) => (Some(Command::new(text, String::new(), None)), None),
                    About::Compiled(policy) => {
                        let arguments = vec![json!(uri), json!(policy)];
                        let title = "show compiled JSON".to_owned();
                        (Some(Command::new(title, execute::SHOW_COMPILED.to_owned(), Some(arguments))), None)
                    }
                    About::Test(test) => (None, serde_json::to_value(Waiting { uri: uri.clone(), test }).ok()),
                };
                CodeLens { range, command, data }
            };
            Some(lenses::lenses(&view).into_iter().map(shown).collect::<Vec<_>>())
        })
    },
};

pub(super) const RESOLVE: Feature = Feature {
    method: "codeLens/resolve",
    offer: |_, _| {},
    answer: |state, params| {
        answer(params, |mut lens: CodeLens| {
            let waiting = lens.data.take().and_then(|data: Value| serde_json::from_value::<Waiting>(data).ok());
            if let Some(Waiting { uri, test }) = waiting {
                let title = state.view(&uri).map_or_else(String::new, |(_, view)| lenses::state(&view, &test));
                let arguments = vec![json!(uri), json!(test)];
                lens.command = Some(Command::new(title, execute::RUN_TEST.to_owned(), Some(arguments)));
            }
            Some(lens)
        })
    },
};

/// A test whose line is not shown yet.
#[derive(Serialize, Deserialize)]
struct Waiting {
    uri: Uri,
    test: String,
}
