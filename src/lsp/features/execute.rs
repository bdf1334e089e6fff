//! Commands that a client may send. They change nothing: what they find is the answer.

use std::str::FromStr as _;

use lsp_types::{ExecuteCommandOptions, ExecuteCommandParams, Uri};
use serde::Serialize;
use serde_json::Value;

use super::{Feature, Refusal, try_answer};
use crate::{
    ide::{View, preview},
    lsp::{catalog, state::State},
    text::count,
};

/// What a policy is compiled to.
pub(super) const SHOW_COMPILED: &str = "mcppol.showCompiled";
/// What becomes of the calls of a test.
pub(super) const RUN_TEST: &str = "mcppol.runTest";

/// A command. Its first argument is the document's address.
struct Command {
    name: &'static str,
    /// How many texts it needs behind the address; others may follow.
    needs: usize,
    run: fn(&State<'_>, &View<'_>, &Arguments<'_>) -> Result<Value, String>,
}

static COMMANDS: &[Command] = &[
    // policy
    Command { name: SHOW_COMPILED, needs: 1, run: |_, view, it| value(preview::compiled(view, it.text(0))?) },
    // perhaps a test
    Command { name: RUN_TEST, needs: 0, run: |_, view, it| value(preview::tested(view, it.given(0))?) },
    // policy, tool, perhaps the arguments of a call
    Command {
        name: "mcppol.decision",
        needs: 2,
        run: |_, view, it| {
            let call = it.0.get(2).filter(|call| !call.is_null());
            value(preview::decided(view, it.text(0), it.text(1), call)?)
        },
    },
    Command { name: "mcppol.decisions", needs: 0, run: |_, view, _| value(preview::overviews(view)) },
    // policy, tool
    Command {
        name: "mcppol.explainTool",
        needs: 2,
        run: |_, view, it| value(preview::explained(view, it.text(0), it.text(1))?),
    },
    // server, perhaps a tool
    Command {
        name: "mcppol.catalogPage",
        needs: 1,
        run: |state, view, it| {
            let server = view.around.catalogs.find(it.text(0));
            let server = server.ok_or_else(|| format!("no catalog knows the server `{}`", it.text(0)))?;
            value(catalog::location(state, &server, it.text(1)).ok_or("there is no place for a page here")?)
        },
    },
];

/// The arguments behind the address.
struct Arguments<'a>(&'a [Value]);

impl Arguments<'_> {
    fn given(&self, nth: usize) -> Option<&str> {
        self.0.get(nth)?.as_str()
    }

    fn text(&self, nth: usize) -> &str {
        self.given(nth).unwrap_or_default()
    }
}

fn value(it: impl Serialize) -> Result<Value, String> {
    serde_json::to_value(it).map_err(|error| error.to_string())
}

pub(super) const EXECUTE_COMMAND: Feature = Feature {
    method: "workspace/executeCommand",
    offer: |_, offers| {
        let commands = COMMANDS.iter().map(|command| command.name.to_owned()).collect();
        offers.execute_command_provider = Some(ExecuteCommandOptions { commands, ..Default::default() });
    },
    answer: |state, params| {
        try_answer(params, |params: ExecuteCommandParams| {
            let name = &params.command;
            let command = COMMANDS.iter().find(|command| command.name == name);
            let command = command.ok_or_else(|| Refusal::failed(format!("no command is named `{name}`")))?;
            let (uri, rest) = params.arguments.split_first().unwrap_or((&Value::Null, &[]));
            let texts = rest.iter().take(command.needs).filter(|it| it.is_string()).count();
            let uri = uri.as_str().and_then(|uri| Uri::from_str(uri).ok()).filter(|_| texts == command.needs);
            let more = match command.needs {
                0 => String::new(),
                n => format!(" and {}", count(n, "text")),
            };
            let wanted = || Refusal::failed(format!("`{name}` wants the address of a document{more}"));
            let uri = uri.ok_or_else(wanted)?;
            let closed = || Refusal::failed(format!("`{}` is no policy that is open", uri.as_str()));
            let (_, view) = state.view(&uri).ok_or_else(closed)?;
            (command.run)(state, &view, &Arguments(rest)).map(Some).map_err(Refusal::failed)
        })
    },
};
