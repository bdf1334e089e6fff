//! The fixes of findings, one by one and many together.

use super::{Action, Asked, Kind, Work, tidy::smallest};
use crate::{
    check,
    diagnostic::{Applicability, Class, Diagnostic, Fix},
    hir::{Imports, Source},
    ide::{Document, View},
    text::{Edit, FileId},
};

pub(super) fn find(asked: &Asked<'_>, out: &mut Vec<Action>) {
    let mut many: Vec<(&'static str, bool)> = Vec::new();
    for (index, finding) in asked.findings() {
        let Some(fix) = finding.fix.as_ref().filter(|fix| is_own(fix)) else { continue };
        let mut action = Action::new(Kind::QuickFix, &fix.title, Work::Edits(fix.edits.clone()));
        action.preferred = fix.applicability == Applicability::Safe;
        out.push(action.answering(vec![index]));
        // what an error of reading means is for a person to say, each time
        let rule = (finding.code.name, finding.code.class == Class::Lint);
        if !many.contains(&rule) && fixable(asked.view, rule).nth(1).is_some() {
            many.push(rule);
        }
    }
    for (rule, unsafe_too) in many {
        let answered = asked.findings().filter(|(_, finding)| finding.code.name == rule).map(|(index, _)| index);
        let title = format!("fix all `{rule}` in this file");
        let action = Action::new(Kind::QuickFix, title, Work::FixRule(rule, unsafe_too));
        out.push(action.answering(answered.collect()));
    }
    let safe = |fix: &Fix| fix.applicability == Applicability::Safe && is_own(fix);
    if asked.view.document.report().findings.iter().filter_map(|finding| finding.fix.as_ref()).any(safe) {
        out.push(Action::new(Kind::FixAll, "apply all safe fixes in this file", Work::FixAll));
    }
}

fn is_own(fix: &Fix) -> bool {
    fix.edits.iter().all(|edit| edit.span.file == FileId(0))
}

/// The fixes of a rule's findings that may be applied together.
fn fixable<'a>(view: &View<'a>, (rule, unsafe_too): (&'static str, bool)) -> impl Iterator<Item = &'a Fix> {
    let of_rule = view.document.report().findings.iter().filter(move |finding| finding.code.name == rule);
    let may = move |fix: &&Fix| is_own(fix) && (unsafe_too || fix.applicability == Applicability::Safe);
    of_rule.filter_map(|finding| finding.fix.as_ref()).filter(may)
}

/// What `mcppol check --fix` does.
pub(super) fn all(view: &View<'_>, imports: &dyn Imports) -> Vec<Edit> {
    mended(view, imports, false, &|_| true)
}

/// The fixes of one rule alone.
pub(super) fn of_rule(view: &View<'_>, imports: &dyn Imports, rule: &str, unsafe_too: bool) -> Vec<Edit> {
    mended(view, imports, unsafe_too, &|finding| finding.code.name == rule)
}

fn mended(view: &View<'_>, imports: &dyn Imports, unsafe_too: bool, wanted: &dyn Fn(&Diagnostic) -> bool) -> Vec<Edit> {
    let Some(source) = view.document.analysis().sources.first() else { return Vec::new() };
    let fixed = check::fix(&source.text, unsafe_too, &mut |text| {
        let source = Source { name: source.name.clone(), text: text.to_owned() };
        let document = Document::new(view.document.kind(), source, imports, &view.around);
        let mut findings = document.report().findings.clone();
        // the others stay, so that it is seen whether a fix does harm
        findings.iter_mut().filter(|finding| !wanted(finding)).for_each(|finding| finding.fix = None);
        findings
    });
    if fixed.text == source.text {
        return Vec::new();
    }
    vec![smallest(&source.text, &fixed.text, 0)]
}
