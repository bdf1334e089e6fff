//! What the name of a tool says: which of its words is the verb, and of what.
//!
//! A name is read as an English command: `delete_file`, with a product before it
//! (`asana_get_task`) or with the object first (`pods_delete`). Descriptions and schemas are absent.

use super::{
    nouns::{FIGURES, MAKERS, MOVERS, NO_PAYMENT_AFTER, Noun, ORDERS, PAYMENT_TAILS, SUBSCRIBERS, TERMS, among},
    phrases::{CASES, phrase},
    tokens::Words,
    vocabulary::{self, Entry, Form},
    words::{Act, Verb, critical, strictness},
};

/// The most words of a name that are looked at.
const MAX_WORDS: usize = 40;

/// Verbs that are adjectives behind another verb: `search_open_issues`.
const ADJECTIVES: &[&str] = &["open", "new", "complete", "duplicate", "read", "end", "start", "close"];

/// Verbs whose object may be what is told of a thing: `post_status`.
const KEPT: &[&str] = &["change", "email", "log", "message", "patch", "post", "record", "share", "store", "text"];

/// Nouns that pay, and are no verbs behind what is not known.
const THINGS: &[&str] = &["bet", "bid", "bill", "fund", "invoice", "order", "tip"];

/// Nouns that read, and are verbs behind what they read: `order_search`.
const READERS: &[&str] = &["count", "export", "query", "search", "view"];

/// How sure it is which word is the verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// No word says what the tool does.
    Nothing,
    /// There is a noun only, or one word that is as often a noun.
    Noun,
    /// A word that is as often a noun stands where a verb does.
    Likely,
    /// A verb.
    Verb,
}

/// What a name says.
#[derive(Debug)]
pub(super) struct Reading {
    /// What the tool does.
    pub(super) act: Act,
    /// How sure that is.
    pub(super) certainty: Certainty,
    /// Whether other words speak against it.
    pub(super) conflict: bool,
    /// The verb in its base form, where the tables have it.
    pub(super) verb: &'static str,
    /// What it rests on.
    pub(super) why: String,
}

/// A name, word by word.
#[derive(Debug)]
pub(super) struct Name {
    words: Words,
    tags: Vec<Entry>,
}

/// The verb of a name.
#[derive(Clone, Copy)]
struct Head {
    at: usize,
    verb: Verb,
    certainty: Certainty,
}

impl Name {
    /// Takes a name apart.
    pub(super) fn of(text: &str) -> Self {
        let words = Words::of(text, MAX_WORDS);
        let mut tags: Vec<Entry> = Vec::with_capacity(words.len());
        let mut covered = 0;
        let mut named = false;
        for at in 0..words.len() {
            if covered > 0 {
                covered -= 1;
                tags.push(if named { vocabulary::part(words.at(at)) } else { Entry::UNKNOWN });
                continue;
            }
            tags.push(match phrase(&words, at) {
                Some(phrase) => {
                    covered = phrase.words.len() - 1;
                    named = phrase.act.is_none();
                    match phrase.act {
                        Some(act) => Entry { verb: Some(Verb { act, noun: false }), ..Entry::UNKNOWN },
                        None => vocabulary::part(words.at(at)),
                    }
                }
                None => vocabulary::find(words.at(at)),
            });
        }
        let mut out = Self { words, tags };
        // `SearchTool`
        if out.words.last() == "tool" && out.words.len() > 1 && !out.calls_tools() {
            out.words.pop();
            out.tags.pop();
        }
        out
    }

    /// The words of the name.
    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    fn tag(&self, at: usize) -> Entry {
        self.tags.get(at).copied().unwrap_or(Entry::UNKNOWN)
    }

    /// The verb at a position, in a form that commands.
    fn verb(&self, at: usize) -> Option<Verb> {
        let tag = self.tag(at);
        match tag.form {
            Form::Base => tag.verb,
            // `SLACK_DELETES_A_COMMENT`
            Form::Third if self.noun(at + 1) == Some(Noun::Article) => tag.verb.map(|it| Verb { noun: false, ..it }),
            _ => None,
        }
    }

    fn plain(&self, at: usize) -> Option<Verb> {
        self.verb(at).filter(|it| !it.noun)
    }

    fn noun(&self, at: usize) -> Option<Noun> {
        self.tag(at).noun
    }

    /// Whether the word is something whose making moves money, and not the first part of the name
    /// of something else.
    fn payment(&self, at: usize) -> bool {
        let tag = self.tag(at);
        let noun_verb = matches!(tag.verb, Some(Verb { act: Act::Pay, noun: true })) && tag.form <= Form::Third;
        if !(noun_verb || matches!(tag.noun, Some(Noun::Payment | Noun::Money))) {
            return false;
        }
        let next = self.words.at(at + 1);
        let last = at + 1 == self.words.len()
            || among(PAYMENT_TAILS, next)
            || matches!(self.noun(at + 1), Some(Noun::Preposition | Noun::Join | Noun::Article | Noun::Payment))
            || self.verb(at + 1).is_some_and(|it| !it.noun || it.act == Act::Pay);
        last && (at == 0 || !among(NO_PAYMENT_AFTER, self.words.at(at - 1)))
    }

    /// The end of the first part of the name, before `for`, `by` and the like.
    fn end_of_object(&self, start: usize) -> usize {
        (start..self.words.len()).find(|at| self.noun(*at) == Some(Noun::Preposition)).unwrap_or(self.words.len())
    }

    /// Whether a word is a plural, of a verb that is also a noun or of a word that nobody knows.
    fn plural(&self, at: usize) -> bool {
        let tag = self.tag(at);
        match tag.verb {
            Some(verb) => verb.noun && tag.form == Form::Third,
            None => tag.noun.is_none() && vocabulary::looks_plural(self.words.at(at)),
        }
    }

    /// Whether a word is no verb that commands, known or not.
    fn names(&self, at: usize) -> bool {
        let tag = self.tag(at);
        let word = self.words.at(at);
        match (tag.verb, tag.noun) {
            (Some(verb), _) => tag.form > Form::Third || (verb.noun && tag.form == Form::Third),
            (None, Some(Noun::Preposition | Noun::Join | Noun::Not | Noun::Guard)) => false,
            (None, Some(Noun::Filler)) => matches!(word, "user" | "agent" | "client" | "api" | "batch"),
            (None, Some(_)) => true,
            (None, None) => vocabulary::looks_no_verb(word),
        }
    }

    /// Whether the name, without a verb, ends in something that is looked at.
    fn reports(&self) -> Option<usize> {
        let last = self.end_of_object(1).checked_sub(1)?;
        let pure = |at: &usize| {
            matches!(self.noun(*at), Some(Noun::Report | Noun::State)) && (*at > 0 || self.verb(*at).is_none())
        };
        let alone = |at: &usize| self.words.len() == 1 && self.noun(*at) == Some(Noun::Things);
        // `market_data`
        let collection = |at: &usize| {
            let terms = among(TERMS, self.words.at(*at));
            // `refund_policy`
            let paid = |it: usize| terms && self.verb(it).is_some_and(|it| it.noun && it.act == Act::Pay);
            *at > 0
                && (terms || self.plural(*at) || self.noun(*at) == Some(Noun::Things))
                && (0..*at).all(|it| paid(it) || self.names(it))
        };
        Some(last).filter(|at| pure(at) || alone(at) || collection(at)).or_else(|| Some(0).filter(pure))
    }

    /// Whether the name ends in what is told of a thing, so that a word before it is no verb:
    /// `build_status`, `order_history`, but not `post_status`.
    fn tells(&self, first: usize, verb: Verb) -> bool {
        let last = self.end_of_object(1).saturating_sub(1);
        // `message_history` is of messages, and nobody sends one
        if matches!(self.words.at(last), "history" | "stats" | "statistics" | "analytics") {
            return last > first && verb.act != Act::Read;
        }
        if verb.act == Act::Pay && among(TERMS, self.words.at(last)) {
            return last > first;
        }
        last > first
            && self.noun(last) == Some(Noun::State)
            && verb.act != Act::Read
            && !(verb.act == Act::Write && KEPT.contains(&self.base(first)))
    }

    /// Whether a word stands behind a preposition, and so is no verb: `checkin_to_show`.
    fn aside(&self, at: usize) -> bool {
        at > 1 && self.noun(at - 1) == Some(Noun::Preposition) && self.verb(at).is_some_and(|it| !critical(it.act))
    }

    /// Whether a check is a thing, as in `health_check_delete` and `check_host_delete`: another
    /// verb ends the name, and nothing between them asks what may be or has been done.
    fn checked(&self, at: usize) -> bool {
        let last = self.words.len() - 1;
        self.words.at(at) == "check"
            && last > at
            && (at > 0 || last > 1)
            && self.plain(last).is_some_and(|it| critical(it.act) || among(MAKERS, self.base(last)))
            && (at + 1..last).all(|it| {
                self.tag(it).verb.is_none()
                    && !matches!(self.noun(it), Some(Noun::Preposition | Noun::Join))
                    && !matches!(self.words.at(it), "if" | "whether" | "safe")
            })
    }

    fn head(&self) -> Option<Head> {
        let count = self.words.len();
        let all = 0..count;
        // `list_delete_item`: the verb behind `list` makes it a thing
        let thing = |at: usize| {
            self.words.at(at) == "list"
                // `ListCall` is of calls
                && self.plain(at + 1).is_some_and(|it| !matches!(it.act, Act::Read | Act::Execute))
                && (at + 2 >= count
                    || matches!(self.words.at(at + 2), "item" | "items" | "entry" | "member" | "members"))
        };
        let noun = all.clone().find(|at| self.verb(*at).is_some_and(|it| it.noun));
        // `search_open_issues`
        let adjective =
            |at: usize| noun.is_some_and(|noun| noun < at) && at + 1 < count && ADJECTIVES.contains(&self.words.at(at));
        // `delete_protection_enable`
        let guarded = |at: usize| {
            self.words.at(at + 1) == "protection" && (at + 2..count).any(|later| self.plain(later).is_some())
        };
        let plain = all.clone().find(|at| {
            let other = thing(*at) || self.aside(*at) || adjective(*at) || guarded(*at) || self.checked(*at);
            self.plain(*at).is_some() && !other
        });
        let certain = |at, certainty| self.verb(at).map(|verb| Head { at, verb, certainty });
        if let Some(at) = plain {
            let head = certain(at, Certainty::Verb);
            // `run_delete_query` runs, and deletes; `run_list` lists
            let driver = noun.filter(|noun| *noun < at).and_then(|noun| certain(noun, Certainty::Likely));
            return match (driver, head) {
                (Some(driver), Some(head)) if driver.verb.act == Act::Execute && head.verb.act != Act::Read => {
                    Some(if strictness(driver.verb.act) > strictness(head.verb.act) { driver } else { head })
                }
                (_, head) => head,
            };
        }
        let Some(first) = noun else {
            // `SLACK_REGISTERS_CALL`: a form of the third person that is no plural
            let third = all.clone().find(|at| {
                self.tag(*at).form == Form::Third && self.tag(*at).verb.is_some_and(|it| !it.noun) && at + 1 < count
            })?;
            return (self.noun(third) != Some(Noun::Report)).then(|| self.tag(third).verb).flatten().map(|verb| Head {
                at: third,
                verb,
                certainty: Certainty::Likely,
            });
        };
        let verb = self.verb(first)?;
        let last = count - 1;
        if count == 1 {
            return certain(first, Certainty::Noun);
        }
        // `order_search`, but `run_search`
        let reader = READERS.contains(&self.words.at(last)) && first != last && !self.aside(last);
        // `swap_quote`
        let quoted = verb.act == Act::Pay && first != last && self.verb(last).is_some_and(|it| it.act == Act::Read);
        if quoted || (reader && verb.act != Act::Execute) {
            return certain(last, Certainty::Likely);
        }
        // `build_status`, `order_history`
        if self.tells(first, verb) || (first == last && self.noun(last) == Some(Noun::State)) {
            return None;
        }
        // `zork_order`: behind an unknown word, a thing; `limit_order` says how it is placed
        if first == last && !among(ORDERS, self.words.at(last - 1)) && THINGS.contains(&self.base(first)) {
            return None;
        }
        // `inflation_rate`
        if first == last && among(FIGURES, self.words.at(last)) && (0..last).all(|at| self.names(at)) {
            return None;
        }
        // `app_build`, `test_run`: of several the last, where nothing follows it
        let ends = self.verb(last).filter(|it| it.act == Act::Execute && !matches!(verb.act, Act::Pay | Act::End));
        let at = if ends.is_some() { last } else { first };
        certain(at, if at == last || at <= 1 { Certainty::Likely } else { Certainty::Noun })
    }

    /// What the name says.
    pub(super) fn read(&self) -> Reading {
        let Some(head) = self.head() else { return self.without_verb() };
        let last = self.words.len() - 1;
        // `manage_config_read`: the half of a tool that only reads
        if self.base(head.at) == "manage" && matches!(self.words.at(last), "get" | "read") {
            return Reading {
                act: Act::Read,
                certainty: Certainty::Likely,
                conflict: false,
                verb: "read",
                why: format!("name ends in `{}`", self.words.at(last)),
            };
        }
        let word = self.words.at(head.at);
        let mut out = Reading {
            act: head.verb.act,
            certainty: head.certainty,
            conflict: false,
            verb: self.tag(head.at).base,
            why: format!("name contains `{}`", self.quote(head.at)),
        };
        let count = self.words.len();
        let at_end = head.at + 1 == count;
        // `move_to_trash`: directly behind the verb, a preposition hides nothing
        let mut start = head.at + 1;
        while self.noun(start) == Some(Noun::Preposition) {
            start += 1;
        }
        let (from, to) = if at_end { (0, head.at) } else { (start, self.end_of_object(start)) };
        let pays = (from..to).find(|at| self.payment(*at));
        self.special(head, word, (from, to), pays.is_some(), &mut out);
        if let Some(noun) = pays
            && out.act != Act::Pay
            && matches!(out.act, Act::Write | Act::Alter | Act::Execute)
            && among(if self.words.at(noun) == "subscription" { SUBSCRIBERS } else { MOVERS }, self.base(head.at))
            && (!at_end
                || noun + 1 == head.at
                // `checkout_session_create`
                || (noun + 2 == head.at && matches!(self.words.at(noun + 1), "session" | "intent" | "link")))
        {
            out.act = Act::Pay;
            out.why = format!("name contains `{word}` with `{}`", self.words.at(noun));
        }
        self.later_verbs(head, &mut out);
        out
    }

    /// What the name says as a value of an argument such as `action`.
    pub(super) fn read_value(&self) -> Option<Act> {
        let reading = self.read();
        (reading.certainty > Certainty::Nothing).then_some(reading.act)
    }

    /// Whether the name says that other tools are called: `call_tool`, `tool_execute`.
    pub(super) fn calls_tools(&self) -> bool {
        let calls = |at: usize| {
            matches!(self.base(at), "call" | "execute" | "exec" | "run" | "invoke" | "use" | "dispatch" | "proxy")
                && self.tag(at).form == Form::Base
        };
        let Some(tool) = (0..self.words.len()).find(|at| matches!(self.words.at(*at), "tool" | "tools")) else {
            return false;
        };
        if (0..tool).any(|at| self.plain(at).is_some_and(|it| it.act == Act::Read)) {
            return false;
        }
        let after = self.words.len() == tool + 1 || self.noun(tool + 1) == Some(Noun::Preposition);
        (0..tool)
            .any(|at| calls(at) && !(0..at).any(|it| self.plain(it).is_some_and(|it| it.act == Act::Read)) && after)
            || (calls(tool + 1) && tool + 2 == self.words.len())
    }

    fn base(&self, at: usize) -> &str {
        match self.tag(at).base {
            "" => self.words.at(at),
            base => base,
        }
    }

    /// The verb, with the word that makes it wide: `clear_all`.
    fn quote(&self, at: usize) -> String {
        let wide = matches!(self.words.at(at + 1), "all" | "everything");
        let more = phrase(&self.words, at).map_or(usize::from(wide), |it| it.words.len() - 1);
        self.words.span(at, at + more)
    }

    /// What the verb means with its object.
    fn special(&self, head: Head, word: &str, (from, to): (usize, usize), pays: bool, out: &mut Reading) {
        for case in CASES.iter().filter(|case| case.verb == self.base(head.at)) {
            // `transfer_tokens_from_user`: money stays money
            if pays && !matches!(case.act, Act::Pay | Act::Read) {
                continue;
            }
            let alone = case.objects.contains(&"") && self.words.len() == 1;
            let object = (from..to).find(|at| case.objects.contains(&self.words.at(*at)));
            if alone || object.is_some() {
                if case.act != out.act {
                    out.act = case.act;
                    if let Some(object) = object {
                        out.why = format!("name contains `{word}` with `{}`", self.words.at(object));
                    }
                }
                return;
            }
        }
    }

    /// What verbs behind the first one add: nothing behind one that reads, unless `and` or `or`
    /// stands between them.
    fn later_verbs(&self, head: Head, out: &mut Reading) {
        let count = self.words.len();
        let word = self.words.at(head.at);
        let mut joined = false;
        for at in head.at + 1..count {
            if self.noun(at) == Some(Noun::Join) {
                joined = true;
                continue;
            }
            let removal = self.noun(at) == Some(Noun::Removal);
            let verb = match self.verb(at) {
                Some(verb) => verb,
                None if removal => Verb { act: Act::Delete, noun: true },
                None => {
                    let past = self.tag(at).verb.filter(|_| self.tag(at).form == Form::Past);
                    if out.act == Act::Read && past.is_some_and(|it| critical(it.act)) {
                        out.why = format!("`{word}` reads, so `{}` is what is read", self.words.at(at));
                    }
                    continue;
                }
            };
            let adds = if joined && (!verb.noun || self.noun(at - 1) == Some(Noun::Join)) {
                true
            } else if !critical(verb.act) {
                false
            } else if matches!(out.act, Act::Read | Act::Spare) {
                if !verb.noun || removal {
                    let does = if out.act == Act::Read { "reads" } else { "guards or brings back" };
                    out.why = format!("`{word}` {does}, so `{}` is not what it does", self.words.at(at));
                    out.conflict |= out.act == Act::Read;
                }
                false
            } else if removal {
                (head.verb.act == Act::Execute || among(MOVERS, self.base(head.at)))
                    && !matches!(self.noun(at + 1), Some(Noun::Guard | Noun::Report))
            } else {
                !verb.noun
                    // `import_cancel`, but not `send_password_reset`
                    && (verb.act != Act::End
                        || head.verb.act == Act::Execute
                        || (at + 1 == count && self.base(at) != "reset"))
                    && self.noun(at + 1) != Some(Noun::Guard)
                    && self.words.at(at - 1) != "auto"
            };
            if adds && strictness(verb.act) > strictness(out.act) {
                out.act = verb.act;
                out.why = format!("name contains `{word}` and `{}`", self.words.at(at));
            }
        }
    }

    fn without_verb(&self) -> Reading {
        if let Some(at) = self.reports() {
            return Reading {
                act: Act::Read,
                certainty: Certainty::Noun,
                conflict: false,
                verb: "",
                why: format!("name has no verb, and `{}` is read", self.words.at(at)),
            };
        }
        let removal = |at: &usize| self.noun(*at) == Some(Noun::Removal) && self.noun(at + 1) != Some(Noun::Guard);
        if let Some(at) = (0..self.words.len()).find(removal) {
            return Reading {
                act: Act::Delete,
                certainty: Certainty::Noun,
                conflict: false,
                verb: "",
                why: format!("name contains `{}`", self.words.at(at)),
            };
        }
        Reading {
            act: Act::Execute,
            certainty: Certainty::Nothing,
            conflict: false,
            verb: "",
            why: "nothing in the name says what it does".to_owned(),
        }
    }
}
