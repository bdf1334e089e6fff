//! The names in policies' texts: where each is defined and used, and which files know one another's.
//!
//! Trees alone are looked at, so that it holds for texts that have errors. A file knows its own sets and policies and
//! those of the files that it imports directly, as `hir` has it.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    Document, View,
    at::at,
    meaning::{self, Meaning},
};
use crate::{
    catalog::built_in_set,
    hir::{Imports, Source, is_importable},
    syntax::{self, Node, SyntaxKind},
    text::{FileId, Span},
};

/// A word of a text that stands for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// What it stands for.
    pub meaning: Meaning,
    /// Where it is; of a set the name alone, without its `@`.
    pub span: Span,
    /// The item that it is in, by number.
    item: usize,
}

impl Occurrence {
    /// Whether it is the name of a definition.
    pub fn defines(&self) -> bool {
        matches!(self.meaning, Meaning::Set(_, true) | Meaning::Policy(_, true))
    }
}

/// Places in one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The file and its text.
    pub source: Source,
    /// The places, in order.
    pub spans: Vec<Span>,
}

/// The names in one text.
#[derive(Debug, Default)]
pub struct Names {
    /// All of them, in order.
    all: Vec<Occurrence>,
    /// For each item the server that its tools are of, or the policy that knows.
    owners: Vec<Owner>,
    /// The servers of the policies, by their names.
    servers: BTreeMap<String, String>,
}

#[derive(Debug)]
enum Owner {
    Server(String),
    Policy(String),
    Nobody,
}

impl Names {
    /// The names in a document; of other formats there are none.
    pub fn of_document(document: &Document) -> Self {
        let mut out = Self::default();
        document.items().for_each(|item| out.add(item));
        out
    }

    /// The names in a text that is not open.
    pub fn of_text(text: &str) -> Self {
        let mut out = Self::default();
        each_item(text, &mut |item| out.add(item));
        out
    }

    /// All of them, in order.
    pub fn all(&self) -> &[Occurrence] {
        &self.all
    }

    /// The servers that policies name, each once.
    pub(super) fn servers(&self) -> BTreeSet<&str> {
        self.servers.values().map(String::as_str).collect()
    }

    /// The server of a policy by its name.
    pub(super) fn server_of(&self, policy: &str) -> Option<&str> {
        self.servers.get(policy).map(String::as_str)
    }

    /// What is at a place.
    pub(super) fn at(&self, place: Span) -> Option<&Occurrence> {
        let index = self.all.binary_search_by_key(&place.start, |occurrence| occurrence.span.start);
        self.all.get(index.ok()?)
    }

    /// Where a set or policy of that name is spoken of.
    pub(super) fn speaking_of<'n>(&'n self, of: &'n Meaning) -> impl Iterator<Item = &'n Occurrence> {
        self.all.iter().filter(move |occurrence| is_same(&occurrence.meaning, of))
    }

    /// Where a set or policy of that name is defined.
    pub(super) fn definitions<'n>(&'n self, of: &'n Meaning) -> impl Iterator<Item = &'n Occurrence> {
        self.speaking_of(of).filter(|occurrence| occurrence.defines())
    }

    /// All places of this text that speak of the same as one of them.
    pub(super) fn alike<'n>(&'n self, one: &'n Occurrence) -> impl Iterator<Item = &'n Occurrence> {
        let server = self.server(one);
        self.all.iter().filter(move |other| {
            is_same(&one.meaning, &other.meaning)
                && match one.meaning {
                    // a set is for any server
                    Meaning::Tool(_) | Meaning::Pattern(_) => {
                        server.is_none() || self.server(other).is_none_or(|other| Some(other) == server)
                    }
                    Meaning::Argument(_) => one.item == other.item,
                    _ => true,
                }
        })
    }

    /// The server, as written, that a tool is of.
    fn server(&self, of: &Occurrence) -> Option<&str> {
        match self.owners.get(of.item)? {
            Owner::Server(server) => Some(server),
            Owner::Policy(policy) => self.server_of(policy),
            Owner::Nobody => None,
        }
    }

    fn add(&mut self, item: Node<'_>) {
        let server = meaning::server_of(item);
        if let (Some(name), Some(server)) = (meaning::name_of(item), &server) {
            self.servers.entry(name).or_insert_with(|| server.clone());
        }
        let policy = || meaning::policy_of_test(item).map(|policy| Owner::Policy(policy.to_owned()));
        self.owners.push(server.map(Owner::Server).or_else(policy).unwrap_or(Owner::Nobody));
        self.walk(&mut Vec::new(), item);
    }

    fn walk<'t>(&mut self, path: &mut Vec<Node<'t>>, node: Node<'t>) {
        path.push(node);
        let mut children = node.children().peekable();
        if children.peek().is_none()
            && let Some(meaning) = meaning::of(path, node)
        {
            let item = self.owners.len().saturating_sub(1);
            self.all.push(Occurrence { meaning, span: name_span(node), item });
        }
        children.for_each(|child| self.walk(path, child));
        path.pop();
    }
}

/// Gives the items of a text one after the other, so that the trees of few are held.
pub(super) fn each_item(text: &str, give: &mut dyn FnMut(Node<'_>)) {
    if syntax::too_large(FileId(0), text).is_some() {
        return;
    }
    for (start, part) in syntax::pieces(text) {
        let chunk = syntax::parse_chunk(FileId(0), part);
        chunk.tree.roots(part, FileId(0), start).for_each(&mut *give);
    }
}

/// Where the name in a token is: without the `@` of a set.
fn name_span(token: Node<'_>) -> Span {
    let span = token.span();
    let skipped = u32::from(token.kind() == SyntaxKind::SetRef);
    Span { start: span.start + skipped, ..span }
}

/// Whether both stand for the same, as far as their words tell.
fn is_same(a: &Meaning, b: &Meaning) -> bool {
    match (a, b) {
        (Meaning::Set(a, _), Meaning::Set(b, _)) | (Meaning::Policy(a, _), Meaning::Policy(b, _)) => a == b,
        _ => a == b,
    }
}

/// What the word at a place of a document stands for.
pub(super) fn named(view: &View<'_>, names: &Names, offset: u32) -> Option<Occurrence> {
    let token = at(view.document, offset).token()?;
    names.at(name_span(token)).cloned()
}

/// A file, its names, and which files it imports.
#[derive(Debug)]
pub(super) struct File {
    pub(super) source: Source,
    pub(super) names: Names,
    /// By the names of their sources.
    imports: Vec<String>,
}

impl File {
    fn knows(&self, other: &File) -> bool {
        self.source.name == other.source.name || self.imports.contains(&other.source.name)
    }

    /// The places of some names.
    pub(super) fn places<'n>(&self, of: impl Iterator<Item = &'n Occurrence>) -> Option<Places> {
        let spans: Vec<Span> = of.map(|occurrence| occurrence.span).collect();
        (!spans.is_empty()).then(|| Places { source: self.source.clone(), spans })
    }
}

/// Files that know one another, each read once.
pub(super) struct Files<'a> {
    imports: &'a dyn Imports,
    known: BTreeMap<String, Rc<File>>,
    /// What was loaded to learn its name, and not read so far.
    texts: BTreeMap<String, String>,
}

impl<'a> Files<'a> {
    pub(super) fn new(imports: &'a dyn Imports) -> Self {
        Self { imports, known: BTreeMap::new(), texts: BTreeMap::new() }
    }

    /// The document's own file.
    pub(super) fn own(&mut self, view: &View<'_>) -> Rc<File> {
        let source = view.document.analysis().sources.first().cloned();
        let source = source.unwrap_or_else(|| Source { name: String::new(), text: String::new() });
        self.add(source, Names::of_document(view.document))
    }

    /// The file of a text.
    pub(super) fn file(&mut self, source: Source) -> Rc<File> {
        if let Some(file) = self.known.get(&source.name) {
            return Rc::clone(file);
        }
        let names = Names::of_text(&source.text);
        self.add(source, names)
    }

    fn add(&mut self, source: Source, names: Names) -> Rc<File> {
        let mut imports = Vec::new();
        for occurrence in &names.all {
            let Meaning::Import(path) = &occurrence.meaning else { continue };
            let Some(imported) = load(self.imports, &source.name, path) else { continue };
            imports.push(imported.name.clone());
            self.texts.insert(imported.name, imported.text);
        }
        let file = Rc::new(File { source, names, imports });
        self.known.insert(file.source.name.clone(), Rc::clone(&file));
        file
    }

    /// The files whose names a file knows, itself first.
    pub(super) fn scope(&mut self, file: &Rc<File>) -> Vec<Rc<File>> {
        let mut out = vec![Rc::clone(file)];
        for name in file.imports.iter().collect::<BTreeSet<_>>() {
            if *name == file.source.name {
                continue;
            }
            if let Some(known) = self.known.get(name) {
                out.push(Rc::clone(known));
            } else if let Some(text) = self.texts.remove(name) {
                out.push(self.file(Source { name: name.clone(), text }));
            }
        }
        out
    }

    /// The files that define what a name means in a file; none for what is built in.
    pub(super) fn homes(&mut self, file: &Rc<File>, of: &Meaning) -> Vec<Rc<File>> {
        if matches!(of, Meaning::Set(name, _) if built_in_set(name).is_some()) {
            return Vec::new();
        }
        self.scope(file).into_iter().filter(|file| file.names.definitions(of).next().is_some()).collect()
    }

    /// The file itself and, of those that it imports and some others, the ones that know a home or are one: what they
    /// name alike is the same.
    pub(super) fn sharing(
        &mut self,
        file: &Rc<File>,
        homes: &[Rc<File>],
        others: impl Iterator<Item = Source>,
    ) -> Vec<Rc<File>> {
        let mut near: BTreeMap<String, Rc<File>> = BTreeMap::new();
        let mut scope = self.scope(file);
        scope.extend(others.map(|other| self.file(other)));
        for other in scope {
            if homes.iter().any(|home| other.knows(home)) {
                near.insert(other.source.name.clone(), other);
            }
        }
        near.remove(&file.source.name);
        std::iter::once(Rc::clone(file)).chain(near.into_values()).collect()
    }
}

/// The file that an import means.
pub(super) fn load(imports: &dyn Imports, from: &str, path: &str) -> Option<Source> {
    is_importable(path).then(|| imports.load(from, path).ok())?
}
