//! `mcppol catalog`: what is known of servers.

mod diff;

use super::{Failure, Outcome, args};

pub(super) fn run(command: &args::CatalogCommand) -> Result<Outcome, Failure> {
    match command {
        args::CatalogCommand::Diff(options) => diff::run(options),
    }
}
