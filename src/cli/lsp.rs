//! `mcppol lsp`: the language server over standard input and output, with the files of this machine.

mod log;
mod machine;
mod wire;

use std::io::{self, IsTerminal as _};

use super::{Failure, Outcome, args, print_error};
use crate::lsp::serve;
use log::Log;
use machine::Machine;

pub(super) fn run(options: &args::Lsp, project: &args::Project) -> Result<Outcome, Failure> {
    let log = options.log.as_deref().map(Log::open).transpose()?;
    if io::stdin().is_terminal() {
        print_error(
            "this is a language server, and editors start it; it waits for `initialize` on standard input\n  help: end \
             it with Ctrl-C; `mcppol check` checks files here\n",
        );
    }
    let wire = wire::Wire::new(log);
    let ended = serve(wire.connection(), &mut Machine::new(project));
    wire.flush();
    ended.map_err(|ended| Failure::new(ended.to_string()))?;
    Ok(Outcome::Clean)
}
