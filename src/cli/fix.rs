//! `mcppol check --fix` and `--diff`: mends the files that are named.

use std::path::{Path, PathBuf};

use super::{Failure, args, baseline::Ledger, check::Setup, files, print_error, render::report::counted};
use crate::{
    check::{Fixed, fix},
    hir::Source,
    text::unified,
};

/// What was mended, and how it is shown.
#[derive(Debug, Default)]
pub(super) struct Mended {
    /// The files with their fixes.
    pub(super) sources: Vec<Source>,
    /// What goes to standard output: a diff, or the text that came from standard input.
    pub(super) printed: String,
    safe: usize,
    unsafe_: usize,
    refused: usize,
    files: usize,
}

impl Mended {
    /// Mends every file, and writes it where it changes; with `--diff` only shows what would change.
    pub(super) fn new(
        paths: &[PathBuf],
        options: &args::Fixes,
        setup: &Setup<'_>,
        ledger: Option<&Ledger>,
    ) -> Result<Self, Failure> {
        let mut out = Self::default();
        let read: Result<Vec<Source>, Failure> = paths.iter().map(|path| files::read(path)).collect();
        let mut to_write = Vec::new();
        for (path, source) in paths.iter().zip(read?) {
            let fixed = mend(&source, options.unsafe_fixes, setup, ledger)?;
            let changed = fixed.text != source.text;
            if options.diff {
                out.printed.push_str(&unified(&source.name, &source.text, &fixed.text));
            } else if path == Path::new("-") {
                out.printed.push_str(&fixed.text);
            } else if changed {
                to_write.push((path, fixed.text.clone()));
            }
            out.files += usize::from(changed);
            out.safe += fixed.safe;
            out.unsafe_ += fixed.unsafe_;
            out.refused += fixed.refused;
            out.sources.push(Source { text: fixed.text, ..source });
        }
        // only now, so that a file that cannot be read leaves all of them as they were
        for (path, text) in to_write {
            files::write(path, &text)?;
        }
        Ok(out)
    }

    /// Says on standard error what was done.
    pub(super) fn tell(&self, diff: bool) {
        let what = match (self.safe, self.unsafe_) {
            (0, 0) => String::new(),
            (safe, 0) => counted(safe, "safe fix", "safe fixes"),
            (0, rest) => counted(rest, "unsafe fix", "unsafe fixes"),
            (safe, rest) => format!("{} and {rest} unsafe", counted(safe, "safe fix", "safe fixes")),
        };
        let would = if diff { "would be applied" } else { "applied" };
        print_error(&match self.files {
            0 => format!("no fixes {would}\n"),
            files => format!("{what} {would} in {}\n", files::counted(files)),
        });
        if self.refused > 0 {
            let (were, it) = if self.refused == 1 { ("fix was", "it") } else { ("fixes were", "each") };
            let n = self.refused;
            print_error(&format!("{n} {were} left out: {it} would bring an error that is not there now\n"));
        }
    }
}

fn mend(source: &Source, unsafe_too: bool, setup: &Setup<'_>, ledger: Option<&Ledger>) -> Result<Fixed, Failure> {
    let mut failed = None;
    let fixed = fix(&source.text, unsafe_too, &mut |text| {
        let source = Source { name: source.name.clone(), text: text.to_owned() };
        let mut out = Vec::new();
        let judged = setup.judge(source, &mut |_, mut file| {
            if let Some(ledger) = ledger.filter(|ledger| ledger.compares()) {
                ledger.mark(&mut file);
            }
            out.extend(file.open().map(|item| item.found.clone()));
        });
        failed = failed.take().or(judged.err());
        out
    });
    failed.map_or(Ok(fixed), Err)
}
