//! A file, what it is judged by, and what came of it: the one place where a text becomes a [`Document`].

use std::{cell::RefCell, collections::BTreeSet, path::Path, rc::Rc};

use super::{Project, World, documents::Documents, settings::Choices};
use crate::{
    hir::{ImportError, Imports, Source},
    ide::{Document, Kind, Surroundings, View},
    lint::Settings,
    syntax::literal::Date,
    target::Target,
};

/// What a file is judged by.
pub(super) struct Basis {
    pub(super) project: Rc<Project>,
    lints: Settings,
    server: Result<Option<String>, String>,
    target: &'static Target,
    today: Date,
}

impl Basis {
    /// That of a file, as everything is now.
    pub(super) fn new(file: &Path, choices: &Choices, world: &dyn World) -> Self {
        let project = world.project(file);
        let mut lints = project.lints.clone();
        lints.persona = choices.persona.unwrap_or(lints.persona);
        let (server, today) = (world.server_of(file), world.today());
        Self { project, lints, server, target: choices.target, today }
    }

    fn around(&self) -> Surroundings<'_> {
        Surroundings {
            catalogs: &self.project.catalogs,
            today: self.today,
            target: self.target,
            lints: &self.lints,
            review: self.project.lock.as_ref(),
            server: self.server.as_ref().ok().and_then(Option::as_deref),
        }
    }
}

/// A file that is judged.
pub(super) struct Subject {
    /// Its path, or its address where it is on no disk.
    pub(super) name: String,
    pub(super) basis: Basis,
    /// What is known of it; `None` until it is judged, and where it is nothing of ours.
    document: Option<Document>,
    /// The files that were asked for as its imports, found or not.
    needs: BTreeSet<String>,
}

impl Subject {
    pub(super) fn new(name: String, basis: Basis) -> Self {
        Self { name, basis, document: None, needs: BTreeSet::new() }
    }

    /// From now on it is judged by something else: what is known of it is forgotten.
    pub(super) fn rest_on(&mut self, basis: Basis) {
        self.basis = basis;
        self.document = None;
    }

    /// The document and what it was judged by.
    pub(super) fn view(&self) -> Option<View<'_>> {
        Some(View { document: self.document.as_ref()?, around: self.basis.around() })
    }

    /// Judges a text; `named` where somebody says that it is a policy of ours.
    pub(super) fn judge(&mut self, text: &str, named: bool, documents: &Documents, world: &dyn World) {
        let kind = if named { Some(Kind::Policy) } else { Kind::of(&self.name, text) };
        let loader = Loader::new(documents, world);
        let source = Source { name: self.name.clone(), text: text.to_owned() };
        match (kind, self.document.as_mut()) {
            (Some(kind), Some(document)) => document.update(kind, source, &loader, &self.basis.around()),
            (Some(kind), None) => self.document = Some(Document::new(kind, source, &loader, &self.basis.around())),
            (None, _) => self.document = None,
        }
        self.needs = loader.asked.into_inner();
    }

    /// Whether it imports this file, or would.
    pub(super) fn needs(&self, file: &str) -> bool {
        self.needs.contains(file)
    }

    /// The files that it imports, or would.
    pub(super) fn into_needs(self) -> BTreeSet<String> {
        self.needs
    }

    /// Why nothing that was found counts, where that is so: `check` would refuse here.
    pub(super) fn trouble(&self) -> Option<String> {
        let project = &self.basis.project;
        let server = || match self.document.as_ref()?.kind() {
            Kind::Foreign(format) if format.needs_server() => self.basis.server.as_ref().err().cloned(),
            _ => None,
        };
        project.problem.clone().or_else(server).or_else(|| project.catalogs.problems().into_iter().next())
    }
}

/// Imports: what is open counts, not what is on the disk.
pub(super) struct Loader<'a> {
    documents: &'a Documents,
    world: &'a dyn World,
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(documents: &'a Documents, world: &'a dyn World) -> Self {
        Self { documents, world, asked: RefCell::default() }
    }
}

impl Imports for Loader<'_> {
    fn load(&self, from: &str, path: &str) -> Result<Source, ImportError> {
        // what is on no disk has nothing beside it
        if !Path::new(from).is_absolute() {
            return Err(ImportError("save this document first, for imports are beside it".to_owned()));
        }
        let file = self.world.beside(from, path);
        let name = file.display().to_string();
        self.asked.borrow_mut().insert(name.clone());
        let text = match self.documents.named(&name) {
            Some(open) => open.text.clone(),
            None => self.world.read(&file).map_err(ImportError)?,
        };
        Ok(Source { name, text })
    }
}
