//! The whole way from texts to a checked file: the one function that every front end calls.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use super::{
    check,
    checked::{Checked, Policy, UnknownTool},
    model,
    origin::Origin,
    outline::{Outline, Uses},
    read::{Text, Texts},
    resolve::Scopes,
};
use crate::{
    catalog::{Catalogs, Server},
    diagnostic::{self, Diagnostic, codes},
    syntax::{self, literal::Date},
    text::{FileId, Span},
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

    /// Checked, where nothing is wrong.
    pub(super) fn new(sources: Vec<Source>, findings: Findings, today: Date) -> Self {
        let Findings { policies, outline, diagnostics } = findings;
        if diagnostics.iter().any(Diagnostic::is_fatal) {
            return Self { sources, diagnostics, outline, today, sound: policies, checked: None };
        }
        let checked = Some(Checked { policies, grants: outline.grants.clone(), tests: outline.tests.clone() });
        Self { sources, diagnostics, outline, today, sound: Vec::new(), checked }
    }

    /// Of nothing.
    pub(super) fn empty(today: Date) -> Self {
        let (sources, diagnostics, sound) = (Vec::new(), Vec::new(), Vec::new());
        Self { sources, diagnostics, outline: Outline::default(), today, sound, checked: None }
    }

    /// The texts and the policies.
    pub(super) fn into_parts(self) -> (Vec<Source>, Vec<Policy>) {
        (self.sources, self.checked.map_or(self.sound, |checked| checked.policies))
    }
}

/// Reads and checks a file with its imports.
pub fn analyze(root: Source, imports: &dyn Imports, environment: Environment<'_>) -> Analysis {
    let text = Text::new(FileId(0), &root.text);
    let mut texts = Texts::new(root, text, imports, &mut Texts::default());
    let errors = texts.all_errors();
    let judged = judge(&mut texts.models, &texts.graph, errors, Vec::new(), environment);
    Analysis::new(texts.sources, judged.findings, environment.today)
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
    let Findings { policies, outline, diagnostics } =
        judge(&mut [file], &[Vec::new()], errors, Vec::new(), environment).findings;
    let (sources, today) = (vec![source], environment.today);
    Analysis { sources, diagnostics, outline, today, sound: policies, checked: None }
}

/// What comes of models.
pub(super) struct Judged {
    pub(super) findings: Findings,
    /// What is known of each policy of the root, in order.
    pub(super) verdicts: Vec<Verdict>,
}

/// What an analysis says of models.
pub(super) struct Findings {
    /// The policies that are sound in themselves.
    policies: Vec<Policy>,
    /// What stands around them.
    outline: Outline,
    /// All that is wrong, in order.
    diagnostics: Vec<Diagnostic>,
}

/// What came of one policy, and what that rests on besides its own text.
#[derive(Default)]
pub(super) struct Verdict {
    /// The policy, unless it has no name or no server, or the analysis has it.
    pub(super) policy: Option<Policy>,
    /// Whether the analysis has it.
    pub(super) given: bool,
    sound: bool,
    pub(super) errors: Vec<Diagnostic>,
    /// The names that no catalog knows, also those that turn out to be another server's.
    pub(super) unknown: Vec<UnknownTool>,
    /// The sets that it names.
    pub(super) sets: Uses,
    /// The policies that it includes.
    pub(super) includes: Vec<Box<str>>,
}

impl Verdict {
    fn new(
        policy: &model::Policy,
        statements: &[model::Statement],
        scopes: &Scopes<'_>,
        environment: Environment<'_>,
    ) -> Self {
        let mut out = Self::default();
        out.sets.of_statements(statements);
        out.includes.extend(names_included(statements).cloned());
        let checked =
            check::policy(policy, statements, scopes, environment.catalogs, environment.today, &mut out.errors);
        if let Some((policy, sound)) = checked {
            out.unknown.clone_from(&policy.unknown);
            out.sound = sound;
            out.policy = Some(policy);
        }
        out
    }
}

/// From models to policies: names, lists of tools, types. The first file is the one that is judged; `known` is what is
/// known of its policies, as far as it is.
pub(super) fn judge(
    files: &mut [model::File],
    graph: &[Vec<FileId>],
    mut errors: Vec<Diagnostic>,
    known: Vec<Option<Verdict>>,
    environment: Environment<'_>,
) -> Judged {
    let mut included = included(files);
    included.extend(known.iter().flatten().flat_map(|verdict| verdict.includes.iter().cloned()));
    let bodies = take_bodies(files, &included);
    let scopes = Scopes::new(files, graph, &mut errors);
    let root = model::File::default();
    let root = files.first().unwrap_or(&root);
    // these leave nothing out that counts: words that are understood, and members that mean nothing to anyone
    let harmless = [&codes::FOREIGN_SYNTAX, &codes::OBSOLETE_FIELD, &codes::UNSUPPORTED_WINDOW];
    let unread = |error: &&Diagnostic| error.is_fatal() && !harmless.contains(&error.code);
    let broken: BTreeSet<Span> = errors.iter().filter(unread).map(|error| error.span).collect();
    let (mut policies, mut verdicts) = (Vec::new(), Vec::new());
    let known = known.into_iter().chain(std::iter::repeat_with(|| None));
    for ((policy, body), known) in root.policies.iter().zip(bodies).zip(known) {
        let statements = body.as_ref().unwrap_or(&policy.statements);
        let mut verdict = known.unwrap_or_else(|| Verdict::new(policy, statements, &scopes, environment));
        errors.extend(verdict.errors.iter().cloned());
        // nothing rests on a foreign policy, so a mistake in it hides no other
        let sound = verdict.sound || policy.origin != Origin::Language;
        if sound
            && broken.range(policy.span.at_start()..policy.span.at_end()).next().is_none()
            && let Some(mut checked) = verdict.policy.take()
        {
            checked.included = included.contains(checked.name());
            policies.push(checked);
            verdict.given = true;
        }
        verdicts.push(verdict);
    }
    forget_members_known_elsewhere(&mut policies);
    check_grants(root, &scopes, environment.catalogs, &mut errors);
    for name in root.tests.iter().filter_map(|test| test.policy.as_ref()) {
        if scopes.policy(FileId(0), &name.text).is_none() {
            errors.push(scopes.unknown_policy(name));
        }
    }
    let outline = Outline::new(root, verdicts.iter().map(|verdict| &verdict.sets));
    diagnostic::sort(&mut errors);
    Judged { findings: Findings { policies, outline, diagnostics: errors }, verdicts }
}

/// The names of policies that some policy includes, as far as statements are there.
pub(super) fn included(files: &[model::File]) -> BTreeSet<Box<str>> {
    let policies = files.iter().flat_map(|file| &file.policies);
    policies.flat_map(|policy| names_included(&policy.statements)).cloned().collect()
}

fn names_included(statements: &[model::Statement]) -> impl Iterator<Item = &Box<str>> {
    statements.iter().filter_map(|statement| statement.policy.as_ref()).map(|name| &name.text)
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
