//! `mcppol recommend`.

use super::{Failure, Outcome, args, catalog, files, print, project::Project};
use crate::recommend::{Options, recommend};

pub(super) fn run(options: &args::Recommend, project: &Project) -> Result<Outcome, Failure> {
    let server = catalog::server(&project.catalogs, &options.server)?;
    for name in &options.tools {
        catalog::tool(&server, name)?;
    }
    project.sound()?;
    let file = options.output.as_ref().map(|path| path.display().to_string());
    let hide_rest = options.default == args::RestOf::Hide;
    let chosen = Options { tools: &options.tools, hide_rest, file: file.as_deref(), ..Options::default() };
    let text = recommend(&server, &chosen);
    match &options.output {
        Some(path) => files::write_new(path, &text, options.force)?,
        None => print(&text)?,
    }
    Ok(Outcome::Clean)
}
