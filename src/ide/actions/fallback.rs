//! The default that a policy lacks.

use super::{Action, Asked, Kind, Work, below};
use crate::{
    diagnostic::codes,
    syntax::SyntaxKind as K,
    text::{Edit, Span, slice},
};

pub(super) fn find(asked: &Asked<'_>, out: &mut Vec<Action>) {
    let missing = asked.findings().filter(|(_, finding)| *finding.code == codes::MISSING_DEFAULT);
    for (index, finding) in missing {
        let holds = |span: Span| span.start <= finding.span.start && finding.span.start < span.end;
        let mut items = asked.view.document.items();
        let Some(policy) = items.find(|item| item.kind() == K::Policy && holds(item.span())) else { continue };
        let Some(brace) = policy.child(K::LBrace) else { continue };
        let text = asked.view.text();
        let span = below(text, brace.span().end);
        // a policy on one line stays on it
        let ends = slice(text, span.start as usize..text.len()).starts_with(['\r', '\n']);
        let text = if ends { "\n  default deny" } else { " default deny" };
        let edit = Edit { span, text: text.to_owned() };
        out.push(Action::new(Kind::QuickFix, "add `default deny`", Work::Tidy(vec![edit])).answering(vec![index]));
    }
}
