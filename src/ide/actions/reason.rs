//! A reason for what has none.

use super::{Action, Asked, Kind, Work};
use crate::{
    syntax::SyntaxKind as K,
    text::{Edit, FileId, Span},
};

pub(super) fn find(asked: &Asked<'_>, out: &mut Vec<Action>) {
    let refuses = |kind| matches!(kind, K::Deny | K::Ask | K::Limit | K::Require | K::DenyIf | K::AskIf | K::LimitTo);
    let Some(part) = asked.at.path.iter().rev().find(|node| refuses(node.kind())).copied() else { return };
    let sound = asked.view.policy(asked.at.offset).is_some();
    // the fix of a finding does the same
    let fixed = asked.findings().any(|(_, finding)| finding.code.name == "deny-without-reason");
    if !sound || fixed || part.has(K::Because) {
        return;
    }
    let end = part.children().take_while(|child| child.kind() != K::Block).last().unwrap_or(part).span().end;
    let text = " because \"\"";
    let work = Work::Blank(Edit { span: Span::new(FileId(0), end, end), text: text.to_owned() }, text.len() - 1);
    out.push(Action::new(Kind::Rewrite, "say why, with `because`", work));
}
