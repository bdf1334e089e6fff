//! Gateways' documents that are here already: each is imported and takes the place of what would be recommended.

use std::collections::BTreeMap;

use super::{
    super::{Failure, args, discover, files, project::Project},
    Origin,
    find::Found,
};
use crate::{
    foreign,
    hir::Environment,
    import::{self, Options},
};

/// A document as a policy.
pub(super) struct Document {
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// The documents below this folder, by the servers that they are for; of several for one server the first.
pub(super) fn find(
    options: &args::Init,
    found: &Found,
    project: &Project,
) -> Result<BTreeMap<String, Document>, Failure> {
    let mut out = BTreeMap::new();
    // that there is none is no failure here
    for path in discover::files().unwrap_or_default() {
        let source = files::read(&path)?;
        let format = foreign::recognise(&source.name, &source.text).filter(|format| format.needs_server());
        let Some(format) = format else { continue };
        let environment = Environment { catalogs: &project.catalogs, today: files::today() };
        let asked = Options { server: project.server_of(&path), policy: None };
        // one with errors is for `check` to talk about
        let Ok(imported) = import::import(&source, format, asked, environment) else { continue };
        let stricter = imported.stricter();
        let [(server, _)] = imported.policies.as_slice() else { continue };
        if options.servers.is_empty() || options.servers.contains(server) || found.known.contains_key(server) {
            let origin = Origin { path, stricter };
            out.entry(server.clone()).or_insert(Document { text: imported.text, origin });
        }
    }
    Ok(out)
}
