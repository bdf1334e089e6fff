//! `mcppol test`.

use std::path::{Path, PathBuf};

use super::{
    Failure, Outcome, args,
    args::Results,
    compile::no_such_policy,
    discover, print, print_error,
    progress::Progress,
    project::Project,
    render::{
        terminal::{self, Stream},
        trial::Printed,
    },
};
use crate::{
    diagnostic::Diagnostic,
    hir::{Analysis, Checked, model::Test},
    pattern::glob,
    text::{nearest, quoted_list},
    trial,
};

pub(super) fn run(options: &args::Test, project: &Project) -> Result<Outcome, Failure> {
    let found = if options.files.is_empty() { discover::policies()? } else { Vec::new() };
    let paths: &[PathBuf] = if options.files.is_empty() { &found } else { &options.files };
    if options.generate {
        return generate(paths, options, project);
    }
    let with_coverage = options.coverage || options.min_coverage.is_some();
    let wanted = |test: &Test| is_wanted(test, options);
    let of_policy = |name: &str| options.policy.as_ref().is_none_or(|policy| policy == name);
    let mut out = Printed::new(paths.len(), with_coverage);
    let mut names = Names::default();
    let mut progress = Progress::new("files", Some(paths.len()));
    for path in paths {
        progress.step(1);
        let analysis = super::analysis(path, project, options.today)?;
        names.add(&analysis);
        let Some(checked) = sound(&analysis) else {
            out.broken(&analysis.sources);
            continue;
        };
        let tried = trial::run(checked, &analysis.sources, &wanted);
        out.add(&analysis.sources, &tried);
        if with_coverage {
            out.cover(&analysis.sources, &trial::coverage(checked, &tried, &of_policy));
        }
    }
    drop(progress);
    names.missed(options, &out)?;
    print(&match options.format {
        Results::Text => out.text(options.min_coverage),
        Results::Json => out.json(),
        Results::Junit => out.junit(),
    })?;
    Ok(if out.passed(options.min_coverage) { Outcome::Clean } else { Outcome::Findings })
}

/// The checked file; without one its errors are drawn.
fn sound(analysis: &Analysis) -> Option<&Checked> {
    let checked = analysis.checked();
    if checked.is_none() {
        let errors: Vec<Diagnostic> = analysis.diagnostics.iter().filter(|it| it.is_fatal()).cloned().collect();
        print_error(&terminal::draw(&analysis.sources, &errors, Stream::Stderr));
    }
    checked
}

fn is_wanted(test: &Test, options: &args::Test) -> bool {
    let policy = test.policy.as_ref().map_or("", |name| &name.text);
    let has = |filter: &str, name: &str| match glob::is_pattern(filter) {
        true => glob::matches(filter, name),
        false => name.contains(filter),
    };
    options.policy.as_ref().is_none_or(|wanted| wanted == policy)
        && options.filter.as_ref().is_none_or(|filter| has(filter, &test.name.text) || has(filter, policy))
}

/// What there was to choose from.
#[derive(Default)]
struct Names {
    tests: Vec<String>,
    policies: Vec<String>,
}

impl Names {
    fn add(&mut self, analysis: &Analysis) {
        self.tests.extend(analysis.outline.tests.iter().map(|test| test.name.text.to_string()));
        self.policies.extend(analysis.policies().iter().map(|policy| policy.name().to_owned()));
    }

    /// That nothing was run where something was asked for is no success.
    fn missed(&self, options: &args::Test, out: &Printed) -> Result<(), Failure> {
        if let Some(policy) = options.policy.as_ref().filter(|policy| !self.policies.contains(policy)) {
            if out.is_broken() {
                return Ok(());
            }
            let names: Vec<&str> = self.policies.iter().map(String::as_str).collect();
            return Err(no_such_policy(policy, &names));
        }
        if !out.is_empty() || out.is_broken() {
            return Ok(());
        }
        let near = || match &options.filter {
            Some(filter) => nearest(filter, self.tests.iter().chain(&self.policies).map(String::as_str)),
            None => None,
        };
        match &options.filter {
            Some(filter) if !self.tests.is_empty() => {
                let failure = Failure::new(format!("no test has `{filter}` in its name or its policy's"));
                Err(failure.help(match near() {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if self.tests.len() == 1 => format!("there is {}", quoted_list(&self.tests, 1)),
                    None => format!("there are {}", quoted_list(&self.tests, 6)),
                }))
            }
            // what no test covers is an answer too
            None if options.coverage || options.min_coverage.is_some() => Ok(()),
            _ => Err(Failure::new("there is no test to run")
                .help("write `test \"…\" for POLICY { call TOOL -> deny }`, or let `--generate` propose some")),
        }
    }
}

/// Prints proposed tests for one file.
fn generate(paths: &[PathBuf], options: &args::Test, project: &Project) -> Result<Outcome, Failure> {
    let [path] = paths else {
        return Err(Failure::new(format!("tests are proposed for one file at a time, and there are {}", paths.len()))
            .help("name one: `mcppol test --generate FILE`"));
    };
    let analysis = super::analysis(path, project, options.today)?;
    let Some(checked) = sound(&analysis) else {
        print_error("no test was proposed: only a policy without errors decides\n");
        return Ok(Outcome::Findings);
    };
    if let Some(policy) = &options.policy {
        let names: Vec<&str> = checked.policies().map(|policy| policy.get().name()).collect();
        checked.policy(policy).ok_or_else(|| no_such_policy(policy, &names))?;
    }
    let of_policy = |name: &str| options.policy.as_ref().is_none_or(|policy| policy == name);
    let text = trial::generate(checked, &analysis.sources, &of_policy);
    if text.is_empty() {
        print_error(&format!("`{}` has a test for everything that would be proposed\n", shown(path)));
    }
    print(&text)?;
    Ok(Outcome::Clean)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
