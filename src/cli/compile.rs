//! `mcppol compile`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    Failure, Outcome, args, files, print, print_error,
    project::Project,
    render::{
        terminal::{self, Stream},
        without_check,
    },
};
use crate::{
    check,
    diagnostic::Diagnostic,
    hir::checked::{Checked, CheckedPolicy},
    text::quoted_list,
};

pub(super) fn run(options: &args::Compile, project: &Project) -> Result<Outcome, Failure> {
    let analysis = super::analysis(&options.file, project, options.shared.today)?;
    let target = options.shared.target;
    let wanted = match analysis.checked() {
        Some(checked) => Some(wanted(checked, options)?),
        None => None,
    };
    let asked = check::Options { only: options.policy.as_deref(), ..check::Options::new(target, &project.lints) };
    let diagnostics = check::check(&analysis, &asked).findings;
    print_error(&terminal::draw(&analysis.sources, &diagnostics, Stream::Stderr));
    let documents: Option<Vec<(String, String)>> = wanted.and_then(|policies| {
        policies
            .into_iter()
            .map(|policy| Some((policy.get().name().to_owned(), target.lower(policy).text()?)))
            .collect()
    });
    let Some(mut documents) = documents else {
        print_error(&format!("nothing was written: {}\n", why(&diagnostics)));
        return Ok(Outcome::Findings);
    };
    let places: Vec<(PathBuf, String)> = match (&options.output, &options.out_dir) {
        (_, Some(folder)) => in_folder(folder, documents)?,
        (file, None) => {
            let Some((_, text)) = documents.pop() else { return Ok(Outcome::Clean) };
            match file {
                Some(file) => vec![(file.clone(), text)],
                None => {
                    print(&text)?;
                    return Ok(Outcome::Clean);
                }
            }
        }
    };
    if options.check { compare(&places) } else { write(&places, options) }
}

/// The policies to compile: as many as there are outputs for.
fn wanted<'a>(checked: &'a Checked, options: &args::Compile) -> Result<Vec<CheckedPolicy<'a>>, Failure> {
    if options.check && options.output.is_none() && options.out_dir.is_none() {
        return Err(
            Failure::new("`--check` compares with a file, and none is named").help("add `-o FILE` or `--out-dir DIR`")
        );
    }
    let names: Vec<&str> = checked.policies().map(|policy| policy.get().name()).collect();
    if let Some(name) = &options.policy {
        let policy = checked.policy(name).ok_or_else(|| no_such_policy(name, &names))?;
        return Ok(vec![policy]);
    }
    let shown = options.file.display();
    match names.as_slice() {
        [] => Err(Failure::new(format!("`{shown}` has no policy to compile"))
            .help("write `policy NAME for SERVER { default deny … }`")),
        [_, _, ..] if options.out_dir.is_none() => Err(Failure::new(format!(
            "`{shown}` has {} policies, and one output takes one: {}",
            names.len(),
            quoted_list(&names, names.len())
        ))
        .help("choose one with `--policy NAME`, or write all with `--out-dir DIR`")),
        _ => Ok(checked.policies().collect()),
    }
}

pub(super) fn no_such_policy(name: &str, names: &[&str]) -> Failure {
    let failure = Failure::new(format!("no policy is named `{name}`"));
    match crate::text::nearest(name, names.iter().copied()) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help(format!("the file has {}", quoted_list(names, 8))),
    }
}

fn in_folder(folder: &Path, documents: Vec<(String, String)>) -> Result<Vec<(PathBuf, String)>, Failure> {
    // some file systems do not tell letter case apart
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, _) in &documents {
        if let Some(first) = seen.insert(name.to_lowercase(), name.clone()) {
            return Err(Failure::new(format!("the policies `{first}` and `{name}` would be one file on some systems"))
                .help("give one of them another name"));
        }
    }
    Ok(documents.into_iter().map(|(name, text)| (folder.join(format!("{name}.json")), text)).collect())
}

fn write(places: &[(PathBuf, String)], options: &args::Compile) -> Result<Outcome, Failure> {
    if let Some(folder) = &options.out_dir {
        files::create_dir(folder)?;
    }
    for (path, text) in places {
        files::write(path, text)?;
    }
    Ok(Outcome::Clean)
}

fn compare(places: &[(PathBuf, String)]) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Clean;
    for (path, text) in places {
        let state = match files::current(path)? {
            Some(current) if current == text.as_bytes() => continue,
            Some(_) => "is out of date",
            None => "does not exist",
        };
        outcome = Outcome::Findings;
        print_error(&format!("`{}` {state}: `{}` writes it\n", path.display(), without_check()));
    }
    Ok(outcome)
}

fn why(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_fatal()).count();
    if errors == 1 { "1 error stands".to_owned() } else { format!("{errors} errors stand") }
}
