//! `mcppol import`.

use super::{
    Failure, Outcome, args, files, is_foreign_by_ending, print, print_error,
    project::Project,
    render::terminal::{self, Stream},
};
use crate::{
    foreign,
    hir::Environment,
    import::{self, Imported, Options},
    syntax::literal::write_name,
    text::{count, list, visible},
};

pub(super) fn run(options: &args::Import, project: &Project) -> Result<Outcome, Failure> {
    let source = files::read(&options.file)?;
    let shown = visible(&source.name);
    let Some(format) = foreign::recognise(&source.name, &source.text) else {
        let failure = Failure::new(format!("`{shown}` is of no format that can be imported"));
        return Err(match is_foreign_by_ending(&options.file) {
            true => failure.help(super::formats("these are")),
            false => failure.help("a `.mcp` file needs no import; `mcppol check` reads it"),
        });
    };
    let server = options.server.as_deref().or_else(|| project.server_of(&options.file));
    let server = super::foreign_server(format, server, project)?;
    if let Some(name) = options.policy.as_deref().filter(|name| write_name(name) != **name) {
        return Err(Failure::new(format!("`{name}` cannot name a policy"))
            .help("a name has letters, digits, `_`, `-` and `.`, and is no word of the language"));
    }
    let environment = Environment { catalogs: &project.catalogs, today: files::today() };
    let asked = Options { server, policy: options.policy.as_deref() };
    let imported = import::import(&source, format, asked, environment);
    project.sound()?;
    let sources = [source];
    let imported = match imported {
        Ok(imported) => imported,
        Err(problems) => {
            print_error(&terminal::draw(&sources, &problems, Stream::Stderr));
            print_error("nothing was written\n");
            return Ok(Outcome::Findings);
        }
    };
    match &options.output {
        Some(path) => files::write_new(path, &imported.text, options.force)?,
        None => print(&imported.text)?,
    }
    print_error(&terminal::draw(&sources, &imported.notes, Stream::Stderr));
    print_error(&format!("{}\n", conclusion(&imported, &shown)));
    Ok(Outcome::Clean)
}

fn conclusion(imported: &Imported, shown: &str) -> String {
    let policies: Vec<String> = imported
        .policies
        .iter()
        .map(|(server, tools)| format!("{} for `{}`", count(*tools, "tool"), visible(server)))
        .collect();
    let what = match policies.as_slice() {
        [] => "nothing about MCP tools".to_owned(),
        few if few.len() <= 4 => list(few, "and"),
        many => format!("policies for {}", count(many.len(), "server")),
    };
    let how = match (imported.stricter(), imported.same_document) {
        (0, true) => format!("it compiles to the same document as `{shown}`"),
        (0, false) => format!("the same decisions as `{shown}`"),
        (places, _) => format!("stricter than `{shown}` in {}", count(places, "place")),
    };
    format!("imported {what}: {how}")
}
