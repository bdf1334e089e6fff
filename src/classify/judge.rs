//! Weighing the evidence: the name first, then what makes it stricter.

use crate::catalog::Category;

use super::{
    Class, Confidence, Facts,
    description::Description,
    name::{Certainty, Name, Reading},
    schema::Schema,
    signals::signals,
    tokens::Words,
    words::{Act, critical, strictness},
};

/// The most words of an argument's name that are looked at.
const MAX_PARAM_WORDS: usize = 8;

/// Verbs that fetch with whatever they are given: code makes them run it.
const FETCHERS: &[&str] = &["fetch", "get", "load", "query", "retrieve", "search"];

/// Verbs that hand over what they are given: a command makes them run it.
const SENDERS: &[&str] = &["post", "send", "submit"];

/// Verbs of which an amount of money does not say that it moves.
const KEEPERS: &[&str] = &["configure", "edit", "mark", "modify", "move", "rename", "set", "update"];

/// What is known so far.
struct Verdict {
    act: Act,
    certainty: Certainty,
    verb: &'static str,
    confidence: Confidence,
    why: Vec<String>,
}

impl Verdict {
    fn from(reading: Reading) -> Self {
        let confidence = match reading.certainty {
            Certainty::Verb => Confidence::VERB,
            Certainty::Likely => Confidence::LIKELY,
            Certainty::Noun => Confidence::NOUN,
            Certainty::Nothing => Confidence::DEFAULT,
        };
        let confidence = if reading.conflict { confidence.contradicted() } else { confidence };
        Self { act: reading.act, certainty: reading.certainty, verb: reading.verb, confidence, why: vec![reading.why] }
    }

    /// Whether the name says what the tool does.
    fn clear(&self) -> bool {
        self.certainty >= Certainty::Likely
    }

    /// Chooses, for a name that says nothing.
    fn choose(&mut self, act: Act, confidence: Confidence, why: String) {
        self.act = act;
        self.confidence = confidence;
        if self.certainty == Certainty::Nothing {
            self.why.clear();
        }
        self.why.push(why);
    }

    /// Makes it stricter.
    fn raise(&mut self, act: Act, why: String) -> bool {
        if strictness(act) <= strictness(self.act) {
            return false;
        }
        if category(act) != category(self.act) {
            let against = self.clear();
            self.confidence = if against { Confidence::SAID } else { self.confidence.max(Confidence::SAID) };
            self.why.push(why);
        }
        self.act = act;
        true
    }

    /// Notes that other evidence says the same.
    fn agree(&mut self) {
        self.confidence = match self.certainty {
            Certainty::Verb => Confidence::AGREED,
            Certainty::Likely => Confidence::VERB,
            _ => self.confidence.max(Confidence::SAID),
        };
    }
}

/// The category of an act.
const fn category(act: Act) -> Category {
    match act {
        Act::Read => Category::Read,
        Act::Write | Act::Spare | Act::Alter => Category::Write,
        Act::Execute => Category::Execute,
        Act::Pay => Category::Financial,
        Act::End | Act::Delete => Category::Destructive,
    }
}

/// The class that the facts speak for.
pub(super) fn judge(facts: &Facts<'_>) -> Class {
    let name = Name::of(facts.name);
    let words: Vec<Words> = facts.params.iter().map(|it| Words::of(&it.name, MAX_PARAM_WORDS)).collect();
    let schema = Schema::of(facts.params, &words);
    let mut verdict = Verdict::from(name.read());
    title(facts, &mut verdict);
    let description = facts.description.map(Description::of).unwrap_or_default();
    said(&description, &mut verdict);
    let dispatch = dispatches(&name, &schema);
    arguments(&name, &schema, dispatch, &mut verdict);
    let loses = loses(&description, &schema, &mut verdict);
    let category = hinted(facts, loses, &mut verdict);
    if critical(verdict.act) && schema.nothing_required && name.words().has("all") {
        verdict.why.push("no argument must narrow it".to_owned());
    }
    Class {
        category,
        risk: category.risk(),
        signals: signals(name.words(), facts.params, &words, dispatch),
        confidence: verdict.confidence,
        why: verdict.why.join("; "),
    }
}

/// A title is read as a name is, and counts where the name says less.
fn title(facts: &Facts<'_>, verdict: &mut Verdict) {
    let Some(title) = facts.title else { return };
    let reading = Name::of(title).read();
    if reading.certainty < Certainty::Likely {
        return;
    }
    let why = || reading.why.replacen("name", "title", 1);
    if category(reading.act) == category(verdict.act) && verdict.certainty > Certainty::Nothing {
        verdict.agree();
    } else if !verdict.clear() && !critical(verdict.act) {
        let firm = category(reading.act) != Category::Read;
        verdict.choose(reading.act, if firm { Confidence::SAID } else { Confidence::NOUN }, why());
        verdict.certainty = Certainty::Noun;
    } else if reading.certainty == Certainty::Verb
        && reading.verb != verdict.verb
        && matches!(reading.act, Act::Delete | Act::Pay)
    {
        verdict.raise(reading.act, why());
    }
}

/// What the description says that the tool does.
fn said(description: &Description, verdict: &mut Verdict) {
    let Some(said) = &description.said else { return };
    let why = || format!("description says `{}`", said.quote);
    if category(said.act) == category(verdict.act) {
        verdict.agree();
    } else if verdict.clear() || critical(verdict.act) {
        let vague = verdict.act == Act::Alter && said.plain && critical(said.act);
        if said.overrules() || vague {
            verdict.raise(said.act, why());
        }
    } else if verdict.act == Act::Read && said.act == Act::Execute {
        // "run a query" says of `query` no more than its name does
    } else {
        // a server's own word is not enough to take a tool for harmless
        let firm = said.plain && category(said.act) != Category::Read;
        verdict.choose(said.act, if firm { Confidence::SAID } else { Confidence::NOUN }, why());
    }
}

/// Whether the tool calls other tools.
fn dispatches(name: &Name, schema: &Schema<'_>) -> bool {
    name.calls_tools() || schema.dispatch.is_some()
}

/// What the arguments add.
fn arguments(name: &Name, schema: &Schema<'_>, dispatch: bool, verdict: &mut Verdict) {
    let reads = verdict.act == Act::Read && verdict.clear();
    let verb = |list: &[&str]| list.iter().any(|it| name.words().has(it));
    if dispatch {
        let why = match schema.dispatch {
            Some(param) => format!("calls the tool that `{param}` names"),
            None => "calls other tools".to_owned(),
        };
        if reads {
            verdict.confidence = verdict.confidence.contradicted();
        } else if verdict.certainty == Certainty::Nothing && category(verdict.act) == Category::Execute {
            verdict.choose(Act::Execute, Confidence::SAID, why);
        } else if !verdict.raise(Act::Execute, why) {
            verdict.agree();
        }
    }
    if let Some(choice) = schema.critical_choice() {
        if reads {
            // a filter, in what only reads
            verdict.confidence = verdict.confidence.contradicted();
        } else {
            verdict.raise(choice.act, format!("argument `{}` may be `{}`", choice.param, choice.value));
        }
    } else if let Some(choice) = &schema.choice
        && verdict.certainty == Certainty::Nothing
        && verdict.confidence == Confidence::DEFAULT
    {
        verdict.choose(choice.act, Confidence::SAID, format!("argument `{}` may be `{}`", choice.param, choice.value));
    }
    if schema.http && !reads {
        verdict.raise(Act::Execute, "an argument chooses the method of a request".to_owned());
    }
    if let Some(code) = schema.code.filter(|it| schema.dispatch != Some(*it)) {
        if category(verdict.act) == Category::Execute {
            verdict.agree();
        } else if !verdict.clear() || (reads && verb(FETCHERS)) || (verdict.act == Act::Write && verb(SENDERS)) {
            verdict.raise(Act::Execute, format!("argument `{code}` is run"));
        }
    }
    if let Some(money) = schema.money
        && !reads
        && !verb(KEEPERS)
    {
        if verdict.act == Act::Pay {
            verdict.agree();
        } else if matches!(verdict.act, Act::Write | Act::Execute) {
            verdict.raise(Act::Pay, format!("argument `{money}` moves money"));
        }
    }
    if verdict.confidence == Confidence::DEFAULT
        && let Some(paging) = schema.paging
    {
        verdict.choose(Act::Read, Confidence::NOUN, format!("argument `{paging}` pages through what is found"));
    }
}

/// Whether the tool may lose something: by its verb, by its description or by a flag.
fn loses(description: &Description, schema: &Schema<'_>, verdict: &mut Verdict) -> bool {
    if category(verdict.act) == Category::Read || critical(verdict.act) {
        return false;
    }
    let vague = verdict.act == Act::Alter;
    let overwrites = description.for_good.is_some_and(|it| it.starts_with("overwrite"));
    if let Some(word) = description.for_good.filter(|_| vague && !overwrites) {
        verdict.raise(Act::End, format!("description says `{word}`"));
        return false;
    }
    vague || overwrites || schema.flag
}

/// What the hints make stricter. They make nothing milder.
fn hinted(facts: &Facts<'_>, loses: bool, verdict: &mut Verdict) -> Category {
    if facts.hints.destructive == Some(true) && loses {
        verdict.raise(Act::End, "the server's hint `destructiveHint` makes it stricter".to_owned());
    }
    if facts.hints.read_only == Some(false) && verdict.act == Act::Read {
        verdict.raise(Act::Write, "the server's hint `readOnlyHint` makes it stricter".to_owned());
    }
    category(verdict.act)
}
