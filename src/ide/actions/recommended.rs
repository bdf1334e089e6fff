//! The statement that is recommended for a tool that its policy does not decide.

use super::{Action, Asked, Kind, Work, below, indent};
use crate::{
    hir::{Policy, RuleKind},
    ide::meaning::{Meaning, meaning, policy_of_test},
    recommend,
    syntax::{Node, SyntaxKind as K, parse_chunk},
    text::{Edit, FileId, head},
};

pub(super) fn find(asked: &Asked<'_>, out: &mut Vec<Action>) {
    let Some(Meaning::Tool(name)) = meaning(&asked.at) else { return };
    let Some(policy) = policy(asked) else { return };
    let Some(server) = policy.server() else { return };
    let Some(tool) = server.tool(&name) else { return };
    let decides = |kind: &RuleKind| matches!(kind, RuleKind::Allow | RuleKind::Ask | RuleKind::Deny | RuleKind::Hide);
    if policy.tool(&name).is_some_and(|id| policy.rules_of(id).any(|rule| decides(&rule.kind))) {
        return;
    }
    let rule = recommend::rule(server, tool);
    let chunk = parse_chunk(FileId(0), &rule);
    let mut items = chunk.tree.roots(&rule, FileId(0), 0);
    let Some(statement) = items.next().and_then(|item| statements(item).last()) else { return };
    let holds = |item: &Node<'_>| item.kind() == K::Policy && policy.name_span().start < item.span().end;
    let Some(item) = asked.view.document.items().find(holds) else { return };
    let Some(last) =
        statements(item).filter(|other| other.kind() == statement.kind()).last().or(statements(item).last())
    else {
        return;
    };
    let text = asked.view.text();
    let line = format!("\n{}{}", indent(text, last.span().start), statement.text());
    let block = if statement.has(K::Block) { " { … }" } else { "" };
    let title = format!("add `{}{block}`, as recommended", head(statement.text()));
    let edit = Edit { span: below(text, last.span().end), text: line };
    out.push(Action::new(Kind::Rewrite, title, Work::Tidy(vec![edit])));
}

/// The policy that the place is in, or that its test is for.
fn policy<'a>(asked: &Asked<'a>) -> Option<&'a Policy> {
    let item = asked.at.item()?;
    match item.kind() {
        K::Policy => asked.view.policy(asked.at.offset),
        _ => {
            let name = policy_of_test(item)?;
            asked.view.document.analysis().policies().iter().find(|policy| policy.name() == name)
        }
    }
}

fn statements(policy: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let body = policy.children().skip_while(|child| child.kind() != K::LBrace);
    body.filter(|child| child.children().next().is_some())
}
