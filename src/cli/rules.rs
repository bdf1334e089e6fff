//! `mcppol rules` and `mcppol explain`.

use super::{
    Failure, Outcome, args,
    args::Format,
    print,
    render::{explain as render, terminal::Stream},
};
use crate::{lint::abouts, text::nearest};

pub(super) fn list(options: &args::Rules) -> Result<Outcome, Failure> {
    let all = abouts();
    print(&match options.format {
        Format::Text => render::list(&all),
        Format::Json => render::list_as_json(&all),
    })?;
    Ok(Outcome::Clean)
}

pub(super) fn explain(options: &args::Explain) -> Result<Outcome, Failure> {
    let all = abouts();
    let Some(about) = all.iter().find(|about| about.code.name == options.name) else {
        let failure = Failure::new(format!("no rule is named `{}`", options.name));
        return Err(match nearest(&options.name, all.iter().map(|about| about.code.name)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`mcppol rules` lists them"),
        });
    };
    print(&render::page(about.page, Stream::Stdout))?;
    Ok(Outcome::Clean)
}
