//! Runs the rules, and remembers what they found in policies that did not change since.

use super::{
    ALL, Check, File, Findings, Settings, Subject,
    subject::{Known, Shared},
    text_of,
};
use crate::{
    diagnostic::{Diagnostic, Fix},
    hir::{Analysis, Changes, Source},
    lock::Lock,
    text::{Placed, slice},
};

/// What is known of policies from one look at a file to the next. It is true for the same catalogs.
#[derive(Default)]
pub struct Memory {
    settings: Settings,
    shared: Shared,
    /// As many as there are policies, and in their order.
    policies: Vec<Remembered>,
}

#[derive(Default)]
struct Remembered {
    known: Known,
    /// What the rules over one policy found; `None` where they have not looked yet.
    findings: Option<Vec<Diagnostic>>,
}

impl Memory {
    /// Keeps what is known of the policies that did not change.
    pub fn keep(&mut self, changes: &Changes) {
        self.shared.let_patterns_go();
        let mut former: Vec<_> = std::mem::take(&mut self.policies).into_iter().map(Some).collect();
        let kept = changes.kept.iter().map(|number| former.get_mut((*number)?)?.take());
        self.policies = kept.map(Option::unwrap_or_default).collect();
        for policy in &mut self.policies {
            policy.findings.iter_mut().for_each(|findings| findings.shift(changes.shift));
        }
    }

    /// The same as [`lint`](super::lint).
    pub fn lint(
        &mut self,
        analysis: &Analysis,
        review: Option<&Lock>,
        settings: &Settings,
        only: Option<&str>,
    ) -> Vec<Diagnostic> {
        if self.settings != *settings {
            self.settings = settings.clone();
            self.policies.iter_mut().for_each(|policy| policy.findings = None);
        }
        let (shared, sources) = (&self.shared, &analysis.sources);
        let is_foreign = analysis.policies().iter().any(|policy| policy.origin().manners().is_some());
        self.policies.resize_with(analysis.policies().len(), Remembered::default);
        let mut out = Vec::new();
        let mut policies = Vec::new();
        for (policy, Remembered { known, findings }) in analysis.policies().iter().zip(&mut self.policies) {
            if only.is_none_or(|only| only == policy.name()) {
                let subject = Subject::new(policy, known, sources, shared);
                let found = findings.get_or_insert_with(|| of_policy(&subject, settings, is_foreign));
                out.extend(found.iter().cloned());
                policies.push(subject);
            }
        }
        let outline = &analysis.outline;
        of_file(&File { policies, outline, sources, review, today: analysis.today }, settings, is_foreign, &mut out);
        if is_foreign {
            out.iter_mut().for_each(|finding| finding.fix = finding.fix.take().filter(|fix| keeps_form(sources, fix)));
        }
        out
    }
}

/// What the rules over one policy find.
fn of_policy(policy: &Subject<'_>, settings: &Settings, is_foreign: bool) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for rule in ALL.iter().filter(|rule| settings.runs(rule)) {
        let check = match rule.check {
            Check::Policy(check) => check,
            Check::Narrowing(check) if policy.can_narrow() => check,
            Check::Form(check) if !is_foreign => check,
            _ => continue,
        };
        let mut findings = Findings { rule, out };
        check(policy, &mut findings);
        out = findings.out;
    }
    out
}

/// What the rules over a whole file find.
fn of_file(file: &File<'_>, settings: &Settings, is_foreign: bool, out: &mut Vec<Diagnostic>) {
    for rule in ALL.iter().filter(|rule| settings.runs(rule)) {
        let check = match rule.check {
            Check::File(check) => check,
            Check::FormOfFile(check) if !is_foreign => check,
            _ => continue,
        };
        let mut findings = Findings { rule, out: std::mem::take(out) };
        check(file, &mut findings);
        *out = findings.out;
    }
}

/// Whether a fix of a document in somebody else's format surely leaves it readable: it puts a name in the place of a
/// name, or a text without anything special in the place of such a text between its quotes.
fn keeps_form(sources: &[Source], fix: &Fix) -> bool {
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
    };
    let is_plain = |text: &str| !text.chars().any(|c| c.is_control() || matches!(c, '"' | '\'' | '\\'));
    fix.edits.iter().all(|edit| {
        let text = text_of(sources, edit.span);
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let old = slice(text, start..end);
        let before = slice(text, 0..start).chars().next_back();
        let quoted = matches!(before, Some('"' | '\'')) && before == slice(text, end..text.len()).chars().next();
        is_name(old) && is_name(&edit.text) || quoted && is_plain(old) && is_plain(&edit.text)
    })
}
