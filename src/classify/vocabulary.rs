//! Looking up a word: the tables of `words` and `nouns`, with the inflections of the verbs.
//!
//! Words are compared whole. What a word means beside others is absent: see `name`.

use std::{collections::BTreeSet, iter, sync::LazyLock};

use super::{
    nouns::{NOUNS, Noun},
    words::{Act, NOUN_VERBS, VERBS, Verb},
};

/// The form in which a verb stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// `delete`
    Base,
    /// `deletes`; of a verb that is also a noun, its plural.
    Third,
    /// `deleting`
    Ing,
    /// `deleted`: what it stands with has been done already.
    Past,
}

/// What is known of a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Its meaning as a verb.
    pub(super) verb: Option<Verb>,
    /// The form of the verb.
    pub(super) form: Form,
    /// The verb in its base form; empty for what is no verb.
    pub(super) base: &'static str,
    /// Its meaning beside verbs.
    pub(super) noun: Option<Noun>,
}

impl Entry {
    /// A word of which nothing is known.
    pub(super) const UNKNOWN: Self = Self { verb: None, form: Form::Base, base: "", noun: None };
}

/// What is known of a word, given in lower case.
pub(super) fn find(word: &str) -> Entry {
    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::new);
    VOCABULARY.find(word).unwrap_or(Entry::UNKNOWN)
}

/// A word in a name such as `pull_request`: no verb there, whatever it is elsewhere.
pub(super) fn part(word: &str) -> Entry {
    let looked_at = |it: &Noun| matches!(it, Noun::Things | Noun::Report | Noun::State);
    Entry { noun: find(word).noun.filter(looked_at).or(Some(Noun::Subject)), ..Entry::UNKNOWN }
}

/// Whether a word that is not in the tables has the ending of a noun or of an adjective, so that
/// it is no verb that nobody knows.
pub(super) fn looks_no_verb(word: &str) -> bool {
    const ENDINGS: [&str; 12] =
        ["tion", "sion", "ity", "ness", "ical", "ional", "cial", "ship", "ment", "ics", "logy", "ware"];
    word.len() > 5 && (ENDINGS.iter().any(|it| word.ends_with(it)) || (word.ends_with("ed") && !word.ends_with("eed")))
}

/// Whether a word that is not in the tables may be a plural.
pub(super) fn looks_plural(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
}

/// The words, by their first letters, each packed into one number.
struct Vocabulary {
    letters: Vec<Vec<(u128, Entry)>>,
}

impl Vocabulary {
    fn new() -> Self {
        let mut all = Vec::new();
        for (noun, table) in [(false, VERBS), (true, NOUN_VERBS)] {
            for (act, base) in table.iter().flat_map(|(act, words)| words.split(' ').map(|it| (*act, it))) {
                let verb = Some(Verb { act, noun });
                let known = |form| Entry { verb, form, base, noun: None };
                all.extend(forms(base).into_iter().map(|(form, word)| (word, known(form))));
            }
        }
        derived(&mut all);
        for (noun, words) in NOUNS {
            let entry = Entry { noun: Some(*noun), ..Entry::UNKNOWN };
            all.extend(words.split(' ').map(|word| (word.to_owned(), entry)));
        }
        // of a word that is several things, the base form first
        all.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.form.cmp(&y.form)));
        let mut letters: Vec<Vec<(u128, Entry)>> = vec![Vec::new(); 26];
        for (word, entry) in all {
            let Some(list) = letter(&word).and_then(|at| letters.get_mut(at)) else { continue };
            let Some(word) = packed(&word) else { continue };
            match list.last_mut().filter(|(last, _)| *last == word) {
                Some((_, known)) => {
                    known.noun = known.noun.or(entry.noun);
                    if known.verb.is_none() {
                        *known = Entry { noun: known.noun, ..entry };
                    }
                }
                None => list.push((word, entry)),
            }
        }
        Self { letters }
    }

    fn find(&self, word: &str) -> Option<Entry> {
        let list = self.letters.get(letter(word)?)?;
        let word = packed(word)?;
        let at = list.binary_search_by_key(&word, |(known, _)| *known).ok()?;
        list.get(at).map(|(_, entry)| *entry)
    }
}

/// A word as one number, in the order of its letters: comparing these is what most of the time
/// goes into. Longer words are not in the tables.
fn packed(word: &str) -> Option<u128> {
    if word.len() > 16 {
        return None;
    }
    Some(word.bytes().chain(iter::repeat(0)).take(16).fold(0, |number, byte| number << 8 | u128::from(byte)))
}

fn letter(word: &str) -> Option<usize> {
    let first = word.bytes().next()?;
    first.is_ascii_lowercase().then(|| usize::from(first - b'a'))
}

/// Adds `reinstall` from `install`, which does the same, and `unmerge` from `merge`, which only
/// changes; not where the word has a row of its own.
fn derived(all: &mut Vec<(String, Entry)>) {
    let known: BTreeSet<String> = all.iter().map(|(word, _)| word.clone()).collect();
    let mut made = Vec::new();
    for (word, entry) in all.iter().filter(|(_, entry)| entry.base.len() > 4 || entry.base == "send") {
        if entry.verb.is_some_and(|it| it.act == Act::Write) {
            made.push((format!("un{word}"), *entry));
        }
        made.push((format!("re{word}"), *entry));
    }
    all.extend(made.into_iter().filter(|(word, _)| !known.contains(word)));
}

/// The forms of a regular verb. A doubled consonant is given beside a single one: a form that is
/// no English does no harm.
fn forms(base: &str) -> Vec<(Form, String)> {
    let vowel = |c: char| "aeiou".contains(c);
    let mut ends = base.chars().rev();
    let (last, middle, third) = (ends.next(), ends.next(), ends.next());
    let after_consonant = middle.is_some_and(|it| !vowel(it));
    let stem = |cut: usize| base.get(..base.len().saturating_sub(cut)).unwrap_or(base);
    let mut out = vec![(Form::Base, base.to_owned())];
    let mut push = |form, stem: &str, ending: &str| out.push((form, format!("{stem}{ending}")));
    match last {
        Some('y') if after_consonant => {
            push(Form::Third, stem(1), "ies");
            push(Form::Past, stem(1), "ied");
            push(Form::Ing, base, "ing");
        }
        Some('e') => {
            push(Form::Third, base, "s");
            push(Form::Past, base, "d");
            push(Form::Ing, stem(1), "ing");
        }
        _ => {
            let hissing = base.ends_with(['s', 'x', 'z', 'o']) || base.ends_with("ch") || base.ends_with("sh");
            push(Form::Third, base, if hissing { "es" } else { "s" });
            push(Form::Past, base, "ed");
            push(Form::Ing, base, "ing");
            if let (Some(last), Some(middle), Some(third)) = (last, middle, third)
                && !vowel(last)
                && vowel(middle)
                && !vowel(third)
            {
                push(Form::Past, base, &format!("{last}ed"));
                push(Form::Ing, base, &format!("{last}ing"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn forms_of_verbs() {
        for (word, base, form) in [
            ("delete", "delete", Form::Base),
            ("deletes", "delete", Form::Third),
            ("deleted", "delete", Form::Past),
            ("deleting", "delete", Form::Ing),
            ("dropped", "drop", Form::Past),
            ("stopping", "stop", Form::Ing),
            ("fetches", "fetch", Form::Third),
            ("copies", "copy", Form::Third),
            ("queried", "query", Form::Past),
            ("undoes", "undo", Form::Third),
        ] {
            let entry = find(word);
            assert_eq!((entry.base, entry.form), (base, form), "{word}");
        }
        for word in ["undeleted", "deletable", "preset", "reseta", "", "löschen", "9"] {
            assert!(find(word).verb.is_none_or(|verb| verb.act == Act::Spare), "{word}");
        }
    }

    #[test]
    fn a_word_stands_once() {
        let mut seen = BTreeSet::new();
        for (_, words) in VERBS.iter().chain(NOUN_VERBS) {
            for word in words.split(' ') {
                assert!(packed(word).is_some(), "`{word}` is too long");
                assert!(seen.insert(word), "`{word}` stands twice among the verbs");
            }
        }
        let mut nouns = BTreeSet::new();
        for word in NOUNS.iter().flat_map(|(_, words)| words.split(' ')) {
            assert!(nouns.insert(word), "`{word}` stands twice among the nouns");
            assert!(!word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
        }
    }
}
