//! `mcppol completions` and `mcppol man`: what shells and manuals say of the commands, made from their definitions.

use clap::CommandFactory as _;

use super::{Failure, Outcome, args, files, print};
use crate::text::{nearest, quoted_list};

/// What the program is called.
const NAME: &str = "mcppol";

pub(super) fn completions(options: &args::Completions) -> Result<Outcome, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(options.shell, &mut command(), NAME, &mut out);
    print(&String::from_utf8_lossy(&out))?;
    Ok(Outcome::Clean)
}

pub(super) fn man(options: &args::Manual) -> Result<Outcome, Failure> {
    match &options.out_dir {
        Some(folder) => {
            files::create_dir(folder)?;
            for (name, command) in all(command(), NAME) {
                files::write(&folder.join(format!("{name}.1")), &page(command, &name))?;
            }
        }
        None => {
            let mut name = NAME.to_owned();
            let mut found = command();
            for word in &options.command {
                let names: Vec<&str> = found.get_subcommands().map(clap::Command::get_name).collect();
                let Some(next) = found.find_subcommand(word) else {
                    let failure = Failure::new(format!("`{}` has no command `{word}`", name.replace('-', " ")));
                    return Err(match nearest(word, names.iter().copied()) {
                        Some(near) => failure.help(format!("did you mean `{near}`?")),
                        None if names.is_empty() => failure,
                        None => failure.help(format!("it has {}", quoted_list(&names, names.len()))),
                    });
                };
                name = format!("{name}-{word}");
                found = next.clone();
            }
            print(&page(found, &name))?;
        }
    }
    Ok(Outcome::Clean)
}

/// The definition of all commands, as they are shown.
fn command() -> clap::Command {
    let mut command = args::Arguments::command();
    command.build();
    command
}

/// A command and those below it, by the names of their pages.
fn all(command: clap::Command, name: &str) -> Vec<(String, clap::Command)> {
    let below = command.get_subcommands().cloned().collect::<Vec<_>>();
    let below = below.into_iter().flat_map(|inner| {
        let name = format!("{name}-{}", inner.get_name());
        all(inner, &name)
    });
    let below: Vec<_> = below.collect();
    [(name.to_owned(), command)].into_iter().chain(below).collect()
}

fn page(command: clap::Command, name: &str) -> String {
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let command = command.after_help(clap::builder::Resettable::Reset);
    let mut out = Vec::new();
    let page = clap_mangen::Man::new(command)
        .title(name.to_uppercase())
        .source(concat!("mcppol ", env!("CARGO_PKG_VERSION")))
        .manual("mcppol");
    // writing to memory does not fail
    let _ = page.render(&mut out);
    let mut out = String::from_utf8_lossy(&out).into_owned();
    if let Some(lines) = examples.strip_prefix("Examples:\n") {
        out.push_str(".SH EXAMPLES\n.nf\n");
        for line in lines.lines() {
            out.push_str(&line.trim_start().replace('\\', "\\e").replace('-', "\\-"));
            out.push('\n');
        }
        out.push_str(".fi\n");
    }
    out
}
