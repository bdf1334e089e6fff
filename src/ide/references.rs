//! Where what a word stands for is spoken of: of sets and policies in all files, of everything else in the document.

use super::{
    View,
    meaning::Meaning,
    names::{Files, Occurrence, Places, named},
};
use crate::hir::{Imports, Source};

/// The places that speak of what the word at a place stands for, by file, the document first.
///
/// `others` are the policies of the workspace: those that import the file which defines the name share it.
pub fn references(
    view: &View<'_>,
    offset: u32,
    with_definitions: bool,
    imports: &dyn Imports,
    others: impl Iterator<Item = Source>,
) -> Vec<Places> {
    let mut files = Files::new(imports);
    let own = files.own(view);
    let Some(one) = named(view, &own.names, offset) else { return Vec::new() };
    let wanted = |other: &&Occurrence| with_definitions || !other.defines();
    match &one.meaning {
        Meaning::Set(name, _) | Meaning::Policy(name, _) => {
            let homes = files.homes(&own, &one.meaning);
            let others = others.filter(|other| !homes.is_empty() && other.text.contains(name.as_str()));
            let sharing = files.sharing(&own, &homes, others);
            sharing.iter().filter_map(|file| file.places(file.names.speaking_of(&one.meaning).filter(wanted))).collect()
        }
        _ => own.places(own.names.alike(&one)).into_iter().collect(),
    }
}
