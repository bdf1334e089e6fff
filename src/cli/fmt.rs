//! `mcppol fmt`.

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use super::{
    Failure, Outcome, args, discover, files, print, print_error,
    render::terminal::{self, Stream},
};
use crate::{
    format::{Refused, format},
    hir::Source,
    text::{unified, visible},
};

pub(super) fn run(options: &args::Fmt) -> Result<Outcome, Failure> {
    let found = if options.files.is_empty() { discover::policies()? } else { Vec::new() };
    let paths: &[PathBuf] = if options.files.is_empty() { &found } else { &options.files };
    let sources: Vec<Source> = paths.iter().map(|path| files::read(path)).collect::<Result<_, _>>()?;
    let (mut changed, mut unchanged, mut refused) = (0, 0, 0);
    let mut printed = String::new();
    let mut to_write = Vec::new();
    for (path, source) in paths.iter().zip(sources) {
        let text = match format(&source.text) {
            Ok(text) => text,
            Err(Refused::Errors(errors)) => {
                print_error(&terminal::draw(std::slice::from_ref(&source), &errors, Stream::Stderr));
                refused += 1;
                continue;
            }
            Err(Refused::Unfaithful) => {
                return Err(Failure::new(format!(
                    "`{}` was left as it is: what was made of it would not say the same",
                    source.name
                ))
                .help("this is a mistake of mcppol and not of the file; please report it with the file"));
            }
        };
        let same = text == source.text;
        *(if same { &mut unchanged } else { &mut changed }) += 1;
        if options.diff {
            printed.push_str(&unified(&source.name, &source.text, &text));
        } else if options.check {
            if !same {
                printed.push_str(&format!("{}\n", visible(&source.name)));
            }
        } else if path == Path::new("-") {
            printed.push_str(&text);
        } else if !same {
            to_write.push((path, text));
        }
    }
    // only now, so that a file that cannot be read leaves all of them as they were
    for (path, text) in to_write {
        files::write(path, &text)?;
    }
    // a program gets the very bytes, a terminal nothing that draws on it
    let terminal = std::io::stdout().is_terminal();
    print(&if terminal { visible(&printed) } else { printed })?;
    let only_looks = options.check || options.diff;
    print_error(&conclusion(only_looks, changed, unchanged, refused));
    Ok(if refused > 0 || only_looks && changed > 0 { Outcome::Findings } else { Outcome::Clean })
}

/// `2 files formatted, 3 unchanged, 1 left alone`
fn conclusion(only_looks: bool, changed: usize, unchanged: usize, refused: usize) -> String {
    let done = if only_looks { "would be formatted" } else { "formatted" };
    let parts = [
        (changed, done.to_owned()),
        (unchanged, "unchanged".to_owned()),
        (refused, "left alone because of errors".to_owned()),
    ];
    let mut said = parts.into_iter().filter(|(n, _)| *n > 0);
    let Some((n, what)) = said.next() else { return String::new() };
    let first = format!("{} {what}", files::counted(n));
    format!("{}\n", said.fold(first, |all, (n, what)| format!("{all}, {n} {what}")))
}
