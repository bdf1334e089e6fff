//! `mcppol check`.

use std::{io::IsTerminal as _, path::PathBuf};

use super::{
    Failure, Outcome, analysis_of_any, args,
    args::Printed,
    baseline::Ledger,
    discover,
    files::{self, Root},
    fix::Mended,
    print, print_error,
    progress::Progress,
    project::Project,
    render::{
        github::Github,
        json::Json,
        junit::Junit,
        report::{End, Format, Judged, conclusion},
        sarif::Sarif,
        terminal::{MOST, Stream, Text},
    },
    review,
};
use crate::{
    check,
    hir::{Analysis, Source},
    lint::Settings,
    lock::Lock,
    text::visible,
};

/// What every file is judged by.
pub(super) struct Setup<'a> {
    options: &'a args::Check,
    project: &'a Project,
    lints: Settings,
    lock: Option<Lock>,
}

impl Setup<'_> {
    /// Judges one text.
    pub(super) fn judge(&self, source: Source, then: &mut dyn FnMut(&Analysis, Judged<'_>)) -> Result<(), Failure> {
        let (today, server) = (self.options.shared.today, self.options.server.as_deref());
        let analysis = analysis_of_any(source, self.project, today, server)?;
        let asked = check::Options {
            comments: !self.options.lints.no_inline_suppressions,
            review: self.lock.as_ref(),
            ..check::Options::new(self.options.shared.target, &self.lints)
        };
        let report = check::check(&analysis, &asked);
        then(&analysis, Judged::new(&analysis, &report));
        // the process is about to end: giving back a large file's rules one by one would only take time
        std::mem::forget(analysis);
        Ok(())
    }
}

pub(super) fn run(options: &args::Check, project: &Project) -> Result<Outcome, Failure> {
    let found = if options.files.is_empty() { discover::files()? } else { Vec::new() };
    let paths: &[PathBuf] = if options.files.is_empty() { &found } else { &options.files };
    let lock = review::lock_in(&project.lock(options.lints.lock.as_deref()))?;
    let setup = Setup { options, project, lints: lints(&options.lints, project), lock };
    let mut ledger = Ledger::open(options, project)?;
    let fixes = &options.fixes;
    let mended = match fixes.fix || fixes.unsafe_fixes || fixes.diff {
        true => Some(Mended::new(paths, &options.fixes, &setup, ledger.as_ref())?),
        false => None,
    };
    // where standard output is taken, the findings go beside it
    let taken = fixes.diff || mended.is_some() && paths.iter().any(|file| file.as_os_str() == "-");
    let stream = if taken { Stream::Stderr } else { Stream::Stdout };
    let mut format = format(options.format, stream, ledger.as_ref().is_some_and(Ledger::compares))?;
    let usual = (options.format == Printed::Text).then_some(MOST);
    let mut room = options.max_findings.or(usual).unwrap_or(usize::MAX);
    let mut end = End { files: paths.len(), ..End::default() };
    let mut outcome = Outcome::Clean;
    let mut progress = Progress::new("files", Some(paths.len()));
    for (nth, path) in paths.iter().enumerate() {
        progress.step(1);
        let source = match mended.as_ref().and_then(|mended| mended.sources.get(nth)) {
            Some(source) => source.clone(),
            None => files::read(path)?,
        };
        setup.judge(source, &mut |analysis, mut file| {
            if let Some(ledger) = &mut ledger {
                ledger.add(analysis, &mut file);
            }
            for item in file.open() {
                end.summary.add(item.found.level);
                if options.fail_on.fails(item.found.level) {
                    outcome = Outcome::Findings;
                }
            }
            end.suppressed += file.items.iter().filter(|item| item.is_suppressed()).count();
            end.omitted += file.keep(room);
            room -= file.open().count();
            format.add(&file);
        })?;
    }
    drop(progress);
    end.baseline = ledger.map(|ledger| ledger.finish(&setup.lints)).transpose()?;
    if let Some(mended) = &mended {
        // a program gets the very bytes, a terminal nothing that draws on it
        let terminal = std::io::stdout().is_terminal();
        print(&if terminal { visible(&mended.printed) } else { mended.printed.clone() })?;
        mended.tell(fixes.diff);
    }
    let report = if fixes.diff { format!("{}\n", conclusion(&end)) } else { format.finish(&end) };
    if taken {
        print_error(&report)
    } else {
        print(&report)?
    }
    Ok(outcome)
}

fn format(printed: Printed, stream: Stream, compared: bool) -> Result<Box<dyn Format>, Failure> {
    Ok(match printed {
        Printed::Text => Box::new(Text::new(stream)),
        Printed::Json => Box::new(Json::default()),
        Printed::Sarif => Box::new(Sarif::new(Root::of_repository()?, compared)),
        Printed::Github => Box::new(Github::new(Root::of_repository()?)),
        Printed::Junit => Box::new(Junit::default()),
    })
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
