//! What stands above policies and tests: what a policy comes to, and whether a test passes.

use super::{Kind, View, counts::Counts};
use crate::{
    hir::checked::Policy,
    text::{FileId, Span, count},
    trial,
};

/// What stands above a policy whose tools cannot be counted.
pub const BROKEN: &str = "not judged while it has errors";

/// A line above a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The place.
    pub span: Span,
    /// What the line is about.
    pub about: About,
}

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// What a policy comes to, in words.
    Counts(String),
    /// The document that a policy of this name is compiled to.
    Compiled(String),
    /// A test of this name. Running it takes a while, so it is run by [`state`] when its line is seen.
    Test(String),
}

/// The lines of a document, by place: the same ones whether or not it has errors, so that its text does not jump.
pub fn lenses(view: &View<'_>) -> Vec<Lens> {
    let analysis = view.document.analysis();
    let compiles = matches!(view.document.kind(), Kind::Policy);
    let mut sound = analysis.policies().iter().peekable();
    let mut out = Vec::new();
    for (name, whole) in &analysis.outline.policies {
        while sound.next_if(|policy| policy.name_span() < whole.at_start()).is_some() {}
        let counts = sound.next_if(|policy| policy.name_span() == name.span).map_or_else(|| BROKEN.to_owned(), counted);
        out.push(Lens { span: name.span, about: About::Counts(counts) });
        if compiles {
            out.push(Lens { span: name.span, about: About::Compiled(name.text.to_string()) });
        }
    }
    let tests = analysis.outline.tests.iter();
    out.extend(tests.map(|test| Lens { span: test.name.span, about: About::Test(test.name.text.to_string()) }));
    out.retain(|lens| lens.span.file == FileId(0));
    out.sort_by_key(|lens| lens.span);
    out
}

fn counted(policy: &Policy) -> String {
    Counts::of(policy).to_string()
}

/// How the tests of a name come out, in words.
pub fn state(view: &View<'_>, test: &str) -> String {
    let analysis = view.document.analysis();
    let Some(checked) = analysis.checked() else { return "not run while the file has errors".to_owned() };
    let tried = trial::run(checked, &analysis.sources, &|it| &*it.name.text == test);
    let calls: Vec<&trial::Made<'_>> = tried.iter().flat_map(|tried| &tried.calls).collect();
    let failed = calls.iter().filter(|made| made.failure.is_some()).count();
    match (tried.len(), failed) {
        (0, _) => "is gone".to_owned(),
        (_, 0) => format!("✓ passes: {}", count(calls.len(), "call")),
        _ => format!("✗ fails: {failed} of {}", count(calls.len(), "call")),
    }
}
