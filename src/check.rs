//! Everything that there is to say about a file: the one list that the command line and editors show.

use crate::{
    diagnostic::{self, Diagnostic},
    hir::Analysis,
    lint,
    target::Target,
};

/// The diagnostics of an analysis, its lints, and what a target cannot express, in their order.
///
/// With `only`, lints and target speak of the policy of that name alone.
pub fn check(analysis: &Analysis, target: &Target, only: Option<&str>) -> Vec<Diagnostic> {
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    let mut out = analysis.diagnostics.clone();
    for policy in analysis.policies().iter().filter(|policy| wanted(policy.name())) {
        out.extend(lint::lint(policy));
    }
    for policy in analysis.checked().into_iter().flat_map(|checked| checked.policies()) {
        if wanted(policy.name()) {
            out.extend(target.lower(policy).diagnostics);
        }
    }
    lint::suppress(&analysis.sources, &mut out);
    diagnostic::sort(&mut out);
    out
}
