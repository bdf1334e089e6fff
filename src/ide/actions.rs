//! What an editor offers to do at a place: a file for each kind of action, one line here.
//!
//! [`actions`] says what there is, at little cost; [`edits`] works out what one of them changes. Nothing is judged here:
//! findings, their fixes, proposed tests and recommended statements are those of everybody else.

mod fallback;
mod fixes;
mod ignore;
mod lists;
mod reason;
mod recommended;
mod showing;
mod tidy;

use super::{
    View,
    at::{At, at},
};
use crate::{
    diagnostic::Diagnostic,
    format::is_crlf,
    hir::Imports,
    text::{Edit, FileId, Span, as_u32, line_start, slice},
};

/// What an action is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It answers a finding.
    QuickFix,
    /// It writes the same, or more, in other words.
    Rewrite,
    /// It writes out what a name stands for.
    Inline,
    /// It applies every safe fix of the document.
    FixAll,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::QuickFix, Self::Rewrite, Self::Inline, Self::FixAll];
}

/// Something that can be done.
#[derive(Debug, Clone)]
pub struct Action {
    /// What it does, as a menu says it.
    pub title: String,
    /// What it is for.
    pub kind: Kind,
    /// The findings that it answers, by their places in the report.
    pub findings: Vec<usize>,
    /// Whether it is the one that is most likely wanted.
    pub preferred: bool,
    work: Work,
}

impl Action {
    fn new(kind: Kind, title: impl Into<String>, work: Work) -> Self {
        Self { title: title.into(), kind, findings: Vec::new(), preferred: false, work }
    }

    fn answering(mut self, findings: Vec<usize>) -> Self {
        self.findings = findings;
        self
    }

    /// Where the cursor belongs afterwards, where something is left to be written: a byte in the text of the one edit.
    pub fn stop(&self) -> Option<usize> {
        match self.work {
            Work::Blank(_, stop) => Some(stop),
            _ => None,
        }
    }
}

/// How an action comes to its edits.
#[derive(Debug, Clone)]
enum Work {
    /// These, as they are.
    Edits(Vec<Edit>),
    /// These, all in one item, which looks afterwards as the style has it if it did before.
    Tidy(Vec<Edit>),
    /// This one, with a place where the reader writes.
    Blank(Edit, usize),
    /// The safe fixes of all findings.
    FixAll,
    /// All fixes of one rule's findings; whether the unsafe ones too.
    FixRule(&'static str, bool),
    /// Tests of a policy that are not there yet.
    Tests(showing::Wanted),
}

/// What is asked about.
struct Asked<'a> {
    view: &'a View<'a>,
    start: u32,
    end: u32,
    at: At<'a>,
}

impl<'a> Asked<'a> {
    /// The findings of the document itself that touch the range, with their places in the report.
    fn findings(&self) -> impl Iterator<Item = (usize, &'a Diagnostic)> {
        let (start, end) = (self.start, self.end);
        let touches = move |span: Span| span.file == FileId(0) && span.start <= end && start <= span.end;
        let all = self.view.document.report().findings.iter().enumerate();
        all.filter(move |(_, finding)| touches(finding.span))
    }
}

/// Where actions of some kinds come from.
struct Origin {
    kinds: &'static [Kind],
    find: fn(&Asked<'_>, &mut Vec<Action>),
}

/// All of them, in the order in which they are offered.
static ALL: &[Origin] = &[
    Origin { kinds: &[Kind::QuickFix, Kind::FixAll], find: fixes::find },
    Origin { kinds: &[Kind::QuickFix], find: fallback::find },
    Origin { kinds: &[Kind::Rewrite], find: reason::find },
    Origin { kinds: &[Kind::Inline, Kind::Rewrite], find: lists::find },
    Origin { kinds: &[Kind::Rewrite], find: recommended::find },
    Origin { kinds: &[Kind::QuickFix, Kind::Rewrite], find: showing::find },
    Origin { kinds: &[Kind::QuickFix], find: ignore::find },
];

/// What can be done in a range of the document, of the kinds that are wanted.
pub fn actions(view: &View<'_>, start: u32, end: u32, wants: &dyn Fn(Kind) -> bool) -> Vec<Action> {
    let asked = Asked { view, start, end: end.max(start), at: at(view.document, start) };
    let mut out = Vec::new();
    for origin in ALL.iter().filter(|origin| origin.kinds.iter().any(|kind| wants(*kind))) {
        (origin.find)(&asked, &mut out);
    }
    out.retain(|action| wants(action.kind));
    out
}

/// What an action of this document changes in it; nothing where there turns out to be nothing to do.
pub fn edits(view: &View<'_>, action: &Action, imports: &dyn Imports) -> Vec<Edit> {
    match &action.work {
        Work::Edits(edits) => edits.clone(),
        Work::Tidy(edits) => tidy::tidy(view, edits),
        Work::Blank(edit, _) => vec![ended_as(view.text(), edit.clone())],
        Work::FixAll => fixes::all(view, imports),
        Work::FixRule(rule, unsafe_too) => fixes::of_rule(view, imports, rule, *unsafe_too),
        Work::Tests(wanted) => {
            showing::edit(view, wanted).map(|edit| ended_as(view.text(), edit)).into_iter().collect()
        }
    }
}

/// The edit, with lines that end as the first one of the document does.
fn ended_as(text: &str, edit: Edit) -> Edit {
    if is_crlf(text) { Edit { text: edit.text.replace('\n', "\r\n"), ..edit } } else { edit }
}

/// The place for lines below what ends at a place: behind a comment on its line, not into it.
fn below(text: &str, end: u32) -> Span {
    let rest = slice(text, end as usize..text.len());
    let rest = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let shown = rest.trim_start();
    let stays = if shown.is_empty() || shown.starts_with("//") { as_u32(rest.trim_end().len()) } else { 0 };
    Span::new(FileId(0), end + stays, end + stays)
}

/// The blanks that a place's line begins with.
fn indent(text: &str, at: u32) -> &str {
    let line = slice(text, line_start(text, at as usize)..text.len());
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    slice(line, 0..blanks)
}
