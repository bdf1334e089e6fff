//! `mcppol check`.

use super::{
    Failure, Outcome, args,
    args::Format,
    discover, files, print,
    project::Project,
    render::{
        Summary,
        json::Report,
        terminal::{self, Stream},
    },
};
use crate::check::check;

pub(super) fn run(options: &args::Check, project: &Project) -> Result<Outcome, Failure> {
    let mut summary = Summary::default();
    let mut report = Report::new();
    let mut drawn = String::new();
    let mut outcome = Outcome::Clean;
    let found = if options.files.is_empty() { discover::files()? } else { Vec::new() };
    let checked = if options.files.is_empty() { &found } else { &options.files };
    for file in checked {
        let analysis = super::analysis_of_any(file, project, options.shared.today, options.server.as_deref())?;
        let diagnostics = check(&analysis, options.shared.target, None);
        summary.add(&diagnostics);
        if diagnostics.iter().any(|diagnostic| options.fail_on.fails(diagnostic.level)) {
            outcome = Outcome::Findings;
        }
        match options.format {
            Format::Json => report.add(&analysis.sources, &diagnostics),
            Format::Text => drawn.push_str(&terminal::draw(&analysis.sources, &diagnostics, Stream::Stdout)),
        }
        // the process is about to end: giving back a large file's rules one by one would only take time
        std::mem::forget(analysis);
    }
    let files = checked.len();
    match options.format {
        Format::Json => print(&report.finish(files, summary))?,
        Format::Text => {
            let found = terminal::summary(summary).unwrap_or_else(|| "no findings".to_owned());
            print(&format!("{drawn}{found} in {}\n", files::counted(files)))?;
        }
    }
    Ok(outcome)
}
