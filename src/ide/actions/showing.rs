//! Tests that show what no test shows yet.

use super::{Action, Asked, Kind, Work, below};
use crate::{
    format::format,
    hir::checked::CheckedPolicy,
    ide::{View, meaning::policy_of_test},
    syntax::{Node, SyntaxKind as K},
    text::{Edit, Span},
    trial::{self, About},
};

/// Tests that are wanted: of which policy, by the place of its name, and about what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    policy: Span,
    about: About,
}

pub(super) fn find(asked: &Asked<'_>, out: &mut Vec<Action>) {
    let offset = asked.at.offset;
    let Some(checked) = asked.view.document.analysis().checked() else { return };
    let Some(policy) =
        checked.policies().find(|policy| policy.holds(Span { end: offset, start: offset, ..policy.head() }))
    else {
        return;
    };
    let action =
        |kind, title, about| Action::new(kind, title, Work::Tests(Wanted { policy: policy.name_span(), about }));
    let untested = asked.findings().filter(|(_, finding)| finding.code.name == "untested-critical-deny");
    for (index, _) in untested.filter(|(_, finding)| finding.span == policy.name_span()) {
        let title = "add a test of the critical tools that no test calls";
        out.push(action(Kind::QuickFix, title, About::Critical).answering(vec![index]));
    }
    if offset <= policy.head().end {
        out.push(action(Kind::Rewrite, "add tests for what no test shows", About::Policy));
    } else if let Some(statement) = asked.at.path.get(1).filter(|node| node.children().next().is_some()) {
        out.push(action(Kind::Rewrite, "add a test of this statement", About::Statement(statement.span())));
    }
}

/// The new tests, below those that the policy has, or else below the policy.
pub(super) fn edit(view: &View<'_>, wanted: &Wanted) -> Option<Edit> {
    let analysis = view.document.analysis();
    let is_it = |policy: &CheckedPolicy<'_>| policy.name_span() == wanted.policy;
    let checked = analysis.checked()?;
    let policy = checked.policies().find(is_it)?;
    let tests = trial::tests_about(checked, &analysis.sources, policy, wanted.about);
    if tests.is_empty() {
        return None;
    }
    let of_it = |item: &Node<'_>| match item.kind() {
        K::Test => policy_of_test(*item) == Some(policy.name()),
        _ => item.kind() == K::Policy && policy.holds(item.span().at_start()),
    };
    let end = view.document.items().filter(of_it).last()?.span().end;
    let tests = format(&tests).unwrap_or(tests);
    Some(Edit { span: below(view.text(), end), text: format!("\n\n{}", tests.trim()) })
}
