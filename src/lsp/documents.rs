//! The documents that the client has open.

use std::{cell::Cell, collections::BTreeMap, path::PathBuf, rc::Rc};

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::{
    Project, World,
    features::Tokens,
    position::{Encoding, Index},
    uri,
};
use crate::{
    hir::{ImportError, Imports, Source},
    ide::{Document, Kind, Surroundings, View},
    target,
};

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
    /// Whether the client calls it one of our policies.
    named: bool,
    pub(super) project: Rc<Project>,
    server: Option<String>,
    /// What is known of this very text; `None` until it is worked out, and where the document is nothing of ours.
    document: Option<Document>,
    /// Whether `document` is of an older text, or of other surroundings.
    stale: bool,
}

impl Open {
    /// The document and what it is judged by.
    pub(super) fn view<'a>(&'a self, world: &dyn World) -> Option<View<'a>> {
        Some(View { document: self.document.as_ref()?, around: self.around(world) })
    }

    fn around(&self, world: &dyn World) -> Surroundings<'_> {
        Surroundings {
            catalogs: &self.project.catalogs,
            today: world.today(),
            target: target::DEFAULT,
            lints: &self.project.lints,
            review: self.project.lock.as_ref(),
            server: self.server.as_deref(),
        }
    }

    /// The name under which it is known to others.
    pub(super) fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| self.uri.as_str().to_owned(), |path| path.display().to_string())
    }

    fn judge(&mut self, imports: &dyn Imports, world: &dyn World) {
        let name = self.name();
        let kind = if self.named { Some(Kind::Policy) } else { Kind::of(&name, &self.text) };
        let source = Source { name, text: self.text.clone() };
        self.document = kind.map(|kind| Document::new(kind, source, imports, &self.around(world)));
        self.stale = false;
    }

    /// Takes in changes, in their order.
    pub(super) fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        for change in changes {
            match change.range {
                None => self.text = change.text,
                Some(range) => {
                    let start = self.index.offset(&self.text, range.start);
                    let end = self.index.offset(&self.text, range.end).max(start);
                    self.text.replace_range(start as usize..end as usize, &change.text);
                }
            }
            self.index = Index::new(&self.text, encoding);
        }
        self.version = version;
        self.stale = true;
    }
}

/// All of them, by their addresses.
#[derive(Default)]
pub(super) struct Documents(BTreeMap<String, Open>);

impl Documents {
    pub(super) fn open(
        &mut self,
        uri: Uri,
        language: &str,
        version: i32,
        text: String,
        encoding: Encoding,
        world: &dyn World,
    ) {
        let path = uri::path(&uri);
        let place = path.clone().unwrap_or_default();
        let open = Open {
            index: Index::new(&text, encoding),
            tokens: Cell::default(),
            named: language == "mcppol",
            project: world.project(&place),
            server: world.server_of(&place),
            document: None,
            stale: true,
            path,
            version,
            text,
            uri,
        };
        let key = open.uri.as_str().to_owned();
        self.0.insert(key.clone(), open);
        self.touch(&key);
    }

    pub(super) fn close(&mut self, uri: &Uri) -> Option<Open> {
        self.touch(uri.as_str());
        self.0.remove(uri.as_str())
    }

    pub(super) fn get(&self, uri: &Uri) -> Option<&Open> {
        self.0.get(uri.as_str())
    }

    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        if let Some(open) = self.0.get_mut(uri.as_str()) {
            open.change(version, changes, encoding);
        }
        self.touch(uri.as_str());
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Open> {
        self.0.values()
    }

    /// What imports this document is to be judged again.
    fn touch(&mut self, key: &str) {
        let Some(name) = self.0.get(key).map(Open::name) else { return };
        for open in self.0.values_mut() {
            let sources = open.document.as_ref().map_or(&[][..], |document| &document.analysis().sources);
            open.stale |= sources.iter().skip(1).any(|source| source.name == name);
        }
    }

    /// Everything is to be judged again, by what projects say now.
    pub(super) fn renew(&mut self, world: &dyn World) {
        for open in self.0.values_mut() {
            let place = open.path.clone().unwrap_or_default();
            open.project = world.project(&place);
            open.server = world.server_of(&place);
            open.stale = true;
        }
    }

    /// Where the files come from that documents import.
    pub(super) fn imports<'a>(&'a self, world: &'a dyn World) -> impl Imports + 'a {
        Loader { documents: self, world }
    }

    /// Whether something is to be judged.
    pub(super) fn is_stale(&self) -> bool {
        self.0.values().any(|open| open.stale)
    }

    /// Judges what is to be judged; the addresses of what was.
    pub(super) fn settle(&mut self, world: &dyn World) -> Vec<Uri> {
        let stale: Vec<String> = self.0.iter().filter(|(_, open)| open.stale).map(|(key, _)| key.clone()).collect();
        let mut out = Vec::new();
        for key in stale {
            let Some(mut open) = self.0.remove(&key) else { continue };
            open.judge(&self.imports(world), world);
            out.push(open.uri.clone());
            self.0.insert(key, open);
        }
        out
    }
}

/// Imports: what is open counts, not what is on the disk.
struct Loader<'a> {
    documents: &'a Documents,
    world: &'a dyn World,
}

impl Imports for Loader<'_> {
    fn load(&self, from: &str, path: &str) -> Result<Source, ImportError> {
        let file = self.world.beside(from, path);
        let name = file.display().to_string();
        let open = self.documents.iter().find(|open| open.path.as_deref() == Some(&file));
        let text = match open {
            Some(open) => open.text.clone(),
            None => self.world.read(&file).map_err(ImportError)?,
        };
        Ok(Source { name, text })
    }
}
