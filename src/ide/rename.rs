//! New names for sets and policies, in every file that knows them. What would change what a file means is refused.

use std::rc::Rc;

use super::{
    Kind, View,
    meaning::Meaning,
    names::{File, Files, Occurrence, Places, named},
};
use crate::{
    catalog::built_in_set,
    hir::{Imports, Source},
    syntax::{SyntaxKind, is_reserved, literal, parse_chunk},
    text::{FileId, Span},
};

/// What is renamed at a place: where the name is, and what it is now. Or why nothing is.
///
/// # Errors
/// In words: what stands there, and that it is not named here.
pub fn prepare(view: &View<'_>, offset: u32, imports: &dyn Imports) -> Result<(Span, String), String> {
    let mut files = Files::new(imports);
    let own = files.own(view);
    let (one, _) = renamed(view, &mut files, &own, offset)?;
    Ok((one.span, name_of(&one.meaning).to_owned()))
}

/// A change of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The new name, as it is written at each place.
    pub name: String,
    /// The places, by file, the document first.
    pub places: Vec<Places>,
}

/// What gives the set or policy at a place a new name, with or without the `@` of a set.
///
/// # Errors
/// In words: why it cannot be renamed, or not to that.
pub fn rename(
    view: &View<'_>,
    offset: u32,
    new: &str,
    imports: &dyn Imports,
    others: impl Iterator<Item = Source>,
) -> Result<Renamed, String> {
    let mut files = Files::new(imports);
    let own = files.own(view);
    let (one, homes) = renamed(view, &mut files, &own, offset)?;
    let new = match &one.meaning {
        Meaning::Set(..) => new.strip_prefix('@').unwrap_or(new),
        _ => new,
    };
    let name = new.to_owned();
    if new == name_of(&one.meaning) {
        return Ok(Renamed { name, places: Vec::new() });
    }
    let wanted = with_name(&one.meaning, new);
    may_be_named(&wanted)?;
    let importing = others.filter(|other| other.text.contains("import"));
    let sharing = files.sharing(&own, &homes, importing);
    for file in &sharing {
        stays_clear(&mut files, file, &one.meaning, &wanted)?;
    }
    let places = sharing.iter().filter_map(|file| file.places(file.names.speaking_of(&one.meaning)));
    Ok(Renamed { name, places: places.collect() })
}

/// The set or policy at a place, and the files that define it.
fn renamed(
    view: &View<'_>,
    files: &mut Files<'_>,
    own: &Rc<File>,
    offset: u32,
) -> Result<(Occurrence, Vec<Rc<File>>), String> {
    if let Kind::Foreign(format) = view.document.kind() {
        return Err(format!("names are changed in policies of this language only, and this is {}", format.title));
    }
    let Some(one) = named(view, &own.names, offset) else {
        return Err("no name stands here; sets and policies can be renamed".to_owned());
    };
    let why = match &one.meaning {
        Meaning::Set(name, _) if built_in_set(name).is_some() => "is built in and keeps its name",
        Meaning::Set(..) | Meaning::Policy(..) => {
            let homes = files.homes(own, &one.meaning);
            if homes.is_empty() {
                return Err(format!("{} is not defined in this file or in one that it imports", shown(&one.meaning)));
            }
            return Ok((one, homes));
        }
        Meaning::Tool(_) => "is a tool, which its server names",
        Meaning::Pattern(_) => "is a pattern for the names of tools, which their server gives",
        Meaning::Argument(_) => "is an argument, which its tool names",
        Meaning::Server(_) => "is a server, which the catalogs name",
        Meaning::Import(_) => "is the path of a file",
        Meaning::Identity(_) => "is an identity, which is given outside of this file",
    };
    Err(format!("{} {why}; sets and policies can be renamed", shown(&one.meaning)))
}

/// Whether the language and its built-in sets leave a name free.
fn may_be_named(wanted: &Meaning) -> Result<(), String> {
    let new = name_of(wanted);
    if new.is_empty() {
        return Err("a name is not empty".to_owned());
    }
    if is_reserved(new) {
        return Err(format!("`{new}` is a word of the language and names nothing else"));
    }
    let text = format!("set {new} = x");
    let chunk = parse_chunk(FileId(0), &text);
    let read = chunk.tree.roots(&text, FileId(0), 0).next().and_then(|item| item.child(SyntaxKind::Ident));
    if !chunk.errors.is_empty() || read.is_none_or(|read| read.text() != new) {
        return Err(format!(
            "{} is no name: write letters of ASCII, digits and `_`, with `.` and `-` after the first",
            quoted(new)
        ));
    }
    match wanted {
        Meaning::Set(..) if built_in_set(new).is_some() => {
            Err(format!("`@{new}` is built in and keeps its meaning; choose another name, such as `my_{new}`"))
        }
        _ => Ok(()),
    }
}

/// Whether a file means the same after the change: the old name has one definition there, and the new one none and no
/// use.
fn stays_clear(files: &mut Files<'_>, file: &Rc<File>, old: &Meaning, new: &Meaning) -> Result<(), String> {
    let scope = files.scope(file);
    let definitions = scope.iter().flat_map(|file| file.names.definitions(old)).count();
    if definitions > 1 {
        return Err(format!(
            "`{}` knows {definitions} definitions of {}; give the others another name by hand first",
            file.source.name,
            shown(old)
        ));
    }
    let taken = scope.iter().find(|file| file.names.definitions(new).next().is_some());
    if let Some(taken) = taken {
        let (there, here) = (&taken.source.name, &file.source.name);
        let known = if there == here { String::new() } else { format!(", which `{here}` imports") };
        return Err(format!("{} is defined in `{there}`{known}; choose another name", shown(new)));
    }
    if file.names.speaking_of(new).next().is_some() {
        return Err(format!("`{}` already speaks of {}, which is not defined", file.source.name, shown(new)));
    }
    Ok(())
}

fn name_of(of: &Meaning) -> &str {
    match of {
        Meaning::Set(name, _) | Meaning::Policy(name, _) => name,
        _ => "",
    }
}

fn with_name(of: &Meaning, new: &str) -> Meaning {
    match of {
        Meaning::Set(..) => Meaning::Set(new.to_owned(), false),
        _ => Meaning::Policy(new.to_owned(), false),
    }
}

/// What is meant, as it is written.
fn shown(of: &Meaning) -> String {
    match of {
        Meaning::Set(name, _) => format!("the set `@{name}`"),
        Meaning::Policy(name, _) => format!("the policy `{name}`"),
        Meaning::Argument(names) => quoted(&literal::write_path(names)),
        Meaning::Tool(text)
        | Meaning::Pattern(text)
        | Meaning::Server(text)
        | Meaning::Import(text)
        | Meaning::Identity(text) => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    format!("`{}`", crate::text::visible(text))
}
