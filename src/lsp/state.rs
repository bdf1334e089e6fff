//! What the server knows between two messages, and what follows from what it hears.

use std::path::{Path, PathBuf};

use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, FileChangeType, TextDocumentItem, Uri,
    WorkspaceFoldersChangeEvent,
};

use super::{
    World,
    board::Board,
    client::Client,
    diagnostics,
    documents::{Documents, Open},
    judge::{Basis, Subject},
    settings::Choices,
    uri,
    workspace::Workspace,
};
use crate::{ide::View, syntax::literal::Date};

/// All of it.
pub(super) struct State<'w> {
    pub(super) client: Client,
    pub(super) world: &'w mut dyn World,
    pub(super) documents: Documents,
    pub(super) workspace: Workspace,
    pub(super) board: Board,
    choices: Choices,
    today: Date,
}

impl<'w> State<'w> {
    pub(super) fn new(world: &'w mut dyn World) -> Self {
        Self {
            client: Client::default(),
            documents: Documents::default(),
            workspace: Workspace::default(),
            board: Board::default(),
            choices: Choices::default(),
            today: world.today(),
            world,
        }
    }

    /// An open document of ours, judged, and what it is judged by.
    pub(super) fn view(&self, uri: &Uri) -> Option<(&Open, View<'_>)> {
        let open = self.documents.get(uri)?;
        Some((open, open.view()?))
    }

    /// The address of a file, as the client calls it.
    pub(super) fn address(&self, name: &str) -> Option<Uri> {
        let open = self.documents.named(name).map(|open| open.uri.clone());
        open.or_else(|| uri::of(Path::new(name)))
    }

    pub(super) fn open(&mut self, item: TextDocumentItem) {
        let name = uri::name(&item.uri);
        self.documents.open(item, self.client.encoding, &self.choices, &*self.world);
        self.touch(&name);
    }

    pub(super) fn change(&mut self, params: &DidChangeTextDocumentParams) {
        let it = &params.text_document;
        let changed = self.documents.change(&it.uri, it.version, &params.content_changes, self.client.encoding);
        if let Some(name) = changed {
            self.touch(&name);
        }
    }

    /// Forgets a document: from now on the file on the disk counts. The files whose findings may be others.
    pub(super) fn close(&mut self, uri: &Uri) -> Vec<String> {
        let Some(open) = self.documents.close(uri) else { return Vec::new() };
        let name = open.subject.name;
        self.touch(&name);
        if let Some(file) = self.workspace.get_mut(&name) {
            (file.stale, file.shown) = (true, false);
        }
        self.board.remove(&name)
    }

    /// Whoever imports this file is to be judged again.
    fn touch(&mut self, name: &str) {
        self.documents.touch(name);
        self.workspace.touch(name);
    }

    /// Everything is to be judged again, by what projects, settings and the calendar say now.
    fn renew(&mut self) {
        self.documents.renew(&self.choices, &*self.world);
        self.workspace.renew();
    }

    /// A day may have begun since the last message.
    pub(super) fn look_at_the_calendar(&mut self) {
        let today = self.world.today();
        if today != self.today {
            self.today = today;
            self.renew();
        }
    }

    pub(super) fn choose(&mut self, choices: Choices) {
        self.choices = choices;
        self.renew();
    }

    /// Files on the disk were written, made or removed.
    pub(super) fn watched(&mut self, params: DidChangeWatchedFilesParams) {
        let changes = params.changes.into_iter();
        self.written(changes.filter_map(|it| Some((uri::path(&it.uri)?, it.typ == FileChangeType::CHANGED))));
    }

    /// Something was saved: what changed on the disk meanwhile, for clients that do not watch; whether something did.
    pub(super) fn saved(&mut self) -> bool {
        let changed = self.world.changed();
        let any = !changed.is_empty();
        self.written(changed.into_iter().map(|path| (path, true)));
        any
    }

    fn written(&mut self, files: impl Iterator<Item = (PathBuf, bool)>) {
        let mut settings = false;
        for (path, same) in files {
            let name = path.display().to_string();
            if self.world.makes_projects(&path) {
                settings = true;
            }
            self.workspace.written(&name, same);
            // what is open counts, not what is on the disk
            if self.documents.named(&name).is_none() {
                self.touch(&name);
            }
        }
        if settings {
            self.world.forget();
            self.renew();
        }
    }

    pub(super) fn folders(&mut self, event: WorkspaceFoldersChangeEvent) {
        for folder in event.removed.iter().filter_map(|folder| uri::path(&folder.uri)) {
            self.workspace.remove(&folder);
        }
        self.workspace.add(event.added.iter().filter_map(|folder| uri::path(&folder.uri)));
    }

    /// Puts up what was found in open documents and is not told yet; the files whose findings may be others.
    pub(super) fn put_up(&mut self) -> Vec<String> {
        let mut out = Vec::new();
        let untold = self.documents.iter().filter(|open| open.untold);
        let found: Vec<_> =
            untold.map(|open| (open.subject.name.clone(), diagnostics::found(&open.subject, self))).collect();
        for (name, found) in found {
            out.extend(self.board.put(&name, found));
        }
        self.documents.iter_mut().for_each(|open| open.untold = false);
        out
    }

    /// One piece of the work on files that are not open: the files whose findings may be others. `None` where there is
    /// none to do.
    pub(super) fn step(&mut self) -> Option<Vec<String>> {
        if let Some(gone) = self.workspace.list(&*self.world) {
            return Some(gone.iter().flat_map(|name| self.drop_shut(name)).collect());
        }
        let is_shut = |name: &str| self.documents.named(name).is_none();
        let (name, file) = self.workspace.stale().find(|(name, _)| is_shut(name))?;
        let (name, path, told) = (name.clone(), file.path.clone(), file.shown || self.client.pulls);
        let Ok(text) = self.world.read(&path) else {
            self.workspace.forget(&name);
            return Some(self.drop_shut(&name));
        };
        let mut subject = Subject::new(name.clone(), Basis::new(&path, &self.choices, &*self.world));
        subject.judge(&text, false, &self.documents, &*self.world);
        let names = match told {
            true => self.board.put(&name, diagnostics::found(&subject, self)),
            false => Vec::new(),
        };
        self.workspace.settled(&name, subject.into_needs());
        Some(names)
    }

    /// Whether files that are not open are to be judged.
    pub(super) fn has_work(&self) -> bool {
        self.workspace.is_unlisted() || self.workspace.stale().any(|(name, _)| self.documents.named(name).is_none())
    }

    fn drop_shut(&mut self, name: &str) -> Vec<String> {
        if self.documents.named(name).is_some() { Vec::new() } else { self.board.remove(name) }
    }
}
