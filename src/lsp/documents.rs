//! The documents that the client has open.

use std::{cell::Cell, collections::BTreeMap, path::PathBuf};

use lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};

use super::{
    World, edits,
    features::Tokens,
    judge::{Basis, Loader, Subject},
    position::{Encoding, Index},
    settings::Choices,
    uri,
};
use crate::{hir::Imports, ide::View};

/// A document that is open.
pub(super) struct Open {
    pub(super) uri: Uri,
    /// Where it is on the disk, if it is.
    pub(super) path: Option<PathBuf>,
    pub(super) version: i32,
    pub(super) text: String,
    pub(super) index: Index,
    /// The tokens that the client has.
    pub(super) tokens: Cell<Tokens>,
    /// What came of it when it was judged.
    pub(super) subject: Subject,
    /// Whether the client calls it one of our policies.
    named: bool,
    /// Whether it is to be judged again: its text, or what it is judged by, is another.
    stale: bool,
    /// Whether the client was not told yet what was found.
    pub(super) untold: bool,
}

impl Open {
    /// The document and what it is judged by.
    pub(super) fn view(&self) -> Option<View<'_>> {
        self.subject.view()
    }
}

/// All of them, by their addresses.
#[derive(Default)]
pub(super) struct Documents(BTreeMap<String, Open>);

impl Documents {
    /// Takes in a document; one that is open already is replaced.
    pub(super) fn open(&mut self, item: TextDocumentItem, encoding: Encoding, choices: &Choices, world: &dyn World) {
        let path = uri::path(&item.uri);
        let basis = Basis::new(&path.clone().unwrap_or_default(), choices, world);
        let name = uri::name(&item.uri);
        let open = Open {
            index: Index::new(&item.text, encoding),
            tokens: Cell::default(),
            named: item.language_id == "mcppol",
            subject: Subject::new(name, basis),
            stale: true,
            untold: true,
            path,
            version: item.version,
            text: item.text,
            uri: item.uri,
        };
        self.0.insert(open.uri.as_str().to_owned(), open);
    }

    pub(super) fn close(&mut self, uri: &Uri) -> Option<Open> {
        self.0.remove(uri.as_str())
    }

    pub(super) fn get(&self, uri: &Uri) -> Option<&Open> {
        self.0.get(uri.as_str())
    }

    /// The document that is judged under this name.
    pub(super) fn named(&self, name: &str) -> Option<&Open> {
        self.0.values().find(|open| open.subject.name == name)
    }

    /// Takes in changes, in their order; its name, if it is open.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        encoding: Encoding,
    ) -> Option<String> {
        let open = self.0.get_mut(uri.as_str())?;
        match changes {
            // somebody types: no need to look at the whole text
            [TextDocumentContentChangeEvent { range: Some(range), text, .. }] => {
                let start = open.index.offset(&open.text, range.start) as usize;
                let end = (open.index.offset(&open.text, range.end) as usize).max(start);
                open.text.replace_range(start..end, text);
            }
            _ => open.text = edits::apply(&open.text, changes, encoding),
        }
        open.index = Index::new(&open.text, encoding);
        open.version = version;
        open.stale = true;
        Some(open.subject.name.clone())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Open> {
        self.0.values()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Open> {
        self.0.values_mut()
    }

    /// What imports this file is to be judged again.
    pub(super) fn touch(&mut self, file: &str) {
        for open in self.0.values_mut() {
            open.stale |= open.subject.needs(file);
        }
    }

    /// Everything is to be judged again, by what projects and settings say now.
    pub(super) fn renew(&mut self, choices: &Choices, world: &dyn World) {
        for open in self.0.values_mut() {
            open.subject.rest_on(Basis::new(&open.path.clone().unwrap_or_default(), choices, world));
            open.stale = true;
        }
    }

    /// Where the files come from that documents import.
    pub(super) fn imports<'a>(&'a self, world: &'a dyn World) -> impl Imports + 'a {
        Loader::new(self, world)
    }

    /// The documents that are to be judged.
    pub(super) fn stale(&self) -> impl Iterator<Item = &Open> {
        self.0.values().filter(|open| open.stale)
    }

    /// Judges what is to be judged.
    pub(super) fn settle(&mut self, world: &dyn World) {
        let stale: Vec<String> = self.0.iter().filter(|(_, open)| open.stale).map(|(key, _)| key.clone()).collect();
        for key in stale {
            let Some(mut open) = self.0.remove(&key) else { continue };
            open.subject.judge(&open.text, open.named, self, world);
            (open.stale, open.untold) = (false, true);
            self.0.insert(key, open);
        }
    }
}
