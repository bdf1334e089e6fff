//! Which names a file knows: its own sets and policies and those of the files it imports directly.

use std::collections::BTreeMap;

use super::model::{File, Name, Policy, Selector, SelectorKind, Set};
use crate::{
    catalog::{BuiltIn, built_in_set},
    diagnostic::{Diagnostic, codes},
    text::{FileId, Span, nearest},
};

/// The names that one file knows.
#[derive(Default)]
pub(super) struct Scope<'a> {
    sets: BTreeMap<&'a str, &'a Set>,
    policies: BTreeMap<&'a str, &'a Policy>,
}

/// The scopes of all files of an analysis, by file.
pub(super) struct Scopes<'a>(Vec<Scope<'a>>);

impl<'a> Scopes<'a> {
    /// Gathers names; `imports` holds, for each file, the files that it imports.
    pub(super) fn new(files: &'a [File], imports: &[Vec<FileId>], errors: &mut Vec<Diagnostic>) -> Self {
        let mut scopes = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let mut scope = Scope::default();
            let others = imports.get(index).into_iter().flatten().filter_map(|id| files.get(id.0 as usize));
            for file in std::iter::once(file).chain(others) {
                for set in &file.sets {
                    if built_in_set(&set.name.text).is_some() {
                        continue; // said once, below
                    }
                    if let Some(first) = scope.sets.insert(&set.name.text, set)
                        && !std::ptr::eq(first, set)
                    {
                        errors.push(duplicate("set", &set.name, &first.name));
                    }
                }
                for policy in &file.policies {
                    let Some(name) = &policy.name else { continue };
                    if let Some(first) = scope.policies.insert(&name.text, policy)
                        && !std::ptr::eq(first, policy)
                        && let Some(first) = &first.name
                    {
                        errors.push(duplicate("policy", name, first));
                    }
                }
            }
            scopes.push(scope);
        }
        for set in files.iter().flat_map(|file| &file.sets) {
            if built_in_set(&set.name.text).is_some() {
                let message = format!("`@{}` is built in and keeps its meaning", set.name.text);
                errors.push(
                    Diagnostic::error(&codes::BUILT_IN_NAME, set.name.span, message)
                        .help(format!("choose another name, such as `my_{}`", set.name.text)),
                );
            }
        }
        let scopes = Self(scopes);
        scopes.set_cycles(files, errors);
        scopes
    }

    fn scope(&self, file: FileId) -> Option<&Scope<'a>> {
        self.0.get(file.0 as usize)
    }

    /// The own set that a name means in a file.
    pub(super) fn set(&self, file: FileId, name: &str) -> Option<&'a Set> {
        self.scope(file)?.sets.get(name).copied()
    }

    /// The policy that a name means in a file.
    pub(super) fn policy(&self, file: FileId, name: &str) -> Option<&'a Policy> {
        self.scope(file)?.policies.get(name).copied()
    }

    /// The error for a set that means nothing.
    pub(super) fn unknown_set(&self, name: &str, span: Span) -> Diagnostic {
        let mut known: Vec<&str> = BuiltIn::names().collect();
        known.extend(self.scope(span.file).into_iter().flat_map(|scope| scope.sets.keys()).take(SUGGESTED_FROM));
        let error = Diagnostic::error(&codes::UNKNOWN_SET, span, format!("no set is named `@{name}`"));
        match nearest(name, known) {
            Some(known) => error.fix(
                crate::diagnostic::Applicability::Unsafe,
                format!("did you mean `@{known}`?"),
                span,
                format!("@{known}"),
            ),
            None => error.help(format!(
                "define it with `set {name} = …`, or use a built-in one: {}",
                crate::text::list(&BuiltIn::names().map(|name| format!("`@{name}`")).collect::<Vec<_>>(), "or")
            )),
        }
    }

    /// The error for a policy that does not exist.
    pub(super) fn unknown_policy(&self, name: &Name) -> Diagnostic {
        let known: Vec<&str> = self
            .scope(name.span.file)
            .into_iter()
            .flat_map(|scope| scope.policies.keys().copied())
            .take(SUGGESTED_FROM)
            .collect();
        let error = Diagnostic::error(&codes::UNKNOWN_POLICY, name.span, format!("no policy is named `{}`", name.text));
        match nearest(&name.text, known) {
            Some(known) => error.fix(
                crate::diagnostic::Applicability::Unsafe,
                format!("did you mean `{known}`?"),
                name.span,
                known,
            ),
            None => {
                error.help(format!("write `policy {} for SERVER {{ … }}`, or import the file that has it", name.text))
            }
        }
    }

    /// Reports each set that contains itself, once.
    fn set_cycles(&self, files: &[File], errors: &mut Vec<Diagnostic>) {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            Open,
            Done,
        }
        let mut states: BTreeMap<Span, State> = BTreeMap::new();
        for root in files.iter().flat_map(|file| &file.sets) {
            // depth first, without recursion: chains of sets may be as long as the file
            if states.contains_key(&root.name.span) {
                continue;
            }
            let mut stack = vec![(root, references(root))];
            states.insert(root.name.span, State::Open);
            while let Some((set, rest)) = stack.last_mut() {
                let Some(reference) = rest.next() else {
                    states.insert(set.name.span, State::Done);
                    stack.pop();
                    continue;
                };
                let Some(inner) = self.set(reference.span.file, &reference.text) else { continue };
                match states.get(&inner.name.span) {
                    Some(State::Done) => {}
                    Some(State::Open) => errors.push(
                        Diagnostic::error(
                            &codes::CYCLE,
                            reference.span,
                            format!("the set `{}` contains itself", inner.name.text),
                        )
                        .label(inner.name.span, "defined here")
                        .help("name the tools instead of the set"),
                    ),
                    None => {
                        states.insert(inner.name.span, State::Open);
                        stack.push((inner, references(inner)));
                    }
                }
            }
        }
    }
}

/// How many names a suggestion is looked for among, so that a file of nothing but mistakes stays quick.
const SUGGESTED_FROM: usize = 256;

/// The sets that a set names.
fn references(set: &Set) -> impl Iterator<Item = &Selector> {
    set.tools.take.iter().chain(&set.tools.except).filter(|selector| selector.kind == SelectorKind::Set)
}

fn duplicate(what: &str, second: &Name, first: &Name) -> Diagnostic {
    Diagnostic::error(&codes::DUPLICATE_NAME, second.span, format!("a second {what} is named `{}`", second.text))
        .label(first.span, "the first one")
        .help("give one of them another name")
}
