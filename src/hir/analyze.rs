//! The whole way from texts to a checked file: the one function that every front end calls.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use super::{
    check,
    checked::{Checked, Policy},
    lower, model,
    origin::Origin,
    outline::{Outline, Uses},
    resolve::Scopes,
};
use crate::{
    catalog::{Catalogs, Server},
    diagnostic::{self, Diagnostic, codes},
    syntax::{self, literal::Date},
    text::{FileId, Span, as_u32, count, slice},
};

/// What an analysis takes from outside.
#[derive(Debug, Clone, Copy)]
pub struct Environment<'a> {
    /// The servers that are known.
    pub catalogs: &'a Catalogs,
    /// The day on which the policy is judged.
    pub today: Date,
}

/// Where imported files come from.
pub trait Imports {
    /// The text of `path` as written in the file `from`, with the name under which it is known.
    ///
    /// # Errors
    /// Why it cannot be had.
    fn load(&self, from: &str, path: &str) -> Result<Source, ImportError>;
}

/// Whether a path as written may be one of an import: relative, and of a policy.
pub fn is_importable(path: &str) -> bool {
    let absolute = path.starts_with(['/', '\\']) || path.contains(':');
    !absolute && path.ends_with(".mcp")
}

/// A text and the name under which it is known; two imports of one file have one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name, usually a path.
    pub name: String,
    /// The text.
    pub text: String,
}

/// Why an import cannot be had, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError(pub String);

/// For texts that stand alone.
#[derive(Debug, Clone, Copy)]
pub struct NoImports;

impl Imports for NoImports {
    fn load(&self, _: &str, _: &str) -> Result<Source, ImportError> {
        Err(ImportError("files cannot be read here".to_owned()))
    }
}

/// Everything that is known of a file.
#[derive(Debug)]
pub struct Analysis {
    /// The file and its imports; places name them by number.
    pub sources: Vec<Source>,
    /// What is wrong, in order, without lints.
    pub diagnostics: Vec<Diagnostic>,
    /// What stands around the file's policies.
    pub outline: Outline,
    /// The day on which the file was judged.
    pub today: Date,
    /// The policies that are sound in themselves, for lints.
    sound: Vec<Policy>,
    checked: Option<Checked>,
}

impl Analysis {
    /// The checked file; `None` while one error stands.
    pub fn checked(&self) -> Option<&Checked> {
        self.checked.as_ref()
    }

    /// The policies that are sound in themselves, whether or not the rest of the file is. Lints read these; nothing
    /// is enforced from them.
    pub fn policies(&self) -> &[Policy] {
        self.checked.as_ref().map_or(&self.sound, |checked| &checked.policies)
    }
}

/// How many files one analysis reads.
const MAX_FILES: usize = 256;

/// Reads and checks a file with its imports.
pub fn analyze(root: Source, imports: &dyn Imports, environment: Environment<'_>) -> Analysis {
    let mut reader = Reader {
        sources: Vec::new(),
        files: Vec::new(),
        graph: Vec::new(),
        known: BTreeMap::new(),
        errors: Vec::new(),
    };
    reader.read(root, imports);
    let Reader { sources, files, graph, errors, .. } = reader;
    let judged = judge(files, &graph, errors, environment);
    let Judged { policies, outline, diagnostics } = judged;
    let today = environment.today;
    if diagnostics.iter().any(Diagnostic::is_fatal) {
        return Analysis { sources, diagnostics, outline, today, sound: policies, checked: None };
    }
    let checked = Some(Checked { policies, grants: outline.grants.clone(), tests: outline.tests.clone() });
    Analysis { sources, diagnostics, outline, today, sound: Vec::new(), checked }
}

/// Checks what a text of another format says, read by somebody else: `errors` are what that reader has to say.
///
/// Its policies are judged like all others and never checked: nothing is compiled or enforced from them.
pub fn analyze_model(
    source: Source,
    file: model::File,
    errors: Vec<Diagnostic>,
    environment: Environment<'_>,
) -> Analysis {
    let Judged { policies, outline, diagnostics } = judge(vec![file], &[Vec::new()], errors, environment);
    let (sources, today) = (vec![source], environment.today);
    Analysis { sources, diagnostics, outline, today, sound: policies, checked: None }
}

/// What comes of models.
struct Judged {
    /// The policies that are sound in themselves.
    policies: Vec<Policy>,
    /// What stands around them.
    outline: Outline,
    /// All that is wrong, in order.
    diagnostics: Vec<Diagnostic>,
}

/// From models to policies: names, lists of tools, types. The first file is the one that is judged.
fn judge(
    mut files: Vec<model::File>,
    graph: &[Vec<FileId>],
    mut errors: Vec<Diagnostic>,
    environment: Environment<'_>,
) -> Judged {
    let included = included(&files);
    let bodies = take_bodies(&mut files, &included);
    let scopes = Scopes::new(&files, graph, &mut errors);
    let mut policies = Vec::new();
    let root = model::File::default();
    let root = files.first().unwrap_or(&root);
    // these leave nothing out that counts: words that are understood, and members that mean nothing to anyone
    let harmless = [&codes::FOREIGN_SYNTAX, &codes::OBSOLETE_FIELD, &codes::UNSUPPORTED_WINDOW];
    let unread = |error: &&Diagnostic| error.is_fatal() && !harmless.contains(&error.code);
    let broken: BTreeSet<Span> = errors.iter().filter(unread).map(|error| error.span).collect();
    let mut uses = Uses::of_sets(root);
    for (policy, body) in root.policies.iter().zip(bodies) {
        let statements = body.as_ref().unwrap_or(&policy.statements);
        uses.of_statements(statements);
        if let Some((mut checked, sound)) =
            check::policy(policy, statements, &scopes, environment.catalogs, environment.today, &mut errors)
        {
            checked.included = included.contains(checked.name());
            let reads = broken.range(policy.span.at_start()..policy.span.at_end()).next().is_none();
            // nothing rests on a foreign policy, so a mistake in it hides no other
            if (sound || policy.origin != Origin::Language) && reads {
                policies.push(checked);
            }
        }
    }
    forget_members_known_elsewhere(&mut policies);
    check_grants(root, &scopes, environment.catalogs, &mut errors);
    for name in root.tests.iter().filter_map(|test| test.policy.as_ref()) {
        if scopes.policy(FileId(0), &name.text).is_none() {
            errors.push(scopes.unknown_policy(name));
        }
    }
    let outline = Outline::new(root, &uses);
    diagnostic::sort(&mut errors);
    Judged { policies, outline, diagnostics: errors }
}

/// The names of policies that some policy includes.
fn included(files: &[model::File]) -> BTreeSet<Box<str>> {
    let statements = files.iter().flat_map(|file| &file.policies).flat_map(|policy| &policy.statements);
    statements.filter_map(|statement| statement.policy.as_ref()).map(|name| name.text.clone()).collect()
}

/// Takes the statements out of the root's policies that nothing includes, so that each is let go once it is checked
/// and a large file is never held twice.
fn take_bodies(files: &mut [model::File], included: &BTreeSet<Box<str>>) -> Vec<Option<Vec<model::Statement>>> {
    let Some(root) = files.first_mut() else { return Vec::new() };
    let taken = root.policies.iter_mut().map(|policy| {
        let is_included = policy.name.as_ref().is_some_and(|name| included.contains(&name.text));
        (!is_included).then(|| std::mem::take(&mut policy.statements))
    });
    taken.collect()
}

/// A member of a set is unknown only if no policy is for a server that has it, and is said once, with the weight of
/// its weightiest use.
fn forget_members_known_elsewhere(policies: &mut [Policy]) {
    let mut guards: BTreeMap<Span, bool> = BTreeMap::new();
    let mut known: BTreeSet<Span> = BTreeSet::new();
    let servers: BTreeMap<&str, &Server> =
        policies.iter().filter_map(Policy::server).map(|server| (server.id.as_str(), server)).collect();
    for unknown in policies.iter().flat_map(|policy| &policy.unknown).filter(|unknown| unknown.in_set) {
        let seen = guards.entry(unknown.name.span);
        let again = matches!(seen, Entry::Occupied(_));
        *seen.or_default() |= unknown.guards;
        if !again && servers.values().any(|server| server.tool(&unknown.name.text).is_some()) {
            known.insert(unknown.name.span);
        }
    }
    for policy in policies {
        policy.unknown.retain_mut(|unknown| {
            if !unknown.in_set {
                return true;
            }
            let Some(weight) = guards.remove(&unknown.name.span) else { return false };
            unknown.guards = weight;
            !known.contains(&unknown.name.span)
        });
    }
}

fn check_grants(root: &model::File, scopes: &Scopes<'_>, catalogs: &Catalogs, errors: &mut Vec<Diagnostic>) {
    let mut identities: BTreeMap<&str, Span> = BTreeMap::new();
    for grant in &root.grants {
        if let Some(first) = identities.insert(&grant.identity.text, grant.identity.span) {
            errors.push(
                Diagnostic::error(
                    &codes::DUPLICATE_NAME,
                    grant.identity.span,
                    format!("a second grant is for {}", syntax::literal::quote(&grant.identity.text)),
                )
                .label(first, "the first one")
                .help("name all of its policies in one grant"),
            );
        }
        // a server may be written by its id, its package or its repository
        let mut servers: BTreeMap<String, Span> = BTreeMap::new();
        for name in &grant.policies {
            let Some(policy) = scopes.policy(FileId(0), &name.text) else {
                errors.push(scopes.unknown_policy(name));
                continue;
            };
            let Some(server) = &policy.server else { continue };
            let id = catalogs.find(&server.text).map_or_else(|| server.text.to_string(), |known| known.id.clone());
            if let Some(first) = servers.insert(id, name.span) {
                errors.push(
                    Diagnostic::error(
                        &codes::CONFLICTING_GRANT,
                        name.span,
                        format!("this grant already has a policy for `{}`", server.text),
                    )
                    .label(first, "here")
                    .help("a grant has at most one policy a server; put both into one policy"),
                );
            }
        }
    }
}

struct Reader {
    sources: Vec<Source>,
    files: Vec<model::File>,
    /// For each file, those it imports.
    graph: Vec<Vec<FileId>>,
    known: BTreeMap<String, FileId>,
    errors: Vec<Diagnostic>,
}

impl Reader {
    /// Reads the root and everything that it imports, breadth first.
    fn read(&mut self, root: Source, imports: &dyn Imports) {
        self.known.insert(root.name.clone(), FileId(0));
        self.add(root);
        let mut next = 0;
        while let Some(file) = self.files.get(next) {
            let wanted = file.imports.clone();
            let from = self.sources.get(next).map_or(String::new(), |source| source.name.clone());
            for path in wanted {
                if let Some(id) = self.import(&from, &path, imports)
                    && let Some(edges) = self.graph.get_mut(next)
                {
                    edges.push(id);
                }
            }
            next += 1;
        }
        self.import_cycles();
    }

    fn add(&mut self, source: Source) -> FileId {
        let id = FileId(as_u32(self.sources.len()));
        let mut file = model::File::default();
        self.text(id, &source.text, &mut file);
        for policy in &mut file.policies {
            policy.doc = doc_above(&source.text, policy.head.start);
        }
        self.sources.push(source);
        self.files.push(file);
        self.graph.push(Vec::new());
        id
    }

    /// Chunk by chunk, so that only one tree is held at a time.
    fn text(&mut self, id: FileId, text: &str, file: &mut model::File) {
        if let Some(error) = syntax::too_large(id, text) {
            self.errors.push(error);
            return;
        }
        for (base, part) in syntax::pieces(text) {
            let mut chunk = syntax::parse_chunk(id, part);
            for error in &mut chunk.errors {
                error.shift(base);
            }
            self.errors.append(&mut chunk.errors);
            lower::lower(&chunk.tree, part, id, base, file, &mut self.errors);
        }
    }

    fn import(&mut self, from: &str, path: &model::Name, imports: &dyn Imports) -> Option<FileId> {
        let fail =
            |message: String, help: &str| Diagnostic::error(&codes::IMPORT_FAILED, path.span, message).help(help);
        if !is_importable(&path.text) {
            let message = format!("`{}` is not a path that can be imported", path.text);
            self.errors.push(fail(message, "imports are relative paths to `.mcp` files"));
            return None;
        }
        if self.files.len() >= MAX_FILES {
            self.errors.push(fail(format!("more than {} are read", count(MAX_FILES, "file")), "import fewer files"));
            return None;
        }
        let source = match imports.load(from, &path.text) {
            Ok(source) => source,
            Err(ImportError(why)) => {
                let message = format!("`{}` cannot be read: {why}", path.text);
                self.errors.push(fail(message, "the path is relative to the file that imports"));
                return None;
            }
        };
        if let Some(id) = self.known.get(&source.name) {
            return Some(*id);
        }
        self.known.insert(source.name.clone(), FileId(as_u32(self.sources.len())));
        Some(self.add(source))
    }

    /// Files that import each other in a circle are refused, whether or not they use each other's names.
    fn import_cycles(&mut self) {
        for (index, edges) in self.graph.iter().enumerate() {
            let start = FileId(as_u32(index));
            let mut seen: BTreeSet<FileId> = BTreeSet::new();
            let mut queue: Vec<FileId> = edges.clone();
            while let Some(file) = queue.pop() {
                if seen.insert(file) {
                    queue.extend(self.graph.get(file.0 as usize).into_iter().flatten());
                }
            }
            let Some(file) = self.files.get(index).filter(|_| seen.contains(&start)) else { continue };
            let Some(import) = file.imports.first() else { continue };
            self.errors.push(
                Diagnostic::error(
                    &codes::CYCLE,
                    import.span,
                    "this file and its imports import each other in a circle",
                )
                .help("move what both need into a third file"),
            );
        }
    }
}

/// The `///` lines directly above a place, without their slashes.
pub fn doc_above(text: &str, offset: u32) -> Option<String> {
    let before = slice(text, 0..offset as usize);
    let mut lines: Vec<&str> = Vec::new();
    for line in before.strip_suffix('\n').unwrap_or(before).rsplit('\n') {
        match line.trim().strip_prefix("///") {
            Some(doc) => lines.push(doc.strip_prefix(' ').unwrap_or(doc)),
            None => break,
        }
    }
    lines.reverse();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
