//! `mcppol catalog list`.

use super::show;
use crate::{
    cli::{Failure, Outcome, args, project::Project},
    page::{Entry, Listing},
};

pub(super) fn run(options: &args::List, project: &Project) -> Result<Outcome, Failure> {
    let project = project.and(&options.shared.index)?;
    let servers: Vec<Entry> =
        project.catalogs.ids().filter_map(|id| project.catalogs.find(&id)).map(|server| Entry::of(&server)).collect();
    project.sound()?;
    show(&Listing { servers }, &options.shared)
}
