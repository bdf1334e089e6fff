//! Applies the fixes of findings to a text, again and again until none is left.
//!
//! Which findings there are is the caller's to say, so that an editor and the command line fix alike.

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Applicability, Class, Diagnostic, Fix},
    text::{self, Edit, FileId},
};

/// How often a text is looked at anew; fixes that bring each other back end here.
const ROUNDS: usize = 20;
/// How many subsets of fixes are tried in one round where all of them together do harm.
const TRIES: usize = 100;

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The text with its fixes.
    pub text: String,
    /// How many safe fixes were applied.
    pub safe: usize,
    /// How many unsafe fixes were applied.
    pub unsafe_: usize,
    /// How many fixes were left out, because each would bring an error that was not there.
    pub refused: usize,
}

/// Fixes the file that is asked for. `judge` says what is found in a text; findings that are not to be fixed it leaves out.
pub fn fix(text: &str, unsafe_too: bool, judge: &mut dyn FnMut(&str) -> Vec<Diagnostic>) -> Fixed {
    let mut out = Fixed { text: text.to_owned(), safe: 0, unsafe_: 0, refused: 0 };
    let mut findings = judge(text);
    for _ in 0..ROUNDS {
        let chosen = chosen(&out.text, &findings, unsafe_too);
        let mut round = Round { text: &out.text, before: &findings, judge, kept: Vec::new(), best: None, tries: TRIES };
        round.keep(&chosen);
        let (kept, best) = (round.kept, round.best);
        out.refused = chosen.len() - kept.len();
        let Some((text, after)) = best else { break };
        for fix in kept {
            match fix.applicability {
                Applicability::Safe => out.safe += 1,
                Applicability::Unsafe => out.unsafe_ += 1,
            }
        }
        out.text = text;
        findings = after;
    }
    out
}

/// One look at a text: the fixes that do no harm together.
struct Round<'a> {
    text: &'a str,
    before: &'a [Diagnostic],
    judge: &'a mut dyn FnMut(&str) -> Vec<Diagnostic>,
    kept: Vec<&'a Fix>,
    /// The text with those, and what is found in it.
    best: Option<(String, Vec<Diagnostic>)>,
    tries: usize,
}

impl<'a> Round<'a> {
    /// Keeps all of these fixes, or of each half what can be kept.
    fn keep(&mut self, fixes: &[&'a Fix]) {
        if fixes.is_empty() || self.tries == 0 {
            return;
        }
        self.tries -= 1;
        let edits: Vec<Edit> = self.kept.iter().chain(fixes).flat_map(|fix| fix.edits.iter().cloned()).collect();
        let text = text::apply(self.text, &edits);
        let after = (self.judge)(&text);
        if !harmful(self.before, &after) {
            self.kept.extend(fixes);
            self.best = Some((text, after));
        } else if fixes.len() > 1 {
            let (first, second) = fixes.split_at(fixes.len() / 2);
            self.keep(first);
            self.keep(second);
        }
    }
}

/// The fixes that can be applied together, in the order of their places: each whole, and none where another is.
fn chosen<'d>(text: &str, findings: &'d [Diagnostic], unsafe_too: bool) -> Vec<&'d Fix> {
    let wanted = |fix: &&Fix| (unsafe_too || fix.applicability == Applicability::Safe) && applies(text, fix);
    let mut fixes: Vec<&Fix> = findings.iter().filter_map(|finding| finding.fix.as_ref()).filter(wanted).collect();
    fixes.sort_by_key(|fix| fix.edits.iter().map(|edit| edit.span).min());
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    fixes.retain(|fix| {
        let free = fix.edits.iter().all(|edit| is_free(&taken, edit));
        if free {
            taken.extend(fix.edits.iter().map(|edit| (edit.span.start, edit.span.end)));
        }
        free
    });
    fixes
}

/// Whether an edit touches none of these ranges, and stands at the beginning of none.
fn is_free(taken: &BTreeMap<u32, u32>, edit: &Edit) -> bool {
    let before = taken.range(..edit.span.start).next_back();
    let after = taken.range(edit.span.start..).next();
    before.is_none_or(|(_, end)| *end <= edit.span.start)
        && after.is_none_or(|(start, _)| *start > edit.span.start && *start >= edit.span.end)
}

/// Whether a fix is for this text alone, fits it and changes it.
fn applies(text: &str, fix: &Fix) -> bool {
    let fits = |edit: &Edit| edit.span.file == FileId(0) && text.get(edit.span.range()).is_some();
    let changes = |edit: &Edit| text.get(edit.span.range()) != Some(edit.text.as_str());
    let mut taken = BTreeMap::new();
    let apart = fix.edits.iter().all(|edit| {
        let free = is_free(&taken, edit);
        taken.insert(edit.span.start, edit.span.end);
        free
    });
    fix.edits.iter().all(fits) && fix.edits.iter().any(changes) && apart
}

/// Whether an error stands that was not there. What a target cannot say is known only where nothing else is wrong.
fn harmful(before: &[Diagnostic], after: &[Diagnostic]) -> bool {
    let blind = before.iter().any(|finding| finding.is_fatal() && finding.code.class != Class::Target);
    let counts = |finding: &&Diagnostic| finding.is_fatal() && !(blind && finding.code.class == Class::Target);
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in before.iter().filter(counts) {
        *known.entry((finding.code.name, &finding.message)).or_default() += 1;
    }
    after.iter().filter(counts).any(|finding| {
        let left = known.get_mut(&(finding.code.name, finding.message.as_str())).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        diagnostic::{Level, codes},
        text::Span,
    };

    /// A finding for each of these words, to be replaced by the one beside it.
    fn judge<'w>(words: &'w [(&str, &str, Applicability)]) -> impl FnMut(&str) -> Vec<Diagnostic> + 'w {
        move |text| {
            let mut out = Vec::new();
            for (word, instead, applicability) in words {
                for (at, _) in text.match_indices(word) {
                    let span = Span::new(FileId(0), text::as_u32(at), text::as_u32(at + word.len()));
                    let finding = Diagnostic::new(&codes::UNUSED_SUPPRESSION, Level::Warning, span, *word);
                    out.push(finding.fix(*applicability, "fix", span, *instead));
                }
            }
            out.extend(text.match_indices('!').map(|(at, _)| {
                let span = Span::new(FileId(0), text::as_u32(at), text::as_u32(at + 1));
                Diagnostic::error(&codes::SYNTAX, span, format!("at {at}"))
            }));
            out
        }
    }

    #[test]
    fn rounds_end_when_nothing_is_left() {
        let words = [("a", "b", Applicability::Safe), ("b", "c", Applicability::Unsafe)];
        let fixed = |unsafe_too| fix("a a", unsafe_too, &mut judge(&words));
        assert_eq!(fixed(false), Fixed { text: "b b".to_owned(), safe: 2, unsafe_: 0, refused: 0 });
        assert_eq!(fixed(true), Fixed { text: "c c".to_owned(), safe: 2, unsafe_: 2, refused: 0 });
        let circle = [("a", "b", Applicability::Safe), ("b", "a", Applicability::Safe)];
        assert_eq!(fix("a", false, &mut judge(&circle)).safe, ROUNDS);
    }

    #[test]
    fn a_fix_that_does_harm_is_left_out_alone() {
        let words = [("a", "x", Applicability::Safe), ("b", "!", Applicability::Safe)];
        let fixed = fix("a b a a", false, &mut judge(&words));
        assert_eq!(fixed, Fixed { text: "x b x x".to_owned(), safe: 3, unsafe_: 0, refused: 1 });
    }

    #[test]
    fn of_two_that_collide_the_first_is_applied() {
        let words = [("ab", "x", Applicability::Safe), ("bc", "y", Applicability::Safe)];
        assert_eq!(fix("abc", false, &mut judge(&words)).text, "xc");
    }
}
