//! Comments that silence a finding where it stands. Their reason is left to be written: without one nothing is silenced.

use std::collections::BTreeMap;

use super::{Action, Asked, Kind, Work, indent};
use crate::{
    diagnostic::codes,
    ide::Kind as Of,
    syntax::{comments, directive, mark},
    text::{Edit, FileId, Span, as_u32, line_start, slice},
};

/// What is wrong with comments is not silenced by one more; and what any comment answers would be gone before it is
/// silenced.
const ABOUT_COMMENTS: [&str; 4] =
    [codes::UNUSED_SUPPRESSION.name, codes::INVALID_SUPPRESSION.name, "undocumented-grant", "redundant-default"];

pub(super) fn find(asked: &Asked<'_>, out: &mut Vec<Action>) {
    if !matches!(asked.view.document.kind(), Of::Policy) {
        return;
    }
    let text = asked.view.text();
    // a comment speaks of all that a rule finds on the line
    let mut lines: BTreeMap<(u32, &str), Vec<usize>> = BTreeMap::new();
    for (index, finding) in asked.findings() {
        let about_comments = ABOUT_COMMENTS.contains(&finding.code.name);
        if !finding.is_fatal() && !about_comments {
            lines.entry((start_of_line(text, finding.span.start), finding.code.name)).or_default().push(index);
        }
    }
    for ((start, rule), answered) in lines {
        let Some((title, work)) = comment(text, rule, start) else { continue };
        out.push(Action::new(Kind::QuickFix, title, work).answering(answered));
    }
}

fn start_of_line(text: &str, at: u32) -> u32 {
    as_u32(line_start(text, at as usize))
}

/// The comment that silences a rule on the line that begins at a place.
fn comment(text: &str, rule: &str, start: u32) -> Option<(String, Work)> {
    let line = line_at(text, start);
    let above = start.checked_sub(1).map(|end| start_of_line(text, end));
    let above = above.map(|start| (line_at(text, start), start));
    let alone = above.filter(|(line, _)| line.trim_start().starts_with("//"));
    if let Some(added) = alone.into_iter().chain([(line, start)]).find_map(|(line, start)| add(line, start, rule)) {
        return Some((format!("add `{rule}` to the ignore comment"), Work::Edits(vec![added])));
    }
    let title = format!("ignore `{rule}` here, for a reason to be written");
    let words = format!("// mcppol: ignore[{rule}] -- ");
    let documents = above.is_some_and(|(line, _)| line.trim_start().starts_with("///"));
    let (at, words, stop) = if documents {
        // what documents a policy stands directly above it
        let at = start + as_u32(line.trim_end().len());
        comments(line).next().is_none().then_some(())?;
        (at, format!(" {words}"), words.len() + 1)
    } else {
        // a line of its own, from its beginning: editors indent again what they put into a line
        let own = format!("{}{words}", indent(text, start));
        let stop = own.len();
        (start + as_u32(mark(line)), own + "\n", stop)
    };
    let span = Span::new(FileId(0), at, at);
    Some((title, Work::Blank(Edit { span, text: words }, stop)))
}

fn line_at(text: &str, start: u32) -> &str {
    slice(text, start as usize..text.len()).split('\n').next().unwrap_or_default()
}

/// One more rule in the ignore comment of a line, if there is one with a reason.
fn add(line: &str, start: u32, rule: &str) -> Option<Edit> {
    let (at, comment) = comments(line).next()?;
    let said = directive(comment)?.trim_start().strip_prefix("ignore")?.trim_start().strip_prefix('[')?;
    let (rules, reason) = said.split_once(']')?;
    let gives_reason = reason.trim_start().strip_prefix("--").is_some_and(|reason| !reason.trim().is_empty());
    let known = rules.split(',').any(|known| known.trim() == rule);
    if !gives_reason || known || rules.trim().is_empty() {
        return None;
    }
    let end = start + as_u32(at + comment.find(']')?);
    Some(Edit { span: Span::new(FileId(0), end, end), text: format!(", {rule}") })
}
