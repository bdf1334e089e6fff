//! What the description of a tool says that it does: its leading verb, and those on a level with it.
//!
//! Descriptions are text of the server, written for models and not for us. What is found here may
//! choose the class of a tool whose name says nothing; otherwise it only makes the class stricter.

use super::{
    nouns::Noun,
    tokens::{Gap, Words},
    vocabulary::{self, Entry, Form},
    words::{Act, critical, strictness},
};

/// The most words of a description that are looked at.
const MAX_WORDS: usize = 120;

/// The most bytes of a description that are looked at.
const MAX_BYTES: usize = 1_000;

/// The most words of an opening such as "this tool allows you to".
const MAX_OPENING: usize = 12;

/// The words in which a description says what the tool does, before it comes to its options.
const MAX_OPTIONS: usize = 30;

/// Words of an opening that say nothing of what is done, though some are verbs.
const PASSED: &[&str] =
    &["use", "can", "allow", "allows", "is", "are", "be", "has", "have", "do", "does", "should", "must"];

/// What a description says.
#[derive(Debug)]
pub(super) struct Said {
    /// The strictest of its leading verbs.
    pub(super) act: Act,
    /// Whether that verb is hardly ever a noun.
    pub(super) plain: bool,
    /// The verb as it stands.
    pub(super) quote: String,
}

/// What a description says, as far as it can be told.
#[derive(Debug, Default)]
pub(super) struct Description {
    /// What it says that the tool does.
    pub(super) said: Option<Said>,
    /// A word by which what it does is for good, or destroys what was there.
    pub(super) for_good: Option<&'static str>,
}

impl Description {
    /// Reads a description.
    pub(super) fn of(text: &str) -> Self {
        let mut end = text.len().min(MAX_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let words = Words::of(text.get(..end).unwrap_or(""), MAX_WORDS);
        // what it does is said first
        let mut stops = (0..words.len()).filter(|at| words.gap(*at) == Gap::Stop);
        let most = stops.nth(7).unwrap_or(words.len());
        let tags: Vec<Entry> = words.iter().take(most).map(vocabulary::find).collect();
        Self { said: said(&words, &tags), for_good: for_good(&words) }
    }
}

fn said(words: &Words, tags: &[Entry]) -> Option<Said> {
    let tag = |at: usize| tags.get(at).copied().unwrap_or(Entry::UNKNOWN);
    // "to delete a file, use …" says what other tools do
    if words.at(0) == "to" {
        return None;
    }
    let lead = opening(words, tags)?;
    let first = tag(lead);
    let mut out = Said { act: first.verb?.act, plain: !first.verb?.noun, quote: words.at(lead).to_owned() };
    let mut chain = true;
    let mut joined = false;
    for at in lead + 1..words.len() {
        let gap = words.gap(at);
        if gap == Gap::Stop && !(chain && out.act == Act::Alter) {
            break;
        }
        let tag = tag(at);
        if tag.noun == Some(Noun::Not) {
            break;
        }
        if tag.noun == Some(Noun::Join) {
            joined = true;
            continue;
        }
        // "drag and drop"
        if tag.base == "drop" && words.at(at.saturating_sub(2)).starts_with("drag") {
            break;
        }
        let level = joined || gap != Gap::Plain;
        joined = false;
        let verb = tag.verb.filter(|verb| level && tag.form == first.form && (chain || !verb.noun));
        match verb {
            // "adds or removes" changes a list
            Some(_) if first.base == "add" && tag.base == "remove" => {}
            // behind a verb that reads, only what is joined to it without a word between
            Some(verb) if chain || out.act != Act::Read => {
                if strictness(verb.act) > strictness(out.act) {
                    out = Said { act: verb.act, plain: !verb.noun, quote: words.at(at).to_owned() };
                }
            }
            _ => chain &= tag.noun == Some(Noun::Filler) || out.act == Act::Alter,
        }
    }
    Some(out)
}

/// The place of the leading verb.
fn opening(words: &Words, tags: &[Entry]) -> Option<usize> {
    for (at, tag) in tags.iter().enumerate().take(MAX_OPENING) {
        match (tag.verb, tag.noun) {
            (_, Some(Noun::Not)) => return None,
            (_, Some(Noun::Filler | Noun::Preposition | Noun::Article)) => {}
            // "use this to …", "can be used to …", "does a …"
            _ if PASSED.contains(&words.at(at)) => {}
            (Some(_), _) if tag.form != Form::Past => return Some(at),
            _ => return None,
        }
    }
    None
}

/// A word that says that what is lost is lost, unless it is denied or about something else.
fn for_good(words: &Words) -> Option<&'static str> {
    let mut denied = false;
    for (at, word) in words.iter().enumerate() {
        if words.gap(at) == Gap::Stop {
            denied = matches!(word, "to" | "unlike" | "if" | "use");
        }
        let found = match word {
            "permanently" => "permanently",
            "irreversible" => "irreversible",
            "irreversibly" => "irreversibly",
            "unrecoverable" => "unrecoverable",
            // further on it is the name of an option
            "overwrites" if at < MAX_OPTIONS => "overwrites",
            "overwrite" if at < MAX_OPTIONS => "overwrite",
            "undone" if at > 1 && (words.at(at - 2) == "cannot" || words.at(at - 2) == "t") => return Some("undone"),
            _ => {
                denied |= matches!(word, "not" | "never" | "no" | "cannot" | "don" | "doesn" | "won" | "t" | "without");
                continue;
            }
        };
        if !denied {
            return Some(found);
        }
    }
    None
}

impl Said {
    /// Whether it is strong enough to overrule a name that says something milder.
    pub(super) fn overrules(&self) -> bool {
        self.plain && matches!(self.act, Act::Delete | Act::Pay) && critical(self.act)
    }
}
