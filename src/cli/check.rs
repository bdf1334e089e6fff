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
    review,
};
use crate::{check, lint::Settings};

pub(super) fn run(options: &args::Check, project: &Project) -> Result<Outcome, Failure> {
    let mut summary = Summary::default();
    let mut report = Report::new();
    let mut drawn = String::new();
    let mut outcome = Outcome::Clean;
    let lints = lints(&options.lints, project);
    let lock = review::lock_in(&project.lock(options.lints.lock.as_deref()))?;
    let asked = check::Options {
        comments: !options.lints.no_inline_suppressions,
        review: lock.as_ref(),
        ..check::Options::new(options.shared.target, &lints)
    };
    let found = if options.files.is_empty() { discover::files()? } else { Vec::new() };
    let checked = if options.files.is_empty() { &found } else { &options.files };
    for file in checked {
        let analysis = super::analysis_of_any(file, project, options.shared.today, options.server.as_deref())?;
        let diagnostics = check::check(&analysis, &asked).findings;
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

/// The project's settings, and what the command line says besides.
fn lints(options: &args::Lints, project: &Project) -> Settings {
    let mut out = project.lints.clone();
    if let Some(persona) = options.persona {
        out.persona = persona;
    }
    for (rule, choice) in &options.level {
        // its name was looked at when the command line was read
        let _ = out.choose(rule, *choice);
    }
    out
}
