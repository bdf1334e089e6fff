//! `mcppol catalog search`.

use super::show;
use crate::{
    cli::{Failure, Outcome, args, project::Project},
    page::{Query, search},
};

pub(super) fn run(options: &args::Search, project: &Project) -> Result<Outcome, Failure> {
    let project = project.and(&options.shared.index)?;
    let query = Query {
        words: options.words.clone(),
        category: options.category,
        risk: options.risk,
        signal: options.signal,
        limit: options.limit,
    };
    let found = search(&project.catalogs, &query);
    project.sound()?;
    show(&found, &options.shared)
}
