//! `mcppol catalog`: what is known of servers.

mod pull;

use super::{Failure, Outcome, args};

pub(super) fn run(command: &args::CatalogCommand) -> Result<Outcome, Failure> {
    match command {
        args::CatalogCommand::Pull(options) => pull::run(options),
    }
}
